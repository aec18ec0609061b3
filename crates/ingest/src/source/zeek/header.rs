//! The header of a tab-separated Zeek log.
//!
//! `#separator` comes first and is written with escapes; the rest of the header uses it already. Zeek's own default is
//! the tab, but any string can be configured (Zeek, "Zeek Log Formats", options of `LogAscii`).

use super::value::{Shape, unescaped};
use schema::Type;

/// How the values below a header are to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub separator: String,
    pub set_separator: String,
    pub empty_field: String,
    pub unset_field: String,
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
            separator: "\t".to_owned(),
            set_separator: ",".to_owned(),
            empty_field: "(empty)".to_owned(),
            unset_field: "-".to_owned(),
            path: String::new(),
            columns: Vec::new(),
        }
    }
}

impl Header {
    /// Takes in one line that begins with `#`. Lines that say nothing about the layout (`#open`, `#close`, remarks) change
    /// nothing.
    pub fn line(&mut self, line: &str) {
        if let Some(separator) = line.strip_prefix("#separator ") {
            *self = Header { separator: escaped(separator), ..Header::default() };
            return;
        }
        let Some((name, rest)) = line.split_once(&self.separator) else { return };
        match name {
            "#set_separator" => self.set_separator = escaped(rest),
            "#empty_field" => self.empty_field = rest.to_owned(),
            "#unset_field" => self.unset_field = rest.to_owned(),
            "#path" => self.path = rest.to_owned(),
            "#fields" => self.columns = rest.split(&self.separator).map(Column::of_text).collect(),
            "#types" => {
                for (column, ty) in self.columns.iter_mut().zip(rest.split(&self.separator)) {
                    (column.shape, column.many) = shape(ty);
                }
            }
            _ => {}
        }
    }

    /// Whether this line can change how later lines are read.
    pub fn concerns(line: &[u8]) -> bool {
        let names = ["#separator", "#set_separator", "#empty_field", "#unset_field", "#path", "#fields", "#types"];
        names.iter().any(|name| line.starts_with(name.as_bytes()))
    }
}

impl Column {
    /// Makes room for the values of another record's column of this name.
    pub fn widen(&mut self, other: &Column) {
        self.many |= other.many;
        self.shape = match (self.shape, other.shape) {
            (one, other) if one == other => one,
            (Shape::Integer | Shape::Decimal, Shape::Integer | Shape::Decimal) => Shape::Decimal,
            _ => Shape::Text,
        };
    }

    pub fn of_text(name: &str) -> Self {
        Column { name: name.to_owned(), shape: Shape::Text, many: false }
    }
}

fn escaped(text: &str) -> String {
    let separator = unescaped(text).into_owned();
    // An empty separator would match everywhere.
    if separator.is_empty() { "\t".to_owned() } else { separator }
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
        lines.iter().for_each(|line| header.line(line));
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
        assert_eq!((header.separator.as_str(), header.set_separator.as_str()), ("||", ";"));
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
