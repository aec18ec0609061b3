//! kuery: what it means, what is said where it cannot be read, and that printing keeps it.

mod render;
mod shape;

use ir::{CompareOp, Span, codes};
use lang::Origin;
use lang::dialect::kuery::{self, ast::*};
use proptest::collection::vec;
use proptest::prelude::*;
use render::render;
use shape::shape;

fn condition(query: &str) -> String {
    let lowered = kuery::compile_in(query, &Origin::default());
    lowered.unwrap_or_else(|errors| panic!("{query}: {errors:?}")).to_string()
}

#[test]
fn meaning() {
    for (query, expected) in [
        ("", "true"),
        ("* : *", "true"),
        ("*", "true"),
        ("a:b", r#"(any (== a "b"))"#),
        ("a : \"b c\"", r#"(any (== a "b c"))"#),
        ("a: b c", r#"(any (== a "b c"))"#),
        ("a:b and c:d or not e:f", r#"(or (and (any (== a "b")) (any (== c "d"))) (not (any (== e "f"))))"#),
        ("a:b AND (c:d OR e:f)", r#"(and (any (== a "b")) (or (any (== c "d")) (any (== e "f"))))"#),
        ("not(a:b)", r#"(not (any (== a "b")))"#),
        ("a:(b or c d or \"e\")", r#"(any (in a "b" "c d" "e"))"#),
        ("a:(b or c*)", r#"(or (any (== a "b")) (any (matches a wildcard:"c*")))"#),
        ("a:(b and not c)", r#"(and (any (== a "b")) (not (any (== a "c"))))"#),
        ("a:(b and (c or d))", r#"(and (any (== a "b")) (any (in a "c" "d")))"#),
        ("a:(not (b or c))", r#"(not (any (in a "b" "c")))"#),
        ("a:*", "(known a)"),
        ("not a:*", "(not (known a))"),
        ("a:(b or *)", r#"(or (any (== a "b")) (known a))"#),
        ("a.*:b", r#"(any (== a.* "b"))"#),
        ("*:b", r#"(any (text <event> "b"))"#),
        ("a:b*c", r#"(any (matches a wildcard:"b*c"))"#),
        ("a:\"b*\"", r#"(any (== a "b*"))"#),
        (r"a:b\*c", r#"(any (== a "b*c"))"#),
        (r"a:b?\\*", r#"(any (matches a wildcard:"b\\?\\\\*"))"#),
        (r"a:C\:\\Windows\\*.exe", r#"(any (matches a wildcard:"C:\\\\Windows\\\\*.exe"))"#),
        (r#"a:"C:\\x \"y\" \d""#, r#"(any (== a "C:\\x \"y\" \\d"))"#),
        (r"a:\and and b:\not", r#"(and (any (== a "and")) (any (== b "not")))"#),
        (r"a:\notepad", r#"(any (== a "\notepad"))"#),
        (r"a:\u0041\tb", r#"(any (== a "A\tb"))"#),
        ("a:true and b:\"true\"", r#"(and (any (== a true)) (any (== b "true")))"#),
        ("a:4625", r#"(any (== a "4625"))"#),
        ("a > 5 and b<=1.5 and c >= now-1d", "(and (any (> a 5)) (any (<= b 1.5)) (any (>= c (- [now] 1 days))))"),
        ("a >= \"2024-01-01\"", r#"(any (>= a "2024-01-01"))"#),
        ("a:{b:c and d:{e > 1}}", r#"(any-of a (and (any (== a.b "c")) (any-of a.d (any (> a.d.e 1)))))"#),
        ("cannot", r#"(any (text <event> "cannot"))"#),
        (
            "two words and \"a phrase\"",
            "(and (any (text <event> \"two words\")) (any (matches <event> term/Whole~:\"a phrase\")))",
        ),
        ("w*", r#"(any (matches <event> wildcard:"w*"))"#),
        ("\"a b\":c", r#"(any (== a b "c"))"#),
        ("a:b\u{a0}and\u{3000}c:d", r#"(and (any (== a "b")) (any (== c "d")))"#),
    ] {
        assert_eq!(condition(query), expected, "{query}");
    }
}

#[test]
fn options() {
    let query = kuery::parse("Mary and a:(B or c*)").unwrap();
    let options = kuery::Options { case: ir::Case::Insensitive, default_field: Some("name".to_owned()) };
    let expected = r#"(and (any (==~ name "Mary")) (or (any (==~ a "B")) (any (matches a wildcard~:"c*"))))"#;
    assert_eq!(kuery::lower(&query, &options).to_string(), expected);
}

#[test]
fn errors() {
    let report = |query: &str| {
        let errors = kuery::parse(query).expect_err(query);
        format!("{query}\n{}", render(query, &errors))
    };
    snapshot!(
        [
            "process.name == \"cmd.exe\"",
            "process.name:cmd.exe event.type:start",
            "process.name:(cmd.exe powershell.exe) or",
            "process.name:(\"cmd.exe\" \"powershell.exe\")",
            "process.name:(cmd.exe or",
            "process.name:cmd.exe and (event.type:start",
            "process.name:cmd.exe)",
            "file.path:C:\\\\Windows",
            "file.path:C\\:\\Windows\\x",
            "file.path:\"C:\\\\Windows",
            "file.path:",
            "file.path:{Users",
            "user.name:or",
            "user.name:not root",
            "not not user.name:root",
            "source.port > and b:c",
            "a:b\n  and c:d\n  e:f",
            "a:b and and c:d",
        ]
        .map(report)
        .join("\n")
    );
}

#[test]
fn hostile_queries_are_refused_in_time() {
    for (query, code) in [
        ("(".repeat(10_000), codes::TOO_LARGE),
        (format!("a:{}", "(".repeat(10_000)), codes::TOO_LARGE),
        ("a:{".repeat(10_000), codes::TOO_LARGE),
        ("not ".repeat(10_000), codes::SYNTAX),
        ("\"".to_owned(), codes::SYNTAX),
        ("x".repeat(kuery::MAX_LENGTH + 1), codes::TOO_LARGE),
        ("\\".repeat(99_999), codes::SYNTAX),
    ] {
        let errors = kuery::parse(&query).expect_err("an error");
        assert_eq!(errors[0].code, code);
    }
    let long = vec!["a:(b or c*)"; 20_000].join(" or ");
    assert!(kuery::parse(&long).is_ok());
}

const NOWHERE: Span = Span { file: 0, start: 0, end: 0 };

fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        4 => "[a-z.]{1,6}",
        2 => "[a-z:*()\\\\\"{}<>\t\r\n \u{a0}\u{3000}é]{1,6}",
        1 => prop::sample::select(vec!["and", "or", "NOT", "a or b", " not", "not ", "a\not", "true", "\\u0041"]).prop_map(str::to_owned),
    ];
    let unquoted = (vec(text.clone(), 0..3), any::<(bool, bool)>()).prop_map(|(texts, (before, after))| {
        let mut pieces = if before || texts.is_empty() { vec![Piece::Any] } else { Vec::new() };
        for (position, text) in texts.into_iter().enumerate() {
            if position > 0 {
                pieces.push(Piece::Any);
            }
            pieces.push(Piece::Text(text));
        }
        pieces.extend(after.then_some(Piece::Any));
        ValueKind::Unquoted(pieces)
    });
    prop_oneof![unquoted, text.prop_map(ValueKind::Quoted)].prop_map(|kind| Value { kind, span: NOWHERE })
}

fn values() -> impl Strategy<Value = Values> {
    let of = |kind| Values { kind, span: NOWHERE };
    let one = value().prop_map(move |value| of(ValuesKind::One(value)));
    one.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(move |values| of(ValuesKind::Or(values))),
            vec(inner.clone(), 2..4).prop_map(move |values| of(ValuesKind::And(values))),
            inner.prop_map(move |values| of(ValuesKind::Not(Box::new(values)))),
        ]
    })
}

fn node() -> impl Strategy<Value = Node> {
    let of = |kind| Node { kind, span: NOWHERE };
    let op = prop::sample::select(vec![
        CompareOp::Less,
        CompareOp::LessOrEqual,
        CompareOp::Greater,
        CompareOp::GreaterOrEqual,
    ]);
    let anywhere = value().prop_map(|value| NodeKind::Test {
        field: None,
        values: Values { kind: ValuesKind::One(value), span: NOWHERE },
    });
    let leaf = prop_oneof![
        4 => (value(), values()).prop_map(|(field, values)| NodeKind::Test { field: Some(field), values }),
        1 => anywhere,
        1 => (value(), op, value()).prop_map(|(field, op, value)| NodeKind::Range { field, op, value }),
    ];
    leaf.prop_map(of).prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(move |nodes| of(NodeKind::Or(nodes))),
            vec(inner.clone(), 2..4).prop_map(move |nodes| of(NodeKind::And(nodes))),
            inner.clone().prop_map(move |node| of(NodeKind::Not(Box::new(node)))),
            (value(), inner).prop_map(move |(field, node)| of(NodeKind::Nested { field, condition: Box::new(node) })),
        ]
    })
}

proptest! {
    #[test]
    fn printing_keeps_the_query(condition in node()) {
        let query = Query { condition: Some(condition), span: NOWHERE };
        let printed = kuery::print(&query);
        let again = kuery::parse(&printed).map_err(|errors| TestCaseError::fail(format!("{printed}: {errors:?}")))?;
        prop_assert_eq!(shape(&query), shape(&again), "{}", printed);
    }

    #[test]
    fn any_text_is_a_query_or_an_error_in_it(text in "[a-z:()\"\\\\*{}<> é]{0,24}") {
        match kuery::parse(&text) {
            Ok(query) => prop_assert!(kuery::parse(&kuery::print(&query)).is_ok(), "{}", kuery::print(&query)),
            Err(errors) => {
                let span = errors[0].span.unwrap_or_default();
                let inside = text.get(span.start as usize..span.end as usize).is_some();
                prop_assert!(inside, "{:?}", errors);
            }
        }
    }
}
