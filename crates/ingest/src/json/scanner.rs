//! Finds the values of wanted paths in documents, fast where documents look alike.
//!
//! The documents of one source share their layout: the same keys in the same order with the same punctuation. So the
//! scanner remembers, for each place in a document's structure (a [`Stack`] behind a value), which bytes stood between
//! that value and the next and what they meant. Where the same bytes stand again, comparing them replaces parsing them.
//! Since the meaning of a gap depends on the stack and its bytes alone, a remembered outcome is the outcome that parsing
//! would have; where no remembered gap fits, the gap is parsed and learned. Values are always checked in full.
//!
//! Values that were the same in all documents of a sample are remembered as part of the gap around them, which turns a
//! run of constant members into one comparison. That is only a first guess at each place: if it fails, the gaps that it
//! was made of are tried.
//!
//! Rejected: a structural index of the whole text (simdjson's way) touches every byte several times and costs about
//! as much as the rest of decoding; look-ups by key (`get_many`) parse every key again in each document.

use super::{
    gap::{Around, Gap, Malformed, Reason, Shift, Stack},
    layout::{Layout, NO_PATH, Step},
    paths::{PathId, Paths},
    token::{self, Kind, Token},
};

/// A value of a wanted path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: PathId,
    pub kind: Kind,
    /// The number of its element in the outermost array around it; 0 outside of arrays.
    pub element: u32,
    /// Where it lies in the text; strings without quotes.
    pub start: u32,
    pub end: u32,
}

/// Scans documents for a set of paths. Keep one for each worker and input: it learns.
#[derive(Debug)]
pub struct Scanner {
    paths: Paths,
    /// Whether documents may go on over several lines.
    lines: bool,
    layout: Layout,
    /// The containers that are open, while the layout does not say so.
    stack: Stack,
    on_layout: bool,
}

impl Scanner {
    /// A scanner for documents on one line each.
    pub fn new<P: AsRef<str>>(paths: &[P]) -> Self {
        let (paths, layout) = (Paths::new(paths), Layout::default());
        Scanner { paths, lines: false, layout, stack: Stack::default(), on_layout: true }
    }

    /// A scanner for documents that may be spread over lines.
    pub fn over_lines<P: AsRef<str>>(paths: &[P]) -> Self {
        Scanner { lines: true, ..Self::new(paths) }
    }

    /// Reads the document that begins at `from`, behind white space, and puts the values of wanted paths into `found`,
    /// in the order of the text. Null is a value here. Gives the place behind the document.
    ///
    /// # Errors
    /// What stands there is not one complete JSON object; `found` is of no use then.
    pub fn document(&mut self, text: &str, from: usize, found: &mut Vec<Found>) -> Result<usize, Malformed> {
        found.clear();
        self.stack.clear();
        self.layout.novel = false;
        let bytes = text.as_bytes();
        let (mut at, mut state, mut element) = (from, self.layout.start(), 0);
        self.on_layout = state != Layout::NOWHERE;
        loop {
            let step = match self.layout.follow(state, bytes, at) {
                Some((step, constants)) => {
                    for constant in constants {
                        found.push(Found::new(constant.path, &constant.token.moved(at), element));
                    }
                    step
                }
                None => self.gap(state, text, at)?,
            };
            match step {
                Step::End(at) => {
                    self.layout.document();
                    return Ok(at);
                }
                Step::Value { token, path, shift, state: next } => {
                    shift.apply(&mut element);
                    if path != NO_PATH {
                        found.push(Found::new(path, &token, element));
                    }
                    (at, state) = (token.next, next);
                }
            }
        }
    }

    /// Whether the document read last may differ from all before it in its keys, their nesting or the kinds of values.
    pub fn is_novel(&self) -> bool {
        self.layout.novel
    }

    /// Reads a line that is a document and nothing else.
    ///
    /// # Errors
    /// As [`Scanner::document`], or something but white space follows.
    pub fn line(&mut self, line: &str, found: &mut Vec<Found>) -> Result<(), Malformed> {
        let end = self.document(line, 0, found)?;
        let around = Around { text: line, paths: &self.paths, lines: true };
        let behind = around.skip_space(end);
        if behind == line.len() { Ok(()) } else { Err(Malformed { at: behind, reason: Reason::Trailing }) }
    }

    /// Parses a gap and the value behind it, and learns the gap.
    #[inline(never)]
    fn gap(&mut self, state: u32, text: &str, at: usize) -> Result<Step, Malformed> {
        self.layout.novel = true;
        if self.on_layout {
            self.layout.stack(state, &mut self.stack);
        }
        let around = Around { text, paths: &self.paths, lines: self.lines };
        let gap = self.stack.gap(around, at)?;
        let bytes = text.as_bytes();
        match gap {
            Gap::End { at: end } => {
                if self.on_layout {
                    self.layout.learn_end(state, &bytes[at..end]);
                }
                Ok(Step::End(end))
            }
            Gap::Value { at: begin, wanted, shift } => {
                let token = token::scalar(bytes, begin).map_err(|at| around.fail(at, Reason::Value))?;
                let path = wanted.unwrap_or(NO_PATH);
                let next = if self.on_layout {
                    self.layout.learn_value(state, &bytes[at..begin], path, shift, &self.stack)
                } else {
                    None
                };
                self.on_layout = next.is_some();
                Ok(Step::Value { token, path, shift, state: next.unwrap_or(Layout::NOWHERE) })
            }
        }
    }
}

impl Found {
    fn new(path: PathId, token: &Token, element: u32) -> Self {
        Found { path, kind: token.kind, element, start: token.start as u32, end: token.end as u32 }
    }

    /// The text of the value as it stands there, strings with their escapes.
    pub fn raw<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl Shift {
    fn apply(self, element: &mut u32) {
        *element = if self.reset { self.add } else { *element + self.add };
    }
}
