//! A query that is printed and parsed again is the same query.

use lang::dialect::kusto;
use proptest::collection::vec;
use proptest::prelude::*;

/// The query without places.
fn shape(script: &kusto::ast::Script) -> String {
    let text = format!("{script:#?}");
    let is_place = |line: &str| ["start: ", "end: ", "file: "].iter().any(|part| line.trim_start().starts_with(part));
    text.lines().filter(|line| !is_place(line)).collect::<Vec<_>>().join("\n")
}

/// One of the words.
fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-d]",
        1 => one_of(&["['a b']", "[\"by\"]", "['x\"y']", "$left", "title", "['kind']", "_x1", "count", "['in']"]),
    ]
}

fn literal() -> impl Strategy<Value = String> {
    one_of(&[
        "1",
        "-5",
        "0x1F",
        "1.5",
        "2e3",
        "1d",
        "2.5h",
        "10ms",
        "true",
        "False",
        "\"x\"",
        "'it\"s'",
        r#""a\\b\n\u00e9""#,
        r"@'C:\x''y'",
        "h\"s\"",
        "```a\"b```",
        "\"a\" 'b'",
        "datetime(2024-01-01 10:00)",
        "guid(1-2)",
        "long(null)",
        "dynamic([1, 'a', {\"k\": null}, 1d])",
        "dynamic({})",
        "typeof(string)",
        "timespan(1.02:03)",
        "real(nan)",
    ])
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![3 => name(), 2 => literal()];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let binary = one_of(&[
            "+",
            "-",
            "*",
            "/",
            "%",
            "==",
            "!=",
            "<>",
            "<",
            ">=",
            "=~",
            "!~",
            "has",
            "!has_cs",
            "hasprefix",
            "contains",
            "!contains_cs",
            "startswith",
            "!endswith",
            "matches regex",
            "and",
            "or",
            "like",
            ":",
        ]);
        let list = one_of(&["in", "!in", "in~", "!in~", "has_any", "has_all"]);
        prop_oneof![
            (inner.clone(), binary, inner.clone()).prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            (inner.clone(), list, vec(inner.clone(), 1..4))
                .prop_map(|(a, op, b)| format!("(({a}) {op} ({}))", b.join(", "))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(({a}) !between (({b}) .. ({a})))")),
            (name(), name()).prop_map(|(a, b)| format!("{a}.{b}")),
            (name(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}].c")),
            (vec(inner.clone(), 0..3)).prop_map(|args| format!("strcat({})", args.join(", "))),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("toscalar(T | where {a} | count)")),
            inner.prop_map(|a| format!("({a})")),
        ]
    })
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        expression(),
        (name(), expression()).prop_map(|(name, value)| format!("{name} = {value}")),
        (name(), name(), expression()).prop_map(|(a, b, value)| format!("({a}, {b}) = {value}")),
    ]
}

fn fields() -> impl Strategy<Value = String> {
    vec(field(), 1..3).prop_map(|fields| fields.join(", "))
}

fn operator() -> impl Strategy<Value = String> {
    let order = one_of(&["", " asc", " desc", " desc nulls first", " nulls last"]);
    prop_oneof![
        expression().prop_map(|a| format!("where {a}")),
        expression().prop_map(|a| format!("filter kind=x ({a})")),
        fields().prop_map(|a| format!("extend {a}")),
        fields().prop_map(|a| format!("project {a}")),
        fields().prop_map(|a| format!("distinct {a}")),
        (fields(), fields()).prop_map(|(a, b)| format!("summarize {a} by {b}")),
        fields().prop_map(|a| format!("summarize hint.strategy=shuffle by {a}")),
        (expression(), order.clone()).prop_map(|(a, order)| format!("sort by {a}{order}")),
        (expression(), order).prop_map(|(a, order)| format!("top 5 by {a}{order}")),
        (name(), expression())
            .prop_map(|(a, b)| format!("join kind=inner (U | where {b}) on {a}, $left.a == $right.b")),
        (name(), expression()).prop_map(|(a, b)| format!("lookup (U | extend {a} = {b}) on {a}")),
        (name(), name()).prop_map(|(a, b)| format!("parse kind=relaxed {a} with * \"x\" {b}: long '/' *")),
        ("[a-d]", name()).prop_map(|(a, b)| format!("mv-expand {a}, {b} = c to typeof(long) limit 5")),
        ("[a-d]", expression()).prop_map(|(a, b)| format!("mv-apply {a} = b on (where {b} | take 1)")),
        (name(), expression())
            .prop_map(|(a, b)| format!("make-series {a} = count() default=0 on t from {b} to {b} step 1h by {a}")),
        expression().prop_map(|a| format!("partition by a (where {a} | top 1 by b)")),
        expression().prop_map(|a| format!("fork x=(where {a}) (count)")),
        expression().prop_map(|a| format!("scan with (step s optional: {a} => b = 1, c = 2; step t: true;)")),
        expression().prop_map(|a| format!("top-nested 3 of a with others = 'x' by {a}, top-nested of b by c")),
        name().prop_map(|a| format!("as {a}")),
        name().prop_map(|a| format!("union isfuzzy=true withsource={a} U, (V | take 1), W*")),
        one_of(&[
            "count",
            "take 5",
            "limit 3",
            "sample 2",
            "serialize",
            "serialize a = prev(b)",
            "getschema",
            "consume",
            "project-away a, b*",
            "project-keep *_x",
            "project-rename a = b",
            "project-reorder a, b* granny-asc",
            "render timechart with (title='x', ycolumns=a, b)",
            "render piechart kind=stacked",
            "evaluate bag_unpack(a)",
            "evaluate pivot(a, count()) : (x: string)",
            "parse-kv a as (b: string) with (pair_delimiter=' ')",
            "sample-distinct 3 of a",
            "reduce by a with threshold = 0.1",
            "top-hitters 5 of a by b",
            "invoke f(1, 2)",
            "facet by a, b with (where c == 1)",
            "parse-where a with b 'x'",
            "distinct *",
            "graph-match (a)-[b]->(c)",
            "assert-schema (a: string)",
        ]),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let source = prop_oneof![
        4 => name(),
        1 => one_of(&[
            "T", "union T, U*", "print 1, a = 'x'", "range x from 1 to 10 step 2", "datatable(a: string)['x', 'y']",
            "externaldata(a: string)[@'https://x'] with (format='csv')", "search in (T) 'x*' and a == 1", "search *",
            "find in (T, U*) where a == 1 project a, b: string", "workspace('w').T", "table('T')", "_Im_Dns(starttime=ago(1d))",
            "(T | where a == 1)", "materialize(T | take 1)", "find where a == 1 project-away b", "cluster('c').database('d').T",
        ]),
    ];
    let body = (source, vec(operator(), 0..4))
        .prop_map(|(source, operators)| std::iter::once(source).chain(operators).collect::<Vec<_>>().join("\n| "));
    let prelude = one_of(&[
        "",
        "let x = 5;\n",
        "let f = (a: string, b: long = 5, t: (*)) { let y = 1; t | where a == b };\n",
        "set notruncation;\n",
        "declare query_parameters(p: string = 'x');\n",
        "let v = view () { T | take 1 };\n",
        "T;\n",
    ]);
    (prelude, body).prop_map(|(prelude, body)| format!("{prelude}{body}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_parsing_keeps_the_query(query in query()) {
        let parsed = kusto::parse(&query).map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{query}")))?;
        let printed = kusto::print(&parsed);
        let again = kusto::parse(&printed)
            .map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{query}\nprinted\n{printed}")))?;
        prop_assert!(shape(&parsed) == shape(&again), "{query}\nprinted\n{printed}\nagain\n{}", kusto::print(&again));
        prop_assert!(kusto::lower(&parsed).is_some());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z0-9 \"'@`~|()\\[\\]{},.:;=<>!*/+_\\\\\n-]{0,60}") {
        for query in [format!("T | where {text}"), format!("let {text}"), text.clone()] {
            let (script, _) = kusto::read(&query, &lang::Origin::default());
            let _ = kusto::lower(&script);
        }
    }
}
