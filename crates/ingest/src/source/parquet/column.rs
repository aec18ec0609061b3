//! Columns of a file as canonical fields.
//!
//! A name of the schema gives a field its type; other columns keep the type they have. Columns may be flat with dotted
//! names (`source.ip`) or structs (`source` with a member `ip`); a list column has several values.

use super::is_text;
use crate::{Options, network::Host, physical};
use ::parquet::file::{metadata::RowGroupMetaData, statistics::Statistics};
use arrow::{
    array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StringViewArray},
    buffer::NullBuffer,
    compute::cast,
    datatypes::{DataType, Field as ArrowField, Fields, Schema, TimeUnit},
};
use schema::{Field, Type};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// How deep structs may nest.
const DEPTH: usize = 16;

/// Where a field comes from.
#[derive(Clone, Debug)]
pub struct Source {
    pub field: Field,
    /// The column of the file, by number and by name.
    pub root: usize,
    pub root_name: String,
    /// Members on the way down from it.
    path: Vec<String>,
}

/// The fields of a file, and the names of columns that no event can hold. Options may name columns otherwise.
pub fn columns(schema: &Schema, options: &Options) -> Result<(Vec<Source>, Vec<String>), String> {
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for (root, field) in schema.fields().iter().enumerate() {
        walk(root, field.name(), field.name().clone(), field, &mut Vec::new(), &mut found, &mut left_out);
    }
    for source in &mut found {
        if let Some((_, to)) = options.columns.iter().find(|(from, _)| *from == source.field.name) {
            source.field = canonical(to, source.field.ty, source.field.many);
        }
    }
    Ok((found, left_out))
}

fn walk(
    root: usize,
    root_name: &str,
    name: String,
    field: &ArrowField,
    path: &mut Vec<String>,
    found: &mut Vec<Source>,
    left_out: &mut Vec<String>,
) {
    match field.data_type() {
        DataType::Struct(members) if path.len() < DEPTH => {
            for member in members {
                path.push(member.name().clone());
                walk(root, root_name, format!("{name}.{}", member.name()), member, path, found, left_out);
                path.pop();
            }
        }
        ty => {
            let (element, many) = match ty {
                DataType::List(element) | DataType::LargeList(element) => (element.data_type(), true),
                ty => (ty, false),
            };
            let Some(ty) = type_of(element) else { return left_out.push(name) };
            let (root_name, path) = (root_name.to_owned(), path.clone());
            found.push(Source { field: canonical(&name, ty, many), root, root_name, path });
        }
    }
}

fn canonical(name: &str, ty: Type, many: bool) -> Field {
    match schema::field(name) {
        Some(field) => Field { many: field.many || many, ..field.clone() },
        None => Field { name: name.to_owned().into(), ty, many },
    }
}

/// The canonical type of a column that is in no schema; none for what no event can hold.
fn type_of(ty: &DataType) -> Option<Type> {
    match ty {
        DataType::Boolean => Some(Type::Boolean),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 => Some(Type::Integer),
        DataType::Int64 | DataType::UInt32 => Some(Type::Long),
        DataType::UInt64 => Some(Type::UnsignedLong),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Some(Type::Double),
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) => Some(Type::Double),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => Some(Type::DateNanos),
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Some(Type::Date),
        DataType::Dictionary(_, values) => type_of(values),
        ty if is_text(ty) => Some(Type::Keyword),
        _ => None,
    }
}

/// The type with all text as views.
pub fn with_views(ty: &DataType) -> DataType {
    let inner =
        |field: &Arc<ArrowField>| Arc::new(field.as_ref().clone().with_data_type(with_views(field.data_type())));
    match ty {
        ty if is_text(ty) => DataType::Utf8View,
        DataType::List(element) => DataType::List(inner(element)),
        DataType::Struct(members) => DataType::Struct(members.iter().map(inner).collect::<Fields>()),
        other => other.clone(),
    }
}

impl Source {
    /// Whether it is a column of the file with one value in each row.
    pub fn is_plain(&self) -> bool {
        self.path.is_empty() && !self.field.many
    }

    /// The column in the shape of the wanted field.
    /// What does not convert is null, and counted.
    pub fn read(&self, batch: &RecordBatch, wanted: &Field, unconverted: &AtomicU64) -> Result<ArrayRef, String> {
        let array = self.array(batch)?;
        let before = values(&array);
        let array = self.shaped(array, wanted)?;
        unconverted.fetch_add(before.saturating_sub(values(&array)), Ordering::Relaxed);
        Ok(array)
    }

    /// The column as the file has it.
    pub fn array(&self, batch: &RecordBatch) -> Result<ArrayRef, String> {
        let missing = || format!("column `{}` is not in the batch", self.root_name);
        let mut array = batch.column_by_name(&self.root_name).ok_or_else(missing)?.clone();
        for member in &self.path {
            let parent = array.as_struct_opt().ok_or_else(missing)?;
            let child = parent.column_by_name(member).ok_or_else(missing)?;
            array = match parent.nulls() {
                Some(nulls) => arrow::compute::nullif(child, &arrow::array::BooleanArray::new(!nulls.inner(), None))
                    .map_err(|error| error.to_string())?,
                None => child.clone(),
            };
        }
        Ok(array)
    }

    fn shaped(&self, mut array: ArrayRef, wanted: &Field) -> Result<ArrayRef, String> {
        let ty = physical::of(wanted.ty, wanted.many);
        if wanted.ty == Type::Ip && !wanted.many {
            array = canonical_addresses(array)?;
        }
        // Where one value becomes a list, a null is no list.
        let lists = matches!(array.data_type(), DataType::List(_) | DataType::LargeList(_));
        let nulls = if lists { None } else { array.logical_nulls() };
        if *array.data_type() != ty {
            array = cast(&array, &ty).map_err(|error| format!("column `{}`: {error}", self.field.name))?;
        }
        Ok(if wanted.many { without_empty_lists(&array, nulls.as_ref()) } else { array })
    }
}

/// How many values a column has, those in lists counted one by one.
fn values(array: &ArrayRef) -> u64 {
    let inner = match array.as_list_opt::<i32>() {
        Some(lists) => {
            let (Some(first), Some(last)) = (lists.offsets().first(), lists.offsets().last()) else { return 0 };
            lists.values().slice(*first as usize, (last - first) as usize)
        }
        None => array.clone(),
    };
    (inner.len() - inner.logical_null_count()) as u64
}

/// Addresses in canonical text; those of IPv4 have no other.
fn canonical_addresses(array: ArrayRef) -> Result<ArrayRef, String> {
    let array = match array.data_type() {
        DataType::Utf8View => array,
        _ => cast(&array, &DataType::Utf8View).map_err(|error| error.to_string())?,
    };
    let texts = array.as_string_view();
    // Dotted quads have one form only.
    let is_quad = |text: &str| text.as_bytes().first().is_some_and(u8::is_ascii_digit) && !text.contains(':');
    if texts.iter().flatten().all(is_quad) {
        return Ok(array);
    }
    let mut scratch = String::new();
    let canonical: StringViewArray =
        texts.iter().map(|text| Host::Text(text?).ip_text(&mut scratch).map(str::to_owned)).collect();
    Ok(Arc::new(canonical))
}

/// Null for each empty list, as everywhere, and where `nulls` says so.
fn without_empty_lists(array: &ArrayRef, nulls: Option<&NullBuffer>) -> ArrayRef {
    let Some(lists) = array.as_list_opt::<i32>() else { return array.clone() };
    let filled: NullBuffer = lists.offsets().lengths().map(|length| length > 0).collect::<Vec<_>>().into();
    if filled.null_count() == 0 && nulls.is_none() {
        return array.clone();
    }
    let DataType::List(element) = lists.data_type() else { return array.clone() };
    let nulls = NullBuffer::union(NullBuffer::union(Some(&filled), lists.nulls()).as_ref(), nulls);
    Arc::new(ListArray::new(element.clone(), lists.offsets().clone(), lists.values().clone(), nulls))
}

/// Earliest and latest `@timestamp` of a row group in milliseconds, if its statistics tell.
pub fn time_range(group: &RowGroupMetaData, columns: &[Source]) -> Option<[i64; 2]> {
    let root = columns.iter().find(|column| column.field.name == "@timestamp" && column.path.is_empty())?;
    let column = group.columns().iter().find(|column| column.column_path().parts() == [root.root_name.clone()])?;
    let Statistics::Int64(statistics) = column.statistics()? else { return None };
    use ::parquet::basic::{LogicalType, TimeUnit as Unit};
    let divisor = match column.column_descr().logical_type_ref()? {
        LogicalType::Timestamp(timestamp) => match timestamp.unit {
            Unit::MILLIS => 1,
            Unit::MICROS => 1000,
            Unit::NANOS => 1_000_000,
        },
        _ => return None,
    };
    Some([statistics.min_opt()?.div_euclid(divisor), statistics.max_opt()?.div_euclid(divisor)])
}
