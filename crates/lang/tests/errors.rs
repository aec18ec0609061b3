//! What is said about queries that are wrong, or right and not supported.

mod render;

use lang::esql::{self, Params};
use render::render;

/// The queries, each followed by what is said about it.
fn report(queries: &[&str]) -> String {
    let report = |query: &&str| match esql::compile(query, &Params::none()) {
        Ok(_) => panic!("no error in {query}"),
        Err(errors) => format!("{query}\n{}", render(query, &errors)),
    };
    queries.iter().map(report).collect::<Vec<_>>().join("\n")
}

#[test]
fn commands() {
    snapshot!(report(&[
        "",
        "   // nothing\n",
        "FORM logs-*",
        "WHERE a == 1",
        "FROM a | FROM b",
        "FROM a | WEHRE b == 1",
        "FROM a | EXPLODE b",
        "FROM a |",
        "FROM a | | LIMIT 1",
        "FROM a WHERE b == 1",
        "FROM a | LIMIT 1;",
        "FROM a | LIMIT 1 KEEP b",
    ]));
}

#[test]
fn every_command_with_an_error_is_reported() {
    snapshot!(report(&[
        "FROM a\n| WHERE b ==\n| EVAL c = 1 +* 2\n| KEEP d e\n| SORT f DOWN\n| LIMIT ten",
        "FROM a | WHERE (b == 1 | KEEP c d",
    ]));
}

#[test]
fn known_and_unsupported() {
    snapshot!(report(&[
        "FROM a | FORK (WHERE b == 1 | LIMIT 2) (WHERE b == 2) | LIMIT 1",
        "FROM a | CHANGE_POINT x ON y",
        "SHOW INFO",
        "TS metrics | STATS max(rate(x))",
        "FROM a, (FROM b | LIMIT 1)",
        "FROM a | WHERE b IN (FROM c | KEEP d)",
        "FROM remote:a",
        "FROM \"remote:a\"",
        "FROM <logs-{now/d}>",
        "FROM a::failures",
        "SET time_zone = \"+05:00\"; FROM a",
        "SET approximation = true; FROM a",
        "FROM a | LOOKUP JOIN t ON b == c",
        "FROM a | LOOKUP t ON b",
    ]));
}

#[test]
fn expressions() {
    snapshot!(report(&[
        "FROM a | WHERE b = 1",
        "FROM a | WHERE b =~ \"x\"",
        "FROM a | WHERE b == 'x'",
        "FROM a | WHERE b && c",
        "FROM a | WHERE !b",
        "FROM a | WHERE b == c == d",
        "FROM a | WHERE (b == 1 OR c == 2",
        "FROM a | WHERE (b == 1 OR (c == 2) AND d == 3",
        "FROM a | WHERE b == 1)",
        "FROM a | WHERE b IN 1, 2",
        "FROM a | WHERE b IN ()",
        "FROM a | WHERE b LIKE c",
        "FROM a | WHERE b NOT 1",
        "FROM a | WHERE b IS 1",
        "FROM a | WHERE b == NOT c",
        "FROM a | WHERE first == 1",
        "FROM a | WHERE b.1 == 1",
        "FROM a | WHERE lower(b) : \"x\"",
        "FROM a | WHERE b-c.d == 1 AND größe > 1",
        "FROM a | EVAL b = length(c",
        "FROM a | EVAL b = length(c d)",
        "FROM a | EVAL b = c::nubmer",
        "FROM a | EVAL b = c::int4",
        "FROM a | EVAL b = concat(\n  c,\n  d\n| LIMIT 1",
    ]));
}

#[test]
fn literals() {
    snapshot!(report(&[
        r#"FROM a | WHERE b == "x"#,
        r#"FROM a | WHERE b LIKE "C:\Windows\*""#,
        "FROM a | WHERE b == \"\"\"x\n\"\"\"",
        "FROM a | WHERE `b == 1",
        "FROM a | WHERE b == /* c",
        "FROM a | WHERE b == 1e999",
        "FROM a | EVAL b = 3 dys",
        "FROM a | WHERE b > 1 c < 2",
        "FROM a | EVAL b = 99999999999999999999 days",
        "ROW a = [1, \"x\"]",
        "ROW a = [1, [2]]",
        "ROW a = []",
        "ROW a = ?x, b = ?, c = ?0",
    ]));
}

#[test]
fn clauses() {
    snapshot!(report(&[
        "FROM a [METADATA _id]",
        "FROM a METADATA",
        "FROM",
        "FROM a,",
        "FROM \"a,,b\"",
        "FROM a | LIMIT 1.5",
        "FROM a | LIMIT -1",
        "FROM a | LIMIT \"1\"",
        "FROM a | SAMPLE 1",
        "FROM a | SORT b NULLS",
        "FROM a | KEEP b-c",
        "FROM a | DROP *",
        "FROM a | RENAME b* AS c",
        "FROM a | RENAME b c",
        "FROM a | KEEP b*.`c*`",
        "FROM a | DISSECT b c",
        "FROM a | GROK b",
        "FROM a | ENRICH p ON b WITH",
        "FROM a | ENRICH _all:p",
        "FROM a | STATS b WHERE c == 1",
        "FROM a | STATS COUNT(*) BY",
        "FROM a | MV_EXPAND b, c",
        "FROM a | LOOKUP JOIN t",
        "FROM employees | WHERE [staff].[name] == \"x\"",
    ]));
}

#[test]
fn limits() {
    let deep = format!("ROW a = {}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let chain = format!("ROW a = 1{}", " + 1".repeat(10_000));
    let signs = format!("ROW a = {}b", "-".repeat(10_000));
    let casts = format!("ROW a = 1{}", "::int".repeat(10_000));
    let calls = format!("ROW a = {}", "f(".repeat(10_000));
    let nots = format!("ROW a = {}b", "NOT ".repeat(10_000));
    let commands = format!("FROM a{}", " | LIMIT 1".repeat(501));
    let long = format!("FROM a // {}", "x".repeat(esql::MAX_LENGTH));
    for query in [chain, casts, commands, long, signs, nots, deep, calls] {
        let errors = esql::compile(&query, &Params::none()).unwrap_err();
        assert_eq!(errors[0].code, ir::codes::TOO_LARGE, "{}", &query[..40]);
        assert_eq!(errors.len(), 1);
    }
}

#[test]
fn the_deepest_allowed_query_goes_through_every_stage() {
    let depth = esql::MAX_DEPTH - 2;
    for query in [
        format!("ROW a = {}1{}", "f(".repeat(depth), ")".repeat(depth)),
        format!("ROW a = {}b", "NOT ".repeat(depth)),
        format!("ROW a = 1{}", " + 1".repeat(depth)),
        format!("ROW a = b{}", " AND b OR b".repeat(20_000)),
    ] {
        let query = esql::parse(&query).unwrap();
        esql::lower(&query, &Params::none()).unwrap();
        assert!(esql::parse(&esql::print(&query)).is_ok());
    }
}

#[test]
fn a_long_line_of_strings_takes_linear_time() {
    let query = format!("FROM a | WHERE {}", "\"a\" ".repeat(240_000));
    let start = std::time::Instant::now();
    assert_eq!(esql::parse(&query).unwrap_err().len(), 1);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
