//! `ROUND_TO(value, point1, point2, ...)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, common_type, order::comparator},
    types::ColumnType,
};
use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::{concat, take};
use ir::{Diagnostic, codes};
use schema::Type;
use std::{cmp::Ordering, sync::Arc};

pub struct RoundTo;

static DOC: Doc = Doc {
    name: "round_to",
    summary: "The largest of some points that is not above a value; the smallest point for values below all.",
    parameters: &[
        Parameter::required("value", "numeric, date, date_nanos", "The value. If null, the result is null."),
        Parameter::required("points", "the value's type", "The points; constants, in any order."),
    ],
    returns: "the common type of the arguments",
    examples: &[Example { query: "ROW x = ROUND_TO(101, 0, 100, 200)", rows: &["100"] }],
};

impl Function for RoundTo {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, usize::MAX)?;
        let mut ty = Type::Null;
        for at in 0..call.args.len() {
            let found = call.ty(at).ty;
            let kind = if found.is_date() || ty.is_date() { Kind::Date } else { Kind::Numeric };
            ty = common_type(ty, call.expect(at, kind)?).ok_or_else(|| {
                let message = format!("[{}] has arguments of incompatible types [{ty}] and [{found}]", call.text);
                Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span)
            })?;
            if at > 0 {
                call.must_be_constant(at)?;
            }
        }
        let inputs = vec![Input::One(ty); call.args.len()];
        Ok(Bound::new(ColumnType::one(ty), inputs, move |args, evaluation| {
            if evaluation.rows == 0 {
                return Ok(args[0].clone());
            }
            // The points are the same in every row: the first row's are sorted and picked from.
            let firsts: Vec<ArrayRef> = args[1..].iter().map(|point| point.slice(0, 1)).collect();
            let points = concat(&firsts.iter().map(AsRef::as_ref).collect::<Vec<&dyn Array>>())?;
            let among = comparator(ty, &points, &points)?;
            let mut sorted: Vec<usize> = (0..points.len()).filter(|at| points.is_valid(*at)).collect();
            sorted.sort_by(|a, b| among(*a, *b));
            let against = comparator(ty, &points, &args[0])?;
            let picks = (0..evaluation.rows).map(|row| {
                let below = sorted.partition_point(|point| against(*point, row) != Ordering::Greater);
                let pick = sorted.get(below.saturating_sub(1)).map(|point| *point as u32);
                pick.filter(|_| args[0].is_valid(row))
            });
            let picks: UInt32Array = picks.collect();
            Ok(Arc::new(take(&points, &picks, None)?))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            round_to(101, 0, 100, 200) => 100
            round_to(-5, 200, 0, 100) => 0
            round_to(500, 0, 100) => 100
            round_to(1.5, 0, 1, 2) => 1.0
            round_to(date"2024-05-06", date"2024-01-01", date"2024-06-01") => 2024-01-01T00:00:00.000Z
            round_to(null, 1) => null
            round_to(1) => refused
            "##,
        );
    }
}
