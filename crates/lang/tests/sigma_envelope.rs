//! Sigma's files: metadata, several documents, correlations and filters, and what is said of broken ones.

mod render;

use ir::{Body, CompareOp, CorrelationKind, Level, Rule, Severity, State, Status, codes};
use lang::envelope::sigma::Sigma;
use lang::envelope::{Context, Envelope};
use lang::repository::Document;
use render::render;
use std::time::Duration;

const RULE: &str = "\
title: Long Names
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
name: long_names
status: experimental
description: |
    One host asks for long names.
references:
    - https://example.org/
author: A
date: 2026-01-01
tags:
    - attack.command-and-control
    - attack.persistence
    - attack.t1071.004
    - attack.g0010
    - detection.threat-hunting
logsource:
    product: zeek
    service: dns
detection:
    selection:
        query|endswith: '.example.org'
    filter_main:
        id.orig_h: 10.0.0.1
    condition: selection and not 1 of filter_*
falsepositives:
    - Resolvers
level: informational
";

fn document(path: &str, text: &str) -> Document {
    Document { path: path.into(), text: text.to_owned() }
}

fn read(text: &str) -> Vec<Rule> {
    read_all(&[("rules/test.yml", text)])
}

/// The rules of several files that know of each other.
fn read_all(files: &[(&str, &str)]) -> Vec<Rule> {
    let mut context = Context::default();
    let documents: Vec<_> = files.iter().map(|(path, text)| document(path, text)).collect();
    documents.iter().for_each(|document| Sigma.gather(document, &mut context));
    documents.iter().flat_map(|document| Sigma.read(document, &context)).collect()
}

#[test]
fn metadata() {
    let rules = read(RULE);
    let [rule] = rules.as_slice() else { panic!("{rules:?}") };
    assert_eq!(rule.diagnostics, []);
    assert_eq!((rule.id.as_str(), rule.title.as_str()), ("929a690e-bef0-4204-a928-ef5e620d6fcc", "Long Names"));
    assert_eq!(rule.description, "One host asks for long names.");
    assert_eq!((rule.status, rule.severity, rule.language), (Status::Experimental, Severity::Low, "sigma"));
    assert_eq!(rule.false_positives, ["Resolvers"]);
    assert_eq!(rule.references, ["https://example.org/"]);
    assert_eq!(rule.log_sources[0].name, "-/zeek/dns");
    assert_eq!(rule.log_sources[0].span.of(RULE), "product: zeek\n    service: dns");
    let techniques: Vec<_> = rule.techniques.iter().map(|found| (found.id.as_str(), found.tactics.clone())).collect();
    // Of the rule's tactics, DNS belongs to command and control alone.
    assert_eq!(techniques, [("T1071.004", vec!["TA0011".to_owned()])]);
}

#[test]
fn the_folder_tells_the_status_of_what_is_given_up() {
    for (path, status) in [
        ("sigma/deprecated/windows/a.yml", Status::Deprecated),
        ("sigma/unsupported/a.yml", Status::Unsupported),
        ("sigma/rules/a.yml", Status::Experimental),
    ] {
        assert_eq!(read_all(&[(path, RULE)])[0].status, status, "{path}");
    }
}

#[test]
fn documents_of_other_vendors_are_not_recognised() {
    for (path, text, expected) in [
        ("a.yml", RULE, true),
        ("a.yaml", "title: x\ncorrelation:\n", true),
        ("a.toml", RULE, false),
        ("a.yml", "name: x\nsearch: index=main\n", false),
        ("a.yml", "AnalysisType: rule\nDetection:\n", false),
        ("a.yml", "id: x\nkind: Scheduled\nquery: |\n  detection: x\n", false),
        ("a.yml", "filter: x\n", false),
    ] {
        assert_eq!(Sigma.recognises(&document(path, text)), expected, "{text}");
    }
}

const GLOBAL: &str = "\
action: global
title: Shared
id: shared
logsource:
    product: windows
detection:
    service:
        EventID: 7045
    condition: service and 1 of process*
---
logsource:
    service: system
detection:
    process:
        a: 1
---
action: repeat
title: Again
id: again
detection:
    process2:
        a: 2
---
action: reset
---
title: Alone
id: alone
logsource:
    product: linux
detection:
    sel:
        a: 3
    condition: sel
";

#[test]
fn documents_share_by_action() {
    let rules = read(GLOBAL);
    let shown: Vec<_> = rules
        .iter()
        .map(|rule| match &rule.body {
            Some(Body::Match(expr)) => format!("{} {} {expr}", rule.title, rule.log_sources[0].name),
            _ => panic!("{:?}", rule.diagnostics),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "Shared -/windows/system (and (any (==~ EventID 7045)) (any (==~ a 1)))",
            "Again -/windows/system (and (any (==~ EventID 7045)) (or (any (==~ a 1)) (any (==~ a 2))))",
            "Alone -/linux/- (any (==~ a 3))",
        ]
    );
}

const CORRELATION: &str = "\
title: Many
id: many
correlation:
    type: value_count
    rules:
        - long_names
        - other
    group-by:
        - host
    timespan: 10m
    aliases:
        host:
            long_names: id.orig_h
            other: src_ip
    condition:
        field: query
        gt: 100
        lte: 200
generate: true
level: high
---
title: Other
id: '4711'
name: 'other'
logsource: {category: dns}
detection:
    sel: {a: 1}
    condition: sel
";

#[test]
fn correlations_name_rules_of_other_files() {
    let rules = read_all(&[("a.yml", CORRELATION), ("b.yml", RULE)]);
    let [many, other, _] = rules.as_slice() else { panic!("{rules:?}") };
    assert_eq!((many.diagnostics.as_slice(), other.id.as_str()), (&[][..], "4711"));
    let Some(Body::Correlation(correlation)) = &many.body else { panic!("{:?}", many.diagnostics) };
    let values = |names: &[ir::Spanned<String>]| names.iter().map(|name| name.value.clone()).collect::<Vec<_>>();
    let id = "929a690e-bef0-4204-a928-ef5e620d6fcc";
    assert_eq!(correlation.kind, CorrelationKind::ValueCount);
    assert_eq!(values(&correlation.rules), [id, "4711"]);
    assert_eq!(correlation.rules[0].span.of(CORRELATION), "long_names");
    assert_eq!(values(&correlation.group_by), ["host"]);
    assert_eq!(values(&correlation.fields), ["query"]);
    assert_eq!(correlation.thresholds, [(CompareOp::Greater, 100.0), (CompareOp::LessOrEqual, 200.0)]);
    assert_eq!(correlation.time_span, Duration::from_secs(600));
    assert!(correlation.generate);
    let aliases: Vec<_> = correlation
        .aliases
        .iter()
        .map(|(name, rule, field)| [name, rule, field].map(|part| part.value.as_str()))
        .collect();
    assert_eq!(aliases, [["host", id, "id.orig_h"], ["host", "4711", "src_ip"]]);
}

#[test]
fn every_type_of_correlation() {
    let text = |kind: &str, condition: &str| {
        format!("title: C\nid: c\ncorrelation:\n    type: {kind}\n    rules: [r]\n    timespan: 1d\n{condition}")
    };
    let rule = "title: R\nid: r\nlogsource: {category: x}\ndetection: {s: {a: 1}, condition: s}\n";
    let gte = "    condition: {gte: 5}\n";
    let field = "    condition: {field: [x, y], gte: 5.5}\n";
    for (kind, condition, expected) in [
        ("event_count", gte, CorrelationKind::EventCount),
        ("value_count", field, CorrelationKind::ValueCount),
        ("value_sum", field, CorrelationKind::ValueSum),
        ("value_avg", field, CorrelationKind::ValueAvg),
        ("value_median", field, CorrelationKind::ValueMedian),
        ("value_percentile", field, CorrelationKind::ValuePercentile(50)),
        (
            "value_percentile",
            "    condition: {field: x, lt: 1, percentile: 99}\n",
            CorrelationKind::ValuePercentile(99),
        ),
        ("temporal", "", CorrelationKind::Temporal),
        ("temporal", gte, CorrelationKind::Temporal),
        ("temporal_ordered", "", CorrelationKind::TemporalOrdered),
    ] {
        let rules = read(&format!("{}---\n{rule}", text(kind, condition)));
        match &rules[0].body {
            Some(Body::Correlation(correlation)) => assert_eq!(correlation.kind, expected),
            other => panic!("{kind}: {other:?} {:?}", rules[0].diagnostics),
        }
    }
}

#[test]
fn filters_restrict_the_rules_they_name() {
    let filter = "\
title: Own hosts
logsource:
    product: zeek
filter:
    rules:
        - long_names
    selection:
        id.orig_h|cidr: 10.1.0.0/16
    condition: not selection
";
    let own = r#"(and (any (matches query ends~:".example.org")) (not (any (==~ id.orig_h "10.0.0.1"))))"#;
    let filtered = format!(r#"(and {own} (not (any (matches id.orig_h cidr:"10.1.0.0/16"))))"#);
    for (filter, expected) in [
        (filter.to_owned(), filtered.as_str()),
        (filter.replace("- long_names", "- 929a690e-bef0-4204-a928-ef5e620d6fcc"), &filtered),
        (filter.replace("rules:\n        - long_names", "rules: any"), &filtered),
        (filter.replace("long_names", "other"), own),
        (filter.replace("zeek", "windows"), own),
    ] {
        let rules = read_all(&[("filters/own.yml", &filter), ("b.yml", RULE)]);
        let [Rule { body: Some(Body::Match(expr)), further_files, .. }] = rules.as_slice() else { panic!("{rules:?}") };
        assert_eq!(expr.to_string(), expected, "{filter}");
        if expected == filtered {
            assert_eq!(further_files, &["filters/own.yml"]);
            let ir::ExprKind::And(parts) = &expr.kind else { panic!("{expr}") };
            assert_eq!((parts[0].span.file, parts[1].span.file), (0, 1));
            assert_eq!(parts[1].span.of(&filter), "not selection");
        }
    }
    let broken = read_all(&[("own.yml", &filter.replace("not selection", "not selektion"))]);
    assert_eq!((broken.len(), broken[0].state()), (1, State::Refused));
}

#[test]
fn what_is_said_of_broken_files() {
    let edits: &[(&str, &str)] = &[
        ("level: informational", "level: hihg"),
        ("status: experimental", "status: exprimental"),
        ("title: Long Names", "titel: Long Names"),
        ("logsource:\n    product: zeek\n    service: dns\n", ""),
        ("    product: zeek\n    service: dns\n", "    definition: x\n"),
        ("query|endswith", "query|endwith"),
        ("query|endswith", "query|re|contains|base64"),
        ("'.example.org'", "{x: y}"),
        ("query|endswith: '.example.org'", "query|re: 'a(b[c]'"),
        ("query|endswith: '.example.org'", "query|re: \"a\\t|*\""),
        ("query|endswith: '.example.org'", "query|cidr: 10.0.0.0/33"),
        ("query|endswith: '.example.org'", "query|gt: ten"),
        ("query|endswith: '.example.org'", "query: []"),
        ("query|endswith: '.example.org'", "'|exists': true"),
        ("query|endswith: '.example.org'", "query|windash: '-a -b -c -d'"),
        ("condition: selection", "condition: selction"),
        ("filter_*", "fliter_*"),
        ("not 1 of", "not one of"),
        ("not 1 of filter_*", "not filter_*"),
        ("and not", "adn not"),
        ("and not 1", "and (not 1"),
        ("selection and not 1 of filter_*", "selection and"),
        ("selection and not 1 of filter_*", ">-\n        selection\n        and §"),
        ("selection and not 1 of filter_*", "selection and 5 of filter_*"),
        ("selection and not 1 of filter_*", "selection | count(query) by host"),
        ("selection and not 1 of filter_*", "selection | cuont() > 5"),
        ("selection and not 1 of filter_*", "selection | sum() > 5"),
        ("    condition: selection and not 1 of filter_*\n", "    conditon: selection\n"),
        ("    filter_main:\n        id.orig_h: 10.0.0.1\n", "    filter_main:\n    timeframe: soon\n"),
        ("    filter_main:", "    selection:"),
        ("falsepositives:", "falspositives:"),
        ("falsepositives:\n    - Resolvers", "falsepositives:\n    - Resolvers: none"),
        ("detection:", "detection: 5\nx:"),
        ("    - Resolvers", "    - 'Resolvers"),
        ("level: informational", "level: [informational"),
    ];
    let mut report = String::new();
    for (from, to) in edits {
        assert!(RULE.contains(from), "{from}");
        let text = RULE.replacen(from, to, 1);
        for rule in read(&text) {
            assert!(!rule.diagnostics.is_empty(), "{from} -> {to}");
            let head = to.lines().last().unwrap_or("(nothing)").trim();
            let state = rule.state().name();
            report.push_str(&format!("{head}\n-> {state}\n{}\n", render(&text, &rule.diagnostics)));
        }
    }
    snapshot!(report);
}

#[test]
fn what_is_said_of_broken_correlations() {
    let edits: &[(&str, &str)] = &[
        ("value_count", "value_cuont"),
        ("- other", "- otter"),
        ("timespan: 10m", "timespan: 10"),
        ("timespan: 10m", "timespam: 10m"),
        ("field: query", "fields: query"),
        ("gt: 100", "gt: many"),
        ("        gt: 100\n        lte: 200\n", ""),
        (
            "    condition:\n        field: query\n        gt: 100\n        lte: 200\n",
            "    condition: long_names and other\n",
        ),
    ];
    let mut report = String::new();
    for (from, to) in edits {
        let text = CORRELATION.replacen(from, to, 1);
        let rules = read_all(&[("a.yml", &text), ("b.yml", RULE)]);
        assert_eq!(rules[0].state(), State::Refused, "{to}");
        report.push_str(&format!("{}\n", render(&text, &rules[0].diagnostics)));
    }
    snapshot!(report);
}

#[test]
fn one_broken_document_does_not_hide_the_others() {
    let second = "title: B\nid: b\nlogsource: {category: x}\ndetection: {s: {a: 1}, condition: t}\n";
    let third = "title: C\nid: c\nlogsource: {category: x}\ndetection: {s: {a: 1}, condition: s}\n";
    let rules = read(&format!("{RULE}---\n{second}---\n{third}---\ntitle: D\nid: d\ndetection: [\n"));
    let states: Vec<_> = rules.iter().map(|rule| (rule.id.as_str(), rule.state())).collect();
    let first = "929a690e-bef0-4204-a928-ef5e620d6fcc";
    assert_eq!(states, [(first, State::Runs), ("b", State::Refused), ("c", State::Runs), ("d", State::Refused)]);
    assert!(rules[3].diagnostics.iter().any(|found| found.code == codes::ENVELOPE && found.span.is_some()));
}

#[test]
fn hostile_files_end_in_a_diagnostic() {
    let rule = |selection: &str, condition: &str| {
        let head = "title: T\nid: t\nlogsource: {category: x}\ndetection:\n";
        format!("{head}    s:\n        a: {selection}\n    condition: {condition}\n")
    };
    let many = |count: usize| (0..count).map(|at| format!("    s{at}:\n        a: 1\n")).collect::<String>();
    for (name, text) in [
        ("brackets", rule("1", &format!("{}s{}", "(".repeat(10_000), ")".repeat(10_000)))),
        ("negations", rule("1", &format!("{}s", "not ".repeat(10_000)))),
        ("open brackets", rule("1", &"(".repeat(60_000))),
        ("long condition", rule("1", &format!("s{}", " or s".repeat(100_000)))),
        ("large selection, often", rule(&format!("[{}]", "x, ".repeat(1_000)), &format!("s{}", " or s".repeat(5_000)))),
        ("choices", format!("{}    condition: 20 of s*\n", rule("1", "s\n").replace("    condition: s\n", &many(40)))),
        ("regex", rule("1", "s").replace("a: 1", &format!("a|re: '{}'", "(".repeat(100_000)))),
        ("lists", rule(&"[".repeat(50_000), "s")),
        ("nested selections", rule("1", "s").replace("a: 1", &"- ".repeat(50_000))),
        ("50 MB", rule(&"x".repeat(50 << 20), "s")),
    ] {
        let rules = read(&text);
        let refused = rules.iter().any(|rule| rule.diagnostics.iter().any(|found| found.level == Level::Refusal));
        assert!(refused, "{name}");
        assert!(rules.iter().all(|rule| rule.diagnostics.len() < 100), "{name}");
    }
}
