//! Recognising JSON documents, and what their head says about them.

use super::{fields::Discovery, flatten::flatten, ndjson::LineDecoder, stream};
use crate::{Decoder, Framing, Head, Log, Options, Projection, Source};
use schema::{DataStream, Field};
use serde_json::Value;
use std::sync::Arc;

/// JSON documents of any kind, with ECS fields if they have them.
pub struct Documents;

impl Source for Documents {
    fn name(&self) -> &'static str {
        "json"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        head.bytes.trim_ascii_start().starts_with(b"{")
    }

    fn open(&self, head: &Head<'_>, _: &Options) -> Result<Arc<dyn Log>, String> {
        let mut discovery = Discovery::default();
        let mut streams = Vec::new();
        for (number, line) in head.bytes.split(|byte| *byte == b'\n').enumerate() {
            let Ok(document) = serde_json::from_slice::<Value>(line) else { continue };
            flatten(&document, &mut |path, value| discovery.see(number as u64, path, value));
            let stream = stream_of(&document);
            if !streams.contains(&stream) {
                streams.push(stream);
            }
        }
        Ok(Arc::new(DocumentLog { fields: discovery.fields(), streams }))
    }
}

fn stream_of(document: &Value) -> DataStream {
    let mut values = [None; stream::PATHS.len()];
    flatten(document, &mut |path, value| {
        if let Some(at) = stream::PATHS.iter().position(|known| *known == path) {
            values[at] = value.as_str();
        }
    });
    stream::of(&stream::Facts { values, index: None })
}

struct DocumentLog {
    fields: Vec<Field>,
    streams: Vec<DataStream>,
}

impl Log for DocumentLog {
    fn streams(&self) -> Vec<DataStream> {
        self.streams.clone()
    }

    fn fields(&self) -> Vec<Field> {
        self.fields.clone()
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        Box::new(LineDecoder::new(projection))
    }
}
