//! Comma-separated values, as RFC 4180 has them.

use super::text;
use engine::finding::Finding;
use serde_json::Value;
use std::io::{self, Write};

const COLUMNS: [&str; 11] = [
    "severity",
    "confidence",
    "rule_id",
    "rule",
    "techniques",
    "group",
    "events",
    "first_seen",
    "last_seen",
    "window_from",
    "values",
];

/// A line for each finding; group and values as `field=value` pairs.
pub fn findings(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    header(out, COLUMNS)?;
    for finding in findings {
        let techniques: Vec<&str> = finding.rule.techniques.iter().map(|technique| technique.id.as_str()).collect();
        let row = [
            finding.rule.severity.name().to_string(),
            finding.rule.confidence.name().to_string(),
            finding.rule.id.clone(),
            finding.rule.title.clone(),
            techniques.join(" "),
            pairs(&finding.group),
            finding.events.to_string(),
            text::time(finding.first_seen),
            text::time(finding.last_seen),
            text::time(finding.window.from),
            pairs(&finding.values),
        ];
        record(out, row.iter().map(String::as_str))?;
    }
    Ok(())
}

/// The names of the columns.
pub fn header<'c>(out: &mut dyn Write, names: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
    let names: Vec<String> = names.into_iter().map(quoted).collect();
    writeln!(out, "{}", names.join(","))
}

/// One line of values. A spreadsheet runs a cell that begins like a formula, and values come from strangers' logs: such
/// a cell begins with an apostrophe.
pub fn record<'c>(out: &mut dyn Write, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
    let formula =
        |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() && text != "-";
    let cell = |text: &str| if formula(text) { quoted(&format!("'{text}")) } else { quoted(text) };
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    writeln!(out, "{}", cells.join(","))
}

fn pairs(values: &serde_json::Map<String, Value>) -> String {
    values.iter().map(|(name, value)| format!("{name}={}", text::value(value))).collect::<Vec<_>>().join("; ")
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed_and_values_are_never_formulas() -> io::Result<()> {
        let mut out = Vec::new();
        header(&mut out, ["@timestamp"])?;
        record(&mut out, ["a", "b,c", "say \"x\"", "=1+2", "-1"])?;
        assert_eq!(String::from_utf8_lossy(&out), "@timestamp\na,\"b,c\",\"say \"\"x\"\"\",'=1+2,-1\n");
        Ok(())
    }
}
