//! Names without a meaning: how they are counted, and how many there are in real rules.

use catalog::{RuleFacts, tables};
use ir::{Body, LogSource, LogSourceKind, Rule, Span, Vendor};
use lang::esql::{self, Params};
use lang::repository::Repository;
use schema::Mappings;
use std::path::{Path, PathBuf};

#[test]
fn names_without_a_meaning_are_counted() {
    let rule = |id: &str, source: &str, query: &str| {
        let pipeline = esql::compile(query, &Params::none()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
        let span = Span::new(0, 0);
        let rule = Rule {
            log_sources: vec![LogSource { kind: LogSourceKind::Sigma, name: source.into(), span }],
            body: Some(Body::Pipeline(pipeline)),
            ..Rule::unread(Vendor::Sigma, "esql", id)
        };
        RuleFacts::new(rule, format!("{id}.yml"), &[query], Mappings::built_in())
    };
    let facts = [
        rule("a", "-/windows/security", r#"FROM x | WHERE Imgae == "x" OR Imgae == "y" OR Image == "z""#),
        rule("b", "made_up/-/-", r#"FROM x | WHERE Imgae == "x""#),
    ];
    let rules: Vec<&RuleFacts> = facts.iter().collect();
    let rows = tables::unmapped(&rules, Mappings::built_in());
    let rows: Vec<_> =
        rows.iter().map(|row| (row.kind.name(), &*row.name, row.uses, row.rules, &*row.example)).collect();
    assert_eq!(rows, [("field", "Imgae", 3, 2, "a.yml"), ("log source", "made_up/-/-", 1, 1, "b.yml")]);
    let share = tables::shares(&rules, Mappings::built_in());
    assert_eq!(share.get(&Vendor::Sigma), Some(&tables::Share { tests: 4, mapped: 1 }));
}

/// For each corpus how many in ten thousand tests are of fields with a canonical name. A floor may only rise.
const FLOORS: [(&str, Vendor, usize); 4] = [
    ("sigma", Vendor::Sigma, 9_998),
    ("elastic", Vendor::Elastic, 9_970),
    ("kusto", Vendor::Kusto, 9_708),
    ("splunk", Vendor::Splunk, 9_789),
];

#[test]
fn most_fields_of_the_corpora_have_canonical_names() {
    let Ok(shared) = std::env::var("GANNET_SHARED") else {
        println!("skipped: GANNET_SHARED is not set");
        return;
    };
    for (corpus, vendor, floor) in FLOORS {
        let facts = read(&Path::new(&shared).join("corpora").join(corpus));
        let rules: Vec<&RuleFacts> = facts.iter().collect();
        let shares = tables::shares(&rules, Mappings::built_in());
        let tables::Share { tests, mapped } = shares.get(&vendor).copied().unwrap_or_default();
        let missing: Vec<String> = tables::unmapped(&rules, Mappings::built_in())
            .iter()
            .map(|row| format!("{} {} {} ({})", row.uses, row.kind.name(), row.name, row.example))
            .take(60)
            .collect();
        println!("{corpus}: {mapped} of {tests} tests have canonical fields");
        let share = mapped * 10_000 / tests.max(1);
        assert!(share >= floor, "{corpus}: {share} of 10000 tests have canonical fields, not {floor}: {missing:#?}");
    }
}

fn read(directory: &Path) -> Vec<RuleFacts> {
    let repository = Repository::read(&[PathBuf::from(directory)]);
    let facts = |rule: &Rule, path: &Path, text: &str| {
        RuleFacts::new(rule.clone(), path.to_string_lossy().into_owned(), &[text], Mappings::built_in())
    };
    repository.rules().map(|(rule, document)| facts(rule, &document.path, &document.text)).collect()
}
