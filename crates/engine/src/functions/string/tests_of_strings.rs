//! What `CONTAINS`, `STARTS_WITH` and `ENDS_WITH` share.

use crate::{
    functions::{Bound, Call, Kind},
    types::ColumnType,
};
use arrow::{
    array::{BooleanArray, Datum, Scalar, StringViewArray},
    error::ArrowError,
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

/// A test that compares a column of strings to a constant or to another column.
pub(super) type Test = fn(&dyn Datum, &dyn Datum) -> Result<BooleanArray, ArrowError>;

pub(super) fn bind(call: &Call<'_>, test: Test) -> Result<Bound, Diagnostic> {
    call.count(2, 2)?;
    let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::String)?];
    // A constant is prepared once for each batch instead of once for each row.
    let constant = call.constant_str(1).map(|text| Scalar::new(StringViewArray::from(vec![text])));
    Ok(Bound::new(ColumnType::one(Type::Boolean), inputs, move |args, _| {
        let results = match &constant {
            Some(constant) => test(&args[0], constant)?,
            None => test(&args[0], &args[1])?,
        };
        Ok(Arc::new(results))
    }))
}
