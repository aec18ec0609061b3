//! Values of columns as JSON.

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, TimestampNanosecondType, UInt64Type},
};
use ingest::physical;
use jiff::Timestamp;
use schema::{Field, Type};
use serde_json::{Map, Value};

/// The value of a row of a column of that field: an array where it has several, null where the column is not of the
/// field's physical type.
pub fn value(column: &dyn Array, field: &Field, row: usize) -> Value {
    if column.data_type() != &physical::of(field.ty, field.many) || column.is_null(row) {
        return Value::Null;
    }
    if !field.many {
        return single(column, field.ty, row);
    }
    let values = column.as_list::<i32>().value(row);
    let mut values = (0..values.len()).map(|at| single(&values, field.ty, at)).collect::<Vec<_>>();
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}

fn single(column: &dyn Array, ty: Type, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match ty {
        Type::Null => Value::Null,
        Type::Boolean => column.as_boolean().value(row).into(),
        Type::Integer => column.as_primitive::<Int32Type>().value(row).into(),
        Type::Long => column.as_primitive::<Int64Type>().value(row).into(),
        Type::UnsignedLong => column.as_primitive::<UInt64Type>().value(row).into(),
        Type::Double => column.as_primitive::<Float64Type>().value(row).into(),
        Type::Keyword | Type::Text | Type::Ip | Type::Version => column.as_string_view().value(row).into(),
        Type::Date => date(Timestamp::from_millisecond(column.as_primitive::<TimestampMillisecondType>().value(row))),
        Type::DateNanos => {
            let nanos = column.as_primitive::<TimestampNanosecondType>().value(row);
            date(Timestamp::from_nanosecond(nanos.into()))
        }
    }
}

/// ISO-8601 UTC with at least milliseconds, as Elasticsearch prints dates.
fn date(timestamp: Result<Timestamp, jiff::Error>) -> Value {
    match timestamp {
        Ok(timestamp) if timestamp.subsec_nanosecond() % 1_000_000 == 0 => format!("{timestamp:.3}").into(),
        Ok(timestamp) => timestamp.to_string().into(),
        Err(_) => Value::Null,
    }
}

/// Those fields of a row as a document: dotted names become nested objects, columns without a value are left out.
pub fn document(batch: &RecordBatch, fields: &[Field], row: usize) -> Value {
    let mut document = Map::new();
    for field in fields {
        let value = batch.column_by_name(&field.name).map(|column| value(column, field, row));
        if let Some(value) = value.filter(|value| !value.is_null()) {
            insert(&mut document, &field.name, value);
        }
    }
    Value::Object(document)
}

/// Where a name runs into a value (`a` and `a.b` both exist), the rest of it stays dotted.
fn insert(object: &mut Map<String, Value>, name: &str, value: Value) {
    let Some((head, rest)) = name.split_once('.') else {
        object.insert(name.to_string(), value);
        return;
    };
    match object.entry(head).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(inner) => insert(inner, rest, value),
        _ => {
            object.insert(name.to_string(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, Int64Array, TimestampMillisecondArray};
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn a_row_is_a_nested_document() -> Result<(), arrow::error::ArrowError> {
        let fields =
            [Field::one("@timestamp", Type::Date), Field::one("a.b", Type::Long), Field::one("a.c", Type::Long)];
        let columns: Vec<ArrayRef> = vec![
            Arc::new(TimestampMillisecondArray::from(vec![1_500])),
            Arc::new(Int64Array::from(vec![7])),
            Arc::new(Int64Array::from(vec![None])),
        ];
        let schema = arrow::datatypes::Schema::new(fields.iter().map(physical::field).collect::<Vec<_>>());
        let batch = RecordBatch::try_new(Arc::new(schema), columns)?;
        assert_eq!(document(&batch, &fields, 0), json!({"@timestamp": "1970-01-01T00:00:01.500Z", "a": {"b": 7}}));
        Ok(())
    }
}
