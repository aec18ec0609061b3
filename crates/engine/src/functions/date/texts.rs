//! The English names that dates are printed and read with.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The name of a month, 1 to 12.
pub fn month(month: i64) -> &'static str {
    at(&MONTHS, month)
}

/// The name of a day of the week, Monday 1 to Sunday 7.
pub fn weekday(weekday: i64) -> &'static str {
    at(&WEEKDAYS, weekday)
}

fn at(names: &[&'static str], number: i64) -> &'static str {
    usize::try_from(number - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or("")
}

/// The month whose name, cut to `letters`, starts the text in any case, and the length of that.
pub fn read_month(text: &str, letters: usize) -> Option<(i64, usize)> {
    read(&MONTHS, text, letters)
}

pub fn read_weekday(text: &str, letters: usize) -> Option<(i64, usize)> {
    read(&WEEKDAYS, text, letters)
}

fn read(names: &[&str], text: &str, letters: usize) -> Option<(i64, usize)> {
    names.iter().zip(1..).find_map(|(name, number)| {
        let name = name.get(..letters.min(name.len()))?;
        let start = text.get(..name.len())?;
        start.eq_ignore_ascii_case(name).then_some((number, name.len()))
    })
}
