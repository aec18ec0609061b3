//! What ES|QL leaves unsaid is said in the IR.

use ir::{ExprKind, Literal, NamePattern, Pipeline, Source, StageKind, UnknownFields};
use lang::esql::{self, Params};

fn compile(query: &str) -> Pipeline {
    esql::compile(query, &Params::none()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"))
}

fn only_stage(query: &str) -> StageKind {
    let mut stages = compile(query).stages;
    assert_eq!(stages.len(), 1, "{query}");
    stages.remove(0).kind
}

fn condition(text: &str) -> String {
    match only_stage(&format!("FROM logs | WHERE {text}")) {
        StageKind::Filter(condition) => condition.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn operators_bind_as_in_elastics_grammar() {
    for (text, expected) in [
        ("a OR b AND c", "(or a (and b c))"),
        ("a AND b AND c OR d", "(or (and a b c) d)"),
        ("NOT a AND b", "(and (not a) b)"),
        ("NOT a IN (1, 2)", "(not (in a 1 2))"),
        ("a NOT IN (1)", "(not (in a 1))"),
        ("NOT NOT a", "(not (not a))"),
        ("a > 1 IS NULL", "(null (> a 1))"),
        ("a + b * c - d", "(- (+ a (* b c)) d)"),
        ("a - 1 - -2", "(- (- a 1) -2)"),
        ("-a * b", "(* (neg a) b)"),
        ("-a::int", "(neg (integer a))"),
        ("-1::string", "(keyword -1)"),
        ("a::ip::string == b", "(== (keyword (ip a)) b)"),
        ("+a", "a"),
        ("(a OR b) AND c", "(and (or a b) c)"),
        ("a == (b > c)", "(== a (> b c))"),
        ("a.b.`c d` != @timestamp", "(!= a.b.c d @timestamp)"),
        ("a IN (b + 1, -2, \"x\")", "(in a (+ b 1) -2 \"x\")"),
        ("a IS NOT NULL", "(known a)"),
        ("a : \"x\"", "(text a \"x\")"),
        ("a::text : 1 AND b", "(and (text (text a) 1) b)"),
    ] {
        assert_eq!(condition(text), expected, "{text}");
    }
}

#[test]
fn patterns_fit_the_whole_value() {
    for (text, expected) in [
        (r#"a LIKE "x*""#, r#"(matches a wildcard:"x*")"#),
        (r#"a NOT LIKE ("x?", "y")"#, r#"(not (matches a wildcard:"x?" wildcard:"y"))"#),
        (r#"a RLIKE "x.*""#, r#"(matches a lucene:"x.*")"#),
        (r#"a LIKE """C:\\*""""#, r#"(matches a wildcard:"C:\\\\*")"#),
        (r#"a LIKE "C:\\\\*""#, r#"(matches a wildcard:"C:\\\\*")"#),
    ] {
        assert_eq!(condition(text), expected, "{text}");
    }
}

#[test]
fn functions_and_types_have_one_name() {
    for (text, expected) in [
        ("TO_STR(a)", "[to_string a]"),
        ("to_dt(a) == to_int(b)", "(== [to_datetime a] [to_integer b])"),
        ("a::BOOL", "(boolean a)"),
        ("a::date == b::ULONG", "(== (datetime a) (unsigned_long b))"),
        ("no_such_function(1)", "[no_such_function 1]"),
        ("match(a, \"x\", {\"operator\": \"AND\"})", "[match a \"x\" {operator: \"AND\"}]"),
    ] {
        assert_eq!(condition(text), expected, "{text}");
    }
}

#[test]
fn literals_take_the_narrowest_type() {
    let StageKind::Extend(columns) = only_stage(
        "FROM a | EVAL a = 2147483647, b = 2147483648, c = -9223372036854775808, d = 18446744073709551615, \
         e = 18446744073709551616, f = 1., g = .5e-1, h = -3 weeks, i = [1, 2.5, -3], j = \"a\\t\\\"b\\\\\", \
         k = \"\"\"a\\b\"c\"\"\"\"\", l = 5m",
    ) else {
        panic!("not an EVAL")
    };
    let values: Vec<_> = columns.iter().map(|column| column.expr.kind.clone()).collect();
    let expected = [
        Literal::Integer(2_147_483_647),
        Literal::Long(2_147_483_648),
        Literal::Long(i64::MIN),
        Literal::UnsignedLong(u64::MAX),
        Literal::Double(18_446_744_073_709_551_616.0),
        Literal::Double(1.0),
        Literal::Double(0.05),
        Literal::TimeSpan { count: -3, unit: ir::TimeUnit::Week },
        Literal::List(vec![Literal::Integer(1), Literal::Double(2.5), Literal::Integer(-3)]),
        Literal::String("a\t\"b\\".to_owned()),
        Literal::String("a\\b\"c\"\"".to_owned()),
        Literal::TimeSpan { count: 5, unit: ir::TimeUnit::Minute },
    ];
    assert_eq!(values, expected.map(ExprKind::Literal));
}

#[test]
fn an_unnamed_column_is_called_by_its_source() {
    let StageKind::Aggregate(stats) = only_stage(
        "FROM a | STATS  MAX( x )+1 , n = COUNT(*), Min(y) /* c */ WHERE z  BY `a b`, (c), d = e, LEFT(f,1)",
    ) else {
        panic!("not a STATS")
    };
    let names = |columns: &[ir::Assignment]| columns.iter().map(|column| column.name.value.clone()).collect::<Vec<_>>();
    assert_eq!(names(&stats.aggregates), ["MAX( x )+1", "n", "Min(y) /* c */ WHERE z"]);
    assert_eq!(names(&stats.by), ["a b", "c", "d", "LEFT(f,1)"]);
    let StageKind::Extend(columns) = only_stage("FROM a | EVAL b  +  // note\n c") else { panic!("not an EVAL") };
    assert_eq!(names(&columns), ["b  +  // note\n c"]);
}

#[test]
fn a_condition_in_stats_restricts_the_aggregates() {
    for (text, expected) in [
        ("COUNT(*) WHERE x", "[count * if x]"),
        ("ROUND(AVG(a) + SUM(b)) WHERE x", "[round (+ [avg a if x] [sum b if x])]"),
        ("MY_AGG(a) WHERE x", "[my_agg a if x]"),
        ("COUNT()", "[count]"),
    ] {
        let StageKind::Aggregate(stats) = only_stage(&format!("FROM a | STATS {text} BY b")) else { panic!("{text}") };
        assert_eq!(stats.aggregates[0].expr.to_string(), expected, "{text}");
        assert!(!stats.inline);
    }
    for text in ["INLINE STATS", "INLINESTATS", "inline  stats"] {
        let StageKind::Aggregate(stats) = only_stage(&format!("FROM a | {text} COUNT(*) BY b")) else {
            panic!("{text}")
        };
        assert!(stats.inline);
    }
}

#[test]
fn null_sorts_as_the_greatest_value() {
    let StageKind::Sort(keys) = only_stage("FROM a | SORT a, b ASC, c DESC, d NULLS FIRST, e DESC NULLS LAST") else {
        panic!("not a SORT")
    };
    let found: Vec<_> = keys.iter().map(|key| (key.descending, key.nulls_first)).collect();
    assert_eq!(found, [(false, false), (false, false), (true, true), (false, true), (true, false)]);
}

#[test]
fn index_patterns() {
    let pipeline =
        compile("from logs-*dns-*,-logs-x-* , \"logs-a, -logs-b\", \"\"\"c\"\"\", d::data metadata _id, _index");
    let Source::Streams { patterns, metadata } = pipeline.source else { panic!("not a FROM") };
    let found: Vec<_> = patterns.iter().map(|pattern| (pattern.pattern.as_str(), pattern.excluded)).collect();
    let expected =
        [("logs-*dns-*", false), ("logs-x-*", true), ("logs-a", false), ("logs-b", true), ("c", false), ("d", false)];
    assert_eq!(found, expected);
    assert_eq!(metadata.iter().map(|name| name.value.as_str()).collect::<Vec<_>>(), ["_id", "_index"]);
}

#[test]
fn name_patterns() {
    let StageKind::Keep(names) = only_stage("FROM a | KEEP a.*, *b*c, `d*`.e, @t*, by, `x``y`") else {
        panic!("not a KEEP")
    };
    let found: Vec<_> =
        names.iter().map(|NamePattern { pattern, wildcard, .. }| (pattern.as_str(), *wildcard)).collect();
    let expected = [("a.*", true), ("*b*c", true), ("d*.e", false), ("@t*", true), ("by", false), ("x`y", false)];
    assert_eq!(found, expected);
}

#[test]
fn tables() {
    let StageKind::Enrich(enrich) = only_stage("FROM a | ENRICH _coordinator:my-policy ON b.c WITH d = e, f") else {
        panic!("not an ENRICH")
    };
    assert_eq!(enrich.policy.value, "my-policy");
    assert_eq!(enrich.on.unwrap().value, "b.c");
    let with: Vec<_> =
        enrich.with.iter().map(|rename| (rename.from.value.as_str(), rename.to.value.as_str())).collect();
    assert_eq!(with, [("e", "d"), ("f", "f")]);
    let StageKind::Lookup(lookup) = only_stage("FROM a | LOOKUP JOIN my-table ON b, c.d") else { panic!("not a join") };
    assert_eq!(lookup.table.value, "my-table");
    assert_eq!(lookup.on.iter().map(|name| name.value.as_str()).collect::<Vec<_>>(), ["b", "c.d"]);
}

#[test]
fn renames_in_both_spellings() {
    let StageKind::Rename(renames) = only_stage("FROM a | RENAME b AS c, d = e.f") else { panic!("not a RENAME") };
    let found: Vec<_> = renames.iter().map(|rename| (rename.from.value.as_str(), rename.to.value.as_str())).collect();
    assert_eq!(found, [("b", "c"), ("e.f", "d")]);
}

#[test]
fn strings_that_cut() {
    let StageKind::Dissect { pattern, append_separator, .. } =
        only_stage("FROM a | DISSECT b \"%{c} %{+d}\" append_separator=\",\"")
    else {
        panic!("not a DISSECT")
    };
    assert_eq!((pattern.value.as_str(), append_separator.as_str()), ("%{c} %{+d}", ","));
    let StageKind::Grok { patterns, input } = only_stage("FROM a | GROK CONCAT(b, c) \"%{IP:d}\", \"%{WORD:e}\"")
    else {
        panic!("not a GROK")
    };
    assert_eq!(patterns.len(), 2);
    assert_eq!(input.to_string(), "[concat b c]");
}

#[test]
fn parameters_are_filled_in() {
    let mut params = Params::none();
    params.push(Literal::Integer(1));
    params.push(Literal::String("x*".to_owned()));
    params.set("field", Literal::String("user.name".to_owned()));
    params.set("function", Literal::String("Length".to_owned()));
    let query = "FROM a | WHERE ??function(??field) > ? AND b LIKE ? AND c == ?2 | LIMIT ?1";
    let pipeline = esql::compile(query, &params).unwrap();
    let StageKind::Filter(condition) = &pipeline.stages[0].kind else { panic!("not a WHERE") };
    let expected = "(and (> [length user.name] 1) (matches b wildcard:\"x*\") (== c \"x*\"))";
    assert_eq!(condition.to_string(), expected);
    assert_eq!(pipeline.stages[1].kind, StageKind::Limit { count: 1, by: Vec::new() });
}

#[test]
fn settings() {
    assert_eq!(compile("FROM a").unknown_fields, UnknownFields::Refused);
    let query = "SET unmapped_fields = \"nullify\", time_zone = \"UTC\"; SET time_zone=\"Z\"; ROW a = 1";
    assert_eq!(compile(query).unknown_fields, UnknownFields::Null);
}

#[test]
fn comments_are_blanks() {
    let plain = condition("a == 1");
    assert_eq!(condition("/* x /* y */ | */ a // | z\n == /**/ 1 //"), plain);
}

#[test]
fn what_a_language_model_makes_is_a_column_nobody_computes() {
    let query = |command: &str| match only_stage(&format!("FROM a | {command} WITH {{ \"inference_id\": \"y\" }}")) {
        StageKind::Other { command, creates } => (command.value, creates.join(" ")),
        other => panic!("{other:?}"),
    };
    for (text, column) in
        [("COMPLETION verdict.text = \"a | b\"", "verdict.text"), ("completion CONCAT(\"a = b\", c)", "completion")]
    {
        assert_eq!(query(text), ("COMPLETION".to_owned(), column.to_owned()), "{text}");
    }
}
