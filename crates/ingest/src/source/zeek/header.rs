//! The header of a tab-separated Zeek log.
//!
//! `#separator` comes first and is written with escapes; the rest of the header uses it already. Zeek's own default is
//! the tab, but any string can be configured (Zeek, "Zeek Log Formats", options of `LogAscii`).

use super::value::{Shape, unescape};
use memchr::memmem;
use schema::Type;

/// How the values below a header are to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub separator: Vec<u8>,
    pub set_separator: Vec<u8>,
    pub empty_field: Vec<u8>,
    pub unset_field: Vec<u8>,
    /// The name of the log: `dns`.
    pub path: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// Text where the header has no types.
    pub shape: Shape,
    /// A set or vector.
    pub many: bool,
}

impl Default for Header {
    /// Zeek's defaults.
    fn default() -> Self {
        Header {
            separator: b"\t".to_vec(),
            set_separator: b",".to_vec(),
            empty_field: b"(empty)".to_vec(),
            unset_field: b"-".to_vec(),
            path: String::new(),
            columns: Vec::new(),
        }
    }
}

impl Header {
    /// Takes in one line that begins with `#`. Lines that say nothing about the layout (`#open`, `#close`, remarks) change
    /// nothing.
    pub fn line(&mut self, line: &[u8]) {
        if let Some(separator) = line.strip_prefix(b"#separator ") {
            *self = Header { separator: escaped(separator), ..Header::default() };
            return;
        }
        let Some((name, rest)) = self.split_first(line) else { return };
        match name {
            b"#set_separator" => self.set_separator = escaped(rest),
            b"#empty_field" => self.empty_field = rest.to_vec(),
            b"#unset_field" => self.unset_field = rest.to_vec(),
            b"#path" => self.path = text(rest),
            b"#fields" => self.columns = self.split(rest).map(|name| Column::of_text(&text(name))).collect(),
            b"#types" => {
                let types: Vec<String> = self.split(rest).map(text).collect();
                for (column, ty) in self.columns.iter_mut().zip(types) {
                    (column.shape, column.many) = shape(&ty);
                }
            }
            _ => {}
        }
    }

    /// Whether this line can change how later lines are read.
    pub fn concerns(line: &[u8]) -> bool {
        let names: [&[u8]; 6] =
            [b"#separator", b"#set_separator", b"#empty_field", b"#unset_field", b"#path", b"#fields"];
        names.iter().any(|name| line.starts_with(name)) || line.starts_with(b"#types")
    }

    fn split_first<'l>(&self, line: &'l [u8]) -> Option<(&'l [u8], &'l [u8])> {
        let at = memmem::find(line, &self.separator)?;
        Some((line.get(..at)?, line.get(at + self.separator.len()..)?))
    }

    fn split<'l>(&'l self, line: &'l [u8]) -> impl Iterator<Item = &'l [u8]> {
        let mut rest = Some(line);
        std::iter::from_fn(move || {
            let line = rest?;
            let (first, behind) = self.split_first(line).map_or((line, None), |(first, behind)| (first, Some(behind)));
            rest = behind;
            Some(first)
        })
    }
}

impl Column {
    pub fn of_text(name: &str) -> Self {
        Column { name: name.to_owned(), shape: Shape::Text, many: false }
    }
}

fn escaped(bytes: &[u8]) -> Vec<u8> {
    let separator = unescape(bytes);
    // An empty separator would match everywhere.
    if separator.is_empty() { b"\t".to_vec() } else { separator }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a type of `#types` is for us, and whether it is one of several values.
fn shape(ty: &str) -> (Shape, bool) {
    let element = ["set[", "vector[", "table["].iter().find_map(|kind| ty.strip_prefix(kind)?.strip_suffix(']'));
    let shape = match element.unwrap_or(ty) {
        "bool" => Shape::Boolean,
        "count" | "int" | "port" | "counter" => Shape::Integer,
        "double" | "interval" => Shape::Decimal,
        "time" => Shape::Time,
        _ => Shape::Text,
    };
    (shape, element.is_some())
}

impl Shape {
    /// The type of a column of a field that the schema does not know.
    pub fn ty(self) -> Type {
        match self {
            Shape::Boolean => Type::Boolean,
            Shape::Integer => Type::Long,
            Shape::Decimal => Type::Double,
            Shape::Time => Type::Date,
            Shape::Text => Type::Keyword,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(lines: &[&str]) -> Header {
        let mut header = Header::default();
        lines.iter().for_each(|line| header.line(line.as_bytes()));
        header
    }

    #[test]
    fn the_separator_is_unescaped_and_used_at_once() {
        let header = header(&[
            "#separator \\x7c\\x7c",
            "#set_separator||;",
            "#path||dns",
            "#open||2021-03-19-16-07-56",
            "#fields||ts||uid||answers",
            "#types||time||string||vector[string]",
        ]);
        assert_eq!((header.separator.as_slice(), header.set_separator.as_slice()), (&b"||"[..], &b";"[..]));
        assert_eq!(header.path, "dns");
        let columns: Vec<_> = header.columns.iter().map(|c| (c.name.as_str(), c.shape, c.many)).collect();
        assert_eq!(columns, [("ts", Shape::Time, false), ("uid", Shape::Text, false), ("answers", Shape::Text, true)]);
    }

    #[test]
    fn a_new_separator_begins_a_new_header() {
        let header = header(&["#unset_field\tNONE", "#path\tdns", "#separator \\x09"]);
        assert_eq!(header, Header::default());
    }
}
