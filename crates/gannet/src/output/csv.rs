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
    record(out, COLUMNS)?;
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

/// One line of cells.
pub fn record<'c>(out: &mut dyn Write, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    writeln!(out, "{}", cells.join(","))
}

fn pairs(values: &serde_json::Map<String, Value>) -> String {
    values.iter().map(|(name, value)| format!("{name}={}", text::value(value))).collect::<Vec<_>>().join("; ")
}

fn cell(text: &str) -> String {
    // A spreadsheet runs a cell that begins like a formula; the values come from strangers' logs.
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() && text != "-" {
        format!("'{text}")
    } else {
        text.to_string()
    };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed_and_never_formulas() -> io::Result<()> {
        let mut out = Vec::new();
        record(&mut out, ["a", "b,c", "say \"x\"", "=1+2", "-1"])?;
        assert_eq!(String::from_utf8_lossy(&out), "a,\"b,c\",\"say \"\"x\"\"\",'=1+2,-1\n");
        Ok(())
    }
}
