//! Cutting columns out of strings: what `DISSECT` and `GROK` share.
//!
//! One pass over the input fills all the columns, which travel as one struct column until the next projection takes it
//! apart.

mod dissect;
mod grok;
mod library;

pub use dissect::Dissect;
pub use grok::Grok;

use crate::types::ColumnType;
use arrow::{
    array::{
        Array, ArrayBuilder, ArrayRef, AsArray, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListArray,
        StringViewBuilder, StructArray,
    },
    buffer::{NullBuffer, OffsetBuffer},
    datatypes::{DataType, Field as ArrowField, Fields},
    error::ArrowError,
};
use datafusion::{
    error::Result as DfResult,
    logical_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};
use ingest::physical;
use schema::Type;
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// A pattern that cuts strings up.
pub trait Extractor: Send + Sync + fmt::Debug + 'static {
    /// The columns that it fills, and whether one string can give a column several values.
    fn columns(&self) -> &[(String, ColumnType)];

    /// The values that `text` gives, as places in `columns` with the text of the value; `None` where it does not fit.
    fn extract(&self, text: &str) -> Option<Vec<(usize, String)>>;
}

/// The types of the columns cut out of an input: of several values where the input or the pattern has several.
pub fn column_types(extractor: &dyn Extractor, many: bool) -> Vec<(String, ColumnType)> {
    let list = |ty: ColumnType| ColumnType { many: ty.many || many, ..ty };
    extractor.columns().iter().map(|(name, ty)| (name.clone(), list(*ty))).collect()
}

/// A struct of the columns, named `0`, `1` and so on, cut out of a string expression.
pub fn expression(extractor: Arc<dyn Extractor>, input: Expr, many: bool) -> Expr {
    let types = column_types(extractor.as_ref(), many).into_iter().map(|(_, ty)| ty).collect();
    let names: Vec<&str> = extractor.columns().iter().map(|(name, _)| name.as_str()).collect();
    let name = format!("extract {}", names.join(" "));
    let udf = ExtractUdf { name, extractor, types, signature: Signature::any(1, Volatility::Immutable) };
    Arc::new(ScalarUDF::from(udf)).call(vec![input])
}

/// One column of that struct.
///
/// Not DataFusion's `get_field`, which its optimizer moves below other projections without minding their names.
pub fn part(whole: Expr, at: usize, ty: ColumnType) -> Expr {
    let udf = PartUdf { name: format!("part {at}"), at, ty, signature: Signature::any(1, Volatility::Immutable) };
    Arc::new(ScalarUDF::from(udf)).call(vec![whole])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct PartUdf {
    name: String,
    at: usize,
    ty: ColumnType,
    signature: Signature,
}

impl ScalarUDFImpl for PartUdf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(self.ty.physical())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let whole = arrays.first().and_then(|whole| whole.as_struct_opt());
        match whole.and_then(|whole| whole.columns().get(self.at)) {
            Some(column) => Ok(ColumnarValue::Array(column.clone())),
            None => Err(ArrowError::InvalidArgumentError("there is no such part".to_string()).into()),
        }
    }
}

struct ExtractUdf {
    /// Differs for each pattern: DataFusion takes expressions of one name for the same column.
    name: String,
    extractor: Arc<dyn Extractor>,
    types: Vec<ColumnType>,
    signature: Signature,
}

impl ExtractUdf {
    fn fields(&self) -> Fields {
        let field = |(at, ty): (usize, &ColumnType)| ArrowField::new(at.to_string(), ty.physical(), true);
        self.types.iter().enumerate().map(field).collect()
    }

    fn extract(&self, input: &ArrayRef) -> Result<ArrayRef, ArrowError> {
        let mut columns: Vec<Column> = self.types.iter().map(|ty| Column::new(*ty)).collect();
        let list = input.as_list_opt::<i32>();
        let texts = list.map_or(input, |list| list.values()).as_string_view();
        for row in 0..input.len() {
            let values = match list {
                Some(list) => list.value_offsets()[row] as usize..list.value_offsets()[row + 1] as usize,
                None => row..row + 1,
            };
            if input.is_valid(row) {
                for at in values.filter(|at| texts.is_valid(*at)) {
                    for (column, value) in self.extractor.extract(texts.value(at)).into_iter().flatten() {
                        if let Some(column) = columns.get_mut(column) {
                            column.push(&value);
                        }
                    }
                }
            }
            columns.iter_mut().for_each(|column| column.end_row(row));
        }
        let arrays: Vec<ArrayRef> = columns.into_iter().map(Column::finish).collect::<Result<_, _>>()?;
        Ok(Arc::new(StructArray::try_new_with_length(self.fields(), arrays, None, input.len())?))
    }
}

impl ScalarUDFImpl for ExtractUdf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(DataType::Struct(self.fields()))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        match arrays.first() {
            Some(input) => Ok(ColumnarValue::Array(self.extract(input)?)),
            None => Err(ArrowError::InvalidArgumentError("nothing to extract from".to_string()).into()),
        }
    }
}

impl fmt::Debug for ExtractUdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.extractor.fmt(f)
    }
}

impl PartialEq for ExtractUdf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.extractor, &other.extractor)
    }
}

impl Eq for ExtractUdf {}

impl Hash for ExtractUdf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.types.hash(state);
    }
}

/// A column under construction.
struct Column {
    ty: ColumnType,
    values: Values,
    /// Where the values of each row end.
    ends: Vec<usize>,
}

enum Values {
    Boolean(BooleanBuilder),
    Integer(Int32Builder),
    Long(Int64Builder),
    Double(Float64Builder),
    Text(StringViewBuilder),
}

impl Column {
    fn new(ty: ColumnType) -> Self {
        let values = match ty.ty {
            Type::Boolean => Values::Boolean(BooleanBuilder::new()),
            Type::Integer => Values::Integer(Int32Builder::new()),
            Type::Long => Values::Long(Int64Builder::new()),
            Type::Double => Values::Double(Float64Builder::new()),
            _ => Values::Text(StringViewBuilder::new()),
        };
        Column { ty, values, ends: Vec::new() }
    }

    fn len(&self) -> usize {
        match &self.values {
            Values::Boolean(values) => values.len(),
            Values::Integer(values) => values.len(),
            Values::Long(values) => values.len(),
            Values::Double(values) => values.len(),
            Values::Text(values) => values.len(),
        }
    }

    /// Adds a value to the current row; one that does not read as the column's type, or a second one to a flat column, is
    /// left out.
    fn push(&mut self, text: &str) {
        let row_start = self.ends.last().copied().unwrap_or(0);
        if !self.ty.many && self.len() > row_start {
            return;
        }
        match &mut self.values {
            Values::Boolean(values) => values.append_value(text.eq_ignore_ascii_case("true")),
            Values::Integer(values) => text.parse().into_iter().for_each(|value| values.append_value(value)),
            Values::Long(values) => text.parse().into_iter().for_each(|value| values.append_value(value)),
            Values::Double(values) => text.parse().into_iter().for_each(|value| values.append_value(value)),
            Values::Text(values) => values.append_value(text),
        }
    }

    fn end_row(&mut self, row: usize) {
        if !self.ty.many && self.len() == row {
            match &mut self.values {
                Values::Boolean(values) => values.append_null(),
                Values::Integer(values) => values.append_null(),
                Values::Long(values) => values.append_null(),
                Values::Double(values) => values.append_null(),
                Values::Text(values) => values.append_null(),
            }
        }
        self.ends.push(self.len());
    }

    fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let values: ArrayRef = match &mut self.values {
            Values::Boolean(values) => Arc::new(values.finish()),
            Values::Integer(values) => Arc::new(values.finish()),
            Values::Long(values) => Arc::new(values.finish()),
            Values::Double(values) => Arc::new(values.finish()),
            Values::Text(values) => Arc::new(values.finish()),
        };
        if !self.ty.many {
            return Ok(values);
        }
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let lengths: Vec<usize> = self.ends.iter().zip(starts).map(|(end, start)| end - start).collect();
        let valid: NullBuffer = lengths.iter().map(|length| *length > 0).collect();
        let offsets = OffsetBuffer::from_lengths(lengths);
        Ok(Arc::new(ListArray::try_new(physical::element(self.ty.ty), offsets, values, Some(valid))?))
    }
}
