//! Rows and cells of a CSV file.

use std::borrow::Cow;

/// Where the first row ends, its line end included; none if the end is not there. With `quotes` a line end within quotes
/// does not end it.
pub fn row_end(bytes: &[u8], quotes: bool) -> Option<usize> {
    let (mut at, mut open) = (0, false);
    loop {
        let end = at + memchr::memchr(b'\n', bytes.get(at..)?)?;
        // Quotes come in pairs, doubled ones too, so an odd number before the line end leaves one open.
        open ^= quotes && memchr::memchr_iter(b'"', &bytes[at..end]).count() % 2 == 1;
        at = end + 1;
        if !open {
            return Some(at);
        }
        if at > super::MAX_ROW {
            return None;
        }
    }
}

/// The values of a row, without quotes.
pub struct Cells<'r> {
    rest: Option<&'r [u8]>,
    separator: u8,
}

impl<'r> Cells<'r> {
    pub fn new(row: &'r [u8], separator: u8) -> Self {
        let row = row.strip_suffix(b"\n").unwrap_or(row);
        Cells { rest: Some(row.strip_suffix(b"\r").unwrap_or(row)), separator }
    }
}

impl<'r> Iterator for Cells<'r> {
    type Item = Cow<'r, [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        if rest.first() == Some(&b'"') {
            return Some(self.quoted(&rest[1..]));
        }
        match memchr::memchr(self.separator, rest) {
            Some(end) => {
                self.rest = rest.get(end + 1..);
                Some(Cow::Borrowed(&rest[..end]))
            }
            None => {
                self.rest = None;
                Some(Cow::Borrowed(rest))
            }
        }
    }
}

impl<'r> Cells<'r> {
    /// A value behind an opening quote; one that is never closed goes to the end of the row.
    fn quoted(&mut self, rest: &'r [u8]) -> Cow<'r, [u8]> {
        let mut value: Cow<'r, [u8]> = Cow::Borrowed(&[]);
        let mut from = 0;
        loop {
            let Some(quote) = memchr::memchr(b'"', &rest[from..]).map(|at| from + at) else {
                append(&mut value, &rest[from..]);
                self.rest = None;
                return value;
            };
            append(&mut value, &rest[from..quote]);
            if rest.get(quote + 1) == Some(&b'"') {
                append(&mut value, b"\"");
                from = quote + 2;
                continue;
            }
            // Whatever stands between the closing quote and the separator is kept.
            let tail = &rest[quote + 1..];
            let end = memchr::memchr(self.separator, tail);
            append(&mut value, &tail[..end.unwrap_or(tail.len())]);
            self.rest = end.and_then(|end| tail.get(end + 1..));
            return value;
        }
    }
}

fn append<'r>(value: &mut Cow<'r, [u8]>, bytes: &'r [u8]) {
    if value.is_empty() {
        *value = Cow::Borrowed(bytes);
    } else if !bytes.is_empty() {
        value.to_mut().extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_separated_and_unquoted() {
        for (row, expected) in [
            ("a,b\n", &["a", "b"][..]),
            ("a,,\r\n", &["a", "", ""]),
            ("", &[""]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("\"a\"\"b\"\"\",\"\"", &["a\"b\"", ""]),
            ("\"a\"b,c", &["ab", "c"]),
            ("\"open,c", &["open,c"]),
            ("a\"b,c", &["a\"b", "c"]),
        ] {
            let cells: Vec<_> = Cells::new(row.as_bytes(), b',').collect();
            let cells: Vec<_> = cells.iter().map(|cell| std::str::from_utf8(cell).unwrap()).collect();
            assert_eq!(cells, expected, "{row}");
        }
    }
}
