//! Finding rows of a small table by key: the common part of `LOOKUP JOIN` and `ENRICH`.
//!
//! The table is indexed once, in memory. A row of the input becomes the list of the table's rows that match it; columns of
//! the table are then taken by those numbers, so that a column nobody reads costs nothing.

use crate::table::Table;
use arrow::{
    array::{Array, ArrayRef, AsArray, ListArray, UInt32Array, UInt32Builder},
    buffer::{NullBuffer, OffsetBuffer},
    compute::{concat, take},
    datatypes::{DataType, Field as ArrowField, UInt32Type},
    error::ArrowError,
    row::{RowConverter, SortField},
};
use datafusion::{
    error::Result as DfResult,
    logical_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};
use ingest::physical;
use schema::Field;
use std::{
    collections::{HashMap, HashSet},
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// What to do on a row whose key has several values.
pub type OnSeveral = Box<dyn Fn() + Send + Sync>;

/// A table that can be asked for the rows with a key.
pub struct Index {
    rows: HashMap<Box<[u8]>, Vec<u32>>,
    /// The rows whose key has several values.
    several: HashSet<u32>,
    converter: RowConverter,
}

impl Index {
    /// Indexes rows by key columns, which may be lists: then a row has each of their values. A row with a null in a key
    /// is never found.
    pub fn new(keys: &[ArrayRef], types: Vec<DataType>) -> Result<Index, ArrowError> {
        let converter = RowConverter::new(types.into_iter().map(SortField::new).collect())?;
        let mut index = Index { rows: HashMap::new(), several: HashSet::new(), converter };
        for list in keys.iter().filter_map(|key| key.as_list_opt::<i32>()) {
            let lengths = list.offsets().windows(2).map(|ends| ends[1] - ends[0]);
            index.several.extend(lengths.zip(0..).filter(|(length, _)| *length > 1).map(|(_, row)| row));
        }
        let (keys, origin) = exploded(keys)?;
        let valid = keys.iter().map(|key| key.logical_nulls()).collect::<Vec<_>>();
        let converted = index.converter.convert_columns(&keys)?;
        for (at, row) in converted.iter().enumerate() {
            if valid.iter().flatten().all(|nulls| nulls.is_valid(at)) {
                index.rows.entry(row.as_ref().into()).or_default().push(origin.value(at));
            }
        }
        Ok(index)
    }

    /// The most rows that share a key.
    pub fn most(&self) -> usize {
        self.rows.values().map(Vec::len).max().unwrap_or(0)
    }

    /// For each row of flat keys, the numbers of the matching rows; null where there is none.
    /// `on_several`, where given, is told of rows that would match by one of several values; they are left out.
    fn probe(&self, keys: &[ArrayRef], on_several: Option<&dyn Fn()>) -> Result<ListArray, ArrowError> {
        let rows = self.converter.convert_columns(keys)?;
        let valid = keys.iter().map(|key| key.logical_nulls()).collect::<Vec<_>>();
        let mut found = UInt32Builder::new();
        let (mut lengths, mut any) = (Vec::with_capacity(rows.num_rows()), Vec::with_capacity(rows.num_rows()));
        for (at, row) in rows.iter().enumerate() {
            let complete = valid.iter().flatten().all(|nulls| nulls.is_valid(at));
            let matches = if complete { self.rows.get(row.as_ref()).map_or(&[][..], Vec::as_slice) } else { &[] };
            let before = found.values_slice().len();
            for row in matches {
                match on_several.filter(|_| self.several.contains(row)) {
                    Some(tell) => tell(),
                    None => found.append_value(*row),
                }
            }
            lengths.push(found.values_slice().len() - before);
            any.push(found.values_slice().len() > before);
        }
        let element = Arc::new(ArrowField::new("item", DataType::UInt32, true));
        let offsets = OffsetBuffer::from_lengths(lengths);
        ListArray::try_new(element, offsets, Arc::new(found.finish()), Some(NullBuffer::from(any)))
    }
}

/// Key columns with one value in each row, and the row each came from.
fn exploded(keys: &[ArrayRef]) -> Result<(Vec<ArrayRef>, UInt32Array), ArrowError> {
    let rows = keys.first().map_or(0, |key| key.len());
    let mut origin: UInt32Array = (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect();
    let mut flat: Vec<ArrayRef> = keys.to_vec();
    for at in 0..flat.len() {
        let Some(list) = flat[at].as_list_opt::<i32>().cloned() else { continue };
        let mut repeated = UInt32Builder::new();
        let mut values = UInt32Builder::new();
        for (row, ends) in list.offsets().windows(2).enumerate().filter(|(row, _)| list.is_valid(*row)) {
            for value in ends[0]..ends[1] {
                repeated.append_value(row as u32);
                values.append_value(value as u32);
            }
        }
        let repeated = repeated.finish();
        for (other, column) in flat.iter_mut().enumerate() {
            *column = if other == at {
                take(list.values(), &values.finish_cloned(), None)?
            } else {
                take(column, &repeated, None)?
            };
        }
        origin = take(&origin, &repeated, None)?.as_primitive::<UInt32Type>().clone();
    }
    Ok((flat, origin))
}

/// A column of a table in one piece.
pub fn column(table: &Table, name: &str) -> Result<Option<(Field, ArrayRef)>, ArrowError> {
    let Some(at) = table.fields.iter().position(|field| field.name == name) else { return Ok(None) };
    let field = table.fields[at].clone();
    let pieces: Vec<&dyn Array> = table.batches.iter().map(|batch| batch.column(at).as_ref()).collect();
    let whole = match pieces.as_slice() {
        [] => arrow::array::new_empty_array(&physical::of(field.ty, field.many)),
        pieces => concat(pieces)?,
    };
    Ok(Some((field, whole)))
}

/// The rows of `index` that match the key columns, as a list of numbers; see [`Index::probe`] for `on_several`.
pub fn matching(index: Arc<Index>, keys: Vec<Expr>, on_several: Option<OnSeveral>) -> Expr {
    let element = Arc::new(ArrowField::new("item", DataType::UInt32, true));
    udf("matching_rows".to_string(), DataType::List(element), keys, move |args| {
        Ok(Arc::new(index.probe(args, on_several.as_deref().map(|tell| tell as &dyn Fn()))?) as ArrayRef)
    })
}

/// The rows of `index` that match any value of a list column, in ascending order.
pub fn matching_any(index: Arc<Index>, key: Expr) -> Expr {
    let element = Arc::new(ArrowField::new("item", DataType::UInt32, true));
    udf("matching_rows".to_string(), DataType::List(element), vec![key], move |args| {
        let [lists] = args else { return Err(arity()) };
        let lists = lists.as_list::<i32>();
        let found = index.probe(&[lists.values().clone()], None)?;
        let mut rows = arrow::array::ListBuilder::new(UInt32Builder::new());
        for (row, ends) in lists.offsets().windows(2).enumerate() {
            let mut all: Vec<u32> = Vec::new();
            if lists.is_valid(row) {
                for value in (ends[0] as usize..ends[1] as usize).filter(|value| found.is_valid(*value)) {
                    all.extend(found.value(value).as_primitive::<UInt32Type>().values());
                }
            }
            all.sort_unstable();
            all.dedup();
            rows.values().append_slice(&all);
            rows.append(!all.is_empty());
        }
        Ok(Arc::new(rows.finish()) as ArrayRef)
    })
}

/// A table's column, taken by row number.
pub fn taken(column: ArrayRef, field: &Field, number: Expr) -> Expr {
    let returns = column.data_type().clone();
    udf(format!("taken {}", field.name), returns, vec![number], move |args| {
        let [numbers] = args else { return Err(arity()) };
        take(&column, numbers, None)
    })
}

/// A table's column, taken by lists of row numbers: all their values in one list.
pub fn gathered(column: ArrayRef, field: &Field, numbers: Expr) -> Expr {
    let element = physical::element(field.ty);
    udf(format!("gathered {}", field.name), DataType::List(element.clone()), vec![numbers], move |args| {
        let [numbers] = args else { return Err(arity()) };
        let lists = numbers.as_list::<i32>();
        let mut indices = UInt32Builder::new();
        let (mut lengths, mut any) = (Vec::with_capacity(lists.len()), Vec::with_capacity(lists.len()));
        for row in 0..lists.len() {
            let before = indices.values_slice().len();
            if lists.is_valid(row) {
                let numbers = lists.value(row);
                for &number in numbers.as_primitive::<UInt32Type>().values() {
                    append_values(&column, number, &mut indices);
                }
            }
            let count = indices.values_slice().len() - before;
            lengths.push(count);
            any.push(count > 0);
        }
        let values = column.as_list_opt::<i32>().map_or(&column, |list| list.values());
        let values = take(values, &indices.finish(), None)?;
        let lists = ListArray::try_new(
            element.clone(),
            OffsetBuffer::from_lengths(lengths),
            values,
            Some(NullBuffer::from(any)),
        )?;
        Ok(Arc::new(lists) as ArrayRef)
    })
}

/// The places of the values that a row of a flat or list column has.
fn append_values(column: &ArrayRef, row: u32, indices: &mut UInt32Builder) {
    if column.is_null(row as usize) {
        return;
    }
    match column.as_list_opt::<i32>() {
        Some(list) => {
            let ends = list.value_offsets();
            (ends[row as usize]..ends[row as usize + 1]).for_each(|value| indices.append_value(value as u32));
        }
        None => indices.append_value(row),
    }
}

fn arity() -> ArrowError {
    ArrowError::InvalidArgumentError("a table function was handed another number of arguments".to_string())
}

fn udf(
    name: String,
    returns: DataType,
    args: Vec<Expr>,
    run: impl Fn(&[ArrayRef]) -> Result<ArrayRef, ArrowError> + Send + Sync + 'static,
) -> Expr {
    let signature = Signature::any(args.len(), Volatility::Immutable);
    Arc::new(ScalarUDF::from(TableUdf { name, returns, run: Arc::new(run), signature })).call(args)
}

/// What a table's column is computed by.
type Run = dyn Fn(&[ArrayRef]) -> Result<ArrayRef, ArrowError> + Send + Sync;

struct TableUdf {
    /// Differs for each column: DataFusion takes expressions of one name for the same column.
    name: String,
    returns: DataType,
    run: Arc<Run>,
    signature: Signature,
}

impl ScalarUDFImpl for TableUdf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        Ok(ColumnarValue::Array((self.run)(&arrays)?))
    }
}

impl fmt::Debug for TableUdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

// Each use captures a table of its own; only the same use is equal.
impl PartialEq for TableUdf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.run, &other.run)
    }
}

impl Eq for TableUdf {}

impl Hash for TableUdf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
