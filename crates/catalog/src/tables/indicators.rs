//! The values that rules look for, or exclude, and how far each reaches beyond the rules at hand.

use crate::corpus::{Corpus, Indicator};
use crate::{Operator, Polarity, RuleFacts};
use ir::Vendor;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One combination of field, operator and value.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorRow {
    pub field: String,
    pub op: Operator,
    /// In the spelling that most rules have.
    pub value: String,
    /// How many of the rules at hand use the combination.
    pub rules: usize,
    /// How many rules of any technique do.
    pub corpus: usize,
    /// The rules at hand that do, in the order of their ids.
    pub rule_ids: Vec<String>,
    pub vendors: BTreeSet<Vendor>,
}

impl IndicatorRow {
    /// Whether the value belongs to the rules at hand: most rules that use it are among them.
    pub fn is_specific(&self) -> bool {
        self.rules * 2 > self.corpus
    }
}

#[derive(Default)]
struct Users<'a> {
    /// By id and number, since ids of careless authors repeat.
    rules: BTreeSet<(&'a str, usize)>,
    vendors: BTreeSet<Vendor>,
    spellings: BTreeMap<&'a str, usize>,
}

/// The combinations on one side, those of most rules first, and among equals those that reach least beyond them.
pub fn indicators(corpus: &Corpus, rules: &[&RuleFacts], polarity: Polarity) -> Vec<IndicatorRow> {
    let mut users: HashMap<Indicator, Users<'_>> = HashMap::new();
    for (number, facts) in rules.iter().enumerate() {
        for (indicator, spelling) in facts.indicators(polarity) {
            let users = users.entry(indicator).or_default();
            users.rules.insert((&facts.rule.id, number));
            users.vendors.insert(facts.rule.vendor);
            *users.spellings.entry(spelling).or_default() += 1;
        }
    }
    let mut rows: Vec<IndicatorRow> =
        users.into_iter().map(|(indicator, users)| row(corpus, indicator, users, polarity)).collect();
    rows.sort_by(|a, b| {
        let order = b.rules.cmp(&a.rules).then(a.corpus.cmp(&b.corpus));
        order.then_with(|| (&a.field, a.op, &a.value).cmp(&(&b.field, b.op, &b.value)))
    });
    rows
}

fn row(corpus: &Corpus, indicator: Indicator, users: Users<'_>, polarity: Polarity) -> IndicatorRow {
    let corpus = corpus.reach(&indicator, polarity);
    let most = users.spellings.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
    IndicatorRow {
        value: most.map_or(indicator.value, |(spelling, _)| (*spelling).to_owned()),
        field: indicator.field,
        op: indicator.op,
        rules: users.rules.len(),
        corpus: corpus.max(users.rules.len()),
        rule_ids: users.rules.into_iter().map(|(id, _)| id.to_owned()).collect(),
        vendors: users.vendors,
    }
}
