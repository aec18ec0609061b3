//! How Elasticsearch, which is written in Java, prints and reads numbers.

use crate::warning::Reason;

/// A double as Java prints it: `1.0`, `1.0E10`, `Infinity`.
pub fn double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_string();
    }
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return format!("{value:?}");
    }
    let scientific = format!("{value:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => scientific,
    }
}

/// The failure to read a number, in the words of Java's parsers.
pub fn not_a_number(text: &str) -> Reason {
    Reason::Number(format!("For input string: \"{text}\""))
}

/// A double as Java reads it: blanks around it and a type suffix are allowed.
pub fn parse_double(text: &str) -> Result<f64, Reason> {
    let trimmed = text.trim_matches(|c: char| c <= ' ');
    if trimmed.is_empty() {
        let message = if text.is_empty() { "empty String".to_string() } else { return Err(not_a_number(text)) };
        return Err(Reason::Number(message));
    }
    let number = trimmed.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(trimmed);
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    let named = matches!(unsigned, "NaN" | "Infinity");
    // Rust also reads `inf` and `nan` in any case, which Java does not.
    if !named && !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(not_a_number(text));
    }
    number.parse().map_err(|_| not_a_number(text))
}

/// Rounds to the nearest whole number, halves upwards, as `Math.round` does.
pub fn round(value: f64) -> f64 {
    let floor = value.floor();
    if value - floor >= 0.5 { floor + 1.0 } else { floor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_in_java() {
        for (value, printed) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.001, "0.001"),
            (0.0001, "1.0E-4"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (1.234e10, "1.234E10"),
            (f64::MAX, "1.7976931348623157E308"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(double(value), printed);
        }
    }

    #[test]
    fn doubles_read_as_in_java() {
        for (text, value) in
            [("1", Some(1.0)), (" 1.5e3 ", Some(1500.0)), ("2.5d", Some(2.5)), ("inf", None), ("", None)]
        {
            assert_eq!(parse_double(text).ok(), value, "{text}");
        }
        assert_eq!(parse_double("foo"), Err(Reason::Number("For input string: \"foo\"".to_string())));
    }
}
