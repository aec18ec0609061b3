//! The adapter between a bound call and DataFusion.
//!
//! A call becomes a scalar UDF of its own, which carries the kernel and the place to report failures to. Arguments
//! arrive with their physical type and leave for the kernel as its [`Input`]s ask.

use super::{Bound, Evaluation, Input, Kernel};
use crate::{
    types::ColumnType,
    warning::{Reason, Warning, Warnings},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, ListArray, UInt32Builder, new_null_array},
    buffer::OffsetBuffer,
    compute::{filter, is_not_null, take},
    datatypes::DataType,
};
use datafusion::{
    common::Result,
    logical_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
    scalar::ScalarValue,
};
use ingest::physical;
use ir::Span;
use schema::Type;
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// The DataFusion expression of a bound call. `text` and `span` name the call in warnings; `args` have the types in
/// `types` and are already of the types that `bound.inputs` ask for, save for how many values they hold. A call that
/// takes one value and is handed the literal null is null; its kernel never runs.
pub fn expression(
    name: &'static str,
    bound: Bound,
    types: &[ColumnType],
    args: Vec<Expr>,
    text: &str,
    span: Span,
    warnings: &Warnings,
) -> Result<Expr> {
    if bound.inputs.contains(&Input::One(Type::Null)) {
        return Ok(Expr::Literal(ScalarValue::try_from(&bound.returns.physical())?, None));
    }
    let call = CallUdf {
        name,
        signature: Signature::any(args.len(), Volatility::Immutable),
        many: types.iter().map(|ty| ty.many).collect(),
        inputs: bound.inputs,
        kernel: bound.kernel,
        returns: bound.returns.physical(),
        failure: bound.failure,
        text: text.to_string(),
        span,
        warnings: warnings.clone(),
    };
    Ok(Arc::new(ScalarUDF::from(call)).call(args))
}

struct CallUdf {
    name: &'static str,
    signature: Signature,
    /// Which arguments arrive as lists.
    many: Vec<bool>,
    inputs: Vec<Input>,
    kernel: Kernel,
    returns: DataType,
    failure: &'static str,
    text: String,
    span: Span,
    warnings: Warnings,
}

impl ScalarUDFImpl for CallUdf {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let mut warn = |reason| self.warn(reason);
        let mut arrays = Vec::with_capacity(args.args.len());
        for ((arg, input), many) in args.args.iter().zip(&self.inputs).zip(&self.many) {
            arrays.push(prepare(arg, *input, *many, rows, &mut warn)?);
        }
        let result = (self.kernel)(&arrays, &mut Evaluation { warn: &mut warn, rows })?;
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?));
        }
        Ok(ColumnarValue::Array(result))
    }
}

impl CallUdf {
    fn warn(&self, reason: Reason) {
        let (span, text) = (self.span, self.text.clone());
        self.warnings.push(Warning { span, text, treated_as: self.failure, reason });
    }
}

/// Brings an argument to the form its [`Input`] asks for.
fn prepare(
    arg: &ColumnarValue,
    input: Input,
    many: bool,
    rows: usize,
    warn: &mut dyn FnMut(Reason),
) -> Result<ArrayRef> {
    if input == Input::Captured {
        return Ok(new_null_array(&DataType::Null, rows));
    }
    let array = arg.to_array(rows)?;
    Ok(match input {
        Input::One(_) if many => single_values(array.as_list::<i32>(), warn)?,
        Input::Many(ty) if !many => Arc::new(as_list(&array, ty)?),
        _ => array,
    })
}

/// The one value of each row; null, with a warning, where a row has several.
pub fn single_values(list: &ListArray, warn: &mut dyn FnMut(Reason)) -> Result<ArrayRef> {
    let mut indices = UInt32Builder::with_capacity(list.len());
    let mut several = false;
    for (row, ends) in list.offsets().windows(2).enumerate() {
        match ends[1] - ends[0] {
            1 if list.is_valid(row) => indices.append_value(ends[0] as u32),
            0 | 1 => indices.append_null(),
            _ => {
                several |= list.is_valid(row);
                indices.append_null();
            }
        }
    }
    if several {
        warn(Reason::SeveralValues);
    }
    Ok(take(list.values(), &indices.finish(), None)?)
}

/// Lists of the one value of each row; null stays null.
fn as_list(array: &ArrayRef, ty: Type) -> Result<ListArray> {
    let validity = array.logical_nulls();
    // Null rows have an empty list, so their elements are taken out.
    let values = match &validity {
        Some(_) => filter(array, &is_not_null(array)?)?,
        None => array.clone(),
    };
    let lengths = (0..array.len()).map(|row| usize::from(validity.as_ref().is_none_or(|nulls| nulls.is_valid(row))));
    Ok(ListArray::try_new(physical::element(ty), OffsetBuffer::from_lengths(lengths), values, validity)?)
}

impl fmt::Debug for CallUdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text)
    }
}

// Two calls are the same function when they share a kernel; DataFusion compares the arguments itself.
impl PartialEq for CallUdf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.kernel, &other.kernel)
    }
}

impl Eq for CallUdf {}

impl Hash for CallUdf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.name, self.span, &self.text).hash(state);
    }
}
