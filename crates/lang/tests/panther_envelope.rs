//! Rule files of Panther: what is read of them, and what is said of those that are broken.

use ir::{Body, CorrelationKind, Rule, Severity, State, codes};
use lang::envelope::panther::samples;
use lang::repository::Repository;
use std::fs;

/// Reads files as one repository.
fn rules(files: &[(&str, &str)]) -> Vec<Rule> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    Repository::read(&[folder.path().to_owned()]).files.into_iter().flat_map(|file| file.rules).collect()
}

fn condition(rule: &Rule) -> String {
    match &rule.body {
        Some(Body::Match(condition)) => condition.to_string(),
        other => panic!("{other:?}"),
    }
}

fn said(rule: &Rule) -> Vec<String> {
    rule.diagnostics.iter().map(ToString::to_string).collect()
}

const RULE: &str = r#"
AnalysisType: rule
Filename: a.py
RuleID: Test.A
DisplayName: A rule
Enabled: true
LogTypes: [Okta.SystemLog]
Severity: High
Tags: [one]
Reports:
  MITRE ATT&CK:
    - TA0011:T1071.004
    - TA0010:T1071.004
Threshold: 1
Tests:
  - Name: matches
    ExpectedResult: true
    Log: {"a": "x", "n": 1, "list": [{"b": null}]}
"#;

#[test]
fn a_rule_has_its_metadata_and_its_program() {
    let rules = rules(&[("rules/a.yml", RULE), ("rules/a.py", "def rule(event):\n    return event.get('a') == 'x'\n")]);
    let [rule] = rules.as_slice() else { panic!("{rules:?}") };
    assert_eq!((rule.id.as_str(), rule.title.as_str(), rule.severity), ("Test.A", "A rule", Severity::High));
    assert_eq!(rule.techniques.len(), 1);
    assert_eq!(rule.techniques[0].id, "T1071.004");
    assert_eq!(rule.techniques[0].tactics, ["TA0011", "TA0010"]);
    assert_eq!(rule.log_sources[0].name, "Okta.SystemLog");
    assert_eq!(condition(rule), r#"(any (== a "x"))"#);
    assert_eq!(rule.further_files.len(), 1);
    assert!(rule.further_files[0].ends_with("rules/a.py"));
    assert_eq!(said(rule), [""; 0]);
}

#[test]
fn tests_are_read_as_json() {
    let samples = samples(RULE);
    assert_eq!(samples.len(), 1);
    assert_eq!(samples[0].event, r#"{"a":"x","n":1,"list":[{"b":null}]}"#);
    assert!(samples[0].expected && !samples[0].mocks);
}

#[test]
fn a_rule_without_its_program_is_refused() {
    for (files, message) in [
        (vec![("a.yml", RULE)], "E0101: the program `a.py` is not beside the rule"),
        (vec![("a.yml", RULE), ("a.py", "def other(event):\n    pass\n")], "E0105: the program has no function `rule`"),
        (vec![("a.yml", RULE), ("a.py", "def rule(event:\n")], "E0102: "),
    ] {
        let rules = rules(&files);
        assert_eq!(rules[0].state(), State::Refused);
        assert!(said(&rules[0])[0].starts_with(message), "{:?}", said(&rules[0]));
    }
}

#[test]
fn data_models_say_what_udm_means() {
    let model = |log_type: &str, mapping: &str| {
        format!(
            "AnalysisType: datamodel\nLogTypes: [{log_type}]\nFilename: model.py\nMappings:\n  - Name: source_ip\n    {mapping}\n"
        )
    };
    let program = "def rule(event):\n    return event.udm('source_ip') == '10.0.0.1'\n";
    let one = model("Okta.SystemLog", "Path: $.client.ipAddress");
    let found = rules(&[("a.yml", RULE), ("a.py", program), ("m/model.yml", &one)]);
    assert_eq!(condition(&found[0]), r#"(any (== client.ipAddress "10.0.0.1"))"#);

    let two = RULE.replace("[Okta.SystemLog]", "[Okta.SystemLog, Other]");
    let other = model("Other", "Method: address");
    let method = "def address(event):\n    return event.get('ip')\n";
    let found = rules(&[
        ("a.yml", &two),
        ("a.py", program),
        ("m/model.yml", &one),
        ("m/o.yml", &other),
        ("m/model.py", method),
    ]);
    assert_eq!(
        condition(&found[0]),
        r#"(or (and (any (== p_log_type "Okta.SystemLog")) (any (== client.ipAddress "10.0.0.1"))) (and (not (any (== p_log_type "Okta.SystemLog"))) (any (== p_log_type "Other")) (any (== ip "10.0.0.1"))))"#
    );
}

#[test]
fn conditions_in_yaml_are_read() {
    let detection = |conditions: &str| {
        let text = RULE.replace("Filename: a.py\n", "");
        condition(&rules(&[("a.yml", &format!("{text}Detection:\n{conditions}"))])[0])
    };
    for (conditions, expected) in [
        ("  - Key: a\n    Condition: Equals\n    Value: x\n", r#"(any (== a "x"))"#),
        ("  - DeepKey: [a, b]\n    Condition: IsNotIn\n    Values: [x, y]\n", r#"(not (any (in a.b "x" "y")))"#),
        (
            "  - Any:\n      - KeyPath: a.b\n        Condition: IStartsWith\n        Value: x\n      - Key: c\n        Condition: Exists\n",
            r#"(or (any (matches a.b starts~:"x")) (known c))"#,
        ),
        (
            "  - Key: a\n    Condition: AllElements\n    Expressions:\n      - Key: b\n        Condition: IsGreaterThan\n        Value: 3\n",
            r#"(not (any-of a (not (any (> a.b 3)))))"#,
        ),
        (
            "  - None:\n      - Key: ip\n        Condition: IsIPAddressInCIDR\n        Value: 10.0.0.0/8\n",
            r#"(not (or (any (matches ip cidr:"10.0.0.0/8"))))"#,
        ),
    ] {
        assert_eq!(detection(conditions), expected, "\n{conditions}");
    }
}

#[test]
fn derived_rules_have_what_they_do_not_say_from_their_base() {
    let derived = "AnalysisType: rule\nRuleID: Test.B\nBaseDetection: Test.A\nSeverity: Low\nInlineFilters:\n  - Key: c\n    Condition: Equals\n    Value: z\n";
    let found =
        rules(&[("a.yml", RULE), ("a.py", "def rule(event):\n    return event.get('a') == 'x'\n"), ("b.yml", derived)]);
    let rule = &found[1];
    assert_eq!((rule.id.as_str(), rule.title.as_str(), rule.severity), ("Test.B", "Test.B", Severity::Low));
    assert_eq!(condition(rule), r#"(and (any (== c "z")) (any (== a "x")))"#);
    let found = rules(&[("b.yml", derived)]);
    assert_eq!(found[0].diagnostics[0].code, codes::UNKNOWN_RULE);
}

#[test]
fn correlations_name_rules_and_what_they_have_in_common() {
    let text = r#"
AnalysisType: correlation_rule
RuleID: Test.C
Severity: Info
Detection:
  - Sequence:
      - ID: first
        RuleID: Test.A
      - ID: then
        RuleID: Test.B
        MinMatchCount: 2
    Transitions:
      - ID: first then
        From: first
        To: then
        WithinTimeFrameMinutes: 30
        Match:
          - On: p_alert_context.actor
    LookbackWindowMinutes: 60
"#;
    let found = rules(&[("c.yml", text)]);
    let Some(Body::Correlation(correlation)) = &found[0].body else { panic!("{found:?}") };
    assert_eq!(correlation.kind, CorrelationKind::TemporalOrdered);
    assert_eq!(correlation.rules.iter().map(|rule| rule.value.as_str()).collect::<Vec<_>>(), ["Test.A", "Test.B"]);
    assert_eq!(correlation.aliases.len(), 2);
    assert_eq!(found[0].state(), State::RunsWithLoss);
}

#[test]
fn files_that_are_no_rules_are_left_out() {
    for kind in ["datamodel", "global", "pack", "lookup_table", "saved_query", "scheduled_query"] {
        assert_eq!(rules(&[("a.yml", &format!("AnalysisType: {kind}\n"))]).len(), 0, "{kind}");
    }
    let found = rules(&[
        ("a.yml", "AnalysisType: scheduled_rule\nRuleID: S\nSeverity: Low\nFilename: a.py\nScheduledQueries: [q]\n"),
        ("a.py", "def rule(event):\n    return True\n"),
    ]);
    assert_eq!(found[0].diagnostics[0].code, codes::UNSUPPORTED_LANGUAGE);
    assert_eq!(rules(&[("a.yml", "AnalysisType: unheard_of\n")])[0].state(), State::Refused);
}
