//! `minute`, `hour`, `day`, `week`, `month`, `year`

use super::comparison::number;
use super::{Form, Misuse, Modifier, Subject};
use ir::CompareOp;

/// A part of the time that the field holds.
pub struct TimePart {
    name: &'static str,
    summary: &'static str,
    /// As the function `date_extract` names it.
    part: &'static str,
}

pub const MINUTE: TimePart =
    TimePart { name: "minute", summary: "The minute of the time, from 0 to 59.", part: "minute_of_hour" };
pub const HOUR: TimePart =
    TimePart { name: "hour", summary: "The hour of the time, from 0 to 23.", part: "hour_of_day" };
pub const DAY: TimePart =
    TimePart { name: "day", summary: "The day of the month, from 1 to 31.", part: "day_of_month" };
pub const WEEK: TimePart =
    TimePart { name: "week", summary: "The week of the year, from 1.", part: "aligned_week_of_year" };
pub const MONTH: TimePart =
    TimePart { name: "month", summary: "The month of the year, from 1 to 12.", part: "month_of_year" };
pub const YEAR: TimePart = TimePart { name: "year", summary: "The year of the time.", part: "year" };

impl Modifier for TimePart {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        if !subject.has_field {
            return Err(Misuse::new(format!("`{}` needs a field", self.name)));
        }
        subject.each(|form| {
            let (op, number) = match form {
                Form::Compared(op, literal) => (*op, Some(literal.clone())),
                other => (CompareOp::Equal, number(other)),
            };
            match number {
                Some(number) => Ok(vec![Form::TimePart { part: self.part, op, number }]),
                None => Err(format!("`{}` takes a number, and here is {}", self.name, form.kind())),
            }
        })
    }
}
