//! Rule files of Elastic: what is read, and what is said where it cannot be.

mod render;

use ir::{Level, Rule, Severity, State};
use lang::envelope::elastic;
use lang::repository::Repository;
use render::render;
use std::path::Path;
use std::time::Duration;

const RULE: &str = r#"
[metadata]
maturity = "production"

[rule]
rule_id = "0001"
name = "Long names"
description = "One host asks for long names."
type = "esql"
language = "esql"
from = "now-24h"
interval = "1h"
severity = "high"
risk_score = 73
tags = ["Data Source: DNS"]
references = ["https://example.org/"]
false_positives = ["Resolvers."]
query = '''
FROM logs-*
| WHERE LENGTH(dns.question.name) > 50
'''

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0011"
name = "Command and Control"
[[rule.threat.technique]]
id = "T1071"
name = "Application Layer Protocol"
[[rule.threat.technique.subtechnique]]
id = "T1071.004"
name = "DNS"
[[rule.threat.technique]]
id = "T1572"
name = "Protocol Tunneling"

[[rule.threat]]
[rule.threat.tactic]
id = "TA0010"
[[rule.threat.technique]]
id = "T1572"
name = "Protocol Tunneling"
"#;

fn read(text: &str) -> Rule {
    elastic::read(Path::new("rules/long-names.toml"), text)
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
    assert!(rule.body.is_some());
    assert_eq!((rule.id.as_str(), rule.title.as_str()), ("0001", "Long names"));
    assert_eq!((rule.severity, rule.risk_score), (Severity::High, Some(73)));
    assert_eq!(rule.schedule.look_back, Duration::from_secs(86_400));
    assert_eq!(rule.schedule.interval, Duration::from_secs(3_600));
    assert_eq!(rule.tags, ["Data Source: DNS"]);
    assert_eq!(rule.references, ["https://example.org/"]);
    assert_eq!(rule.false_positives, ["Resolvers."]);
    let techniques: Vec<_> = rule.techniques.iter().map(|found| (found.id.as_str(), found.tactics.join(" "))).collect();
    assert_eq!(techniques, [("T1071.004", "TA0011".to_owned()), ("T1572", "TA0011 TA0010".to_owned())]);
}

#[test]
fn the_schedule_has_kibanas_defaults() {
    let rule = read(&RULE.replace("from = \"now-24h\"\ninterval = \"1h\"\n", ""));
    assert_eq!(rule.schedule.look_back, Duration::from_secs(360));
    assert_eq!(rule.schedule.interval, Duration::from_secs(300));
}

#[test]
fn what_is_said_of_broken_files() {
    snapshot!(
        [
            ("severity = \"high\"", "severity = \"grave\""),
            ("severity = \"high\"", "severty = \"high\""),
            ("severity = \"high\"", ""),
            ("risk_score = 73", "risk_score = 173"),
            ("name = \"Long names\"", "name = 5"),
            ("tags = [\"Data Source: DNS\"]", "tags = \"Data Source: DNS\""),
            ("tags = [\"Data Source: DNS\"]", "tags = [1]"),
            ("from = \"now-24h\"", "from = \"24h\""),
            ("from = \"now-24h\"", "from = \"now-1d/d\""),
            ("interval = \"1h\"", "interval = \"hourly\""),
            ("risk_score = 73", "risk_score = 73\nto = \"now-5m\"\nmax_signals = 5"),
            ("type = \"esql\"\nlanguage = \"esql\"", "type = \"query\"\nlanguage = \"kuery\""),
            ("type = \"esql\"\nlanguage = \"esql\"", "type = \"machine_learning\""),
            ("[rule]", "[rules]"),
            ("[rule]", "[rule"),
        ]
        .map(|(old, new)| changed(old, new))
        .join("\n")
    );
}

#[test]
fn errors_in_the_query_are_shown_in_the_file() {
    let query = "'''\nFROM logs-*\n| WHERE LENGTH(dns.question.name) > 50\n'''";
    snapshot!(
        [
            "'''FROM logs-*\n| WHERE LENGTH(dns.question.name > 50\n| KEEP a b\n'''",
            "\"\"\"\nFROM logs-* \\\n   | WHERE a == \\\"\\\\d\\\" OR b ==\\tc d\n\"\"\"",
            "\"FROM a | WHERE b == \\\"\\u00e9\\\" c\"",
            "''",
            "5",
        ]
        .map(|new| changed(query, new))
        .join("\n")
    );
}

#[test]
fn a_refused_rule_has_no_body_and_keeps_its_name() {
    let rule = read("not a rule");
    assert_eq!((rule.id.as_str(), rule.body), ("long-names", None));
    assert_eq!(rule.diagnostics[0].level, Level::Refusal);
    let long = format!("# {}", "x".repeat(lang::repository::MAX_LENGTH));
    assert_eq!(read(&long).diagnostics[0].code, ir::codes::TOO_LARGE);
}

#[test]
fn the_rules_of_this_repository_run() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == "toml") {
                let rule = elastic::read(&path, &std::fs::read_to_string(&path).unwrap());
                assert_eq!(rule.diagnostics, [], "{}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 0);
}

#[test]
fn only_rule_files_are_read_unless_another_is_named() {
    let folder = std::env::temp_dir().join(format!("gannet-elastic-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("hunting")).unwrap();
    let hunt = folder.join("hunting/hunt.toml");
    std::fs::write(&hunt, "[hunt]\nname = \"a\"\n").unwrap();
    std::fs::write(folder.join("rule.toml"), RULE).unwrap();
    let all = Repository::read(std::slice::from_ref(&folder));
    let named = Repository::read(std::slice::from_ref(&hunt));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(all.rules().map(|(rule, _)| rule.id.as_str()).collect::<Vec<_>>(), ["0001"]);
    assert_eq!((all.others.len(), all.errors.len()), (1, 0));
    let codes: Vec<_> = named.rules().flat_map(|(rule, _)| &rule.diagnostics).map(|found| found.code).collect();
    assert_eq!(codes, [ir::codes::NO_RULE]);
}
