//! What the records of a log show of it: fields, data streams.
//!
//! A head shows enough to begin with; [`Learning`] decoders go through all of a log and collect what its head does not
//! show. Records mostly have the form of one before them, so only those of a new form are looked into.

use super::{Decoder, Discovery, Log, lines, raw, shipped::Shipped};
use crate::{Chunk, EventBatch, Tally};
use schema::StreamSelection;
use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

/// What is known of a log from some of its records.
pub trait Shown: Clone + Send + 'static {
    /// A record, inside the document of a shipper or bare.
    fn record(&mut self, record: &str, shipped: Option<&Shipped<'_>>);

    /// What others showed besides.
    fn merge(&mut self, other: &Self);

    /// Every line of a text.
    fn lines(&mut self, text: &[u8]) {
        for (_, line) in lines(text) {
            self.line(&String::from_utf8_lossy(line));
        }
    }

    fn line(&mut self, line: &str) {
        match Shipped::of(line) {
            Some(shipped) => self.record(&shipped.record, Some(&shipped)),
            None => self.record(line, None),
        }
    }
}

/// Finds what the head of a log does not show. `log` makes the log of what is known, with decoders that learn if there is
/// somewhere to put what they learn, else the log whose fields and streams are all known.
pub fn discovery<S: Shown>(shown: &S, log: impl Fn(S, Option<Learned<S>>) -> Arc<dyn Log> + 'static) -> Discovery {
    let learned = Learned(Arc::new(Mutex::new(shown.clone())));
    let learning = log(shown.clone(), Some(learned.clone()));
    Discovery { log: learning, found: Box::new(move || log(learned.get(), None)) }
}

/// What several decoders learn together.
#[derive(Clone, Debug)]
pub struct Learned<S>(Arc<Mutex<S>>);

impl<S: Shown> Learned<S> {
    fn get(&self) -> S {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn merge(&self, shown: &S) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).merge(shown);
    }
}

/// A decoder that also learns.
pub struct Learning<S> {
    decoder: Box<dyn Decoder>,
    own: S,
    learned: Learned<S>,
    forms: HashSet<u64>,
}

/// How many forms are remembered; records of further ones are looked into each time.
const FORMS: usize = 1 << 16;

impl<S: Shown> Learning<S> {
    pub fn new(decoder: Box<dyn Decoder>, learned: Learned<S>) -> Self {
        Learning { decoder, own: learned.get(), learned, forms: HashSet::new() }
    }
}

impl<S: Shown> Decoder for Learning<S> {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        for (_, line) in lines(&chunk.bytes) {
            let line = String::from_utf8_lossy(line);
            let form = form(&line);
            if !form.is_some_and(|form| self.forms.contains(&form)) {
                self.own.line(&line);
                self.forms.extend(form.filter(|_| self.forms.len() < FORMS));
            }
        }
        self.decoder.decode(chunk, batch, tally);
    }

    fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        self.decoder.finish(batch, tally);
        self.learned.merge(&self.own);
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        self.decoder.select(streams)
    }

    fn records(&mut self) -> u64 {
        self.decoder.records()
    }
}

/// Members whose values, and not only their kinds, tell where a record belongs.
const TELLING: [&str; 3] = ["_path", "data_stream.namespace", "event_type"];

/// Records of equal forms have the same members of the same kinds. `None` where records are inside strings.
fn form(line: &str) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    let mut inside = false;
    raw::paths(line, &mut |path, value| {
        inside |= value.starts_with("\"{");
        path.hash(&mut hasher);
        let first = value.trim_start_matches(['[', ' ']).bytes().next();
        let kind = match first {
            Some(b'0'..=b'9' | b'-') => u8::from(value.contains(['.', 'e', 'E'])),
            first => first.unwrap_or_default(),
        };
        (kind, value.starts_with('[')).hash(&mut hasher);
        if TELLING.contains(&path) {
            value.hash(&mut hasher);
        }
    })
    .ok()?;
    (!inside).then(|| hasher.finish())
}
