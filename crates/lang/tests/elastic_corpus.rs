//! Every rule of Elastic's repository, through envelope and dialect. The rates may only rise.

mod shape;

use ir::{Body, Expr, ExprKind, Level, Literal, Rule, StageKind, State, Status};
use lang::dialect::{eql, kuery, lucene};
use lang::envelope::elastic;
use shape::shape;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|found| found == "toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

struct File {
    path: PathBuf,
    text: String,
    rule: Rule,
}

/// All of them, read once.
static RULES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let Some(folder) = shared("corpora/elastic") else { return Vec::new() };
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let rule = elastic::read(&path, &text);
        File { path, text, rule }
    };
    files(&folder).into_iter().map(read).collect()
});

#[test]
fn every_rule_lowers() {
    let rules = &*RULES;
    let mut active = 0;
    let mut failures = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    for File { path, text, rule } in rules {
        active += usize::from(rule.status != Status::Deprecated);
        for diagnostic in rule.diagnostics.iter().filter(|found| found.level == Level::Refusal) {
            let span = diagnostic.span.unwrap().of(text);
            failures.push(format!("{}: {diagnostic} at `{span}`", path.file_name().unwrap().display()));
        }
        for diagnostic in &rule.diagnostics {
            *said.entry(diagnostic.to_string()).or_default() += 1;
        }
        assert_eq!(State::of(&rule.diagnostics) == State::Refused, rule.body.is_none(), "{}", path.display());
        if let Some(body) = &rule.body {
            *kinds.entry(format!("{} {}", rule.language, body.kind())).or_default() += 1;
        }
    }
    println!("{} rules, {active} active, {} refused\n{kinds:#?}\n{said:#?}", rules.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(rules.is_empty() || (rules.len(), active) >= (2192, 2068), "{} {active}", rules.len());
}

#[test]
fn every_test_stands_where_its_span_says() {
    for File { path, text, rule } in &*RULES {
        for condition in rule.body.iter().flat_map(conditions) {
            condition.walk(&mut |expr| check_place(expr, text, path));
        }
    }
}

/// The conditions that the rule's author wrote.
fn conditions(body: &Body) -> Vec<&Expr> {
    match body {
        Body::Match(condition) => vec![condition],
        Body::Sequence(sequence) => sequence.steps.iter().chain(&sequence.until).map(|step| &step.condition).collect(),
        Body::NewTerms(new_terms) => vec![&new_terms.condition],
        Body::IndicatorMatch(matching) => {
            std::iter::once(&matching.condition).chain(&matching.indicator_condition).collect()
        }
        Body::Pipeline(pipeline) => pipeline
            .stages
            .iter()
            .filter_map(|stage| match &stage.kind {
                StageKind::Filter(condition) => Some(condition),
                _ => None,
            })
            .collect(),
        Body::Correlation(_) | Body::Model(_) => Vec::new(),
    }
}

/// Names and texts without escapes are under their spans, in quotes or not.
fn check_place(expr: &Expr, file: &str, path: &Path) {
    let under = expr.span.of(file);
    let plain = |character: &char| !"`\"'?\\".contains(*character);
    let same = |text: &str| under.chars().filter(plain).eq(text.chars().filter(plain));
    match &expr.kind {
        // The field that a word before `where` is a value of, and what a threshold computes, nobody wrote.
        ExprKind::Field(name) if name.starts_with("event.") || name.starts_with("threshold.") => {}
        // Inside of nested fields names are relative.
        ExprKind::Field(name) => {
            assert!(same(name) || name.ends_with(&format!(".{under}")), "{}: {name} at `{under}`", path.display());
        }
        ExprKind::Literal(Literal::String(text)) if !under.contains('\\') => {
            assert!(same(text), "{}: {text} at `{under}`", path.display());
        }
        _ => {}
    }
}

#[test]
fn printing_keeps_every_query() {
    let mut count = 0;
    let mut check = |path: &Path, query: &str, language: &str| {
        let same = match language {
            "kuery" => round_trip(query, kuery::parse, kuery::print),
            "lucene" => round_trip(query, lucene::parse, lucene::print),
            "eql" => round_trip(query, eql::parse, eql::print),
            _ => return,
        };
        assert!(same, "{}: {query}", path.display());
        count += 1;
    };
    for File { path, text, rule } in &*RULES {
        let document = toml::de::DeTable::parse(text).unwrap();
        let table = document.get_ref()["rule"].get_ref().as_table().unwrap();
        if let Some(query) = table.get("query") {
            check(path, query.get_ref().as_str().unwrap(), rule.language);
        }
    }
    println!("{count} queries");
}

fn round_trip<T: Debug, E: Debug>(
    query: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    print: impl Fn(&T) -> String,
) -> bool {
    let first = parse(query).unwrap();
    let again = parse(&print(&first)).unwrap();
    shape(&first) == shape(&again)
}

/// The cases of Elastic's own suite that are not commented out.
#[test]
fn every_case_of_elastics_suite_lowers() {
    let Some(folder) = shared("spec/eql") else { return };
    let text = format!("\n{}", std::fs::read_to_string(folder.join("test_extra.toml")).unwrap());
    let options = eql::Options { event_category_field: "event_type".to_owned(), ..Default::default() };
    let mut count = 0;
    for case in text.split("\n[[queries]]").skip(1) {
        let query = case.split("'''").nth(1).unwrap();
        if let Err(errors) = eql::compile_in(query, &lang::Origin::default(), &options) {
            panic!("{query}: {errors:?}");
        }
        assert!(round_trip(query, eql::parse, eql::print), "{query}");
        count += 1;
    }
    println!("{count} cases");
    assert!(count >= 40);
}
