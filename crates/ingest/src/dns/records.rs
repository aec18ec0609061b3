//! Resource records of a message as text.

use super::{Answer, heard::OPT};
use crate::wire::{Message, Section};
use schema::dns;
use std::borrow::Cow;

/// Text of one message's records beyond this many bytes is not written: names are compressed, and a forged message of
/// 64 KiB could else ask for megabytes.
const MAX_TEXT: usize = 256 << 10;

/// The records of one section, in memory that is used again for the next message.
#[derive(Debug, Default)]
pub struct RecordTexts {
    text: Vec<u8>,
    places: Vec<Place>,
}

/// Where a record's text lies.
#[derive(Debug)]
struct Place {
    /// Where the name, and behind it the data, begins and ends.
    name: usize,
    data: usize,
    end: usize,
    ty: Cow<'static, str>,
    class: Cow<'static, str>,
    ttl: u32,
}

impl RecordTexts {
    /// Takes the records of a section; one that cannot be read ends it.
    pub fn read(&mut self, message: &Message<'_>, section: Section) {
        self.text.clear();
        self.places.clear();
        let records = message.records().map_while(Result::ok);
        for record in records.take_while(|record| record.section <= section) {
            if record.section != section || record.rtype == OPT || self.text.len() > MAX_TEXT {
                continue;
            }
            let name = self.text.len();
            if record.name.write(&mut self.text).is_err() {
                break;
            }
            let data = self.text.len();
            record.rdata.write(&mut self.text);
            self.places.push(Place {
                name,
                data,
                end: self.text.len(),
                ty: dns::rr_type_name(record.rtype),
                class: dns::class_name(record.class),
                ttl: record.ttl,
            });
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Answer<'_>> {
        self.places.iter().map(|place| Answer {
            name: self.slice(place.name, place.data),
            ty: Some(&place.ty),
            class: Some(&place.class),
            ttl: Some(place.ttl.into()),
            data: self.slice(place.data, place.end),
        })
    }

    fn slice(&self, start: usize, end: usize) -> Option<&str> {
        // Whatever is not ASCII was escaped.
        std::str::from_utf8(self.text.get(start..end)?).ok()
    }
}
