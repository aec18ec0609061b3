//! Names as the debug log writes them: `(3)www(7)example(3)com(0)`, with pointers as `[C00C]`.

use crate::wire::escape_label;

/// Appends the text of a name, without a final dot; the root is `.`. False if the bytes are no such name.
///
/// The count before a label says where the next one begins, so that labels may hold parentheses. Where a count is
/// wrong, which is so for bytes that the log writes in another encoding, the next count in parentheses ends the label.
pub fn write(mut bytes: &[u8], text: &mut Vec<u8>) -> bool {
    let start = text.len();
    loop {
        while let Some(rest) = bytes.strip_prefix(b"[") {
            let Some(end) = rest.iter().position(|byte| *byte == b']') else { return false };
            bytes = &rest[end + 1..];
        }
        let Some((length, rest)) = count(bytes) else { return false };
        if length == 0 {
            break;
        }
        let by_count = Some(length).filter(|length| rest.get(*length..).is_some_and(begins));
        let Some(end) = by_count.or_else(|| (1..rest.len()).find(|at| begins(&rest[*at..]))) else { return false };
        if text.len() > start {
            text.push(b'.');
        }
        escape_label(&rest[..end], text);
        bytes = &rest[end..];
    }
    if text.len() == start {
        text.push(b'.');
    }
    true
}

/// Whether a label or a pointer begins.
fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"[") || count(bytes).is_some()
}

/// `(3)`
fn count(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let rest = bytes.strip_prefix(b"(")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok().filter(|number| *number <= 63)?;
    Some((number, rest.get(digits..)?.strip_prefix(b")")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_counted() {
        for (bytes, expected) in [
            (&b"(3)www(7)example(3)com(0)"[..], Some("www.example.com")),
            (b"[C00C](3)www(7)example[C010](3)com(0)", Some("www.example.com")),
            (b"(0)", Some(".")),
            (b"(5)a(3)b(1)c(0)", Some("a\\(3\\)b.c")),
            (b"(4)a.b\xe9(1)c(0)", Some("a\\.b\\233.c")),
            (b"(7)short(1)c(0)", Some("short.c")),
            (b"(3)www", None),
            (b"(64)x(0)", None),
            (b"www.example.com", None),
            (b"", None),
            (b"[C00C", None),
        ] {
            let mut text = Vec::new();
            let read = write(bytes, &mut text);
            assert_eq!(read.then(|| String::from_utf8_lossy(&text).into_owned()).as_deref(), expected);
        }
    }
}
