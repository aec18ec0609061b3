//! Recognising JSON documents, and what their head says about them.

use super::{
    bulk::BulkDecoder,
    documents::DocumentDecoder,
    fields::Discovery,
    flatten::flatten,
    ndjson::LineDecoder,
    shape::{self, Shape},
    stream,
};
use crate::{
    Decoder, Framing, Head, Log, Options, Projection, Source,
    ecs::{self, Derive},
};
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
        shape::sample(head).is_some()
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let sample = shape::sample(head).ok_or("not JSON documents")?;
        let mut discovery = Discovery::default();
        let mut streams = Vec::new();
        let mut index = None;
        for (number, document) in sample.documents.iter().enumerate() {
            if sample.shape == Shape::Bulk
                && let Some((_, body)) = shape::action(document)
            {
                index = body["_index"].as_str();
                continue;
            }
            if sample.hits {
                index = document[Projection::INDEX].as_str();
            }
            let document = if sample.hits { &document["_source"] } else { document };
            flatten(document, &mut |path, value| discovery.see(number as u64, path, value));
            let stream = stream_of(document, index.take());
            if !streams.contains(&stream) {
                streams.push(stream);
            }
        }
        if streams.is_empty() {
            streams.push(stream::of(&stream::Facts::default()));
        }
        let (present, options) = (discovery.fields(), options.clone());
        Ok(Arc::new(DocumentLog { shape: sample.shape, hits: sample.hits, present, streams, options }))
    }
}

fn stream_of(document: &Value, index: Option<&str>) -> DataStream {
    let mut values = [None; stream::PATHS.len()];
    flatten(document, &mut |path, value| {
        if let Some(at) = stream::PATHS.iter().position(|known| *known == path) {
            values[at] = value.as_str();
        }
    });
    stream::of(&stream::Facts { values, index })
}

struct DocumentLog {
    shape: Shape,
    hits: bool,
    /// The fields that documents of the head have.
    present: Vec<Field>,
    streams: Vec<DataStream>,
    options: Options,
}

impl Log for DocumentLog {
    fn streams(&self) -> Vec<DataStream> {
        self.streams.clone()
    }

    fn fields(&self) -> Vec<Field> {
        let derived = ecs::fields(&self.present);
        self.present.iter().cloned().chain(derived).collect()
    }

    fn framing(&self) -> Framing {
        match self.shape {
            Shape::Lines => Framing::Lines,
            Shape::Bulk | Shape::Spread | Shape::Search => Framing::Bytes,
        }
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let derive = Derive::new(projection, &self.present, &self.options);
        match self.shape {
            Shape::Lines => Box::new(LineDecoder::new(projection, self.hits, derive)),
            Shape::Bulk => Box::new(BulkDecoder::new(projection, derive)),
            Shape::Spread | Shape::Search => {
                Box::new(DocumentDecoder::new(projection, self.shape == Shape::Search, self.hits, derive))
            }
        }
    }
}
