//! Where the columns of a pipeline come from.
//!
//! A column is an event's field, what a function made of one, a condition under a name, or something computed that is about
//! no single field. Functions that keep what a value is (its case, its type, one of its values) are looked through; others
//! stay visible as the function that the value went `via`.

use ir::{Aggregate, Assignment, Expr, ExprKind, Literal, NamePattern, Rename};
use std::collections::HashMap;

/// Functions that leave what a value is, but for case, type, surrounding space or which of several values is looked at.
const TRANSPARENT: &[&str] = &[
    "any_value",
    "coalesce",
    "element_at",
    "first",
    "latest",
    "last",
    "list",
    "lower",
    "ltrim",
    "mv_concat",
    "mv_dedupe",
    "mv_expand",
    "mv_first",
    "mv_last",
    "mv_slice",
    "mv_sort",
    "parse_json",
    "rtrim",
    "string",
    "take_any",
    "to_double",
    "to_integer",
    "to_ip",
    "to_long",
    "to_lower",
    "to_string",
    "to_upper",
    "to_version",
    "top",
    "trim",
    "upper",
    "values",
];

/// A field, as it reaches a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub field: String,
    pub via: Option<String>,
}

/// What stands behind the name of a column.
#[derive(Clone, Debug)]
enum Column {
    Field(Origin),
    /// An expression whose value is tested later: a condition, or a choice between constants.
    Expr(Expr),
    /// About no field in particular.
    Computed,
}

/// The columns of one point of a pipeline. Names that no stage made are fields of the events.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    known: HashMap<String, Column>,
    /// Renamings with `*` on both sides, the latest last.
    wildcards: Vec<(String, String)>,
    /// Whether there are no columns but the known ones, so that other names are none of the events' fields.
    closed: bool,
}

impl Columns {
    /// The field whose value an expression has, if it is about exactly one.
    pub fn origin(&self, expr: &Expr) -> Option<Origin> {
        match &expr.kind {
            ExprKind::Field(name) => self.field(name),
            ExprKind::Cast { value, .. } => self.origin(value),
            ExprKind::EventText => Some(Origin { field: "*".to_owned(), via: None }),
            ExprKind::Call { function, args, .. } if function.value == "member" => match args.as_slice() {
                [value, Expr { kind: ExprKind::Literal(key), .. }] => self.member(value, key),
                _ => None,
            },
            ExprKind::Call { function, args, .. } => {
                let mut about = args.iter().filter(|arg| !is_constant(arg));
                let origin = self.origin(about.next()?)?;
                // Of several fields a fallback names the first; any other function of several is about none of them.
                if about.next().is_some() && function.value != "coalesce" {
                    return None;
                }
                let via = (!TRANSPARENT.contains(&function.value.as_str())).then(|| function.value.clone());
                Some(Origin { via: origin.via.or(via), ..origin })
            }
            _ => None,
        }
    }

    /// What is below a field is a field by its path; what is below something made of a field is of that field.
    fn member(&self, value: &Expr, key: &Literal) -> Option<Origin> {
        let origin = self.origin(value)?;
        let field = match (&origin.via, key) {
            (Some(_), _) => origin.field,
            (None, Literal::String(name)) => format!("{}.{name}", origin.field),
            (None, index) => format!("{}[{index}]", origin.field),
        };
        Some(Origin { field, via: origin.via })
    }

    /// The expression that a column was defined as, where it is not about one field.
    pub fn definition(&self, name: &str) -> Option<&Expr> {
        match self.known.get(name) {
            Some(Column::Expr(expr)) => Some(expr),
            _ => None,
        }
    }

    fn field(&self, name: &str) -> Option<Origin> {
        match self.known.get(name) {
            Some(Column::Field(origin)) => Some(origin.clone()),
            Some(Column::Expr(_) | Column::Computed) => None,
            None if self.closed && !self.is_inside_known(name) => None,
            None => Some(Origin { field: self.before_renaming(name), via: None }),
        }
    }

    /// Whether the name is that of a part of a known column: `Policies.result`.
    fn is_inside_known(&self, name: &str) -> bool {
        let ends = name.match_indices(['.', '[']);
        ends.filter_map(|(at, _)| name.get(..at)).any(|outer| self.known.contains_key(outer))
    }

    /// From here on only the known columns are there.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Columns cut out of a text: what is cut out of a field is about that field, and what is cut out of the raw event is as
    /// good as a field of its own.
    pub fn cut_out<'n>(&mut self, input: &Expr, names: impl Iterator<Item = &'n str>) {
        let of_field = self.origin(input).filter(|origin| !matches!(origin.field.as_str(), "_raw" | "*"));
        let column = |name: &str| match &of_field {
            Some(Origin { field, via }) => {
                let via = via.clone().unwrap_or_else(|| "extract".to_owned());
                Origin { field: field.clone(), via: Some(via) }
            }
            None => Origin { field: name.to_owned(), via: None },
        };
        let made: Vec<_> = names.map(|name| (name.to_owned(), Column::Field(column(name)))).collect();
        self.known.extend(made);
    }

    /// Only these columns are left, where their names are written out.
    pub fn keep(&mut self, names: &[NamePattern]) {
        if names.iter().any(|name| name.wildcard) {
            return;
        }
        let kept = names.iter().map(|name| {
            let column = self.known.get(&name.pattern).cloned();
            let column = column.or_else(|| self.field(&name.pattern).map(Column::Field));
            (name.pattern.clone(), column.unwrap_or(Column::Computed))
        });
        self.known = kept.collect();
        self.close();
    }

    /// Puts the columns of another pipeline beside these, save those that are equal here anyway.
    pub fn join(&mut self, right: Columns, equal: &[&str]) {
        self.known.extend(right.known.into_iter().filter(|(name, _)| !equal.contains(&name.as_str())));
        self.closed &= right.closed;
    }

    /// The name that a column had before renamings with `*`.
    fn before_renaming(&self, name: &str) -> String {
        self.wildcards.iter().rev().fold(name.to_owned(), |name, (from, to)| match caught(to, &name) {
            Some(middle) => from.replacen('*', middle, 1),
            None => name,
        })
    }

    pub fn extend(&mut self, assignments: &[Assignment]) {
        for assignment in assignments {
            let column = self.column(&assignment.expr);
            self.known.insert(assignment.name.value.clone(), column);
        }
    }

    fn column(&self, expr: &Expr) -> Column {
        match self.origin(expr) {
            Some(origin) => Column::Field(origin),
            None if is_followed(expr) => Column::Expr(expr.clone()),
            None => Column::Computed,
        }
    }

    pub fn aggregate(&mut self, aggregate: &Aggregate) {
        let name = |assignment: &Assignment| assignment.name.value.clone();
        let keys = aggregate.by.iter().map(|key| (name(key), self.column(&key.expr)));
        let results = aggregate.aggregates.iter().map(|result| (name(result), self.aggregated(&result.expr)));
        let made: Vec<_> = keys.chain(results).collect();
        // `values(*) AS *` and `arg_max(x, *)` bring columns along that are not named.
        let mut open = made.iter().any(|(name, _)| name.contains('*'));
        for result in &aggregate.aggregates {
            let counts = matches!(&result.expr.kind, ExprKind::Call { args, .. } if args.len() == 1);
            result.expr.walk(&mut |expr| open |= expr.kind == ExprKind::Star && !counts);
        }
        if !aggregate.inline && !open {
            self.known.clear();
            self.close();
        }
        self.known.extend(made);
    }

    /// What picks values of a group is about their field; counts, sums and extremes are about the group.
    fn aggregated(&self, expr: &Expr) -> Column {
        match &expr.kind {
            ExprKind::Call { function, .. } if TRANSPARENT.contains(&function.value.as_str()) => self.column(expr),
            _ => Column::Computed,
        }
    }

    pub fn rename(&mut self, renames: &[Rename]) {
        for rename in renames {
            let (from, to) = (&rename.from.value, &rename.to.value);
            if from.contains('*') && to.contains('*') {
                self.wildcards.push((from.clone(), to.clone()));
                self.rename_known(from, to);
            } else {
                let column = self.known.remove(from).or_else(|| self.field(from).map(Column::Field));
                self.known.insert(to.clone(), column.unwrap_or(Column::Computed));
            }
        }
    }

    fn rename_known(&mut self, from: &str, to: &str) {
        let caught: Vec<_> = self
            .known
            .keys()
            .filter_map(|name| caught(from, name).map(|middle| (name.clone(), to.replacen('*', middle, 1))))
            .collect();
        for (old, new) in caught {
            if let Some(column) = self.known.remove(&old) {
                self.known.insert(new, column);
            }
        }
    }

    /// Columns that are about no field.
    pub fn computed(&mut self, names: impl IntoIterator<Item = String>) {
        self.known.extend(names.into_iter().map(|name| (name, Column::Computed)));
    }
}

/// What the `*` of a pattern stands for in a name that fits it.
fn caught<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
    let (before, after) = pattern.split_once('*')?;
    name.strip_prefix(before)?.strip_suffix(after)
}

pub fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Options(_) => true,
        ExprKind::Negate(value) | ExprKind::Cast { value, .. } => is_constant(value),
        ExprKind::Call { args, .. } => args.iter().all(is_constant),
        _ => false,
    }
}

/// Conditions, and choices between constants: what a later test of the column's value leads back to.
fn is_followed(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::Compare { .. }
        | ExprKind::In { .. }
        | ExprKind::Matches { .. }
        | ExprKind::IsNull { .. }
        | ExprKind::AnyValue(_) => true,
        ExprKind::Call { function, .. } => matches!(function.value.as_str(), "case" | "if" | "iff" | "coalesce"),
        _ => false,
    }
}

/// A constant as the catalog shows it.
pub fn shown(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => text.clone(),
        other => other.to_string(),
    }
}
