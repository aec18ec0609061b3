//! A hunt over old logs gives what the schedule would have given: every window asked for on its own, the plain way.

use engine::{
    Session,
    finding::{Finding, Window},
    hunt::{HuntRule, Panes, Period, hunt},
    session::Settings,
    table::{Events, Tables},
};
use ir::{Body, Rule, Schedule, State, Vendor};
use lang::esql::{self, Params};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeMap, error::Error, io::Write, time::Duration};

const MINUTE: i64 = 60_000;
const COUNTED: &str =
    "| STATS n = COUNT(*), names = COUNT_DISTINCT(dns.question.name) BY source.ip | WHERE n > 4 AND names > 2";
/// `NOW()` keeps the rule from being put together from panes.
const RERUN: &str = "| WHERE @timestamp <= NOW() | STATS n = COUNT(*), names = COUNT_DISTINCT(dns.question.name) \
                     BY source.ip | WHERE n > 4 AND names > 2";

/// Minutes since the epoch, source, name.
type Event = (i64, u8, u8);

fn tables(events: &[Event]) -> Result<(Tables, tempfile::NamedTempFile), Box<dyn Error>> {
    let mut file = tempfile::Builder::new().suffix(".ndjson").tempfile()?;
    for (minute, source, name) in events {
        let event = json!({
            "@timestamp": minute * MINUTE,
            "event.dataset": "network_traffic.dns",
            "source.ip": format!("10.0.0.{source}"),
            "dns.question.name": format!("n{name}.example"),
        });
        writeln!(file, "{event}")?;
    }
    let opened = ingest::open(&[file.path().to_string_lossy().into_owned()], &ingest::Options::default());
    assert!(opened.errors.is_empty(), "{:?}", opened.errors);
    Ok((Tables { events: Some(Events::new(opened.inputs)), ..Tables::default() }, file))
}

fn rule(query: &str, schedule: Schedule) -> Result<Rule, Box<dyn Error>> {
    let pipeline = esql::compile(query, &Params::none()).map_err(|problems| format!("{problems:?}"))?;
    let body = Some(Body::Pipeline(pipeline));
    Ok(Rule { schedule, body, ..Rule::unread(Vendor::Elastic, "esql", "test") })
}

fn found(session: &Session, tables: &Tables, tail: &str, schedule: Schedule) -> Result<Vec<Finding>, Box<dyn Error>> {
    let text = format!("FROM logs-* {tail}");
    let rule = rule(&text, schedule)?;
    let (findings, outcomes) = hunt(session, tables, &[HuntRule { rule: &rule, text: &text }], Period::default());
    assert_eq!(outcomes[0].state, State::Runs, "{:?}", outcomes[0].diagnostics);
    Ok(findings)
}

/// Each window on its own: the windows in which each source fired, with its count.
fn expected(events: &[Event], panes: Panes) -> BTreeMap<String, Vec<(Window, i64)>> {
    let mut fired: BTreeMap<String, Vec<(Window, i64)>> = BTreeMap::new();
    let (Some(first), Some(last)) = (events.iter().map(|e| e.0).min(), events.iter().map(|e| e.0).max()) else {
        return fired;
    };
    for run in *panes.runs(panes.pane(first * MINUTE)).start()..=*panes.runs(panes.pane(last * MINUTE)).end() {
        let window = panes.window(run);
        let mut groups: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        for (minute, source, name) in events {
            if (window.from..window.to).contains(&(minute * MINUTE)) {
                groups.entry(*source).or_default().push(*name);
            }
        }
        for (source, mut names) in groups {
            let count = names.len() as i64;
            names.sort_unstable();
            names.dedup();
            if count > 4 && names.len() > 2 {
                fired.entry(format!("10.0.0.{source}")).or_default().push((window, count));
            }
        }
    }
    fired
}

fn check(events: &[Event], interval: u64, look_back: u64) -> Result<(), Box<dyn Error>> {
    let minutes = |count: u64| Duration::from_secs(count * 60);
    let schedule = Schedule { interval: minutes(interval), look_back: minutes(look_back) };
    let panes = Panes::of(schedule)?;
    let session = Session::new(&Settings { partitions: 2, ..Settings::default() })?;
    let (tables, _file) = tables(events)?;
    let expected = expected(events, panes);
    for tail in [COUNTED, RERUN] {
        let findings = found(&session, &tables, tail, schedule)?;
        let who = |finding: &Finding| finding.group["source.ip"].as_str().unwrap_or_default().to_string();
        let mut groups: Vec<String> = findings.iter().map(who).collect();
        groups.sort();
        assert_eq!(groups, expected.keys().cloned().collect::<Vec<_>>(), "{tail}");
        for finding in findings.iter().filter(|_| tail == COUNTED) {
            let windows = &expected[&who(finding)];
            let most = windows.iter().map(|(_, count)| *count).max().unwrap_or_default();
            assert_eq!(finding.values["n"], Value::from(most), "the window with most events stands for the finding");
            let of_group = events.iter().filter(|event| format!("10.0.0.{}", event.1) == who(finding));
            let behind: Vec<i64> = of_group
                .map(|event| event.0 * MINUTE)
                .filter(|time| windows.iter().any(|(window, _)| (window.from..window.to).contains(time)))
                .collect();
            assert_eq!(finding.events, behind.len() as u64);
            assert_eq!(Some(&finding.first_seen), behind.iter().min());
            assert_eq!(Some(&finding.last_seen), behind.iter().max());
            assert_eq!(finding.samples.len(), behind.len().min(5), "the first events are read again");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_hunt_gives_what_the_schedule_would_have_given(
        events in prop::collection::vec((-200_i64..800, 0_u8..4, 0_u8..8), 1..120),
        (interval, look_back) in prop::sample::select(vec![(10, 60), (7, 20), (30, 30), (45, 30)]),
    ) {
        check(&events, interval, look_back).map_err(|error| TestCaseError::fail(error.to_string()))?;
    }
}
