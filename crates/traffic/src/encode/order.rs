//! Puts records into the order of their own times, where one event makes records of different times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Records that wait for their time. Holds only what lies between the newest event and the records it leads to.
#[derive(Default)]
pub struct Order {
    waiting: BinaryHeap<Reverse<(i64, u64, Vec<u8>)>>,
    spare: Vec<Vec<u8>>,
    added: u64,
}

impl Order {
    /// Adds a record that is due at `time`, written by `write`. Records of one time keep their order.
    pub fn add(&mut self, time: i64, write: impl FnOnce(&mut Vec<u8>)) {
        let mut record = self.spare.pop().unwrap_or_default();
        write(&mut record);
        self.added += 1;
        self.waiting.push(Reverse((time, self.added, record)));
    }

    /// Appends the records due before `now` to `out`. Later records must not be due before it.
    pub fn release(&mut self, now: i64, out: &mut Vec<u8>) {
        while let Some(Reverse((time, _, _))) = self.waiting.peek()
            && *time < now
            && let Some(Reverse((_, _, mut record))) = self.waiting.pop()
        {
            out.extend_from_slice(&record);
            record.clear();
            self.spare.push(record);
        }
    }

    /// Appends all that is left.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.release(i64::MAX, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_out_by_time() {
        let mut order = Order::default();
        let mut out = Vec::new();
        for (time, text) in [(10, "a"), (30, "d"), (20, "b"), (20, "c")] {
            order.add(time, |record| record.extend_from_slice(text.as_bytes()));
        }
        order.release(20, &mut out);
        assert_eq!(out, b"a");
        order.finish(&mut out);
        assert_eq!(out, b"abcd");
    }
}
