//! What is said about Kusto queries that are wrong, or right and not supported.

mod render;

use lang::Origin;
use lang::dialect::kusto;
use render::render;

/// Everything that is said about a query.
fn diagnostics(query: &str) -> Vec<ir::Diagnostic> {
    let (script, mut errors) = kusto::read(query, &Origin::default());
    errors.extend(kusto::lower(&script).map(|meaning| meaning.diagnostics).unwrap_or_default());
    errors
}

/// The queries, each followed by what is said about it.
fn report(queries: &[&str]) -> String {
    let report = |query: &&str| {
        let found = diagnostics(query);
        assert!(!found.is_empty(), "no error in {query}");
        format!("{query}\n{}", render(query, &found))
    };
    queries.iter().map(report).collect::<Vec<_>>().join("\n")
}

#[test]
fn operators() {
    snapshot!(report(&[
        "",
        "// nothing",
        "T | wehre a == 1",
        "T | Where a == 1",
        "T | frobnicate a",
        "T |",
        "T | | take 1",
        "T\nwhere a == 1",
        "T | where a == 1 take 5",
        "T | summarize",
        "T | sort a",
        "T | join kind=sideways (U) on a",
        "T | join (U) on a == b",
        "T | project a b",
        "T | parse a with",
        "T | top 5 of a",
        "T | where a = 1",
        "let x 5; T",
        "let f = (a: string) { }; f(\"x\")",
        "datatable(a: string, b: long)[\"x\"]",
        "5 + 5",
    ]));
}

#[test]
fn every_operator_with_an_error_is_reported() {
    snapshot!(report(&[
        "let a = 1 +;\nT\n| where b ==\n| extend c = 1 +* 2\n| project d e\n| take (5",
        "T | where (a == 1 | project c d",
    ]));
}

#[test]
fn expressions() {
    snapshot!(report(&[
        "T | where a && b",
        "T | where !a",
        "T | where a == b == c",
        "T | where a AND b",
        "T | where (a == 1 or b == 2",
        "T | where a in 1",
        "T | where by == 1",
        "T | where a == \u{201c}x\u{201d}",
        "T | where strlne(a) > 5",
        "T | where mine(a) > 5",
        "T | where strlen(a, b) > 5",
        "T | where count() > 5",
        "T | summarize strlen(a, b) by c",
        "let t = U | take 1; T | where a == t",
        "let f = () { 1 }; T | where a == f",
        "let f = (x: long) { x }; T | where a == f()",
        "T | where a in (U | project b) or c == 1",
    ]));
}

#[test]
fn literals() {
    snapshot!(report(&[
        "T | where a == \"x",
        "T | where a == ```x",
        r#"T | where a == "C:\Windows\System32""#,
        "T | where a == 99999999999999999999",
        "T | where a == 1e999",
        "T | where a == long(x)",
        "T | where a == datetime(2024-01-01",
        "T | where a in (dynamic([\"x\", y]))",
        "T | where a > timespan(soon)",
    ]));
}

#[test]
fn known_and_unsupported() {
    snapshot!(report(&[
        "T | evaluate bag_unpack(a)",
        "T | scan with (step s: a == 1;)",
        "T | graph-match (a)-[b]->(c) where a.x == 1 | take 1",
        "T | mv-expand a, b",
        "T | where a > toscalar(U | count)",
        "externaldata(a: string)[h@\"https://example.org/x.csv\"] with (format=\"csv\")",
        "_GetWatchlist(\"vips\") | project SearchKey",
        "_Im_Dns(mystery=5)",
        "set notruncation; T",
        "alias database d = cluster('c'); T",
        "declare pattern p(5; T",
    ]));
}

#[test]
fn limits() {
    let deep = format!("print {}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let tables = format!("{}T{}", "(".repeat(10_000), ")".repeat(10_000));
    let joins = format!("T{}", " | join (U".repeat(10_000));
    let chain = format!("print 1{}", " + 1".repeat(10_000));
    let signs = format!("print {}b", "-(".repeat(10_000));
    let members = format!("print a{}", ".b".repeat(10_000));
    let calls = format!("print {}", "f(".repeat(10_000));
    let json = format!("print dynamic({})", "[".repeat(10_000));
    let braces = format!("let f = (){}", "{ let g = () ".repeat(10_000));
    let operators = format!("T{}", " | take 1".repeat(501));
    let statements = "let a = 1;".repeat(501);
    let long = format!("T // {}", "x".repeat(kusto::MAX_LENGTH));
    for query in [deep, tables, joins, chain, signs, members, calls, json, braces, operators, statements, long] {
        let errors = kusto::parse(&query).unwrap_err();
        assert_eq!(errors[0].code, ir::codes::TOO_LARGE, "{}", &query[..40]);
    }
}

#[test]
fn what_is_allowed_goes_through_every_stage() {
    let depth = kusto::MAX_DEPTH / 2 - 2;
    let definitions: String = (1..400).map(|n| format!("let x{n} = x{};", n - 1)).collect();
    for query in [
        format!("print {}1{}", "abs(".repeat(depth), ")".repeat(depth)),
        format!("print 1{}", " + 1".repeat(kusto::MAX_DEPTH - 4)),
        format!("T | where a{}", " and b or c".repeat(20_000)),
        format!("T | where a in ({})", "\"x\", ".repeat(50_000)),
        format!("datatable(a: long)[{}]", "1, ".repeat(100_000)),
        format!("let x0 = 5; {definitions} T | where a == x399"),
        "T | extend a = 1".to_owned() + &", a = a".repeat(5_000),
        format!("T{}", " | fork (take 1) (take 2)".repeat(20)),
        "let f = () { f() }; f()".to_owned(),
    ] {
        let script = kusto::parse(&query).unwrap_or_else(|errors| panic!("{}: {errors:?}", &query[..40]));
        assert!(kusto::lower(&script).is_some());
        assert!(kusto::parse(&kusto::print(&script)).is_ok());
    }
}

#[test]
fn a_long_line_of_strings_takes_linear_time() {
    let query = format!("T | where {}", "\"a\", ".repeat(300_000));
    let start = std::time::Instant::now();
    assert!(!diagnostics(&query).is_empty());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
