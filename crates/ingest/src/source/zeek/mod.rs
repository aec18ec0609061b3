//! Zeek logs: tab-separated with a header, as JSON lines, as `json-streaming-logs` writes them, and as Filebeat ships them.
//!
//! Whatever the encoding, a record is a row of columns by Zeek's names, and a [`kinds::Kind`] says what they mean in the
//! terms of Elastic's integration `zeek`.

mod header;
mod headers;
mod json;
mod kinds;
mod plan;
mod tsv;
mod value;

use super::{Head, Log, Options, Source};
use std::sync::Arc;

/// Logs of the network monitor Zeek.
pub struct Zeek;

impl Source for Zeek {
    fn name(&self) -> &'static str {
        "zeek"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        tsv::recognise(head.bytes) || json::recognise(head)
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        if tsv::recognise(head.bytes) {
            Ok(Arc::new(tsv::TsvLog::new(head, options)))
        } else {
            Ok(Arc::new(json::JsonLog::new(head, options)))
        }
    }
}
