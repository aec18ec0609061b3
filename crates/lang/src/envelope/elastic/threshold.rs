//! `[rule.threshold]`: groups of events that are many, or in which a field has many different values.

use super::Reader;
use crate::envelope::toml_file::Table;
use ir::{
    Aggregate, Assignment, Case, CompareOp, Expr, ExprKind, Literal, Pipeline, Source, Span, Spanned, Stage, StageKind,
    UnknownFields,
};

/// Names of the computed columns, which no field of an event has.
const COUNT: &str = "threshold.count";
const KNOWN: &str = "threshold.known";
const CARDINALITY: &str = "threshold.cardinality";

impl Reader<'_> {
    pub fn threshold(&mut self, table: Table<'_>, condition: Option<Expr>) -> Option<Pipeline> {
        self.required_value(table, "threshold")?;
        let threshold = self.table(table, "threshold")?;
        let fields = self.one_or_more(threshold, "field");
        let least = self.count(threshold, "value")?;
        let mut aggregates = vec![computed(COUNT, "count", None, least.span)];
        let mut tests = vec![at_least(COUNT, &least)];
        // Events without one of the fields are in no group; a group that has counted a value has it.
        for field in &fields {
            let name = format!("{KNOWN}.{}", field.value);
            tests.push(at_least(&name, &Spanned { value: 1, span: field.span }));
            aggregates.push(computed(&name, "count", Some(field.clone()), field.span));
        }
        for cardinality in self.tables(threshold, "cardinality") {
            let field = self.one_or_more(cardinality, "field").into_iter().next();
            let least = self.count(cardinality, "value")?;
            let name = format!("{CARDINALITY}.{}", field.as_ref().map_or("", |field| &field.value));
            tests.push(at_least(&name, &least));
            aggregates.push(computed(&name, "count_distinct", field, least.span));
        }
        let condition = condition?;
        let (first, span) = (condition.span, threshold.span);
        let mut stages = vec![Stage { kind: StageKind::Filter(condition), span: first }];
        let by = fields.iter().map(|field| Assignment { name: field.clone(), expr: column(&field.value, field.span) });
        let aggregate = Aggregate { aggregates, by: by.collect(), inline: false };
        stages.push(Stage { kind: StageKind::Aggregate(aggregate), span });
        stages.push(Stage { kind: StageKind::Filter(Expr::new(ExprKind::And(tests), span)), span });
        Some(Pipeline { source: Source::LogSources, stages, unknown_fields: UnknownFields::Null })
    }
}

fn column(name: &str, span: Span) -> Expr {
    Expr::new(ExprKind::Field(name.to_owned()), span)
}

fn computed(name: &str, function: &str, of: Option<Spanned<String>>, span: Span) -> Assignment {
    let arg = of.map_or(Expr::new(ExprKind::Star, span), |field| column(&field.value, field.span));
    let function = Spanned { value: function.to_owned(), span };
    let expr = Expr::new(ExprKind::Call { function, args: vec![arg], filter: None }, span);
    Assignment { name: Spanned { value: name.to_owned(), span }, expr }
}

fn at_least(name: &str, least: &Spanned<i64>) -> Expr {
    let literal = i32::try_from(least.value).map_or(Literal::Long(least.value), Literal::Integer);
    let kind = ExprKind::Compare {
        op: CompareOp::GreaterOrEqual,
        left: Box::new(column(name, least.span)),
        right: Box::new(Expr::new(ExprKind::Literal(literal), least.span)),
        case: Case::Sensitive,
    };
    Expr::new(kind, least.span)
}
