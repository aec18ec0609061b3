//! `gannet schema`, and mappings of the user's own.

use assert_cmd::Command;
use serde_json::Value;
use std::{error::Error, fs};

type Failure = Box<dyn Error>;

/// The exit code, standard output and standard error.
fn gannet(args: &[&str]) -> Result<(Option<i32>, String, String), Failure> {
    let output = Command::cargo_bin("gannet")?.args(args).output()?;
    Ok((output.status.code(), String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}

#[test]
fn the_tables_are_searched_by_name() -> Result<(), Failure> {
    for (args, row) in [
        (&["fields", "dns.question.name"][..], "dns.question.name,keyword,one"),
        (&["events", "sysmon.22"], "sysmon.22,Sysmon 22: DNS query,endpoint"),
        (
            &["mappings", "--vendor", "kusto", "DnsQuery"],
            "kusto,dns.query,DnsQuery,dns.question.name,microsoft learn asim",
        ),
        (&["mappings", "--vendor", "sigma", "Image"], "*,*,Image,process.executable,sysinternals sysmon"),
        (
            &["mappings", "--log-sources", "process_creation/windows/*"],
            "sigma,process_creation/windows/-,sysmon.1;security.4688,",
        ),
    ] {
        let (code, out, error) = gannet(&[&["schema"], args, &["--format", "csv"]].concat())?;
        assert_eq!(code, Some(0), "{args:?}: {error}");
        assert!(out.lines().any(|line| line.starts_with(row)), "{args:?}: {out}");
    }
    let (_, out, _) =
        gannet(&["schema", "mappings", "--log-sources", "--vendor", "panther", "--format", "json", "zeek"])?;
    let shown: Value = serde_json::from_str(&out)?;
    let kinds: Vec<_> = shown["log_sources"].as_array().into_iter().flatten().map(|row| &row["kind"]).collect();
    assert!(!kinds.is_empty() && kinds.iter().all(|kind| **kind == "logtype"), "{out}");
    Ok(())
}

#[test]
fn names_without_a_mapping_are_listed_until_there_is_one() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let (rule, mine) = (folder.path().join("rule.yml"), folder.path().join("mine.csv"));
    fs::write(
        &rule,
        "title: A\nid: 6f2d2a1c-5a0e-4a3e-9b0a-0d3f8b1d5c11\nlogsource:\n  product: windows\n  service: security\n\
         detection:\n  selection:\n    EventID: 4688\n    HomeMade: x\n  condition: selection\n",
    )?;
    let (rule, path) = (rule.to_string_lossy(), mine.to_string_lossy());
    let unmapped =
        |more: &[&str]| gannet(&[&["schema", "unmapped", "--format", "json", "--rules", &rule], more].concat());
    let (code, out, error) = unmapped(&[])?;
    assert_eq!(code, Some(0), "{error}");
    let shown: Value = serde_json::from_str(&out)?;
    assert_eq!(shown["unmapped"][0]["name"], "HomeMade");
    assert_eq!(shown["unmapped"][0]["example"], *rule);
    assert_eq!(shown["summary"]["sigma"]["mapped"], 1);

    fs::write(&mine, "vendor,scope,field,canonical,source\nsigma,security,HomeMade,winlog.event_data.HomeMade,me\n")?;
    let (_, out, _) = unmapped(&["--mappings", &path])?;
    assert_eq!(serde_json::from_str::<Value>(&out)?["summary"]["sigma"]["mapped"], 2);

    fs::write(&mine, "vendor,scope,field,canonical,source\nsigma,secruity,HomeMade,winlog.event_data.HomeMade,me\n")?;
    let (code, _, error) = unmapped(&["--mappings", &path])?;
    assert_eq!(code, Some(2));
    assert!(error.contains("mine.csv:2:7: no such event class: `secruity`"), "{error}");
    Ok(())
}
