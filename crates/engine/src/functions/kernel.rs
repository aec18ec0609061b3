//! Shapes that many kernels share: a plain Rust function of values made into one of columns.

use super::{ColumnType, Evaluation, Input, Kernel, lists};
use crate::warning::Reason;
use arrow::{
    array::{ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray, StringViewArray},
    error::ArrowError,
};
use schema::Type;
use std::{borrow::Cow, sync::Arc};

/// A kernel of one flat column, which may be applied to the values of a list column as well.
pub type Flat = Arc<dyn Fn(&ArrayRef, &mut Evaluation<'_>) -> Result<ArrayRef, ArrowError> + Send + Sync>;

/// One number from one number.
pub fn unary<A, R, F>(function: F) -> Kernel
where
    A: ArrowPrimitiveType,
    R: ArrowPrimitiveType,
    F: Fn(A::Native) -> Result<R::Native, Reason> + Send + Sync + 'static,
{
    let flat = convert::<A, R, F>(function);
    Arc::new(move |args, evaluation| flat(&args[0], evaluation))
}

/// One number from two.
pub fn binary<A, B, R, F>(function: F) -> Kernel
where
    A: ArrowPrimitiveType,
    B: ArrowPrimitiveType,
    R: ArrowPrimitiveType,
    F: Fn(A::Native, B::Native) -> Result<R::Native, Reason> + Send + Sync + 'static,
{
    Arc::new(move |args, evaluation| {
        let pairs = args[0].as_primitive::<A>().iter().zip(args[1].as_primitive::<B>());
        let results = pairs.map(|pair| match pair {
            (Some(left), Some(right)) => evaluation.check(function(left, right)),
            _ => None,
        });
        Ok(Arc::new(results.collect::<PrimitiveArray<R>>()))
    })
}

/// One number from one number, for list columns too.
pub fn convert<A, R, F>(function: F) -> Flat
where
    A: ArrowPrimitiveType,
    R: ArrowPrimitiveType,
    F: Fn(A::Native) -> Result<R::Native, Reason> + Send + Sync + 'static,
{
    Arc::new(move |array, evaluation| {
        let values = array.as_primitive::<A>().iter();
        let results = values.map(|value| value.and_then(|value| evaluation.check(function(value))));
        Ok(Arc::new(results.collect::<PrimitiveArray<R>>()))
    })
}

/// One number from one string.
pub fn parse<R, F>(function: F) -> Flat
where
    R: ArrowPrimitiveType,
    F: Fn(&str) -> Result<R::Native, Reason> + Send + Sync + 'static,
{
    Arc::new(move |array, evaluation| {
        let values = array.as_string_view().iter();
        let results = values.map(|value| value.and_then(|value| evaluation.check(function(value))));
        Ok(Arc::new(results.collect::<PrimitiveArray<R>>()))
    })
}

/// One string from one number.
pub fn print<A, F>(function: F) -> Flat
where
    A: ArrowPrimitiveType,
    F: Fn(A::Native) -> Result<String, Reason> + Send + Sync + 'static,
{
    Arc::new(move |array, evaluation| {
        let values = array.as_primitive::<A>().iter();
        let results = values.map(|value| value.and_then(|value| evaluation.check(function(value))));
        Ok(Arc::new(results.collect::<StringViewArray>()))
    })
}

/// One string from one string.
pub fn rewrite<F>(function: F) -> Flat
where
    F: Fn(&str) -> Result<Cow<'_, str>, Reason> + Send + Sync + 'static,
{
    Arc::new(move |array, evaluation| {
        let values = array.as_string_view().iter();
        let results = values.map(|value| value.and_then(|value| evaluation.check(function(value))));
        Ok(Arc::new(results.collect::<StringViewArray>()))
    })
}

/// The column itself.
pub fn same() -> Flat {
    Arc::new(|array, _| Ok(array.clone()))
}

/// A kernel that converts each value of its one argument: how the argument arrives, what leaves, and the kernel. A value
/// that fails is left out of its row; a row that loses all is null.
pub fn each(from: ColumnType, to: Type, flat: Flat) -> (ColumnType, Input, Kernel) {
    if !from.many {
        return (
            ColumnType::one(to),
            Input::One(from.ty),
            Arc::new(move |args, evaluation| flat(&args[0], evaluation)),
        );
    }
    let kernel: Kernel = Arc::new(move |args, evaluation| {
        let list = args[0].as_list::<i32>();
        let values = flat(list.values(), evaluation)?;
        Ok(Arc::new(lists::with_values(list, values, to)?))
    });
    (ColumnType::many(to), Input::Many(from.ty), kernel)
}

/// Refuses doubles that are not numbers.
pub fn finite(value: f64) -> Result<f64, Reason> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(Reason::Arithmetic(format!("not a finite double number: {}", super::java::double(value))))
}
