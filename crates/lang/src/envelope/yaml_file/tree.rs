//! Events to trees.

use super::scalar::{Scalar, Style};
use super::{Content, Entry, File, MAX_DEPTH, MAX_NODES, Node};
use crate::repository::MAX_LENGTH;
use ir::{Diagnostic, Span, codes};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// About what a node takes in memory.
const BYTES_A_NODE: usize = 128;

/// Most keys of one mapping that are reported because they stand twice.
const MAX_DUPLICATES: usize = 20;

pub(super) fn read(text: &str) -> File<'_> {
    let mut builder = Builder {
        text,
        marks: Marks { text, ascii: text.is_ascii(), character: 0, byte: 0 },
        file: File::default(),
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
    };
    if let Err(refusal) = builder.run() {
        builder.file.diagnostics.push(refusal);
        builder.close_all();
    }
    builder.file
}

struct Builder<'a> {
    text: &'a str,
    marks: Marks<'a>,
    file: File<'a>,
    open: Vec<Open<'a>>,
    /// By the parser's number, with how many nodes each has.
    anchors: HashMap<usize, (Node<'a>, usize)>,
    nodes: usize,
}

/// A mapping or sequence whose end has not been read.
struct Open<'a> {
    content: Content<'a>,
    /// The key that waits for its value.
    key: Option<Node<'a>>,
    start: usize,
    anchor: usize,
    /// Nodes read before this one.
    nodes_before: usize,
}

impl<'a> Builder<'a> {
    fn run(&mut self) -> Result<(), Diagnostic> {
        if self.text.len() > MAX_LENGTH {
            let message = format!("the file has {} bytes; at most {MAX_LENGTH} are read", self.text.len());
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message));
        }
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| {
                let at = self.marks.byte(error.marker().index());
                Diagnostic::refusal(codes::ENVELOPE, format!("the file is not YAML: {}", error.info()))
                    .at(Span::new(at, self.end_of_character(at)))
            })?;
            let span = self.marks.byte(span.start.index())..self.marks.byte(span.end.index());
            self.event(event, span.start, span.end)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'a>, start: usize, end: usize) -> Result<(), Diagnostic> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let start = if anchor > 0 || tag.is_some() { self.after_properties(start, end, style) } else { start };
                let tagged_string = tag.is_some_and(|tag| self.is_string_tag(&tag, start));
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                };
                let span = Span::new(start, self.scalar_end(start, end, style));
                // Text that is not borrowed from the file is copied with its node, so it counts as more than one.
                let weight = if let Cow::Owned(text) = &text { 1 + text.len() / BYTES_A_NODE } else { 1 };
                self.count(weight, span)?;
                self.add(
                    Node { span, content: Content::Scalar(Scalar { text, style, tagged_string }) },
                    anchor,
                    weight,
                );
            }
            Event::SequenceStart(anchor, tag) => self.open(Content::Sequence(Vec::new()), anchor, tag, start)?,
            Event::MappingStart(anchor, tag) => self.open(Content::Mapping(Vec::new()), anchor, tag, start)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(end, end > start),
            Event::Alias(anchor) => {
                let span = Span::new(start, end);
                let Some((_, nodes)) = self.anchors.get(&anchor) else {
                    let message = "an alias stands inside what it repeats";
                    return Err(Diagnostic::refusal(codes::ENVELOPE, message).at(span));
                };
                let nodes = *nodes;
                self.count(nodes, span)?;
                if let Some((node, _)) = self.anchors.get(&anchor) {
                    let node = node.clone();
                    self.add(node, 0, nodes);
                }
            }
            // Anchors hold for one document.
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => {}
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Diagnostic> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = format!("the file has more than {MAX_NODES} keys and values, with those that aliases repeat");
        Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(span))
    }

    fn open(
        &mut self,
        content: Content<'a>,
        anchor: usize,
        tag: Option<Cow<'a, Tag>>,
        start: usize,
    ) -> Result<(), Diagnostic> {
        let span = Span::new(start, self.end_of_character(start));
        if let Some(tag) = tag {
            self.is_string_tag(&tag, start);
        }
        if self.open.len() >= MAX_DEPTH {
            let message = format!("mappings and lists are nested more than {MAX_DEPTH} deep");
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(span));
        }
        self.open.push(Open { content, key: None, start, anchor, nodes_before: self.nodes });
        self.count(1, span)
    }

    /// Ends the innermost mapping or sequence; `written` where the file has a bracket for its end.
    fn close(&mut self, end: usize, written: bool) {
        let Some(mut open) = self.open.pop() else { return };
        if let Content::Mapping(entries) = &mut open.content {
            self.merge(entries);
            self.diagnose_duplicates(entries);
        }
        let last = match &open.content {
            Content::Sequence(items) => items.last().map(|item| item.span),
            Content::Mapping(entries) => entries.last().map(|entry| entry.key.span.to(entry.value.span)),
            Content::Scalar(_) => None,
        };
        let end = if written { end } else { last.map_or(open.start, |last| last.end as usize) };
        let node = Node { span: Span::new(open.start, end.max(open.start)), content: open.content };
        self.add(node, open.anchor, self.nodes - open.nodes_before);
    }

    /// After an error: keeps what was read.
    fn close_all(&mut self) {
        while let Some(open) = self.open.last_mut() {
            let end = open.start;
            if let (Content::Mapping(entries), Some(key)) = (&mut open.content, open.key.take()) {
                let at = Span::new(key.span.end as usize, key.span.end as usize);
                let scalar = Scalar { text: "".into(), style: Style::Plain, tagged_string: false };
                entries.push(Entry { key, value: Node { span: at, content: Content::Scalar(scalar) } });
            }
            self.close(end, false);
        }
    }

    fn add(&mut self, node: Node<'a>, anchor: usize, nodes: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), nodes));
            // The copy counts too; whether it is too much shows at the next node.
            self.nodes = self.nodes.saturating_add(nodes);
        }
        match self.open.last_mut() {
            None if node.is_null() => {}
            None => self.file.documents.push(node),
            Some(Open { content: Content::Mapping(entries), key, .. }) => match key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => *key = Some(node),
            },
            Some(Open { content: Content::Sequence(items), .. }) => items.push(node),
            Some(Open { content: Content::Scalar(_), .. }) => {}
        }
    }

    /// Merge keys of YAML 1.1: `<<` takes over the keys of other mappings that are not written here.
    fn merge(&mut self, entries: &mut Vec<Entry<'a>>) {
        let is_merge = |entry: &Entry<'a>| {
            let plain = entry.key.scalar().is_some_and(|key| key.is_plain() && key.text == "<<");
            plain
                && (entry.value.is_mapping() || entry.value.items().is_some_and(|all| all.iter().all(Node::is_mapping)))
        };
        if !entries.iter().any(is_merge) {
            return;
        }
        let (merges, mut own): (Vec<_>, Vec<_>) = std::mem::take(entries).into_iter().partition(is_merge);
        let mut known: HashSet<String> = own.iter().filter_map(|entry| entry.key.text()).map(str::to_owned).collect();
        for merge in merges {
            let sources = match merge.value.content {
                Content::Sequence(items) => items,
                _ => vec![merge.value],
            };
            for source in sources {
                let Content::Mapping(taken) = source.content else { continue };
                own.extend(
                    taken.into_iter().filter(|entry| entry.key.text().is_none_or(|key| known.insert(key.to_owned()))),
                );
            }
        }
        *entries = own;
    }

    /// Of keys that stand twice the last counts, as in PyYAML; the others are taken away.
    fn diagnose_duplicates(&mut self, entries: &mut Vec<Entry<'a>>) {
        // Most mappings have few keys, and comparing those costs less than a set.
        let is_key = |key: &str, other: &Entry<'a>| other.key.text() == Some(key);
        if entries.len() <= 16
            && entries.iter().enumerate().all(|(at, entry)| {
                let key = entry.key.text();
                key.is_none_or(|key| !entries.iter().take(at).any(|other| is_key(key, other)))
            })
        {
            return;
        }
        let mut seen = HashSet::with_capacity(entries.len());
        let kept: Vec<bool> =
            entries.iter().rev().map(|entry| entry.key.text().is_none_or(|key| seen.insert(key))).collect();
        if seen.len() == entries.len() {
            return;
        }
        for (entry, _) in entries.iter().zip(kept.iter().rev()).filter(|(_, kept)| !**kept).take(MAX_DUPLICATES) {
            let key = shorten(entry.key.text().unwrap_or_default());
            let message = format!("the key `{key}` stands again below, and only the last one counts");
            self.file.diagnostics.push(Diagnostic::loss(codes::ENVELOPE, message).at(entry.key.span));
        }
        let mut kept = kept.into_iter().rev();
        entries.retain(|_| kept.next().unwrap_or(true));
    }

    /// Whether a tag makes any scalar a string. Other tags are noted: what they ask for is not done.
    fn is_string_tag(&mut self, tag: &Tag, start: usize) -> bool {
        let core = tag.is_yaml_core_schema();
        let string = (core && tag.suffix == "str") || (tag.handle.is_empty() && tag.suffix == "!");
        if !string && !core {
            let message = format!("the tag `{}` has no effect", shorten(&tag.to_string()));
            let span = Span::new(start, self.end_of_character(start));
            self.file.diagnostics.push(Diagnostic::note(codes::IGNORED_KEY, message).at(span));
        }
        string
    }

    /// Where a scalar begins whose anchor and tag begin at `start`; of a block, where its text begins.
    fn after_properties(&self, start: usize, end: usize, style: ScalarStyle) -> usize {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let mut in_block = false;
        let mut at = start;
        while at < end {
            let rest = self.text.get(at..end).unwrap_or("");
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            at += rest.len() - trimmed.len();
            let skipped = match trimmed.bytes().next() {
                Some(b'&' | b'!') if !in_block => trimmed.find([' ', '\t', '\r', '\n']),
                Some(b'#') if !in_block => trimmed.find('\n'),
                Some(b'|' | b'>') if block && !in_block => {
                    in_block = true;
                    trimmed.find('\n')
                }
                _ => return at,
            };
            at += skipped.unwrap_or(trimmed.len());
        }
        at.min(end)
    }

    /// The parser's mark lies behind white space and a comment after closing quotes, and behind the last line break of a
    /// block.
    fn scalar_end(&self, start: usize, end: usize, style: Style) -> usize {
        let raw = self.text.get(start..end.max(start)).unwrap_or("");
        let length = match style {
            Style::Plain => return end.max(start),
            Style::Literal | Style::Folded => raw.trim_end().len(),
            Style::SingleQuoted => {
                let mut at = 1;
                while let Some(quote) = raw.get(at..).and_then(|rest| rest.find('\'')) {
                    at += quote + 1;
                    if !raw.get(at..).is_some_and(|rest| rest.starts_with('\'')) {
                        break;
                    }
                    at += 1;
                }
                at
            }
            Style::DoubleQuoted => {
                let bytes = raw.as_bytes();
                let mut at = 1;
                while let Some(&byte) = bytes.get(at) {
                    at += if byte == b'\\' { 2 } else { 1 };
                    if byte == b'"' {
                        break;
                    }
                }
                at
            }
        };
        start + length.min(raw.len())
    }

    fn end_of_character(&self, at: usize) -> usize {
        at + self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    }
}

/// A name for a message.
fn shorten(name: &str) -> String {
    if name.chars().count() <= 60 { name.to_owned() } else { name.chars().take(60).chain(['…']).collect() }
}

/// From the parser's marks, which count characters, to bytes. Marks come almost in order, so each is found from the last.
struct Marks<'a> {
    text: &'a str,
    ascii: bool,
    character: usize,
    byte: usize,
}

impl Marks<'_> {
    fn byte(&mut self, character: usize) -> usize {
        if self.ascii {
            return character.min(self.text.len());
        }
        let (before, after) = self.text.split_at_checked(self.byte).unwrap_or((self.text, ""));
        let width: usize = if character >= self.character {
            after.chars().take(character - self.character).map(char::len_utf8).sum()
        } else {
            before.chars().rev().take(self.character - character).map(char::len_utf8).sum()
        };
        self.byte = if character >= self.character { self.byte + width } else { self.byte - width };
        self.character = character;
        self.byte
    }
}
