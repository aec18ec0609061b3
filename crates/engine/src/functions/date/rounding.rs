//! Rounding dates down to intervals, for `DATE_TRUNC` and `BUCKET`.

use super::civil::Civil;
use crate::{
    functions::{Bound, Call, Input, Kind, kernel::unary},
    types::ColumnType,
};
use arrow::datatypes::{TimestampMillisecondType, TimestampNanosecondType};
use ir::{Diagnostic, TimeUnit};
use schema::Type;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// The first Monday of the epoch, in days.
const MONDAY: i64 = 4;

/// How a date is rounded down, in UTC.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rounding {
    /// To multiples of so many milliseconds since the epoch.
    Fixed(i64),
    /// To Mondays.
    Week,
    /// To multiples of so many months since January of the year 1.
    Months(i64),
}

impl Rounding {
    /// Rounding to a time span.
    pub fn of(count: i64, unit: TimeUnit) -> Result<Rounding, String> {
        if count <= 0 {
            return Err("Zero or negative time interval is not supported".to_string());
        }
        let large = || "the time interval is too large".to_string();
        let times = |unit: i64| count.checked_mul(unit).filter(|total| *total < i64::MAX / 4).ok_or_else(large);
        Ok(match unit {
            TimeUnit::Millisecond => Rounding::Fixed(times(1)?),
            TimeUnit::Second => Rounding::Fixed(times(SECOND)?),
            TimeUnit::Minute => Rounding::Fixed(times(60 * SECOND)?),
            TimeUnit::Hour => Rounding::Fixed(times(HOUR)?),
            TimeUnit::Week if count == 1 => Rounding::Week,
            TimeUnit::Day if count == 7 => Rounding::Week,
            TimeUnit::Week => Rounding::Fixed(times(7 * DAY)?),
            TimeUnit::Day => Rounding::Fixed(times(DAY)?),
            TimeUnit::Month => Rounding::Months(times(1)?),
            TimeUnit::Quarter => Rounding::Months(times(3)?),
            TimeUnit::Year => Rounding::Months(times(12)?),
        })
    }

    /// The start of the interval that holds a time, in milliseconds; the time itself where that start is no `i64`.
    pub fn floor(self, millis: i64) -> i64 {
        let start = match self {
            Rounding::Fixed(span) => millis.div_euclid(span).checked_mul(span),
            Rounding::Week => {
                let week = (millis.div_euclid(DAY) - MONDAY).div_euclid(7);
                (week * 7 + MONDAY).checked_mul(DAY)
            }
            Rounding::Months(span) => Civil::of_months(self.month_floor(millis, span)).days().checked_mul(DAY),
        };
        start.unwrap_or(millis)
    }

    fn month_floor(self, millis: i64, span: i64) -> i64 {
        let months = Civil::of_days(millis.div_euclid(DAY)).months() - 12;
        months.div_euclid(span) * span + 12
    }

    /// How many intervals it takes from the one that holds `from` until one starts at or after `to`.
    fn count(self, from: i64, to: i64) -> i64 {
        let (first, distance) = match self {
            Rounding::Fixed(span) => (self.floor(from), span),
            Rounding::Week => (self.floor(from), 7 * DAY),
            Rounding::Months(span) => {
                let (first, last) = (self.month_floor(from, span), self.month_floor(to, span));
                let partial = i64::from(self.floor(to) < to);
                return ((last - first) / span + partial).max(1);
            }
        };
        let width = i128::from(to) - i128::from(first);
        let whole = width.div_euclid(distance.into()) + i128::from(width.rem_euclid(distance.into()) > 0);
        i64::try_from(whole.max(1)).unwrap_or(i64::MAX)
    }

    /// The finest interval of those that people read easily, that has at most `buckets` between two times.
    pub fn pick(buckets: i64, from: i64, to: i64) -> Rounding {
        const MINUTE: i64 = 60 * SECOND;
        const FINER: [Rounding; 18] = [
            Rounding::Months(1),
            Rounding::Week,
            Rounding::Fixed(DAY),
            Rounding::Fixed(12 * HOUR),
            Rounding::Fixed(3 * HOUR),
            Rounding::Fixed(HOUR),
            Rounding::Fixed(30 * MINUTE),
            Rounding::Fixed(10 * MINUTE),
            Rounding::Fixed(5 * MINUTE),
            Rounding::Fixed(MINUTE),
            Rounding::Fixed(30 * SECOND),
            Rounding::Fixed(10 * SECOND),
            Rounding::Fixed(5 * SECOND),
            Rounding::Fixed(SECOND),
            Rounding::Fixed(100),
            Rounding::Fixed(50),
            Rounding::Fixed(10),
            Rounding::Fixed(1),
        ];
        let fits = FINER.iter().take_while(|rounding| rounding.count(from, to) <= buckets);
        fits.last().copied().unwrap_or(Rounding::Months(12))
    }
}

/// Binds a call that rounds its date argument; null where there is no rounding. The other arguments are captured.
pub(in crate::functions) fn bind_rounding(
    call: &Call<'_>,
    date: usize,
    rounding: Option<Rounding>,
) -> Result<Bound, Diagnostic> {
    let ty = call.expect(date, Kind::Date)?;
    let mut inputs = vec![Input::Captured; call.args.len()];
    inputs[date] = Input::One(ty);
    let Some(rounding) = rounding else {
        let returns = if ty == Type::Null { Type::Date } else { ty };
        inputs[date] = Input::One(Type::Null);
        return Ok(Bound::new(ColumnType::one(returns), inputs, |args, _| Ok(args[0].clone())));
    };
    let kernel = match ty {
        Type::DateNanos => unary::<TimestampNanosecondType, TimestampNanosecondType, _>(move |nanos| {
            Ok(rounding.floor(nanos.div_euclid(1_000_000)).saturating_mul(1_000_000))
        }),
        _ => unary::<TimestampMillisecondType, TimestampMillisecondType, _>(move |millis| Ok(rounding.floor(millis))),
    };
    let returns = ColumnType::one(if ty == Type::Null { Type::Date } else { ty });
    Ok(Bound::new(returns, inputs, move |args, evaluation| kernel(&args[date..=date], evaluation)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_rounds() {
        for rounding in [Rounding::Fixed(DAY), Rounding::Week, Rounding::Months(7), Rounding::Months(12)] {
            for millis in [i64::MIN, -1, 0, i64::MAX] {
                assert!(rounding.floor(millis) <= millis, "{rounding:?} {millis}");
            }
        }
        assert_eq!(Rounding::pick(1_000, i64::MIN, i64::MAX), Rounding::Months(12));
        assert_eq!(Rounding::pick(0, 0, 0), Rounding::Months(12));
    }

    #[test]
    fn the_finest_interval_that_fits_is_picked() {
        let year = 365 * DAY;
        assert_eq!(Rounding::pick(5, 29 * year, 57 * year), Rounding::Months(12));
        assert_eq!(Rounding::pick(20, 15 * year + 4 * DAY, 16 * year + 4 * DAY), Rounding::Months(1));
        assert_eq!(Rounding::pick(55, 15 * year + 4 * DAY, 16 * year + 4 * DAY), Rounding::Week);
        assert_eq!(Rounding::pick(24, 0, DAY - SECOND), Rounding::Fixed(HOUR));
        assert_eq!(Rounding::pick(25, 30 * 60 * SECOND, DAY + 30 * 60 * SECOND), Rounding::Fixed(HOUR));
    }
}
