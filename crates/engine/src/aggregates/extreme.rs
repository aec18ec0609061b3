//! What `MIN` and `MAX` share: DataFusion's own where values sort as they lie in memory, a keyed reducer for addresses and
//! versions, whose text does not.

use super::{
    BoundAggregate, per_row,
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Kind},
    order,
    types::ColumnType,
};
use arrow::{
    array::{ArrayRef, AsArray, StringViewArray},
    datatypes::DataType,
};
use datafusion::{
    common::Result,
    functions_aggregate::expr_fn::{max, min},
    logical_expr::Expr,
};
use ir::Diagnostic;
use schema::Type;
use std::{cmp::Ordering, sync::Arc};

/// Binds `MIN` ([`Ordering::Less`]) or `MAX` ([`Ordering::Greater`]).
pub fn bind(call: &Call<'_>, mut args: Vec<Expr>, wanted: Ordering) -> Result<BoundAggregate, Diagnostic> {
    call.count(1, 1)?;
    let ty = call.expect(0, Kind::Any)?;
    let arg = args.remove(0);
    let key = match ty {
        Type::Ip => |text: &str| order::ip(text).to_vec(),
        Type::Version => order::version,
        _ => {
            let (function, aggregate) = match wanted {
                Ordering::Less => ("mv_min", min as fn(Expr) -> Expr),
                _ => ("mv_max", max as fn(Expr) -> Expr),
            };
            // A text column's values are keywords once they are taken out of their documents.
            let returns = if ty == Type::Text { Type::Keyword } else { ty };
            let values = per_row(call, 0, arg, function)?;
            return Ok(BoundAggregate::single(ColumnType::one(returns), aggregate(values)));
        }
    };
    let name = if wanted == Ordering::Less { "min" } else { "max" };
    let extreme = reducer::aggregate(name, Extreme { key, wanted }, DataType::Utf8View, vec![arg]);
    Ok(BoundAggregate::single(ColumnType::one(ty), extreme))
}

struct Extreme {
    key: fn(&str) -> Vec<u8>,
    wanted: Ordering,
}

/// The best value so far, with its key.
type Best = Option<(Vec<u8>, String)>;

impl Reducer for Extreme {
    type Group = Best;
    type Prepared = StringViewArray;

    fn prepare(&self, args: &[ArrayRef]) -> Result<StringViewArray> {
        Ok(args[0].as_string_view().clone())
    }

    fn add(&self, group: &mut Best, values: &StringViewArray, row: usize) {
        let text = values.value(row);
        let key = (self.key)(text);
        if group.as_ref().is_none_or(|(best, _)| key.cmp(best) == self.wanted) {
            *group = Some((key, text.to_string()));
        }
    }

    fn merge(&self, group: &mut Best, other: Best) {
        let Some(other) = other else { return };
        if group.as_ref().is_none_or(|(best, _)| other.0.cmp(best) == self.wanted) {
            *group = Some(other);
        }
    }

    fn save(&self, group: &Best, out: &mut Vec<u8>) {
        if let Some((_, text)) = group {
            out.push(1);
            out.extend_from_slice(text.as_bytes());
        }
    }

    fn load(&self, bytes: &[u8]) -> Option<Best> {
        match bytes.split_first() {
            None => Some(None),
            Some((_, text)) => {
                let text = String::from_utf8(text.to_vec()).ok()?;
                Some(Some(((self.key)(&text), text)))
            }
        }
    }

    fn finish(&self, groups: Vec<Best>) -> Result<ArrayRef> {
        let texts: StringViewArray = groups.iter().map(|best| best.as_ref().map(|(_, text)| text)).collect();
        Ok(Arc::new(texts))
    }

    fn size(&self, group: &Best) -> usize {
        group.as_ref().map_or(0, |(key, text)| key.capacity() + text.capacity())
    }
}
