//! Elasticsearch bulk lines: an action, then the document it is about (Elasticsearch, "Bulk API").
//!
//! `index` and `create` are followed by a document and may say where it goes; `delete` stands alone; what follows
//! `update` is a change and not an event. Actions and documents belong together, so the lines are read in order by one
//! decoder.

use super::{
    rows::{Envelope, Rows},
    shape,
};
use crate::{Chunk, Decoder, EventBatch, Tally, scan::MAX_LINE};
use schema::StreamSelection;
use serde_json::Value;
use std::borrow::Cow;

pub struct BulkDecoder {
    /// The beginning of a line whose end is not read yet.
    carry: Vec<u8>,
    /// Where `carry` begins in the input.
    offset: u64,
    /// Within a line that is too long.
    skipping: bool,
    lines: Lines,
}

struct Lines {
    rows: Rows,
    /// The action whose document comes next.
    action: Option<Action>,
    records: u64,
}

#[derive(Debug, Default)]
struct Action {
    index: Option<String>,
    id: Option<String>,
    update: bool,
}

impl BulkDecoder {
    pub fn new(rows: Rows) -> Self {
        let lines = Lines { rows, action: None, records: 0 };
        BulkDecoder { carry: Vec::new(), offset: 0, skipping: false, lines }
    }
}

impl Decoder for BulkDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let (mut rest, mut offset) = (&chunk.bytes[..], chunk.offset);
        while let Some(end) = memchr::memchr(b'\n', rest) {
            if self.carry.is_empty() && !self.skipping {
                self.lines.line(&rest[..end], offset, batch, tally);
            } else {
                self.keep(&rest[..end]);
                self.end_line(batch, tally);
            }
            (rest, offset) = (&rest[end + 1..], offset + end as u64 + 1);
        }
        if self.carry.is_empty() && !self.skipping {
            self.offset = offset;
        }
        self.keep(rest);
    }

    fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        if !self.carry.is_empty() || self.skipping {
            self.end_line(batch, tally);
        }
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        self.lines.rows.select(streams);
        true
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.lines.records)
    }
}

impl BulkDecoder {
    fn keep(&mut self, bytes: &[u8]) {
        if !self.skipping {
            self.carry.extend_from_slice(bytes);
            self.skipping = self.carry.len() > MAX_LINE;
            if self.skipping {
                self.carry.truncate(256);
                self.carry.shrink_to_fit();
            }
        }
    }

    fn end_line(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        let line = std::mem::take(&mut self.carry);
        if std::mem::take(&mut self.skipping) {
            self.lines.records += 1;
            self.lines.action = None;
            tally.unreadable(self.lines.records, format!("line is longer than {} MiB", MAX_LINE >> 20), &line);
        } else {
            self.lines.line(&line, self.offset, batch, tally);
        }
    }
}

impl Lines {
    fn line(&mut self, line: &[u8], offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        self.records += 1;
        if line.trim_ascii().is_empty() {
            return;
        }
        let Some(action) = self.action.take() else {
            match serde_json::from_slice::<Value>(line).ok().as_ref().and_then(shape::action) {
                Some(("delete", _)) => {}
                Some((name, body)) => self.action = Some(Action::new(name, body)),
                // A document without an action is still a document.
                None => self.document(line, &Action::default(), offset, batch, tally),
            }
            return;
        };
        if action.update {
            tally.unreadable(self.records, "the change of an update action, not a document", line);
        } else {
            self.document(line, &action, offset, batch, tally);
        }
    }

    fn document(&mut self, line: &[u8], action: &Action, offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        let text = String::from_utf8_lossy(line);
        match self.rows.scan_line(&text) {
            Ok(()) => {
                batch.at_offset(offset);
                let envelope = Envelope { index: action.index.as_deref(), id: action.id.as_deref() };
                self.rows.add(&text, envelope, batch, tally);
                tally.lossy += u64::from(matches!(text, Cow::Owned(_)));
            }
            Err(malformed) => tally.unreadable(self.records, malformed.to_string(), line),
        }
    }
}

impl Action {
    fn new(name: &str, body: &Value) -> Self {
        let text = |key: &str| body[key].as_str().map(str::to_owned);
        Action { index: text("_index"), id: text("_id"), update: name == "update" }
    }
}
