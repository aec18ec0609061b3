//! Scalar functions: one file each, in a folder for each family, listed in that family's `ALL`.
//!
//! A function says what it is ([`Doc`]) and binds a call ([`Function::bind`]): from the arguments' types and constants it
//! chooses the result type and a [`Kernel`] over Arrow arrays. What all functions share stays out of their files: the
//! [`udf`] adapter converts arguments, expands constants, and turns rows with several values into null for the many
//! functions that take single values only. Everything that can be computed once (a pattern, a time zone) is computed
//! in `bind` and captured by the kernel.

mod apply;
mod call;
mod doc;
pub mod string;
mod udf;

pub use apply::apply;
pub use call::{Arg, ArgValue, Call, Kind};
pub use doc::{Doc, Example, Parameter};
pub use udf::expression;

use crate::{types::ColumnType, warning::Reason};
use arrow::{array::ArrayRef, error::ArrowError};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

/// Every scalar function, by family.
pub const FAMILIES: &[&[&dyn Function]] = &[string::ALL];

/// The function of that canonical name.
pub fn find(name: &str) -> Option<&'static dyn Function> {
    FAMILIES.iter().flat_map(|family| family.iter()).copied().find(|function| function.doc().name == name)
}

/// A scalar function. A unit struct without state.
pub trait Function: Send + Sync {
    fn doc(&self) -> &'static Doc;

    /// Checks a call's arguments and chooses how to evaluate it.
    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic>;
}

/// A checked call: what it gives, what it takes, and the code between.
pub struct Bound {
    pub returns: ColumnType,
    /// How each argument reaches the kernel, in order.
    pub inputs: Vec<Input>,
    pub kernel: Kernel,
    /// What a row becomes whose arguments cannot be evaluated: null, or false for conditions.
    pub failure: &'static str,
}

/// How an argument reaches the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One value of this type in each row; converted to it, and null with a warning where a row has several.
    One(Type),
    /// Whatever values each row has, converted to this type, as a list array.
    Many(Type),
    /// Captured while binding: the kernel is handed an array that it must not look at.
    Captured,
}

/// Evaluates a batch: one array for each argument, all of the same length, to an array of the result's physical type
/// and that length. Null in a row is the kernel's to handle.
pub type Kernel = Arc<dyn Fn(&[ArrayRef], &mut Evaluation<'_>) -> Result<ArrayRef, ArrowError> + Send + Sync>;

/// Where a kernel reports the rows that it could not evaluate.
pub struct Evaluation<'e> {
    warn: &'e mut dyn FnMut(Reason),
    /// The number of rows of the batch.
    pub rows: usize,
}

impl Evaluation<'_> {
    /// The value, or null and a warning.
    pub fn check<T>(&mut self, result: Result<T, Reason>) -> Option<T> {
        result.map_err(|reason| (self.warn)(reason)).ok()
    }

    pub fn warn(&mut self, reason: Reason) {
        (self.warn)(reason);
    }
}

impl Bound {
    /// A call whose arguments have one value each.
    pub fn new<K>(returns: ColumnType, inputs: impl Into<Vec<Input>>, kernel: K) -> Self
    where
        K: Fn(&[ArrayRef], &mut Evaluation<'_>) -> Result<ArrayRef, ArrowError> + Send + Sync + 'static,
    {
        Bound { returns, inputs: inputs.into(), kernel: Arc::new(kernel), failure: "null" }
    }
}
