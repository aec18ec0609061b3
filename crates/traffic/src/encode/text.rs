//! Numbers, times and addresses as text, without allocation.

use std::io::Write;
use std::net::IpAddr;

pub fn number(value: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = value;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// The number with zeros in front up to `width` digits (at most 20).
pub fn padded(value: u64, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let width = width.min(digits.len());
    let mut rest = value;
    for digit in digits[..width].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[..width]);
}

/// Lower-case hexadecimal with zeros in front up to `width` digits.
pub fn hexadecimal(value: u64, width: usize, out: &mut Vec<u8>) {
    // Writing to a vector does not fail.
    let _ = write!(out, "{value:0width$x}");
}

pub fn address(address: IpAddr, out: &mut Vec<u8>) {
    match address {
        IpAddr::V4(v4) => {
            for (at, octet) in v4.octets().into_iter().enumerate() {
                if at > 0 {
                    out.push(b'.');
                }
                number(u64::from(octet), out);
            }
        }
        IpAddr::V6(v6) => {
            let _ = write!(out, "{v6}");
        }
    }
}

/// A date and a time of day, from nanoseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: u64,
    pub day: u64,
    pub hour: u64,
    pub minute: u64,
    pub second: u64,
    pub nano: u64,
}

impl Civil {
    /// By the algorithm of Howard Hinnant, "chrono-compatible low-level date algorithms".
    pub fn from_nanos(time: i64) -> Self {
        const DAY: i64 = 86_400 * 1_000_000_000;
        let (days, within) = (time.div_euclid(DAY), time.rem_euclid(DAY) as u64);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let seconds = within / 1_000_000_000;
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as u64,
            day: (of_year - (153 * shifted_month + 2) / 5 + 1) as u64,
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            nano: within % 1_000_000_000,
        }
    }

    /// `2026-06-01` with the separator.
    pub fn date(&self, separator: u8, out: &mut Vec<u8>) {
        padded(self.year.unsigned_abs(), 4, out);
        out.push(separator);
        padded(self.month, 2, out);
        out.push(separator);
        padded(self.day, 2, out);
    }

    /// `09:05:00` with the separator.
    pub fn time(&self, separator: u8, out: &mut Vec<u8>) {
        padded(self.hour, 2, out);
        out.push(separator);
        padded(self.minute, 2, out);
        out.push(separator);
        padded(self.second, 2, out);
    }
}

/// `2026-06-01T09:05:00.123Z`, as Elastic's programs write times.
pub fn rfc3339_millis(time: i64, out: &mut Vec<u8>) {
    let civil = Civil::from_nanos(time);
    civil.date(b'-', out);
    out.push(b'T');
    civil.time(b':', out);
    out.push(b'.');
    padded(civil.nano / 1_000_000, 3, out);
    out.push(b'Z');
}

/// Seconds with six decimals, as Zeek writes times and intervals. `nanos` is not negative.
pub fn seconds_micros(nanos: i64, out: &mut Vec<u8>) {
    let micros = nanos.unsigned_abs() / 1_000;
    number(micros / 1_000_000, out);
    out.push(b'.');
    padded(micros % 1_000_000, 6, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn times_are_written_as_calendars_have_them() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_780_272_000, "2026-06-01T00:00:00.000Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000Z"),
        ] {
            assert_eq!(text(|out| rfc3339_millis(seconds * 1_000_000_000, out)), expected);
        }
        assert_eq!(text(|out| rfc3339_millis(1_999_999_999, out)), "1970-01-01T00:00:01.999Z");
    }

    #[test]
    fn numbers_and_intervals() {
        assert_eq!(text(|out| number(0, out)), "0");
        assert_eq!(text(|out| number(u64::MAX, out)), "18446744073709551615");
        assert_eq!(text(|out| seconds_micros(76_967_999, out)), "0.076967");
        assert_eq!(text(|out| seconds_micros(1_547_188_415_857_497_000, out)), "1547188415.857497");
    }
}
