//! Splunk's security content through every stage of the front end. The rates may only rise.

use ir::{Body, ExprKind, Level, Pipeline, Rule, Source, StageKind, State};
use lang::repository::{Document, Repository};
use lang::spl;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The corpus, outside the repository; `None` where it is absent, with a notice.
fn corpus() -> Option<Repository> {
    let root = std::env::var_os("GANNET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("corpora/splunk");
    if path.is_dir() {
        return Some(Repository::read(&[path]));
    }
    eprintln!("skipped: {} is absent; GANNET_SHARED names the folder it is in", path.display());
    None
}

fn name(document: &Document) -> String {
    document.stem()
}

#[test]
fn detections_are_read_and_lowered() {
    let Some(repository) = corpus() else { return };
    assert_eq!(repository.errors, Vec::<String>::new());
    let (mut total, mut lowered) = (0, 0);
    let mut refusals = Vec::new();
    let mut losses: BTreeMap<String, usize> = BTreeMap::new();
    for (rule, document) in repository.rules() {
        total += 1;
        let state = rule.state();
        lowered += usize::from(state != State::Refused && rule.body.is_some());
        for diagnostic in &rule.diagnostics {
            let at = diagnostic.span.map_or("", |span| span.of(&document.text));
            match diagnostic.level {
                Level::Refusal => refusals.push(format!("{}: {diagnostic} at `{at}`", name(document))),
                Level::Loss => *losses.entry(diagnostic.message.clone()).or_default() += 1,
                Level::Note => {}
            }
        }
    }
    println!("{lowered} of {total} rules\n{}\n{losses:#?}", refusals.join("\n"));
    assert!((total, lowered) >= (1711, 1710), "{lowered} of {total}\n{}", refusals.join("\n"));
}

/// The query without places, which is what printing must keep.
fn shape(query: &spl::ast::Query) -> String {
    let text = format!("{query:#?}");
    text.lines().filter(|line| !line.contains("start: ") && !line.contains("end: ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn printing_keeps_every_query() {
    let Some(repository) = corpus() else { return };
    let (mut failures, mut compared) = (Vec::new(), 0);
    let macros = spl::Macros::default();
    for (_, document) in repository.rules() {
        let Some(query) = search_of(&document.text) else { continue };
        let Ok(expanded) = spl::expand(&query, &macros) else { continue };
        let Ok(first) = spl::parse(&expanded) else { continue };
        compared += 1;
        let printed = spl::print(&first);
        match spl::parse(&printed) {
            Ok(second) if shape(&first) == shape(&second) => {}
            Ok(_) => failures.push(format!("{}: changed by printing:\n{expanded}\n{printed}", name(document))),
            Err(errors) => failures.push(format!("{}: {}\n{printed}", name(document), errors[0])),
        }
    }
    println!("{compared} queries, {} fail", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // The others call macros of the repository, which a query without its file does not have.
    assert!(compared >= 1_706, "{compared}");
}

/// The query as far as a plain reading of the file finds it: quoted in single quotes or plain, over several lines.
fn search_of(file: &str) -> Option<String> {
    let from = file.split_once("\nsearch:")?.1;
    let end = from.find("\nhow_to_implement:").unwrap_or(from.len());
    let text = from[..end].trim();
    let text = text.strip_prefix(['|', '>']).filter(|rest| rest.starts_with(['\n', '-'])).unwrap_or(text);
    let joined: Vec<_> = text.trim_start_matches('-').lines().map(str::trim).collect();
    let joined = joined.join(" ");
    match joined.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => Some(inner.replace("''", "'")),
        None if joined.starts_with('"') => None,
        None => Some(joined),
    }
}

/// Every field that the rule's own text names in a condition, against the bytes of the file under its span.
#[test]
fn fields_stand_where_their_spans_say() {
    let Some(repository) = corpus() else { return };
    let (mut fields, mut in_macros, mut wrong) = (0, 0, Vec::new());
    for (rule, document) in repository.rules() {
        let Some(Body::Pipeline(pipeline)) = &rule.body else { continue };
        each_filter(pipeline, &mut |condition| {
            condition.walk(&mut |expr| {
                if let ExprKind::Field(field) = &expr.kind {
                    let text = expr.span.of(&document.text);
                    if text.starts_with('`') {
                        in_macros += 1;
                    } else if text.trim_matches(['"', '\'', '\\']) == field {
                        fields += 1;
                    } else if !folded(text).contains(&folded(field)) {
                        wrong.push(format!("{}: `{field}` at `{text}`", name(document)));
                    }
                }
            });
        });
    }
    println!("{fields} fields, {in_macros} in macros");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(fields > 5_000, "{fields}");
}

/// A line of YAML may break where a blank stands.
fn folded(text: &str) -> String {
    text.split_whitespace().collect()
}

fn each_filter<'p>(pipeline: &'p Pipeline, visit: &mut dyn FnMut(&'p ir::Expr)) {
    if let Source::Union(parts) = &pipeline.source {
        parts.iter().for_each(|part| each_filter(part, visit));
    }
    for stage in &pipeline.stages {
        match &stage.kind {
            StageKind::Filter(condition) => visit(condition),
            StageKind::Join(join) => each_filter(&join.right, visit),
            StageKind::Append(parts) => parts.iter().for_each(|part| each_filter(part, visit)),
            _ => {}
        }
    }
}

#[test]
fn every_rule_says_what_it_reads() {
    let Some(repository) = corpus() else { return };
    let silent = |rule: &&Rule| rule.body.is_some() && rule.log_sources.is_empty();
    let rules: Vec<_> = repository.rules().map(|(rule, _)| rule).filter(silent).collect();
    let titles: Vec<_> = rules.iter().map(|rule| rule.title.as_str()).collect();
    println!("{} rules without log sources: {titles:#?}", titles.len());
    assert!(titles.is_empty(), "{titles:#?}");
}
