//! The times that servers and syslog daemons put before their messages.
//!
//! The traditional syslog date has no year. It is taken from when the file was last written, or from today's date if
//! that is not known: a month and day more than a day after that moment belongs to the year before. Dates without a
//! zone are taken in the zone that the options give, or else as UTC.

use crate::{
    Options, Zone,
    source::Head,
    time::{self, days},
};
use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// What is told of a log in local time.
pub const NO_ZONE: &str = "its times have no zone: they are taken as UTC";
const DAY: i64 = 86_400;
const NANOS: i64 = 1_000_000_000;

/// How to complete dates that do not say all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Years {
    /// The last moment a line can be of, in seconds since the epoch.
    latest: i64,
    /// Of times that have none.
    zone: Zone,
}

/// A time and what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp<'l> {
    /// Nanoseconds since the epoch.
    pub time: i64,
    pub rest: &'l str,
    /// Whether the year or the zone had to be assumed.
    pub year_assumed: bool,
    pub zone_assumed: bool,
}

impl Years {
    pub fn new(head: &Head<'_>, options: &Options) -> Self {
        let written = written(head.path).unwrap_or_else(SystemTime::now);
        let latest = written.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
        Years { latest, zone: options.zone.clone() }
    }

    #[cfg(test)]
    pub fn until(latest: i64) -> Self {
        Years { latest, zone: Zone::default() }
    }

    /// What has to be assumed of the times in a log.
    pub fn notes(&self, head: &Head<'_>) -> Vec<String> {
        let Some(line) = super::head_lines(head).find(|line| self.stamp(&super::text(line)).is_some()) else {
            return Vec::new();
        };
        let line = super::text(line);
        let stamp = self.stamp(&line);
        let year = stamp.filter(|stamp| stamp.year_assumed);
        let zone = stamp.filter(|stamp| stamp.zone_assumed && self.zone.is_assumed());
        let year = year.map(|_| "its dates have no year: each is taken as the last one before the file was written");
        let zone = zone.map(|_| NO_ZONE);
        year.into_iter().chain(zone).map(str::to_owned).collect()
    }

    /// Reads the time at the beginning of a line.
    pub fn stamp<'l>(&self, line: &'l str) -> Option<Stamp<'l>> {
        let line = without_priority(line);
        self.epoch(line).or_else(|| self.iso(line)).or_else(|| self.day_first(line)).or_else(|| self.syslog(line))
    }

    /// `[1700000000]`
    fn epoch<'l>(&self, line: &'l str) -> Option<Stamp<'l>> {
        let (digits, rest) = line.strip_prefix('[')?.split_once(']')?;
        let time = digits.parse::<i64>().ok()?.checked_mul(NANOS)?;
        Some(Stamp { time, rest, year_assumed: false, zone_assumed: false })
    }

    /// `2026-11-21T17:31:56.123+01:00`, also with a space for the `T`
    fn iso<'l>(&self, line: &'l str) -> Option<Stamp<'l>> {
        if line.as_bytes().get(4) != Some(&b'-') {
            return None;
        }
        let end =
            if line.as_bytes().get(10) == Some(&b' ') { 11 + line.get(11..)?.find(' ')? } else { line.find(' ')? };
        let (date, rest) = line.split_at_checked(end)?;
        let zoned = date.get(10..)?.contains(['Z', 'z', '+', '-']);
        let time = time::parse(date)?.nanos()?;
        let time = if zoned { time } else { self.utc(time)? };
        Some(Stamp { time, rest, year_assumed: false, zone_assumed: !zoned })
    }

    /// `21-Nov-2026 17:31:56.123`, as BIND has it
    fn day_first<'l>(&self, line: &'l str) -> Option<Stamp<'l>> {
        let (date, rest) = line.split_once(' ')?;
        let mut parts = date.split('-');
        let (day, month, year) = (parts.next()?.parse().ok()?, month(parts.next()?)?, parts.next()?.parse().ok()?);
        let end = rest.find(' ').unwrap_or(rest.len());
        let (clock, rest) = rest.split_at_checked(end)?;
        let time = self.utc((days(year, month, day)? * DAY).checked_mul(NANOS)? + nanos_of_day(clock)?)?;
        Some(Stamp { time, rest, year_assumed: false, zone_assumed: true })
    }

    /// `Nov 21 17:31:56`, `Nov  1 17:31:56 2026`, `Sat Nov 21 17:31:56 2026`
    fn syslog<'l>(&self, line: &'l str) -> Option<Stamp<'l>> {
        let mut rest = line;
        let mut word = super::word(&mut rest)?;
        if month(word).is_none() && word.len() == 3 {
            word = super::word(&mut rest)?;
        }
        let month = month(word)?;
        let day = super::word(&mut rest)?.parse().ok()?;
        let in_day = nanos_of_day(super::word(&mut rest)?)?;
        let mut behind = rest;
        let year = super::word(&mut behind).filter(|word| word.len() == 4).and_then(|word| word.parse().ok());
        let day = match year {
            Some(year) => days(year, month, day)?,
            None => self.day(month, day, in_day)?,
        };
        let time = self.utc((day * DAY).checked_mul(NANOS)? + in_day)?;
        let rest = if year.is_some() { behind } else { rest };
        Some(Stamp { time, rest, year_assumed: year.is_none(), zone_assumed: true })
    }

    /// The moment of a local time, both in nanoseconds.
    fn utc(&self, local: i64) -> Option<i64> {
        self.zone.utc(local.div_euclid(NANOS)).checked_mul(NANOS)?.checked_add(local.rem_euclid(NANOS))
    }

    /// The day of the last year in which the moment is not after the latest.
    fn day(&self, month: u32, day: u32, in_day: i64) -> Option<i64> {
        let latest_year = 1970 + self.latest.div_euclid(DAY) * 400 / 146_097;
        // Eight years back there is a leap year for certain.
        (latest_year - 8..=latest_year + 1)
            .rev()
            .filter_map(|year| days(year, month, day))
            .find(|day| self.zone.utc(day * DAY + in_day / NANOS) <= self.latest + DAY)
    }
}

/// When the file was last written. The name may have lost its compression suffix.
fn written(path: &Path) -> Option<SystemTime> {
    let with = |suffix: &str| PathBuf::from(format!("{}{suffix}", path.display()));
    ["", ".gz", ".zst", ".bz2", ".xz"]
        .into_iter()
        .find_map(|suffix| std::fs::metadata(with(suffix)).ok().filter(std::fs::Metadata::is_file)?.modified().ok())
}

fn month(name: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    u32::try_from(at + 1).ok()
}

/// Nanoseconds since midnight of `17:31:56.123`.
fn nanos_of_day(clock: &str) -> Option<i64> {
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok().filter(|_| part.len() == 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 || fraction.len() > 9 {
        return None;
    }
    let nanos = if fraction.is_empty() { 0 } else { format!("{fraction:0<9}").parse::<i64>().ok()? };
    Some((hour * 3600 + minute * 60 + second) * NANOS + nanos)
}

/// Leaves out `<30>` of the syslog protocol, and the version behind it.
fn without_priority(line: &str) -> &str {
    let Some((priority, rest)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) else { return line };
    if priority.parse::<u8>().is_err() {
        return line;
    }
    rest.strip_prefix("1 ").unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form() {
        // 2027-01-03T00:00:00Z
        let years = Years::until(1_798_934_400);
        for (line, time, rest) in [
            ("[1700000000] unbound", "2023-11-14T22:13:20Z", " unbound"),
            ("2026-11-21T17:31:56.123Z x", "2026-11-21T17:31:56.123Z", " x"),
            ("2026-11-21T17:31:56.123456+01:00 x", "2026-11-21T16:31:56.123456Z", " x"),
            ("2026-11-21 17:31:56.5 x", "2026-11-21T17:31:56.5Z", " x"),
            ("<30>1 2026-11-21T17:31:56Z h app", "2026-11-21T17:31:56Z", " h app"),
            ("21-Nov-2026 17:31:56.123 client", "2026-11-21T17:31:56.123Z", " client"),
            ("Nov 21 17:31:56 host", "2026-11-21T17:31:56Z", " host"),
            ("<30>Nov  1 07:31:56 host", "2026-11-01T07:31:56Z", " host"),
            ("Jan  2 00:00:00 host", "2027-01-02T00:00:00Z", " host"),
            ("Jan  9 00:00:00 host", "2026-01-09T00:00:00Z", " host"),
            ("Feb 29 00:00:00 host", "2024-02-29T00:00:00Z", " host"),
            ("Sat Aug 29 06:00:00 2026 daemon.info", "2026-08-29T06:00:00Z", " daemon.info"),
        ] {
            let stamp = years.stamp(line).unwrap();
            assert_eq!((Some(stamp.time), stamp.rest), (time::parse(time).unwrap().nanos(), rest), "{line}");
        }
        for line in [
            "",
            "Nov",
            "Nov 21 17:31",
            "Nov 31 10:00:00 x",
            "21-Nov-2026",
            "2026-13-01T00:00:00Z x",
            "[x] y",
            "<999>x",
            "é-é",
        ] {
            assert_eq!(years.stamp(line), None, "{line}");
        }
    }

    #[test]
    fn local_time_is_taken_in_the_zone_of_the_options() {
        let years = Years { latest: 1_798_934_400, zone: "+02:00".parse().unwrap() };
        for (line, time) in [
            ("21-Nov-2026 17:31:56 x", "2026-11-21T15:31:56Z"),
            ("Nov 21 17:31:56 x", "2026-11-21T15:31:56Z"),
            ("2026-11-21T17:31:56 x", "2026-11-21T15:31:56Z"),
            ("2026-11-21T17:31:56Z x", "2026-11-21T17:31:56Z"),
        ] {
            assert_eq!(years.stamp(line).map(|stamp| stamp.time), time::parse(time).unwrap().nanos(), "{line}");
        }
    }
}
