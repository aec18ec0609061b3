//! What YAML envelopes share: documents as trees in which every key and value has its place in the file, and the map from
//! a decoded scalar back to the bytes it was written with.
//!
//! The events come from `saphyr-parser`, the one maintained parser in Rust that follows YAML 1.2 and marks where each event
//! stands. The tree is ours, for three reasons. The parser's marks count characters, and leave out or include too much
//! around quotes and anchors. What a plain scalar means depends on who reads the file (see [`Schema`]), so scalars stay
//! text until someone asks. And aliases are only expanded within limits, so that a few lines cannot fill the memory.

mod origin;
mod reader;
mod scalar;
mod tree;

pub(super) use reader::Reader;
pub(super) use scalar::{Constant, Scalar, Schema};

use crate::Origin;
use ir::{Diagnostic, Span};

/// Deepest nesting of mappings and sequences; rules stay below 12.
const MAX_DEPTH: usize = 64;

/// Most keys and values of a file, those that aliases repeat included; rules stay below 10,000.
const MAX_NODES: usize = 200_000;

/// The documents of a file.
#[derive(Debug, Default)]
pub(super) struct File<'a> {
    /// In their order. After an error the last one holds what was read before it. Empty documents are left out.
    pub documents: Vec<Node<'a>>,
    /// What is wrong: at most one refusal, where reading ended early; losses for keys that stand twice; notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// A value, or a key of a mapping, with its place in the file. What an alias repeats has the place where it is written out.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    /// A scalar with its quotes, without anchor and tag; a mapping or sequence from its first to its last part.
    pub span: Span,
    content: Content<'a>,
}

#[derive(Clone, Debug)]
enum Content<'a> {
    Scalar(Scalar<'a>),
    Sequence(Vec<Node<'a>>),
    Mapping(Vec<Entry<'a>>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    pub key: Node<'a>,
    pub value: Node<'a>,
}

impl<'a> File<'a> {
    /// Reads all documents of a text. Never fails: what cannot be read is a diagnostic.
    pub fn read(text: &'a str) -> File<'a> {
        tree::read(text)
    }
}

impl<'a> Node<'a> {
    /// The value under a key; `None` also where this is no mapping. Of keys that stand twice the last one counts, and the
    /// file's diagnostics say so.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key as it is written here, with its value.
    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries().iter().find(|entry| entry.key.text() == Some(key))
    }

    /// Keys and values of a mapping in their order, those merged from others last; none where this is no mapping.
    pub fn entries(&self) -> &[Entry<'a>] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    pub fn is_mapping(&self) -> bool {
        matches!(self.content, Content::Mapping(_))
    }

    /// The items of a sequence.
    pub fn items(&self) -> Option<&[Node<'a>]> {
        match &self.content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    pub fn scalar(&self) -> Option<&Scalar<'a>> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of any scalar, whatever it means: `4688`, `null` and `'yes'` give `4688`, `null` and `yes`.
    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_ref())
    }

    /// Whether this is a scalar that means nothing: absent, `~` or `null`, without quotes.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.constant(Schema::Core) == Constant::Null)
    }

    /// This mapping with the keys of another written over it, in mappings below as well; the other where either is no
    /// mapping. Spans stay those of where each part was written.
    pub fn overlaid(&self, over: &Node<'a>) -> Node<'a> {
        let (Content::Mapping(below), Content::Mapping(above)) = (&self.content, &over.content) else {
            return over.clone();
        };
        let mut entries = below.clone();
        for entry in above {
            let key = entry.key.text();
            match entries.iter_mut().find(|known| key.is_some() && known.key.text() == key) {
                Some(known) => {
                    *known = Entry { key: entry.key.clone(), value: known.value.overlaid(&entry.value) };
                }
                None => entries.push(entry.clone()),
            }
        }
        Node { span: over.span, content: Content::Mapping(entries) }
    }

    /// Where the bytes of the decoded scalar stand in `file`; of other nodes, the place where they begin.
    pub fn origin(&self, file: &str) -> Origin {
        match &self.content {
            Content::Scalar(scalar) => origin::of(file, self.span, scalar),
            _ => Origin::shifted(self.span.start as usize),
        }
    }

    /// What the value is, for a message, with its article.
    pub fn kind(&self) -> &'static str {
        match &self.content {
            Content::Scalar(scalar) => scalar.kind(),
            Content::Sequence(_) => "a list",
            Content::Mapping(_) => "a mapping",
        }
    }
}

#[cfg(test)]
mod tests;
