//! Suricata's EVE log: JSON records of many kinds in one stream, of which DNS is one.
//!
//! All become events of `suricata.eve` with what they share; DNS of the versions 1, 2 and 3 becomes a
//! [`crate::dns::Event`]. The mapping is that of Elastic's integration `suricata`. What is in no canonical field is below
//! `suricata.eve.`.

mod decoder;
mod dns;
mod fields;
mod kinds;
mod member;
mod tls;

use super::{Head, Log, Options, Source, raw, shipped::Shipped};
use std::sync::Arc;

/// The EVE log of the network monitor Suricata.
pub struct Suricata;

/// How many lines of the head decide what it is.
const LINES: usize = 16;

impl Source for Suricata {
    fn name(&self) -> &'static str {
        "suricata"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        if head.bytes.trim_ascii_start().first() != Some(&b'{') {
            return false;
        }
        super::lines(head.bytes).take(LINES).any(|(_, line)| {
            std::str::from_utf8(line).is_ok_and(|line| match Shipped::of(line) {
                Some(shipped) => is_record(&shipped.record),
                None => is_record(line),
            })
        })
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        Ok(Arc::new(decoder::EveLog::new(head, options)))
    }
}

/// All records have a time and a kind; documents of ECS have neither under these names.
fn is_record(line: &str) -> bool {
    let (mut has_time, mut has_kind) = (false, false);
    let found = raw::members(line, &mut |key, _| {
        has_time |= key == "timestamp";
        has_kind |= key == "event_type";
    });
    found.is_ok() && has_time && has_kind
}
