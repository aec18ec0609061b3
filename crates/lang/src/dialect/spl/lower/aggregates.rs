//! Aggregates of `stats` and its kin.

use super::{Rows, call, spanned};
use crate::dialect::spl::ast::{Aggregate, Argument, ExprKind, Word};
use crate::dialect::spl::functions;
use ir::{Assignment, Diagnostic, Expr, Literal, Spanned, codes};

impl Rows<'_, '_> {
    /// Each aggregate under its name. `values(x*) AS y*` keeps its wildcards: the argument is the field `x*`.
    pub fn aggregates(&mut self, list: &[Aggregate]) -> Vec<Assignment> {
        list.iter()
            .map(|aggregate| {
                let expr = self.aggregate(aggregate);
                Assignment { name: column(aggregate), expr }
            })
            .collect()
    }

    pub fn aggregate(&mut self, aggregate: &Aggregate) -> Expr {
        let (function, span) = (&aggregate.function, aggregate.span);
        let Some(name) = functions::aggregate(&function.value) else {
            return self.percentile(aggregate);
        };
        let mut filter = None;
        let args = match &aggregate.argument {
            Argument::None => vec![Expr::new(ir::ExprKind::Star, span)],
            Argument::Field(word) => vec![super::field(word)],
            // A count of a condition counts the rows for which it is true.
            Argument::Eval(expr) if name == "count" && is_condition(&expr.kind) => {
                filter = Some(Box::new(self.eval(expr)));
                vec![Expr::new(ir::ExprKind::Star, span)]
            }
            Argument::Eval(expr) => vec![self.eval(expr)],
            Argument::Verbatim(text) => {
                let message = format!("the argument `{text}` of `{}` is not supported", function.value);
                self.say(Diagnostic::loss(codes::UNSUPPORTED_FUNCTION, message).at(span));
                vec![Expr::new(ir::ExprKind::Unread, span)]
            }
        };
        let function = Spanned { value: name.to_owned(), span: function.span };
        Expr::new(ir::ExprKind::Call { function, args, filter }, span)
    }

    fn percentile(&mut self, aggregate: &Aggregate) -> Expr {
        let (function, span) = (&aggregate.function, aggregate.span);
        let Some(percentage) = functions::percentile(&function.value) else {
            self.say(functions::unknown_aggregate(function));
            return Expr::new(ir::ExprKind::Unread, span);
        };
        let value = match &aggregate.argument {
            Argument::Field(word) => super::field(word),
            Argument::Eval(expr) => self.eval(expr),
            Argument::None | Argument::Verbatim(_) => {
                let message = format!("`{}` takes a field", function.value);
                self.say(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(span));
                Expr::new(ir::ExprKind::Unread, span)
            }
        };
        call("percentile", vec![value, Expr::new(ir::ExprKind::Literal(Literal::Double(percentage)), span)], span)
    }

    /// The fields after BY; `_time` in steps where there is a span.
    pub fn keys(&mut self, by: &[Word], step: Option<&Word>) -> Vec<Assignment> {
        let mut keys: Vec<_> = by
            .iter()
            .map(|word| {
                let value = super::field(word);
                let expr = match step.filter(|_| word.text == "_time") {
                    Some(step) => self.bucket(value, step),
                    None => value,
                };
                Assignment { name: spanned(word), expr }
            })
            .collect();
        keys.dedup_by(|a, b| a.name.value == b.name.value);
        keys
    }

    /// The start of the step that a value lies in.
    pub fn bucket(&mut self, value: Expr, step: &Word) -> Expr {
        let size = super::time_span(&step.text).or_else(|| step.text.parse().ok().map(Literal::Double));
        let Some(size) = size else {
            let message = format!("`{}` is no length of a step such as `10m` or `1h`", step.text);
            self.say(Diagnostic::loss(codes::UNSUPPORTED_COMMAND, message).at(step.span));
            return value;
        };
        let span = value.span;
        call("bucket", vec![value, Expr::new(ir::ExprKind::Literal(size), step.span)], span)
    }
}

/// The name of an aggregate's column: that after AS, or the call as it is written.
fn column(aggregate: &Aggregate) -> Spanned<String> {
    if let Some(name) = &aggregate.name {
        return spanned(name);
    }
    let function = &aggregate.function.value;
    let value = match &aggregate.argument {
        Argument::None => function.clone(),
        Argument::Field(word) => format!("{function}({})", word.text),
        Argument::Eval(expr) => format!("{function}({})", crate::dialect::spl::print::expr(expr)),
        Argument::Verbatim(text) => format!("{function}({text})"),
    };
    Spanned { value, span: aggregate.span }
}

fn is_condition(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Xor(_)
        | ExprKind::Not(_)
        | ExprKind::Compare { .. }
        | ExprKind::Like { .. }
        | ExprKind::In { .. } => true,
        ExprKind::Call { function, .. } => matches!(
            function.value.as_str(),
            "match"
                | "like"
                | "in"
                | "cidrmatch"
                | "searchmatch"
                | "isnull"
                | "isnotnull"
                | "isnum"
                | "isstr"
                | "isint"
        ),
        _ => false,
    }
}
