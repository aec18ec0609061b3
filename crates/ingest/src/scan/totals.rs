//! The sums over the pieces of an input that several workers decode in no order.
//!
//! A decoder numbers records from the beginning of its piece. Which line of the file that was is known once all pieces
//! before it are done, so the number of records of each piece is kept until the totals are asked for.

use crate::{Tally, Unreadable};

/// How many examples are kept; the earliest win.
const EXAMPLES: usize = 10;

#[derive(Default)]
pub struct Totals {
    tally: Tally,
    /// Records in each piece.
    records: Vec<u64>,
    /// Examples with the piece they are of, in the order of the input.
    examples: Vec<(usize, Unreadable)>,
}

impl Totals {
    /// Adds what a piece holds, or more of it.
    pub fn add(&mut self, piece: u64, tally: Tally, records: u64) {
        let before = self.records.get(piece as usize).copied().unwrap_or(0);
        self.add_behind(before, piece, tally, records);
    }

    /// Adds what a share of a piece holds: shares number the same records, and only one counts them.
    pub fn add_share(&mut self, piece: u64, tally: Tally, records: u64) {
        self.add_behind(0, piece, tally, records);
    }

    fn add_behind(&mut self, before: u64, piece: u64, mut tally: Tally, records: u64) {
        let piece = piece as usize;
        if self.records.len() <= piece {
            self.records.resize(piece + 1, 0);
        }
        self.records[piece] += records;
        for example in tally.examples.drain(..) {
            self.examples.push((piece, Unreadable { record: example.record + before, ..example }));
        }
        if self.examples.len() > EXAMPLES {
            self.examples.sort_by_key(|(piece, example)| (*piece, example.record));
            self.examples.truncate(EXAMPLES);
        }
        self.tally.merge(tally, 0);
    }

    pub fn tally(&self) -> Tally {
        let mut tally = self.tally.clone();
        tally.examples = self
            .examples
            .iter()
            .map(|(piece, example)| {
                let before: u64 = self.records[..*piece].iter().sum();
                Unreadable { record: before + example.record, ..example.clone() }
            })
            .collect();
        tally.examples.sort_by_key(|example| example.record);
        tally
    }
}
