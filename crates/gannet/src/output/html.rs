//! A hunt as one self-contained page: no scripts or styles from elsewhere, so that it can be mailed and archived.

use super::{table, text};
use askama::Template;
use engine::finding::{Finding, Report};

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'r> {
    findings: Vec<Entry<'r>>,
    events: String,
    inputs: Vec<Input<'r>>,
    rules: Vec<Rule<'r>>,
}

struct Entry<'r> {
    title: &'r str,
    severity: &'static str,
    confidence: &'static str,
    techniques: String,
    group: Vec<(&'r str, String)>,
    values: Vec<(&'r str, String)>,
    events: String,
    first: String,
    last: String,
    timeline: Vec<Bar>,
    samples: Vec<String>,
}

/// A bar of a timeline: place and height in percent of the chart.
struct Bar {
    left: f64,
    width: f64,
    height: f64,
    label: String,
}

struct Input<'r> {
    path: &'r str,
    source: &'r str,
    events: String,
    unreadable: u64,
    first: String,
    last: String,
    remarks: String,
}

struct Rule<'r> {
    title: &'r str,
    state: &'static str,
    diagnostics: Vec<String>,
}

/// The page.
///
/// # Errors
/// The template could not be rendered.
pub fn page(report: &Report) -> Result<String, askama::Error> {
    let time = |millis: Option<i64>| millis.map(text::short_time).unwrap_or_default();
    let inputs = report.inputs.iter().map(|input| Input {
        path: &input.path,
        source: input.source.as_deref().unwrap_or("not recognised"),
        events: text::grouped(input.tally.events),
        unreadable: input.tally.unreadable,
        first: time(input.tally.first),
        last: time(input.tally.last),
        remarks: table::remarks(input).join("; "),
    });
    let rules = report.rules.iter().map(|rule| Rule {
        title: &rule.title,
        state: rule.state.name(),
        diagnostics: rule.diagnostics.iter().map(ToString::to_string).collect(),
    });
    let page = Page {
        findings: report.findings.iter().map(entry).collect(),
        events: text::grouped(report.inputs.iter().map(|input| input.tally.events).sum()),
        inputs: inputs.collect(),
        rules: rules.collect(),
    };
    page.render()
}

fn entry(finding: &Finding) -> Entry<'_> {
    let techniques: Vec<String> =
        finding.rule.techniques.iter().map(|technique| format!("{} {}", technique.id, technique.name)).collect();
    Entry {
        title: &finding.rule.title,
        severity: finding.rule.severity.name(),
        confidence: finding.rule.confidence.name(),
        techniques: techniques.join(", "),
        group: finding.group.iter().map(|(name, value)| (name.as_str(), text::value(value))).collect(),
        values: finding.values.iter().map(|(name, value)| (name.as_str(), text::value(value))).collect(),
        events: text::counted(finding.events, "event"),
        first: text::short_time(finding.first_seen),
        last: text::short_time(finding.last_seen),
        timeline: timeline(finding),
        samples: finding.samples.iter().map(|sample| format!("{sample:#}")).collect(),
    }
}

fn timeline(finding: &Finding) -> Vec<Bar> {
    let buckets = &finding.timeline;
    let (Some((first, _)), Some((last, _))) = (buckets.first(), buckets.last()) else { return Vec::new() };
    let narrowest = buckets.windows(2).map(|pair| pair[1].0 - pair[0].0).min().unwrap_or(1).max(1);
    let span = (last - first + narrowest) as f64;
    let most = buckets.iter().map(|(_, events)| *events).max().unwrap_or(1).max(1) as f64;
    let bar = |&(start, events): &(i64, u64)| Bar {
        left: (start - first) as f64 / span * 100.0,
        width: narrowest as f64 / span * 100.0,
        height: events as f64 / most * 100.0,
        label: format!("{}: {}", text::short_time(start), text::counted(events, "event")),
    };
    buckets.iter().map(bar).collect()
}
