//! How an input is cut into pieces.
//!
//! A line belongs to the range in which it begins; the worker that reads the range reads on to the end of its last line,
//! up to [`MAX_LINE`]. Longer lines are left out and counted, and no more of one is ever held in memory than that.

use crate::{Chunk, input::Origin};
use arrow::buffer::Buffer;
use std::{
    fs::File,
    io::{self, Read},
};

/// The longest line that is decoded, in bytes without its end. A line of DNS traffic has hundreds of bytes; the longest
/// legitimate ones (a `_search` response on one line is read as a document, not as a line) are far below.
pub const MAX_LINE: usize = 16 << 20;
/// How much a worker takes at once: enough that locks and system calls vanish, little enough to stay in the cache.
pub const PIECE: usize = 1 << 20;
/// How much is read to find the end of a line.
const STEP: usize = 64 << 10;
/// How much of a line that is too long is kept to be shown.
const EXCERPT: usize = 256;

/// What a worker decodes at once.
pub struct Piece {
    /// Its number within the input.
    pub number: u64,
    pub chunk: Chunk,
    /// The memory behind the chunk.
    memory: Buffer,
    /// The beginning of a line behind the chunk that is longer than [`MAX_LINE`].
    pub too_long: Option<Vec<u8>>,
}

impl Piece {
    /// `buffer[from..to]` begins at `offset` of the input.
    fn new(number: u64, buffer: Vec<u8>, from: usize, to: usize, offset: u64, too_long: Option<Vec<u8>>) -> Self {
        let memory = Buffer::from_vec(buffer);
        let bytes = memory.slice_with_length(from, to - from);
        Piece { number, chunk: Chunk { bytes, offset }, memory, too_long }
    }

    pub fn len(&self) -> usize {
        self.chunk.bytes.len()
    }

    pub fn offset(&self) -> u64 {
        self.chunk.offset
    }

    /// The memory for another piece, unless columns point into it.
    pub fn into_buffer(self) -> Vec<u8> {
        drop(self.chunk);
        self.memory.into_vec().unwrap_or_default()
    }
}

/// The lines that begin in `from..to` of a file whose text is `start..end`.
pub struct Range {
    pub number: u64,
    pub start: u64,
    pub from: u64,
    pub to: u64,
    pub end: u64,
}

impl Range {
    pub fn read(&self, file: &File, mut buffer: Vec<u8>) -> io::Result<Piece> {
        // One byte earlier, to see whether a line begins at `from`.
        let begin = if self.from > self.start { self.from - 1 } else { self.from };
        let length = (self.to - begin) as usize;
        let read = Self::read_at(file, &mut buffer, 0, length, begin)?;
        let mut first = 0;
        if begin < self.from {
            first = memchr::memchr(b'\n', &buffer[..read]).map_or(read, |at| at + 1);
        }
        if first == read || read < length || buffer[read - 1] == b'\n' || self.to == self.end {
            return Ok(Piece::new(self.number, buffer, first, read, begin + first as u64, None));
        }
        let last = memchr::memrchr(b'\n', &buffer[first..read]).map_or(first, |at| first + at + 1);
        let end = Self::line_end(file, &mut buffer, last, read, begin)?;
        let (to, too_long) = match end {
            Some(end) => (end, None),
            None => (last, Some(buffer[last..last + EXCERPT].to_vec())),
        };
        Ok(Piece::new(self.number, buffer, first, to, begin + first as u64, too_long))
    }

    /// Where the line that begins at `last` ends; `None` if it is too long.
    fn line_end(
        file: &File,
        buffer: &mut Vec<u8>,
        last: usize,
        mut filled: usize,
        begin: u64,
    ) -> io::Result<Option<usize>> {
        let mut step = STEP;
        loop {
            let read = Self::read_at(file, buffer, filled, step, begin + filled as u64)?;
            let end = memchr::memchr(b'\n', &buffer[filled..filled + read]).map(|at| filled + at);
            filled += read;
            let length = end.unwrap_or(filled) - last;
            if length > MAX_LINE {
                return Ok(None);
            }
            if let Some(end) = end {
                return Ok(Some(end + 1));
            }
            if read < step {
                return Ok(Some(filled));
            }
            step = (step * 2).min(PIECE);
        }
    }

    /// Fills `buffer[at..at + length]` as far as the file goes.
    fn read_at(file: &File, buffer: &mut Vec<u8>, at: usize, length: usize, offset: u64) -> io::Result<usize> {
        if buffer.len() < at + length {
            buffer.resize(at + length, 0);
        }
        let mut filled = 0;
        while filled < length {
            match Origin::read_at(file, &mut buffer[at + filled..at + length], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// Cuts a stream into pieces, at line ends or anywhere.
pub struct Cutter {
    reader: Box<dyn Read + Send>,
    lines: bool,
    /// The beginning of a line whose end is not read yet.
    carry: Vec<u8>,
    /// Where `carry` begins in the input.
    offset: u64,
    number: u64,
    ended: bool,
}

impl Cutter {
    pub fn new(reader: Box<dyn Read + Send>, lines: bool) -> Self {
        Cutter { reader, lines, carry: Vec::new(), offset: 0, number: 0, ended: false }
    }

    /// The next piece, and the error that ended the input behind it.
    pub fn next(&mut self, mut buffer: Vec<u8>) -> (Option<Piece>, Option<io::Error>) {
        if self.ended {
            return (None, None);
        }
        let mut filled = self.carry.len();
        if buffer.len() < filled + PIECE {
            buffer.resize(filled + PIECE, 0);
        }
        buffer[..filled].copy_from_slice(&self.carry);
        self.carry.clear();
        let mut searched = filled;
        loop {
            let (read, error) = self.fill(&mut buffer, filled);
            filled += read;
            if self.ended || !self.lines {
                let piece = (filled > 0).then(|| self.piece(buffer, filled, filled, None));
                return (piece, error);
            }
            let first = memchr::memchr(b'\n', &buffer[searched..filled]).map(|at| searched + at);
            if first.unwrap_or(filled) > MAX_LINE {
                return self.skip_line(buffer, first, filled);
            }
            if first.is_some() {
                let end = memchr::memrchr(b'\n', &buffer[searched..filled]).map_or(filled, |at| searched + at + 1);
                return (Some(self.piece(buffer, end, filled, None)), None);
            }
            searched = filled;
            buffer.resize(filled + PIECE, 0);
        }
    }

    /// A piece of `buffer[..end]`; the rest is kept for the next.
    fn piece(&mut self, buffer: Vec<u8>, end: usize, filled: usize, too_long: Option<Vec<u8>>) -> Piece {
        self.carry.extend_from_slice(&buffer[end..filled]);
        let piece = Piece::new(self.number, buffer, 0, end, self.offset, too_long);
        self.number += 1;
        self.offset += end as u64;
        piece
    }

    /// An empty piece that stands for a line that is too long, with the reader behind that line.
    fn skip_line(
        &mut self,
        mut buffer: Vec<u8>,
        mut end: Option<usize>,
        mut filled: usize,
    ) -> (Option<Piece>, Option<io::Error>) {
        let excerpt = buffer[..EXCERPT].to_vec();
        let mut error = None;
        while end.is_none() && !self.ended {
            self.offset += filled as u64;
            (filled, error) = self.fill(&mut buffer, 0);
            end = memchr::memchr(b'\n', &buffer[..filled]);
        }
        let behind = end.map_or(filled, |end| end + 1);
        self.carry.extend_from_slice(&buffer[behind..filled]);
        self.offset += behind as u64;
        buffer.truncate(PIECE);
        let piece = Piece::new(self.number, buffer, 0, 0, self.offset, Some(excerpt));
        self.number += 1;
        // What follows the line is still to be given, even if the reader has nothing more.
        self.ended &= self.carry.is_empty();
        (Some(piece), error)
    }

    /// Fills the buffer from `at` on. At the end of the input or on an error, which ends it, `self.ended` is set.
    fn fill(&mut self, buffer: &mut [u8], at: usize) -> (usize, Option<io::Error>) {
        let mut filled = at;
        while filled < buffer.len() {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    return (filled - at, Some(error));
                }
            }
        }
        (filled - at, None)
    }
}
