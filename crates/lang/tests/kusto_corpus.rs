//! Kusto's public queries through every stage. The rates may only rise.

use ir::{Body, ExprKind, Level, Pipeline, Source, StageKind, codes};
use lang::dialect::kusto;
use lang::repository::Repository;
use std::path::{Path, PathBuf};

/// Other people's data, outside the repository; `None` where it is absent, with a notice.
fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GANNET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent; GANNET_SHARED names the folder it is in", path.display());
    None
}

/// The query without places, which is what printing must keep.
fn shape(script: &kusto::ast::Script) -> String {
    let text = format!("{script:#?}");
    let is_place = |line: &str| ["start: ", "end: ", "file: "].iter().any(|part| line.trim_start().starts_with(part));
    text.lines().filter(|line| !is_place(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_query_parses_and_lowers() {
    let Some(folder) = shared("corpora/kusto") else { return };
    let repository = Repository::read(&[folder]);
    let (mut total, mut lowered, mut failures, mut refused) = (0, 0, Vec::new(), Vec::new());
    for (rule, document) in repository.rules() {
        total += 1;
        let text = &document.text;
        for diagnostic in rule.diagnostics.iter().filter(|found| found.level >= Level::Loss) {
            let place = diagnostic.span.map_or("", |span| span.of(text));
            let line = format!("{}: {diagnostic} at `{place}`", rule.id);
            let unread =
                [codes::SYNTAX, codes::LITERAL, codes::TOO_LARGE, codes::UNKNOWN_FUNCTION, codes::ARGUMENT_COUNT];
            if unread.contains(&diagnostic.code) { failures.push(line) } else { refused.push(line) }
        }
        let clean = rule.diagnostics.iter().all(|found| !found.code.0.starts_with("E01"));
        if let (Some(Body::Pipeline(pipeline)), true) = (&rule.body, clean) {
            lowered += 1;
            check_spans(pipeline, text, &rule.id);
        }
        if let Ok(script) = kusto::parse(text) {
            let printed = kusto::print(&script);
            match kusto::parse(&printed) {
                Ok(again) if shape(&script) == shape(&again) => {}
                Ok(_) => failures.push(format!("{}: changed by printing:\n{printed}", rule.id)),
                Err(errors) => failures.push(format!("{}: printed: {}\n{printed}", rule.id, errors[0])),
            }
        }
        assert!(rule.body.is_none() || !rule.log_sources.is_empty() || text.contains("externaldata"), "{}", rule.id);
    }
    println!("{lowered} of {total} queries\n{}", refused.join("\n"));
    // A workbook in JSON, which somebody gave the ending of a query.
    failures.retain(|line| !line.starts_with("365DaysofKQL-Day100: E0102: found `{`"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!((total, lowered) >= (462, 461), "{lowered} of {total}");
}

/// Every plain column name in the conditions, against the bytes of the file under its span.
fn check_spans(pipeline: &Pipeline, file: &str, id: &str) {
    if let Source::Union(parts) = &pipeline.source {
        parts.iter().for_each(|part| check_spans(part, file, id));
    }
    for stage in &pipeline.stages {
        if let StageKind::Filter(condition) = &stage.kind {
            condition.walk(&mut |expr| {
                if let ExprKind::Field(name) = &expr.kind
                    && !name.contains(['.', '['])
                {
                    let found = expr.span.of(file);
                    let bare = found.trim_matches(['[', ']', '\'', '"']);
                    let made = condition.span == expr.span || found.starts_with("parse");
                    assert!(bare == name || made, "{id}: {name} at {found}");
                }
            });
        }
    }
}
