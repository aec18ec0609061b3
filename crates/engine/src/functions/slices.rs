//! Parts of strings without copying them: columns whose values point into the buffers of another column.

use arrow::{
    array::{Array, ByteView, StringViewArray, make_view},
    buffer::{Buffer, NullBuffer, ScalarBuffer},
};
use std::{ops::Range, sync::Arc};

/// Longest value that lies in the view itself.
const INLINE: usize = 12;

/// A string column under construction whose values are parts of those of `source`.
pub struct Slices<'s> {
    source: &'s StringViewArray,
    views: Vec<u128>,
    valid: Vec<bool>,
    nulls: bool,
}

impl<'s> Slices<'s> {
    pub fn new(source: &'s StringViewArray) -> Self {
        let capacity = source.len();
        Slices { source, views: Vec::with_capacity(capacity), valid: Vec::with_capacity(capacity), nulls: false }
    }

    /// Appends the part of the source's value in `row` that `range` names; an empty value if it names none.
    pub fn push(&mut self, row: usize, range: Range<usize>) {
        let value = self.source.value(row);
        let (start, part) = match value.get(range.clone()) {
            Some(part) => (range.start, part),
            None => (0, ""),
        };
        let view = if part.len() <= INLINE {
            make_view(part.as_bytes(), 0, 0)
        } else {
            // A part longer than fits inline is of a value that lies in a buffer.
            let whole = ByteView::from(self.source.views()[row]);
            make_view(part.as_bytes(), whole.buffer_index, whole.offset + start as u32)
        };
        self.views.push(view);
        self.valid.push(true);
    }

    pub fn push_null(&mut self) {
        self.views.push(0);
        self.valid.push(false);
        self.nulls = true;
    }

    pub fn finish(self) -> StringViewArray {
        let nulls = self.nulls.then(|| NullBuffer::from(self.valid));
        let buffers: Arc<[Buffer]> = self.source.data_buffers().to_vec().into();
        // SAFETY: every view is zero (an empty inline string), or was made from a `str`: inline, or naming the place of
        // a subslice of one of the source's own values, which lies in `buffers` and is cut at character boundaries.
        unsafe { StringViewArray::new_unchecked(ScalarBuffer::from(self.views), buffers, nulls) }
    }
}

/// The part of each value that `part` returns.
pub fn slice(source: &StringViewArray, mut part: impl FnMut(&str) -> Range<usize>) -> StringViewArray {
    let mut slices = Slices::new(source);
    for row in 0..source.len() {
        if source.is_null(row) {
            slices.push_null();
        } else {
            slices.push(row, part(source.value(row)));
        }
    }
    slices.finish()
}

/// The byte offset of the code point of that number; the length of the text for numbers past its end.
pub fn offset(text: &str, code_point: usize) -> usize {
    if text.is_ascii() {
        return code_point.min(text.len());
    }
    text.char_indices().nth(code_point).map_or(text.len(), |(offset, _)| offset)
}

pub fn code_points(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// Where a one-based position, or one counted from the end, lies among so many code points: zero-based. Position 0 is
/// the first.
pub fn position(start: i32, count: usize) -> usize {
    let start = start as i64;
    let index = if start > 0 {
        start - 1
    } else if start < 0 {
        count as i64 + start
    } else {
        0
    };
    index.clamp(0, count as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_the_buffers() {
        let source = StringViewArray::from(vec![Some("short"), None, Some("a value too long to lie inline")]);
        let parts = slice(&source, |text| 2..text.len());
        assert_eq!(parts.iter().collect::<Vec<_>>(), [Some("ort"), None, Some("value too long to lie inline")]);
        assert_eq!(parts.data_buffers()[0].as_ptr(), source.data_buffers()[0].as_ptr());
        assert!(parts.to_data().validate_full().is_ok());
    }

    #[test]
    fn a_range_that_splits_a_character_is_empty() {
        let source = StringViewArray::from(vec!["é"]);
        assert_eq!(slice(&source, |_| 0..1).value(0), "");
    }

    #[test]
    fn positions_count_from_either_end() {
        let found = [1, 0, -1, 3, 4, -9, i32::MIN, i32::MAX].map(|start| position(start, 3));
        assert_eq!(found, [0, 0, 2, 2, 3, 0, 0, 3]);
        assert_eq!(offset("aéb", 2), 3);
        assert_eq!(offset("aéb", 9), 4);
    }
}
