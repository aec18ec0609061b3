//! SigmaHQ's rules through every stage. The rates may only rise.

use ir::{Body, Expr, ExprKind, Literal, PatternKind, Rule, State, codes};
use lang::dialect::sigma::{self, Placeholders};
use lang::envelope::sigma::detections;
use lang::repository::{Document, Repository};
use std::path::{Path, PathBuf};

/// Folders of rules in use, with how many there are.
const MAIN: &[(&str, usize)] = &[
    ("rules", 3141),
    ("rules-threat-hunting", 140),
    ("rules-emerging-threats", 473),
    ("rules-compliance", 3),
    ("rules-placeholder", 23),
];

/// Rules that have no body, with the reason: their conditions are plans for a language that was never made.
const WITHOUT_BODY: &[(&str, &str)] = &[
    ("net_dns_high_subdomain_rate.yml", "`per ... per`"),
    ("sysmon_always_install_elevated_parent_child_correlated.yml", "`write ... to %...%; then if ... -> alert`"),
    ("win_dumping_ntdsdit_via_dcsync.yml", "`write ... to list %...%; then if ... -> alert`"),
    ("win_dumping_ntdsdit_via_netsync.yml", "`write ... to list %...%; then if ... -> alert`"),
];

/// Other people's data, outside the repository; `None` where it is absent, with a notice.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("GANNET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("corpora/sigma");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent; GANNET_SHARED names the folder it is in", path.display());
    None
}

fn file_name(document: &Document) -> String {
    document.path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_rule_in_use_has_a_body() {
    let Some(corpus) = corpus() else { return };
    let mut refused = 0;
    for (folder, expected) in MAIN {
        let repository = Repository::read(&[corpus.join(folder)]);
        assert_eq!(repository.errors, [""; 0]);
        let rules: Vec<_> = repository.rules().collect();
        assert_eq!(rules.len(), *expected, "{folder}");
        for (rule, document) in rules {
            assert!(rule.body.is_some(), "{}: {:?}", file_name(document), rule.diagnostics);
            if rule.state() == State::Refused {
                refused += 1;
                let mut found = rule.diagnostics.iter().filter(|found| found.level == ir::Level::Refusal);
                assert!(found.all(|found| found.code == codes::UNKNOWN_PLACEHOLDER), "{}", file_name(document));
            }
        }
    }
    // Rules that cannot be true before their user says what the placeholder stands for.
    assert!(refused <= 11, "{refused} rules are refused");
}

#[test]
fn rules_out_of_use_have_a_body_or_a_reason() {
    let Some(corpus) = corpus() else { return };
    let repository = Repository::read(&["deprecated", "unsupported"].map(|folder| corpus.join(folder)));
    let mut without: Vec<String> = Vec::new();
    let mut aggregations = 0;
    let mut sequences = 0;
    for (rule, document) in repository.rules() {
        match rule.body {
            None => without.push(file_name(document)),
            Some(Body::Pipeline(_)) => aggregations += 1,
            Some(Body::Sequence(_)) => sequences += 1,
            _ => {}
        }
    }
    without.sort();
    assert_eq!(without, WITHOUT_BODY.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!((repository.rules().count(), aggregations, sequences), (261, 47, 8));
}

/// Every file of the corpus that has a detection.
fn texts(corpus: &Path) -> Vec<(String, String)> {
    let repository = Repository::read(&[corpus.to_owned()]);
    repository.files.iter().map(|file| (file_name(&file.document), file.document.text.clone())).collect()
}

#[test]
fn printing_keeps_every_rule() {
    let Some(corpus) = corpus() else { return };
    let mut printed = 0;
    for (name, text) in texts(&corpus) {
        for detection in detections(&text).into_iter().flatten() {
            let once = sigma::print(&detection);
            let again = detections(&once);
            let [Ok(read)] = again.as_slice() else { panic!("{name}: {again:?} in\n{once}") };
            assert_eq!(once, sigma::print(read), "{name}");
            let meaning = |detection| match sigma::lower(detection, &Placeholders::new()) {
                Ok(lowered) => shape(&lowered.body),
                Err(errors) => format!("{errors:?}"),
            };
            assert_eq!(meaning(&detection), meaning(read), "{name}");
            printed += 1;
        }
    }
    assert!(printed >= 4_037, "{printed} detections");
}

fn shape(body: &Body) -> String {
    match body {
        Body::Match(expr) => expr.to_string(),
        Body::Pipeline(pipeline) => {
            let mut out = String::new();
            pipeline.for_each_expr(&mut |expr| out.push_str(&expr.to_string()));
            out
        }
        Body::Sequence(sequence) => {
            let steps = sequence.steps.iter().map(|step| format!("{} {}", step.condition, step.missing));
            format!("{:?} {}", sequence.max_span, steps.collect::<String>())
        }
        other => format!("{other:?}"),
    }
}

/// Calls `visit` on every expression of a rule that stands in its own file.
fn expressions(rule: &Rule, visit: &mut dyn FnMut(&Expr)) {
    let mut walk = |expr: &Expr| expr.walk(&mut |part| visit(part));
    match &rule.body {
        Some(Body::Match(expr)) => walk(expr),
        Some(Body::Sequence(sequence)) => sequence.steps.iter().for_each(|step| walk(&step.condition)),
        _ => {}
    }
}

/// The value of a scalar as it is written, in the form of [`letters`].
fn bare(written: &str) -> String {
    let inside = |quote| written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    match (inside('\''), inside('"')) {
        (Some(single), _) => letters(&single.replace("''", "'")),
        (_, Some(double)) => letters(double),
        _ => letters(written),
    }
}

/// A value without what escapes and wildcards do to it.
fn letters(text: &str) -> String {
    text.replace(['\\', '*', '?'], "").to_lowercase()
}

#[test]
fn spans_cover_what_they_are_of() {
    let Some(corpus) = corpus() else { return };
    let repository = Repository::read(&["rules", "rules-threat-hunting"].map(|folder| corpus.join(folder)));
    let mut fields = 0;
    let mut values = 0;
    for (rule, document) in repository.rules() {
        // Values that a modifier rewrites are not found in the text.
        let rewritten = ["windash", "base64", "fieldref"].iter().any(|word| document.text.contains(word));
        expressions(rule, &mut |expr| match &expr.kind {
            ExprKind::Field(name) if !rewritten => {
                assert_eq!(expr.span.of(&document.text), name, "{}", file_name(document));
                fields += 1;
            }
            ExprKind::Literal(Literal::String(text)) if !rewritten => {
                assert_eq!(bare(expr.span.of(&document.text)), letters(text), "{}", file_name(document));
                values += 1;
            }
            ExprKind::Matches { patterns, .. } if !rewritten => {
                for pattern in patterns {
                    let (PatternKind::Contains(text)
                    | PatternKind::StartsWith(text)
                    | PatternKind::EndsWith(text)
                    | PatternKind::Equals(text)
                    | PatternKind::Wildcard(text)
                    | PatternKind::Cidr(text)
                    | PatternKind::Regex { pattern: text, .. }) = &pattern.kind
                    else {
                        panic!("{pattern}");
                    };
                    let written = pattern.span.of(&document.text);
                    if !written.starts_with('"') {
                        assert_eq!(bare(written), letters(text), "{}", file_name(document));
                        values += 1;
                    }
                }
            }
            _ => {}
        });
    }
    assert!(fields > 8_000 && values > 30_000, "{fields} fields and {values} values");
}
