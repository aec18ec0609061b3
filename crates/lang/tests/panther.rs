//! Panther's own repository, read where `GANNET_PANTHER` names it: how many rules give facts, and how many of them pass
//! the tests that their authors wrote. The rates may only rise.

mod evaluate;

use ir::{Body, Expr, ExprKind, LineColumn, Rule, State, codes};
use lang::envelope::panther::samples;
use lang::repository::{Document, Repository};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn repository() -> Option<Repository> {
    match std::env::var_os("GANNET_PANTHER") {
        Some(path) => Some(Repository::read(&[PathBuf::from(path)])),
        None => {
            eprintln!("skipped: GANNET_PANTHER names no clone of Panther's repository of rules");
            None
        }
    }
}

/// Streaming rules with a program.
fn streaming(repository: &Repository) -> Vec<(&Rule, &Document)> {
    let is_streaming = |document: &Document| document.text.lines().any(|line| line.starts_with("AnalysisType: rule"));
    let in_rules = |document: &Document| !document.path.components().any(|part| part.as_os_str() == "templates");
    repository.rules().filter(|(_, document)| is_streaming(document) && in_rules(document)).collect()
}

fn condition(rule: &Rule) -> Option<&Expr> {
    match &rule.body {
        Some(Body::Match(condition)) => Some(condition),
        _ => None,
    }
}

fn has_predicate(condition: &Expr) -> bool {
    let mut found = false;
    condition.walk(&mut |expr| {
        found |= matches!(
            expr.kind,
            ExprKind::Compare { .. }
                | ExprKind::In { .. }
                | ExprKind::Matches { .. }
                | ExprKind::IsNull { .. }
                | ExprKind::Call { .. }
        );
    });
    found
}

#[test]
fn rules_give_facts() {
    let Some(repository) = repository() else { return };
    let rules = streaming(&repository);
    let mut without = Vec::new();
    let mut unread: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, document) in &rules {
        *states.entry(rule.state().name()).or_default() += 1;
        for diagnostic in rule.diagnostics.iter().filter(|found| found.code == codes::UNREAD_CODE) {
            let span = diagnostic.span.unwrap_or_default();
            let file = rule.further_files.get(usize::from(span.file).saturating_sub(1)).cloned().unwrap_or_default();
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            let name = file.rsplit('/').next().unwrap_or_default().to_owned();
            let place = format!(
                "{name}:{} {}",
                LineColumn::of(span.start, &text),
                span.of(&text).lines().next().unwrap_or_default()
            );
            unread.entry(diagnostic.message.clone()).or_default().push(place);
        }
        if rule.state() == State::Refused || !condition(rule).is_some_and(has_predicate) {
            let reasons: Vec<String> = rule.diagnostics.iter().map(ToString::to_string).collect();
            without.push(format!("{}: {}", document.stem(), reasons.join("; ")));
        }
    }
    let mut unread: Vec<_> = unread.into_iter().collect();
    unread.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    for (reason, places) in &unread {
        println!("{:4} {reason}", places.len());
        places.iter().take(4).for_each(|place| println!("         {place}"));
    }
    println!("{states:?}\nwithout facts or refused:");
    without.iter().for_each(|line| println!("  {line}"));
    let rate = 1.0 - without.len() as f64 / rules.len() as f64;
    println!("{} of {} rules give facts: {:.1} %", rules.len() - without.len(), rules.len(), rate * 100.0);
    assert!(rate >= 0.965);
}

#[test]
fn rules_pass_their_own_tests() {
    let Some(repository) = repository() else { return };
    let (mut passing, mut tested, mut mocked, mut right, mut wrong) = (0, 0, 0, 0, 0);
    let mut failures = Vec::new();
    for (rule, document) in streaming(&repository) {
        let all = samples(&document.text);
        let samples: Vec<_> = all.iter().filter(|sample| !sample.mocks).collect();
        mocked += all.len() - samples.len();
        if samples.is_empty() {
            continue;
        }
        tested += 1;
        let mut failed = Vec::new();
        for sample in samples {
            let event = serde_json::from_str(&sample.event).expect("a sample is JSON");
            let got = condition(rule).is_some_and(|condition| evaluate::holds(condition, &event));
            if got == sample.expected {
                right += 1
            } else {
                wrong += 1
            }
            if got != sample.expected {
                failed.push(format!("{} is {got}", sample.name));
            }
        }
        if failed.is_empty() {
            passing += 1;
        } else {
            let expr = condition(rule).map(|condition| condition.to_string()).unwrap_or_default();
            failures.push(format!(
                "{}: {}\n    {}",
                document.stem(),
                failed.join(", "),
                expr.chars().take(1500).collect::<String>()
            ));
        }
    }
    failures.iter().for_each(|failure| println!("{failure}"));
    let rate = f64::from(passing) / f64::from(tested);
    println!(
        "{passing} of {tested} rules pass all of their tests: {:.1} %; {right} tests right, {wrong} wrong, {mocked} with mocks left out",
        rate * 100.0
    );
    assert!(rate >= 0.97);
}
