//! `threat_*`: events that share values with an indicator.

use super::Reader;
use super::body::all_of;
use crate::envelope::toml_file::{Table, Value};
use ir::{Expr, IndicatorMatch, IndicatorPair, Spanned};

impl Reader<'_> {
    pub fn indicators(&mut self, table: Table<'_>, condition: Option<Expr>) -> Option<IndicatorMatch> {
        self.required_value(table, "threat_index")?;
        let indicators = self.one_or_more(table, "threat_index");
        let filters = self.filters(table, "threat_filters");
        let indicator_condition = match table.get("threat_query") {
            Some(_) => {
                let language = self.language(table, "threat_language");
                Some(self.condition_of(table, "threat_query", language)?)
            }
            None => None,
        };
        let indicator_condition = match indicator_condition {
            Some(query) => Some(all_of(query, filters)),
            None => filters.into_iter().reduce(|all, filter| all_of(all, vec![filter])),
        };
        self.required_value(table, "threat_mapping")?;
        let mut alternatives = Vec::new();
        for mapping in self.tables(table, "threat_mapping") {
            let mut pairs = Vec::new();
            for entry in self.tables(mapping, "entries") {
                pairs.push(self.pair(entry)?);
            }
            alternatives.push(pairs);
        }
        Some(IndicatorMatch { condition: condition?, indicators, indicator_condition, alternatives })
    }

    fn pair(&mut self, entry: Table<'_>) -> Option<IndicatorPair> {
        let field = self.name(entry, "field")?;
        let indicator_field = self.name(entry, "value")?;
        let negated = entry.get("negate").and_then(Value::as_bool).unwrap_or(false);
        Some(IndicatorPair { field, indicator_field, negated })
    }

    /// The name of a field, with its place.
    fn name(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<String>> {
        let span = self.required_value(table, key)?.span;
        self.required(table, key).map(|value| Spanned { value, span })
    }
}
