//! A domain name as it is on the wire: bytes, not text. Each program escapes odd bytes in its own way, so the text
//! is made by the encoders, never stored. Cloning is a reference count, so that an event costs no copies.

use std::fmt;
use std::sync::Arc;

/// An uncompressed wire-format name (RFC 1035, section 3.1), its final zero length included.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    wire: Arc<[u8]>,
    plain: bool,
}

/// Why a text is not a domain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// A label of zero or more than 63 bytes.
    Label,
    /// More than 255 bytes on the wire.
    Length,
    /// A backslash that begins no escape.
    Escape,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameError::Label => "a label is empty or longer than 63 bytes",
            NameError::Length => "the name is longer than 255 bytes",
            NameError::Escape => "a backslash begins no escape",
        })
    }
}

impl std::error::Error for NameError {}

impl Name {
    pub fn root() -> Self {
        Name { wire: Arc::from([0u8].as_slice()), plain: true }
    }

    /// The name of these labels, leftmost first, of any bytes.
    pub fn from_labels<'l>(labels: impl IntoIterator<Item = &'l [u8]>) -> Result<Self, NameError> {
        let mut wire = Vec::with_capacity(64);
        for label in labels {
            if label.is_empty() || label.len() > 63 {
                return Err(NameError::Label);
            }
            wire.push(label.len() as u8);
            wire.extend_from_slice(label);
        }
        wire.push(0);
        if wire.len() > 255 {
            return Err(NameError::Length);
        }
        let plain = wire_labels(&wire).flatten().all(|&byte| is_plain(byte));
        Ok(Name { wire: Arc::from(wire), plain })
    }

    /// The name of a text in the presentation form of zone files (RFC 1035, section 5.1): labels between dots, `\.`
    /// and `\DDD` for odd bytes, a final dot optional. Other bytes, also those of UTF-8, stand for themselves.
    pub fn from_text(text: &str) -> Result<Self, NameError> {
        if text.is_empty() || text == "." {
            return Ok(Name::root());
        }
        let text = match text.strip_suffix('.') {
            Some(absolute) if !absolute.ends_with('\\') => absolute,
            _ => text,
        };
        if !text.contains('\\') {
            return Name::from_labels(text.as_bytes().split(|&byte| byte == b'.'));
        }
        let mut labels: Vec<Vec<u8>> = vec![Vec::new()];
        let mut bytes = text.as_bytes();
        while let [first, rest @ ..] = bytes {
            bytes = rest;
            match first {
                b'.' => labels.push(Vec::new()),
                b'\\' => {
                    let (byte, rest) = unescape(rest).ok_or(NameError::Escape)?;
                    bytes = rest;
                    labels.last_mut().map(|label| label.push(byte)).ok_or(NameError::Label)?;
                }
                _ => labels.last_mut().map(|label| label.push(*first)).ok_or(NameError::Label)?,
            }
        }
        Name::from_labels(labels.iter().map(Vec::as_slice))
    }

    /// The uncompressed wire form, the final zero included.
    pub fn wire(&self) -> &[u8] {
        &self.wire
    }

    pub fn labels(&self) -> impl Iterator<Item = &[u8]> {
        wire_labels(&self.wire)
    }

    pub fn is_root(&self) -> bool {
        self.wire.len() == 1
    }

    /// Whether every byte is a letter, a digit, `-` or `_`, so that no program escapes any.
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// Appends the labels with dots between, each byte written by `byte`. The root gives nothing.
    pub fn write_dotted(&self, out: &mut Vec<u8>, mut byte: impl FnMut(u8, &mut Vec<u8>)) {
        for (at, label) in self.labels().enumerate() {
            if at > 0 {
                out.push(b'.');
            }
            if self.plain {
                out.extend_from_slice(label);
            } else {
                label.iter().for_each(|&b| byte(b, out));
            }
        }
    }

    /// The presentation form without the final dot; the root is `.`.
    pub fn write_presentation(&self, out: &mut Vec<u8>) {
        if self.is_root() {
            out.push(b'.');
        }
        self.write_dotted(out, |byte, out| match byte {
            b'.' | b'\\' | b' ' | b'\'' | b'@' | b';' | b'(' | b')' | b'"' => out.extend_from_slice(&[b'\\', byte]),
            0x21..=0x7e => out.push(byte),
            _ => out.extend_from_slice(format!("\\{byte:03}").as_bytes()),
        });
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write_presentation(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The byte that the escape after a backslash stands for, and what follows it.
fn unescape(escape: &[u8]) -> Option<(u8, &[u8])> {
    match escape {
        [a, b, c, rest @ ..] if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit() => {
            let value = u32::from(a - b'0') * 100 + u32::from(b - b'0') * 10 + u32::from(c - b'0');
            u8::try_from(value).ok().map(|byte| (byte, rest))
        }
        [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// The labels of a wire name that this module made.
fn wire_labels(wire: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = wire;
    std::iter::from_fn(move || {
        let (&length, after) = rest.split_first()?;
        if length == 0 {
            return None;
        }
        let (label, after) = after.split_at(usize::from(length));
        rest = after;
        Some(label)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_wire_and_back() {
        for (text, wire) in [
            ("www.example.com", b"\x03www\x07example\x03com\0".as_slice()),
            ("example.com.", b"\x07example\x03com\0"),
            (".", b"\0"),
            ("a\\.b.c", b"\x03a.b\x01c\0"),
            ("\\255\\000x.t", b"\x03\xff\0x\x01t\0"),
        ] {
            let name = Name::from_text(text).unwrap();
            assert_eq!(name.wire(), wire, "{text}");
            let shown = if text == "." { text } else { text.trim_end_matches('.') };
            assert_eq!(name.to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = vec!["a".repeat(63); 4].join(".");
        for (text, error) in [
            ("a..b", NameError::Label),
            (&*"a".repeat(64), NameError::Label),
            (&*format!("{long}.b"), NameError::Length),
            ("a\\", NameError::Escape),
            ("a\\256", NameError::Escape),
        ] {
            assert_eq!(Name::from_text(text), Err(error), "{text}");
        }
    }
}
