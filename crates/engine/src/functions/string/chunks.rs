//! Cutting text into pieces of so many words, at the boundaries of words or sentences.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

#[derive(Clone, Copy, Debug)]
pub(super) enum Strategy {
    /// Pieces of `size` words, each repeating the last `overlap` words of the one before.
    Words {
        size: usize,
        overlap: usize,
    },
    /// As many whole sentences as have `size` words; the next piece may repeat the last of them.
    Sentences {
        size: usize,
        overlap: bool,
    },
    Whole,
}

/// Where the pieces of a text lie, in order.
pub(super) fn cut(text: &str, strategy: Strategy) -> Vec<Range<usize>> {
    match strategy {
        Strategy::Whole => vec![Range { start: 0, end: text.len() }],
        Strategy::Words { size, overlap } => words(text, size, overlap),
        Strategy::Sentences { size, overlap } => sentences(text, size, overlap),
    }
}

/// Pieces that start at a word after the first of the text, without the blanks around them.
fn words(text: &str, size: usize, overlap: usize) -> Vec<Range<usize>> {
    let words: Vec<usize> = text.unicode_word_indices().map(|(at, _)| at).collect();
    let step = size.saturating_sub(overlap).max(1);
    let mut pieces = Vec::new();
    let mut first = 0;
    loop {
        let start = if first == 0 { 0 } else { words.get(first).copied().unwrap_or(text.len()) };
        let end = words.get(first + size).copied().unwrap_or(text.len());
        pieces.push(trimmed(text, start..end));
        if first + size >= words.len() {
            return pieces;
        }
        first += step;
    }
}

fn sentences(text: &str, size: usize, overlap: bool) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut piece: Option<(Range<usize>, usize)> = None;
    let mut last: Option<(Range<usize>, usize)> = None;
    for (at, sentence) in text.split_sentence_bound_indices() {
        let range = at..at + sentence.len();
        let count = sentence.unicode_words().count();
        piece = Some(match piece.take() {
            Some((open, words)) if words + count <= size => (open.start..range.end, words + count),
            Some((full, _)) => {
                pieces.push(trimmed(text, full));
                match last.take().filter(|(_, words)| overlap && words + count <= size) {
                    Some((before, words)) => (before.start..range.end, words + count),
                    None => (range.clone(), count),
                }
            }
            None => (range.clone(), count),
        });
        last = Some((range, count));
    }
    let rest = piece.map_or(0..text.len(), |(range, _)| range);
    pieces.push(trimmed(text, rest));
    // A sentence longer than a piece is cut by words.
    pieces.into_iter().flat_map(|piece| split_long(text, piece, size)).collect()
}

fn split_long(text: &str, piece: Range<usize>, size: usize) -> Vec<Range<usize>> {
    let part = text.get(piece.clone()).unwrap_or("");
    if part.unicode_words().count() <= size {
        return vec![piece];
    }
    let cuts = words(part, size, size / 2);
    cuts.into_iter().map(|cut| piece.start + cut.start..piece.start + cut.end).collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or("");
    let start = range.start + (part.len() - part.trim_start().len());
    start..(start + part.trim().len())
}
