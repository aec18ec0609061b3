//! Where in a file the bytes of a query stand.
//!
//! A query inside a vendor's file is often escaped, so one shift is not enough: the map is a list of runs, and each
//! run of the query's bytes stands unbroken in the file, or (where a macro was expanded) stands for one place of it. Spans
//! are mapped as they are made, which leaves no second pass over the tree to forget.

use ir::Span;
use std::ops::Range;

/// The map from offsets in a query to offsets in the file it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Offset in the query where a run starts, and where it stands in the file; sorted by the first.
    runs: Vec<(usize, Place)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The run's first byte stands at that byte of the file, the others after it.
    At(usize),
    /// Every byte of the run stands for this whole place.
    Within(Span),
}

impl Default for Origin {
    /// The query is the whole file.
    fn default() -> Self {
        Origin::shifted(0)
    }
}

impl Origin {
    /// The query stands unescaped at that byte of the file.
    pub fn shifted(by: usize) -> Self {
        Origin { runs: vec![(0, Place::At(by))] }
    }

    /// Starts a new run: from `query_offset` on, the query's bytes stand at `file_offset` and after it.
    pub fn add_run(&mut self, query_offset: usize, file_offset: usize) {
        match self.runs.last() {
            Some(&(start, Place::At(file)))
                if start != query_offset && file_offset.checked_sub(query_offset - start) == Some(file) => {}
            _ => self.add(query_offset, Place::At(file_offset)),
        }
    }

    /// Starts a new run: from `query_offset` on, every byte of the query stands for this place of the file.
    pub fn add_within(&mut self, query_offset: usize, place: Span) {
        if self.runs.last().is_none_or(|&(start, last)| start == query_offset || last != Place::Within(place)) {
            self.add(query_offset, Place::Within(place));
        }
    }

    fn add(&mut self, query_offset: usize, place: Place) {
        match self.runs.last_mut() {
            Some(last) if last.0 == query_offset => last.1 = place,
            _ => self.runs.push((query_offset, place)),
        }
    }

    /// From `query_offset` on, the query's bytes stand where those of another text stand that has them at `range`.
    pub fn add_part(&mut self, query_offset: usize, other: &Origin, range: Range<usize>) {
        for &(start, place) in other.runs.get(other.run(range.start)..).unwrap_or_default() {
            if start >= range.end {
                break;
            }
            let from = start.max(range.start);
            let here = query_offset + (from - range.start);
            match place {
                Place::At(file) => self.add_run(here, file + (from - start)),
                Place::Within(place) => self.add_within(here, place),
            }
        }
    }

    /// The run that holds that byte.
    fn run(&self, in_query: usize) -> usize {
        self.runs.partition_point(|&(start, _)| start <= in_query).saturating_sub(1)
    }

    /// The first and last byte of the place of one byte.
    fn place(&self, in_query: usize) -> (usize, usize) {
        match self.runs.get(self.run(in_query)) {
            Some(&(start, Place::At(file))) => {
                let at = file + in_query.saturating_sub(start);
                (at, at)
            }
            Some(&(_, Place::Within(place))) => (place.start as usize, (place.end as usize).saturating_sub(1)),
            None => (in_query, in_query),
        }
    }

    /// The span in the file of those bytes of the query.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = self.place(start).0;
        // The end is mapped by the last byte, so that a span does not swallow the escape that follows it.
        let last = if end > start { self.place(end - 1).1 + 1 } else { first };
        Span::new(first, last.max(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_after_an_escape_are_found_again() {
        // File: `ab\"cd` at 10; query: `ab"cd`.
        let mut origin = Origin::shifted(10);
        origin.add_run(2, 12);
        origin.add_run(3, 14);
        assert_eq!(origin.span(0, 2), Span::new(10, 12));
        assert_eq!(origin.span(3, 5), Span::new(14, 16));
        assert_eq!(origin.span(1, 4), Span::new(11, 15));
        assert_eq!(origin.span(5, 5), Span::new(16, 16));
    }

    #[test]
    fn expanded_text_stands_for_its_call() {
        // File: `x `m` y` at 10; query: `x abc y`.
        let mut origin = Origin::shifted(10);
        origin.add_within(2, Span::new(12, 15));
        origin.add_part(5, &Origin::shifted(10), 5..7);
        assert_eq!(origin.span(3, 4), Span::new(12, 15));
        assert_eq!(origin.span(0, 4), Span::new(10, 15));
        assert_eq!(origin.span(3, 7), Span::new(12, 17));
    }

    #[test]
    fn runs_that_continue_each_other_are_one() {
        let mut origin = Origin::shifted(4);
        origin.add_run(3, 7);
        assert_eq!(origin, Origin::shifted(4));
    }
}
