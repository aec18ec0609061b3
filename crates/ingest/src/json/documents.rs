//! Documents that are not one a line: spread over lines, in arrays, in search responses.

use super::{
    rows::{Envelope, Rows},
    splitter::{Part, Problem, Splitter},
};
use crate::{Chunk, Decoder, EventBatch, Tally, scan::MAX_LINE};
use schema::StreamSelection;
use std::borrow::Cow;

/// Decodes documents wherever they begin and end. Records are counted in documents.
pub struct DocumentDecoder {
    splitter: Splitter,
    documents: Documents,
}

struct Documents {
    rows: Rows,
    records: u64,
}

impl DocumentDecoder {
    pub fn new(rows: Rows, search: bool) -> Self {
        DocumentDecoder { splitter: Splitter::new(search), documents: Documents { rows, records: 0 } }
    }
}

impl Decoder for DocumentDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let documents = &mut self.documents;
        self.splitter.split(&chunk.bytes, &mut |part| documents.part(part, batch, tally));
    }

    fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        let documents = &mut self.documents;
        self.splitter.finish(&mut |part| documents.part(part, batch, tally));
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        self.documents.rows.select(streams);
        true
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.documents.records)
    }
}

impl Documents {
    fn part(&mut self, part: Part<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        self.records += 1;
        let text = String::from_utf8_lossy(part.bytes);
        let problem = match part.problem {
            None => match self.rows.scan(&text, 0) {
                Ok(_) => {
                    batch.at_offset(part.offset);
                    self.rows.add(&text, Envelope::default(), batch, tally);
                    tally.lossy += u64::from(matches!(text, Cow::Owned(_)));
                    return;
                }
                Err(malformed) => malformed.to_string(),
            },
            Some(Problem::TooLong) => format!("document is longer than {} MiB", MAX_LINE >> 20),
            Some(Problem::Ended) => "the input ends in the middle of the document".to_owned(),
            Some(Problem::Other) => "not a JSON object".to_owned(),
        };
        tally.unreadable(self.records, problem, part.bytes);
    }
}
