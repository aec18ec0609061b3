//! Patterns of dates: those of Java's `DateTimeFormatter`, and the formats that Elasticsearch knows by name.

use crate::warning::Reason;

/// Deepest nesting of optional sections.
const MAX_DEPTH: usize = 16;

/// Alternatives, of which printing takes the first and reading the first that fits.
#[derive(Debug)]
pub struct Pattern {
    pub alternatives: Vec<Vec<Item>>,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Literal(String),
    /// A letter and how often it stands there.
    Field(char, usize),
    Optional(Vec<Item>),
    /// ISO 8601, with parts missing from the right.
    Iso,
    EpochMillis,
    EpochSecond,
}

impl Pattern {
    pub fn new(text: &str) -> Result<Pattern, Reason> {
        let alternatives = text.split("||").map(alternative).collect::<Result<_, _>>()?;
        Ok(Pattern { alternatives })
    }
}

fn alternative(text: &str) -> Result<Vec<Item>, Reason> {
    let java = match text.strip_prefix("strict_").unwrap_or(text) {
        "date_optional_time" | "date_optional_time_nanos" | "iso8601" => return Ok(vec![Item::Iso]),
        "epoch_millis" => return Ok(vec![Item::EpochMillis]),
        "epoch_second" => return Ok(vec![Item::EpochSecond]),
        "basic_date" => "uuuuMMdd",
        "basic_date_time" => "uuuuMMdd'T'HHmmss.SSSX",
        "basic_date_time_no_millis" => "uuuuMMdd'T'HHmmssX",
        "basic_time" => "HHmmss.SSSX",
        "date" | "year_month_day" => "uuuu-MM-dd",
        "date_hour" => "uuuu-MM-dd'T'HH",
        "date_hour_minute" => "uuuu-MM-dd'T'HH:mm",
        "date_hour_minute_second" => "uuuu-MM-dd'T'HH:mm:ss",
        "date_hour_minute_second_millis" | "date_hour_minute_second_fraction" => "uuuu-MM-dd'T'HH:mm:ss.SSS",
        "date_time" => "uuuu-MM-dd'T'HH:mm:ss.SSSXXX",
        "date_time_no_millis" => "uuuu-MM-dd'T'HH:mm:ssXXX",
        "hour" => "HH",
        "hour_minute" => "HH:mm",
        "hour_minute_second" => "HH:mm:ss",
        "time" => "HH:mm:ss.SSSXXX",
        "time_no_millis" => "HH:mm:ssXXX",
        "year" => "uuuu",
        "year_month" => "uuuu-MM",
        "ordinal_date" => "uuuu-DDD",
        _ => text,
    };
    let mut letters = java.chars().peekable();
    let items = section(&mut letters, 0, text)?;
    Ok(items)
}

fn section(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    depth: usize,
    text: &str,
) -> Result<Vec<Item>, Reason> {
    let bad = |why: &str| Reason::Argument(format!("Invalid format: [{text}]: {why}"));
    let mut items = Vec::new();
    while let Some(c) = letters.next() {
        match c {
            '[' if depth >= MAX_DEPTH => return Err(bad("Too many nested sections")),
            '[' => items.push(Item::Optional(section(letters, depth + 1, text)?)),
            ']' if depth > 0 => return Ok(items),
            ']' => return Err(bad("Pattern invalid as it contains ] without previous [")),
            '\'' => {
                push(&mut items, &quoted(letters).ok_or_else(|| bad("Pattern ends with an incomplete string literal"))?)
            }
            c if c.is_ascii_alphabetic() => {
                let mut count = 1;
                while letters.next_if_eq(&c).is_some() {
                    count += 1;
                }
                if !"GuyYDMLdQqwWEecFahKkHmsSAnNVvzOXxZ".contains(c) {
                    return Err(bad(&format!("Unknown pattern letter: {c}")));
                }
                if count > 19 {
                    return Err(bad(&format!("Too many pattern letters: {c}")));
                }
                items.push(Item::Field(c, count));
            }
            '{' | '}' | '#' => return Err(bad(&format!("Pattern includes reserved character: '{c}'"))),
            c => push(&mut items, c.encode_utf8(&mut [0; 4])),
        }
    }
    // Sections that are left open end with the pattern.
    Ok(items)
}

/// The text up to the closing quote, two quotes standing for one; two quotes at once are one.
fn quoted(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut literal = String::new();
    loop {
        match letters.next()? {
            '\'' if letters.next_if_eq(&'\'').is_some() => literal.push('\''),
            '\'' if literal.is_empty() => return Some("'".to_string()),
            '\'' => return Some(literal),
            c => literal.push(c),
        }
    }
}

fn push(items: &mut Vec<Item>, text: &str) {
    match items.last_mut() {
        Some(Item::Literal(literal)) => literal.push_str(text),
        _ => items.push(Item::Literal(text.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_patterns_are_refused() {
        for text in ["yyyy-bb", "'T", "]", "{", &"y".repeat(20), &"[".repeat(40)] {
            assert!(Pattern::new(text).is_err(), "{text}");
        }
    }

    #[test]
    fn literals_are_joined() {
        let items = Pattern::new("d 'of' ''").map(|pattern| pattern.alternatives);
        assert_eq!(items, Ok(vec![vec![Item::Field('d', 1), Item::Literal(" of '".to_string())]]));
    }
}
