//! `SPLIT(string, delimiter)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kernel, Kind, Parameter, lists, slices::Slices},
    types::ColumnType,
};
use arrow::array::{Array, ArrayRef, AsArray, Int32Array, StringViewArray};
use ir::Diagnostic;
use memchr::memmem::Finder;
use schema::Type;
use std::sync::Arc;

pub struct Split;

static DOC: Doc = Doc {
    name: "split",
    summary: "The parts of a string between the occurrences of a delimiter, as several values.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to split."),
        Parameter::required("delimiter", "keyword, text", "The string between the parts; not a regular expression."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW words = SPLIT("foo;bar;baz", ";")"#, rows: &["[foo, bar, baz]"] }],
};

impl Function for Split {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::String)?];
        if call.constant_str(1) == Some("") {
            return Err(call.bad_value(1, format!("the delimiter in [{}] must not be empty", call.text)));
        }
        let counter: Kernel = match call.constant_str(1) {
            Some(delimiter) => {
                let delimiter = delimiter.to_owned();
                Arc::new(move |args, _| Ok(counts(args[0].as_string_view(), |_| Some(&delimiter))))
            }
            None => Arc::new(|args, _| {
                let delimiters = args[1].as_string_view();
                Ok(counts(args[0].as_string_view(), |row| delimiters.is_valid(row).then(|| delimiters.value(row))))
            }),
        };
        let split = Bound::new(ColumnType::many(Type::Keyword), inputs, |args, evaluation| {
            let (strings, delimiters) = (args[0].as_string_view(), args[1].as_string_view());
            let mut parts = Slices::new(strings);
            let mut lengths = Vec::with_capacity(evaluation.rows);
            for row in 0..evaluation.rows {
                if strings.is_null(row) || delimiters.is_null(row) {
                    lengths.push(0);
                    continue;
                }
                let (text, delimiter) = (strings.value(row), delimiters.value(row));
                let mut start = 0;
                let mut count = 1;
                let mut push_until = |end, next| {
                    parts.push(row, start..end);
                    start = next;
                };
                match delimiter.as_bytes() {
                    // Nothing lies between the characters of a string.
                    [] => {}
                    [byte] => {
                        for at in memchr::memchr_iter(*byte, text.as_bytes()) {
                            push_until(at, at + 1);
                            count += 1;
                        }
                    }
                    delimiter => {
                        for at in Finder::new(delimiter).find_iter(text.as_bytes()) {
                            push_until(at, at + delimiter.len());
                            count += 1;
                        }
                    }
                }
                push_until(text.len(), text.len());
                lengths.push(count);
            }
            Ok(Arc::new(lists::of_lengths(lengths, Arc::new(parts.finish()), Type::Keyword)?))
        });
        Ok(split.counted(counter))
    }
}

/// How many parts each string has; null where it or its delimiter is.
fn counts<'d>(strings: &StringViewArray, delimiter: impl Fn(usize) -> Option<&'d str>) -> ArrayRef {
    let count = |row| match delimiter(row) {
        Some(delimiter) if strings.is_valid(row) => Some(parts_of(strings.value(row), delimiter)),
        _ => None,
    };
    Arc::new((0..strings.len()).map(count).collect::<Int32Array>())
}

/// How many parts a string has. Short strings are looked through faster without a search routine's preparations.
fn parts_of(text: &str, delimiter: &str) -> i32 {
    let found = match delimiter.as_bytes() {
        [] => 0,
        [byte] => occurrences(text.as_bytes(), *byte),
        delimiter => Finder::new(delimiter).find_iter(text.as_bytes()).count(),
    };
    i32::try_from(found).unwrap_or(i32::MAX).saturating_add(1)
}

/// How often a byte occurs, eight bytes at a time.
fn occurrences(text: &[u8], byte: u8) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f * ONES;
    let (words, tail) = text.as_chunks::<8>();
    let in_words = words.iter().map(|word| {
        let differing = u64::from_ne_bytes(*word) ^ (u64::from(byte) * ONES);
        // The highest bit of each byte that is zero, brought to its lowest and summed up in the word's highest byte.
        let equal = !(((differing & LOW) + LOW) | differing | LOW);
        ((equal >> 7).wrapping_mul(ONES) >> 56) as usize
    });
    in_words.sum::<usize>() + tail.iter().filter(|other| **other == byte).count()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_are_counted_wherever_they_are() {
        let text: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for (from, to) in [(0, 0), (0, 7), (3, 300), (0, 1000), (250, 523)] {
            for byte in [0, 1, b'.', 127, 128, 255] {
                let expected = text[from..to].iter().filter(|other| **other == byte).count();
                assert_eq!(super::occurrences(&text[from..to], byte), expected, "{byte} in {from}..{to}");
            }
        }
    }

    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            split("foo;bar;baz", ";") => [foo, bar, baz]
            split("foo", ";") => foo
            split("a..b.", ".") => [a, "", b, ""]
            split("", ".") => ""
            split("a--b", "--") => [a, b]
            split("a rather long part, and another one", ", ") => [a rather long part, and another one]
            split(null, ".") => null
            split(["a.b", "c"], ".") => null ! several values
            "##,
        );
    }
}
