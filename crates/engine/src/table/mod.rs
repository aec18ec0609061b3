//! What a query may read: events of the inputs, tables in memory, lookup tables and enrich policies.

mod condition;
mod events;

pub use events::{EventTable, Events};

use arrow::array::RecordBatch;
use schema::Field;
use std::collections::BTreeMap;

/// Everything that names in a query may stand for. The caller loads the tables; the engine reads no files but logs.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Indices held in memory, by name.
    pub indices: BTreeMap<String, Table>,
    /// The logs, whose events belong to the data streams that their sources say.
    pub events: Option<Events>,
    /// Tables for `LOOKUP JOIN`, by name.
    pub lookups: BTreeMap<String, Table>,
    /// Policies for `ENRICH`, by name.
    pub policies: BTreeMap<String, Policy>,
}

/// A table in memory. Columns have the physical types of their fields, in the same order.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub fields: Vec<Field>,
    pub batches: Vec<RecordBatch>,
}

/// What an enrich policy takes from its table.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub table: Table,
    /// The column that input values are compared with.
    pub match_field: String,
    /// The columns to add.
    pub enrich_fields: Vec<String>,
}
