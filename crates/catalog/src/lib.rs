//! What rules look for: facts read off the IR, and tables over them.
//!
//! A **fact** is a [`Predicate`]: this rule tests this field with this operator against this value, here. Tables count
//! rules, never occurrences: a rule that tests `process.name` five times is one rule of that row. Nothing here sees an event
//! or knows a rule language; a fact that a language hides from the IR is repaired in its front end, not here.

mod corpus;
pub mod export;
mod facts;
mod operator;
pub mod site;
pub mod tables;
mod technique;

pub use corpus::{Corpus, Indicator, Selection, current};
pub use facts::{Element, Predicate, RuleFacts, Value};
pub use operator::{Operator, Polarity};
pub use technique::TechniquePage;
