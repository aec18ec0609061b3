//! Lucene's language: what it means, what is said where it cannot be read, and that printing keeps it.

mod render;
mod shape;

use ir::{Span, Spanned, codes};
use lang::Origin;
use lang::dialect::lucene::{self, ast::*};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use render::render;
use shape::shape;

fn compile(query: &str) -> (String, Vec<ir::Diagnostic>) {
    let lowered = lucene::compile_in(query, &Origin::default());
    let (condition, notes) = lowered.unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    (condition.to_string(), notes)
}

#[test]
fn meaning() {
    for (query, expected) in [
        ("", "true"),
        ("*", "true"),
        ("*:*", "true"),
        ("a:b", r#"(any (== a "b"))"#),
        ("a:\"b c\"", r#"(any (== a "b c"))"#),
        ("a:b AND c:d", r#"(and (any (== a "b")) (any (== c "d")))"#),
        ("a:b && !c:d", r#"(and (any (== a "b")) (not (any (== c "d"))))"#),
        ("a:b || c:d", r#"(or (any (== a "b")) (any (== c "d")))"#),
        ("a:b c:d", r#"(or (any (== a "b")) (any (== c "d")))"#),
        ("+a:b -c:d", r#"(and (any (== a "b")) (not (any (== c "d"))))"#),
        ("NOT a:b", r#"(not (any (== a "b")))"#),
        ("a:b OR NOT c:d", r#"(and (any (== a "b")) (not (any (== c "d"))))"#),
        ("(a:b OR c:d) AND e:f", r#"(and (or (any (== a "b")) (any (== c "d"))) (any (== e "f")))"#),
        ("a:(b OR c)", r#"(any (in a "b" "c"))"#),
        ("a:(b or c)", r#"(any (in a "b" "or" "c"))"#),
        ("a:(b OR c*)", r#"(or (any (== a "b")) (any (matches a wildcard:"c*")))"#),
        ("a:(b AND NOT c)", r#"(and (any (== a "b")) (not (any (== a "c"))))"#),
        ("a:(b OR d:c)", r#"(or (any (== a "b")) (any (== d "c")))"#),
        ("a:b?c*", r#"(any (matches a wildcard:"b?c*"))"#),
        (r"a:C\:\\x\*", r#"(any (== a "C:\\x*"))"#),
        (r"a:C\:\\*", r#"(any (matches a wildcard:"C:\\\\*"))"#),
        ("a:/2[0-9]{3}\\/x/", r#"(any (matches a lucene:"2[0-9]{3}\\/x"))"#),
        ("a:*", "(known a)"),
        ("_exists_:a", "(known a)"),
        ("a:[1 TO 5}", "(and (any (>= a 1)) (any (< a 5)))"),
        ("a:{* TO 5]", "(any (<= a 5))"),
        ("a:[* TO *]", "(known a)"),
        ("a:[\"x y\" TO z]", r#"(and (any (>= a "x y")) (any (<= a "z")))"#),
        ("a:[now-1d TO now]", "(and (any (>= a (- [now] 1 days))) (any (<= a [now])))"),
        ("a:>=10 AND b:<x", r#"(and (any (>= a 10)) (any (< b "x")))"#),
        ("word \"a phrase\"", "(or (any (text <event> \"word\")) (any (matches <event> term/Whole~:\"a phrase\")))"),
        ("a:true", "(any (== a true))"),
        ("book.\\*:x", r#"(any (== book.* "x"))"#),
    ] {
        assert_eq!(compile(query), (expected.to_owned(), Vec::new()), "{query}");
    }
}

#[test]
fn operators_have_no_precedence() {
    let (condition, notes) = compile("a:b OR c:d AND e:f");
    assert_eq!(condition, r#"(and (any (== c "d")) (any (== e "f")))"#);
    assert_eq!(
        notes.iter().map(|note| (note.code, note.level)).collect::<Vec<_>>(),
        [(codes::RELEVANCE_ONLY, ir::Level::Note)]
    );
}

#[test]
fn what_changes_relevance_or_is_not_found_is_said() {
    for (query, expected, code, level) in [
        ("a:b^2", r#"(any (== a "b"))"#, codes::RELEVANCE_ONLY, ir::Level::Note),
        ("a:(b^2 OR c)", r#"(any (in a "b" "c"))"#, codes::RELEVANCE_ONLY, ir::Level::Note),
        ("a:roam~1", r#"(any (== a "roam"))"#, codes::UNSUPPORTED_PATTERN, ir::Level::Loss),
        ("a:\"b c\"~5", r#"(any (== a "b c"))"#, codes::UNSUPPORTED_PATTERN, ir::Level::Loss),
    ] {
        let (condition, notes) = compile(query);
        assert_eq!(condition, expected, "{query}");
        assert_eq!(notes.iter().map(|note| (note.code, note.level)).collect::<Vec<_>>(), [(code, level)], "{query}");
    }
}

#[test]
fn options() {
    let options = lucene::Options { default_field: Some("m".to_owned()), default_and: true };
    let lower = |query| lucene::lower(&lucene::parse(query).unwrap(), &options).0.to_string();
    assert_eq!(lower("a b:c"), r#"(and (any (== m "a")) (any (== b "c")))"#);
    assert_eq!(lower("a OR b"), r#"(any (in m "a" "b"))"#);
}

#[test]
fn errors() {
    let report = |query: &str| {
        let errors = lucene::parse(query).expect_err(query);
        format!("{query}\n{}", render(query, &errors))
    };
    snapshot!(
        [
            "process.name:",
            "process.name:(cmd.exe OR powershell.exe",
            "process.name:cmd.exe)",
            "process.name:cmd.exe AND OR a:b",
            "process.name:\"cmd.exe",
            "file.path:/etc",
            "file.path:C:\\\\Windows",
            "a:[1 5]",
            "a:[1 TO 5",
            "a:[TO 5]",
            "a:b^",
            "a:b ^2",
            "a:b\\",
            "- - a",
        ]
        .map(report)
        .join("\n")
    );
}

#[test]
fn hostile_queries_are_refused_in_time() {
    for (query, code) in [
        ("(".repeat(10_000), codes::TOO_LARGE),
        ("a:(".repeat(10_000), codes::TOO_LARGE),
        ("NOT ".repeat(10_000), codes::SYNTAX),
        ("[".repeat(10_000), codes::SYNTAX),
        ("/".to_owned(), codes::SYNTAX),
        ("x".repeat(lucene::MAX_LENGTH + 1), codes::TOO_LARGE),
    ] {
        assert_eq!(lucene::parse(&query).expect_err("an error")[0].code, code);
    }
    assert!(lucene::parse("a:b^2 OR ".repeat(20_000).trim_end_matches("OR ")).is_ok());
}

const NOWHERE: Span = Span { file: 0, start: 0, end: 0 };

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned { value, span: NOWHERE }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z.]{1,6}",
        2 => "[a-z:*?()\\\\\"{}\\[\\]+!/~^ \t\né&|-]{1,6}",
        1 => prop::sample::select(vec!["AND", "OR", "NOT", "&&", "||", "TO", ">=1"]).prop_map(str::to_owned),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    (0u32..100).prop_map(|tenths| f64::from(tenths) / 2.0)
}

fn operand() -> impl Strategy<Value = Operand> {
    let pieces = (vec(text(), 0..3), any::<(bool, bool)>()).prop_map(|(texts, (before, one))| {
        let wild = if one { Piece::One } else { Piece::Any };
        let mut pieces = if before || texts.is_empty() { vec![wild.clone()] } else { Vec::new() };
        for (position, text) in texts.into_iter().enumerate() {
            if position > 0 {
                pieces.push(wild.clone());
            }
            pieces.push(Piece::Text(text));
        }
        pieces
    });
    let fuzzy = || option::weighted(0.2, option::of(number()).prop_map(|distance| spanned(Fuzzy(distance))));
    let limit = || option::of(text().prop_map(spanned));
    prop_oneof![
        4 => (pieces, fuzzy()).prop_map(|(pieces, fuzzy)| Operand::Term { pieces, fuzzy, span: NOWHERE }),
        2 => (text(), fuzzy()).prop_map(|(text, slop)| Operand::Phrase { text: spanned(text), slop }),
        1 => "([a-z.*\\[\\]]|\\\\/){0,5}".prop_map(|regex| Operand::Regex(spanned(regex))),
        1 => (limit(), limit(), any::<(bool, bool)>()).prop_map(|(low, high, (low_included, high_included))| {
            Operand::Range(Range { low, low_included, high, high_included, span: NOWHERE })
        }),
    ]
}

fn clauses(operand: impl Strategy<Value = Operand>) -> impl Strategy<Value = Query> {
    let conjunction = option::of(prop::sample::select(vec![Conjunction::And, Conjunction::Or]));
    let modifier = option::weighted(0.3, prop::sample::select(vec![Modifier::Required, Modifier::Prohibited]));
    let field = option::of(text().prop_map(spanned));
    let boost = option::weighted(0.2, number().prop_map(spanned));
    let clause =
        (conjunction, modifier, field, operand, boost).prop_map(|(conjunction, modifier, field, operand, boost)| {
            Clause { conjunction, modifier, field, operand, boost, span: NOWHERE }
        });
    vec(clause, 1..4).prop_map(|mut clauses| {
        clauses[0].conjunction = None;
        Query { clauses, span: NOWHERE }
    })
}

fn query() -> impl Strategy<Value = Query> {
    clauses(operand()).prop_recursive(3, 16, 3, |inner| clauses(prop_oneof![operand(), inner.prop_map(Operand::Group)]))
}

proptest! {
    #[test]
    fn printing_keeps_the_query(query in query()) {
        let printed = lucene::print(&query);
        let again = lucene::parse(&printed).map_err(|errors| TestCaseError::fail(format!("{printed}: {errors:?}")))?;
        prop_assert_eq!(shape(&query), shape(&again), "{}", printed);
    }
}
