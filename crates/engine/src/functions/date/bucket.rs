//! `BUCKET(field, buckets, from, to)`.

use super::rounding::{Rounding, bind_rounding};
use crate::{
    functions::{
        ArgValue, Bound, Call, Doc, Example, Function, Input, Kind, Parameter,
        date::instant,
        kernel::{finite, unary},
    },
    types::ColumnType,
    warning::Reason,
};
use arrow::datatypes::Float64Type;
use datafusion::scalar::ScalarValue;
use ir::Diagnostic;
use schema::Type;

pub struct Bucket;

static DOC: Doc = Doc {
    name: "bucket",
    summary: "The start of the bucket that a number or date falls into. Buckets have a given size, or the size, of those that people read easily, that makes at most so many of them between two values.",
    parameters: &[
        Parameter::required("field", "integer, long, double, unsigned_long, date, date_nanos", "The number or date."),
        Parameter::required(
            "buckets",
            "integer, long, double, date_period, time_duration",
            "The size of the buckets, or, where a range is given, their number at most.",
        ),
        Parameter::optional("from", "numeric, date, keyword", "Where the range starts."),
        Parameter::optional("to", "numeric, date, keyword", "Where it ends."),
    ],
    returns: "double, or the date's type",
    examples: &[
        Example { query: "ROW salary = 26123 | STATS BY b = BUCKET(salary, 1000.)", rows: &["26000.0"] },
        Example {
            query: r#"ROW d = TO_DATETIME("1985-07-09") | STATS BY b = BUCKET(d, 20, "1985-01-01T00:00:00Z", "1986-01-01T00:00:00Z")"#,
            rows: &["1985-07-01T00:00:00.000Z"],
        },
    ],
};

impl Function for Bucket {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 4)?;
        if call.args.len() == 3 {
            call.count(4, 4)?;
        }
        let ty = call.ty(0).ty;
        if ty.is_date() { dates(call) } else { numbers(call) }
    }
}

fn dates(call: &Call<'_>) -> Result<Bound, Diagnostic> {
    if let Some(ArgValue::TimeSpan { count, unit }) = call.args.get(1).map(|arg| &arg.value) {
        call.count(2, 2)?;
        let rounding = Rounding::of(*count, *unit).map_err(|why| call.bad_value(1, why))?;
        return bind_rounding(call, 0, Some(rounding));
    }
    call.count(4, 4)?;
    call.expect(1, Kind::WholeNumber)?;
    let buckets = call.constant_whole(1)?;
    let (from, to) = (limit(call, 2)?, limit(call, 3)?);
    let rounding = match (buckets, from, to) {
        (Some(buckets), Some(from), Some(to)) => Some(Rounding::pick(buckets, from, to)),
        _ => None,
    };
    bind_rounding(call, 0, rounding)
}

/// The constant date of an argument, in milliseconds.
fn limit(call: &Call<'_>, at: usize) -> Result<Option<i64>, Diagnostic> {
    call.must_be_constant(at)?;
    if let Some(text) = call.constant_str(at) {
        return instant::parse_millis(text).map(Some).map_err(|why| call.bad_value(at, why.to_string()));
    }
    call.expect(at, Kind::Date)?;
    Ok(match call.constant(at) {
        Some(ScalarValue::TimestampMillisecond(millis, _)) => *millis,
        Some(ScalarValue::TimestampNanosecond(nanos, _)) => nanos.map(|nanos| nanos.div_euclid(1_000_000)),
        _ => None,
    })
}

fn numbers(call: &Call<'_>) -> Result<Bound, Diagnostic> {
    let field = call.one(0, Kind::Numeric)?.of(Type::Double);
    let size = size(call)?;
    let mut inputs = vec![Input::Captured; call.args.len()];
    inputs[0] = field;
    let Some(size) = size else {
        inputs[0] = Input::One(Type::Null);
        return Ok(Bound::new(ColumnType::one(Type::Double), inputs, |args, _| Ok(args[0].clone())));
    };
    let kernel = unary::<Float64Type, Float64Type, _>(move |number| {
        // No buckets over no range are 0 / 0.
        if size == 0.0 || size.is_nan() {
            return Err(Reason::Arithmetic("/ by zero".to_string()));
        }
        finite((number / size).floor() * size)
    });
    Ok(Bound::of(ColumnType::one(Type::Double), inputs, kernel))
}

/// The size of numeric buckets: given, or the power of ten, or half of one, that is next above what a range divided by
/// their number makes.
fn size(call: &Call<'_>) -> Result<Option<f64>, Diagnostic> {
    let Some(buckets) = number(call, 1)? else { return Ok(None) };
    if call.args.len() == 2 {
        return Ok(Some(buckets));
    }
    call.expect(1, Kind::WholeNumber)?;
    let (Some(from), Some(to)) = (limit_of_numbers(call, 2)?, limit_of_numbers(call, 3)?) else { return Ok(None) };
    let precise = (to - from) / buckets;
    let power = 10f64.powf(precise.log10().ceil());
    Ok(Some(if precise < power / 2.0 { power / 2.0 } else { power }))
}

/// A limit of a range of numbers. Elasticsearch takes the bits that it keeps an unsigned long in for a signed number,
/// 2^63 less, and its own test cases hold it to that.
fn limit_of_numbers(call: &Call<'_>, at: usize) -> Result<Option<f64>, Diagnostic> {
    let limit = number(call, at)?;
    let unsigned = call.ty(at).ty == Type::UnsignedLong;
    Ok(limit.map(|limit| if unsigned { limit - 9_223_372_036_854_775_808.0 } else { limit }))
}

fn number(call: &Call<'_>, at: usize) -> Result<Option<f64>, Diagnostic> {
    call.expect(at, Kind::Numeric)?;
    call.must_be_constant(at)?;
    Ok(match call.constant(at) {
        Some(ScalarValue::Int32(number)) => number.map(f64::from),
        Some(ScalarValue::Int64(number)) => number.map(|number| number as f64),
        Some(ScalarValue::UInt64(number)) => number.map(|number| number as f64),
        Some(ScalarValue::Float64(number)) => *number,
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            bucket(26123, 1000.0) => 26000.0
            bucket(-1, 1000) => -1000.0
            bucket(66174, 20, 25324, 74999) => 65000.0
            bucket(1.45, 20, 1.41, 2.10) => 1.4000000000000001
            bucket(9932469097722733505U, 20, 5480608687137202404L, 17764691215469285192U) => 9.5E18
            bucket(date"1985-07-09", 20, "1985-01-01T00:00:00Z", "1986-01-01T00:00:00Z") => 1985-07-01T00:00:00.000Z
            bucket(date"1985-07-09", 100, date"1985-01-01", date"1986-01-01") => 1985-07-08T00:00:00.000Z
            bucket(date"2023-10-23T12:27:28.948Z", 30 minutes) => 2023-10-23T12:00:00.000Z
            bucket(5, 0.0) => null ! / by zero
            bucket(null, 10) => null
            bucket(5, 10, 1) => refused
            bucket(date"1985-07-09", 20) => refused
            "##,
        );
    }
}
