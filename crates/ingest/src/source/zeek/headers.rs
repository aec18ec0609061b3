//! Which header holds where, in a log that several workers read in pieces.
//!
//! Logs that were put together from several have a header wherever one began, and a piece says nothing of the headers
//! before it. So each piece is looked through for header lines before it is decoded, and a piece is decoded only once
//! all before it have been looked through. Pieces are handed out in order, so nobody waits for work that nobody has; if
//! a piece is missing all the same (it could not be read), waiting ends for good after a moment.

use super::{
    header::{Column, Header},
    value::escaped,
};
use memchr::memmem;
use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long to wait for a piece that does not come.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many bytes of headers are kept. A log of more changes than that is no log; its later rows are read by the last one
/// kept.
const KEPT: usize = 64 << 20;

pub struct Headers {
    state: Mutex<State>,
    seen: Condvar,
}

struct State {
    /// Each header by the place where its last line ends.
    headers: BTreeMap<u64, Arc<Header>>,
    /// Each of their lines, likewise: a piece may begin within a header.
    lines: BTreeMap<u64, String>,
    /// How many bytes that are.
    kept: usize,
    /// All before this place was looked through.
    complete: u64,
    /// Pieces beyond it that were, from where to where.
    beyond: BTreeMap<u64, (u64, Vec<(u64, String)>)>,
    /// A piece is missing.
    broken: bool,
}

impl Headers {
    /// `first` holds from the beginning of the log.
    pub fn new(first: Header) -> Self {
        let headers = BTreeMap::from([(0, Arc::new(first))]);
        let state =
            State { headers, lines: BTreeMap::new(), kept: 0, complete: 0, beyond: BTreeMap::new(), broken: false };
        Headers { state: Mutex::new(state), seen: Condvar::new() }
    }

    /// The header that holds at the beginning of a piece.
    pub fn before(&self, piece: &[u8], offset: u64) -> Arc<Header> {
        let end = offset + piece.len() as u64;
        let mut state = self.lock();
        if end > state.complete {
            drop(state);
            let lines = header_lines(piece, offset);
            state = self.lock();
            state.beyond.insert(offset, (end, lines));
            state.advance();
            self.seen.notify_all();
        }
        while state.complete < offset && !state.broken {
            let (next, timeout) = self.seen.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = next;
            if timeout.timed_out() && state.complete < offset {
                state.broken = true;
                state.advance();
            }
        }
        state.at(offset)
    }

    /// Whether there are header lines between two places up to which all was looked through.
    pub fn has_lines(&self, from: u64, to: u64) -> bool {
        let state = self.lock();
        // The last line may lack its end.
        state.kept > KEPT || state.lines.range((Bound::Excluded(from), Bound::Included(to + 1))).next().is_some()
    }

    /// A poisoned lock guards a map whose every change is one step.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes in the pieces that join what is complete; all of them if one is missing.
    fn advance(&mut self) {
        while let Some(first) = self.beyond.first_entry() {
            if *first.key() > self.complete && !self.broken {
                break;
            }
            let (end, lines) = first.remove();
            if end > self.complete {
                self.complete = end;
                self.take_in(lines);
            }
        }
    }

    /// The header that holds behind a place.
    fn at(&self, offset: u64) -> Arc<Header> {
        let Some((at, header)) = self.headers.range(..=offset).next_back() else { return Arc::default() };
        let mut lines = self.lines.range((Bound::Excluded(*at), Bound::Included(offset))).peekable();
        if lines.peek().is_none() {
            return header.clone();
        }
        let mut header = Header::clone(header);
        lines.for_each(|(_, line)| header.line(line));
        Arc::new(header)
    }

    fn take_in(&mut self, lines: Vec<(u64, String)>) {
        let mut lines = lines.into_iter().peekable();
        while let Some((end, line)) = lines.next() {
            let length = line.len() + 1;
            self.kept += length;
            if self.kept > KEPT {
                return;
            }
            self.lines.insert(end, line);
            // Lines that follow each other are one header.
            if lines.peek().is_some_and(|(next, line)| end + line.len() as u64 + 2 >= *next) {
                continue;
            }
            let header = self.at(end);
            let last = self.headers.last_key_value().map(|(_, last)| last.clone()).unwrap_or_default();
            let changed = *header != *last;
            if changed {
                self.kept += header.columns.iter().map(|column| column.name.len() + size_of::<Column>()).sum::<usize>();
            }
            self.headers.insert(end, if changed { header } else { last });
        }
    }
}

/// The lines of a piece that tell how to read what follows, each with the place where it ends.
fn header_lines(piece: &[u8], offset: u64) -> Vec<(u64, String)> {
    let starts = piece.starts_with(b"#").then_some(0).into_iter();
    starts
        .chain(memmem::find_iter(piece, b"\n#").map(|at| at + 1))
        .filter_map(|begin| {
            let rest = piece.get(begin..)?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length)?;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            Header::concerns(line).then(|| (offset + (begin + length + 1) as u64, escaped(line).into_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_before_a_piece_holds_whatever_the_order_of_pieces() {
        let pieces = ["#path\ta\n1\n", "2\n3\n", "#path\tb\n4\n", "5\n"];
        let offsets = [0, 10, 14, 24];
        for order in [[0, 1, 2, 3], [1, 0, 3, 2]] {
            let headers = Headers::new(Header { path: "first".to_owned(), ..Header::default() });
            let paths = std::thread::scope(|scope| {
                let handles = order.map(|at| {
                    let headers = &headers;
                    scope.spawn(move || (at, headers.before(pieces[at].as_bytes(), offsets[at]).path.clone()))
                });
                let mut paths = handles.map(|handle| handle.join().unwrap_or_default());
                paths.sort();
                paths.map(|(_, path)| path)
            });
            assert_eq!(paths, ["first", "a", "a", "b"]);
        }
    }
}
