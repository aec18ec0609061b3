//! Lines and columns of many places of one text, without going through the text for each.

use ir::LineColumn;

pub struct Lines<'t> {
    text: &'t str,
    /// Offsets at which lines start; the first is 0.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Lines { text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The position of a byte; the end of the text for offsets past it.
    pub fn of(&self, offset: u32) -> LineColumn {
        let offset = self.text.floor_char_boundary(offset as usize);
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        LineColumn { line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_plain_count() {
        let text = "a\nçé|x\n\nlast";
        let lines = Lines::new(text);
        for offset in 0..text.len() as u32 + 3 {
            assert_eq!(lines.of(offset), LineColumn::of(offset, text), "{offset}");
        }
    }
}
