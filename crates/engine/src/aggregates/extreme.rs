//! What `MIN` and `MAX` share: DataFusion's own where a row has one value that sorts as it lies in memory, a reducer for lists,
//! and for addresses and versions, whose text does not.

use super::{
    BoundAggregate,
    cell::{Cells, Codec, returned},
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Kind},
    types::ColumnType,
};
use arrow::array::ArrayRef;
use datafusion::{
    common::Result,
    functions_aggregate::expr_fn::{max, min},
    logical_expr::Expr,
};
use ir::Diagnostic;
use std::cmp::Ordering;

/// Binds `MIN` ([`Ordering::Less`]) or `MAX` ([`Ordering::Greater`]).
pub fn bind(call: &Call<'_>, mut args: Vec<Expr>, wanted: Ordering) -> Result<BoundAggregate, Diagnostic> {
    call.count(1, 1)?;
    let ty = returned(call.expect(0, Kind::Any)?);
    let codec = Codec::new(ty);
    let returns = ColumnType::one(ty);
    let (name, flat) = match wanted {
        Ordering::Less => ("min", min as fn(Expr) -> Expr),
        _ => ("max", max as fn(Expr) -> Expr),
    };
    let part = if codec.is_key() && !call.ty(0).many {
        flat(args.remove(0))
    } else {
        reducer::aggregate(name, Extreme { codec, wanted }, returns.physical(), args)
    };
    Ok(BoundAggregate::single(returns, part))
}

struct Extreme {
    codec: Codec,
    wanted: Ordering,
}

/// The best value so far, and its key where that is another.
type Best = Option<(Vec<u8>, Option<Vec<u8>>)>;

impl Extreme {
    fn offer(&self, group: &mut Best, cell: &[u8]) {
        let key = self.codec.key(cell);
        match group {
            Some((best, other)) => {
                if (*key).cmp(other.as_ref().unwrap_or(best)) == self.wanted {
                    replace(best, cell);
                    if let Some(other) = other {
                        replace(other, &key);
                    }
                }
            }
            None => *group = Some((cell.to_vec(), (!self.codec.is_key()).then(|| key.to_vec()))),
        }
    }
}

fn replace(bytes: &mut Vec<u8>, with: &[u8]) {
    bytes.clear();
    bytes.extend_from_slice(with);
}

impl Reducer for Extreme {
    type Group = Best;
    type Prepared = Cells;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Cells> {
        self.codec.cells(&args[0])
    }

    fn add(&self, group: &mut Best, values: &Cells, row: usize) {
        self.offer(group, values.get(row));
    }

    fn merge(&self, group: &mut Best, other: Best) {
        if let Some((cell, _)) = other {
            self.offer(group, &cell);
        }
    }

    fn save(&self, group: &Best, out: &mut Vec<u8>) {
        if let Some((cell, _)) = group {
            out.push(1);
            out.extend_from_slice(cell);
        }
    }

    fn load(&self, bytes: &[u8]) -> Option<Best> {
        let mut group = None;
        match bytes.split_first() {
            Some((1, cell)) if self.codec.accepts(cell) => self.offer(&mut group, cell),
            Some(_) => return None,
            None => {}
        }
        Some(group)
    }

    fn finish(&self, groups: Vec<Best>) -> Result<ArrayRef> {
        Ok(self.codec.array(groups.iter().map(|best| best.as_ref().map(|(cell, _)| cell.as_slice()))))
    }

    fn size(&self, group: &Best) -> usize {
        let Some((cell, key)) = group else { return 0 };
        cell.capacity() + key.as_ref().map_or(0, Vec::capacity)
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn extremes() {
        check(
            "
            min(integer: 3; [-1, 2]; null) => -1 integer
            max(integer: 3; [-1, 2]; null) => 3 integer
            min(long: 3; -9223372036854775808) => -9223372036854775808 long
            max(unsigned_long: 3; 18446744073709551615) => 18446744073709551615 unsigned_long
            min(double: -0.5; -2.5; 1.0) => -2.5 double
            max(double: -0.5; -2.5) => -0.5 double
            min(boolean: true; false) => false boolean
            max(boolean: [true, false]; false) => true boolean
            max(date: 5; 7) => 7 date
            min(date_nanos: 5; 7) => 5 date_nanos
            min(keyword: b; a; abc) => a keyword
            max(text: b; [a, bb]) => bb keyword
            min(ip: 10.0.0.1; 9.0.0.1; ::1) => ::1 ip
            max(ip: 10.0.0.1; 9.0.0.1) => 10.0.0.1 ip
            max(version: 1.2; [1.11, 1.3]) => 1.11 version
            min(version: null) => null version
            max(null: null) => null null
            ",
        );
    }
}
