//! What a condition says, as facts: field, operator, value, `-` where it excludes, line and column.

use catalog::{Polarity, RuleFacts, Value};
use ir::{Body, Rule, Vendor};
use lang::dialect::kusto;
use lang::esql::{self, Params};
use schema::Mappings;

/// The facts of an ES|QL pipeline, one a line.
fn facts(query: &str) -> Vec<String> {
    let pipeline = esql::compile(query, &Params::none()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    let rule = Rule { body: Some(Body::Pipeline(pipeline)), ..Rule::unread(Vendor::Elastic, "esql", "test") };
    let facts = RuleFacts::new(rule, "test".into(), &[query], Mappings::built_in());
    facts.predicates.iter().map(shown).collect()
}

fn shown(predicate: &catalog::Predicate) -> String {
    let sign = if predicate.polarity == Polarity::Exclude { "- " } else { "" };
    let via = predicate.via.as_ref().map_or(String::new(), |via| format!(" via {via}"));
    let value = match &predicate.value {
        Value::None => String::new(),
        Value::One(text) => format!(" {text}"),
        Value::List(elements) => {
            format!(" [{}]", elements.iter().map(|element| element.text.as_str()).collect::<Vec<_>>().join(", "))
        }
    };
    format!("{sign}{} {}{value}{via} @{}", predicate.field, predicate.op.name(), predicate.at)
}

#[test]
fn conditions_give_facts() {
    for (condition, expected) in [
        (r#"a == "x""#, &[r"a eq x @1:21"][..]),
        (r#""x" == a"#, &["a eq x @1:16"]),
        (r#"a != "x""#, &["- a ne x @1:21"]),
        (r#"NOT a != "x""#, &["a eq x @1:25"]),
        (r#"NOT (a == "x" OR b > 3)"#, &["- a eq x @1:26", "- b gt 3 @1:37"]),
        ("5 < a", &["a gt 5 @1:16"]),
        (r#"a IN ("x", "y")"#, &["a in [x, y] @1:16"]),
        (r#"a NOT IN ("x", "y")"#, &["- a in [x, y] @1:16"]),
        (r#"a LIKE ("x*", "?y")"#, &["a wildcard x* @1:24", "a wildcard ?y @1:30"]),
        (r#"a RLIKE "x.*""#, &["a regex_match x.* @1:24"]),
        ("a IS NULL AND b IS NOT NULL", &["a is_null @1:16", "b is_not_null @1:30"]),
        ("a == b", &["a eq_field b @1:21"]),
        (r#"starts_with(a, "x")"#, &["a starts_with x @1:31"]),
        (
            r#"NOT cidr_match(a, "10.0.0.0/8", "::1/128")"#,
            &["- a cidr_match 10.0.0.0/8 @1:34", "- a cidr_match ::1/128 @1:48"],
        ),
        (r#"TO_LOWER(a) == "x""#, &["a eq x @1:31"]),
        (r#"COALESCE(a, "") == "x""#, &["a eq x @1:35"]),
        ("LENGTH(a) > 50", &["a gt 50 via length @1:28"]),
        ("a == true", &["a eq true @1:21"]),
        ("a > NOW() - 1 day", &[]),
    ] {
        assert_eq!(facts(&format!("FROM l | WHERE {condition}")), expected, "{condition}");
    }
}

#[test]
fn columns_lead_back_to_fields() {
    for (stages, expected) in [
        (r#"RENAME a AS b | WHERE b == "x""#, &["a eq x @1:37"][..]),
        (r#"EVAL b = TO_LOWER(a) | WHERE b == "x""#, &["a eq x @1:44"]),
        (r#"EVAL b = a == "x" | WHERE b"#, &["a eq x @1:24"]),
        (r#"EVAL b = a == "x" | WHERE b == false"#, &["- a eq x @1:24"]),
        (r#"EVAL b = CASE(a == "x", 1, c == "y", 2, 3) | WHERE b == 1"#, &["a eq x @1:29"]),
        (
            r#"STATS n = COUNT(*), v = VALUES(b) BY a | WHERE n > 5 AND a == "x" AND v == "z""#,
            &["a eq x @1:72", "b eq z @1:85"],
        ),
        (r#"STATS n = COUNT(*) WHERE a == "x" BY c | WHERE n > 5"#, &["a eq x @1:40"]),
        (r#"STATS n = MAX(a) BY c | WHERE n > 5 AND from_elsewhere == 1"#, &[]),
        (r#"INLINE STATS n = MAX(a) BY c | WHERE n > 5 AND d == 1"#, &["d eq 1 @1:62"]),
        (r#"DISSECT a "%{b}:%{c}" | WHERE b == "x""#, &["a eq x via extract @1:45"]),
        (r#"GROK a "%{IP:b}" | WHERE b == "x""#, &["a eq x via extract @1:40"]),
    ] {
        assert_eq!(facts(&format!("FROM l | {stages}")), expected, "{stages}");
    }
}

#[test]
fn members_of_columns_lead_back_to_fields() {
    for (stages, expected) in [
        (r#"extend x = tostring(parse_json(a.b).c) | where x == "v""#, &["a.b.c eq v @1:57"][..]),
        (r#"mv-apply x = parse_json(a.b) on (where x.Name has "v")"#, &["a.b.Name match v @1:55"]),
        (r#"extend x = split(a, "@")[1] | where x != "v""#, &["- a ne v via kusto_split @1:46"]),
        (r#"extend x = a.b | where tostring(x[0].c) !in ("v", "w")"#, &["- a.b[0].c in [v, w] @1:28"]),
    ] {
        let script = kusto::parse(&format!("T | {stages}")).unwrap();
        let meaning = kusto::lower(&script).unwrap();
        let body = Some(Body::Pipeline(meaning.pipeline));
        let rule = Rule { body, log_sources: meaning.log_sources, ..Rule::unread(Vendor::Kusto, "kusto", "test") };
        let facts = RuleFacts::new(rule, "test".into(), &[&format!("T | {stages}")], Mappings::built_in());
        assert_eq!(facts.predicates.iter().map(shown).collect::<Vec<_>>(), expected, "{stages}");
    }
}
