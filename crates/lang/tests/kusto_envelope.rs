//! Rule files of Microsoft Sentinel and bare queries: what is read, and what is said where it cannot be.

mod render;

use ir::{Body, LineColumn, Rule, Severity, Source, StageKind, State, Vendor};
use lang::envelope::{Context, Envelope, kql_file, sentinel};
use lang::repository::Document;
use render::render;
use std::time::Duration;

const RULE: &str = r#"id: 11111111-2222-3333-4444-555555555555
name: Many names that do not exist
description: |
  'A host asks for many names that do not exist.'
severity: Medium
requiredDataConnectors:
  - connectorId: DNS
    dataTypes:
      - DnsEvents
queryFrequency: 1h
queryPeriod: P1D
triggerOperator: gt
triggerThreshold: 3
tactics:
  - CommandAndControl
  - Exfiltration
relevantTechniques:
  - T1071
  - T1071.004
  - T1048
query: |
  let threshold = 200;
  _Im_Dns(responsecodename='NXDOMAIN')
  // Names inside are no matter.
  | where DnsQuery !endswith ".internal"
  | summarize count() by SrcIpAddr
  | where count_ > threshold
entityMappings:
  - entityType: IP
    fieldMappings:
      - identifier: Address
        columnName: SrcIpAddr
version: 1.0.0
kind: Scheduled
"#;

fn document(name: &str, text: &str) -> Document {
    Document { path: name.into(), text: text.to_owned() }
}

fn read(text: &str) -> Rule {
    let document = document("rules/many-names.yaml", text);
    assert!(sentinel::Sentinel.recognises(&document), "{text}");
    sentinel::Sentinel.read(&document, &Context::default()).remove(0)
}

/// What is said about the rule with `old` replaced by `new`.
fn changed(old: &str, new: &str) -> String {
    assert!(RULE.contains(old), "{old}");
    let text = RULE.replacen(old, new, 1);
    let rule = read(&text);
    format!("{new}\n-> {}\n{}", State::of(&rule.diagnostics).name(), render(&text, &rule.diagnostics))
}

#[test]
fn a_whole_rule() {
    let rule = read(RULE);
    assert_eq!(rule.diagnostics, []);
    assert_eq!((rule.vendor, rule.language), (Vendor::Kusto, "kusto"));
    assert_eq!(rule.id, "11111111-2222-3333-4444-555555555555");
    assert_eq!(rule.title, "Many names that do not exist");
    assert_eq!(rule.description, "A host asks for many names that do not exist.");
    assert_eq!(rule.severity, Severity::Medium);
    assert_eq!(rule.schedule.interval, Duration::from_secs(3_600));
    assert_eq!(rule.schedule.look_back, Duration::from_secs(86_400));
    let techniques: Vec<_> = rule.techniques.iter().map(|found| (found.id.as_str(), found.tactics.join(" "))).collect();
    assert_eq!(techniques, [("T1071.004", "TA0011".to_owned()), ("T1048", "TA0010".to_owned())]);
    assert_eq!(rule.log_sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["_Im_Dns"]);
}

#[test]
fn the_threshold_counts_the_rows() {
    let stages = |text: &str| match read(text).body {
        Some(Body::Pipeline(pipeline)) => pipeline.stages,
        other => panic!("{other:?}"),
    };
    let with = stages(RULE);
    let [.., count, last] = with.as_slice() else { panic!("{with:?}") };
    assert!(matches!(&count.kind, StageKind::Aggregate(aggregate) if aggregate.inline));
    assert!(matches!(&last.kind, StageKind::Filter(test) if test.to_string() == "(> result_count 3)"));
    let without = stages(&RULE.replace("triggerThreshold: 3", "triggerThreshold: 0"));
    assert_eq!(without.len() + 2, with.len());
    let none =
        stages(&RULE.replace("triggerOperator: gt", "triggerOperator: Equal").replace("Threshold: 3", "Threshold: 0"));
    assert!(matches!(&none[none.len() - 2].kind, StageKind::Aggregate(aggregate) if !aggregate.inline));
}

#[test]
fn places_are_those_of_the_file() {
    let Some(Body::Pipeline(pipeline)) = read(RULE).body else { panic!("no pipeline") };
    let places: Vec<_> = pipeline
        .stages
        .iter()
        .filter_map(|stage| match &stage.kind {
            StageKind::Filter(condition) => {
                let LineColumn { line, column } = LineColumn::of(condition.span.start, RULE);
                Some(format!("{line}:{column} {}", condition.span.of(RULE)))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        places,
        ["23:28 'NXDOMAIN'", "25:11 DnsQuery !endswith \".internal\"", "27:11 count_ > threshold", "13:19 3",]
    );
}

#[test]
fn what_is_said_of_broken_files() {
    snapshot!(
        [
            ("name: Many names that do not exist\n", ""),
            ("severity: Medium", "severity: grave"),
            ("queryFrequency: 1h", "queryFrequency: hourly"),
            ("triggerThreshold: 3", "triggerThreshold: three"),
            ("triggerOperator: gt", "triggerOperator: above"),
            ("version: 1.0.0", "verson: 1.0.0"),
            ("| where DnsQuery !endswith", "| wehre DnsQuery !endswith"),
            ("count_ > threshold", "count_ > treshold("),
            ("query: |\n", "query: 5\nother: |\n"),
        ]
        .map(|(old, new)| changed(old, new))
        .join("\n")
    );
}

#[test]
fn a_query_with_an_error_keeps_the_rest() {
    let rule = read(&RULE.replace("| summarize count()", "| summarise count()"));
    let Some(Body::Pipeline(pipeline)) = rule.body else { panic!("no body") };
    assert_eq!(State::of(&rule.diagnostics), State::Refused);
    assert_eq!(pipeline.stages.len(), 5);
}

#[test]
fn a_bare_file_is_one_rule() {
    let text = "//Finds x\n//and y\n\n//Sentinel\nT\n| where a == 1\n\n//Defender\n\nU\n| where b == 2\n";
    let document = document("hunts/Find-X.kql", text);
    assert!(kql_file::KqlFile.recognises(&document));
    let rules = kql_file::KqlFile.read(&document, &Context::default());
    let [rule] = rules.as_slice() else { panic!("{} rules", rules.len()) };
    assert_eq!((rule.id.as_str(), rule.description.as_str()), ("Find-X", "Finds x\nand y"));
    assert_eq!(rule.diagnostics, []);
    let Some(Body::Pipeline(pipeline)) = &rule.body else { panic!("no body") };
    assert!(matches!(&pipeline.source, Source::Union(parts) if parts.len() == 2));
    assert_eq!(rule.log_sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["T", "U"]);
}

#[test]
fn a_file_without_a_query_is_refused() {
    for text in ["", "let a = 5;", "{ \"json\": 1 }"] {
        let rule = kql_file::KqlFile.read(&document("x.kql", text), &Context::default()).remove(0);
        assert_eq!(State::of(&rule.diagnostics), State::Refused, "{text}");
    }
}
