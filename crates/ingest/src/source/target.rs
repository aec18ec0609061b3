//! A column that a JSON value goes to as it is.

use super::raw;
use crate::{EventBatch, Projection, Slot, batch::Value, time};
use schema::Type;

/// The column of a projected field.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    slot: Slot,
    ty: Type,
}

impl Target {
    /// None if the projection lacks the field.
    pub fn of(name: &str, projection: &Projection) -> Option<Target> {
        let slot = projection.slot(name)?;
        projection.fields().get(slot.0).map(|field| Target { slot, ty: field.ty })
    }

    /// Sets the column to a JSON value, or adds all its elements where it takes several. What does not convert, or is an
    /// object, is left out; `event.original` still has it.
    pub fn set(self, json: &str, batch: &mut EventBatch) {
        if json.starts_with('[') {
            for element in raw::elements(json) {
                self.set_scalar(element, batch);
            }
        } else {
            self.set_scalar(json, batch);
        }
    }

    fn set_scalar(self, json: &str, batch: &mut EventBatch) {
        let Some(text) = raw::text(json) else { return };
        let value = match self.ty {
            Type::Date | Type::DateNanos => time::parse(&text).and_then(time::Moment::nanos).map(Value::Time),
            Type::Integer | Type::Long | Type::UnsignedLong if text.contains('.') => {
                text.parse().ok().map(Value::Double)
            }
            _ => Some(Value::String(&text)),
        };
        if let Some(value) = value {
            batch.set(Some(self.slot), value);
        }
    }
}
