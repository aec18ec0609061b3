//! EQL: what it means, what is said where it cannot be read, and that printing keeps it.

mod render;
mod shape;

use ir::{BinaryOp, Body, CompareOp, Literal, Span, Spanned, StageKind, codes};
use lang::Origin;
use lang::dialect::eql;
use lang::dialect::eql::ast::{
    Body as QueryBody, EventFilter, Expr, ExprKind, LikeOp, Pipe, Query, Sequence, Step, TimeSpan, TimeUnit,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use render::render;
use shape::shape;
use std::time::Duration;

fn compile(query: &str) -> Body {
    let lowered = eql::compile_in(query, &Origin::default(), &eql::Options::default());
    let (body, losses) = lowered.unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    assert_eq!(losses, [], "{query}");
    body
}

fn condition(text: &str) -> String {
    match compile(&format!("any where {text}")) {
        Body::Match(condition) => condition.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn tests_of_fields() {
    for (text, expected) in [
        ("true", "true"),
        ("a == \"x\"", r#"(any (== a "x"))"#),
        ("a != \"x\"", r#"(not (any (== a "x")))"#),
        ("\"x\" == a", r#"(any (== a "x"))"#),
        ("a == \"x*\"", r#"(any (== a "x*"))"#),
        ("?a.b == 1", "(any (== a.b 1))"),
        ("`a-b`.`c``d` == -1", "(any (== a-b.c`d -1))"),
        ("a == null or b != null", "(or (null a) (known b))"),
        ("a and not b", "(and (any (== a true)) (not (any (== b true))))"),
        ("a == true", "(any (== a true))"),
        ("a > 5 and 5.5 <= b", "(and (> a 5) (>= b 5.5))"),
        ("a : \"x\"", r#"(any (==~ a "x"))"#),
        ("a : \"x*\"", r#"(any (matches a wildcard~:"x*"))"#),
        ("a : \"C:\\\\*\"", r#"(any (matches a wildcard~:"C:\\\\*"))"#),
        ("a : (\"x\", \"y\")", r#"(any (in~ a "x" "y"))"#),
        ("a : (\"x\", \"y?\")", r#"(or (any (==~ a "x")) (any (matches a wildcard~:"y?")))"#),
        ("a like \"x*\"", r#"(any (matches a wildcard:"x*"))"#),
        ("a like~ (\"x*\", \"y\")", r#"(any (matches a wildcard~:"x*" equals~:"y"))"#),
        ("a regex \"x.*\"", r#"(any (matches a lucene:"x.*"))"#),
        ("a regex~ (\"x\", \"\"\"\\d\"\"\")", r#"(any (matches a lucene~:"x" lucene~:"\\d"))"#),
        ("a in (\"x\", 1)", r#"(any (in a "x" 1))"#),
        ("a in~ (\"x\", \"y\")", r#"(any (in~ a "x" "y"))"#),
        ("a not in (\"x\")", r#"(not (any (in a "x")))"#),
        ("not a in (\"x\")", r#"(not (any (in a "x")))"#),
        ("not a : \"x\" and b == 1", r#"(and (not (any (==~ a "x"))) (any (== b 1)))"#),
        ("a == 1 or b == 2 and c == 3", "(or (any (== a 1)) (and (any (== b 2)) (any (== c 3))))"),
        ("(a == 1 or b == 2) and c == 3", "(and (or (any (== a 1)) (any (== b 2))) (any (== c 3)))"),
        ("a == b", "(== a b)"),
        ("a + 1 * 2 - b == 5", "(== (- (+ a (* 1 2)) b) 5)"),
        ("-a % 2 == 1", "(== (% (neg a) 2) 1)"),
        ("a == \"\\t\\\\\\\"\\u{e9}\\u{0000200f}\"", "(any (== a \"\\t\\\\\\\"é\\u{200f}\"))"),
        ("a == \"\"\"C:\\x\"y\"\"\"", r#"(any (== a "C:\\x\"y"))"#),
        ("a /* x /* y */ */ == // z\n 1", "(any (== a 1))"),
    ] {
        assert_eq!(condition(text), expected, "{text}");
    }
}

#[test]
fn functions() {
    for (text, expected) in [
        ("startsWith(a, \"x\")", r#"(any (matches a starts:"x"))"#),
        ("startswith~(a, \"x\")", r#"(any (matches a starts~:"x"))"#),
        ("endsWith~(a, \"x\") == false", r#"(not (any (matches a ends~:"x")))"#),
        ("stringContains(a, \"x\") != true", r#"(not (any (matches a contains:"x")))"#),
        ("cidrMatch(a, \"10.0.0.0/8\", \"::1/128\")", r#"(any (matches a cidr:"10.0.0.0/8" cidr:"::1/128"))"#),
        ("not cidrmatch(a, \"10.0.0.0/8\")", r#"(not (any (matches a cidr:"10.0.0.0/8")))"#),
        ("endsWith(a, b)", "[ends_with a b]"),
        ("stringContains~(a, b)", "[contains [to_lower a] [to_lower b]]"),
        ("stringContains(string(a), \"x\")", r#"(matches [to_string a] contains:"x")"#),
        ("length(a) > 5", "(> [length a] 5)"),
        ("substring(a, -4) == \".exe\"", r#"(== [slice a -4] ".exe")"#),
        (
            "substring(a, 0, 3) : (\"abc\", \"d*\")",
            r#"(or (==~ [slice a 0 3] "abc") (matches [slice a 0 3] wildcard~:"d*"))"#,
        ),
        ("indexOf(a, \"x\", 2) == 3", r#"(== [index_of a "x" 2] 3)"#),
        ("indexOf~(a, \"X\", 2) == 3", r#"(== [index_of [to_lower a] [to_lower "X"] 2] 3)"#),
        ("between(a, \"x\", \"y\", true) == \"\"", r#"(== [between a "x" "y" true] "")"#),
        ("between~(a, \"x\", \"y\") == \"\"", r#"(== [between_any_case a "x" "y"] "")"#),
        ("concat(a, \":\", 5) == \"x:5\"", r#"(== [concat [to_string a] ":" [to_string 5]] "x:5")"#),
        ("number(a, 16) == 255", "(== [number a 16] 255)"),
        ("add(a, 1) == 2 and subtract(a, 1) == 2", "(and (== (+ a 1) 2) (== (- a 1) 2))"),
        (
            "multiply(a, 1) == 2 or divide(a, 1) == 2 or modulo(a, 1) == 2",
            "(or (== (* a 1) 2) (== (/ a 1) 2) (== (% a 1) 2))",
        ),
    ] {
        assert_eq!(condition(text), expected, "{text}");
    }
}

#[test]
fn the_word_before_where_is_a_test() {
    for (query, expected) in [
        ("process where a == 1", r#"(and (any (== event.category "process")) (any (== a 1)))"#),
        (
            "process where a == 1 and b == 2",
            r#"(and (any (== event.category "process")) (any (== a 1)) (any (== b 2)))"#,
        ),
        (
            "process where a == 1 or b == 2",
            r#"(and (any (== event.category "process")) (or (any (== a 1)) (any (== b 2))))"#,
        ),
        ("\"my event\" where true", r#"(any (== event.category "my event"))"#),
    ] {
        let Body::Match(condition) = compile(query) else { panic!("{query}") };
        assert_eq!(condition.to_string(), expected, "{query}");
        let mut fields = Vec::new();
        condition.walk(&mut |expr| {
            if matches!(&expr.kind, ir::ExprKind::Field(name) if name == "event.category") {
                fields.push(expr.span.of(query).trim_matches('"').to_owned());
            }
        });
        assert_eq!(fields, [query.split(" where").next().unwrap().trim_matches('"')]);
    }
    let options = eql::Options { event_category_field: "event.type".to_owned(), ..Default::default() };
    let (body, _) = eql::compile_in("start where true", &Origin::default(), &options).unwrap();
    let Body::Match(condition) = body else { panic!() };
    assert_eq!(condition.to_string(), r#"(any (== event.type "start"))"#);
}

fn sequence(query: &str) -> ir::Sequence {
    match compile(query) {
        Body::Sequence(sequence) => sequence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn sequences() {
    let found = sequence(
        "sequence by host.id, ?user.id with maxspan=90s\n  [process where true] by a with runs=3\n  ![file where b == 1] by ?c\n  \
         [any where true] by d\nuntil [process where e] by f",
    );
    assert_eq!(found.order, ir::SequenceOrder::InTime);
    assert_eq!(found.max_span, Some(Duration::from_secs(90)));
    let steps: Vec<_> = found
        .steps
        .iter()
        .chain(&found.until)
        .map(|step| {
            let keys: Vec<_> =
                step.keys.iter().map(|key| format!("{}{}", if key.optional { "?" } else { "" }, key.value)).collect();
            (keys.join(" "), step.runs, step.missing)
        })
        .collect();
    let expected = [
        ("host.id ?user.id a", 3, false),
        ("host.id ?user.id ?c", 1, true),
        ("host.id ?user.id d", 1, false),
        ("host.id ?user.id f", 1, false),
    ];
    assert_eq!(steps, expected.map(|(keys, runs, missing)| (keys.to_owned(), runs, missing)));
    let sample = sequence("sample by a [x where true] [y where true]");
    assert_eq!((sample.order, sample.max_span, sample.steps.len()), (ir::SequenceOrder::Any, None, 2));
    for (text, length) in [("500ms", 500), ("1s", 1000), ("2m", 120_000), ("1h", 3_600_000), ("1d", 86_400_000)] {
        let found = sequence(&format!("sequence with maxspan={text} [a where true] [b where true]"));
        assert_eq!(found.max_span, Some(Duration::from_millis(length)), "{text}");
    }
}

#[test]
fn pipes() {
    let Body::Pipeline(pipeline) = compile("process where a == 1 | tail 5 | head 2") else { panic!() };
    let stages: Vec<_> = pipeline
        .stages
        .iter()
        .map(|stage| match &stage.kind {
            StageKind::Filter(condition) => condition.to_string(),
            StageKind::Sort(keys) => format!("sort {}{}", keys[0].expr, if keys[0].descending { " down" } else { "" }),
            StageKind::Limit { count, .. } => format!("limit {count}"),
            other => panic!("{other:?}"),
        })
        .collect();
    let filter = r#"(and (any (== event.category "process")) (any (== a 1)))"#;
    let expected = [filter, "sort @timestamp", "sort @timestamp down", "limit 5", "sort @timestamp", "limit 2"];
    assert_eq!(stages, expected);
    let (_, losses) = eql::compile_in(
        "sequence [a where true] [b where true] | tail 1",
        &Origin::default(),
        &eql::Options::default(),
    )
    .unwrap();
    assert_eq!(losses[0].level, ir::Level::Loss);
}

#[test]
fn errors() {
    let report = |query: &str| {
        let errors = eql::compile_in(query, &Origin::default(), &eql::Options::default()).expect_err(query);
        format!("{query}\n{}", render(query, &errors))
    };
    snapshot!(
        [
            "",
            "process",
            "process where",
            "process.name == \"cmd.exe\"",
            "process where process.name = \"cmd.exe\"",
            "process where process.name == 'cmd.exe'",
            "process where process.name == ?\"cmd.exe\"",
            "process where process.name == \"C:\\Windows\"",
            "process where process.name == \"cmd.exe",
            "process where process.name : \"cmd.exe\" AND true",
            "process where process.name : \"cmd.exe\" && true",
            "process where process.name : \"cmd.exe\" || true",
            "process where !process.name",
            "process where process.name : process.parent.name",
            "process where process.name like (cmd.exe)",
            "process where process.name not : \"cmd.exe\"",
            "process where process.name in \"cmd.exe\"",
            "process where a < b < c",
            "process where (a == 1 or b == 2",
            "process where event.sequence == 1",
            "process where user-name == \"x\"",
            "process where args[0] == \"x\"",
            "process where child of [process where true]",
            "process where length(a)",
            "process where lenght(a) > 1",
            "process where length(a, b) > 1",
            "process where length~(a) > 1",
            "process where wildcard(a, \"x*\")",
            "process where a regex 5",
            "process where \"x\"",
            "process where -\"x\" == a",
            "join [a where true] [b where true]",
            "sequence by a",
            "sequence with maxspan=5 [a where true] [b where true]",
            "sequence with maxspan=5m by a [a where true] [b where true]",
            "sequence [a where true] with runs=2 by b [b where true]",
            "sequence [a where true] with runs=0 [b where true]",
            "sequence [a where true] by x [b where true]",
            "sequence [a where true] ![b where true]",
            "sequence with maxspan=1m ![a where true]",
            "sequence [a where true [b where true]",
            "sample [a where true] [b where true]",
            "sample by a with maxspan=1m [a where true] [b where true]",
            "process where true | unique a",
            "process where true | head",
            "process where true | haed 5",
            "process where /* open",
            "process where a == 99999999999999999999",
        ]
        .map(report)
        .join("\n")
    );
}

#[test]
fn hostile_queries_are_refused_in_time() {
    for (query, code) in [
        (format!("any where {}", "(".repeat(10_000)), codes::TOO_LARGE),
        (format!("any where {}", "not ".repeat(10_000)), codes::TOO_LARGE),
        (format!("any where {}a", "-".repeat(10_000)), codes::TOO_LARGE),
        (format!("any where {}", "f(".repeat(10_000)), codes::TOO_LARGE),
        (format!("any where 1{} == 1", " + 1".repeat(10_000)), codes::TOO_LARGE),
        (format!("sequence {}", "[any where true]".repeat(10_000)), codes::TOO_LARGE),
        (format!("any where true {}", "| head 1".repeat(10_000)), codes::TOO_LARGE),
        (format!("any where a.{}", "/*".repeat(10_000)), codes::SYNTAX),
        ("x".repeat(eql::MAX_LENGTH + 1), codes::TOO_LARGE),
    ] {
        assert_eq!(eql::parse(&query).expect_err("an error")[0].code, code, "{}", &query[..20]);
    }
    let long = format!("any where {}", vec!["a : (\"b\", \"c*\")"; 20_000].join(" or "));
    assert!(eql::parse(&long).is_ok());
}

const NOWHERE: Span = Span { file: 0, start: 0, end: 0 };

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned { value, span: NOWHERE }
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: NOWHERE }
}

fn literal() -> impl Strategy<Value = Literal> {
    let text = prop_oneof!["[a-z*?:. ]{0,8}", "[\\\\\"\t\n\r\u{8}\u{c}`'é|/*]{0,6}"];
    prop_oneof![
        1 => Just(Literal::Null),
        1 => any::<bool>().prop_map(Literal::Boolean),
        1 => (0..=i32::MAX).prop_map(Literal::Integer),
        1 => (i64::from(i32::MAX) + 1..=i64::MAX).prop_map(Literal::Long),
        1 => (0.0..1e30).prop_map(Literal::Double),
        4 => text.prop_map(Literal::String),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-z0-9_]{2,5}",
        1 => "@[a-z]{1,4}",
        1 => "[a-z `*.\"é0-9-]{1,6}",
        1 => prop::sample::select(vec!["and", "by", "null", "of", "where", "sequence"]).prop_map(str::to_owned),
    ]
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let field = (vec(name(), 1..4), any::<bool>()).prop_map(|(parts, optional)| ExprKind::Field { parts, optional });
    let leaf = prop_oneof![1 => literal().prop_map(ExprKind::Literal), 2 => field].prop_map(expr);
    leaf.prop_recursive(4, 32, 4, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let arithmetic = prop::sample::select(vec![
            BinaryOp::Add,
            BinaryOp::Subtract,
            BinaryOp::Multiply,
            BinaryOp::Divide,
            BinaryOp::Remainder,
        ]);
        let compare = prop::sample::select(vec![
            CompareOp::Equal,
            CompareOp::NotEqual,
            CompareOp::Less,
            CompareOp::LessOrEqual,
            CompareOp::Greater,
            CompareOp::GreaterOrEqual,
        ]);
        let like = prop::sample::select(vec![
            LikeOp::Colon,
            LikeOp::Like,
            LikeOp::LikeInsensitive,
            LikeOp::Regex,
            LikeOp::RegexInsensitive,
        ]);
        let function = "[a-z][a-zA-Z_]{3,7}".prop_map(spanned);
        prop_oneof![
            one().prop_map(ExprKind::Not),
            one().prop_map(ExprKind::Negate),
            vec(inner.clone(), 2..4).prop_map(ExprKind::And),
            vec(inner.clone(), 2..4).prop_map(ExprKind::Or),
            (arithmetic, one(), one()).prop_map(|(op, left, right)| ExprKind::Arithmetic { op, left, right }),
            (compare, one(), one()).prop_map(|(op, left, right)| ExprKind::Compare { op, left, right }),
            (one(), vec(inner.clone(), 1..4), any::<(bool, bool)>()).prop_map(
                |(value, list, (negated, insensitive))| { ExprKind::In { value, list, negated, insensitive } }
            ),
            (one(), like, vec(literal().prop_map(spanned), 1..4), any::<bool>()).prop_map(
                |(value, op, patterns, list)| {
                    let list = list || patterns.len() > 1;
                    ExprKind::Like { value, op, patterns, list }
                }
            ),
            (function, any::<bool>(), vec(inner.clone(), 0..3))
                .prop_filter("a keyword", |(function, ..)| ![
                    "like", "regex", "sample", "sequence", "join", "null", "true", "false", "until", "where", "with",
                    "maxspan"
                ]
                .contains(&function.value.as_str()))
                .prop_map(|(function, insensitive, args)| ExprKind::Call { function, insensitive, args }),
        ]
        .prop_map(expr)
    })
}

fn event() -> impl Strategy<Value = EventFilter> {
    (option::of(name().prop_map(spanned)), any_expr())
        .prop_map(|(category, condition)| EventFilter { category, condition })
}

fn query() -> impl Strategy<Value = Query> {
    let step = |sample: bool| {
        let runs = option::weighted(0.3, (1u32..=100).prop_map(spanned));
        (any::<bool>(), event(), vec(any_expr(), 0..2), runs).prop_map(move |(missing, filter, by, runs)| Step {
            missing: missing && !sample,
            filter,
            by,
            runs: runs.filter(|_| !sample),
            span: NOWHERE,
        })
    };
    let unit = prop::sample::select(vec![
        TimeUnit::Millisecond,
        TimeUnit::Second,
        TimeUnit::Minute,
        TimeUnit::Hour,
        TimeUnit::Day,
    ]);
    let max_span = option::of((1u32.., unit).prop_map(|(count, unit)| spanned(TimeSpan { count, unit })));
    let sequence =
        (vec(any_expr(), 0..2), max_span, vec(step(false), 1..3), option::of(step(false).prop_map(Box::new)))
            .prop_map(|(by, max_span, steps, until)| Sequence { sample: false, by, max_span, steps, until });
    let sample = (vec(any_expr(), 0..2), vec(step(true), 1..3)).prop_map(|(by, steps)| Sequence {
        sample: true,
        by,
        max_span: None,
        steps,
        until: None,
    });
    let body = prop_oneof![
        event().prop_map(QueryBody::Event),
        sequence.prop_map(QueryBody::Sequence),
        sample.prop_map(QueryBody::Sequence),
    ];
    let pipe = ("[a-z]{5,8}".prop_map(spanned), vec(any_expr(), 0..3)).prop_map(|(name, args)| Pipe {
        name,
        args,
        span: NOWHERE,
    });
    (body, vec(pipe, 0..2)).prop_map(|(body, pipes)| Query { body, pipes, span: NOWHERE })
}

proptest! {
    #[test]
    fn printing_keeps_the_query(query in query()) {
        let printed = eql::print(&query);
        let again = eql::parse(&printed).map_err(|errors| TestCaseError::fail(format!("{printed}: {errors:?}")))?;
        prop_assert_eq!(shape(&query), shape(&again), "{}", printed);
    }
}
