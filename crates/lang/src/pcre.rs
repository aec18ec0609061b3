//! Regular expressions in the syntax of PCRE, as far as the front ends look into them: whether brackets, classes and
//! repetitions are well-formed. What else a pattern may say is the matcher's business.

/// What is wrong with a pattern, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub message: &'static str,
    pub at: usize,
}

/// Deepest nesting of groups.
const MAX_DEPTH: usize = 200;

/// Looks for mistakes that no engine forgives.
pub(crate) fn check(pattern: &str) -> Result<(), Malformed> {
    let error = |message, at| Err(Malformed { message, at });
    let bytes = pattern.as_bytes();
    let mut open = Vec::new();
    let mut repeatable = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'\\' => {
                if at >= bytes.len() {
                    return error("a backslash at the end escapes nothing", start);
                }
                // `\Q...\E` is plain text.
                if bytes.get(at) == Some(&b'Q') {
                    at = pattern.get(at..).and_then(|rest| rest.find("\\E")).map_or(bytes.len(), |end| at + end + 2);
                } else {
                    at += pattern.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                }
                repeatable = true;
            }
            b'[' => {
                at = match class_end(bytes, at) {
                    Some(end) => end,
                    None => return error("the class has no `]`", start),
                };
                repeatable = true;
            }
            b'(' => {
                open.push(start);
                if open.len() > MAX_DEPTH {
                    return error("groups are nested more than 200 deep", start);
                }
                // The sign of a special group is no repetition; a comment has no meaning at all.
                if pattern.get(at..).is_some_and(|rest| rest.starts_with("?#")) {
                    at = pattern.get(at..).and_then(|rest| rest.find(')')).map_or(bytes.len(), |end| at + end);
                } else {
                    at += pattern.get(at..).map_or(0, sign);
                }
                repeatable = false;
            }
            b')' => {
                if open.pop().is_none() {
                    return error("no group is open here", start);
                }
                repeatable = true;
            }
            b'|' | b'^' => repeatable = byte == b'^',
            b'*' | b'+' | b'?' => {
                if !repeatable {
                    return error("there is nothing to repeat", start);
                }
                at += usize::from(matches!(bytes.get(at), Some(b'?' | b'+')));
            }
            b'{' => {
                if let Some((length, in_order)) = counts(pattern.get(at..).unwrap_or("")) {
                    if !repeatable {
                        return error("there is nothing to repeat", start);
                    }
                    if !in_order {
                        return error("the counts of the repetition are in the wrong order", start);
                    }
                    at += length;
                    at += usize::from(matches!(bytes.get(at), Some(b'?' | b'+')));
                } else {
                    repeatable = true;
                }
            }
            _ => repeatable = true,
        }
    }
    match open.last() {
        Some(&at) => error("the group has no `)`", at),
        None => Ok(()),
    }
}

/// The place behind a class whose `[` stands before `at`.
fn class_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    at += usize::from(bytes.get(at) == Some(&b'^'));
    // A bracket that comes first is a member.
    at += usize::from(bytes.get(at) == Some(&b']'));
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b']' => return Some(at + 1),
            b'[' if bytes.get(at + 1) == Some(&b':') => {
                let end = bytes.get(at + 2..)?.windows(2).position(|pair| pair == b":]");
                at += end.map_or(1, |end| end + 4);
            }
            _ => at += 1,
        }
    }
}

/// The length of what makes a group special, behind its bracket: `?:`, `?<=`, `?<name>`, `?i:`, `*`.
fn sign(rest: &str) -> usize {
    let Some(kind) = rest.strip_prefix('?') else { return usize::from(rest.starts_with('*')) };
    let name = kind.strip_prefix('P').unwrap_or(kind);
    if kind.starts_with([':', '=', '!', '>', '|']) {
        2
    } else if kind.starts_with("<=") || kind.starts_with("<!") {
        3
    } else if name.starts_with('<') {
        rest.find('>').map_or(1, |end| end + 1)
    } else {
        // Flags, for the group (`?i:`) or for what follows it (`?i`).
        let flags = kind.bytes().take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'^')).count();
        1 + flags + usize::from(kind.as_bytes().get(flags) == Some(&b':'))
    }
}

/// The length of `m,n}` where that is what follows, and whether the counts are in order.
fn counts(rest: &str) -> Option<(usize, bool)> {
    let (inside, _) = rest.split_once('}')?;
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if inside.is_empty() || inside == "," || !digits(least) || !digits(most) {
        return None;
    }
    let number = |text: &str, default| if text.is_empty() { default } else { text.parse().unwrap_or(u64::MAX) };
    Some((inside.len() + 1, number(least, 0) <= number(most, u64::MAX)))
}

/// Plain text as a pattern that fits it.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_found_where_they_are() {
        for (pattern, at) in [
            ("a(b", 1),
            ("a)b", 1),
            ("[a-", 0),
            ("[]", 0),
            ("*a", 0),
            ("a|+b", 2),
            ("(?:*a)", 3),
            ("a{3,1}", 1),
            ("a\\", 1),
            ("(?=", 0),
        ] {
            assert_eq!(check(pattern).map_err(|found| found.at), Err(at), "{pattern}");
        }
        assert_eq!(check(&"(".repeat(10_000)).map_err(|found| found.at), Err(200));
    }

    #[test]
    fn what_pcre_takes_is_no_mistake() {
        for pattern in [
            "",
            r"^\s*(?<name>[A-Za-z\]]{2,})\\(?!x)(?<=y)z$",
            r"[]abc][^]d][[:alpha:]x][\w[]",
            r"a{,3}b{x}{c",
            r"(?i)a*?b++c{1,2}+(?>d)",
            r"\Q(*[\E",
            r"(*UTF8)a",
            r"(?#(comment)b",
            r"é\é*",
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }
}
