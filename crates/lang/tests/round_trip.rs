//! A query that is printed and parsed again is the same query.

use ir::{BinaryOp, CompareOp, Literal, Span, Spanned, TimeUnit};
use lang::esql::ast::*;
use lang::esql::commands::{
    dissect, drop, enrich, eval, from, grok, inline_stats, keep, limit, lookup_join, mv_expand, rename, row, sample,
    sort, stats, r#where,
};
use lang::esql::{self};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const NOWHERE: Span = Span { file: 0, start: 0, end: 0 };

fn spanned(value: impl Into<String>) -> Spanned<String> {
    Spanned { value: value.into(), span: NOWHERE }
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: NOWHERE }
}

/// Text with everything that needs an escape, a quote or care.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z*?%{}:. ]{0,8}", "[\\\\\"\t\n\r`'é|/*]{0,6}", Just("//".to_owned()), Just("\"\"\"".to_owned())]
}

fn identifier() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-z0-9_]{0,5}",
        1 => "@[a-z]{1,4}",
        1 => "[a-z `*.\"é0-9-]{1,6}",
        1 => prop::sample::select(vec!["and", "by", "NULL", "first", "where", "metadata", "on", "as", "m"])
            .prop_map(str::to_owned),
    ]
}

fn param(is_name: bool) -> impl Strategy<Value = Param> {
    let which = prop_oneof!["[a-z_][a-z0-9_]{0,3}".prop_map(Which::Named), (1usize..9).prop_map(Which::Position)];
    which.prop_map(move |which| Param { which, is_name, span: NOWHERE })
}

fn name() -> impl Strategy<Value = Name> {
    let part = prop_oneof![9 => identifier().prop_map(NamePart::Plain), 1 => param(true).prop_map(NamePart::Param)];
    vec(part, 1..4).prop_map(|parts| Name { qualifier: None, parts, span: NOWHERE })
}

/// A column name in an expression, where a list cannot be mistaken for a qualified name.
fn column() -> impl Strategy<Value = Name> {
    (name(), option::weighted(0.1, "[a-z]{1,4}")).prop_map(|(mut name, qualifier)| {
        name.qualifier =
            qualifier.filter(|word| !["by", "and", "or", "in", "is", "not"].contains(&word.as_str())).map(spanned);
        name
    })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    // Two texts side by side would be one.
    let pieces = (vec(identifier(), 1..3), any::<bool>(), any::<bool>()).prop_map(|(texts, before, after)| {
        let mut pieces = if before { vec![Piece::Any] } else { Vec::new() };
        for (position, text) in texts.into_iter().enumerate() {
            if position > 0 {
                pieces.push(Piece::Any);
            }
            pieces.push(Piece::Text(text));
        }
        pieces.extend(after.then_some(Piece::Any));
        PatternPart::Pieces(pieces)
    });
    let part = prop_oneof![9 => pieces, 1 => param(true).prop_map(PatternPart::Param)];
    vec(part, 1..3).prop_map(|parts| Pattern { parts, span: NOWHERE })
}

/// In the width that a literal of that value has.
fn number(value: i128) -> Literal {
    if let Ok(value) = i32::try_from(value) {
        Literal::Integer(value)
    } else if let Ok(value) = i64::try_from(value) {
        Literal::Long(value)
    } else {
        Literal::UnsignedLong(u64::try_from(value).unwrap())
    }
}

fn integer() -> impl Strategy<Value = Literal> {
    prop_oneof![
        (-20i128..20).prop_map(number),
        any::<i64>().prop_map(|value| number(value.into())),
        any::<u64>().prop_map(|value| number(value.into())),
    ]
}

fn double() -> impl Strategy<Value = Literal> {
    any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Literal::Double)
}

fn literal() -> impl Strategy<Value = Literal> {
    use TimeUnit::*;
    let units = vec![Millisecond, Second, Minute, Hour, Day, Week, Month, Quarter, Year];
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        integer(),
        double(),
        text().prop_map(Literal::String),
        (-9i64..99, prop::sample::select(units)).prop_map(|(count, unit)| Literal::TimeSpan { count, unit }),
        vec(prop_oneof![integer(), double()], 1..3).prop_map(Literal::List),
        vec(text().prop_map(Literal::String), 1..3).prop_map(Literal::List),
        vec(any::<bool>().prop_map(Literal::Boolean), 1..3).prop_map(Literal::List),
    ]
}

fn constant() -> impl Strategy<Value = Expr> {
    prop_oneof![9 => literal().prop_map(ExprKind::Literal), 1 => param(false).prop_map(ExprKind::Param)].prop_map(expr)
}

fn text_or_param() -> impl Strategy<Value = Text> {
    prop_oneof![9 => text().prop_map(|text| Text::Plain(spanned(text))), 1 => param(false).prop_map(Text::Param)]
}

fn function() -> impl Strategy<Value = FunctionName> {
    let plain = prop_oneof!["[a-z_]{2,8}", Just("FIRST".to_owned())];
    let plain = plain.prop_filter("keyword", |name| !["and", "or", "in", "is", "not", "by"].contains(&name.as_str()));
    let plain = plain.prop_filter("one underscore alone", |name| name.len() > 1);
    prop_oneof![
        9 => plain.prop_map(|name| FunctionName::Plain(spanned(name))),
        1 => param(true).prop_map(FunctionName::Param),
    ]
}

fn expression() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        literal().prop_map(ExprKind::Literal),
        column().prop_map(ExprKind::Name),
        param(false).prop_map(ExprKind::Param),
        function().prop_map(|function| ExprKind::Call {
            function,
            args: Arguments::Star(NOWHERE),
            options: Vec::new()
        }),
        (column(), option::of("[a-z]{2,4}"), constant()).prop_map(|(name, to, query)| {
            let name = expr(ExprKind::Name(name));
            let field = match to {
                Some(to) => expr(ExprKind::Cast { value: Box::new(name), to: spanned(to) }),
                None => name,
            };
            ExprKind::Match { field: Box::new(field), query: Box::new(query) }
        }),
    ];
    leaf.prop_map(expr).prop_recursive(5, 40, 4, |inner| {
        use BinaryOp::*;
        use CompareOp::*;
        let boxed = inner.clone().prop_map(Box::new);
        let arithmetic = prop::sample::select(vec![Add, Subtract, Multiply, Divide, Remainder]);
        let compare = prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]);
        let options = vec((text(), constant()), 0..2);
        prop_oneof![
            boxed.clone().prop_map(ExprKind::Not),
            boxed.clone().prop_map(ExprKind::Negate),
            vec(inner.clone(), 2..4).prop_map(ExprKind::And),
            vec(inner.clone(), 2..4).prop_map(ExprKind::Or),
            (arithmetic, boxed.clone(), boxed.clone()).prop_map(|(op, left, right)| ExprKind::Arithmetic {
                op,
                left,
                right
            }),
            (compare, boxed.clone(), boxed.clone()).prop_map(|(op, left, right)| ExprKind::Compare { op, left, right }),
            (boxed.clone(), vec(inner.clone(), 1..3), any::<bool>()).prop_map(|(value, list, negated)| ExprKind::In {
                value,
                list,
                negated
            }),
            (boxed.clone(), vec(text_or_param(), 1..3), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
                |(value, patterns, list, regex, negated)| {
                    let list = list || patterns.len() > 1;
                    ExprKind::Like { value, patterns, list, regex, negated }
                }
            ),
            (boxed.clone(), any::<bool>()).prop_map(|(value, negated)| ExprKind::IsNull { value, negated }),
            (boxed, "[a-z]{2,6}").prop_map(|(value, to)| ExprKind::Cast { value, to: spanned(to) }),
            (function(), vec(inner, 0..3), options).prop_map(|(function, args, options)| {
                let options = if args.is_empty() { Vec::new() } else { options };
                let options = options.into_iter().map(|(key, value)| (spanned(key), value)).collect();
                ExprKind::Call { function, args: Arguments::List(args), options }
            }),
        ]
        .prop_map(expr)
    })
}

fn field() -> impl Strategy<Value = Field> {
    (option::of(name()), expression()).prop_map(|(name, expr)| {
        let label = name.map_or_else(|| Label::Source(spanned(esql::print_expr(&expr))), Label::Name);
        Field { label, expr }
    })
}

fn source() -> impl Strategy<Value = Source> {
    let index =
        prop_oneof!["-?[a-z][a-z0-9*.-]{0,8}".prop_map(|name| (name, false)), text().prop_map(|name| (name, true))];
    let index = index.prop_map(|(name, quoted)| from::IndexName { name: spanned(name), quoted });
    let pattern = (option::weighted(0.1, "[a-z]{1,4}"), index, option::weighted(0.1, "[a-z]{1,4}")).prop_map(
        |(cluster, index, selector)| {
            let cluster = cluster.filter(|_| !index.quoted).map(spanned);
            from::IndexPattern { cluster, index, selector: selector.map(spanned) }
        },
    );
    prop_oneof![
        (vec(pattern, 1..3), vec("_[a-z]{1,5}", 0..2)).prop_map(|(patterns, metadata)| Source::From(from::From {
            patterns,
            metadata: metadata.into_iter().map(spanned).collect()
        })),
        vec(field(), 1..3).prop_map(|fields| Source::Row(row::Row { fields })),
    ]
}

fn stats() -> impl Strategy<Value = stats::Stats> {
    let aggregate = (field(), option::of(expression())).prop_map(|(mut field, filter)| {
        if let (Label::Source(text), Some(filter)) = (&mut field.label, &filter) {
            text.value = format!("{} WHERE {}", text.value, esql::print_expr(filter));
        }
        stats::Aggregate { field, filter }
    });
    (vec(aggregate, 0..3), vec(field(), 0..3))
        .prop_filter("empty", |(aggregates, by)| !aggregates.is_empty() || !by.is_empty())
        .prop_map(|(aggregates, by)| stats::Stats { aggregates, by })
}

fn command() -> impl Strategy<Value = Command> {
    let key = (expression(), any::<bool>(), option::of(any::<bool>()))
        .prop_map(|(expr, descending, nulls_first)| sort::Key { expr, descending, nulls_first });
    let clause = (name(), name()).prop_map(|(from, to)| rename::Clause { from, to });
    let column = (option::of(name()), name()).prop_map(|(name, column)| enrich::Column { name, column });
    let table = prop_oneof!["[a-z][a-z_-]{0,6}", text()].prop_map(spanned);
    prop_oneof![
        expression().prop_map(|condition| Command::Where(r#where::Where { condition })),
        vec(field(), 1..3).prop_map(|fields| Command::Eval(eval::Eval { fields })),
        vec(pattern(), 1..4).prop_map(|names| Command::Keep(keep::Keep { names })),
        vec(pattern(), 1..4).prop_map(|names| Command::Drop(drop::Drop { names })),
        vec(clause, 1..3).prop_map(|clauses| Command::Rename(rename::Rename { clauses })),
        vec(key, 1..3).prop_map(|keys| Command::Sort(sort::Sort { keys })),
        (constant(), vec(expression(), 0..3)).prop_map(|(count, by)| Command::Limit(limit::Limit { count, by })),
        constant().prop_map(|probability| Command::Sample(sample::Sample { probability })),
        name().prop_map(|name| Command::MvExpand(mv_expand::MvExpand { name })),
        stats().prop_map(Command::Stats),
        stats().prop_map(|stats| Command::InlineStats(inline_stats::InlineStats { stats })),
        (expression(), text_or_param(), option::of(text_or_param())).prop_map(|(input, pattern, append_separator)| {
            Command::Dissect(dissect::Dissect { input, pattern, append_separator })
        }),
        (expression(), vec(text_or_param(), 1..3))
            .prop_map(|(input, patterns)| Command::Grok(grok::Grok { input, patterns })),
        (table.clone(), vec(name(), 1..3))
            .prop_map(|(table, on)| Command::LookupJoin(lookup_join::LookupJoin { table, on })),
        (option::of(Just("_any")), table, option::of(name()), vec(column, 0..3)).prop_map(
            |(mode, policy, on, with)| {
                Command::Enrich(enrich::Enrich { mode: mode.map(spanned), policy, on, with })
            }
        ),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    fn node<T>(kind: T) -> Node<T> {
        Node { kind, span: NOWHERE }
    }
    let setting = ("[a-z_]{2,8}", constant())
        .prop_filter("keyword", |(name, _)| !["by", "or", "in", "is", "and", "not"].contains(&name.as_str()));
    let setting = setting.prop_map(|(name, value)| Setting {
        name: Name { qualifier: None, parts: vec![NamePart::Plain(name)], span: NOWHERE },
        value,
    });
    (vec(setting, 0..2), source().prop_map(node), vec(command().prop_map(node), 0..4))
        .prop_map(|(settings, source, commands)| Query { settings, source, commands })
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
        let printed = esql::print(&query);
        let parsed = esql::parse(&printed).map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{printed}")))?;
        let (before, after) = (shape(&query), shape(&parsed));
        prop_assert!(before == after, "{printed}\n{}", esql::print(&parsed));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z0-9 \"`|()\\[\\]{},.:;=<>!?*/+@_\\\\\n-]{0,60}") {
        let _ = esql::parse(&format!("FROM a | WHERE {text}"));
        let _ = esql::parse(&text);
    }
}
