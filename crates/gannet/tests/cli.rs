//! The contract with scripts: exit codes, standard output, and what is said of inputs that cannot be read.

use assert_cmd::Command;
use serde_json::Value;
use std::{error::Error, io::Write};

type Failure = Box<dyn Error>;

const EVENT: &str = r#"{"@timestamp":"2026-01-01T00:00:00Z","dns":{"question":{"name":"a.example","type":"A"}}}"#;

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn gannet(args: &[&str], stdin: &str) -> Result<Ran, Failure> {
    let output = Command::cargo_bin("gannet")?.args(args).write_stdin(stdin).output()?;
    Ok(Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout)?,
        stderr: String::from_utf8(output.stderr)?,
    })
}

#[test]
fn nothing_found_is_zero() -> Result<(), Failure> {
    let ran = gannet(&["hunt", "-"], EVENT)?;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("Read 1 event from 1 input"), "{}", ran.stdout);
    Ok(())
}

#[test]
fn a_finding_is_one() -> Result<(), Failure> {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples");
    let ran = gannet(&["hunt", "--format", "json", samples], "")?;
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!(report["findings"][0]["group"]["source.ip"], "10.20.1.15");
    assert_eq!(report["rules"][0]["state"], "runs");
    Ok(())
}

#[test]
fn a_wrong_query_is_two_and_shown_where_it_is() -> Result<(), Failure> {
    let ran = gannet(&["query", "FROM logs-* | WHERE LENGHT(x) > 1", "-"], EVENT)?;
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("query:1:21"), "{}", ran.stderr);
    Ok(())
}

#[test]
fn a_rule_path_without_rules_is_two() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_string_lossy().into_owned();
    assert_eq!(gannet(&["hunt", "--rules", &path, "-"], EVENT)?.code, Some(2));
    Ok(())
}

#[test]
fn a_missing_input_is_three_and_the_others_are_read() -> Result<(), Failure> {
    let ran = gannet(&["hunt", "-", "/no/such/file"], EVENT)?;
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("/no/such/file: no such file"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Read 1 event"), "{}", ran.stdout);
    Ok(())
}

#[test]
fn unreadable_lines_are_counted_shown_and_passed() -> Result<(), Failure> {
    let mut file = tempfile::Builder::new().suffix(".json").tempfile()?;
    write!(file, "{EVENT}\n{{\"broken\n{EVENT}\nnot json\n{{\"cut\":\"of")?;
    let ran = gannet(&["hunt", "--format", "json", &file.path().to_string_lossy()], "")?;
    let report: Value = serde_json::from_str(&ran.stdout)?;
    let input = &report["inputs"][0];
    assert_eq!((&input["events"], &input["unreadable"]), (&Value::from(2), &Value::from(3)), "{input}");
    let lines: Vec<_> = input["examples"].as_array().ok_or("no examples")?.iter().map(|e| &e["line"]).collect();
    assert_eq!(lines, [2, 4, 5]);
    Ok(())
}

#[test]
fn an_empty_file_is_no_error() -> Result<(), Failure> {
    let file = tempfile::NamedTempFile::new()?;
    let ran = gannet(&["hunt", &file.path().to_string_lossy()], "")?;
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("the file is empty"), "{}", ran.stdout);
    Ok(())
}

#[test]
fn rows_come_in_every_form() -> Result<(), Failure> {
    let query = "FROM logs-* | KEEP @timestamp, dns.question.name";
    let csv = gannet(&["query", "--format", "csv", query, "-"], EVENT)?;
    assert_eq!(csv.stdout, "@timestamp,dns.question.name\n2026-01-01T00:00:00.000Z,a.example\n");
    let ndjson = gannet(&["query", "--format", "ndjson", query, "-"], EVENT)?;
    let row: Value = serde_json::from_str(&ndjson.stdout)?;
    assert_eq!(row["dns.question.name"], "a.example");
    let json: Value = serde_json::from_str(&gannet(&["query", "--format", "json", query, "-"], EVENT)?.stdout)?;
    assert_eq!(json["columns"][0]["type"], "date");
    Ok(())
}

#[test]
fn parameters_and_lookups_reach_the_query() -> Result<(), Failure> {
    let mut table = tempfile::Builder::new().suffix(".csv").tempfile()?;
    write!(table, "dns.question.name,owner\na.example,ann\n")?;
    let lookup = format!("owners={}", table.path().display());
    let query = "FROM logs-* | WHERE LENGTH(dns.question.name) == ?length | LOOKUP JOIN owners ON dns.question.name \
                 | KEEP owner";
    let ran = gannet(&["query", "--format", "csv", "--lookup", &lookup, "--param", "length=9", query, "-"], EVENT)?;
    assert_eq!(ran.stdout, "owner\nann\n", "{}", ran.stderr);
    Ok(())
}

const SIGMA: &str = "\
title: Beacon names
id: 11111111-1111-4111-8111-111111111111
status: test
description: Names of one beacon
logsource:
    category: dns
detection:
    selection:
        query|startswith:
            - 'aaa.stage.'
            - 'post.1'
    filter:
        query|endswith: '.example'
    condition: selection and not filter
level: high
tags:
    - attack.command-and-control
    - attack.t1071.004
";

/// A folder with one Sigma rule.
fn sigma() -> Result<tempfile::TempDir, Failure> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("beacon.yml"), SIGMA)?;
    Ok(folder)
}

#[test]
fn the_catalog_shows_what_rules_look_for() -> Result<(), Failure> {
    let folder = sigma()?;
    let path = folder.path().to_string_lossy();
    let ran = gannet(&["catalog", "technique", "t1071.004", "--rules", &path, "--format", "json"], "")?;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let page: Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!(page["technique"]["name"], "DNS");
    let rules = page["rules"].as_array().ok_or("no rules")?;
    let beacon = rules.iter().find(|rule| rule["vendor"] == "sigma").ok_or("no rule of Sigma's")?;
    let shown: Vec<String> = beacon["predicates"]
        .as_array()
        .ok_or("no predicates")?
        .iter()
        .map(|test| {
            format!("{} {} {} {}:{}", test["polarity"], test["op"], test["value"], test["line"], test["column"])
        })
        .collect();
    let expected = [
        r#""include" "starts_with" "aaa.stage." 10:15"#,
        r#""include" "starts_with" "post.1" 11:15"#,
        r#""exclude" "ends_with" ".example" 13:25"#,
    ];
    assert_eq!(shown, expected);
    assert_eq!(page["exclusions"][0]["value"], ".example");
    Ok(())
}

#[test]
fn the_check_counts_states_by_vendor() -> Result<(), Failure> {
    let folder = sigma()?;
    std::fs::write(folder.path().join("broken.yml"), SIGMA.replace("selection and not filter", "selection and nut"))?;
    let ran = gannet(&["check", "--format", "json", &folder.path().to_string_lossy()], "")?;
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!(report["summary"]["sigma"]["total"], 2);
    let rules = report["rules"].as_array().ok_or("no rules")?;
    let is_broken = |rule: &&Value| rule["path"].as_str().is_some_and(|path| path.ends_with("broken.yml"));
    assert_eq!(rules.iter().find(is_broken).ok_or("the broken rule is not listed")?["state"], "refused");
    Ok(())
}

#[test]
fn the_site_is_written_into_a_folder() -> Result<(), Failure> {
    let (rules, site) = (sigma()?, tempfile::tempdir()?);
    let (rules, site) = (rules.path().to_string_lossy(), site.path());
    let ran = gannet(&["catalog", "html", "-o", &site.to_string_lossy(), "--rules", &rules], "")?;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let page = std::fs::read_to_string(site.join("technique/T1071.004.html"))?;
    assert!(page.contains("aaa.stage.") && page.contains("Beacon names"));
    assert!(std::fs::read_to_string(site.join("search.js"))?.contains("Beacon names"));
    Ok(())
}

#[test]
fn rules_are_read_from_git_repositories() -> Result<(), Failure> {
    let (rules, cache) = (sigma()?, tempfile::tempdir()?);
    for args in [
        &["init", "--quiet"][..],
        &["add", "."],
        &["-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "-m", "rules"],
    ] {
        assert!(std::process::Command::new("git").arg("-C").arg(rules.path()).args(args).status()?.success());
    }
    let url = format!("file://{}", rules.path().display());
    for _cloned_then_updated in 0..2 {
        let mut command = Command::cargo_bin("gannet")?;
        let output =
            command.args(["catalog", "rules", "--rules", &url]).env("XDG_CACHE_HOME", cache.path()).output()?;
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8(output.stdout)?.contains("Beacon names"));
    }
    Ok(())
}

const DNSMASQ: &str = "Nov 21 17:31:56 dnsmasq[812]: query[A] a.example from 10.0.0.1\n";

#[test]
fn what_was_assumed_of_an_input_is_told_and_can_be_said() -> Result<(), Failure> {
    let ran = gannet(&["hunt", "-"], DNSMASQ)?;
    assert!(ran.stdout.contains("no zone: they are taken as UTC"), "{}", ran.stdout);
    let ran = gannet(&["hunt", "--format", "json", "-"], DNSMASQ)?;
    let report: Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!(report["inputs"][0]["notes"].as_array().map(Vec::len), Some(2), "{}", ran.stdout);
    let ran = gannet(&["hunt", "--format", "html", "-"], DNSMASQ)?;
    assert!(ran.stdout.contains("no zone: they are taken as UTC"), "{}", ran.stdout);
    let ran = gannet(&["hunt", "--timezone", "Europe/Berlin", "--format", "json", "-"], DNSMASQ)?;
    let report: Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!(report["inputs"][0]["notes"].as_array().map(Vec::len), Some(1), "{}", ran.stdout);
    assert!(report["inputs"][0]["first"].as_str().is_some_and(|first| first.ends_with("-11-21T16:31:56.000Z")));
    assert_eq!(gannet(&["hunt", "--timezone", "Mars", "-"], DNSMASQ)?.code, Some(2));
    Ok(())
}

#[test]
fn a_hunt_tells_of_the_rules_that_it_cannot_run() -> Result<(), Failure> {
    let folder = sigma()?;
    std::fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/dns/dns-tunnel.toml"),
        folder.path().join("t.toml"),
    )?;
    let ran = gannet(&["hunt", "--rules", &folder.path().to_string_lossy(), "-"], EVENT)?;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("1 rule ran; 1 refused.") && ran.stdout.contains("E0206"), "{}", ran.stdout);
    Ok(())
}

#[test]
fn rules_that_share_an_id_both_count() -> Result<(), Failure> {
    let folder = sigma()?;
    std::fs::write(folder.path().join("copy.yml"), SIGMA)?;
    let path = folder.path().to_string_lossy().into_owned();
    let ran = gannet(&["catalog", "technique", "T1071.004", "--rules", &path, &path, "--format", "json"], "")?;
    let page: Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!((&page["fields"][0]["rules"], &page["indicators"][0]["rules"]), (&Value::from(2), &Value::from(2)));
    assert!(ran.stdout.contains("W0012"), "{}", ran.stdout);
    Ok(())
}
