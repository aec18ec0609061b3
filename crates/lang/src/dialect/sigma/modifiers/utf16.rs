//! `wide`, `utf16le`, `utf16be`, `utf16`

use super::super::glob::Part;
use super::{Form, Misuse, Modifier, Subject};

/// A string as bytes of two for each character; what follows is usually Base64.
pub struct Utf16 {
    name: &'static str,
    summary: &'static str,
    big_endian: bool,
    mark: bool,
}

pub const WIDE: Utf16 =
    Utf16 { name: "wide", summary: "The value in UTF-16, low byte first.", big_endian: false, mark: false };
pub const LITTLE_ENDIAN: Utf16 =
    Utf16 { name: "utf16le", summary: "The value in UTF-16, low byte first.", big_endian: false, mark: false };
pub const BIG_ENDIAN: Utf16 =
    Utf16 { name: "utf16be", summary: "The value in UTF-16, high byte first.", big_endian: true, mark: false };
pub const WITH_MARK: Utf16 = Utf16 {
    name: "utf16",
    summary: "The value in UTF-16 behind a byte order mark, low byte first.",
    big_endian: false,
    mark: true,
};

impl Modifier for Utf16 {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.each_text(self.name, |glob| {
            let mark = self.mark.then(|| Part::Bytes(vec![0xff, 0xfe]));
            let parts = glob.parts().iter().map(|part| match part {
                Part::Text(text) => self.encode(text),
                other => other.clone(),
            });
            Ok(vec![Form::Text(glob.with(mark.into_iter().chain(parts)))])
        })
    }
}

impl Utf16 {
    fn encode(&self, text: &str) -> Part {
        let units = text.encode_utf16();
        let bytes: Vec<u8> =
            units.flat_map(|unit| if self.big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
        String::from_utf8(bytes).map_or_else(|error| Part::Bytes(error.into_bytes()), Part::Text)
    }
}
