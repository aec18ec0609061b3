//! Scalar functions: one file each, in a folder for each family, listed in that family's `ALL`.
//!
//! A function says what it is ([`Doc`]) and binds a call ([`Function::bind`]): from the arguments' types and constants it
//! chooses the result type and a [`Kernel`] over Arrow arrays. What all functions share stays out of their files: the
//! [`udf`] adapter converts arguments, expands constants, and turns rows with several values into null for the many
//! functions that take single values only. Everything that can be computed once (a pattern, a time zone) is computed
//! in `bind` and captured by the kernel. The few functions that must not evaluate all their arguments (`CASE`) are
//! built of DataFusion's own expressions instead ([`Body::Native`]).

mod apply;
mod call;
mod common;
pub mod conditional;
pub mod conversion;
pub mod date;
mod doc;
pub mod ip;
mod java;
mod kernel;
mod lists;
pub mod math;
pub mod multivalue;
mod names;
pub mod order;
mod regex;
pub mod search;
mod slices;
pub mod string;
#[cfg(test)]
mod testing;
mod udf;
mod unsupported;

pub use apply::apply;
pub use call::{Arg, ArgValue, Call, Kind};
pub use common::common_type;
pub use doc::{Doc, Example, Parameter};
pub use names::{find, missing};
pub use udf::expression;

use crate::{types::ColumnType, warning::Reason};
use arrow::{array::ArrayRef, error::ArrowError};
use datafusion::logical_expr::Expr;
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

/// Every scalar function, by family.
pub const FAMILIES: &[&[&dyn Function]] =
    &[conditional::ALL, conversion::ALL, date::ALL, ip::ALL, math::ALL, multivalue::ALL, search::ALL, string::ALL];

/// A scalar function. A unit struct without state.
pub trait Function: Send + Sync {
    fn doc(&self) -> &'static Doc;

    /// Checks a call's arguments and chooses how to evaluate it.
    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic>;
}

/// A checked call: what it gives, what it takes, and the code between.
pub struct Bound {
    pub returns: ColumnType,
    /// How each argument reaches the body, in order.
    pub inputs: Vec<Input>,
    pub body: Body,
    /// What a row becomes whose arguments cannot be evaluated: null, or false for conditions.
    pub failure: &'static str,
    /// How many values each row of the result has, as integers, for those who only want to know that. It is handed the same
    /// arguments, of which it must not look at constant ones.
    pub counter: Option<Kernel>,
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

/// The code of a call.
#[derive(Clone)]
pub enum Body {
    /// Computes all rows of a batch from all its arguments.
    Kernel(Kernel),
    /// An expression of DataFusion's over the arguments in the form of their [`Input`]s, which it need not all evaluate.
    Native(Native),
}

impl Input {
    /// The same for another type.
    fn of(self, ty: Type) -> Input {
        match self {
            // A null stays one, so that the call is null.
            Input::One(Type::Null) => self,
            Input::One(_) => Input::One(ty),
            Input::Many(_) => Input::Many(ty),
            Input::Captured => self,
        }
    }
}

/// Evaluates a batch: one array for each argument, all of the same length, to an array of the result's physical type
/// and that length. Null in a row is the kernel's to handle.
pub type Kernel = Arc<dyn Fn(&[ArrayRef], &mut Evaluation<'_>) -> Result<ArrayRef, ArrowError> + Send + Sync>;

/// Builds the expression of a call.
pub type Native = Arc<dyn Fn(Vec<Expr>) -> datafusion::common::Result<Expr> + Send + Sync>;

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
    /// A call that a kernel evaluates.
    pub fn new<K>(returns: ColumnType, inputs: impl Into<Vec<Input>>, kernel: K) -> Self
    where
        K: Fn(&[ArrayRef], &mut Evaluation<'_>) -> Result<ArrayRef, ArrowError> + Send + Sync + 'static,
    {
        Bound::of(returns, inputs, Arc::new(kernel))
    }

    /// The same for a kernel that is shared already.
    pub fn of(returns: ColumnType, inputs: impl Into<Vec<Input>>, kernel: Kernel) -> Self {
        Bound { returns, inputs: inputs.into(), body: Body::Kernel(kernel), failure: "null", counter: None }
    }

    /// A call that DataFusion evaluates.
    pub fn native(
        returns: ColumnType,
        inputs: impl Into<Vec<Input>>,
        build: impl Fn(Vec<Expr>) -> datafusion::common::Result<Expr> + Send + Sync + 'static,
    ) -> Self {
        Bound { returns, inputs: inputs.into(), body: Body::Native(Arc::new(build)), failure: "null", counter: None }
    }

    /// The same call with a kernel that counts the values of each row without making them.
    pub fn counted(self, counter: Kernel) -> Self {
        Bound { counter: Some(counter), ..self }
    }

    /// A conversion of each value of the one argument.
    fn each(from: ColumnType, to: Type, flat: kernel::Flat) -> Self {
        let (returns, input, kernel) = kernel::each(from, to, flat);
        Bound::of(returns, [input], kernel)
    }
}
