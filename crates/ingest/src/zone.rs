//! The zone of logs that write local time.

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};
use std::str::FromStr;

/// A time zone. The default is none: nobody said one, and UTC is assumed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone(Option<TimeZone>);

impl Zone {
    /// Whether nobody said which zone it is.
    pub fn is_assumed(&self) -> bool {
        self.0.is_none()
    }

    /// A moment, in seconds since the epoch, of what a clock in the zone shows, likewise. Of the hour that comes twice when
    /// clocks are put back it is the first; a time that they leave out is as if they had not been put forward.
    pub fn utc(&self, local: i64) -> i64 {
        let in_zone = |zone: &TimeZone| {
            if let Ok(offset) = zone.to_fixed_offset() {
                return local.checked_sub(offset.seconds().into());
            }
            let shown = Offset::UTC.to_datetime(Timestamp::from_second(local).ok()?);
            Some(zone.to_ambiguous_timestamp(shown).compatible().ok()?.as_second())
        };
        self.0.as_ref().and_then(in_zone).unwrap_or(local)
    }
}

impl FromStr for Zone {
    type Err = String;

    /// A name of the IANA time zone database, or an offset such as `+02:00`.
    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("`{text}` is neither a time zone such as `Europe/Berlin` nor an offset such as `+02:00`");
        let zone = match text.as_bytes().first() {
            Some(b'+' | b'-') => offset(text).map(TimeZone::fixed),
            _ => TimeZone::get(text).ok(),
        };
        zone.map(|zone| Zone(Some(zone))).ok_or_else(expected)
    }
}

/// `+2`, `+02`, `+0200` or `+02:00`.
fn offset(text: &str) -> Option<Offset> {
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = if digits.len() > 2 { digits.split_at_checked(digits.len() - 2)? } else { (&*digits, "0") };
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok().filter(|minutes| *minutes < 60)?);
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    Offset::from_seconds(if text.starts_with('-') { -seconds } else { seconds }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_becomes_utc() -> Result<(), Box<dyn std::error::Error>> {
        for (zone, local, utc) in [
            ("UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"),
            ("+02:00", "2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z"),
            ("-0530", "2026-07-01T12:00:00Z", "2026-07-01T17:30:00Z"),
            ("+2", "2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z"),
            ("Europe/Berlin", "2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z"),
            ("Europe/Berlin", "2026-12-01T12:00:00Z", "2026-12-01T11:00:00Z"),
            ("Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
            ("Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"),
        ] {
            let (local, utc): (Timestamp, Timestamp) = (local.parse()?, utc.parse()?);
            assert_eq!(zone.parse::<Zone>()?.utc(local.as_second()), utc.as_second(), "{zone} {local}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for text in ["", "Mars/Base", "+", "+25:99", "+99", "2"] {
            assert!(text.parse::<Zone>().is_err(), "{text}");
        }
        assert!(Zone::default().is_assumed());
    }
}
