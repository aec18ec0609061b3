//! Columns that the file lacks and that follow from those it has.

use super::{column::Source, streams::Plan};
use crate::{
    EventBatch, Options, Projection,
    ecs::{self, Derive, Given},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Field as ArrowField},
};
use schema::{DataStream, Field};
use std::{borrow::Cow, sync::Arc};

pub struct Derived {
    derive: Derive,
    batch: EventBatch,
    /// The columns to derive from, each by its place in [`ecs::INPUTS`].
    inputs: Vec<(usize, Source)>,
    streams: Plan,
}

impl Derived {
    /// None if nothing is asked for that the file lacks and that can be derived.
    pub fn new(projection: &Projection, columns: &[Source], streams: Plan, options: &Options) -> Option<Derived> {
        let present: Vec<Field> = columns.iter().map(|column| column.field.clone()).collect();
        let derivable = ecs::fields(&present);
        let wanted = projection.fields().iter().filter(|field| derivable.iter().any(|known| known.name == field.name));
        let own = Arc::new(Projection::new(wanted.cloned().collect()));
        let derive = Derive::new(&own, &present, options)?;
        let input = |(place, name): (usize, &&str)| {
            columns.iter().find(|column| column.field.name == **name).map(|column| (place, column.clone()))
        };
        let inputs = ecs::INPUTS.iter().enumerate().filter_map(input).collect();
        Some(Derived { derive, batch: EventBatch::new(own), inputs, streams })
    }

    /// The columns of the file that it reads.
    pub fn roots(&self) -> Vec<usize> {
        self.inputs.iter().map(|(_, column)| column.root).chain(self.streams.roots()).collect()
    }

    /// The derived columns of a batch of the file.
    pub fn columns(&mut self, batch: &RecordBatch) -> Result<RecordBatch, String> {
        let mut inputs = Vec::with_capacity(self.inputs.len());
        for (place, column) in &self.inputs {
            inputs.push((*place, text(&column.array(batch)?)?));
        }
        let names = self.streams.names(batch);
        let names = names.as_string_view();
        let mut stream = DataStream::named("");
        for row in 0..batch.num_rows() {
            if names.value(row) != stream.as_str() {
                stream = DataStream::named(names.value(row));
            }
            let given: Vec<Given<'_>> = inputs.iter().flat_map(|(place, column)| values(*place, column, row)).collect();
            self.derive.write(&given, &stream, &mut self.batch);
            self.batch.end_event();
        }
        self.batch.take().map_err(|error| error.to_string())
    }
}

/// A column as text, or lists of it.
fn text(array: &ArrayRef) -> Result<ArrayRef, String> {
    let ty = match array.data_type() {
        DataType::List(_) | DataType::LargeList(_) => {
            DataType::List(Arc::new(ArrowField::new("element", DataType::Utf8View, true)))
        }
        _ => DataType::Utf8View,
    };
    cast(array, &ty).map_err(|error| error.to_string())
}

fn values(place: usize, column: &ArrayRef, row: usize) -> Vec<Given<'_>> {
    let given = |texts: &dyn Array| -> Vec<String> {
        texts.as_string_view_opt().into_iter().flatten().flatten().map(str::to_owned).collect()
    };
    if column.is_null(row) {
        return Vec::new();
    }
    if let Some(texts) = column.as_string_view_opt() {
        return vec![(place, Cow::Borrowed(texts.value(row)))];
    }
    let Some(lists) = column.as_list_opt::<i32>() else { return Vec::new() };
    given(lists.value(row).as_ref()).into_iter().map(|value| (place, Cow::Owned(value))).collect()
}
