//! Putting IP fragments together.
//!
//! Where fragments overlap, the bytes that came first stay. What is still incomplete when its time is up, or when too
//! much is held, is given out as far as it is known from its beginning: the question of a DNS message stands there.

use super::ip::{Fragment, Ip};
use std::{collections::HashMap, net::IpAddr};

/// Bytes held for all packets together.
const MAX_HELD: usize = 8 << 20;
const MAX_PACKETS: usize = 4096;
/// The largest payload an IP packet can have.
const MAX_PAYLOAD: usize = 65_535;
/// Linux waits as long (`ipfrag_time`), in nanoseconds.
const TIMEOUT: i64 = 30_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    source: IpAddr,
    destination: IpAddr,
    id: u32,
    protocol: u8,
}

/// A payload put together, or the beginning of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    pub source: IpAddr,
    pub destination: IpAddr,
    pub protocol: u8,
    pub payload: Vec<u8>,
    /// Its length on the wire, as far as known.
    pub length: usize,
    /// The time of the fragment that completed it, or of the first one.
    pub time: i64,
}

#[derive(Debug, Default)]
struct Parts {
    bytes: Vec<u8>,
    /// What is known, as ranges in order.
    known: Vec<(usize, usize)>,
    total: Option<usize>,
    time: i64,
}

/// Packets of which some fragments have come.
#[derive(Debug, Default)]
pub struct Fragments {
    parts: HashMap<Key, Parts>,
    held: usize,
}

impl Fragments {
    /// Takes a fragment; gives out the payload that it completes.
    pub fn push(&mut self, time: i64, ip: &Ip<'_>, fragment: Fragment) -> Option<Whole> {
        let key = Key { source: ip.source, destination: ip.destination, id: fragment.id, protocol: ip.protocol };
        if fragment.offset + ip.payload.len() > MAX_PAYLOAD {
            return None;
        }
        let parts = self.parts.entry(key).or_insert_with(|| Parts { time, ..Parts::default() });
        let before = parts.bytes.len();
        parts.add(fragment.offset, ip.payload);
        self.held += parts.bytes.len() - before;
        if !fragment.more {
            parts.total = Some(fragment.offset + ip.length);
        }
        let complete = parts.total.is_some_and(|total| parts.known.first().is_some_and(|known| *known == (0, total)));
        if complete { self.take(key, Some(time)) } else { None }
    }

    /// The next packet to give up: one whose time is up at `now`, or any while too much is held.
    pub fn overdue(&mut self, now: i64) -> Option<Whole> {
        if self.parts.is_empty() {
            return None;
        }
        let full = self.held > MAX_HELD || self.parts.len() > MAX_PACKETS;
        let (key, time) = self.parts.iter().map(|(key, parts)| (*key, parts.time)).min_by_key(|(_, time)| *time)?;
        if full || now.saturating_sub(time) > TIMEOUT { self.take(key, None) } else { None }
    }

    /// Gives up what is left, one by one.
    pub fn rest(&mut self) -> Option<Whole> {
        let (key, _) = self.parts.iter().min_by_key(|(_, parts)| parts.time)?;
        self.take(*key, None)
    }

    fn take(&mut self, key: Key, time: Option<i64>) -> Option<Whole> {
        let mut parts = self.parts.remove(&key)?;
        self.held -= parts.bytes.len();
        let known = parts.known.first().map_or(0, |&(start, end)| if start == 0 { end } else { 0 });
        parts.bytes.truncate(known);
        let Key { source, destination, protocol, .. } = key;
        let length = parts.total.unwrap_or(known);
        Some(Whole { source, destination, protocol, payload: parts.bytes, length, time: time.unwrap_or(parts.time) })
    }
}

impl Parts {
    fn add(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        let mut at = offset;
        for &(start, stop) in &self.known {
            if at < start.min(end) {
                self.bytes[at..start.min(end)].copy_from_slice(&bytes[at - offset..start.min(end) - offset]);
            }
            at = at.max(stop);
        }
        if at < end {
            self.bytes[at..end].copy_from_slice(&bytes[at - offset..]);
        }
        self.know(offset, end);
    }

    /// Adds a range and joins those that touch.
    fn know(&mut self, start: usize, end: usize) {
        self.known.push((start, end));
        self.known.sort_unstable();
        let mut joined: Vec<(usize, usize)> = Vec::with_capacity(self.known.len());
        for &(start, end) in &self.known {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        self.known = joined;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushes fragments given as (offset, more, text).
    fn pushed(fragments: &mut Fragments, parts: &[(usize, bool, &str)]) -> Option<Whole> {
        let mut whole = None;
        for &(offset, more, text) in parts {
            let ip = Ip {
                source: IpAddr::from([10, 0, 0, 1]),
                destination: IpAddr::from([10, 0, 0, 2]),
                protocol: 17,
                payload: text.as_bytes(),
                length: text.len(),
                fragment: None,
            };
            whole = fragments.push(1, &ip, Fragment { id: 7, offset, more });
        }
        whole
    }

    #[test]
    fn fragments_in_any_order_make_the_packet() {
        for parts in [
            [(0, true, "abcdefgh"), (8, true, "ijklmnop"), (16, false, "qr")],
            [(16, false, "qr"), (0, true, "abcdefgh"), (8, true, "ijklmnop")],
            [(8, true, "ijklmnop"), (16, false, "qr"), (0, true, "abcdefgh")],
        ] {
            let mut fragments = Fragments::default();
            let whole = pushed(&mut fragments, &parts).unwrap();
            assert_eq!((&whole.payload[..], whole.length), (&b"abcdefghijklmnopqr"[..], 18));
            assert!(fragments.parts.is_empty() && fragments.held == 0);
        }
    }

    #[test]
    fn the_first_bytes_of_an_overlap_stay() {
        let mut fragments = Fragments::default();
        let parts = [(8, true, "IJKLMNOP"), (0, true, "abcdefghijklmnop"), (16, false, "qr")];
        assert_eq!(pushed(&mut fragments, &parts).unwrap().payload, b"abcdefghIJKLMNOPqr");
    }

    #[test]
    fn an_incomplete_packet_is_given_up_with_its_beginning() {
        let mut fragments = Fragments::default();
        assert_eq!(pushed(&mut fragments, &[(0, true, "abcdefgh"), (16, false, "qr")]), None);
        assert_eq!(fragments.overdue(TIMEOUT), None);
        let whole = fragments.overdue(2 + TIMEOUT).unwrap();
        assert_eq!((&whole.payload[..], whole.length), (&b"abcdefgh"[..], 18));
        assert_eq!(fragments.overdue(i64::MAX), None);
        assert_eq!(pushed(&mut fragments, &[(65_528, false, "too long a packet")]), None);
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut fragments = Fragments::default();
        for id in 0..100_000_u32 {
            let [_, a, b, c] = id.to_be_bytes();
            let address = IpAddr::from([10, a, b, c]);
            let text = [0; 1000];
            let ip = Ip {
                source: address,
                destination: address,
                protocol: 17,
                payload: &text,
                length: 1000,
                fragment: None,
            };
            fragments.push(i64::from(id), &ip, Fragment { id, offset: 60_000, more: true });
            while fragments.overdue(i64::from(id)).is_some() {}
            assert!(fragments.held <= MAX_HELD);
            if id > 300 {
                break;
            }
        }
        assert!(fragments.parts.len() < 200);
    }
}
