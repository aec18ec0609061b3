//! The first few of any number of entries, by their order.

use super::cell::{append, split};
use std::cmp::Ordering;

/// A key, and the value that stands for it where that is another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: Box<[u8]>,
    value: Option<Box<[u8]>>,
}

/// Which entries are kept.
#[derive(Clone, Copy)]
pub struct Order {
    pub limit: usize,
    pub descending: bool,
}

impl Order {
    fn compare(self, a: (&[u8], Option<&[u8]>), b: (&[u8], Option<&[u8]>)) -> Ordering {
        if self.descending { b.cmp(&a) } else { a.cmp(&b) }
    }
}

/// The first entries seen so far, and some more until it pays to drop them.
#[derive(Default)]
pub struct Best {
    entries: Vec<Entry>,
    /// The last entry that is surely kept, once there are enough: what does not come before it is out.
    bar: Option<Entry>,
    bytes: usize,
}

/// Entries beyond twice the limit are dropped, but not before there are so many.
const SLACK: usize = 64;

impl Entry {
    fn parts(&self) -> (&[u8], Option<&[u8]>) {
        (&self.key, self.value.as_deref())
    }

    fn bytes(&self) -> usize {
        self.key.len() + self.value.as_ref().map_or(0, |value| value.len())
    }
}

impl Best {
    pub fn add(&mut self, order: Order, key: &[u8], value: Option<&[u8]>) {
        if self.bar.as_ref().is_some_and(|bar| order.compare((key, value), bar.parts()).is_ge()) {
            return;
        }
        let entry = Entry { key: key.into(), value: value.map(Box::from) };
        self.bytes += entry.bytes();
        self.entries.push(entry);
        if self.entries.len() >= order.limit.saturating_mul(2).max(SLACK) {
            self.prune(order);
        }
    }

    pub fn merge(&mut self, order: Order, other: Best) {
        for entry in other.entries {
            self.add(order, &entry.key, entry.value.as_deref());
        }
    }

    fn prune(&mut self, order: Order) {
        let Some(last) = order.limit.checked_sub(1).filter(|last| *last < self.entries.len()) else { return };
        self.entries.select_nth_unstable_by(last, |a, b| order.compare(a.parts(), b.parts()));
        self.entries.truncate(order.limit);
        self.bar = self.entries.last().cloned();
        self.bytes = self.entries.iter().map(Entry::bytes).sum();
    }

    /// The values of the kept entries in order.
    pub fn sorted(&mut self, order: Order) -> Vec<&[u8]> {
        self.entries.sort_unstable_by(|a, b| order.compare(a.parts(), b.parts()));
        self.entries.truncate(order.limit);
        self.entries.iter().map(|entry| entry.value.as_ref().unwrap_or(&entry.key).as_ref()).collect()
    }

    /// Heap bytes.
    pub fn size(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.bytes
    }

    pub fn save(&self, out: &mut Vec<u8>) {
        for entry in &self.entries {
            out.push(entry.value.is_some().into());
            append(out, &entry.key);
            if let Some(value) = &entry.value {
                append(out, value);
            }
        }
    }

    /// Reads what [`Best::save`] wrote; `accepts` says which values, standing for their keys or not, there may be.
    pub fn load(order: Order, mut bytes: &[u8], accepts: impl Fn(&[u8]) -> bool) -> Option<Self> {
        let mut best = Best::default();
        while let Some((&valued, rest)) = bytes.split_first() {
            bytes = rest;
            let key = split(&mut bytes)?;
            let value = if valued == 1 { Some(split(&mut bytes)?) } else { None };
            if valued > 1 || !accepts(value.unwrap_or(key)) {
                return None;
            }
            best.add(order, key, value);
        }
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_entries_leaves_the_first() {
        for (descending, expected) in [(false, [0_u32, 0, 1]), (true, [999, 999, 998])] {
            let order = Order { limit: 3, descending };
            let mut best = Best::default();
            for value in (0..2_000_u32).map(|at| at * 7 % 1_000) {
                best.add(order, &value.to_be_bytes(), None);
            }
            assert_eq!(
                best.sorted(order),
                expected.map(u32::to_be_bytes).iter().map(|key| &key[..]).collect::<Vec<_>>()
            );
        }
    }
}
