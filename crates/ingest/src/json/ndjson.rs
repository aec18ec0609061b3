//! One document a line.

use super::{fields::Discovery, flatten::flatten, stream};
use crate::{
    Chunk, Decoder, EventBatch, Framing, Head, Log, Options, Projection, Slot, Source, Tally, batch::Value as Set, time,
};
use schema::{DataStream, Field, Type};
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};

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
            flatten(&document, &mut String::new(), &mut |path, value| discovery.see(number as u64, path, value));
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
    flatten(document, &mut String::new(), &mut |path, value| {
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
        let slots =
            projection.fields().iter().enumerate().map(|(at, field)| (field.name.to_string(), (Slot(at), field.ty)));
        Box::new(DocumentDecoder { slots: slots.collect(), index: projection.slot(Projection::INDEX), records: 0 })
    }
}

struct DocumentDecoder {
    slots: HashMap<String, (Slot, Type)>,
    index: Option<Slot>,
    records: u64,
}

impl Decoder for DocumentDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let bytes = chunk.bytes.as_slice();
        let mut offset = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.records += 1;
            batch.at_offset(chunk.offset + offset);
            offset += line.len() as u64;
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice::<Value>(line) {
                Ok(document) => self.document(&document, batch, tally),
                Err(error) => tally.unreadable(self.records, error.to_string(), line),
            }
        }
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

impl DocumentDecoder {
    fn document(&self, document: &Value, batch: &mut EventBatch, tally: &mut Tally) {
        flatten(document, &mut String::new(), &mut |path, value| {
            if let Some((slot, ty)) = self.slots.get(path) {
                set(batch, *slot, *ty, value);
            }
            if path == "@timestamp"
                && let Some(moment) = value.as_str().and_then(time::parse)
            {
                tally.timestamp(moment.millis());
            }
        });
        if self.index.is_some() {
            batch.set_str(self.index, stream_of(document).as_str());
        }
        tally.events += 1;
        batch.end_event();
    }
}

fn set(batch: &mut EventBatch, slot: Slot, ty: Type, value: &Value) -> bool {
    let value = match value {
        Value::String(text) if ty.is_date() => match time::parse(text).and_then(time::Moment::nanos) {
            Some(nanos) => Set::Time(nanos),
            None => return false,
        },
        Value::String(text) => Set::String(text),
        Value::Bool(value) => Set::Boolean(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Set::Long(value),
            (_, Some(value)) => Set::UnsignedLong(value),
            _ => Set::Double(number.as_f64().unwrap_or(f64::NAN)),
        },
        _ => return true,
    };
    batch.set(Some(slot), value)
}
