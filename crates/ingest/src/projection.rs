//! Which fields a reader wants, and where each goes.

use crate::physical;
use arrow::datatypes::{Schema, SchemaRef};
use schema::Field;
use std::{collections::HashMap, sync::Arc};

/// The place of a projected field in every batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(pub(crate) usize);

/// An ordered set of fields. Decoders ask once for the slot of each field they can fill and skip the ones without.
#[derive(Clone, Debug)]
pub struct Projection {
    fields: Vec<Field>,
    slots: HashMap<String, Slot>,
    arrow: SchemaRef,
}

impl Projection {
    /// The data stream of each event, as a field of every source.
    pub const INDEX: &'static str = "_index";
    /// The place of each event among the inputs, as a field of every source: `input:offset`.
    pub const ID: &'static str = "_id";

    pub fn new(fields: Vec<Field>) -> Self {
        let slots = fields.iter().enumerate().map(|(at, field)| (field.name.to_string(), Slot(at))).collect();
        let arrow = Arc::new(Schema::new(fields.iter().map(physical::field).collect::<Vec<_>>()));
        Projection { fields, slots, arrow }
    }

    /// The same columns, of which only some are asked for.
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Projection {
        let mut only = self.clone();
        only.slots.retain(|name, _| wanted(name));
        only
    }

    /// Whether any column is asked for.
    pub fn any(&self) -> bool {
        !self.slots.is_empty()
    }

    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.slots.get(name).copied()
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub fn arrow_schema(&self) -> &SchemaRef {
        &self.arrow
    }
}
