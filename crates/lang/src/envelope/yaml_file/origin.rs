//! Where the bytes of a decoded scalar stand in the file.
//!
//! The file's bytes are read along with the decoded ones. Flow scalars (plain and quoted) fold a line break to one space and
//! `n` of them to `n - 1`; literal blocks lose the indentation of each line; folded blocks do both, by rules that depend on
//! the next line, so there a whole run of white space is mapped to the run that it came from.

use super::scalar::{Scalar, Style};
use crate::Origin;
use ir::Span;

pub(super) fn of(file: &str, span: Span, scalar: &Scalar<'_>) -> Origin {
    let start = span.start as usize;
    let raw = file.get(start..).unwrap_or("");
    match scalar.style {
        Style::Plain if span.of(file) == scalar.text => Origin::shifted(start),
        Style::Plain => flow(raw, start, &scalar.text, scalar.style),
        Style::SingleQuoted | Style::DoubleQuoted => {
            flow(raw.get(1..).unwrap_or(""), start + 1, &scalar.text, scalar.style)
        }
        Style::Literal | Style::Folded => block(file, start, &scalar.text, scalar.style),
    }
}

/// `raw` begins at byte `start` of the file, after the opening quote.
fn flow(raw: &str, start: usize, decoded: &str, style: Style) -> Origin {
    let mut origin = Origin::shifted(start);
    let mut at = 0;
    let mut characters = decoded.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        if style == Style::DoubleQuoted {
            at = skip_continuations(raw, at);
        }
        let rest = raw.get(at..).unwrap_or("");
        origin.add_run(offset, start + at);
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let breaks = rest.get(..space).map_or(0, line_breaks);
        if breaks > 0 {
            // The other breaks of the run, which all stand in the same place.
            for _ in 2..breaks {
                characters.next();
            }
            at += space;
        } else if style == Style::SingleQuoted && rest.starts_with("''") {
            at += 2;
        } else if style == Style::DoubleQuoted && rest.starts_with('\\') {
            at += escape_length(rest);
        } else {
            at += character.len_utf8();
        }
    }
    origin.add_run(decoded.len(), start + at);
    origin
}

fn line_breaks(space: &str) -> usize {
    space.bytes().filter(|&byte| byte == b'\n').count()
}

/// The bytes of one escape in a double-quoted scalar.
fn escape_length(rest: &str) -> usize {
    match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 2,
    }
}

/// A backslash at the end of a line joins the next one, without its indentation.
fn skip_continuations(raw: &str, mut at: usize) -> usize {
    loop {
        let rest = raw.get(at..).unwrap_or("");
        let Some(next) = rest.strip_prefix("\\\n").or_else(|| rest.strip_prefix("\\\r\n")) else { return at };
        at += rest.len() - next.trim_start_matches([' ', '\t']).len();
    }
}

/// `start` is the place of the first character that is no indentation, as the parser marks it.
fn block(file: &str, start: usize, decoded: &str, style: Style) -> Origin {
    let first = first_line(file, start);
    let raw = file.get(first..).unwrap_or("");
    let indentation = indentation(raw, decoded);
    if style == Style::Literal {
        literal(raw, first, decoded, indentation)
    } else {
        folded(raw, first, decoded, indentation)
    }
}

/// The start of the first line of the block: the parser's mark may lie behind empty lines, which count.
fn first_line(file: &str, start: usize) -> usize {
    let line_start = |at: usize| file.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let mut first = line_start(start);
    while first > 0 {
        let above = line_start(first - 1);
        if file.get(above..first).is_none_or(|line| !line.trim().is_empty()) {
            break;
        }
        first = above;
    }
    first
}

/// Spaces that every line of the block has and its text has not.
fn indentation(raw: &str, decoded: &str) -> usize {
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut lines = raw.lines().filter(|line| !line.trim().is_empty());
    let mut texts = decoded.lines().filter(|line| !line.trim().is_empty());
    match (lines.next(), texts.next()) {
        (Some(line), Some(text)) => spaces(line).saturating_sub(spaces(text)),
        _ => 0,
    }
}

fn literal(raw: &str, start: usize, decoded: &str, indentation: usize) -> Origin {
    let mut origin = Origin::shifted(start);
    let mut offset = 0;
    let mut at = 0;
    for (line, text) in raw.split_inclusive('\n').zip(decoded.split_inclusive('\n')) {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        origin.add_run(offset, start + at + spaces.min(indentation));
        let ending = if line.ends_with("\r\n") { 2 } else { usize::from(line.ends_with('\n')) };
        if text.ends_with('\n') {
            origin.add_run(offset + text.len() - 1, start + at + line.len() - ending);
        }
        offset += text.len();
        at += line.len();
    }
    origin.add_run(offset, start + at);
    origin
}

fn folded(raw: &str, start: usize, decoded: &str, indentation: usize) -> Origin {
    let is_space = |character: char| matches!(character, ' ' | '\t' | '\r' | '\n');
    let spaces = raw.len() - raw.trim_start_matches(' ').len();
    let mut at = spaces.min(indentation);
    let mut offset = 0;
    let mut origin = Origin::shifted(start + at);
    while let (Some(text), Some(rest)) = (decoded.get(offset..), raw.get(at..)) {
        if text.is_empty() {
            break;
        }
        origin.add_run(offset, start + at);
        let word = text.find(is_space).unwrap_or(text.len());
        let (offset_after, at_after) = (offset + word, at + word);
        let rest = rest.get(word..).unwrap_or("");
        let text = text.get(word..).unwrap_or("");
        let (space, raw_space) = (
            text.len() - text.trim_start_matches(is_space).len(),
            rest.len() - rest.trim_start_matches(is_space).len(),
        );
        origin.add_run(offset_after, start + at_after);
        (offset, at) = (offset_after + space, at_after + raw_space);
        // Spaces that a line has beyond the indentation belong to its text.
        let own = text.get(..space).map_or(0, |space| space.len() - space.trim_end_matches(' ').len());
        if rest.get(..raw_space).is_some_and(|space| space.contains('\n')) && own < space {
            origin.add_run(offset - own, (start + at).saturating_sub(own));
        }
    }
    origin.add_run(offset, start + at);
    origin
}
