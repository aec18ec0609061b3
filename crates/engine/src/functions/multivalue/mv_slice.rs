//! `MV_SLICE(field, start, end)`.

use super::reshape::bind;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, lists},
    warning::Reason,
};
use arrow::{
    array::{Array, AsArray},
    datatypes::Int32Type,
};
use ir::Diagnostic;
use std::ops::Range;

pub struct MvSlice;

static DOC: Doc = Doc {
    name: "mv_slice",
    summary: "The values of a field from one position to another, both included. Positions count from 0, or, if negative, from the end.",
    parameters: &[
        Parameter::required("field", "any type", "The values."),
        Parameter::required("start", "integer", "The first position."),
        Parameter::optional("end", "integer", "The last position; the first if left out."),
    ],
    returns: "the field's type",
    examples: &[
        Example { query: "ROW x = MV_SLICE([1, 2, 2, 3], 1, 2)", rows: &["[2, 2]"] },
        Example { query: "ROW x = MV_SLICE([1, 2, 3], -2)", rows: &["2"] },
    ],
};

impl Function for MvSlice {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 3)?;
        let mut rest = vec![call.one(1, Kind::Integer)?];
        if call.args.len() == 3 {
            rest.push(call.one(2, Kind::Integer)?);
        }
        bind(call, rest, |_, list, rest, selection, evaluation| {
            let starts = rest[0].as_primitive::<Int32Type>();
            let ends = rest.get(1).map_or(starts, |ends| ends.as_primitive::<Int32Type>());
            for (at, row) in lists::rows(list).enumerate() {
                if let Some(row) = row.filter(|_| starts.is_valid(at) && ends.is_valid(at)) {
                    let slice = slice(row, starts.value(at), ends.value(at));
                    evaluation.check(slice).into_iter().flatten().for_each(|place| selection.push(place));
                }
                selection.end_row();
            }
            Ok(())
        })
    }
}

/// The places between two positions of a row; none where they lie outside of it.
fn slice(row: Range<usize>, start: i32, end: i32) -> Result<Range<usize>, Reason> {
    let count = row.len() as i64;
    // A range across the end that is counted from both sides cannot be checked before the row is known.
    if (start < 0) == (end < 0) && start > end {
        return Err(Reason::Range("Start offset is greater than end offset".to_string()));
    }
    let place = |position: i32| if position < 0 { count + i64::from(position) } else { i64::from(position) };
    let (first, last) = (place(start).max(0), place(end).min(count - 1));
    if first > last {
        return Ok(row.start..row.start);
    }
    Ok(row.start + first as usize..row.start + last as usize + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_slice([1, 2, 2, 3], 1, 2) => [2, 2]
            mv_slice([1, 2, 2, 3], 1) => 2
            mv_slice([1, 2, 3], -2) => 2
            mv_slice([1, 2, 3], -3, -2) => [1, 2]
            mv_slice([1, 2, 3], 1, 9) => [2, 3]
            mv_slice([1, 2, 3], 7) => null
            mv_slice([1, 2, 3], -9, -8) => null
            mv_slice([1, 2, 3], 2, 1) => null ! Start offset is greater than end offset
            mv_slice([1, 2, 3], -2147483648, 2147483647) => [1, 2, 3]
            mv_slice("a", 0) => a
            mv_slice(null, 0) => null
            mv_slice([1, 2], null) => null
            "##,
        );
    }
}
