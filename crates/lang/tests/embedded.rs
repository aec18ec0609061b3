//! `KQL()` and `QSTR()` inside ES|QL: the same conditions as those of a rule in that language, in their places.

mod render;

use ir::{ExprKind, Pipeline, StageKind};
use lang::esql::{self, Params};
use render::render;

fn compile(query: &str) -> Pipeline {
    esql::compile(query, &Params::none()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"))
}

fn condition(text: &str) -> String {
    let pipeline = compile(&format!("FROM logs | WHERE {text}"));
    let StageKind::Filter(condition) = &pipeline.stages[0].kind else { panic!("{text}") };
    condition.to_string()
}

#[test]
fn meaning() {
    for (text, expected) in [
        (r#"KQL("x: 1")"#, r#"(any (== x "1"))"#),
        (r#"kql("""a : "b" and not c:*""")"#, r#"(and (any (== a "b")) (not (known c)))"#),
        (r#"NOT KQL("a:(b or c)") AND d == 1"#, r#"(and (not (any (in a "b" "c"))) (== d 1))"#),
        (r#"KQL("a:\"b\"")"#, r#"(any (== a "b"))"#),
        (r#"QSTR("a:b AND NOT c:/d.*/")"#, r#"(and (any (== a "b")) (not (any (matches c lucene:"d.*"))))"#),
        (r#"KQL("Mary", {"case_insensitive": true, "default_field": "a", "boost": 1.5})"#, r#"(any (==~ a "Mary"))"#),
        (
            r#"QSTR("a:b c:d", {"default_operator": "AND", "lenient": true})"#,
            r#"(and (any (== a "b")) (any (== c "d")))"#,
        ),
    ] {
        assert_eq!(condition(text), expected, "{text}");
    }
}

#[test]
fn a_parameter_stays_a_call() {
    let mut params = Params::none();
    params.push(ir::Literal::String("x: 1".to_owned()));
    let pipeline = esql::compile("FROM logs | WHERE KQL(?)", &params).unwrap();
    let StageKind::Filter(condition) = &pipeline.stages[0].kind else { panic!() };
    assert_eq!(condition.to_string(), "[kql \"x: 1\"]");
}

#[test]
fn every_test_knows_its_place() {
    let query = "FROM logs | WHERE KQL(\"x\\\\: 1 and \\\"y z\\\": \\\"é\\\" and \\tw: v\") OR QSTR(\"\"\"u:\"t s\" OR r:q\"\"\")";
    let pipeline = compile(query);
    let StageKind::Filter(condition) = &pipeline.stages[0].kind else { panic!() };
    let mut places = Vec::new();
    condition.walk(&mut |expr| {
        if matches!(expr.kind, ExprKind::Field(_) | ExprKind::Literal(_)) {
            places.push(expr.span.of(query));
        }
    });
    assert_eq!(places, [r"x\\: 1", r#"\"y z\"#, r#"\"é\"#, "w", "v", "u", r#""t s""#, "r", "q"]);
}

#[test]
fn errors() {
    let report = |query: &str| {
        let errors = esql::compile(query, &Params::none()).expect_err(query);
        format!("{query}\n{}", render(query, &errors))
    };
    snapshot!(
        [
            r#"FROM logs | WHERE KQL("a:b c:d") | LIMIT"#,
            r#"FROM logs | WHERE KQL("a:\"b") AND c == 1"#,
            r#"FROM logs | WHERE QSTR("a:(b OR c")"#,
            r#"FROM logs | WHERE QSTR("a:roam~")"#,
            r#"FROM logs | WHERE KQL("a:b", {"case_insensitve": true})"#,
            r#"FROM logs | WHERE KQL("a:b", {"case_insensitive": 1})"#,
        ]
        .map(report)
        .join("\n")
    );
}
