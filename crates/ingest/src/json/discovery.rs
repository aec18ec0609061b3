//! All fields and data streams of an input, also those that its head does not show.
//!
//! Decoders that share a [`Shared`] look closer only at documents that differ from those before in their keys or in the
//! kinds of their values, which the scanner knows; so this is little more work than reading.

use super::fields::Discovery;
use schema::DataStream;
use serde_json::{Deserializer, Value};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What several decoders learn together.
#[derive(Clone, Debug, Default)]
pub struct Shared(Arc<Mutex<Discovered>>);

#[derive(Clone, Debug, Default)]
pub struct Discovered {
    pub fields: Discovery,
    pub streams: Vec<DataStream>,
}

impl Discovered {
    pub fn see(&mut self, document: &Value, stream: DataStream) {
        self.fields.document(document);
        if !self.streams.contains(&stream) {
            self.streams.push(stream);
        }
    }
}

impl Shared {
    pub fn new(known: Discovered) -> Self {
        Shared(Arc::new(Mutex::new(known)))
    }

    /// The document that the text begins with; of `hits` its fields lie below `_source`.
    pub fn see(&self, text: &str, hits: bool, stream: &DataStream) {
        let Some(Ok(document)) = Deserializer::from_str(text).into_iter::<Value>().next() else { return };
        let document = if hits { &document["_source"] } else { &document };
        self.lock().see(document, stream.clone());
    }

    pub fn found(&self) -> Discovered {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Discovered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
