//! Records inside the documents of a shipper.
//!
//! Filebeat and Elastic Agent send what they read from a file as `message`, with fields about themselves and the host
//! around it; the integration's pipeline moves it to `event.original`. Splunk exports have it as `result._raw`. A
//! document that was already taken apart is not for here: it is read as ECS.

use super::{raw, target::Target};
use crate::{EventBatch, Projection, Tally};
use schema::Field;
use std::borrow::Cow;

/// Where the record is, in the order in which they count.
const RECORD: [&str; 3] = ["event.original", "message", "result._raw"];
/// Fields that a document has only once it was taken apart.
const TAKEN_APART: [&str; 4] = ["source.", "destination.", "network.", "dns."];
/// Beginnings of the fields about the shipper that are kept.
const KEPT: [&str; 9] = ["agent.", "cloud.", "container.", "fileset.", "host.", "input.", "log.", "observer.", "tags"];

/// A document with a record in it.
#[derive(Debug)]
pub struct Shipped<'d> {
    /// The record, JSON itself.
    pub record: Cow<'d, str>,
    /// When the shipper read it, in nanoseconds since the epoch.
    pub created: Option<i64>,
    /// `data_stream.namespace`.
    pub namespace: Option<Cow<'d, str>>,
    /// What is kept of the rest.
    rest: Vec<(String, &'d str)>,
}

impl<'d> Shipped<'d> {
    /// None if the document is not of a shipper, or holds no JSON record, or was taken apart.
    pub fn of(document: &'d str) -> Option<Self> {
        // The keys that every shipped document has; the look is much cheaper than to parse in vain.
        RECORD.iter().filter_map(|path| path.rsplit('.').next()).any(|key| document.contains(key)).then_some(())?;
        let mut records = [None; RECORD.len()];
        let mut taken_apart = false;
        let mut shipped = Shipped { record: Cow::Borrowed(""), created: None, namespace: None, rest: Vec::new() };
        let walked = raw::paths(document, &mut |path, value| {
            if let Some(at) = RECORD.iter().position(|known| *known == path) {
                records[at] = Some(value);
            } else if path == "@timestamp" {
                shipped.created = raw::text(value).and_then(|text| crate::time::parse(&text)?.nanos());
            } else if path == "data_stream.namespace" {
                shipped.namespace = raw::text(value);
            } else if KEPT.iter().any(|kept| path.starts_with(kept)) {
                shipped.rest.push((path.to_owned(), value));
            } else {
                taken_apart |= TAKEN_APART.iter().any(|beginning| path.starts_with(beginning));
            }
        });
        let record = raw::text(records.into_iter().flatten().next()?)?;
        let is_json = record.trim_start().starts_with('{');
        (walked.is_ok() && is_json && !taken_apart).then_some(Shipped { record, ..shipped })
    }

    /// The canonical fields about the shipper.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.rest.iter().filter_map(|(path, _)| schema::field(path).cloned())
    }

    /// Sets the columns about the shipper.
    pub fn write(&self, projection: &Projection, batch: &mut EventBatch, tally: &mut Tally) {
        for (path, value) in &self.rest {
            if let Some(target) = Target::of(path, projection) {
                target.set(value, batch, tally);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_where_shippers_put_it() {
        for document in [
            r#"{"@timestamp":"2020-04-28T11:07:58.223Z","message":"{\"ts\":1}","host":{"name":"h"}}"#,
            r#"{"event":{"original":"{\"ts\":1}"},"message":"{\"ts\":2}"}"#,
            r#"{"preview":false,"result":{"_raw":"{\"ts\":1}","host":"h"}}"#,
        ] {
            assert_eq!(
                Shipped::of(document).map(|shipped| shipped.record).as_deref(),
                Some("{\"ts\":1}"),
                "{document}"
            );
        }
    }

    #[test]
    fn other_documents_are_left() {
        for document in [
            r#"{"ts":1,"uid":"C1"}"#,
            r#"{"message":"a line of text"}"#,
            r#"{"event":{"original":"{\"ts\":1}"},"source":{"ip":"192.0.2.1"}}"#,
            r#"{"message":"#,
        ] {
            assert!(Shipped::of(document).is_none(), "{document}");
        }
    }
}
