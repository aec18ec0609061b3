//! The rows of mapping tables: a vendor's field and what it is canonically, a vendor's log source and its event classes.
//!
//! The build reads the built-in tables with this, and a user's own file is read with it when Gannet runs; what a row may
//! say is so the same in both.

use super::csv::{Cell, Problem, rows};
use std::borrow::Cow;

/// Static in the built-in tables, owned in a user's.
pub type Text = Cow<'static, str>;

/// The vendors whose names have mappings; `*` in a row is all of them.
pub const VENDORS: [&str; 5] = ["sigma", "elastic", "splunk", "kusto", "panther"];

/// The kinds of names of log sources with the vendor whose they are, as the rules have them.
pub const KINDS: [(&str, &str); 8] = [
    ("sigma", "sigma"),
    ("index", "elastic"),
    ("datamodel", "splunk"),
    ("search", "splunk"),
    ("macro", "splunk"),
    ("datasource", "splunk"),
    ("table", "kusto"),
    ("logtype", "panther"),
];

const FIELD_HEADER: [&str; 5] = ["vendor", "scope", "field", "canonical", "source"];
const SOURCE_HEADER: [&str; 4] = ["kind", "name", "classes", "source"];

/// A vendor's field and what it is canonically.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRow {
    /// `*` for every vendor.
    pub vendor: Text,
    /// The event class in whose events the field means this; `*` for all.
    pub scope: Text,
    /// A name, or a path that ends in `.*` for all that is below it.
    pub field: Text,
    /// A canonical name; where it ends in `.*`, what the `*` of `field` stands for follows.
    pub canonical: Text,
    /// The document that says so.
    pub source: Text,
}

/// A vendor's name of a log source and the classes of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub kind: Text,
    /// The name, in which `*` stands for anything.
    pub name: Text,
    /// Ids of event classes; none where the name says nothing of the events, as `logs-*`.
    pub classes: Vec<Text>,
    pub source: Text,
}

/// The rows of one file, which its header tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Table {
    Fields(Vec<FieldRow>),
    Sources(Vec<SourceRow>),
}

/// The rows of a file; `is_class` and `is_field` know the ids of event classes and the canonical names.
///
/// # Errors
/// The first row that has another number of columns than the header, or names a vendor, a kind, an event class or a
/// canonical field that there is not.
pub fn parse(
    text: &str,
    is_class: impl Fn(&str) -> bool,
    is_field: impl Fn(&str) -> Result<(), String>,
) -> Result<Table, Problem> {
    let rows = rows(text)?;
    let header: Vec<&str> = rows.first().into_iter().flat_map(|(_, row)| row).map(|cell| cell.text.trim()).collect();
    let body = rows.get(1..).unwrap_or_default();
    if header == FIELD_HEADER {
        let row = |(line, row): &(usize, Vec<Cell>)| field_row(*line, row, &is_class, &is_field);
        body.iter().map(row).collect::<Result<_, _>>().map(Table::Fields)
    } else if header == SOURCE_HEADER {
        let row = |(line, row): &(usize, Vec<Cell>)| source_row(*line, row, &is_class);
        body.iter().map(row).collect::<Result<_, _>>().map(Table::Sources)
    } else {
        let (fields, sources) = (FIELD_HEADER.join(","), SOURCE_HEADER.join(","));
        let message = format!("the first row is neither `{fields}` nor `{sources}`");
        Err(Problem { line: rows.first().map_or(1, |(line, _)| *line), column: 1, message })
    }
}

fn field_row(
    line: usize,
    row: &[Cell],
    is_class: impl Fn(&str) -> bool,
    is_field: impl Fn(&str) -> Result<(), String>,
) -> Result<FieldRow, Problem> {
    let [vendor, scope, field, canonical, source] = columns(line, row)?;
    let problem = |column: usize, message: String| Problem { line, column, message };
    if vendor.text != "*" && !VENDORS.contains(&&*vendor.text) {
        let message = format!("no such vendor: `{}`; expected `*` or one of: {}", vendor.text, VENDORS.join(", "));
        return Err(problem(vendor.column, message));
    }
    if scope.text != "*" && !is_class(&scope.text) {
        return Err(problem(scope.column, format!("no such event class: `{}`", scope.text)));
    }
    if field.text.strip_suffix(".*").unwrap_or(&field.text).contains('*') {
        return Err(problem(field.column, "`*` may only stand for all that is below a path: `a.b.*`".into()));
    }
    if canonical.text.ends_with(".*") && !field.text.ends_with(".*") {
        return Err(problem(
            canonical.column,
            "`*` stands here for what it stands for in `field`, which has none".into(),
        ));
    }
    is_field(&canonical.text).map_err(|message| problem(canonical.column, message))?;
    let [vendor, scope, field, canonical, source] = [vendor, scope, field, canonical, source].map(owned);
    Ok(FieldRow { vendor, scope, field, canonical, source })
}

fn source_row(line: usize, row: &[Cell], is_class: impl Fn(&str) -> bool) -> Result<SourceRow, Problem> {
    let [kind, name, classes, source] = columns(line, row)?;
    if KINDS.iter().all(|(known, _)| *known != kind.text) {
        let kinds = KINDS.map(|(kind, _)| kind).join(", ");
        let message = format!("no such kind of log source: `{}`; expected one of: {kinds}", kind.text);
        return Err(Problem { line, column: kind.column, message });
    }
    let ids: Vec<&str> = classes.text.split(';').filter(|id| *id != "-").collect();
    if let Some(id) = ids.iter().find(|id| !is_class(id)) {
        return Err(Problem { line, column: classes.column, message: format!("no such event class: `{id}`") });
    }
    let [kind, name, source] = [kind, name, source].map(owned);
    Ok(SourceRow { kind, name, classes: ids.into_iter().map(|id| Text::Owned(id.to_owned())).collect(), source })
}

fn columns<'r, 'a, const N: usize>(line: usize, row: &'r [Cell<'a>]) -> Result<&'r [Cell<'a>; N], Problem> {
    let message = format!("{N} columns expected, {} found", row.len());
    let row: &[Cell; N] = row.try_into().map_err(|_| Problem { line, column: 1, message })?;
    match row.iter().find(|cell| cell.text.trim().is_empty() || cell.text.trim() != cell.text) {
        Some(cell) => Err(Problem { line, column: cell.column, message: "the cell is empty or padded".into() }),
        None => Ok(row),
    }
}

fn owned(cell: &Cell) -> Text {
    Text::Owned(cell.text.clone().into_owned())
}
