//! `base64`, `base64offset`

use super::super::glob::{Glob, Part};
use super::{Form, Misuse, Modifier, Subject};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

pub struct Base64;

impl Modifier for Base64 {
    fn name(&self) -> &'static str {
        "base64"
    }

    fn summary(&self) -> &'static str {
        "The value in Base64."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.each_text(self.name(), |glob| {
            let encoded = BASE64_STANDARD.encode(bytes(glob)?);
            Ok(vec![Form::Text(glob.with([Part::Text(encoded)]))])
        })
    }
}

pub struct Base64Offset;

impl Modifier for Base64Offset {
    fn name(&self) -> &'static str {
        "base64offset"
    }

    fn summary(&self) -> &'static str {
        "The value as it looks inside a longer Base64 text, in each of the three alignments."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.each_text(self.name(), |glob| {
            let bytes = bytes(glob)?;
            let forms = (0..3).map(|shift| Form::Text(glob.with([Part::Text(aligned(&bytes, shift))])));
            Ok(forms.collect())
        })
    }
}

fn bytes(glob: &Glob) -> Result<Vec<u8>, String> {
    glob.bytes().ok_or_else(|| "a value with wildcards cannot be encoded in Base64".to_owned())
}

/// The letters that bytes give behind `shift` others, without those that depend on what stands beside them.
fn aligned(bytes: &[u8], shift: usize) -> String {
    let mut shifted = vec![b' '; shift];
    shifted.extend_from_slice(bytes);
    let mut encoded = BASE64_STANDARD.encode(&shifted);
    // A letter stands for 6 bits: those that hold bits of the bytes before go, and at the end those that hold none of the
    // bytes behind stay.
    let before = [0, 2, 3].get(shift).copied().unwrap_or(0);
    let behind = [0, 3, 2].get(shifted.len() % 3).copied().unwrap_or(0);
    encoded.truncate(encoded.len().saturating_sub(behind));
    encoded.drain(..before.min(encoded.len()));
    encoded
}
