//! The adapter between a bound call and DataFusion.
//!
//! A call becomes a scalar UDF of its own, which carries the kernel and the place to report failures to. Arguments
//! arrive with their physical type and leave for the kernel as its [`Input`]s ask.

use super::{Body, Bound, Evaluation, Input, Kernel, lists};
use crate::{
    types::ColumnType,
    warning::{Reason, Warning, Warnings},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, ListArray, UInt32Builder, new_null_array},
    compute::take,
    datatypes::DataType,
};
use datafusion::{
    common::Result,
    logical_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
    scalar::ScalarValue,
};
use ir::Span;
use schema::Type;
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The function that counts the values of its argument.
const COUNT: &str = "mv_count";
/// How many failures of one call are looked at; a query keeps no more of them.
const FAILURES: usize = 20;

/// The DataFusion expression of a bound call. `text` and `span` name the call in warnings; `args` have the types in
/// `types` and are already of the types that `bound.inputs` ask for, save for how many values they hold. A call that
/// takes one value and is handed the literal null is null; its kernel never runs. A call without arguments is evaluated
/// at once.
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
    if name == COUNT
        && let [arg] = args.as_slice()
        && let Some(count) = counted(arg)
    {
        return Ok(count);
    }
    let place = Place {
        name,
        failure: bound.failure,
        text: text.to_string(),
        span,
        warnings: warnings.clone(),
        failures: Arc::new(AtomicUsize::new(0)),
    };
    match bound.body {
        Body::Kernel(kernel) if args.is_empty() => {
            let mut warn = |reason| place.warn(reason);
            let result = kernel(&[], &mut Evaluation { warn: &mut warn, rows: 1 })?;
            Ok(Expr::Literal(ScalarValue::try_from_array(&result, 0)?, None))
        }
        Body::Kernel(kernel) => {
            let many = types.iter().map(|ty| ty.many).collect();
            Ok(call(place, kernel, bound.inputs, many, bound.returns.physical(), args, bound.counter))
        }
        Body::Native(build) => {
            let shaped = args.into_iter().zip(types).zip(&bound.inputs);
            build(shaped.map(|((arg, ty), input)| shape(&place, arg, *ty, *input)).collect())
        }
    }
}

/// The argument in the form that its input asks for.
fn shape(place: &Place, arg: Expr, ty: ColumnType, input: Input) -> Expr {
    let wanted = match input {
        Input::One(wanted) if ty.many => ColumnType::one(wanted),
        Input::Many(wanted) if !ty.many => ColumnType::many(wanted),
        _ => return arg,
    };
    let identity: Kernel = Arc::new(|args, _| Ok(args[0].clone()));
    call(place.clone(), identity, vec![input], vec![ty.many], wanted.physical(), vec![arg], None)
}

fn call(
    place: Place,
    kernel: Kernel,
    inputs: Vec<Input>,
    many: Vec<bool>,
    returns: DataType,
    args: Vec<Expr>,
    counter: Option<Kernel>,
) -> Expr {
    let signature = Signature::any(args.len(), Volatility::Immutable);
    Arc::new(ScalarUDF::from(CallUdf { place, kernel, inputs, many, returns, signature, counter })).call(args)
}

/// The number of values of each row of a call that can tell it without making them.
fn counted(arg: &Expr) -> Option<Expr> {
    let Expr::ScalarFunction(made) = arg else { return None };
    let inner: &dyn std::any::Any = made.func.inner().as_ref();
    let CallUdf { place, inputs, many, counter, .. } = inner.downcast_ref()?;
    let place = Place { name: COUNT, ..place.clone() };
    let counter = counter.clone()?;
    // Constants are captured, and need not be spread over all rows.
    let inputs = inputs.iter().zip(&made.args).map(|(input, arg)| match arg {
        Expr::Literal(value, _) if !value.is_null() => Input::Captured,
        _ => *input,
    });
    Some(call(place, counter, inputs.collect(), many.clone(), DataType::Int32, made.args.clone(), None))
}

/// Where a call stands and whom it reports to.
#[derive(Clone)]
struct Place {
    name: &'static str,
    failure: &'static str,
    text: String,
    span: Span,
    warnings: Warnings,
    failures: Arc<AtomicUsize>,
}

impl Place {
    fn warn(&self, reason: Reason) {
        // A call that fails in every row of a large input shall not spend its time on warnings that nobody keeps.
        if self.failures.load(Ordering::Relaxed) < FAILURES {
            self.failures.fetch_add(1, Ordering::Relaxed);
            let (span, text) = (self.span, self.text.clone());
            self.warnings.push(Warning { span, text, treated_as: self.failure, reason });
        }
    }
}

struct CallUdf {
    place: Place,
    kernel: Kernel,
    inputs: Vec<Input>,
    /// Which arguments arrive as lists.
    many: Vec<bool>,
    returns: DataType,
    signature: Signature,
    counter: Option<Kernel>,
}

impl ScalarUDFImpl for CallUdf {
    fn name(&self) -> &str {
        self.place.name
    }

    // DataFusion takes expressions of one name for the same column, and calls of one function may capture different
    // constants.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let args: Vec<String> = args.iter().map(|arg| arg.schema_name().to_string()).collect();
        let Place { name, span, .. } = &self.place;
        Ok(format!("{name}@{}-{}({})", span.start, span.end, args.join(",")))
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
        let mut warn = |reason| self.place.warn(reason);
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
        Input::Many(ty) if !many => Arc::new(lists::from_flat(&array, ty)?),
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

impl fmt::Debug for CallUdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place.text)
    }
}

// Two calls are the same function when they share a kernel; DataFusion compares the arguments itself.
impl PartialEq for CallUdf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.kernel, &other.kernel) && self.returns == other.returns
    }
}

impl Eq for CallUdf {}

impl Hash for CallUdf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.place.name, self.place.span, &self.place.text).hash(state);
    }
}
