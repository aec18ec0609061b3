//! What Elastic's languages say, as facts: field, operator, value, `-` where it excludes, column.

use catalog::{Polarity, RuleFacts, Value};
use ir::{Body, Rule, Vendor};
use lang::Origin;
use lang::dialect::{eql, kuery, lucene};
use schema::Mappings;

fn facts(body: Body, query: &str) -> Vec<String> {
    let rule = Rule { body: Some(body), ..Rule::unread(Vendor::Elastic, "eql", "test") };
    let facts = RuleFacts::new(rule, "test".into(), &[query], Mappings::built_in());
    facts.predicates.iter().map(shown).collect()
}

fn shown(predicate: &catalog::Predicate) -> String {
    let sign = if predicate.polarity == Polarity::Exclude { "- " } else { "" };
    let value = match &predicate.value {
        Value::None => String::new(),
        Value::One(text) => format!(" {text}"),
        Value::List(elements) => {
            let shown: Vec<_> = elements.iter().map(|element| element.text.as_str()).collect();
            format!(" [{}]", shown.join(", "))
        }
    };
    format!("{sign}{} {}{value} @{}", predicate.field, predicate.op.name(), predicate.at.column)
}

#[test]
fn eql() {
    for (query, expected) in [
        (r#"process where a == "x""#, &["a eq x @20"][..]),
        (r#"any where a != "x" and not b != "y""#, &["- a ne x @16", "b eq y @33"]),
        (r#"any where not a == "x""#, &["- a eq x @20"]),
        (r#"any where a : ("x", "y")"#, &["a in [x, y] @11"]),
        (r#"any where not a : ("x", "y*")"#, &["- a eq x @20", "- a wildcard y* @25"]),
        (r#"any where a not in ("x", "y")"#, &["- a in [x, y] @11"]),
        (r#"any where a like~ ("x*", "y")"#, &["a wildcard x* @20", "a eq y @26"]),
        (r#"any where a : "C:\\x\\*""#, &[r"a wildcard C:\x\* @15"]),
        (r#"any where ?a and b == null"#, &["a eq true @11", "b is_null @18"]),
        (r#"any where startsWith~(a, "x") and 5 < b"#, &["a starts_with x @26", "b gt 5 @35"]),
        (
            r#"any where cidrMatch(a, "10.0.0.0/8", "::1/128")"#,
            &["a cidr_match 10.0.0.0/8 @24", "a cidr_match ::1/128 @38"],
        ),
        (r#"sequence by a [x where b == 1] by d [y where not c : "z"] by d"#, &["b eq 1 @29", "- c eq z @54"]),
    ] {
        let (body, _) = eql::compile_in(query, &Origin::default(), &eql::Options::default())
            .unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
        assert_eq!(facts(body, query), expected, "{query}");
    }
}

#[test]
fn kuery() {
    for (query, expected) in [
        (r#"a: "x" and not b: (y or z)"#, &["a eq x @4", "- b in [y, z] @16"][..]),
        ("a: (x or y*)", &["a eq x @5", "a wildcard y* @10"]),
        ("a: * and not b: *", &["a is_not_null @1", "- b is_not_null @14"]),
        ("a >= 5 and b: true", &["a gte 5 @6", "b eq true @15"]),
        ("a: (x and not y)", &["a eq x @5", "- a eq y @15"]),
    ] {
        let condition =
            kuery::compile_in(query, &Origin::default()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
        assert_eq!(facts(Body::Match(condition), query), expected, "{query}");
    }
}

#[test]
fn lucene() {
    for (query, expected) in [
        (r#"a:"x" AND NOT b:(y OR z)"#, &["a eq x @3", "- b in [y, z] @15"][..]),
        ("a:/x.*/ AND b:[1 TO 5}", &["a regex_match x.* @3", "b gte 1 @16", "b lt 5 @21"]),
        ("_exists_:a AND -b:y*", &["a is_not_null @10", "- b wildcard y* @19"]),
    ] {
        let (condition, _) =
            lucene::compile_in(query, &Origin::default()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
        assert_eq!(facts(Body::Match(condition), query), expected, "{query}");
    }
}
