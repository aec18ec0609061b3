//! One document a line.

use super::rows::{Envelope, Rows};
use crate::{Chunk, Decoder, EventBatch, Tally};
use schema::StreamSelection;
use std::borrow::Cow;

/// Decodes whole lines.
pub struct LineDecoder {
    rows: Rows,
    records: u64,
}

impl LineDecoder {
    pub fn new(rows: Rows) -> Self {
        LineDecoder { rows, records: 0 }
    }

    /// Decodes lines that are text. The scanner finds their ends on its way.
    fn text(&mut self, text: &str, offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        let mut at = 0;
        while at < text.len() {
            self.records += 1;
            at = match self.rows.scan(text, at).ok().and_then(|end| line_end(text.as_bytes(), end)) {
                Some(next) => {
                    batch.at_offset(offset + at as u64);
                    self.rows.add(text, Envelope::default(), batch, tally);
                    next
                }
                None => self.unreadable(text, at, tally),
            };
        }
    }

    /// Counts the line that begins at `from`, unless it is blank. Gives the place behind it.
    #[cold]
    fn unreadable(&mut self, text: &str, from: usize, tally: &mut Tally) -> usize {
        let rest = &text.as_bytes()[from..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = &text[from..from + length];
        if !line.trim_ascii().is_empty()
            && let Err(malformed) = self.rows.scan_line(line)
        {
            tally.unreadable(self.records, malformed.to_string(), line.as_bytes());
        }
        (from + length + 1).min(text.len())
    }

    /// Decodes lines of which some are not UTF-8.
    fn lossy(&mut self, bytes: &[u8], mut offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            let before = tally.events;
            self.text(&text, offset, batch, tally);
            if matches!(text, Cow::Owned(_)) {
                tally.lossy += tally.events - before;
            }
            offset += line.len() as u64;
        }
    }
}

impl Decoder for LineDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        match std::str::from_utf8(&chunk.bytes) {
            Ok(text) => self.text(text, chunk.offset, batch, tally),
            Err(_) => self.lossy(&chunk.bytes, chunk.offset, batch, tally),
        }
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        self.rows.select(streams);
        true
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

/// Behind the end of the line, if only white space stands between `at` and it.
fn line_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at) {
            Some(b'\n') => return Some(at + 1),
            Some(b' ' | b'\t' | b'\r') => at += 1,
            Some(_) => return None,
            None => return Some(at),
        }
    }
}
