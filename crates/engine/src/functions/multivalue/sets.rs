//! What functions share that compare the values of two fields.

use crate::{
    functions::{Bound, Call, Input, Kind, common_type, lists, lists::Selection, order::distinct_keys},
    types::ColumnType,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray},
    compute::concat,
    error::ArrowError,
    row::Rows,
};
use ir::{Diagnostic, codes};
use schema::Type;
use std::{ops::Range, sync::Arc};

/// The values of two fields side by side: those of the left come first.
pub(super) struct Both {
    pub values: ArrayRef,
    /// A key for each value: equal keys, equal values.
    pub keys: Rows,
    /// Where the values of each row lie; `None` for a row without any.
    pub rows: Vec<[Option<Range<usize>>; 2]>,
}

fn both(args: &[ArrayRef]) -> Result<Both, ArrowError> {
    let (left, right) = (args[0].as_list::<i32>(), args[1].as_list::<i32>());
    let values = concat(&[left.values().as_ref(), right.values().as_ref()])?;
    let shift = left.values().len();
    let shifted = lists::rows(right).map(|row| row.map(|row| row.start + shift..row.end + shift));
    let rows = lists::rows(left).zip(shifted).map(|(left, right)| [left, right]).collect();
    Ok(Both { keys: distinct_keys(&values)?, values, rows })
}

/// Two fields of one type.
fn inputs(call: &Call<'_>) -> Result<Type, Diagnostic> {
    call.count(2, 2)?;
    let (left, right) = (call.expect(0, Kind::Any)?, call.expect(1, Kind::Any)?);
    let mixed = left.is_numeric() && right.is_numeric() && left != right;
    common_type(left, right).filter(|_| !mixed).ok_or_else(|| {
        let text = &call.args[1].text;
        let message =
            format!("second argument of [{}] must be [{left}], found value [{text}] type [{right}]", call.text);
        Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.args[1].span)
    })
}

/// Binds a function that selects some values of the two fields in each row.
pub(super) fn select(
    call: &Call<'_>,
    select: fn(&Both, [Option<Range<usize>>; 2], &mut Selection),
) -> Result<Bound, Diagnostic> {
    let ty = inputs(call)?;
    Ok(Bound::new(ColumnType::many(ty), [Input::Many(ty), Input::Many(ty)], move |args, _| {
        let both = both(args)?;
        let mut selection = Selection::default();
        for row in &both.rows {
            select(&both, row.clone(), &mut selection);
            selection.end_row();
        }
        selection.finish(&both.values, ty)
    }))
}

/// Binds a function that answers a question about the two fields in each row.
pub(super) fn ask(call: &Call<'_>, ask: fn(&Both, [Option<Range<usize>>; 2]) -> bool) -> Result<Bound, Diagnostic> {
    let ty = inputs(call)?;
    Ok(Bound::new(ColumnType::one(Type::Boolean), [Input::Many(ty), Input::Many(ty)], move |args, _| {
        let both = both(args)?;
        let answers = both.rows.iter().map(|row| Some(ask(&both, row.clone())));
        Ok(Arc::new(answers.collect::<BooleanArray>()))
    }))
}
