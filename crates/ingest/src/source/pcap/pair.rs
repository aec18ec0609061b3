//! Pairing queries with their responses.
//!
//! As Packetbeat does it: client, server, ports, transport and id make the key; a query waits ten seconds of capture
//! time; a second query under the same key ends the wait of the first. Waiting queries are copied, since the bytes they
//! came in are gone when the response comes: most fit into the entry itself, so that nothing is allocated for them.

use super::emit::Seen;
use crate::wire::Message;
use foldhash::fast::RandomState;
use std::{collections::HashMap, net::IpAddr};

/// Packetbeat's `transaction_timeout`, in nanoseconds.
const TIMEOUT: i64 = 10_000_000_000;
/// Queries that may wait at once, and bytes of long ones.
const MAX_WAITING: usize = 1 << 17;
const MAX_HELD: usize = 16 << 20;
/// Queries up to this length need no memory of their own.
const SHORT: usize = 120;

/// What a query and its response have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub client: IpAddr,
    pub client_port: u16,
    /// None where the query went to a group of which any member may answer.
    pub server: Option<IpAddr>,
    pub server_port: u16,
    pub tcp: bool,
    pub id: u16,
}

/// A query as it was seen.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    pub time: i64,
    /// Where it went, also if that is not part of the key.
    pub server: IpAddr,
    /// What was kept of the message.
    pub bytes: &'a [u8],
    /// The message's length on the wire.
    pub length: usize,
    /// Where in the input its packet begins.
    pub offset: u64,
    /// Whether some of it was not kept.
    pub cut: bool,
}

/// A query that waits, or waited.
#[derive(Debug)]
pub struct Waiting {
    pub key: Key,
    pub time: i64,
    pub server: IpAddr,
    pub length: usize,
    pub offset: u64,
    cut: bool,
    bytes: Bytes,
    /// Neighbours in the order of arrival.
    before: Option<u32>,
    after: Option<u32>,
}

#[derive(Debug)]
enum Bytes {
    Short([u8; SHORT], u8),
    Long(Box<[u8]>),
}

impl Waiting {
    /// The query as it was seen.
    pub fn seen(&self) -> Option<Seen<'_>> {
        let message = Message::read(self.bytes()).ok()?;
        Some(Seen { time: self.time, message, length: self.length, cut: self.cut })
    }

    fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Short(bytes, length) => &bytes[..usize::from(*length)],
            Bytes::Long(bytes) => bytes,
        }
    }
}

/// All waiting queries.
#[derive(Debug, Default)]
pub struct Pairs {
    places: HashMap<Key, u32, RandomState>,
    entries: Vec<Option<Waiting>>,
    free: Vec<u32>,
    oldest: Option<u32>,
    newest: Option<u32>,
    held: usize,
}

impl Pairs {
    /// Lets a query wait; gives back one that waited under the same key.
    pub fn wait(&mut self, key: Key, query: &Query<'_>) -> Option<Waiting> {
        let earlier = self.take(&key);
        let waiting = Waiting {
            key,
            time: query.time,
            server: query.server,
            length: query.length,
            offset: query.offset,
            cut: query.cut,
            bytes: Bytes::new(query.bytes),
            before: self.newest,
            after: None,
        };
        self.held += waiting.held();
        let place = match self.free.pop() {
            Some(place) => place,
            None => {
                self.entries.push(None);
                (self.entries.len() - 1) as u32
            }
        };
        self.entries[place as usize] = Some(waiting);
        self.link(self.newest, |entry| entry.after = Some(place));
        self.newest = Some(place);
        self.oldest = self.oldest.or(Some(place));
        self.places.insert(key, place);
        earlier
    }

    /// The query that waits under a key.
    pub fn take(&mut self, key: &Key) -> Option<Waiting> {
        let place = self.places.remove(key)?;
        let waiting = self.entries.get_mut(place as usize)?.take()?;
        self.free.push(place);
        self.held -= waiting.held();
        let Waiting { before, after, .. } = waiting;
        self.link(before, |entry| entry.after = after);
        self.link(after, |entry| entry.before = before);
        if self.oldest == Some(place) {
            self.oldest = after;
        }
        if self.newest == Some(place) {
            self.newest = before;
        }
        Some(waiting)
    }

    /// The next query whose wait is over at `now`, or any while too many wait.
    pub fn overdue(&mut self, now: i64) -> Option<Waiting> {
        let oldest = self.entries.get(self.oldest? as usize)?.as_ref()?;
        let full = self.places.len() > MAX_WAITING || self.held > MAX_HELD;
        if !full && now.saturating_sub(oldest.time) <= TIMEOUT {
            return None;
        }
        let key = oldest.key;
        self.take(&key)
    }

    /// Gives out what still waits, oldest first.
    pub fn rest(&mut self) -> Option<Waiting> {
        let key = self.entries.get(self.oldest? as usize)?.as_ref()?.key;
        self.take(&key)
    }

    fn link(&mut self, place: Option<u32>, set: impl FnOnce(&mut Waiting)) {
        if let Some(entry) = place.and_then(|place| self.entries.get_mut(place as usize)?.as_mut()) {
            set(entry);
        }
    }
}

impl Waiting {
    fn held(&self) -> usize {
        match &self.bytes {
            Bytes::Short(..) => 0,
            Bytes::Long(bytes) => bytes.len(),
        }
    }
}

impl Bytes {
    fn new(bytes: &[u8]) -> Self {
        if bytes.len() > SHORT {
            return Bytes::Long(bytes.into());
        }
        let mut short = [0; SHORT];
        short[..bytes.len()].copy_from_slice(bytes);
        Bytes::Short(short, bytes.len() as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: u16) -> Key {
        let client = IpAddr::from([10, 0, 0, 1]);
        Key { client, client_port: 1025, server: Some(client), server_port: 53, tcp: false, id }
    }

    fn query(time: i64, bytes: &[u8]) -> Query<'_> {
        Query { time, server: IpAddr::from([10, 0, 0, 1]), bytes, length: bytes.len(), offset: 0, cut: false }
    }

    #[test]
    fn a_response_finds_its_query_once() {
        let mut pairs = Pairs::default();
        let long = vec![7; 1000];
        assert!(pairs.wait(key(1), &query(0, b"one")).is_none());
        assert!(pairs.wait(key(2), &query(0, &long)).is_none());
        assert_eq!(pairs.wait(key(1), &query(1, b"again")).unwrap().bytes(), b"one");
        assert_eq!(pairs.take(&key(2)).unwrap().bytes(), long);
        assert!(pairs.take(&key(2)).is_none());
        assert_eq!(pairs.take(&key(1)).unwrap().bytes(), b"again");
        assert_eq!((pairs.held, pairs.oldest, pairs.newest), (0, None, None));
    }

    #[test]
    fn queries_are_given_up_in_their_order() {
        let mut pairs = Pairs::default();
        for id in 0..6 {
            pairs.wait(key(id), &query(i64::from(id), b""));
        }
        pairs.take(&key(2));
        pairs.take(&key(0));
        pairs.take(&key(5));
        let mut times = Vec::new();
        while let Some(waiting) = pairs.overdue(TIMEOUT + 4) {
            times.push(waiting.time);
        }
        assert_eq!(times, [1, 3]);
        assert_eq!(pairs.rest().unwrap().time, 4);
        assert!(pairs.rest().is_none());
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut pairs = Pairs::default();
        let long = vec![7; 60_000];
        let mut given_up = 0;
        for id in 0..1000 {
            pairs.wait(key(id), &query(0, &long));
            while pairs.overdue(0).is_some() {
                given_up += 1;
            }
            assert!(pairs.held <= MAX_HELD);
        }
        assert_eq!(given_up, 1000 - MAX_HELD / 60_000);
    }
}
