//! The columns under construction that decoders write events to.
//!
//! A decoder sets the slots of an event in any order, each through the method of the value it has at hand, and ends the
//! event; slots left unset become null. Setting converts to the field's own type, so that `ttl: "300"` and `ttl: 300`
//! fill a long alike; a value that does not convert leaves the slot null and is reported by the return value.

use crate::{Projection, Slot, physical, time::Moment, views::Views};
use arrow::{
    array::{
        ArrayRef, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListArray, RecordBatch,
        RecordBatchOptions, TimestampMillisecondBuilder, TimestampNanosecondBuilder, UInt64Builder,
    },
    buffer::{NullBuffer, OffsetBuffer},
    error::ArrowError,
};
use schema::{DataStream, Type};
use std::{fmt::Write, sync::Arc};

/// Events being decoded, a column for each projected field.
pub struct EventBatch {
    projection: Arc<Projection>,
    columns: Vec<Column>,
    rows: usize,
    place: Place,
    /// Where each event's record begins, if somebody asks.
    begins: Option<Vec<u64>>,
    /// Where the record begins whose events alone are wanted, if not all are.
    wanted: Option<u64>,
}

/// Where the events come from: what `_index` and `_id` say of those whose decoder does not.
#[derive(Default)]
struct Place {
    index: Option<Slot>,
    id: Option<Slot>,
    stream: Option<DataStream>,
    input: usize,
    /// Of the chunk, or of the record if the decoder says where it is.
    offset: u64,
    /// Events since the offset was set.
    ordinal: u64,
    text: String,
}

struct Column {
    values: Values,
    /// Number of events that have a value or a null.
    filled: usize,
    list: Option<Offsets>,
    ty: Type,
}

/// Where the values of each event end, for fields with several values.
struct Offsets {
    ends: Vec<i32>,
    valid: Vec<bool>,
}

enum Values {
    Boolean(BooleanBuilder),
    Integer(Int32Builder),
    Long(Int64Builder),
    UnsignedLong(UInt64Builder),
    Double(Float64Builder),
    String(Views),
    Date(TimestampMillisecondBuilder),
    DateNanos(TimestampNanosecondBuilder),
}

/// A value on its way into a slot.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    Boolean(bool),
    Long(i64),
    UnsignedLong(u64),
    Double(f64),
    String(&'v str),
    /// Nanoseconds since the epoch.
    Time(i64),
}

impl EventBatch {
    pub fn new(projection: Arc<Projection>) -> Self {
        let columns = projection.fields().iter().map(|field| Column::new(field.ty, field.many)).collect();
        let (index, id) = (projection.slot(Projection::INDEX), projection.slot(Projection::ID));
        EventBatch {
            projection,
            columns,
            rows: 0,
            place: Place { index, id, ..Place::default() },
            begins: None,
            wanted: None,
        }
    }

    /// A batch that keeps where the record of each event begins.
    pub fn with_begins(projection: Arc<Projection>) -> Self {
        EventBatch { begins: Some(Vec::new()), ..EventBatch::new(projection) }
    }

    /// The offsets at which the records of the finished events begin, of a batch that keeps them.
    pub fn take_begins(&mut self) -> Vec<u64> {
        self.begins.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The events that follow are of this input, of this data stream unless their decoder says otherwise, from this
    /// offset on.
    pub fn begin(&mut self, input: usize, stream: Option<&DataStream>, offset: u64) {
        if self.place.stream.as_ref() != stream {
            self.place.stream = stream.cloned();
        }
        (self.place.input, self.place.offset, self.place.ordinal) = (input, offset, 0);
    }

    /// Only events whose record begins at this offset are wanted. Decoders that are good at it leave out others.
    pub fn want(&mut self, offset: u64) {
        self.wanted = Some(offset);
    }

    /// Whether events whose record begins at this offset are wanted.
    pub fn wants(&self, offset: u64) -> bool {
        self.wanted.is_none_or(|wanted| wanted == offset)
    }

    /// The current event begins at this offset of the input. Decoders that know say so, which makes `_id` the same
    /// however the input is cut up.
    #[inline]
    pub fn at_offset(&mut self, offset: u64) {
        (self.place.offset, self.place.ordinal) = (offset, 0);
    }

    /// Finished events so far.
    pub fn len(&self) -> usize {
        self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Sets a field of the current event; to a field of several values it adds one. False if the value does not
    /// convert to the field's type or the field is already set.
    pub fn set(&mut self, slot: Option<Slot>, value: Value<'_>) -> bool {
        let Some(Slot(at)) = slot else { return true };
        self.columns[at].set(self.rows, value)
    }

    #[inline]
    pub fn set_str(&mut self, slot: Option<Slot>, value: &str) -> bool {
        let Some(Slot(at)) = slot else { return true };
        let column = &mut self.columns[at];
        match &mut column.values {
            Values::String(views) if column.list.is_some() || column.filled <= self.rows => {
                views.append(value);
                if column.list.is_none() {
                    column.filled = self.rows + 1;
                }
                true
            }
            _ => column.set(self.rows, Value::String(value)),
        }
    }

    pub fn set_i64(&mut self, slot: Option<Slot>, value: i64) -> bool {
        self.set(slot, Value::Long(value))
    }

    pub fn set_bool(&mut self, slot: Option<Slot>, value: bool) -> bool {
        self.set(slot, Value::Boolean(value))
    }

    /// Sets a time given in nanoseconds since the epoch.
    pub fn set_time(&mut self, slot: Option<Slot>, nanos: i64) -> bool {
        self.set(slot, Value::Time(nanos))
    }

    /// Sets a time, to the precision of the field.
    #[inline]
    pub fn set_moment(&mut self, slot: Option<Slot>, moment: Moment) -> bool {
        let Some(Slot(at)) = slot else { return true };
        let value = match self.columns[at].ty {
            Type::DateNanos => moment.nanos().map(Value::Time),
            _ => Some(Value::Long(moment.millis())),
        };
        value.is_some_and(|value| self.columns[at].set(self.rows, value))
    }

    /// Whether a field has a value in the current event.
    #[inline]
    pub fn is_set(&self, slot: Option<Slot>) -> bool {
        slot.is_some_and(|Slot(at)| self.columns[at].is_set(self.rows))
    }

    /// The name of a slot's field.
    pub fn name(&self, Slot(at): Slot) -> &str {
        &self.projection.fields()[at].name
    }

    /// Ends the current event.
    #[inline]
    pub fn end_event(&mut self) {
        if self.place.index.is_some() || self.place.id.is_some() {
            self.set_place();
        }
        for column in &mut self.columns {
            column.end_event(self.rows);
        }
        if let Some(begins) = &mut self.begins {
            begins.push(self.place.offset);
        }
        self.rows += 1;
    }

    fn set_place(&mut self) {
        if let (Some(Slot(at)), Some(stream)) = (self.place.index, &self.place.stream) {
            self.columns[at].set(self.rows, Value::String(stream.as_str()));
        }
        if let Some(Slot(at)) = self.place.id
            && self.columns[at].filled <= self.rows
        {
            let Place { input, offset, ordinal, text, .. } = &mut self.place;
            text.clear();
            // Writing to a string cannot fail.
            let _ = write!(text, "{input}:{offset}");
            if *ordinal > 0 {
                let _ = write!(text, ".{ordinal}");
            }
            self.columns[at].set(self.rows, Value::String(text));
        }
        self.place.ordinal += 1;
    }

    /// The finished events; the batch is empty afterwards.
    pub fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = std::mem::take(&mut self.rows);
        let arrays = self.columns.iter_mut().map(Column::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.projection.arrow_schema().clone(), arrays, &options)
    }
}

impl Column {
    fn new(ty: Type, many: bool) -> Self {
        let list = many.then(|| Offsets { ends: vec![0], valid: Vec::new() });
        Column { values: Values::new(ty), filled: 0, list, ty }
    }

    fn set(&mut self, row: usize, value: Value<'_>) -> bool {
        if self.list.is_none() && self.filled > row {
            return false;
        }
        let set = self.values.append(value);
        if set && self.list.is_none() {
            self.filled = row + 1;
        }
        set
    }

    fn is_set(&self, row: usize) -> bool {
        match &self.list {
            Some(offsets) => offsets.ends.last() != Some(&(self.values.len() as i32)),
            None => self.filled > row,
        }
    }

    fn end_event(&mut self, row: usize) {
        match &mut self.list {
            Some(offsets) => {
                let end = self.values.len() as i32;
                offsets.valid.push(offsets.ends.last() != Some(&end));
                offsets.ends.push(end);
            }
            None if self.filled <= row => self.values.append_null(),
            None => {}
        }
        self.filled = row + 1;
    }

    fn finish(&mut self) -> ArrayRef {
        self.filled = 0;
        let values = self.values.finish();
        let Some(offsets) = &mut self.list else { return values };
        let ends = std::mem::replace(&mut offsets.ends, vec![0]);
        let valid = NullBuffer::from(std::mem::take(&mut offsets.valid));
        Arc::new(ListArray::new(physical::element(self.ty), OffsetBuffer::new(ends.into()), values, Some(valid)))
    }
}

/// Calls the same method on whichever builder it is.
macro_rules! each {
    ($values:expr, $builder:ident => $body:expr) => {
        match $values {
            Values::Boolean($builder) => $body,
            Values::Integer($builder) => $body,
            Values::Long($builder) => $body,
            Values::UnsignedLong($builder) => $body,
            Values::Double($builder) => $body,
            Values::String($builder) => $body,
            Values::Date($builder) => $body,
            Values::DateNanos($builder) => $body,
        }
    };
}

impl Values {
    fn new(ty: Type) -> Self {
        match ty {
            Type::Boolean | Type::Null => Values::Boolean(BooleanBuilder::new()),
            Type::Integer => Values::Integer(Int32Builder::new()),
            Type::Long => Values::Long(Int64Builder::new()),
            Type::UnsignedLong => Values::UnsignedLong(UInt64Builder::new()),
            Type::Double => Values::Double(Float64Builder::new()),
            Type::Keyword | Type::Text | Type::Ip | Type::Version => Values::String(Views::default()),
            Type::Date => Values::Date(TimestampMillisecondBuilder::new()),
            Type::DateNanos => Values::DateNanos(TimestampNanosecondBuilder::new()),
        }
    }

    fn len(&self) -> usize {
        use arrow::array::ArrayBuilder;
        each!(self, builder => builder.len())
    }

    fn append_null(&mut self) {
        each!(self, builder => builder.append_null())
    }

    fn finish(&mut self) -> ArrayRef {
        each!(self, builder => Arc::new(builder.finish()))
    }

    fn append(&mut self, value: Value<'_>) -> bool {
        match self {
            Values::Boolean(builder) => push(value.as_bool(), |v| builder.append_value(v)),
            Values::Integer(builder) => {
                push(value.as_i64().and_then(|v| i32::try_from(v).ok()), |v| builder.append_value(v))
            }
            Values::Long(builder) => push(value.as_i64(), |v| builder.append_value(v)),
            Values::UnsignedLong(builder) => push(value.as_u64(), |v| builder.append_value(v)),
            Values::Double(builder) => push(value.as_f64(), |v| builder.append_value(v)),
            Values::Date(builder) => push(value.as_millis(), |v| builder.append_value(v)),
            Values::DateNanos(builder) => push(value.as_nanos(), |v| builder.append_value(v)),
            Values::String(builder) => {
                value.with_str(|text| builder.append(text));
                true
            }
        }
    }
}

fn push<T>(value: Option<T>, append: impl FnOnce(T)) -> bool {
    value.map(append).is_some()
}

impl Value<'_> {
    fn as_bool(self) -> Option<bool> {
        match self {
            Value::Boolean(value) => Some(value),
            Value::String("true") => Some(true),
            Value::String("false") => Some(false),
            _ => None,
        }
    }

    fn as_i64(self) -> Option<i64> {
        match self {
            Value::Long(value) => Some(value),
            Value::UnsignedLong(value) => i64::try_from(value).ok(),
            // Elasticsearch's `coerce`: a fraction is cut off.
            Value::Double(value) => (value.abs() < 9.2e18).then_some(value as i64),
            Value::String(text) => text.parse().ok(),
            Value::Boolean(_) | Value::Time(_) => None,
        }
    }

    fn as_u64(self) -> Option<u64> {
        match self {
            Value::UnsignedLong(value) => Some(value),
            Value::String(text) => text.parse().ok(),
            other => other.as_i64().and_then(|value| u64::try_from(value).ok()),
        }
    }

    fn as_f64(self) -> Option<f64> {
        match self {
            Value::Double(value) => Some(value),
            Value::Long(value) => Some(value as f64),
            Value::UnsignedLong(value) => Some(value as f64),
            Value::String(text) => text.parse().ok(),
            Value::Boolean(_) | Value::Time(_) => None,
        }
    }

    /// Text is left to the decoders, who know its date format.
    fn as_millis(self) -> Option<i64> {
        match self {
            Value::Time(nanos) => Some(nanos.div_euclid(1_000_000)),
            // Elasticsearch reads a bare number as `epoch_millis`.
            Value::Long(millis) => Some(millis),
            _ => None,
        }
    }

    fn as_nanos(self) -> Option<i64> {
        match self {
            Value::Time(nanos) => Some(nanos),
            Value::Long(millis) => millis.checked_mul(1_000_000),
            _ => None,
        }
    }

    fn with_str(self, use_text: impl FnOnce(&str)) {
        match self {
            Value::String(text) => use_text(text),
            Value::Boolean(value) => use_text(if value { "true" } else { "false" }),
            Value::Long(value) => use_text(&value.to_string()),
            Value::UnsignedLong(value) => use_text(&value.to_string()),
            Value::Double(value) => use_text(&value.to_string()),
            Value::Time(nanos) => use_text(&nanos.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Array, AsArray};
    use schema::Field;

    #[test]
    fn unset_slots_are_null_and_lists_take_several_values() -> Result<(), ArrowError> {
        let fields = vec![Field::one("a", Type::Long), Field::many("b", Type::Keyword)];
        let projection = Arc::new(Projection::new(fields));
        let (a, b) = (projection.slot("a"), projection.slot("b"));
        let mut batch = EventBatch::new(projection);
        assert!(batch.set_str(a, "7"));
        assert!(!batch.set_i64(a, 8), "a field of one value takes one");
        batch.end_event();
        batch.set_str(b, "x");
        batch.set_str(b, "y");
        batch.end_event();
        let batch = batch.take()?;
        assert_eq!(batch.num_rows(), 2);
        assert!(batch.column(0).is_valid(0) && batch.column(0).is_null(1));
        let lists = batch.column(1).as_list::<i32>();
        assert!(lists.is_null(0));
        assert_eq!(lists.value_length(1), 2);
        Ok(())
    }
}
