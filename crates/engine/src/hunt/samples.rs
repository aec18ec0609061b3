//! Which events stand for a group: the first few by time, remembered by their ids while the rule is aggregated and read
//! again once it has fired.

use crate::aggregates::reducer::Reducer;
use arrow::{
    array::{Array, ArrayRef, AsArray, StringViewArray, TimestampMillisecondArray},
    buffer::OffsetBuffer,
    datatypes::TimestampMillisecondType,
};
use datafusion::common::Result;
use ingest::physical;
use schema::Type;
use std::sync::Arc;

/// How many events stand for a group.
pub const KEPT: usize = 5;

/// An aggregate of an event's id and its time: the ids of the first events.
pub struct FirstEvents;

/// Time, in milliseconds since the epoch, and id, earliest first.
pub type Ids = Vec<(i64, String)>;

impl Reducer for FirstEvents {
    type Group = Ids;
    type Prepared = (StringViewArray, TimestampMillisecondArray);

    fn prepare(&self, args: &[ArrayRef]) -> Result<Self::Prepared> {
        Ok((args[0].as_string_view().clone(), args[1].as_primitive::<TimestampMillisecondType>().clone()))
    }

    fn add(&self, group: &mut Ids, (ids, times): &Self::Prepared, row: usize) {
        // An event without a time comes after all others.
        let time = if times.is_valid(row) { times.value(row) } else { i64::MAX };
        if group.len() == KEPT && group.last().is_some_and(|(last, _)| *last <= time) {
            return;
        }
        insert(group, time, ids.value(row).to_string());
    }

    fn merge(&self, group: &mut Ids, other: Ids) {
        other.into_iter().for_each(|(time, id)| insert(group, time, id));
    }

    fn save(&self, group: &Ids, out: &mut Vec<u8>) {
        for (time, id) in group {
            out.extend_from_slice(&time.to_le_bytes());
            out.extend_from_slice(&(id.len() as u32).to_le_bytes());
            out.extend_from_slice(id.as_bytes());
        }
    }

    fn load(&self, mut bytes: &[u8]) -> Option<Ids> {
        let mut ids = Ids::new();
        while !bytes.is_empty() {
            let (time, rest) = bytes.split_first_chunk::<8>()?;
            let (length, rest) = rest.split_first_chunk::<4>()?;
            let (id, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            ids.push((i64::from_le_bytes(*time), String::from_utf8(id.to_vec()).ok()?));
            bytes = rest;
        }
        Some(ids)
    }

    fn finish(&self, groups: Vec<Ids>) -> Result<ArrayRef> {
        let lengths = OffsetBuffer::from_lengths(groups.iter().map(Vec::len));
        let ids: StringViewArray = groups.iter().flatten().map(|(_, id)| Some(id)).collect();
        Ok(Arc::new(arrow::array::ListArray::try_new(physical::element(Type::Keyword), lengths, Arc::new(ids), None)?))
    }

    fn size(&self, group: &Ids) -> usize {
        group.capacity() * size_of::<(i64, String)>() + group.iter().map(|(_, id)| id.capacity()).sum::<usize>()
    }
}

/// Keeps the ids in order of time and then of id, so that the same events give the same samples in every partitioning.
pub fn insert(ids: &mut Ids, time: i64, id: String) {
    let entry = (time, id);
    if let Err(at) = ids.binary_search(&entry) {
        ids.insert(at, entry);
        ids.truncate(KEPT);
    }
}
