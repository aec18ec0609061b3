//! Places in a rule's text.

use std::fmt;

/// A half-open range of byte offsets into a text that a rule was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// 0 for the rule's own file; from 1 on, that of [`crate::Rule::further_files`], counted from 1.
    pub file: u16,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        // A rule over 4 GiB is refused before it is lexed, so saturation is never seen.
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file: 0, start: clamp(start), end: clamp(end) }
    }

    /// The smallest span that covers both; they stand in one file.
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same place of another file.
    pub fn in_file(self, file: u16) -> Span {
        Span { file, ..self }
    }

    /// The text under the span; empty where the span does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Moves a span of a query to the place of that query in its envelope.
    pub fn shifted(self, by: u32) -> Span {
        Span { file: self.file, start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

/// A value with the place it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

/// A one-based line and column; columns count Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

impl LineColumn {
    /// The position of byte `offset` in `text`; the end of the text for offsets past it.
    pub fn of(offset: u32, text: &str) -> Self {
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        LineColumn {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points() {
        let text = "ab\nçé|x";
        let bar = text.find('|').map(|offset| offset as u32).unwrap_or_default();
        assert_eq!(LineColumn::of(bar, text), LineColumn { line: 2, column: 3 });
    }

    #[test]
    fn an_offset_inside_a_character_is_that_character() {
        assert_eq!(LineColumn::of(1, "é"), LineColumn { line: 1, column: 1 });
    }
}
