//! What Sigma leaves unsaid is said in the IR: selections in YAML, and what they mean as terms.

use ir::{Body, Expr, Rule, Source, StageKind, State};
use lang::envelope::sigma::Sigma;
use lang::envelope::{Context, Envelope};
use lang::repository::Document;
use std::time::Duration;

fn document(text: String) -> Document {
    Document { path: "rules/test_rule.yml".into(), text }
}

/// A rule with that detection, indented by four spaces.
fn rule(detection: &str) -> (Rule, Document) {
    let head = "title: T\nid: i\nstatus: test\nlogsource:\n    category: test\nlevel: low\ndetection:\n";
    let body: String = detection.lines().map(|line| format!("    {line}\n")).collect();
    let document = document(format!("{head}{body}"));
    let mut rules = Sigma.read(&document, &Context::default());
    assert_eq!(rules.len(), 1, "{detection}");
    (rules.remove(0), document)
}

fn condition(detection: &str) -> Expr {
    match rule(detection) {
        (Rule { body: Some(Body::Match(expr)), .. }, _) => expr,
        (rule, _) => panic!("{detection}: {:?}", rule.diagnostics),
    }
}

/// What one item means.
fn item(item: &str) -> String {
    let item: String = item.lines().map(|line| format!("    {line}\n")).collect();
    condition(&format!("sel:\n{item}condition: sel")).to_string()
}

#[test]
fn values() {
    for (text, expected) in [
        ("a: x", r#"(any (==~ a "x"))"#),
        ("a: 4688", "(any (==~ a 4688))"),
        ("a: '4688'", r#"(any (==~ a "4688"))"#),
        ("a: 18446744073709551615", "(any (==~ a 18446744073709551615))"),
        ("a: 1.5", "(any (==~ a 1.5))"),
        ("a: true", "(any (==~ a true))"),
        ("a: yes", r#"(any (==~ a "yes"))"#),
        ("a:", "(null a)"),
        ("a: null", "(null a)"),
        ("a: ''", r#"(any (==~ a ""))"#),
        ("a: '*'", "(known a)"),
        ("a: [x]", r#"(any (==~ a "x"))"#),
        ("a: [x, 1]", r#"(any (in~ a "x" 1))"#),
        ("a: [x, null]", r#"(or (null a) (any (==~ a "x")))"#),
        ("a: [x, 'y*']", r#"(any (matches a equals~:"x" wildcard~:"y*"))"#),
        ("a: [1, 'y*']", r#"(or (any (==~ a 1)) (any (matches a wildcard~:"y*")))"#),
        ("a: x\nb: y", r#"(and (any (==~ a "x")) (any (==~ b "y")))"#),
    ] {
        assert_eq!(item(text), expected, "{text}");
    }
}

#[test]
fn wildcards_and_escapes() {
    for (text, expected) in [
        (r"a: '*\cmd.exe'", r#"(any (matches a wildcard~:"*\\\\cmd.exe"))"#),
        (r"a: 'a?c'", r#"(any (matches a wildcard~:"a?c"))"#),
        (r"a: 'a\*c'", r#"(any (==~ a "a*c"))"#),
        (r"a: 'C:\\x'", r#"(any (==~ a "C:\\x"))"#),
        (r"a: 'C:\x'", r#"(any (==~ a "C:\\x"))"#),
        (r"a|contains: 'b*d'", r#"(any (matches a wildcard~:"*b*d*"))"#),
        (r"a|contains: '*b*'", r#"(any (matches a contains~:"b"))"#),
        (r"a|endswith: '\\\*x'", r#"(any (matches a ends~:"\\*x"))"#),
        (r"a|contains: ''", "(known a)"),
    ] {
        assert_eq!(item(text), expected, "{text}");
    }
}

#[test]
fn modifiers() {
    for (text, expected) in [
        ("a|contains: x", r#"(any (matches a contains~:"x"))"#),
        ("a|startswith: x", r#"(any (matches a starts~:"x"))"#),
        ("a|endswith: x", r#"(any (matches a ends~:"x"))"#),
        ("a|endswith: [x, y]", r#"(any (matches a ends~:"x" ends~:"y"))"#),
        ("a|contains|all: [x, y]", r#"(and (any (matches a contains~:"x")) (any (matches a contains~:"y")))"#),
        ("a|all: [x, y]", r#"(and (any (==~ a "x")) (any (==~ a "y")))"#),
        ("a|contains: 46", r#"(any (matches a contains~:"46"))"#),
        ("a|contains: 0x2E", r#"(any (matches a contains~:"0x2E"))"#),
        ("a|cased: x", r#"(any (== a "x"))"#),
        ("a|contains|cased: x", r#"(any (matches a contains:"x"))"#),
        ("a|neq: x", r#"(not (any (==~ a "x")))"#),
        ("a|neq: [1, 2]", "(not (any (in~ a 1 2)))"),
        ("a|exists: true", "(known a)"),
        ("a|exists: no", "(null a)"),
        ("a|gt: 5", "(any (>~ a 5))"),
        ("a|lte: '5.5'", "(any (<=~ a 5.5))"),
        ("a|cidr: [10.0.0.0/8, 'fe80::/10']", r#"(any (matches a cidr:"10.0.0.0/8" cidr:"fe80::/10"))"#),
        ("a|re: 'x.*\\d'", r#"(any (matches a Pcre/Anywhere:"x.*\\d"))"#),
        ("a|re|i: x", r#"(any (matches a Pcre/Anywhere~:"x"))"#),
        ("a|re|m|s: x", r#"(any (matches a Pcre/Anywhere:"(?ms)x"))"#),
        ("a|re|startswith: x|y", r#"(any (matches a Pcre/Start:"x|y"))"#),
        ("a|re|endswith: x|y", r#"(any (matches a Pcre/Anywhere:"(?:x|y)$"))"#),
        ("a|fieldref: b", "(any (==~ a b))"),
        ("a|fieldref|neq: b", "(not (any (==~ a b)))"),
        ("a|fieldref|endswith: b", "(any [ends_with [to_lower a] [to_lower b]])"),
        ("a|hour: 3", r#"(any (== [date_extract "hour_of_day" [to_datetime a]] 3))"#),
        ("a|hour|gte: 22", r#"(any (>= [date_extract "hour_of_day" [to_datetime a]] 22))"#),
        ("a|base64: foo", r#"(any (==~ a "Zm9v"))"#),
        (
            "a|base64offset|contains: foobar",
            r#"(any (matches a contains~:"Zm9vYmFy" contains~:"Zvb2Jhc" contains~:"mb29iYX"))"#,
        ),
        (
            "a|wide|base64offset|contains: ab",
            r#"(any (matches a contains~:"YQBiA" contains~:"EAYg" contains~:"hAGIA"))"#,
        ),
        ("a|utf16be|base64: a", r#"(any (==~ a "AGE="))"#),
        ("a|utf16|base64: a", r#"(any (==~ a "//5hAA=="))"#),
        (
            "a|windash|contains: ' -x-y'",
            r#"(any (matches a contains~:" -x-y" contains~:" /x-y" contains~:" –x-y" contains~:" —x-y" contains~:" ―x-y"))"#,
        ),
    ] {
        assert_eq!(item(text), expected, "{text}");
    }
}

#[test]
fn words_are_found_anywhere_in_the_event() {
    for (text, expected) in [
        ("sel: [x, 4688]", r#"(any (matches <event> contains~:"x" contains~:"4688"))"#),
        ("sel: x", r#"(any (matches <event> contains~:"x"))"#),
        ("sel: ['a*b']", r#"(any (matches <event> wildcard~:"*a*b*"))"#),
        (
            "sel:\n    '|all': [x, y]",
            r#"(and (any (matches <event> contains~:"x")) (any (matches <event> contains~:"y")))"#,
        ),
        ("sel:\n    '|re': x", r#"(any (matches <event> Pcre/Anywhere:"x"))"#),
        ("sel:\n    - a: x\n    - b: y\n    - z", {
            r#"(or (any (==~ a "x")) (any (==~ b "y")) (any (matches <event> contains~:"z")))"#
        }),
    ] {
        assert_eq!(condition(&format!("{text}\ncondition: sel")).to_string(), expected, "{text}");
    }
}

#[test]
fn conditions() {
    let selections = "a: {f: 1}\nb: {f: 2}\nc_1: {f: 3}\nc_2: {f: 4}\n_d: {f: 5}\n";
    for (text, expected) in [
        ("a or b and c_1", "(or 1 (and 2 3))"),
        ("not a and b", "(and (not 1) 2)"),
        ("not (a or b)", "(not (or 1 2))"),
        ("a AND NOT b", "(and 1 (not 2))"),
        ("1 of c_*", "(or 3 4)"),
        ("any of c_*", "(or 3 4)"),
        ("all of c_*", "(and 3 4)"),
        ("1 of them", "(or 1 2 3 4)"),
        ("all of them", "(and 1 2 3 4)"),
        ("1 of _*", "5"),
        ("1 of *_1", "3"),
        ("2 of c_*", "(and 3 4)"),
        ("2 of *_*", "(and 3 4)"),
        ("3 of them", "(or (and 1 2 3) (and 1 2 4) (and 1 3 4) (and 2 3 4))"),
        ("not 1 of c_*", "(not (or 3 4))"),
        ("((a))", "1"),
    ] {
        let found = condition(&format!("{selections}condition: {text}")).to_string();
        let found = ["1", "2", "3", "4", "5"]
            .iter()
            .fold(found, |found, number| found.replace(&format!("(any (==~ f {number}))"), number));
        assert_eq!(found, expected, "{text}");
    }
    let listed = condition("a: {f: 1}\nb: {f: 2}\ncondition:\n    - a\n    - b");
    assert_eq!(listed.to_string(), "(or (any (==~ f 1)) (any (==~ f 2)))");
}

#[test]
fn spans_are_those_of_each_value_and_field() {
    let (rule, document) =
        rule("sel:\n    Image|endswith:\n        - '\\a.exe'\n        - \"b\"\n    \"Code\": 5\ncondition: sel");
    let Some(Body::Match(expr)) = &rule.body else { panic!("{:?}", rule.diagnostics) };
    let mut found = Vec::new();
    expr.walk(&mut |part| match &part.kind {
        ir::ExprKind::Field(_) | ir::ExprKind::Literal(_) => found.push(part.span.of(&document.text)),
        ir::ExprKind::Matches { patterns, .. } => {
            found.extend(patterns.iter().map(|pattern| pattern.span.of(&document.text)));
        }
        _ => {}
    });
    assert_eq!(found, ["'\\a.exe'", "\"b\"", "Image", "Code", "5"]);
}

#[test]
fn aggregations_become_pipelines() {
    let (rule, _) = rule("sel: {f: 1}\ntimeframe: 10m\ncondition: sel | count(user) by host, domain >= 5");
    let Some(Body::Pipeline(pipeline)) = rule.body else { panic!("{:?}", rule.diagnostics) };
    assert_eq!(pipeline.source, Source::LogSources);
    let stages: Vec<String> = pipeline
        .stages
        .iter()
        .map(|stage| match &stage.kind {
            StageKind::Filter(expr) => expr.to_string(),
            StageKind::Aggregate(aggregate) => {
                let calls = aggregate.aggregates.iter().map(|call| format!("{} = {}", call.name.value, call.expr));
                let by = aggregate.by.iter().map(|key| key.expr.to_string()).collect::<Vec<_>>();
                format!("{} by {}", calls.collect::<String>(), by.join(", "))
            }
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        stages,
        [
            "(any (==~ f 1))",
            "(and (known host) (known domain))",
            "count(user) = [count_distinct user] by host, domain",
            "(>= count(user) 5)",
        ]
    );
    assert_eq!(rule.schedule.look_back, Duration::from_secs(600));
    assert_eq!(rule.schedule.interval, Duration::from_secs(60));
}

#[test]
fn near_becomes_a_sequence_in_any_order() {
    let (rule, _) = rule("a: {f: 1}\nb: {f: 2}\nc: {f: 3}\ntimeframe: 30s\ncondition: a | near b and not c");
    let Some(Body::Sequence(sequence)) = rule.body else { panic!("{:?}", rule.diagnostics) };
    let steps: Vec<_> = sequence.steps.iter().map(|step| (step.condition.to_string(), step.missing)).collect();
    let test = |number: u8| format!("(any (==~ f {number}))");
    assert_eq!(steps, [(test(1), false), (test(2), false), (test(3), true)]);
    assert_eq!(sequence.max_span, Some(Duration::from_secs(30)));
    assert_eq!(sequence.order, ir::SequenceOrder::Any);
}

#[test]
fn placeholders_without_values() {
    for (detection, state) in [
        ("sel:\n    a|expand: '%x%'\ncondition: sel", State::Refused),
        ("sel: {a: 1}\nf:\n    a|expand: '%x%'\ncondition: sel and not f", State::RunsWithLoss),
        ("sel:\n    a|expand: ['%x%', y]\ncondition: sel", State::RunsWithLoss),
        ("sel:\n    a|contains|all|expand: ['%x%', y]\ncondition: sel", State::Refused),
        ("sel: {a: 1}\nf:\n    a|expand: '%x%'\ncondition: sel or f", State::RunsWithLoss),
        ("sel:\n    a|expand: 'no %x placeholder'\ncondition: sel", State::Runs),
        ("sel:\n    a|expand: '\\%x%'\ncondition: sel", State::Runs),
        ("sel:\n    a: '%x%'\ncondition: sel", State::Runs),
    ] {
        let (rule, _) = rule(detection);
        assert_eq!(rule.state(), state, "{detection}: {:?}", rule.diagnostics);
        assert!(rule.body.is_some(), "{detection}");
    }
}

#[test]
fn placeholders_with_values() {
    let mut context = Context::default();
    context.sigma.placeholders.insert("admins".to_owned(), vec!["root".to_owned(), "adm*".to_owned()]);
    let head = "title: T\nid: i\nlogsource: {category: test}\ndetection:\n    condition: sel\n    sel:\n        ";
    for (item, expected) in [
        ("u|expand: '%admins%'", r#"(any (matches u equals~:"root" wildcard~:"adm*"))"#),
        ("u|expand: 'x\\%admins%'", r#"(any (==~ u "x%admins%"))"#),
        ("u|contains|expand: 'x-%admins%'", r#"(any (matches u contains~:"x-root" contains~:"x-adm"))"#),
        ("u|re|expand: '^%admins%$'", r#"(any (matches u Pcre/Anywhere:"^root$" Pcre/Anywhere:"^adm\\*$"))"#),
    ] {
        let rules = Sigma.read(&document(format!("{head}{item}\n")), &context);
        match &rules[0].body {
            Some(Body::Match(expr)) => assert_eq!(expr.to_string(), expected, "{item}"),
            other => panic!("{item}: {other:?} {:?}", rules[0].diagnostics),
        }
    }
}

/// What fuzzing found to change by printing.
#[test]
fn printing_keeps_what_is_rare() {
    use lang::dialect::sigma;
    use lang::envelope::sigma::detections;
    let number = "1".repeat(40);
    for text in [
        format!("detection:\n    s: {{a: 1}}\n    condition: s | count() > {number}\n"),
        format!("detection:\n    s:\n        '{}': 1\n        b: 2\n    condition: s\n", "long ".repeat(190)),
        format!(
            "detection:\n    ? {}\n    : - ? \"{}\\u2028\"\n        : 1\n    condition: 1 of them\n",
            "n".repeat(2_000),
            "é".repeat(800)
        ),
        "detection:\n    s: [a, [b, {c: 1}], {d: [], e: null}]\n    condition: not (s and s) or s and not s\n"
            .replace("d: [], ", ""),
        "detection:\n    s: {'a|re': \"x\\ty'\\0\", b: .nan, c: -.inf, d: '', '': 1}\n    condition: [s, any of s]\n"
            .to_owned(),
    ] {
        let first = detections(&text).remove(0).unwrap();
        let printed = sigma::print(&first);
        let again = detections(&printed).remove(0).unwrap_or_else(|errors| panic!("{errors:?} in\n{printed}"));
        assert_eq!(printed, sigma::print(&again));
    }
}
