//! Where in a file the bytes of a query stand.
//!
//! A query inside a vendor's file is often escaped, so one shift is not enough: the map is a list of runs, and each
//! run of the query's bytes stands unbroken in the file. Spans are mapped as they are made, which leaves no second
//! pass over the tree to forget.

use ir::Span;

/// The map from offsets in a query to offsets in the file it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Offset in the query where a run starts, and the offset in the file it starts at; sorted by the first.
    runs: Vec<(usize, usize)>,
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
        Origin { runs: vec![(0, by)] }
    }

    /// Starts a new run: from `query_offset` on, the query's bytes stand at `file_offset` and after it.
    pub fn add_run(&mut self, query_offset: usize, file_offset: usize) {
        match self.runs.last_mut() {
            Some(last) if last.0 == query_offset => last.1 = file_offset,
            Some(last) if file_offset.checked_sub(query_offset - last.0) == Some(last.1) => {}
            _ => self.runs.push((query_offset, file_offset)),
        }
    }

    fn offset(&self, in_query: usize) -> usize {
        let run = self.runs.partition_point(|&(start, _)| start <= in_query).saturating_sub(1);
        self.runs.get(run).map_or(in_query, |&(start, file)| file + in_query.saturating_sub(start))
    }

    /// The span in the file of those bytes of the query.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = self.offset(start);
        // The end is mapped by the last byte, so that a span does not swallow the escape that follows it.
        let last = if end > start { self.offset(end - 1) + 1 } else { first };
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
    fn runs_that_continue_each_other_are_one() {
        let mut origin = Origin::shifted(4);
        origin.add_run(3, 7);
        assert_eq!(origin, Origin::shifted(4));
    }
}
