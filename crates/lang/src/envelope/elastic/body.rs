//! What a rule looks for: its query in its language, with Kibana's filters, and what its type makes of it.

use super::Reader;
use crate::dialect::{eql, esql, kuery, lucene};
use crate::envelope::toml_file::{Table, origin};
use ir::{
    Body, Diagnostic, Expr, ExprKind, LogSource, LogSourceKind, Model, Pipeline, Rule, Source, Span, Stage, StageKind,
    codes,
};

/// The languages of conditions.
const LANGUAGES: &[&str] = &["kuery", "lucene"];

impl Reader<'_> {
    pub fn body(&mut self, table: Table<'_>, rule: &mut Rule) {
        let Some(kind) = self.required(table, "type") else { return };
        rule.log_sources = self.log_sources(table);
        match kind.as_str() {
            "query" | "saved_query" => {
                rule.language = self.language(table, "language");
                rule.body = self.condition(table, rule.language).map(Body::Match);
            }
            "eql" => {
                rule.language = "eql";
                rule.body = self.eql(table);
            }
            "esql" => {
                rule.language = "esql";
                rule.body = self.esql(table, rule);
            }
            "threshold" => {
                rule.language = self.language(table, "language");
                let condition = self.condition(table, rule.language);
                rule.body = self.threshold(table, condition).map(Body::Pipeline);
            }
            "new_terms" => {
                rule.language = self.language(table, "language");
                let condition = self.condition(table, rule.language);
                rule.body = self.new_terms(table, condition).map(Body::NewTerms);
            }
            "threat_match" => {
                rule.language = self.language(table, "language");
                let condition = self.condition(table, rule.language);
                rule.body = self.indicators(table, condition).map(Body::IndicatorMatch);
            }
            "machine_learning" => {
                rule.language = "machine_learning";
                rule.body = self.model(table).map(Body::Model);
            }
            _ => {
                let span = table.get("type").map_or(table.span, |value| value.span);
                let message = format!("rules of type `{kind}` are not supported");
                self.diagnostics.push(Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, message).at(span).hint(
                    "types are `query`, `eql`, `esql`, `threshold`, `new_terms`, `threat_match` and `machine_learning`",
                ));
            }
        }
    }

    /// The language under a key; what it is not is said where it is not known. kuery where the key is absent.
    pub fn language(&mut self, table: Table<'_>, key: &str) -> &'static str {
        let Some(name) = self.string(table, key) else { return "kuery" };
        LANGUAGES.iter().find(|known| **known == name).copied().unwrap_or_else(|| {
            let span = table.get(key).map_or(table.span, |value| value.span);
            let message = format!("rules of this type in the language `{name}` are not supported");
            self.diagnostics.push(
                Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, message)
                    .at(span)
                    .hint("supported are `kuery` and `lucene`"),
            );
            ""
        })
    }

    /// `query` and `filters`.
    fn condition(&mut self, table: Table<'_>, language: &str) -> Option<Expr> {
        if table.get("query").is_none() && table.get("saved_id").is_some() {
            let span = table.get("saved_id").map_or(table.span, |value| value.span);
            let message = "the query is saved in Kibana, not in the rule";
            self.diagnostics.push(Diagnostic::refusal(codes::EXTERNAL_DATA, message).at(span));
            return None;
        }
        let query = self.condition_of(table, "query", language);
        let filters = self.filters(table, "filters");
        query.map(|query| all_of(query, filters))
    }

    /// The query in kuery or Lucene under a key.
    pub fn condition_of(&mut self, table: Table<'_>, key: &str, language: &str) -> Option<Expr> {
        let query = self.required(table, key)?;
        let origin = origin(self.file, table.get(key).map_or(table.span, |value| value.span), &query);
        let lowered = match language {
            "kuery" => kuery::compile_in(&query, &origin),
            "lucene" => lucene::compile_in(&query, &origin).map(|(condition, notes)| {
                self.diagnostics.extend(notes);
                condition
            }),
            _ => return None,
        };
        self.kept(lowered)
    }

    fn kept<T>(&mut self, lowered: Result<T, Vec<Diagnostic>>) -> Option<T> {
        lowered.map_err(|errors| self.diagnostics.extend(errors)).ok()
    }

    fn eql(&mut self, table: Table<'_>) -> Option<Body> {
        let query = self.required(table, "query")?;
        let origin = origin(self.file, table.get("query").map_or(table.span, |value| value.span), &query);
        let mut options = eql::Options::default();
        if let Some(field) = self.string(table, "event_category_override") {
            options.event_category_field = field;
        }
        if let Some(field) = self.string(table, "timestamp_field") {
            options.timestamp_field = field;
        }
        let filters = self.filters(table, "filters");
        let (mut body, losses) = self.kept(eql::compile_in(&query, &origin, &options))?;
        self.diagnostics.extend(losses);
        match &mut body {
            Body::Match(condition) => add_filters(condition, &filters),
            Body::Pipeline(pipeline) => filter_first(pipeline, &filters),
            Body::Sequence(sequence) => {
                for step in sequence.steps.iter_mut().chain(&mut sequence.until) {
                    add_filters(&mut step.condition, &filters);
                }
            }
            Body::NewTerms(_) | Body::IndicatorMatch(_) | Body::Correlation(_) | Body::Model(_) => {}
        }
        Some(body)
    }

    fn esql(&mut self, table: Table<'_>, rule: &mut Rule) -> Option<Body> {
        let query = self.required(table, "query")?;
        let origin = origin(self.file, table.get("query").map_or(table.span, |value| value.span), &query);
        let filters = self.filters(table, "filters");
        let mut pipeline = self.kept(esql::compile_in(&query, &origin, &esql::Params::none()))?;
        if let Source::Streams { patterns, .. } = &pipeline.source {
            let source = |pattern: &ir::StreamPattern| LogSource {
                kind: LogSourceKind::Index,
                name: format!("{}{}", if pattern.excluded { "-" } else { "" }, pattern.pattern),
                span: pattern.span,
            };
            rule.log_sources = patterns.iter().map(source).collect();
        }
        filter_first(&mut pipeline, &filters);
        Some(Body::Pipeline(pipeline))
    }

    /// `index`: patterns of what to read, and with `-` in front what not to.
    fn log_sources(&mut self, table: Table<'_>) -> Vec<LogSource> {
        if let (Some(view), None) = (table.get("data_view_id"), table.get("index")) {
            let message = "which indices the data view selects is kept in Kibana; the rule reads everything";
            self.diagnostics.push(Diagnostic::loss(codes::EXTERNAL_DATA, message).at(view.span));
        }
        let source = |pattern: ir::Spanned<String>| LogSource {
            kind: LogSourceKind::Index,
            name: pattern.value,
            span: pattern.span,
        };
        self.one_or_more(table, "index").into_iter().map(source).collect()
    }

    fn model(&mut self, table: Table<'_>) -> Option<Model> {
        self.required_value(table, "machine_learning_job_id")?;
        let jobs = self.one_or_more(table, "machine_learning_job_id");
        let threshold = self.count(table, "anomaly_threshold")?;
        match u8::try_from(threshold.value).ok().filter(|&score| score <= 100) {
            Some(score) => Some(Model { jobs, threshold: Some(score) }),
            None => {
                self.envelope("`anomaly_threshold` is a number from 0 to 100", threshold.span);
                None
            }
        }
    }
}

/// The condition and the filters after it.
pub(super) fn all_of(condition: Expr, filters: Vec<Expr>) -> Expr {
    if filters.is_empty() {
        return condition;
    }
    let span = condition.span;
    let mut operands = match condition.kind {
        ExprKind::And(operands) => operands,
        _ => vec![condition],
    };
    operands.extend(filters);
    Expr::new(ExprKind::And(operands), span)
}

fn add_filters(condition: &mut Expr, filters: &[Expr]) {
    let whole = std::mem::replace(condition, Expr::new(ExprKind::Unread, Span::default()));
    *condition = all_of(whole, filters.to_vec());
}

fn filter_first(pipeline: &mut Pipeline, filters: &[Expr]) {
    for filter in filters.iter().rev() {
        pipeline.stages.insert(0, Stage { span: filter.span, kind: StageKind::Filter(filter.clone()) });
    }
}
