//! What stands between two values: keys, brackets, commas, white space.
//!
//! This is the whole grammar of documents but for the values themselves. [`Stack::gap`] reads from behind one value to
//! the next, and what it does depends on nothing but the stack and the bytes it reads: that is what makes it sound to
//! remember its outcome for the same bytes ([`super::scanner`]).

use super::{
    paths::{Node, PathId, Paths},
    token::{self, Kind},
};
use rustc_hash::FxHasher;
use std::{fmt, hash::Hasher};

/// Deeper nesting is refused.
pub const DEPTH: usize = 127;

/// The containers that are open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stack(Vec<Frame>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Frame {
    /// An object on the way to `path`, at a member on the way to `member`. The hash of its key tells places apart for
    /// learning; should two keys share one, nothing goes wrong, since what follows depends on the nodes alone.
    Object {
        path: Option<Node>,
        key: u64,
        member: Option<Node>,
    },
    Array {
        path: Option<Node>,
    },
}

/// How the number of the element of the outermost open array changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    pub reset: bool,
    pub add: u32,
}

/// What a gap ends at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A value that is neither object nor array.
    Value { at: usize, wanted: Option<PathId>, shift: Shift },
    /// The end of the document.
    End { at: usize },
}

/// Why a text is not a document, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    pub at: usize,
    pub reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    NotAnObject,
    Key,
    Colon,
    Value,
    Comma,
    Depth,
    Ended,
    Trailing,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::NotAnObject => "not a JSON object",
            Reason::Key => "not a key",
            Reason::Colon => "no colon behind the key",
            Reason::Value => "not a value",
            Reason::Comma => "neither a comma nor the end of the object or array",
            Reason::Depth => "nested too deep",
            Reason::Ended => "the text ends in the middle of the document",
            Reason::Trailing => "more behind the end of the document",
        })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid JSON at byte {}: {}", self.at + 1, self.reason)
    }
}

/// The text around a gap.
#[derive(Clone, Copy)]
pub struct Around<'t> {
    pub text: &'t str,
    pub paths: &'t Paths,
    /// Whether a document may go on on another line.
    pub lines: bool,
}

/// What is expected next.
enum Next {
    Value,
    Key,
    /// A comma or a closing bracket.
    Behind,
}

impl Stack {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Reads on from `at`: from the beginning of a document if the stack is empty, else from behind a value.
    pub fn gap(&mut self, around: Around<'_>, mut at: usize) -> Result<Gap, Malformed> {
        let mut shift = Shift::default();
        let mut next = if self.0.is_empty() { Next::Value } else { Next::Behind };
        loop {
            at = around.skip_space(at);
            (at, next) = match next {
                Next::Key => (self.key(around, at)?, Next::Value),
                Next::Behind => match self.behind(around, at, &mut shift)? {
                    Some(next) => (at + 1, next),
                    None => return Ok(Gap::End { at: at + 1 }),
                },
                Next::Value => match around.byte(at) {
                    Some(open @ (b'{' | b'[')) => match self.open(around, at, open, &mut shift)? {
                        // An empty object or array is no value; the outermost one is a document.
                        (at, Next::Behind) if self.0.is_empty() => return Ok(Gap::End { at }),
                        opened => opened,
                    },
                    _ if self.0.is_empty() => return Err(around.fail(at, Reason::NotAnObject)),
                    Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                        let wanted = self.member().and_then(|node| around.paths.wanted(node));
                        return Ok(Gap::Value { at, wanted, shift });
                    }
                    _ => return Err(around.fail(at, Reason::Value)),
                },
            };
        }
    }

    /// Where the next value is on the way to.
    fn member(&self) -> Option<Node> {
        match self.0.last()? {
            Frame::Object { member, .. } => *member,
            Frame::Array { path } => *path,
        }
    }

    fn arrays(&self) -> usize {
        self.0.iter().filter(|frame| matches!(frame, Frame::Array { .. })).count()
    }

    fn key(&mut self, around: Around<'_>, at: usize) -> Result<usize, Malformed> {
        if around.byte(at) != Some(b'"') {
            return Err(around.fail(at, Reason::Key));
        }
        let bytes = around.text.as_bytes();
        let string = token::string(bytes, at + 1).map_err(|at| around.fail(at, Reason::Key))?;
        let Some(raw) = around.text.get(string.start..string.end) else { return Err(around.fail(at, Reason::Key)) };
        let root = self.0.len() == 1;
        if let Some(Frame::Object { path, key, member }) = self.0.last_mut() {
            *member = match (*path, string.kind) {
                (None, _) if !root => None,
                (path, Kind::Plain) => around.paths.step(path, raw),
                (path, _) => around.paths.step(path, &token::unescape(raw)),
            };
            let mut hasher = FxHasher::default();
            hasher.write(raw.as_bytes());
            *key = hasher.finish();
        }
        let colon = around.skip_space(string.next);
        if around.byte(colon) == Some(b':') { Ok(colon + 1) } else { Err(around.fail(colon, Reason::Colon)) }
    }

    /// What a comma or bracket behind a value leads to; `None` if it ends the document.
    fn behind(&mut self, around: Around<'_>, at: usize, shift: &mut Shift) -> Result<Option<Next>, Malformed> {
        match (around.byte(at), self.0.last()) {
            (Some(b','), Some(Frame::Object { .. })) => Ok(Some(Next::Key)),
            (Some(b','), Some(Frame::Array { .. })) => {
                if self.arrays() == 1 {
                    shift.add += 1;
                }
                Ok(Some(Next::Value))
            }
            (Some(b'}'), Some(Frame::Object { .. })) | (Some(b']'), Some(Frame::Array { .. })) => {
                self.close(shift);
                Ok((!self.0.is_empty()).then_some(Next::Behind))
            }
            _ => Err(around.fail(at, Reason::Comma)),
        }
    }

    fn close(&mut self, shift: &mut Shift) {
        if let Some(Frame::Array { .. }) = self.0.pop()
            && self.arrays() == 0
        {
            *shift = Shift { reset: true, add: 0 };
        }
    }

    /// Opens a container, and closes it if it is empty.
    fn open(&mut self, around: Around<'_>, at: usize, open: u8, shift: &mut Shift) -> Result<(usize, Next), Malformed> {
        if self.0.len() >= DEPTH {
            return Err(around.fail(at, Reason::Depth));
        }
        let path = self.member();
        let object = open == b'{';
        if self.0.is_empty() && !object {
            return Err(around.fail(at, Reason::NotAnObject));
        }
        if object {
            self.0.push(Frame::Object { path, key: 0, member: None });
        } else {
            if self.arrays() == 0 {
                *shift = Shift { reset: true, add: 0 };
            }
            self.0.push(Frame::Array { path });
        }
        let inside = around.skip_space(at + 1);
        if around.byte(inside) == Some(if object { b'}' } else { b']' }) {
            self.close(shift);
            return Ok((inside + 1, Next::Behind));
        }
        Ok((inside, if object { Next::Key } else { Next::Value }))
    }
}

impl Around<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub fn skip_space(&self, mut at: usize) -> usize {
        while let Some(byte) = self.byte(at)
            && (matches!(byte, b' ' | b'\t' | b'\r') || (self.lines && byte == b'\n'))
        {
            at += 1;
        }
        at
    }

    /// What ends a line or the text ends the document.
    pub fn fail(&self, at: usize, reason: Reason) -> Malformed {
        let ended = match self.byte(at) {
            None => true,
            Some(byte) => byte == b'\n' && !self.lines,
        };
        Malformed { at, reason: if ended { Reason::Ended } else { reason } }
    }
}
