//! Everything about one technique.

use crate::corpus::{Corpus, Selection, current};
use crate::tables::{self, Comparison, EventRow, FieldRow, IndicatorRow};
use crate::{Polarity, RuleFacts};
use ir::Vendor;
use std::collections::BTreeMap;

/// The rules for a technique or those below it, and the tables over them.
#[derive(Debug)]
pub struct TechniquePage<'c> {
    pub id: String,
    pub rules: Vec<&'c RuleFacts>,
    pub vendors: BTreeMap<Vendor, usize>,
    pub fields: Vec<FieldRow>,
    pub indicators: Vec<IndicatorRow>,
    pub exclusions: Vec<IndicatorRow>,
    pub events: Vec<EventRow>,
    pub comparison: Comparison,
}

impl<'c> TechniquePage<'c> {
    /// An id that ATT&CK has replaced stands for the current one.
    pub fn new(corpus: &'c Corpus, id: &str, selection: &Selection) -> Self {
        let id = current(id);
        let of_technique = |facts: &&RuleFacts| facts.is_for(id) && selection.includes(facts);
        let rules: Vec<&RuleFacts> = corpus.rules().iter().filter(of_technique).collect();
        let mut vendors = BTreeMap::new();
        for facts in &rules {
            *vendors.entry(facts.rule.vendor).or_default() += 1;
        }
        TechniquePage {
            id: id.to_owned(),
            vendors,
            fields: tables::fields(&rules),
            indicators: tables::indicators(corpus, &rules, Polarity::Include),
            exclusions: tables::indicators(corpus, &rules, Polarity::Exclude),
            events: tables::events(&rules),
            comparison: tables::comparison(corpus, &rules),
            rules,
        }
    }
}
