//! The page of one technique.

use super::full_name;
use crate::tables::{IndicatorRow, NearDuplicate};
use crate::{Indicator, Polarity, Predicate, RuleFacts, TechniquePage, Value};
use askama::Template;
use ir::Vendor;
use schema::EventClass;
use std::collections::{BTreeSet, HashMap};

/// Rows of a table that a page shows; the command that gives all of them is named below it.
const ROWS: usize = 300;
/// Lines of a rule's file that are shown around its predicates.
const LINES: usize = 400;

#[derive(Template)]
#[template(path = "technique.html")]
struct Page<'p> {
    id: &'p str,
    name: String,
    tactics: Vec<&'static str>,
    parent: Option<(String, String)>,
    below: Vec<(String, String)>,
    vendors: Vec<(&'static str, usize)>,
    platforms: BTreeSet<&'static str>,
    domains: BTreeSet<&'static str>,
    rules: Vec<RuleView<'p>>,
    fields: Table<FieldView>,
    indicators: Table<IndicatorView>,
    exclusions: Table<IndicatorView>,
    events: Table<EventView>,
    shared: Vec<SharedView>,
    uneven: Vec<UnevenView>,
    near: Vec<NearView<'p>>,
    unexcluded: Vec<(String, String)>,
}

struct Table<T> {
    rows: Vec<T>,
    /// Rows that are not shown.
    more: usize,
}

/// The numbers of rules, with spaces between, as an attribute holds them.
type Numbers = String;

struct RuleView<'p> {
    number: usize,
    title: &'p str,
    id: &'p str,
    vendor: &'static str,
    language: &'p str,
    severity: &'static str,
    status: &'static str,
    state: &'static str,
    path: &'p str,
    platforms: String,
    domains: String,
    classes: Vec<&'static str>,
    predicates: Vec<PredicateView<'p>>,
    lines: Vec<(usize, &'p str)>,
    diagnostics: Vec<String>,
}

struct PredicateView<'p> {
    line: usize,
    /// Whether the line is among those shown.
    linked: bool,
    excludes: bool,
    field: &'p str,
    vendor_field: &'p str,
    op: String,
    value: String,
}

struct FieldView {
    field: String,
    rules: usize,
    numbers: Numbers,
    ops: Vec<(&'static str, usize, Numbers)>,
    names: Vec<String>,
    samples: Vec<String>,
}

struct IndicatorView {
    field: String,
    op: &'static str,
    value: String,
    rules: usize,
    corpus: usize,
    specific: bool,
    numbers: Numbers,
}

struct EventView {
    id: &'static str,
    name: &'static str,
    rules: usize,
    numbers: Numbers,
}

struct SharedView {
    side: &'static str,
    what: String,
    vendors: String,
}

struct UnevenView {
    value: String,
    exclusion: String,
    by: String,
    not_by: String,
}

struct NearView<'p> {
    left: (usize, &'p str),
    right: (usize, &'p str),
    vendors: String,
    shared: usize,
    percent: u32,
}

pub fn page(page: &TechniquePage<'_>, texts: &HashMap<String, String>) -> Result<String, askama::Error> {
    let known = schema::attack::technique(&page.id);
    let tactics = known.map_or(&[][..], |known| known.tactics);
    let users = Users::of(page);
    let below: BTreeSet<&str> = page.rules.iter().flat_map(|facts| below(&page.id, facts)).collect();
    Page {
        id: &page.id,
        name: full_name(&page.id),
        tactics: tactics.iter().filter_map(|name| schema::attack::tactic(name)).map(|tactic| tactic.name).collect(),
        parent: known.and_then(|known| known.parent()).map(|parent| (parent.id.to_owned(), parent.name.to_owned())),
        below: below.into_iter().map(|id| (id.to_owned(), full_name(id))).collect(),
        vendors: page.vendors.iter().map(|(vendor, rules)| (vendor.name(), *rules)).collect(),
        platforms: classes(page, |class| class.platform),
        domains: classes(page, |class| class.domain),
        rules: page.rules.iter().enumerate().map(|(number, facts)| rule(number, facts, texts)).collect(),
        fields: fields(page, &users),
        indicators: indicators(&page.indicators, &users),
        exclusions: indicators(&page.exclusions, &users),
        events: events(page, &users),
        shared: shared(page),
        uneven: page.comparison.uneven_exclusions.iter().take(ROWS).map(uneven).collect(),
        near: page.comparison.near_duplicates.iter().filter_map(|pair| near(pair, page, &users)).collect(),
        unexcluded: page.comparison.unexcluded.iter().map(unexcluded).collect(),
    }
    .render()
}

fn below<'f>(id: &str, facts: &'f RuleFacts) -> Vec<&'f str> {
    let ids = facts.technique_ids().into_iter();
    ids.filter(|of_rule| of_rule.strip_prefix(id).is_some_and(|rest| rest.starts_with('.'))).collect()
}

fn classes(page: &TechniquePage<'_>, of: impl Fn(&EventClass) -> &'static str) -> BTreeSet<&'static str> {
    let classes = page.rules.iter().flat_map(|facts| &facts.classes);
    classes.map(|class| of(class)).filter(|name| !name.is_empty()).collect()
}

/// Which rules of the page, by number, use what.
struct Users<'p> {
    by_id: HashMap<&'p str, usize>,
    by_field: HashMap<&'p str, BTreeSet<usize>>,
    by_test: HashMap<(&'p str, &'static str), BTreeSet<usize>>,
    by_class: HashMap<&'p str, BTreeSet<usize>>,
}

impl<'p> Users<'p> {
    fn of(page: &TechniquePage<'p>) -> Self {
        let mut users = Users {
            by_id: HashMap::new(),
            by_field: HashMap::new(),
            by_test: HashMap::new(),
            by_class: HashMap::new(),
        };
        for (number, facts) in page.rules.iter().enumerate() {
            users.by_id.insert(&facts.rule.id, number);
            for predicate in &facts.predicates {
                users.by_field.entry(&predicate.field).or_default().insert(number);
                users.by_test.entry((&predicate.field, predicate.op.name())).or_default().insert(number);
            }
            for class in &facts.classes {
                users.by_class.entry(class.id).or_default().insert(number);
            }
        }
        users
    }
}

fn numbers<'n>(numbers: impl IntoIterator<Item = &'n usize>) -> Numbers {
    numbers.into_iter().map(usize::to_string).collect::<Vec<_>>().join(" ")
}

fn table<R, T>(rows: &[R], view: impl Fn(&R) -> T) -> Table<T> {
    Table { rows: rows.iter().take(ROWS).map(view).collect(), more: rows.len().saturating_sub(ROWS) }
}

fn fields(page: &TechniquePage<'_>, users: &Users<'_>) -> Table<FieldView> {
    table(&page.fields, |row| FieldView {
        numbers: users.by_field.get(row.field.as_str()).map(numbers).unwrap_or_default(),
        ops: row
            .ops
            .iter()
            .map(|(op, rules)| {
                let of_test = users.by_test.get(&(row.field.as_str(), op.name()));
                (op.name(), *rules, of_test.map(numbers).unwrap_or_default())
            })
            .collect(),
        names: row.vendor_fields.iter().map(|(name, rules)| format!("{name} ({rules})")).collect(),
        samples: row.samples.clone(),
        field: row.field.clone(),
        rules: row.rules,
    })
}

fn indicators(rows: &[IndicatorRow], users: &Users<'_>) -> Table<IndicatorView> {
    table(rows, |row| IndicatorView {
        field: row.field.clone(),
        op: row.op.name(),
        value: row.value.clone(),
        rules: row.rules,
        corpus: row.corpus,
        specific: row.is_specific(),
        numbers: numbers(row.rule_ids.iter().filter_map(|id| users.by_id.get(id.as_str()))),
    })
}

fn events(page: &TechniquePage<'_>, users: &Users<'_>) -> Table<EventView> {
    table(&page.events, |row| EventView {
        numbers: users.by_class.get(row.id).map(numbers).unwrap_or_default(),
        id: row.id,
        name: row.name,
        rules: row.rules,
    })
}

fn shared(page: &TechniquePage<'_>) -> Vec<SharedView> {
    let view = |side| {
        move |(indicator, vendors): &(Indicator, BTreeSet<Vendor>)| SharedView {
            side,
            what: phrase(indicator),
            vendors: names(vendors),
        }
    };
    let values = page.comparison.shared_values.iter().map(view("looked for"));
    values.chain(page.comparison.shared_exclusions.iter().map(view("excluded"))).take(ROWS).collect()
}

fn uneven(row: &crate::tables::UnevenExclusion) -> UnevenView {
    UnevenView {
        value: phrase(&row.value),
        exclusion: phrase(&row.exclusion),
        by: names(&row.excluded_by),
        not_by: names(&row.not_by),
    }
}

fn near<'p>(pair: &NearDuplicate, page: &TechniquePage<'p>, users: &Users<'p>) -> Option<NearView<'p>> {
    let rule = |id: &str| {
        let number = *users.by_id.get(id)?;
        Some((number, page.rules.get(number)?.rule.title.as_str()))
    };
    Some(NearView {
        left: rule(&pair.rules[0])?,
        right: rule(&pair.rules[1])?,
        vendors: pair.vendors.map(Vendor::name).join(" and "),
        shared: pair.shared,
        percent: (pair.likeness * 100.0).round() as u32,
    })
}

fn unexcluded(row: &crate::tables::Unexcluded) -> (String, String) {
    let noise = row.noise.iter().take(5).map(|(indicator, rules)| format!("{} ({rules} rules)", indicator.value));
    (row.field.clone(), noise.collect::<Vec<_>>().join(", "))
}

fn phrase(indicator: &Indicator) -> String {
    format!("{} {} {}", indicator.field, indicator.op.name(), indicator.value)
}

fn names(vendors: &BTreeSet<Vendor>) -> String {
    vendors.iter().map(|vendor| vendor.name()).collect::<Vec<_>>().join(", ")
}

fn rule<'p>(number: usize, facts: &'p RuleFacts, texts: &'p HashMap<String, String>) -> RuleView<'p> {
    let of = |name: fn(&EventClass) -> &'static str| {
        facts.classes.iter().map(|class| name(class)).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    let lines = lines(facts, texts);
    let shown: BTreeSet<usize> = lines.iter().map(|(line, _)| *line).collect();
    let rule = &facts.rule;
    RuleView {
        number,
        title: &rule.title,
        id: &rule.id,
        vendor: rule.vendor.name(),
        language: rule.language,
        severity: rule.severity.name(),
        status: rule.status.name(),
        state: rule.state().name(),
        path: &facts.path,
        platforms: of(|class| class.platform),
        domains: of(|class| class.domain),
        classes: facts.classes.iter().map(|class| class.name).collect(),
        predicates: facts.predicates.iter().map(|test| predicate(test, &shown)).collect(),
        lines,
        diagnostics: facts
            .diagnostics()
            .map(|(problem, at)| match at {
                Some(at) => format!("{problem} (line {})", at.line),
                None => problem.to_string(),
            })
            .collect(),
    }
}

fn predicate<'p>(predicate: &'p Predicate, shown: &BTreeSet<usize>) -> PredicateView<'p> {
    let value = match &predicate.value {
        Value::None => String::new(),
        Value::One(text) => text.clone(),
        Value::List(elements) => elements.iter().map(|element| element.text.as_str()).collect::<Vec<_>>().join(", "),
    };
    PredicateView {
        line: predicate.at.line,
        linked: shown.contains(&predicate.at.line),
        excludes: predicate.polarity == Polarity::Exclude,
        field: &predicate.field,
        vendor_field: &predicate.vendor_field,
        op: predicate.via.as_ref().map_or_else(String::new, |via| format!("{via} ")) + predicate.op.name(),
        value,
    }
}

/// The lines from the first predicate to the last, of the file that they stand in.
fn lines<'p>(facts: &'p RuleFacts, texts: &'p HashMap<String, String>) -> Vec<(usize, &'p str)> {
    let Some(file) = facts.predicates.first().map(|first| first.span.file) else { return Vec::new() };
    let path = match file.checked_sub(1) {
        None => Some(&facts.path),
        Some(further) => facts.rule.further_files.get(usize::from(further)),
    };
    let Some(text) = path.and_then(|path| texts.get(path)) else { return Vec::new() };
    let here = || facts.predicates.iter().filter(|test| test.span.file == file).map(|test| test.at.line);
    let (first, last) = (here().min().unwrap_or(1).max(1), here().max().unwrap_or(1));
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    numbered.skip(first - 1).take((last + 1 - first).min(LINES)).collect()
}
