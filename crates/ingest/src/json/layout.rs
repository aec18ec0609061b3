//! What a scanner remembers of the documents before.
//!
//! A graph: a state is a place behind a value (or before the document), an edge the bytes from there to the next value.
//! It only grows up to fixed limits, so that documents with data in their keys cannot fill the memory; past the limits
//! documents are parsed as if there were no memory.

use super::{
    gap::{Shift, Stack},
    paths::PathId,
    token::{self, Kind, Token},
};
use rustc_hash::FxHashMap;

/// Stands for a value that nobody wants.
pub const NO_PATH: PathId = PathId::MAX;

const STATES: usize = 4096;
const EDGES: usize = 8;
/// The longest gap that is learned, and all of them together, in bytes.
const LITERAL: usize = 4096;
const LITERALS: usize = 1 << 20;
/// How many documents are watched for constant values,
const SAMPLE: u32 = 64;
/// and in how many of them at least a value has to have been the same.
const SAME: u32 = 32;
/// How many documents pass between looks at how well that does.
const WATCH: u32 = 1024;
/// Documents without a layout of their own are parsed for so many documents before they are watched again.
const REST: u32 = 32 * WATCH;

#[derive(Debug)]
pub struct Layout {
    states: Vec<State>,
    index: FxHashMap<Stack, u32>,
    /// How many bytes have been learned.
    learned: usize,
    mode: Mode,
    /// Documents until the next look at how it does.
    countdown: u32,
    /// How often a guess failed since the last look.
    failures: u32,
    /// How often nothing that was learned fitted since the last look.
    misses: u32,
    /// Whether the document at hand has something that none before it had: a gap, or another kind of value behind one.
    pub novel: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Values are being watched for constants.
    Sampling,
    Following,
    /// Documents have no common layout (their keys come in random order, say); nothing is remembered.
    Resting,
}

#[derive(Debug, Default)]
struct State {
    stack: Stack,
    /// The way on with the constant values taken along.
    guess: Option<Edge>,
    /// The ways on; the last one taken comes first.
    edges: Vec<Edge>,
}

#[derive(Clone, Debug)]
struct Edge {
    literal: Box<[u8]>,
    /// Wanted values inside the literal.
    constants: Box<[Constant]>,
    to: To,
    /// A bit for each kind of value seen behind it.
    kinds: u8,
    sample: Sample,
}

/// Where an edge leads.
#[derive(Clone, Copy, Debug)]
enum To {
    End,
    Value { path: PathId, shift: Shift, state: u32 },
}

/// What was seen of the value behind an edge while sampling.
#[derive(Clone, Debug, Default)]
struct Sample {
    used: u32,
    differs: bool,
    /// The value as it stands in the text, and its token with places relative to that.
    value: Vec<u8>,
    token: Option<Token>,
}

/// A wanted value at a fixed place of a literal.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    pub path: PathId,
    pub token: Token,
}

/// What follows in the text at hand.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    End(usize),
    Value { token: Token, path: PathId, shift: Shift, state: u32 },
}

impl Default for Layout {
    fn default() -> Self {
        Layout {
            states: vec![State::default()],
            index: FxHashMap::from_iter([(Stack::default(), Self::START)]),
            learned: 0,
            mode: Mode::Sampling,
            countdown: SAMPLE,
            failures: 0,
            misses: 0,
            novel: false,
        }
    }
}

impl Layout {
    /// Before a document.
    pub const START: u32 = 0;
    /// A place that is not remembered.
    pub const NOWHERE: u32 = u32::MAX;

    /// The next step from a state, if the text goes on as it did before; with it the wanted values that were passed,
    /// whose places count from `at`.
    #[inline(always)]
    pub fn follow(&mut self, state: u32, bytes: &[u8], at: usize) -> Option<(Step, &[Constant])> {
        let place = self.states.get_mut(state as usize)?;
        let rest = bytes.get(at..)?;
        if let Some(guess) = &mut place.guess {
            if let Some(step) = guess.step(rest, bytes, at) {
                self.novel |= guess.is_new_kind(&step, bytes);
                // Looked up again because the borrow of a conditional return would last for all of the function.
                let constants = self.states[state as usize].guess.as_ref().map_or(&[][..], |guess| &guess.constants);
                return Some((step, constants));
            }
            self.failures += 1;
        }
        for number in 0..place.edges.len() {
            if let Some(step) = place.edges[number].step(rest, bytes, at) {
                self.novel |= place.edges[number].is_new_kind(&step, bytes);
                if self.mode == Mode::Sampling {
                    place.edges[number].sample(&step, bytes, at);
                }
                if number > 0 {
                    place.edges.swap(0, number);
                }
                return Some((step, &[]));
            }
        }
        None
    }

    /// Nothing that was learned fits: puts the containers that are open at a state onto the stack.
    pub fn stack(&mut self, state: u32, stack: &mut Stack) {
        self.misses += 1;
        if let Some(state) = self.states.get(state as usize) {
            stack.clone_from(&state.stack);
        }
    }

    /// Learns that the document ends with these bytes.
    pub fn learn_end(&mut self, state: u32, literal: &[u8]) {
        self.learn(state, literal, To::End);
    }

    /// Learns that these bytes lead to a value, behind which `stack` is open. Gives the state behind it, if there is
    /// room to learn it.
    pub fn learn_value(
        &mut self,
        state: u32,
        literal: &[u8],
        path: PathId,
        shift: Shift,
        stack: &Stack,
    ) -> Option<u32> {
        let next = match self.index.get(stack) {
            Some(next) => *next,
            None if self.states.len() < STATES => {
                let next = self.states.len() as u32;
                self.states.push(State { stack: stack.clone(), ..State::default() });
                self.index.insert(stack.clone(), next);
                next
            }
            None => return None,
        };
        self.learn(state, literal, To::Value { path, shift, state: next });
        Some(next)
    }

    fn learn(&mut self, state: u32, literal: &[u8], to: To) {
        let Some(state) = self.states.get_mut(state as usize) else { return };
        if state.edges.len() < EDGES && literal.len() <= LITERAL && self.learned + literal.len() <= LITERALS {
            self.learned += literal.len();
            state.edges.push(Edge {
                literal: literal.into(),
                constants: Box::default(),
                to,
                kinds: 0,
                sample: Sample::default(),
            });
        }
    }

    /// A document has been read to its end.
    #[inline]
    pub fn document(&mut self) {
        self.countdown -= 1;
        if self.countdown == 0 {
            self.look();
        }
    }

    /// Where documents begin: nowhere while nothing is remembered.
    #[inline]
    pub fn start(&self) -> u32 {
        if self.mode == Mode::Resting { Self::NOWHERE } else { Self::START }
    }

    #[cold]
    fn look(&mut self) {
        let (misses, failures) = (std::mem::take(&mut self.misses), std::mem::take(&mut self.failures));
        match self.mode {
            Mode::Following if misses > 2 * WATCH => {
                *self = Layout { mode: Mode::Resting, countdown: REST, ..Layout::default() };
            }
            Mode::Following if failures > WATCH / 4 => {
                for state in &mut self.states {
                    state.guess = None;
                    state.edges.iter_mut().for_each(|edge| edge.sample = Sample::default());
                }
                (self.mode, self.countdown) = (Mode::Sampling, SAMPLE);
            }
            Mode::Following => self.countdown = WATCH,
            Mode::Sampling => {
                for state in 0..self.states.len() {
                    self.states[state].guess = self.guess(state);
                }
                (self.mode, self.countdown) = (Mode::Following, WATCH);
            }
            Mode::Resting => (self.mode, self.countdown) = (Mode::Sampling, SAMPLE),
        }
    }

    /// The way from a state along the usual edges and over constant values to the first value that is not.
    fn guess(&self, state: usize) -> Option<Edge> {
        let (mut literal, mut constants) = (Vec::new(), Vec::new());
        let mut edge = self.states[state].usual()?;
        let mut found = None;
        loop {
            literal.extend_from_slice(&edge.literal);
            if literal.len() > LITERAL {
                break;
            }
            let passed = literal.len() > edge.literal.len();
            if passed {
                let (literal, constants) = (literal.clone().into_boxed_slice(), constants.clone().into_boxed_slice());
                found = Some(Edge { literal, constants, to: edge.to, kinds: 0, sample: Sample::default() });
            }
            let To::Value { path, shift, state } = edge.to else { break };
            let Some(token) = edge.sample.constant() else { break };
            if shift != Shift::default() {
                break;
            }
            if path != NO_PATH {
                constants.push(Constant { path, token: token.moved(literal.len()) });
            }
            literal.extend_from_slice(&edge.sample.value);
            let Some(next) = self.states[state as usize].usual() else { break };
            edge = next;
        }
        found
    }
}

impl State {
    /// The edge that nearly all documents of the sample took.
    fn usual(&self) -> Option<&Edge> {
        let all: u32 = self.edges.iter().map(|edge| edge.sample.used).sum();
        self.edges.iter().find(|edge| edge.sample.used >= SAME && edge.sample.used * 10 >= all * 9)
    }
}

impl Edge {
    /// `rest` is `bytes` from `at` on.
    #[inline(always)]
    fn step(&self, rest: &[u8], bytes: &[u8], at: usize) -> Option<Step> {
        if !begins_with(rest, &self.literal) {
            return None;
        }
        let at = at + self.literal.len();
        match self.to {
            To::End => Some(Step::End(at)),
            To::Value { path, shift, state } => {
                // What is no value here may still be part of a longer gap.
                let token = token::scalar(bytes, at).ok()?;
                Some(Step::Value { token, path, shift, state })
            }
        }
    }

    /// Whether no value of this kind was seen behind the edge before.
    #[inline(always)]
    fn is_new_kind(&mut self, step: &Step, bytes: &[u8]) -> bool {
        let Step::Value { token, .. } = step else { return false };
        let mut bit = 1 << token.kind as u8;
        if token.kind == Kind::Number && !is_integer(&bytes[token.start..token.end]) {
            bit = 1 << 7;
        }
        let new = self.kinds & bit == 0;
        self.kinds |= bit;
        new
    }

    fn sample(&mut self, step: &Step, bytes: &[u8], at: usize) {
        let sample = &mut self.sample;
        sample.used += 1;
        let Step::Value { token, .. } = step else { return };
        let begin = at + self.literal.len();
        let value = &bytes[begin..token.next];
        if sample.token.is_none() {
            sample.differs = value.len() > LITERAL;
            sample.token =
                Some(Token { start: token.start - begin, end: token.end - begin, next: value.len(), ..*token });
            sample.value = if sample.differs { Vec::new() } else { value.to_vec() };
        } else {
            sample.differs |= sample.value != value;
        }
    }
}

/// Whether `text` begins with `literal`. Most literals are short and nearly all comparisons succeed, so going through
/// them in line is faster than a call of `memcmp`.
#[inline(always)]
fn begins_with(text: &[u8], literal: &[u8]) -> bool {
    let Some(text) = text.get(..literal.len()) else { return false };
    let (blocks, text_rest) = text.as_chunks::<16>();
    let (expected, rest) = literal.as_chunks::<16>();
    if !blocks.iter().zip(expected).all(|(block, expected)| block == expected) {
        return false;
    }
    match (text.last_chunk::<16>(), literal.last_chunk::<16>()) {
        (Some(block), Some(expected)) => block == expected,
        _ => match (text_rest.first_chunk::<8>(), rest.first_chunk::<8>()) {
            (Some(begin), Some(expected)) => begin == expected && text_rest.last_chunk::<8>() == rest.last_chunk::<8>(),
            _ => text_rest.iter().zip(rest).all(|(byte, expected)| byte == expected),
        },
    }
}

/// Whether a number has neither fraction nor exponent and surely fits a long.
fn is_integer(number: &[u8]) -> bool {
    number.len() <= 18 && number.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'-'))
}

impl Sample {
    fn constant(&self) -> Option<Token> {
        self.token.filter(|_| self.used >= SAME && !self.differs)
    }
}

impl Token {
    /// The same token in a text that has this much more before it.
    pub fn moved(self, by: usize) -> Token {
        Token { start: self.start + by, end: self.end + by, next: self.next + by, ..self }
    }
}

impl Kind {
    pub fn is_string(self) -> bool {
        matches!(self, Kind::Plain | Kind::Escaped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_compared_in_full() {
        let text: Vec<u8> = (0..100).collect();
        for length in 0..80 {
            assert!(begins_with(&text, &text[..length]));
            assert!(!begins_with(&text[..length], &text[..=length]));
            for wrong in 0..length {
                let mut literal = text[..length].to_vec();
                literal[wrong] ^= 1;
                assert!(!begins_with(&text, &literal));
            }
        }
    }
}
