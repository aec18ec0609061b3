//! `[rule.new_terms]`: combinations of values not seen before.

use super::Reader;
use crate::envelope::toml_file::Table;
use ir::{Expr, NewTerms};

impl Reader<'_> {
    /// The window is a list of one table in the repository, and a string in Kibana's own exports.
    pub fn new_terms(&mut self, table: Table<'_>, condition: Option<Expr>) -> Option<NewTerms> {
        self.required_value(table, "new_terms")?;
        let new_terms = self.table(table, "new_terms")?;
        self.required_value(new_terms, "value")?;
        let fields = self.spanned_strings(new_terms, "value");
        let window = self.required_value(new_terms, "history_window_start")?;
        let history = match window.as_str() {
            Some(_) => self.look_back(new_terms, "history_window_start"),
            None => match self.tables(new_terms, "history_window_start").first() {
                Some(window) if window.get("value").is_some() => self.look_back(*window, "value"),
                _ => {
                    self.envelope("`history_window_start` has no `value`", window.span);
                    None
                }
            },
        };
        Some(NewTerms { condition: condition?, fields, history: history? })
    }
}
