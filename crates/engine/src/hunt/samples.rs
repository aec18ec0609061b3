//! The events behind a group, as one aggregate of their ids and times: how many, from when to when, and the first few by
//! id, which are read again once the rule has fired.
//!
//! It is an aggregate of its own rather than a `COUNT`, a `MIN` and a `MAX`, which the optimizer would merge with those of the rule.

use crate::aggregates::reducer::Reducer;
use arrow::{
    array::{Array, ArrayRef, AsArray, Int64Array, StringViewArray, TimestampMillisecondArray},
    datatypes::TimestampMillisecondType,
};
use datafusion::common::Result;
use std::sync::Arc;

/// How many events stand for a group.
const KEPT: usize = 5;

/// The aggregate; its result is the number of events.
pub struct EventsBehind;

#[derive(Debug, Default)]
pub struct Behind {
    pub events: u64,
    /// The first and last time, in milliseconds since the epoch.
    pub span: Option<(i64, i64)>,
    /// Time and id of the first events, earliest first; an event without a time comes last.
    pub ids: Vec<(i64, String)>,
}

impl Behind {
    pub fn add(&mut self, time: Option<i64>, id: Option<&str>) {
        self.events += 1;
        if let Some(time) = time {
            self.widen((time, time));
        }
        if let Some(id) = id {
            self.keep(time.unwrap_or(i64::MAX), id);
        }
    }

    pub fn merge(&mut self, other: Behind) {
        self.events += other.events;
        if let Some(span) = other.span {
            self.widen(span);
        }
        other.ids.iter().for_each(|(time, id)| self.keep(*time, id));
    }

    fn widen(&mut self, (first, last): (i64, i64)) {
        self.span = Some(self.span.map_or((first, last), |span| (span.0.min(first), span.1.max(last))));
    }

    /// In order of time and then of id, so that the same events give the same samples in every partitioning.
    fn keep(&mut self, time: i64, id: &str) {
        let late = |(last, last_id): &(i64, String)| (*last, last_id.as_str()) <= (time, id);
        if self.ids.len() == KEPT && self.ids.last().is_some_and(late) {
            return;
        }
        if let Err(at) = self.ids.binary_search_by(|(kept, kept_id)| (*kept, kept_id.as_str()).cmp(&(time, id))) {
            self.ids.insert(at, (time, id.to_string()));
            self.ids.truncate(KEPT);
        }
    }
}

impl Reducer for EventsBehind {
    type Group = Behind;
    type Prepared = (StringViewArray, TimestampMillisecondArray);

    fn prepare(&self, args: &[ArrayRef]) -> Result<Self::Prepared> {
        Ok((args[0].as_string_view().clone(), args[1].as_primitive::<TimestampMillisecondType>().clone()))
    }

    fn add(&self, group: &mut Behind, (ids, times): &Self::Prepared, row: usize) {
        group.add(times.is_valid(row).then(|| times.value(row)), Some(ids.value(row)));
    }

    fn merge(&self, group: &mut Behind, other: Behind) {
        group.merge(other);
    }

    fn save(&self, group: &Behind, out: &mut Vec<u8>) {
        // No span is one that ends before it begins.
        let (first, last) = group.span.unwrap_or((1, 0));
        out.extend_from_slice(&group.events.to_le_bytes());
        out.extend_from_slice(&first.to_le_bytes());
        out.extend_from_slice(&last.to_le_bytes());
        for (time, id) in &group.ids {
            out.extend_from_slice(&time.to_le_bytes());
            out.extend_from_slice(&(id.len() as u64).to_le_bytes());
            out.extend_from_slice(id.as_bytes());
        }
    }

    fn load(&self, bytes: &[u8]) -> Option<Behind> {
        let mut behind = Behind::default();
        self.absorb(&mut behind, bytes).then_some(behind)
    }

    fn absorb(&self, group: &mut Behind, bytes: &[u8]) -> bool {
        Bytes(bytes).read_into(group).is_some()
    }

    fn finish(&self, groups: Vec<Behind>) -> Result<ArrayRef> {
        Ok(Arc::new(groups.iter().map(|group| group.events as i64).collect::<Int64Array>()))
    }

    fn size(&self, group: &Behind) -> usize {
        group.ids.iter().map(|(_, id)| size_of::<(i64, String)>() + id.capacity()).sum()
    }
}

struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    /// Adds the saved state; `None` if the bytes are not one.
    fn read_into(mut self, behind: &mut Behind) -> Option<()> {
        behind.events += self.number()? as u64;
        let (first, last) = (self.number()?, self.number()?);
        if first <= last {
            behind.widen((first, last));
        }
        while !self.0.is_empty() {
            let (time, length) = (self.number()?, usize::try_from(self.number()?).ok()?);
            let (id, rest) = self.0.split_at_checked(length)?;
            behind.keep(time, std::str::from_utf8(id).ok()?);
            self.0 = rest;
        }
        Some(())
    }

    fn number(&mut self) -> Option<i64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i64::from_le_bytes(*number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_state_is_read_back_and_damage_is_noticed() {
        let mut behind = Behind::default();
        for (time, id) in [(Some(30), "0:3"), (None, "0:9"), (Some(10), "0:1")] {
            behind.add(time, Some(id));
        }
        let mut bytes = Vec::new();
        EventsBehind.save(&behind, &mut bytes);
        let read = EventsBehind.load(&bytes);
        assert_eq!(read.as_ref().map(|read| (read.events, read.span)), Some((3, Some((10, 30)))));
        let ids = [(10, "0:1"), (30, "0:3"), (i64::MAX, "0:9")].map(|(time, id)| (time, id.to_string()));
        assert_eq!(read.map(|read| read.ids), Some(ids.to_vec()));
        assert!(EventsBehind.load(&bytes[..bytes.len() - 1]).is_none());
    }
}
