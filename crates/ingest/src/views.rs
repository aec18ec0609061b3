//! Columns of strings under construction.
//!
//! Values are copied, not pointed to: a chunk of a log is mostly text that nobody wants, and a few selected rows would
//! keep all of it in memory; the copies of a batch lie close together, and the chunk's memory is used again while it is
//! still in the cache.

use arrow::{
    array::{StringViewArray, make_view},
    buffer::{Buffer, NullBuffer, ScalarBuffer},
};

/// A block is closed past this length, well below the 2 GiB that a view can address.
const BLOCK: usize = 256 << 20;

#[derive(Debug, Default)]
pub struct Views {
    views: Vec<u128>,
    /// Rows without a value.
    nulls: Vec<usize>,
    block: Vec<u8>,
    blocks: Vec<Buffer>,
}

impl Views {
    pub fn len(&self) -> usize {
        self.views.len()
    }

    #[inline]
    pub fn append(&mut self, value: &str) {
        if value.len() > 12 {
            if self.block.len() + value.len() > BLOCK {
                self.blocks.push(Buffer::from_vec(std::mem::take(&mut self.block)));
            }
            self.views.push(make_view(value.as_bytes(), self.blocks.len() as u32, self.block.len() as u32));
            self.block.extend_from_slice(value.as_bytes());
        } else {
            self.views.push(make_view(value.as_bytes(), 0, 0));
        }
    }

    pub fn append_null(&mut self) {
        self.nulls.push(self.views.len());
        self.views.push(0);
    }

    pub fn finish(&mut self) -> StringViewArray {
        let (rows, length) = (self.views.len(), self.block.len());
        let views = std::mem::replace(&mut self.views, Vec::with_capacity(rows));
        let block = std::mem::replace(&mut self.block, Vec::with_capacity(length));
        let mut blocks = std::mem::take(&mut self.blocks);
        if !block.is_empty() {
            blocks.push(Buffer::from_vec(block));
        }
        let nulls = (!self.nulls.is_empty()).then(|| {
            let mut valid = arrow::array::BooleanBufferBuilder::new(rows);
            valid.append_n(rows, true);
            self.nulls.drain(..).for_each(|row| valid.set_bit(row, false));
            NullBuffer::new(valid.finish())
        });
        // SAFETY: each view was made of a `str`; a view longer than 12 bytes names the block that its bytes were
        // appended to next, at the place they were appended at, and blocks only grow until they are closed.
        unsafe { StringViewArray::new_unchecked(ScalarBuffer::from(views), blocks, nulls) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::Array;

    #[test]
    fn what_goes_in_comes_out() {
        let mut views = Views::default();
        for round in 0..3 {
            let values: Vec<Option<String>> =
                (0..500).map(|n| (n % 7 != 0).then(|| "ü".repeat((n * (round + 1)) % 40))).collect();
            for value in &values {
                match value {
                    Some(value) => views.append(value),
                    None => views.append_null(),
                }
            }
            let array = views.finish();
            array.to_data().validate_full().expect("a valid array");
            assert!(array.iter().eq(values.iter().map(Option::as_deref)));
        }
    }
}
