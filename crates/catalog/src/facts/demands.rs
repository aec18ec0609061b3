//! What every event that a condition can hold for has in certain fields: what tells apart the kinds of events it is for.

use super::columns::shown;
use ir::{Body, CompareOp, Expr, ExprKind, Literal, PatternKind, Pipeline, StageKind};
use std::collections::BTreeMap;

/// For each field the values of which one must be there; wildcards are written with `*`.
pub type Demands = BTreeMap<String, Vec<String>>;

/// The demands on the events of a rule: one set for each of the kinds of events that it combines.
pub fn demands(body: &Body) -> Vec<Demands> {
    match body {
        Body::Match(condition) => vec![of(condition)],
        Body::Pipeline(pipeline) => vec![of_pipeline(pipeline)],
        Body::Sequence(sequence) => sequence.steps.iter().map(|step| of(&step.condition)).collect(),
        Body::NewTerms(terms) => vec![of(&terms.condition)],
        Body::IndicatorMatch(matching) => vec![of(&matching.condition)],
        Body::Correlation(_) | Body::Model(_) => vec![Demands::new()],
    }
}

/// Filters say something of the events as long as rows are events.
fn of_pipeline(pipeline: &Pipeline) -> Demands {
    let before = pipeline.stages.iter().take_while(|stage| !matches!(stage.kind, StageKind::Aggregate(_)));
    let filters = before.filter_map(|stage| match &stage.kind {
        StageKind::Filter(condition) => Some(of(condition)),
        _ => None,
    });
    filters.fold(Demands::new(), both)
}

fn of(expr: &Expr) -> Demands {
    match &expr.kind {
        ExprKind::And(parts) => parts.iter().map(of).fold(Demands::new(), both),
        ExprKind::Or(parts) => parts.iter().map(of).reduce(either).unwrap_or_default(),
        ExprKind::AnyValue(test) => of(test),
        ExprKind::Compare { op: CompareOp::Equal, left, right, .. } => {
            one(left, right).or_else(|| one(right, left)).unwrap_or_default()
        }
        ExprKind::FullText { field, query } => one(field, query).unwrap_or_default(),
        ExprKind::In { value, list, .. } => {
            let values: Option<Vec<String>> = list.iter().map(constant).collect();
            field(value).zip(values).into_iter().collect()
        }
        ExprKind::Matches { value, patterns } => {
            let values: Option<Vec<String>> = patterns.iter().map(|pattern| as_wildcard(&pattern.kind)).collect();
            field(value).zip(values).into_iter().collect()
        }
        _ => Demands::new(),
    }
}

/// Both hold: what either demands. Of two demands on a field, of which several values may be meant, the narrower is kept.
fn both(mut a: Demands, b: Demands) -> Demands {
    for (field, values) in b {
        match a.get(&field) {
            Some(known) if known.len() <= values.len() => {}
            _ => _ = a.insert(field, values),
        }
    }
    a
}

/// One of them holds: only what both demand.
fn either(a: Demands, mut b: Demands) -> Demands {
    let in_both = a.into_iter().filter_map(|(field, mut values)| {
        values.extend(b.remove(&field)?);
        Some((field, values))
    });
    in_both.collect()
}

fn one(value: &Expr, other: &Expr) -> Option<Demands> {
    Some(Demands::from([(field(value)?, vec![constant(other)?])]))
}

fn field(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Field(name) => Some(name.clone()),
        ExprKind::Cast { value, .. } => field(value),
        ExprKind::Call { function, args, .. }
            if matches!(function.value.as_str(), "to_lower" | "to_upper" | "lower" | "upper" | "to_string") =>
        {
            field(args.first()?)
        }
        _ => None,
    }
}

fn constant(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Literal(Literal::Null | Literal::List(_)) => None,
        ExprKind::Literal(literal) => Some(shown(literal)),
        _ => None,
    }
}

fn as_wildcard(pattern: &PatternKind) -> Option<String> {
    Some(match pattern {
        PatternKind::Equals(text) | PatternKind::Wildcard(text) => text.clone(),
        PatternKind::Contains(text) => format!("*{text}*"),
        PatternKind::StartsWith(text) => format!("{text}*"),
        PatternKind::EndsWith(text) => format!("*{text}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lang::esql::{self, Params};

    fn shown(query: &str) -> String {
        let pipeline = esql::compile(query, &Params::none()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
        let demands = of_pipeline(&pipeline);
        demands.iter().map(|(field, values)| format!("{field}={}", values.join("|"))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_what_every_event_needs_is_demanded() {
        for (condition, expected) in [
            (r#"a == "x" AND b IN ("y", "z")"#, "a=x b=y|z"),
            (r#"a == "x" OR a == "y""#, "a=x|y"),
            (r#"a == "x" OR b == "y""#, ""),
            (r#"(a == "x" AND b == "y") OR (a == "z" AND c == "y")"#, "a=x|z"),
            (r#"NOT a == "x""#, ""),
            (r#"a LIKE "x*" AND b > 3"#, "a=x*"),
            (r#"a IN ("x", "y") AND a == "x""#, "a=x"),
        ] {
            assert_eq!(shown(&format!("FROM l | WHERE {condition}")), expected, "{condition}");
        }
        assert_eq!(shown(r#"FROM l | WHERE a == "x" | STATS n = COUNT(*) BY b | WHERE b == "y""#), "a=x");
    }
}
