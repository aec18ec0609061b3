//! Aggregate functions: one file each, listed in [`ALL`].
//!
//! A function binds a call to one or more DataFusion aggregates and an expression over their results. Where DataFusion's
//! own aggregate means the same on flat columns it is used; the rest implement [`reducer::Reducer`], which takes care of
//! groups, partial states and fields with several values. All states merge, so that a rule's windows can be put together from
//! panes.

mod avg;
mod count;
mod count_distinct;
mod extreme;
mod max;
mod min;
pub mod reducer;
mod sum;
mod values;

use crate::{
    functions::{Call, Doc, apply},
    types::ColumnType,
    warning::Warnings,
};
use datafusion::logical_expr::Expr;
use ir::Diagnostic;

/// Every aggregate function.
pub const ALL: &[&dyn Aggregate] =
    &[&avg::Avg, &count::Count, &count_distinct::CountDistinct, &max::Max, &min::Min, &sum::Sum, &values::Values];

/// The aggregate function of that canonical name.
pub fn find(name: &str) -> Option<&'static dyn Aggregate> {
    ALL.iter().copied().find(|aggregate| aggregate.doc().name == name)
}

/// An aggregate function. A unit struct without state.
pub trait Aggregate: Send + Sync {
    fn doc(&self) -> &'static Doc;

    /// Checks a call's arguments and chooses how to compute it. `args` are the arguments' expressions, of the types that
    /// `call` says: lists for columns of several values. A call that counts rows has the constant `true` as its argument.
    /// Groups that have no result, such as a sum that its type cannot hold, are reported to `warnings`.
    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, warnings: &Warnings) -> Result<BoundAggregate, Diagnostic>;
}

/// A checked aggregate call.
pub struct BoundAggregate {
    pub returns: ColumnType,
    /// The DataFusion aggregates that the result is made from, without the call's filter.
    pub parts: Vec<Expr>,
    /// The result from the parts' results, in the same order.
    pub finish: Box<dyn FnOnce(Vec<Expr>) -> Expr>,
}

impl BoundAggregate {
    /// A call whose result is that of one DataFusion aggregate.
    pub fn single(returns: ColumnType, part: Expr) -> Self {
        BoundAggregate { returns, parts: vec![part], finish: Box::new(|mut parts| parts.remove(0)) }
    }

    pub fn new(returns: ColumnType, parts: Vec<Expr>, finish: impl FnOnce(Vec<Expr>) -> Expr + 'static) -> Self {
        BoundAggregate { returns, parts, finish: Box::new(finish) }
    }
}

/// The argument with at most one value in each row: a list is reduced by the multi-value function of that name first.
fn per_row(call: &Call<'_>, at: usize, arg: Expr, function: &str) -> Result<Expr, Diagnostic> {
    if call.ty(at).many { apply(function, arg, call.ty(at), call) } else { Ok(arg) }
}
