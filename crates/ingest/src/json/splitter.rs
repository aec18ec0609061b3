//! Cuts a stream of JSON into documents, by matching brackets outside of strings.
//!
//! Nothing is checked here beyond what tells where a document ends; the scanner reads each one after that. Bytes are
//! looked at once, however the stream is cut into chunks, and a document that is too long is skipped without being kept.

use crate::scan::MAX_LINE;

/// A document, or something in its place.
#[derive(Clone, Copy, Debug)]
pub struct Part<'b> {
    pub bytes: &'b [u8],
    /// Where it begins, from the beginning of the stream.
    pub offset: u64,
    pub problem: Option<Problem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Longer than [`MAX_LINE`]; the bytes are its beginning.
    TooLong,
    /// The stream ended before it did.
    Ended,
    /// Not an object.
    Other,
}

#[derive(Debug)]
pub struct Splitter {
    /// Whether documents are in `hits.hits` of objects.
    search: bool,
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// How many brackets are open around a document.
    around: Option<u32>,
    /// The document being read, and where it began.
    document: Option<u64>,
    carry: Vec<u8>,
    too_long: bool,
    /// Within something that is not an object where one should be.
    other: bool,
    /// Where the stream is.
    offset: u64,
    /// The last string in a search response outside of documents, up to a few bytes.
    key: Vec<u8>,
    /// Within the value of the outer `hits`.
    in_hits: bool,
}

/// How much of a document that is too long is kept to be shown.
const EXCERPT: usize = 256;
const HITS: &[u8] = b"hits";

impl Splitter {
    pub fn new(search: bool) -> Self {
        Splitter {
            search,
            depth: 0,
            in_string: false,
            escaped: false,
            around: (!search).then_some(0),
            document: None,
            carry: Vec::new(),
            too_long: false,
            other: false,
            offset: 0,
            key: Vec::new(),
            in_hits: false,
        }
    }

    /// Whether a place was reached where documents are.
    pub fn in_documents(&self) -> bool {
        self.around.is_some()
    }

    /// Reads on, and gives each document as it ends.
    pub fn split(&mut self, bytes: &[u8], part: &mut dyn FnMut(Part<'_>)) {
        let base = self.offset;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if self.in_string {
                at = self.string(bytes, at);
                continue;
            }
            let here = base + at as u64;
            match byte {
                b'"' => self.quote(here, part),
                b'{' | b'[' => self.open(*byte, here, part),
                b'}' | b']' => {
                    self.close();
                    if self.document.is_some() && Some(self.depth) == self.around {
                        self.end(&bytes[..=at], base, part);
                    }
                    if *byte == b']' && self.around.is_some_and(|around| around > self.depth) {
                        self.around = if self.search { None } else { Some(0) };
                    }
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' => self.other = false,
                _ => self.stray(here, part),
            }
            at += 1;
        }
        self.offset += bytes.len() as u64;
        if let Some(begin) = self.document {
            self.keep(&bytes[begin.saturating_sub(base).min(bytes.len() as u64) as usize..]);
        }
    }

    /// The stream has ended.
    pub fn finish(&mut self, part: &mut dyn FnMut(Part<'_>)) {
        if let Some(offset) = self.document.take() {
            part(Part { bytes: &self.carry, offset, problem: Some(Problem::Ended) });
            self.carry.clear();
        }
    }

    /// Reads on in a string. Gives the place behind it or the end.
    fn string(&mut self, bytes: &[u8], mut at: usize) -> usize {
        if std::mem::take(&mut self.escaped) {
            at += 1;
        }
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let found = memchr::memchr2(b'"', b'\\', rest);
            let end = found.unwrap_or(rest.len());
            if self.document.is_none() && self.key.len() <= HITS.len() {
                let room = HITS.len() + 1 - self.key.len();
                self.key.extend_from_slice(&rest[..end.min(room)]);
            }
            match found {
                None => return bytes.len(),
                Some(end) if rest[end] == b'"' => {
                    self.in_string = false;
                    return at + end + 1;
                }
                Some(end) if at + end + 1 == bytes.len() => {
                    self.escaped = true;
                    return bytes.len();
                }
                Some(end) => at += end + 2,
            }
        }
    }

    fn quote(&mut self, here: u64, part: &mut dyn FnMut(Part<'_>)) {
        self.stray(here, part);
        self.in_string = true;
        self.key.clear();
    }

    /// Something that is neither bracket nor white space; where documents are, it should not be.
    fn stray(&mut self, here: u64, part: &mut dyn FnMut(Part<'_>)) {
        if self.document.is_none() && Some(self.depth) == self.around && !std::mem::replace(&mut self.other, true) {
            part(Part { bytes: &[], offset: here, problem: Some(Problem::Other) });
        }
    }

    fn open(&mut self, bracket: u8, here: u64, part: &mut dyn FnMut(Part<'_>)) {
        self.other = false;
        if self.document.is_none() {
            let hits = self.key == HITS;
            match (bracket, self.depth) {
                (b'{', depth) if self.around == Some(depth) => self.document = Some(here),
                (b'[', 0) if !self.search => self.around = Some(1),
                (b'[', depth) if self.around == Some(depth) => self.stray(here, part),
                (b'{', 1) if self.search => self.in_hits = hits,
                (b'[', 2) if self.search && self.in_hits && hits => self.around = Some(3),
                _ => {}
            }
        }
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.other = false;
        self.key.clear();
    }

    /// The document ends with these bytes of the chunk.
    fn end(&mut self, bytes: &[u8], base: u64, part: &mut dyn FnMut(Part<'_>)) {
        let Some(offset) = self.document.take() else { return };
        let begin = offset.saturating_sub(base) as usize;
        if self.carry.is_empty() && bytes.len() - begin.min(bytes.len()) <= MAX_LINE {
            part(Part { bytes: &bytes[begin..], offset, problem: None });
            return;
        }
        self.keep(&bytes[begin..]);
        let problem = std::mem::take(&mut self.too_long).then_some(Problem::TooLong);
        part(Part { bytes: &self.carry, offset, problem });
        self.carry.clear();
    }

    /// Keeps what there is of a document.
    fn keep(&mut self, bytes: &[u8]) {
        if self.too_long {
            return;
        }
        let room = (MAX_LINE + 1).saturating_sub(self.carry.len());
        self.carry.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if self.carry.len() > MAX_LINE {
            self.too_long = true;
            self.carry.truncate(EXCERPT);
            self.carry.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, search: bool, step: usize) -> Vec<String> {
        let mut parts = Vec::new();
        let mut splitter = Splitter::new(search);
        let mut see = |part: Part<'_>| {
            let text = String::from_utf8_lossy(part.bytes);
            parts.push(part.problem.map_or(text.to_string(), |problem| format!("{problem:?} {text}")));
        };
        for chunk in text.as_bytes().chunks(step) {
            splitter.split(chunk, &mut see);
        }
        splitter.finish(&mut see);
        parts
    }

    #[test]
    fn documents_are_cut_out_wherever_chunks_end() {
        let search = r#"{"took":1,"hits":{"total":{"value":2,"hits":[{"no":1}]},"max_score":null,"hits":[{"_id":"1","_source":{"a":"]}"}},
            {"_id":"2"}]},"aggregations":{"hits":{"x":[{"y":1}]}}} {"hits":{"hits":[{"_id":"3"}]}}"#;
        let cases: [(&str, bool, &[&str]); 6] = [
            ("{\"a\":1}\n{\"b\":\n2}{}", false, &["{\"a\":1}", "{\"b\":\n2}", "{}"]),
            (
                " [ {\"a\":\"}\\\"{\"},\n{\"b\":[{\"c\":1}]} ]\n[{}]",
                false,
                &["{\"a\":\"}\\\"{\"}", "{\"b\":[{\"c\":1}]}", "{}"],
            ),
            ("[{\"a\":1},7,\"x y\",{\"b\":2}]", false, &["{\"a\":1}", "Other ", "Other ", "{\"b\":2}"]),
            ("[{\"a\":1},{\"b\":", false, &["{\"a\":1}", "Ended {\"b\":"]),
            (search, true, &[r#"{"_id":"1","_source":{"a":"]}"}}"#, r#"{"_id":"2"}"#, r#"{"_id":"3"}"#]),
            ("]]}}{\"a\":1}", false, &["{\"a\":1}"]),
        ];
        for (text, search, expected) in cases {
            for step in [1, 2, 3, 7, 1000] {
                assert_eq!(split(text, search, step), expected, "step {step}: {text}");
            }
        }
    }

    #[test]
    fn a_document_that_is_too_long_is_not_kept() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_LINE));
        let text = format!("[{{\"b\":1}},{long},{{\"c\":2}}]");
        for step in [1 << 16, 64 << 20] {
            let parts = split(&text, false, step);
            assert_eq!((parts.len(), &parts[0][..], &parts[2][..]), (3, "{\"b\":1}", "{\"c\":2}"));
            assert!(parts[1].starts_with("TooLong {\"a\":\"xxx") && parts[1].len() < 300);
        }
    }
}
