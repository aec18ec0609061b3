//! Full-text search, as far as it needs no index.

mod r#match;
mod match_phrase;
mod terms;

use super::Function;

pub const ALL: &[&dyn Function] = &[&r#match::Match, &match_phrase::MatchPhrase];
