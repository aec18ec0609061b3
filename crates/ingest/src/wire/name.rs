//! Domain names: labels, compression pointers, and their text.
//!
//! The text is what Packetbeat shows, which is the presentation form of the Go library miekg/dns without the final dot:
//! `\` before the characters special in zone files, `\DDD` for bytes outside of printable ASCII. Tunnels that send
//! binary labels (iodine) are thus readable, and two different names never have the same text.

use super::Malformed;

/// RFC 1035, 2.3.4: octets of a name with its length bytes.
const MAX_OCTETS: usize = 255;
/// More pointers than a name can have labels are a loop in disguise.
const MAX_POINTERS: usize = 126;

/// A name that begins at a place in a message.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Name<'a> {
    pub fn new(message: &'a [u8], at: usize) -> Self {
        Name { message, at }
    }

    /// Calls `label` for each label, outermost last. The root has none.
    pub fn labels(&self, mut label: impl FnMut(&'a [u8])) -> Result<(), Malformed> {
        let (mut at, mut octets, mut pointers) = (self.at, 1, 0);
        // Where the run of labels began that is being read; a pointer must lead to before it.
        let mut run = at;
        loop {
            let length = usize::from(*self.message.get(at).ok_or(Malformed::Cut)?);
            match length {
                0 => return Ok(()),
                1..=63 => {
                    octets += length + 1;
                    if octets > MAX_OCTETS {
                        return Err(Malformed::LongName);
                    }
                    label(self.message.get(at + 1..at + 1 + length).ok_or(Malformed::Cut)?);
                    at += 1 + length;
                }
                0xC0.. => {
                    let low = usize::from(*self.message.get(at + 1).ok_or(Malformed::Cut)?);
                    let target = (length & 0x3F) << 8 | low;
                    pointers += 1;
                    if target >= run || pointers > MAX_POINTERS {
                        return Err(Malformed::Pointer);
                    }
                    (at, run) = (target, target);
                }
                _ => return Err(Malformed::Label),
            }
        }
    }

    /// Appends the text, without a final dot; the root is `.`. On an error what was readable has been appended.
    pub fn write(&self, text: &mut Vec<u8>) -> Result<(), Malformed> {
        let start = text.len();
        let read = self.labels(|label| {
            if text.len() > start {
                text.push(b'.');
            }
            write_escaped(label, &LABEL, text);
        });
        if text.len() == start && read.is_ok() {
            text.push(b'.');
        }
        read
    }

    /// The place after the name's bytes here, not following pointers.
    pub fn end(&self) -> Result<usize, Malformed> {
        let mut at = self.at;
        loop {
            match *self.message.get(at).ok_or(Malformed::Cut)? {
                0 => return Ok(at + 1),
                length @ 1..=63 => at += 1 + usize::from(length),
                0xC0.. if at + 1 < self.message.len() => return Ok(at + 2),
                0xC0.. => return Err(Malformed::Cut),
                _ => return Err(Malformed::Label),
            }
        }
    }
}

/// What becomes of each byte in text.
pub(super) struct Escapes([Escape; 256]);

#[derive(Clone, Copy, PartialEq)]
enum Escape {
    Plain,
    /// A backslash before it.
    Quoted,
    /// Backslash and three decimal digits.
    Decimal,
    /// `\t`, `\r`, `\n`.
    Letter(u8),
}

impl Escapes {
    const fn new(quoted: &[u8], letters: &[(u8, u8)]) -> Self {
        let mut table = [Escape::Decimal; 256];
        let mut byte = b' ' as usize;
        while byte <= b'~' as usize {
            table[byte] = Escape::Plain;
            byte += 1;
        }
        let mut at = 0;
        while at < quoted.len() {
            table[quoted[at] as usize] = Escape::Quoted;
            at += 1;
        }
        at = 0;
        while at < letters.len() {
            table[letters[at].0 as usize] = Escape::Letter(letters[at].1);
            at += 1;
        }
        Escapes(table)
    }
}

/// Labels of names.
pub(super) static LABEL: Escapes = Escapes::new(b".\\ '@;()\"", &[]);
/// The character strings of TXT and the like.
pub(super) static TEXT: Escapes = Escapes::new(b"\"\\", &[]);
/// Data without a known layout.
pub(super) static RAW: Escapes = Escapes::new(b"\"\\", &[(b'\t', b't'), (b'\r', b'r'), (b'\n', b'n')]);

/// Appends the text of a label.
pub fn escape_label(label: &[u8], text: &mut Vec<u8>) {
    write_escaped(label, &LABEL, text);
}

pub(super) fn write_escaped(bytes: &[u8], escapes: &Escapes, text: &mut Vec<u8>) {
    if bytes.iter().all(|&byte| escapes.0[usize::from(byte)] == Escape::Plain) {
        text.extend_from_slice(bytes);
        return;
    }
    for &byte in bytes {
        match escapes.0[usize::from(byte)] {
            Escape::Plain => text.push(byte),
            Escape::Quoted => text.extend_from_slice(&[b'\\', byte]),
            Escape::Letter(letter) => text.extend_from_slice(&[b'\\', letter]),
            Escape::Decimal => {
                text.extend_from_slice(&[b'\\', b'0' + byte / 100, b'0' + byte / 10 % 10, b'0' + byte % 10]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(message: &[u8], at: usize) -> Result<String, Malformed> {
        let mut text = Vec::new();
        Name::new(message, at).write(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn names_are_written_as_packetbeat_does() {
        for (message, at, expected) in [
            (&b"\x03www\x07example\x03com\0"[..], 0, "www.example.com"),
            (b"\0", 0, "."),
            (b"\x03com\0\x02ab\xC0\0\x01c\xC0\x05", 10, "c.ab.com"),
            (b"\x03com\0\x03www\xC0\x00", 5, "www.com"),
            (b"\x04a.b\\\0", 0, "a\\.b\\\\"),
            (b"\x03\x00\xe9~\0", 0, "\\000\\233~"),
            (b"\x03a b\0", 0, "a\\ b"),
        ] {
            assert_eq!(text(message, at), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let mut long = Vec::new();
        for _ in 0..5 {
            long.push(63);
            long.extend([b'a'; 63]);
        }
        long.push(0);
        for (message, at, expected) in [
            (&b"\xC0\x00"[..], 0, Malformed::Pointer),
            (b"\x01a\xC0\x00", 0, Malformed::Pointer),
            (b"\xC0\x02\xC0\x00", 0, Malformed::Pointer),
            (b"\x05ab", 0, Malformed::Cut),
            (b"", 0, Malformed::Cut),
            (b"\xC0", 0, Malformed::Cut),
            (b"\x41a", 0, Malformed::Label),
            (&long, 0, Malformed::LongName),
        ] {
            assert_eq!(text(message, at), Err(expected), "{message:?}");
        }
    }

    #[test]
    fn a_chain_of_pointers_ends() {
        let mut message = vec![0];
        for at in 0..1000_u16 {
            let target = if at == 0 { 0 } else { 1 + 2 * (at - 1) };
            message.extend((0xC000 | target).to_be_bytes());
        }
        assert_eq!(text(&message, message.len() - 2), Err(Malformed::Pointer));
        assert_eq!(text(&message, 201), Ok(".".to_owned()));
    }
}
