//! Lucene's regular expressions, rewritten for the `regex` crate.
//!
//! The two share the core syntax. Lucene has no anchors (`^` and `$` are characters), quotes text with `"`, and adds
//! `@` (any string), `#` (nothing), `<m-n>` (a number in a range), `~` (complement) and `&` (intersection). The last
//! two need automata and are refused.
//! Source: the syntax comment of `org.apache.lucene.util.automaton.RegExp`.

/// Widest numeric range that is spelled out, in digits.
const MAX_DIGITS: usize = 18;

/// The same expression for the `regex` crate, without anchors.
pub(super) fn translate(lucene: &str) -> Result<String, String> {
    let mut regex = String::with_capacity(lucene.len() + 8);
    let mut characters = lucene.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => escape(&mut regex, characters.next().ok_or("the regex ends in a backslash")?),
            '"' => quoted(&mut regex, &mut characters)?,
            '[' => class(&mut regex, &mut characters)?,
            '<' => interval(&mut regex, &mut characters)?,
            '@' => regex.push_str(".*"),
            '#' => regex.push_str("[^\\s\\S]"),
            '^' | '$' => {
                regex.push('\\');
                regex.push(character);
            }
            '~' | '&' => return Err(format!("the regex operator `{character}` is not supported")),
            other => regex.push(other),
        }
    }
    Ok(regex)
}

/// Lucene's class escapes are ASCII; any other escaped character is itself.
fn escape(regex: &mut String, character: char) {
    match character {
        'd' => regex.push_str("[0-9]"),
        'D' => regex.push_str("[^0-9]"),
        's' => regex.push_str("[ \\t\\n\\x0B\\f\\r]"),
        'S' => regex.push_str("[^ \\t\\n\\x0B\\f\\r]"),
        'w' => regex.push_str("[A-Za-z0-9_]"),
        'W' => regex.push_str("[^A-Za-z0-9_]"),
        other => regex.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
    }
}

fn quoted(regex: &mut String, characters: &mut std::str::Chars<'_>) -> Result<(), String> {
    for character in characters.by_ref() {
        if character == '"' {
            return Ok(());
        }
        regex.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
    }
    Err("the regex has an unclosed `\"`".to_string())
}

/// A character class; inside, only `^` at the start, ranges and escapes mean something.
fn class(regex: &mut String, characters: &mut std::str::Chars<'_>) -> Result<(), String> {
    regex.push('[');
    let mut first = true;
    while let Some(character) = characters.next() {
        match character {
            ']' if !first => {
                regex.push(']');
                return Ok(());
            }
            '^' if first => {
                regex.push('^');
                continue;
            }
            '\\' => {
                let escaped = characters.next().ok_or("the regex ends in a backslash")?;
                match escaped {
                    'd' | 's' | 'w' => regex.push_str(match escaped {
                        'd' => "0-9",
                        's' => " \\t\\n\\x0B\\f\\r",
                        _ => "A-Za-z0-9_",
                    }),
                    other => regex.push_str(&format!("\\x{{{:x}}}", u32::from(other))),
                }
            }
            '-' => regex.push('-'),
            other => regex.push_str(&format!("\\x{{{:x}}}", u32::from(other))),
        }
        first = false;
    }
    Err("the regex has an unclosed `[`".to_string())
}

fn interval(regex: &mut String, characters: &mut std::str::Chars<'_>) -> Result<(), String> {
    let body: String = characters.by_ref().take_while(|&character| character != '>').collect();
    let bounds = body.split_once('-').filter(|(low, high)| low.len().max(high.len()) <= MAX_DIGITS);
    let parsed = bounds.and_then(|(low, high)| Some((low.parse::<u64>().ok()?, high.parse::<u64>().ok()?)));
    let (low, high) = parsed.ok_or_else(|| format!("the regex has a malformed interval `<{body}>`"))?;
    let (low, high) = (low.min(high), low.max(high));
    let mut parts = Vec::new();
    ranges(low, high, &mut parts);
    regex.push_str(&format!("(?:0*(?:{}))", parts.join("|")));
    Ok(())
}

/// Splits `low..=high` into runs that differ only in trailing digits, each a digit pattern.
fn ranges(mut low: u64, high: u64, parts: &mut Vec<String>) {
    loop {
        let mut step = 1u64;
        while low != 0 && low.is_multiple_of(step * 10) && low.checked_add(step * 10 - 1).is_some_and(|end| end <= high)
        {
            step *= 10;
        }
        let digit = (low / step) % 10;
        let last = (digit..=9).rev().find(|last| low + (last - digit) * step + (step - 1) <= high).unwrap_or(digit);
        let lead = low / step / 10;
        let lead = if lead == 0 { String::new() } else { lead.to_string() };
        parts.push(format!("{lead}[{digit}-{last}]{}", "[0-9]".repeat(step.ilog10() as usize)));
        low += (last - digit) * step + step;
        if low > high {
            return;
        }
    }
}
