//! Byte order marks, and text in UTF-16.

use std::io::{self, Read};

pub const UTF8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

/// The byte order of UTF-16 text that says so. UTF-32 has the same first bytes, then zeros; it is left alone.
pub fn utf16_mark(head: &[u8]) -> Option<Order> {
    match head {
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some(Order::Little),
        [0xfe, 0xff, ..] => Some(Order::Big),
        _ => None,
    }
}

/// Reads UTF-16 as UTF-8. A surrogate without its other half, and half a unit at the end, become U+FFFD.
pub struct Utf16<R> {
    reader: R,
    order: Order,
    /// Input that is not a whole character yet.
    bytes: Vec<u8>,
    text: Vec<u8>,
    given: usize,
}

const STEP: usize = 64 * 1024;

impl<R: Read> Utf16<R> {
    /// The reader stands behind the mark.
    pub fn new(reader: R, order: Order) -> Self {
        Utf16 { reader, order, bytes: Vec::new(), text: Vec::new(), given: 0 }
    }

    /// Whether there is more text.
    fn refill(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.given = 0;
        let kept = self.bytes.len();
        self.bytes.resize(kept + STEP, 0);
        let read = self.reader.read(&mut self.bytes[kept..]);
        self.bytes.truncate(kept + read.as_ref().copied().unwrap_or(0));
        let end = read? == 0;
        let unit = |pair: [u8; 2]| match self.order {
            Order::Little => u16::from_le_bytes(pair),
            Order::Big => u16::from_be_bytes(pair),
        };
        let mut units: Vec<u16> = self.bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        let high = units.last().is_some_and(|last| (0xd800..0xdc00).contains(last));
        if high && !end {
            units.pop();
        }
        let used = if end { self.bytes.len() } else { units.len() * 2 };
        let half = end && self.bytes.len() % 2 == 1;
        self.bytes.drain(..used);
        let mut utf8 = [0; 4];
        for unit in char::decode_utf16(units) {
            let char = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.text.extend_from_slice(char.encode_utf8(&mut utf8).as_bytes());
        }
        if half {
            self.text.extend_from_slice(char::REPLACEMENT_CHARACTER.encode_utf8(&mut utf8).as_bytes());
        }
        Ok(!(end && self.text.is_empty()))
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let read = into.len().min(self.text.len() - self.given);
        into[..read].copy_from_slice(&self.text[self.given..self.given + read]);
        self.given += read;
        Ok(read)
    }
}

/// The first bytes of an input, for a message.
pub fn excerpt(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(16)];
    match std::str::from_utf8(shown) {
        Ok(text) => format!("{text:?}"),
        Err(_) => shown.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_becomes_utf8() -> io::Result<()> {
        let text = "naïve 🐦\n".repeat(20_000);
        for order in [Order::Little, Order::Big] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if order == Order::Little { unit.to_le_bytes() } else { unit.to_be_bytes() })
                .collect();
            let mut read = String::new();
            Utf16::new(&bytes[..], order).read_to_string(&mut read)?;
            assert_eq!(read, text);
            let mut cut = String::new();
            Utf16::new(&bytes[..bytes.len() - 1], order).read_to_string(&mut cut)?;
            assert!(cut.ends_with('\u{fffd}'));
        }
        Ok(())
    }
}
