//! Printing a query and parsing it again gives the same query, for queries that no author would write too.

use ir::{BinaryOp, CompareOp, Literal, Span, Spanned};
use lang::spl;
use lang::spl::ast::{
    Aggregate, Argument, Assignment, Command, Directive, Expr, ExprKind, Node, Query, Renaming, Search, SearchKind,
    Setting, Word,
};
use lang::spl::commands::{
    append, bin, dedup, eval, fields, fillnull, inputlookup, join, lookup, makemv, mvexpand, regex, rename, replace,
    rex, search, sort, stats, tstats, r#where,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const NOWHERE: Span = Span { file: 0, start: 0, end: 0 };

fn spanned(value: impl Into<String>) -> Spanned<String> {
    Spanned { value: value.into(), span: NOWHERE }
}

fn bare(text: String) -> Word {
    Word { text, quoted: false, span: NOWHERE }
}

fn quoted(text: String) -> Word {
    Word { text, quoted: true, span: NOWHERE }
}

/// A name that is a word in every mode and no word of the grammar.
fn name() -> impl Strategy<Value = Word> {
    prop_oneof![
        3 => "[a-z]{3}_[a-z0-9]{1,4}(\\.[a-z]{3}_[a-z])?".prop_map(bare),
        1 => "[a-z *\"'\\\\()|.-]{1,6}".prop_filter("blank", |text| !text.trim().is_empty()).prop_map(quoted),
    ]
}

fn value() -> impl Strategy<Value = Word> {
    prop_oneof![
        "[a-z0-9*]{1,8}(=[a-z*]{1,3})?".prop_map(bare),
        "[a-zA-Z0-9 *\"\\\\|\\[\\](),=`-]{0,10}".prop_map(quoted),
    ]
}

fn comparison() -> impl Strategy<Value = CompareOp> {
    use CompareOp::*;
    prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn condition() -> impl Strategy<Value = Search> {
    let search = |kind| Search { kind, span: NOWHERE };
    let directive = prop::sample::select(vec![Directive::Case, Directive::Term]);
    let leaf = prop_oneof![
        "[b-z]{2,6}[*]?".prop_map(|word| SearchKind::Keyword(bare(word))),
        value().prop_filter("bare", |word| word.quoted).prop_map(SearchKind::Keyword),
        (name(), comparison(), value()).prop_map(|(field, op, value)| SearchKind::Compare { field, op, value }),
        (name(), vec(value(), 1..4)).prop_map(|(field, list)| SearchKind::In { field, list }),
        (option::of(name()), directive, value()).prop_map(|(field, directive, word)| SearchKind::Directive {
            field,
            directive,
            word
        }),
    ];
    leaf.prop_map(search).prop_recursive(4, 24, 3, move |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(SearchKind::And),
            vec(inner.clone(), 2..4).prop_map(SearchKind::Or),
            inner.clone().prop_map(|inner| SearchKind::Not(Box::new(inner))),
            inner.prop_map(|condition| {
                let command = Command::Search(search::Search { condition });
                SearchKind::Subsearch(Query { commands: vec![Node { kind: command, span: NOWHERE }] })
            }),
        ]
        .prop_map(search)
    })
}

fn expression() -> impl Strategy<Value = Expr> {
    let expr = |kind| Expr { kind, span: NOWHERE };
    let leaf = prop_oneof![
        any::<u16>().prop_map(|value| ExprKind::Literal(Literal::Integer(value.into()))),
        (0.0..1e9f64).prop_map(|value| ExprKind::Literal(Literal::Double(value))),
        "[a-z \"'\\\\%`|]{0,6}".prop_map(|text| ExprKind::Literal(Literal::String(text))),
        name().prop_map(ExprKind::Field),
    ];
    leaf.prop_map(expr).prop_recursive(5, 40, 3, move |inner| {
        use BinaryOp::*;
        let boxed = inner.clone().prop_map(Box::new);
        let operator = prop::sample::select(vec![Add, Subtract, Multiply, Divide, Remainder]);
        prop_oneof![
            boxed.clone().prop_map(ExprKind::Not),
            boxed.clone().prop_map(ExprKind::Negate),
            vec(inner.clone(), 2..4).prop_map(ExprKind::And),
            vec(inner.clone(), 2..4).prop_map(ExprKind::Or),
            vec(inner.clone(), 2..4).prop_map(ExprKind::Xor),
            (operator, boxed.clone(), boxed.clone()).prop_map(|(op, left, right)| ExprKind::Arithmetic {
                op,
                left,
                right
            }),
            (boxed.clone(), boxed.clone()).prop_map(|(left, right)| ExprKind::Concat(left, right)),
            (comparison(), boxed.clone(), boxed.clone()).prop_map(|(op, left, right)| ExprKind::Compare {
                op,
                left,
                right
            }),
            (boxed.clone(), boxed.clone()).prop_map(|(value, pattern)| ExprKind::Like { value, pattern }),
            (boxed, vec(inner.clone(), 1..3)).prop_map(|(value, list)| ExprKind::In { value, list }),
            ("[a-z_]{2,6}", vec(inner, 0..3))
                .prop_filter("operator", |(name, _)| !["and", "or", "xor", "not"].contains(&name.as_str()))
                .prop_map(|(name, args)| ExprKind::Call { function: spanned(name), args }),
        ]
        .prop_map(expr)
    })
}

fn aggregate() -> impl Strategy<Value = Aggregate> {
    let argument =
        prop_oneof![Just(Argument::None), name().prop_map(Argument::Field), expression().prop_map(Argument::Eval),];
    let function = prop::sample::select(vec!["count", "values", "dc", "p95"]);
    (function, argument, option::of(name())).prop_map(|(function, argument, name)| Aggregate {
        function: spanned(function),
        argument,
        name,
        span: NOWHERE,
    })
}

fn setting() -> impl Strategy<Value = Setting> {
    ("[a-z]{4,6}", value()).prop_map(|(name, value)| Setting { name: spanned(name), value })
}

fn renaming() -> impl Strategy<Value = Renaming> {
    (name(), option::of(name())).prop_map(|(from, to)| Renaming { from, to })
}

fn assignments() -> impl Strategy<Value = Vec<Assignment>> {
    vec((name(), expression()).prop_map(|(name, expr)| Assignment { name, expr }), 1..3)
}

fn query_of(condition: Search) -> Query {
    let command = Command::Search(search::Search { condition });
    Query { commands: vec![Node { kind: command, span: NOWHERE }] }
}

fn command() -> impl Strategy<Value = Command> {
    let key = (any::<bool>(), name()).prop_map(|(descending, field)| sort::Key { descending, kind: None, field });
    let pair = (value(), value()).prop_map(|(from, to)| replace::Pair { from, to });
    let kind = prop::sample::select(vec!["stats", "eventstats", "streamstats"]);
    let outputs = (any::<bool>(), vec(renaming(), 1..3));
    let outputs = outputs.prop_map(|(keeps, columns)| lookup::Outputs { keeps, columns });
    prop_oneof![
        condition().prop_map(|condition| Command::Search(search::Search { condition })),
        expression().prop_map(|condition| Command::Where(r#where::Where { condition })),
        assignments().prop_map(|assignments| Command::Eval(eval::Eval { assignments })),
        (kind, vec(setting(), 0..2), vec(aggregate(), 1..3), vec(name(), 0..3)).prop_map(
            |(name, settings, aggregates, by)| Command::Stats(stats::Stats { name, settings, aggregates, by })
        ),
        (vec(setting(), 0..2), vec(aggregate(), 1..3), option::of(condition()), vec(name(), 0..3)).prop_map(
            |(settings, aggregates, condition, by)| {
                let from = tstats::From { kind: "datamodel".to_owned(), name: bare("Web.Web".to_owned()) };
                let step = (!by.is_empty()).then(|| bare("10m".to_owned()));
                Command::TStats(tstats::TStats { settings, aggregates, from: Some(from), condition, by, step })
            }
        ),
        vec((name(), name()), 1..3).prop_map(|pairs| {
            let renamings = pairs.into_iter().map(|(from, to)| Renaming { from, to: Some(to) }).collect();
            Command::Rename(rename::Rename { renamings })
        }),
        (any::<bool>(), vec(name(), 1..3)).prop_map(|(removes, fields)| Command::Fields(fields::Fields {
            name: "fields",
            removes,
            fields
        })),
        (vec(setting(), 0..2), value()).prop_map(|(settings, pattern)| {
            let pattern = quoted(pattern.text);
            Command::Rex(rex::Rex { settings, pattern })
        }),
        (name(), any::<bool>(), value()).prop_map(|(field, negated, pattern)| Command::Regex(regex::Regex {
            field: Some(field),
            negated,
            pattern
        })),
        (vec(setting(), 0..2), name(), vec(renaming(), 1..3), option::of(outputs)).prop_map(
            |(settings, table, keys, outputs)| Command::Lookup(lookup::Lookup { settings, table, keys, outputs })
        ),
        (vec(setting(), 0..2), name(), option::of(name())).prop_map(|(settings, field, to)| Command::Bin(bin::Bin {
            name: "bin",
            settings,
            field,
            to
        })),
        (vec(setting(), 0..2), vec(name(), 0..2), condition()).prop_map(|(settings, fields, condition)| {
            Command::Join(join::Join { settings, fields, query: query_of(condition) })
        }),
        (vec(setting(), 0..2), condition()).prop_map(|(settings, condition)| Command::Append(append::Append {
            name: "append",
            settings,
            query: query_of(condition)
        })),
        (vec(setting(), 0..2), vec(name(), 0..3))
            .prop_map(|(settings, fields)| Command::FillNull(fillnull::FillNull { settings, fields })),
        (option::of(1..9u32), vec(name(), 1..3), vec(setting(), 0..2)).prop_map(|(count, fields, settings)| {
            Command::Dedup(dedup::Dedup { count, fields, settings, order: None })
        }),
        (name(), vec(setting(), 0..2))
            .prop_map(|(field, settings)| Command::MvExpand(mvexpand::MvExpand { field, settings })),
        (vec(setting(), 0..2), name())
            .prop_map(|(settings, field)| Command::MakeMv(makemv::MakeMv { settings, field })),
        (option::of(1..99u64), vec(key, 1..3), any::<bool>())
            .prop_map(|(count, keys, reversed)| Command::Sort(sort::Sort { count, keys, reversed })),
        (vec(pair, 1..3), vec(name(), 0..2))
            .prop_map(|(pairs, fields)| Command::Replace(replace::Replace { pairs, fields })),
        (vec(setting(), 0..2), name(), option::of(condition())).prop_map(|(settings, table, condition)| {
            Command::InputLookup(inputlookup::InputLookup { settings, table, condition })
        }),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    vec(command().prop_map(|kind| Node { kind, span: NOWHERE }), 1..4).prop_map(|commands| Query { commands })
}

/// The query without places.
fn shape(query: &Query) -> String {
    let text = format!("{query:#?}");
    text.lines().filter(|line| !line.contains("start: ") && !line.contains("end: ")).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_parsing_keeps_the_query(query in query()) {
        let printed = spl::print(&query);
        let parsed = spl::parse(&printed).map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{printed}")))?;
        let (before, after) = (shape(&query), shape(&parsed));
        prop_assert!(before == after, "{printed}\n{}", spl::print(&parsed));
    }

    #[test]
    fn no_text_makes_the_front_end_panic(text in "[a-z0-9 \"'`|()\\[\\]{},.:;=<>!*/+$_\\\\\n-]{0,80}") {
        let _ = spl::compile(&text, &spl::Macros::default());
        let _ = spl::compile(&format!("a=1 | where {text}"), &spl::Macros::default());
        let _ = spl::compile(&format!("| tstats count {text}"), &spl::Macros::default());
        let _ = spl::compile(&format!("a=1 | stats {text}"), &spl::Macros::default());
    }
}
