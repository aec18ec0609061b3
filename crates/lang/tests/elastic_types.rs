//! What each type of Elastic's rules becomes: bodies, log sources, filters, status.

mod render;

use ir::{Body, Rule, StageKind, State, Status};
use lang::envelope::elastic;
use render::render;
use std::path::Path;
use std::time::Duration;

const HEAD: &str = r#"
[metadata]
maturity = "production"
[rule]
rule_id = "0001"
name = "A rule"
severity = "low"
"#;

fn read(body: &str) -> (Rule, String) {
    let text = format!("{HEAD}{body}");
    (elastic::read(Path::new("rules/windows/a_rule.toml"), &text), text)
}

fn readable(body: &str) -> Rule {
    let (rule, text) = read(body);
    assert_eq!(rule.diagnostics, [], "{}", render(&text, &rule.diagnostics));
    rule
}

fn condition(rule: &Rule) -> String {
    match &rule.body {
        Some(Body::Match(condition)) => condition.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn queries() {
    let rule =
        readable("type = \"query\"\nlanguage = \"kuery\"\nindex = [\"logs-a-*\", \"-logs-b-*\"]\nquery = \"a:b\"");
    assert_eq!((rule.language, condition(&rule).as_str()), ("kuery", r#"(any (== a "b"))"#));
    assert_eq!(
        rule.log_sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(),
        ["logs-a-*", "-logs-b-*"]
    );
    let rule = readable("type = \"query\"\nlanguage = \"lucene\"\nquery = '''\na:/b.*/\n'''");
    assert_eq!((rule.language, condition(&rule).as_str()), ("lucene", r#"(any (matches a lucene:"b.*"))"#));
    let rule = readable("type = \"eql\"\nlanguage = \"eql\"\nquery = \"process where a == 1\"");
    assert_eq!(condition(&rule), r#"(and (any (== event.category "process")) (any (== a 1)))"#);
    let rule = readable("type = \"eql\"\nevent_category_override = \"event.type\"\nquery = \"start where true\"");
    assert_eq!(condition(&rule), r#"(any (== event.type "start"))"#);
    let rule = readable("type = \"esql\"\nlanguage = \"esql\"\nquery = \"FROM logs-a-*, -logs-b | WHERE a == 1\"");
    assert_eq!(rule.log_sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["logs-a-*", "-logs-b"]);
}

fn stages(rule: &Rule) -> Vec<String> {
    let Some(Body::Pipeline(pipeline)) = &rule.body else { panic!("{:?}", rule.body) };
    let shown = |kind: &StageKind| match kind {
        StageKind::Filter(condition) => condition.to_string(),
        StageKind::Aggregate(aggregate) => {
            let shown = |columns: &[ir::Assignment]| {
                columns
                    .iter()
                    .map(|column| format!("{} = {}", column.name.value, column.expr))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            format!("{} by {}", shown(&aggregate.aggregates), shown(&aggregate.by))
        }
        other => panic!("{other:?}"),
    };
    pipeline.stages.iter().map(|stage| shown(&stage.kind)).collect()
}

#[test]
fn thresholds() {
    let rule = readable(
        "type = \"threshold\"\nquery = \"a:b\"\n[rule.threshold]\nfield = [\"host.id\"]\nvalue = 5\n\
         [[rule.threshold.cardinality]]\nfield = \"user.id\"\nvalue = 3",
    );
    let aggregates = "threshold.count = [count *], threshold.known.host.id = [count host.id], \
                      threshold.cardinality.user.id = [count_distinct user.id] by host.id = host.id";
    let tests = "(and (>= threshold.count 5) (>= threshold.known.host.id 1) (>= threshold.cardinality.user.id 3))";
    assert_eq!(stages(&rule), [r#"(any (== a "b"))"#, aggregates, tests]);
    let rule = readable("type = \"threshold\"\nquery = \"a:b\"\nthreshold = { field = [], value = 5 }");
    assert_eq!(stages(&rule)[1], "threshold.count = [count *] by ");
}

#[test]
fn new_terms() {
    let new_terms = |window: &str| {
        let rule = readable(&format!(
            "type = \"new_terms\"\nquery = \"a:b\"\n[rule.new_terms]\nfield = \"new_terms_fields\"\n\
             value = [\"host.id\", \"user.id\"]\n{window}"
        ));
        match rule.body {
            Some(Body::NewTerms(found)) => found,
            other => panic!("{other:?}"),
        }
    };
    let found =
        new_terms("[[rule.new_terms.history_window_start]]\nfield = \"history_window_start\"\nvalue = \"now-7d\"");
    assert_eq!(found.fields.iter().map(|field| field.value.as_str()).collect::<Vec<_>>(), ["host.id", "user.id"]);
    assert_eq!(found.history, Duration::from_secs(7 * 86_400));
    assert_eq!(found.condition.to_string(), r#"(any (== a "b"))"#);
    assert_eq!(new_terms("history_window_start = \"now-1h\"").history, Duration::from_secs(3600));
}

#[test]
fn indicators() {
    let rule = readable(
        r#"
type = "threat_match"
query = "a:*"
threat_index = ["logs-ti_*"]
threat_query = "b:c and d:*"
[[rule.threat_filters]]
query = { match_phrase = { "event.kind" = "enrichment" } }
[[rule.threat_mapping]]
entries = [{ field = "source.ip", type = "mapping", value = "threat.indicator.ip" }]
[[rule.threat_mapping]]
[[rule.threat_mapping.entries]]
field = "x"
value = "y"
[[rule.threat_mapping.entries]]
field = "z"
value = "w"
negate = true
"#,
    );
    let Some(Body::IndicatorMatch(found)) = &rule.body else { panic!() };
    assert_eq!(
        found.indicator_condition.as_ref().map(ToString::to_string).as_deref(),
        Some(r#"(and (any (== b "c")) (known d) (any (== event.kind "enrichment")))"#)
    );
    let pairs: Vec<Vec<_>> = found
        .alternatives
        .iter()
        .map(|pairs| {
            let shown =
                |pair: &ir::IndicatorPair| (pair.field.value.clone(), pair.indicator_field.value.clone(), pair.negated);
            pairs.iter().map(shown).collect()
        })
        .collect();
    let pair = |field: &str, indicator: &str, negated| (field.to_owned(), indicator.to_owned(), negated);
    assert_eq!(
        pairs,
        [vec![pair("source.ip", "threat.indicator.ip", false)], vec![pair("x", "y", false), pair("z", "w", true)]]
    );
}

#[test]
fn models() {
    for (jobs, expected) in [("\"one\"", vec!["one"]), ("[\"one\", \"two\"]", vec!["one", "two"])] {
        let rule =
            readable(&format!("type = \"machine_learning\"\nanomaly_threshold = 75\nmachine_learning_job_id = {jobs}"));
        let Some(Body::Model(model)) = &rule.body else { panic!() };
        assert_eq!(model.jobs.iter().map(|job| job.value.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!((model.threshold, rule.language), (Some(75), "machine_learning"));
    }
}

#[test]
fn filters_join_the_query() {
    for (filter, expected) in [
        ("query = { match_phrase = { a = \"b\" } }", r#"(any (== a "b"))"#),
        ("query = { match_phrase = { a = { query = \"b\" } } }", r#"(any (== a "b"))"#),
        (
            "meta = { negate = true }\nquery = { term = { a = { value = 5, case_insensitive = true } } }",
            "(not (any (==~ a 5)))",
        ),
        ("query = { terms = { a = [\"b\", \"c\"] } }", r#"(any (in a "b" "c"))"#),
        ("query = { exists = { field = \"a\" } }", "(known a)"),
        ("exists = { field = \"a\" }\n\"$state\" = { store = \"appState\" }", "(known a)"),
        (
            "query = { range = { a = { gte = 1, lt = \"now-1d\" } } }",
            "(and (any (>= a 1)) (any (< a (- [now] 1 days))))",
        ),
        ("query = { prefix = { a = \"b\" } }", r#"(any (matches a starts:"b"))"#),
        ("query = { regexp = { a = { value = \"b.*\" } } }", r#"(any (matches a lucene:"b.*"))"#),
        (
            "query = { wildcard = { a = { value = '?:\\x\\*', case_insensitive = true } } }",
            r#"(any (matches a wildcard~:"?:x\\*"))"#,
        ),
        ("query = { wildcard = { a = '?:\\\\x\\\\*' } }", r#"(any (matches a wildcard:"?:\\\\x\\\\*"))"#),
        (
            "query = { bool = { must = [{ term = { a = 1 } }], should = [{ term = { b = 2 } }], must_not = { exists = { field = \"c\" } } } }",
            "(and (any (== a 1)) (not (known c)))",
        ),
        (
            "query = { bool = { should = [{ term = { b = 2 } }, { term = { c = 3 } }] } }",
            "(or (any (== b 2)) (any (== c 3)))",
        ),
        ("query = { query_string = { query = \"a:b OR c:d\" } }", r#"(or (any (== a "b")) (any (== c "d")))"#),
        ("query = { match_all = {} }", "true"),
        (
            "query = { nested = { path = \"a\", query = { term = { \"a.b\" = true } } } }",
            "(any-of a (any (== a.b true)))",
        ),
    ] {
        let rule = readable(&format!("type = \"query\"\nquery = \"x:y\"\n[[rule.filters]]\n{filter}"));
        assert_eq!(condition(&rule), format!(r#"(and (any (== x "y")) {expected})"#), "{filter}");
    }
    let (rule, _) = read(
        "type = \"query\"\nquery = \"x:y\"\n[[rule.filters]]\nmeta = { disabled = true }\nquery = { term = { a = 1 } }",
    );
    assert_eq!((condition(&rule).as_str(), rule.state()), (r#"(any (== x "y"))"#, State::Runs));
    let rule = readable(
        "type = \"eql\"\nquery = \"sequence [a where true] [b where c == 1]\"\n[[rule.filters]]\nquery = { term = { d = 1 } }",
    );
    let Some(Body::Sequence(sequence)) = &rule.body else { panic!() };
    assert!(sequence.steps.iter().all(|step| step.condition.to_string().ends_with("(any (== d 1)))")));
}

#[test]
fn what_is_said() {
    let query = "type = \"query\"\nquery = \"x:y\"\n";
    snapshot!(
        [
            "type = \"query\"\nlanguage = \"spl\"\nquery = \"x:y\"",
            "type = \"querry\"\nquery = \"x:y\"",
            "type = \"query\"\nsaved_id = \"0815\"",
            "type = \"query\"\nquery = \"x:y z:w\"",
            "type = \"eql\"\nquery = '''\nprocess where\n  a = 1\n'''",
            "type = \"threshold\"\nquery = \"x:y\"",
            "type = \"threshold\"\nquery = \"x:y\"\nthreshold = { field = \"a\", value = -1 }",
            "type = \"new_terms\"\nquery = \"x:y\"\nnew_terms = { value = [\"a\"] }",
            "type = \"new_terms\"\nquery = \"x:y\"\nnew_terms = { value = [\"a\"], history_window_start = [{ value = \"7d\" }] }",
            "type = \"threat_match\"\nquery = \"x:y\"\nthreat_index = [\"a\"]\nthreat_mapping = [{ entries = [{ field = \"a\" }] }]",
            "type = \"machine_learning\"\nmachine_learning_job_id = \"a\"\nanomaly_threshold = 101",
            &format!("{query}data_view_id = \"0815\"\nexceptions_list = []\nindexes = [\"a\"]"),
            &format!("{query}filters = [{{ query = {{ geo_distance = {{}} }} }}]"),
            &format!("{query}filters = [{{ query = {{ term = {{}} }} }}]"),
            &format!("{query}filters = [{{ query = {{ range = {{ a = {{ from = 1 }} }} }} }}]"),
            &format!("{query}filters = [{{ meta = {{}} }}]"),
            &format!("{query}filters = [{{ query = {{ match_all = {{}}, exists = {{ field = \"a\" }} }} }}]"),
        ]
        .map(|body| {
            let (rule, text) = read(body);
            format!("{body}\n-> {}\n{}", rule.state().name(), render(&text, &rule.diagnostics))
        })
        .join("\n")
    );
}

#[test]
fn status_and_building_blocks() {
    let at = |path: &str, text: &str| elastic::read(Path::new(path), text);
    let text = format!("{HEAD}type = \"query\"\nquery = \"a:b\"\nbuilding_block_type = \"default\"");
    let rule = at("rules_building_block/a.toml", &text);
    assert_eq!((rule.status, rule.building_block), (Status::Production, true));
    assert_eq!(at("rules/_deprecated/a.toml", &text).status, Status::Deprecated);
    for (metadata, status) in [
        ("maturity = \"deprecated\"", Status::Deprecated),
        ("maturity = \"development\"", Status::Experimental),
        ("deprecation_date = \"2024/01/01\"", Status::Deprecated),
    ] {
        assert_eq!(at("a.toml", &text.replace("maturity = \"production\"", metadata)).status, status, "{metadata}");
    }
}

#[test]
fn a_tactic_without_techniques_is_kept() {
    let rule = readable(
        "type = \"query\"\nquery = \"a:b\"\n[[rule.threat]]\nframework = \"MITRE ATT&CK\"\n\
         [rule.threat.tactic]\nid = \"TA0011\"\nname = \"Command and Control\"",
    );
    let found: Vec<_> = rule.techniques.iter().map(|found| (found.id.as_str(), found.name.as_str())).collect();
    assert_eq!(found, [("TA0011", "Command and Control")]);
    assert_eq!(rule.techniques[0].tactics, ["TA0011"]);
}

#[test]
fn hostile_files_are_refused_in_time() {
    let bool = "bool = { must = { ".repeat(60) + "exists = { field = \"a\" }" + &" } }".repeat(60);
    for hostile in [
        format!("type = \"query\"\nquery = \"a:b\"\nfilters = [{{ query = {{ {bool} }} }}]"),
        format!("type = \"query\"\nquery = \"a:b\"\nfilters = {}", "[".repeat(10_000)),
        format!("type = \"query\"\nquery = \"a:b\"\n{} = 1", vec!["a"; 10_000].join(".")),
        format!("type = \"query\"\nquery = \"{}a:b\"", "(".repeat(10_000)),
        format!("type = \"query\"\nlanguage = \"lucene\"\nquery = \"{}\"", "(".repeat(10_000)),
        format!("type = \"eql\"\nquery = \"any where {}\"", "(".repeat(10_000)),
        format!("type = \"esql\"\nquery = 'FROM a | WHERE KQL(\"{}\")'", "(".repeat(10_000)),
    ] {
        let (rule, _) = read(&hostile);
        assert_eq!(rule.state(), State::Refused, "{}", &hostile[..60]);
    }
}
