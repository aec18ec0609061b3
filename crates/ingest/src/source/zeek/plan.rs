//! Which columns of a record are wanted, and what for.
//!
//! A kind of log names the columns that mean more than themselves; all others go to `zeek.<log>.<column>`. With the
//! projection at hand that gives, once for each layout, the few columns that are worth splitting off.

use super::{
    header::{Column, Header},
    kinds::{Kind, Known, ROLES, Role},
    value::{Cell, Shape, Value},
};
use crate::{EventBatch, Projection, Slot, Tally, batch::Value as Set};
use schema::{Field, Type};
use std::borrow::Cow;

/// The work on one layout.
pub struct Plan {
    /// The wanted columns by place in the record, ascending; the cell of each has the same place here.
    pub wanted: Vec<usize>,
    roles: [Option<u8>; ROLES],
    copies: Vec<Copy>,
}

/// A value that goes to a field as it is.
struct Copy {
    cell: usize,
    slot: Slot,
    ty: Type,
    many: bool,
}

impl Plan {
    pub fn new(kind: &Kind, log: &str, columns: &[Column], projection: &Projection) -> Plan {
        let mut plan = Plan { wanted: Vec::new(), roles: [None; ROLES], copies: Vec::new() };
        for (place, column) in columns.iter().enumerate() {
            let known = kind.column(&column.name);
            let cell = plan.wanted.len();
            let copies: Vec<Copy> = targets(known, log, &column.name)
                .filter_map(|target| {
                    let slot = projection.slot(&target)?;
                    let field = projection.fields().get(slot.0)?;
                    Some(Copy { cell, slot, ty: field.ty, many: field.many })
                })
                .collect();
            let role = known.and_then(|known| known.role).filter(|role| {
                let feeds = known.map_or(&[][..], |known| known.feeds);
                *role == Role::Time || wants(projection, feeds)
            });
            // No log has columns near as many; further ones stay unread.
            if (role.is_some() || !copies.is_empty())
                && let Ok(number) = u8::try_from(cell)
            {
                plan.wanted.push(place);
                plan.copies.extend(copies);
                if let Some(role) = role {
                    plan.roles[role as usize].get_or_insert(number);
                }
            }
        }
        plan
    }

    pub fn row<'r, 'a>(&'r self, cells: &'r [Cell<'a>], header: &'r Header) -> Row<'r, 'a> {
        Row { plan: self, cells, header }
    }
}

/// The fields that the columns of a layout go to as they are.
pub fn fields<'c>(kind: &'c Kind, log: &'c str, columns: &'c [Column]) -> impl Iterator<Item = Field> + 'c {
    columns.iter().flat_map(move |column| {
        targets(kind.column(&column.name), log, &column.name).map(|target| field(&target, column))
    })
}

/// Whether one of the columns is what the field is read from.
pub fn has(kind: &Kind, columns: &[Column], field: &str) -> bool {
    columns.iter().filter_map(|column| kind.column(&column.name)).any(|known| {
        known.feeds.iter().any(|feed| field.starts_with(feed))
            || known.targets.is_some_and(|targets| targets.contains(&field))
    })
}

fn field(name: &str, column: &Column) -> Field {
    schema::field(name).cloned().unwrap_or_else(|| Field {
        name: name.to_owned().into(),
        ty: column.shape.ty(),
        many: column.many,
    })
}

fn targets<'c>(
    known: Option<&'c Known>,
    log: &'c str,
    column: &'c str,
) -> Box<dyn Iterator<Item = Cow<'static, str>> + 'c> {
    match known.and_then(|known| known.targets) {
        Some(targets) => Box::new(targets.iter().map(|target| Cow::Borrowed(*target))),
        None => Box::new(std::iter::once(Cow::Owned(format!("zeek.{log}.{column}")))),
    }
}

fn wants(projection: &Projection, feeds: &[&str]) -> bool {
    projection.fields().iter().any(|field| feeds.iter().any(|feed| field.name.starts_with(feed)))
}

/// The wanted values of one record.
#[derive(Clone, Copy)]
pub struct Row<'r, 'a> {
    plan: &'r Plan,
    cells: &'r [Cell<'a>],
    header: &'r Header,
}

impl<'r, 'a> Row<'r, 'a> {
    pub fn get(&self, role: Role) -> Option<Value<'r, 'a>> {
        let at = self.plan.roles[role as usize]?;
        Value::of(*self.cells.get(usize::from(at))?, self.header)
    }

    pub fn text(&self, role: Role) -> Option<Cow<'a, str>> {
        self.get(role)?.text()
    }

    pub fn number(&self, role: Role) -> Option<u64> {
        self.get(role)?.number()
    }

    pub fn port(&self, role: Role) -> Option<u16> {
        u16::try_from(self.number(role)?).ok()
    }

    pub fn nanos(&self, role: Role) -> Option<i64> {
        self.get(role)?.nanos()
    }

    pub fn boolean(&self, role: Role) -> Option<bool> {
        self.get(role)?.boolean()
    }

    /// Writes the values that go to a field as they are. One that is not of the field's type leaves it null.
    pub fn copy(&self, batch: &mut EventBatch, tally: &mut Tally) {
        for copy in &self.plan.copies {
            let Some(value) = self.cells.get(copy.cell).and_then(|cell| Value::of(*cell, self.header)) else {
                continue;
            };
            let values = if copy.many { value.elements() } else { vec![value] };
            for value in values {
                if !set(batch, copy.slot, copy.ty, value) {
                    tally.add_unconverted(|| batch.name(copy.slot).to_owned());
                }
            }
        }
    }
}

fn set(batch: &mut EventBatch, slot: Slot, ty: Type, value: Value<'_, '_>) -> bool {
    let text;
    let value = match ty {
        Type::Boolean => value.boolean().map(Set::Boolean),
        Type::Integer | Type::Long | Type::UnsignedLong => {
            value.number().map(Set::UnsignedLong).or_else(|| value.text()?.parse().ok().map(Set::Long))
        }
        Type::Double => value.decimal().map(Set::Double),
        Type::Date | Type::DateNanos => value.nanos().map(Set::Time),
        Type::Keyword | Type::Text | Type::Ip | Type::Version | Type::Null => {
            text = value.text();
            text.as_deref().map(Set::String)
        }
    };
    value.is_some_and(|value| batch.set(Some(slot), value))
}

/// What a column of JSON records is, by one of its values.
pub fn column(name: &str, json: &str) -> Column {
    let first = if json.starts_with('[') {
        crate::source::raw::elements(json).first().copied().unwrap_or("\"\"")
    } else {
        json
    };
    let shape = match first.as_bytes().first() {
        Some(b't' | b'f') => Shape::Boolean,
        Some(b'0'..=b'9' | b'-') if first.contains(['.', 'e', 'E']) => Shape::Decimal,
        Some(b'0'..=b'9' | b'-') => Shape::Integer,
        _ => Shape::Text,
    };
    Column { name: name.to_owned(), shape, many: json.starts_with('[') }
}
