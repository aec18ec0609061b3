//! The cases of the built-in rules: `rules/**/*.cases`, each beside the rule of the same name.
//!
//! A file is a list of cases, separated by empty lines:
//!
//! ```text
//! case: what is shown
//! COUNT every STEP: {"field": "value"}        COUNT events, from the same start, STEP apart
//! finding: SEVERITY CONFIDENCE NAME=VALUE ... one line for each finding expected, in order
//! ```
//!
//! In a value, `{hex:N}` is N hexadecimal digits that differ from event to event, the same in every line; `events=N` in a
//! finding is its number of events, every other name is one of its group's or its values'.

use assert_cmd::Command;
use serde_json::{Value, json};
use std::{error::Error, fs, path::Path};

const START: &str = "2026-01-05T00:00:00Z";

#[test]
fn the_built_in_rules_find_what_their_cases_say() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/dns");
    let mut cases = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "cases") {
            for case in fs::read_to_string(&path)?.split("\n\n").filter(|text| text.contains("case:")) {
                check(&path.with_extension("toml"), case)?;
                cases += 1;
            }
        }
    }
    assert!(cases > 0, "no cases found");
    Ok(())
}

fn check(rule: &Path, case: &str) -> Result<(), Box<dyn Error>> {
    let (mut events, mut expected, mut name) = (String::new(), Vec::new(), "");
    for line in case.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.split_once(": ").ok_or("a line of a case is `key: value`")? {
            ("case", text) => name = text,
            ("finding", text) => expected.push(text),
            (repeat, event) => add_events(repeat, event, &mut events)?,
        }
    }
    let output = Command::cargo_bin("gannet")?
        .args(["hunt", "--format", "json", "--rules"])
        .arg(rule)
        .arg("-")
        .write_stdin(events)
        .output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{name}: {error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    assert_eq!(report["inputs"][0]["unreadable"], json!(0), "{name}: {}", report["inputs"]);
    let findings = report["findings"].as_array().ok_or("no findings in the report")?;
    assert_eq!(findings.len(), expected.len(), "{name}: {findings:#?}");
    for (finding, expected) in findings.iter().zip(expected) {
        compare(name, finding, expected)?;
    }
    Ok(())
}

fn add_events(repeat: &str, event: &str, events: &mut String) -> Result<(), Box<dyn Error>> {
    let (count, step) = repeat.split_once(" every ").ok_or("events are `COUNT every STEP: {..}`")?;
    let step: jiff::Span = step.parse()?;
    let mut time: jiff::Zoned = START.parse::<jiff::Timestamp>()?.to_zoned(jiff::tz::TimeZone::UTC);
    for number in 0..count.parse::<u64>()? {
        let mut document: Value = serde_json::from_str(&with_digits(event, number))?;
        document["@timestamp"] = json!(time.timestamp().to_string());
        if document.get("data_stream.dataset").is_none() {
            document["event.dataset"] = json!("network_traffic.dns");
        }
        events.push_str(&format!("{document}\n"));
        time = time.checked_add(step)?;
    }
    Ok(())
}

/// Replaces each `{hex:N}` by N digits made from the event's number.
fn with_digits(event: &str, number: u64) -> String {
    let mut parts = event.split("{hex:");
    let mut text = parts.next().unwrap_or("").to_string();
    for (at, part) in parts.enumerate() {
        let (width, rest) = part.split_once('}').unwrap_or(("0", part));
        let mut digits = String::new();
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(at as u64 + 1);
        let width = width.parse().unwrap_or(0);
        while digits.len() < width {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            digits.push_str(&format!("{state:016x}"));
        }
        text.push_str(&digits[..width]);
        text.push_str(rest);
    }
    text
}

fn compare(case: &str, finding: &Value, expected: &str) -> Result<(), Box<dyn Error>> {
    let mut words = expected.split(' ');
    assert_eq!(finding["rule"]["severity"].as_str(), words.next(), "{case}");
    assert_eq!(finding["rule"]["confidence"].as_str(), words.next(), "{case}");
    for word in words {
        let (name, value) = word.split_once('=').ok_or("an expected value is NAME=VALUE")?;
        let found = match name {
            "events" => &finding["events"],
            _ => finding["group"].get(name).or_else(|| finding["values"].get(name)).unwrap_or(&Value::Null),
        };
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_string);
        assert_eq!(found, value, "{case}: {name} of {finding:#}");
    }
    Ok(())
}
