//! Which fields documents have, found by looking.
//!
//! Fields of the schema have their canonical type. Others get the type that Elasticsearch's dynamic mapping would give
//! ("Dynamic field mapping"), except that strings are never taken for dates and that a field whose values disagree
//! becomes a keyword, or a double if all are numbers, where Elasticsearch would reject the later document.

use super::flatten::flatten;
use schema::{Field, Type};
use serde_json::Value;
use std::collections::HashMap;

/// Fields seen so far.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    places: HashMap<String, usize>,
    fields: Vec<Seen>,
    documents: u64,
}

#[derive(Clone, Debug)]
struct Seen {
    name: String,
    ty: Type,
    many: bool,
    known: bool,
    /// The document it was last seen in.
    document: u64,
}

/// More fields than this are not told apart; Elasticsearch's own default limit is 1,000 (`index.mapping.total_fields.limit`).
const FIELDS: usize = 10_000;

impl Discovery {
    pub fn document(&mut self, document: &Value) {
        self.documents += 1;
        let number = self.documents;
        flatten(document, &mut |path, value| self.see(number, path, value));
    }

    /// A value of the document of this number.
    fn see(&mut self, document: u64, path: &str, value: &Value) {
        let Some(at) = self.places.get(path) else {
            if self.fields.len() < FIELDS {
                self.places.insert(path.to_owned(), self.fields.len());
                self.fields.push(Seen::first(document, path, value));
            }
            return;
        };
        let seen = &mut self.fields[*at];
        seen.many |= seen.document == document && !seen.known;
        seen.document = document;
        if !seen.known {
            seen.ty = seen.ty.widened(type_of(value));
        }
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// The first `head` fields in the order of their appearance, then the others in the order of their names.
    pub fn fields(&self, head: usize) -> Vec<Field> {
        let field = |seen: &Seen| Field { name: seen.name.clone().into(), ty: seen.ty, many: seen.many };
        let mut fields: Vec<Field> = self.fields.iter().map(field).collect();
        if let Some(others) = fields.get_mut(head..) {
            others.sort_by(|a, b| a.name.cmp(&b.name));
        }
        fields
    }
}

impl Seen {
    fn first(document: u64, path: &str, value: &Value) -> Self {
        let known = schema::field(path);
        let (ty, many) = known.map_or((type_of(value), false), |field| (field.ty, field.many));
        Seen { name: path.to_owned(), ty, many, known: known.is_some(), document }
    }
}

fn type_of(value: &Value) -> Type {
    match value {
        Value::Bool(_) => Type::Boolean,
        Value::Number(number) if number.is_i64() => Type::Long,
        Value::Number(_) => Type::Double,
        _ => Type::Keyword,
    }
}
