//! A column that a JSON value goes to as it is.

use super::raw;
use crate::{EventBatch, Projection, Slot, Tally, batch::Value, time};
use schema::Type;

/// The column of a projected field.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    slot: Slot,
    ty: Type,
    many: bool,
}

impl Target {
    /// None if the projection lacks the field.
    pub fn of(name: &str, projection: &Projection) -> Option<Target> {
        let slot = projection.slot(name)?;
        projection.fields().get(slot.0).map(|field| Target { slot, ty: field.ty, many: field.many })
    }

    /// Sets the column to a JSON value, or adds all its elements where it takes several. What does not convert is counted
    /// and left out; `event.original` still has it.
    pub fn set(self, json: &str, batch: &mut EventBatch, tally: &mut Tally) {
        if json.starts_with('[') {
            for element in raw::elements(json) {
                self.set_scalar(element, batch, tally);
            }
        } else {
            self.set_scalar(json, batch, tally);
        }
    }

    fn set_scalar(self, json: &str, batch: &mut EventBatch, tally: &mut Tally) {
        let Some(text) = raw::text(json) else { return };
        let value = match self.ty {
            Type::Date | Type::DateNanos => time::parse(&text).and_then(time::Moment::nanos).map(Value::Time),
            Type::Integer | Type::Long | Type::UnsignedLong if text.contains('.') => {
                text.parse().ok().map(Value::Double)
            }
            _ => Some(Value::String(&text)),
        };
        let set = value.is_some_and(|value| batch.set(Some(self.slot), value));
        if !set && !self.many && batch.is_set(Some(self.slot)) {
            tally.add_several(|| batch.name(self.slot).to_owned());
        } else if !set {
            tally.add_unconverted(|| batch.name(self.slot).to_owned());
        }
    }
}
