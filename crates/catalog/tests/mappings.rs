//! How many of the names that real rules use mean something: a ratchet over the corpora.

use catalog::RuleFacts;
use lang::repository::Repository;
use schema::Mappings;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// For each corpus the share of predicates, in hundredths of a percent, whose field has a canonical name. It only rises.
const FLOORS: [(&str, usize); 3] = [("sigma", 9_997), ("elastic", 9_969), ("kusto", 9_417)];

#[test]
fn most_fields_of_the_corpora_have_canonical_names() {
    let Ok(shared) = std::env::var("GANNET_SHARED") else {
        println!("skipped: GANNET_SHARED is not set");
        return;
    };
    for (corpus, floor) in FLOORS {
        let (predicates, unmapped) = unmapped(&Path::new(&shared).join("corpora").join(corpus));
        let missing: usize = unmapped.values().sum();
        let share = (predicates - missing) * 10_000 / predicates.max(1);
        println!("{corpus}: {predicates} predicates, {missing} unmapped");
        let mut names: Vec<_> = unmapped.iter().collect();
        names.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        names.truncate(100);
        assert!(share >= floor, "{corpus}: {share} of 10000 predicates have canonical fields, not {floor}: {names:#?}");
    }
}

/// The number of predicates, and of those whose field has no canonical name, by the vendor's
/// name, the classes and the rule.
fn unmapped(directory: &Path) -> (usize, BTreeMap<String, usize>) {
    let repository = Repository::read(&[PathBuf::from(directory)]);
    let (mut predicates, mut unmapped) = (0, BTreeMap::new());
    for (rule, document) in repository.rules() {
        let path = document.path.to_string_lossy().into_owned();
        let facts = RuleFacts::new(rule.clone(), path, &[&document.text], Mappings::built_in());
        let vendor = facts.rule.vendor.name();
        for predicate in &facts.predicates {
            predicates += 1;
            let known = Mappings::built_in().field(vendor, &facts.classes, &predicate.vendor_field).is_some();
            if !known && predicate.vendor_field != "*" {
                let name = format!("{} {:?} {}", predicate.vendor_field, facts.classes, document.stem());
                *unmapped.entry(name).or_default() += 1;
            }
        }
    }
    (predicates, unmapped)
}
