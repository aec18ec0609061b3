//! One input of a scan: what of it is still to be read, and what was found.

use super::{
    Report, lock,
    pieces::{Cutter, PIECE, Piece, Range},
    sieve::Sieve,
    totals::Totals,
};
use crate::{
    Condition, Decoder, EventBatch, Framing, Input, InputError, Projection, Tally,
    input::{InputErrorKind, Progress, Reading, io_error},
    source::{Batches, Columnar, Share},
};
use schema::{DataStream, StreamSelection};
use std::{
    fs::File,
    io,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
};

pub struct Entry {
    /// Its number among the inputs, the first part of `_id`.
    number: usize,
    input: Input,
    /// The data stream of all its events, if there is only one.
    stream: Option<DataStream>,
    /// The streams that are asked for, if others may be among its events.
    streams: Option<StreamSelection>,
    /// Its columns, if its events lie so, and the first part of them that nobody has begun.
    columnar: Option<Arc<dyn Columnar>>,
    part: AtomicUsize,
    /// How many shares its events are split into, once somebody asked, and the first that nobody has taken.
    shares: OnceLock<u32>,
    share: AtomicU32,
    work: Mutex<Work>,
    ended: AtomicBool,
    progress: Progress,
    totals: Mutex<Totals>,
    error: Mutex<Option<InputError>>,
}

/// Inputs smaller than this many bytes are read by one worker.
const WORTH_SHARING: u64 = 4 << 20;
/// Each share looks through all of the input, so that many more would get in each other's way.
const MAX_SHARES: u32 = 8;

enum Work {
    Unopened,
    Ranges { file: Arc<File>, start: u64, end: u64, next: u64, number: u64 },
    Stream(Cutter),
    Ended,
}

/// What to read outside the lock.
enum Next {
    Range(Arc<File>, Range, Vec<u8>),
    Piece(Piece),
}

impl Entry {
    pub fn new(number: usize, input: &Input, mut streams: Vec<DataStream>) -> Self {
        let stream = if streams.len() == 1 { streams.pop() } else { None };
        Entry {
            number,
            input: input.clone(),
            stream,
            streams: None,
            columnar: input.log().columnar(),
            part: AtomicUsize::new(0),
            shares: OnceLock::new(),
            share: AtomicU32::new(0),
            work: Mutex::new(Work::Unopened),
            ended: AtomicBool::new(false),
            progress: Progress::default(),
            totals: Mutex::default(),
            error: Mutex::default(),
        }
    }

    /// Has the decoders leave out events of other streams. False if they cannot.
    pub fn select(&mut self, streams: &StreamSelection, projection: &Arc<Projection>) -> bool {
        self.streams = Some(streams.clone());
        self.columnar.is_none() && !self.input.log().has_shares() && self.decoder(projection, &[]).select(streams)
    }

    pub fn decoder(&self, projection: &Arc<Projection>, conditions: &[Arc<dyn Condition>]) -> Box<dyn Decoder> {
        let log = self.input.log();
        let mut decoder = match log.framing() {
            Framing::Lines => Sieve::decoder(log.as_ref(), projection, conditions),
            Framing::Bytes => log.decoder(projection),
        };
        if let Some(streams) = &self.streams {
            decoder.select(streams);
        }
        decoder
    }

    pub fn shareable(&self) -> bool {
        self.columnar.is_some() || self.input.log().framing() == Framing::Lines
    }

    pub fn columnar(&self) -> Option<&Arc<dyn Columnar>> {
        self.columnar.as_ref()
    }

    /// Whether each worker reads all of it for a share of the events.
    pub fn is_shared(&self) -> bool {
        self.shares() > 1
    }

    /// As many as there are processors, for a large plain file whose log can be split so.
    fn shares(&self) -> u32 {
        *self.shares.get_or_init(|| {
            let plain = || matches!(self.input.origin().reading(&Progress::default()), Ok(Reading::Ranges { .. }));
            if !self.input.log().has_shares() || self.size() < WORTH_SHARING || !plain() {
                return 1;
            }
            let processors = std::thread::available_parallelism().map_or(1, |number| number.get() as u32);
            processors.min(MAX_SHARES)
        })
    }

    /// The next share, with a decoder for it and the bytes of its own. `None` once all are taken.
    pub fn next_share(&self, projection: &Arc<Projection>) -> Option<(Box<dyn Decoder>, io::Result<Cutter>)> {
        let of = self.shares();
        let number = self.share.fetch_add(1, Ordering::Relaxed);
        if number + 1 >= of {
            self.ended.store(true, Ordering::Release);
        }
        if number >= of {
            return None;
        }
        let decoder = self.input.log().share(projection, Share { number, of })?;
        // Progress counts each byte once.
        let progress = if number == 0 { self.progress.clone() } else { Progress::default() };
        let reading = self.input.origin().reading(&progress);
        Some((decoder, reading.map(|reading| Cutter::new(reading.into_reader(&progress), false))))
    }

    /// The next piece of a share, and what ended it early.
    pub fn next_of_share(&self, cutter: &mut Cutter, buffer: Vec<u8>) -> Option<Piece> {
        let (piece, error) = cutter.next(buffer);
        if let Some(error) = error {
            self.break_off(&error);
        }
        piece
    }

    pub fn break_off(&self, error: &io::Error) {
        let (path, reason) = (self.input.path().to_owned(), cut_off(error));
        lock(&self.error).get_or_insert(InputError { path, kind: InputErrorKind::CutOff, reason });
    }

    /// The next part of the columns, opened. `None` once nothing is left.
    pub fn next_part(
        &self,
        projection: &Arc<Projection>,
        conditions: &[Arc<dyn Condition>],
    ) -> Option<(usize, Result<Batches, String>)> {
        let columnar = self.columnar.as_ref()?;
        let part = self.part.fetch_add(1, Ordering::Relaxed);
        if part >= columnar.parts() {
            self.ended.store(true, Ordering::Release);
            return None;
        }
        // Parts are about equally large.
        self.progress.add(self.size() / columnar.parts() as u64);
        Some((part, columnar.read(part, self.number, projection, conditions)))
    }

    pub fn ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    pub fn size(&self) -> u64 {
        self.input.size()
    }

    /// Tells the batch where the events that follow come from.
    pub fn begin(&self, batch: &mut EventBatch, offset: u64) {
        batch.begin(self.number, self.stream.as_ref(), offset);
    }

    pub fn add(&self, piece: u64, tally: Tally, records: u64) {
        lock(&self.totals).add(piece, tally, records);
    }

    /// The totals of a share of a piece, whose records are counted with another.
    pub fn add_share(&self, piece: u64, tally: Tally, records: u64) {
        lock(&self.totals).add_share(piece, tally, records);
    }

    pub fn report(&self) -> Report {
        Report {
            path: self.input.path().to_owned(),
            source: self.input.source(),
            tally: lock(&self.totals).tally(),
            error: lock(&self.error).clone(),
        }
    }

    /// The next piece, in the given memory. `None` once nothing is left.
    pub fn next_piece(&self, buffer: Vec<u8>) -> Option<Piece> {
        match self.next(buffer)? {
            Ok(Next::Piece(piece)) => Some(piece),
            Ok(Next::Range(file, range, buffer)) => match range.read(&file, buffer) {
                Ok(piece) => {
                    self.progress.add(range.to - range.from);
                    Some(piece)
                }
                Err(error) => self.fail(&error, true),
            },
            Err(error) => self.fail(&error, false),
        }
    }

    fn fail(&self, error: &io::Error, begun: bool) -> Option<Piece> {
        let mut failure = io_error(self.input.path(), error);
        if begun {
            failure.kind = InputErrorKind::CutOff;
            failure.reason = cut_off(error);
        }
        lock(&self.error).get_or_insert(failure);
        *lock(&self.work) = Work::Ended;
        self.ended.store(true, Ordering::Release);
        None
    }

    fn next(&self, buffer: Vec<u8>) -> Option<io::Result<Next>> {
        let mut work = lock(&self.work);
        if let Work::Unopened = *work {
            match self.open() {
                Ok(opened) => *work = opened,
                Err(error) => return Some(Err(error)),
            }
        }
        match &mut *work {
            Work::Ranges { file, start, end, next, number } if *next < *end => {
                let to = (*next + PIECE as u64).min(*end);
                let range = Range { number: *number, start: *start, from: *next, to, end: *end };
                (*next, *number) = (to, *number + 1);
                return Some(Ok(Next::Range(file.clone(), range, buffer)));
            }
            Work::Stream(cutter) => {
                let (piece, error) = cutter.next(buffer);
                if let Some(error) = error {
                    self.break_off(&error);
                }
                if let Some(piece) = piece {
                    return Some(Ok(Next::Piece(piece)));
                }
            }
            _ => {}
        }
        *work = Work::Ended;
        self.ended.store(true, Ordering::Release);
        None
    }

    fn open(&self) -> io::Result<Work> {
        let reading = self.input.origin().reading(&self.progress)?;
        Ok(match reading {
            Reading::Ranges { file, start, end } if self.shareable() => {
                Work::Ranges { file, start, end, next: start, number: 0 }
            }
            reading => Work::Stream(Cutter::new(reading.into_reader(&self.progress), self.shareable())),
        })
    }
}

/// What to say of an input that breaks off.
fn cut_off(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the compressed file is cut off; what comes before was read".to_owned(),
        _ => format!("reading stopped: {error}; what comes before was read"),
    }
}
