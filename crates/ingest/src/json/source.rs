//! Recognising JSON documents, and what their head says about them.

use super::{
    bulk::BulkDecoder,
    discovery::{Discovered, Shared},
    documents::DocumentDecoder,
    flatten::flatten,
    ndjson::LineDecoder,
    rows::{Layout, Rows},
    shape::{self, Shape},
    stream,
};
use crate::{
    Decoder, Discovery, Framing, Head, Log, Options, Projection, Source,
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
        let mut known = Discovered::default();
        let mut index = None;
        for document in &sample.documents {
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
            known.see(document, stream_of(document, index.take()));
        }
        if known.streams.is_empty() {
            known.streams.push(stream::of(&stream::Facts::default()));
        }
        let (shown, options) = (known.fields.len(), options.clone());
        let (shape, hits, all) = (sample.shape, sample.hits, head.whole);
        Ok(Arc::new(DocumentLog { shape, hits, head: shown, known, all, options, learn: None }))
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

#[derive(Clone)]
struct DocumentLog {
    shape: Shape,
    hits: bool,
    /// How many of the fields were in the head.
    head: usize,
    known: Discovered,
    /// Whether that is all there is.
    all: bool,
    options: Options,
    /// Where decoders put what they learn.
    learn: Option<Shared>,
}

impl Log for DocumentLog {
    fn streams(&self) -> Vec<DataStream> {
        self.known.streams.clone()
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = self.known.fields.fields(self.head);
        fields.extend(ecs::fields(&fields));
        fields
    }

    fn framing(&self) -> Framing {
        match self.shape {
            Shape::Lines => Framing::Lines,
            Shape::Bulk | Shape::Spread | Shape::Search => Framing::Bytes,
        }
    }

    fn stands_in_records(&self, field: &str) -> bool {
        self.known.fields.fields(self.head).iter().any(|present| present.name == field)
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let derive = Derive::new(projection, &self.known.fields.fields(self.head), &self.options);
        let layout = Layout { hits: self.hits, over_lines: matches!(self.shape, Shape::Spread | Shape::Search) };
        let rows = Rows::new(projection, layout, derive, self.learn.clone());
        match self.shape {
            Shape::Lines => Box::new(LineDecoder::new(rows)),
            Shape::Bulk => Box::new(BulkDecoder::new(rows)),
            Shape::Spread | Shape::Search => Box::new(DocumentDecoder::new(rows, self.shape == Shape::Search)),
        }
    }

    fn names_events(&self) -> bool {
        self.hits || self.shape == Shape::Bulk
    }

    fn is_open_ended(&self) -> bool {
        !self.all
    }

    fn discovery(&self) -> Option<Discovery> {
        if self.all {
            return None;
        }
        let shared = Shared::new(self.known.clone());
        let log = DocumentLog { learn: Some(shared.clone()), ..self.clone() };
        let known = self.clone();
        let found = move || Arc::new(DocumentLog { known: shared.found(), all: true, ..known }) as Arc<dyn Log>;
        Some(Discovery { log: Arc::new(log), found: Box::new(found) })
    }
}
