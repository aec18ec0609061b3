//! `KEEP`: only these columns, in this order.
//!
//! A column that several patterns select stands where the most specific of them does: a whole name before a wildcard,
//! a wildcard before `*`; of equals the last one (Elastic, "KEEP").

use super::{Frame, Planner};
use crate::bind::{Column, Scope, reference};
use ir::{Diagnostic, NamePattern, Span};

impl Planner<'_> {
    pub(super) fn keep(&self, frame: Frame, patterns: &[NamePattern], span: Span) -> Result<Frame, Diagnostic> {
        // For each column, the pattern that decides where it stands.
        let mut chosen: Vec<(Column, usize, u8)> = Vec::new();
        for (at, pattern) in patterns.iter().enumerate() {
            let rank = specificity(pattern);
            for column in self.selected(&frame.scope, pattern)? {
                match chosen.iter_mut().find(|(known, ..)| known.name == column.name) {
                    Some((_, place, known)) if rank >= *known => (*place, *known) = (at, rank),
                    Some(_) => {}
                    None => chosen.push((column, at, rank)),
                }
            }
        }
        // Columns of one wildcard keep the order of the input.
        let order = |column: &Column| frame.scope.position(&column.name);
        chosen.sort_by_key(|(column, at, _)| (*at, order(column)));
        let columns: Vec<Column> = chosen.into_iter().map(|(column, ..)| column).collect();
        let exprs = columns.iter().map(|column| match frame.scope.get(&column.name) {
            Some(_) => reference(&column.name),
            None => crate::bind::Value::null(column.ty).folded().alias(&column.name),
        });
        let exprs = exprs.collect();
        let scope = Scope { columns, absent: Vec::new(), conflicts: frame.scope.conflicts.clone() };
        frame.project(scope, exprs, span)
    }

    /// The columns that a pattern selects; a whole name must exist, and so must one for a wildcard.
    pub(super) fn selected(&self, scope: &Scope, pattern: &NamePattern) -> Result<Vec<Column>, Diagnostic> {
        if !is_wildcard(pattern) {
            let value = self.binder(scope).field(&pattern.pattern, pattern.span)?;
            return Ok(vec![Column { name: pattern.pattern.clone(), ty: value.ty, constant: value.constant }]);
        }
        let names: Vec<&str> = scope.columns.iter().map(|column| column.name.as_str()).collect();
        let found: Vec<&str> =
            names.into_iter().filter(|name| schema::wildcard_matches(&pattern.pattern, name)).collect();
        if found.is_empty() && pattern.pattern != "*" {
            let message = format!("No matches found for pattern [{}]", pattern.pattern);
            return Err(Diagnostic::refusal(ir::codes::UNKNOWN_FIELD, message).at(pattern.span));
        }
        Ok(found.into_iter().filter_map(|name| scope.get(name)).cloned().collect())
    }
}

pub fn is_wildcard(pattern: &NamePattern) -> bool {
    pattern.wildcard && pattern.pattern.contains('*')
}

fn specificity(pattern: &NamePattern) -> u8 {
    match pattern {
        pattern if !is_wildcard(pattern) => 2,
        pattern if pattern.pattern == "*" => 0,
        _ => 1,
    }
}
