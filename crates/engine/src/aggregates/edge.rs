//! What `FIRST` and `LAST` share: the row with the least or greatest sort value.
//!
//! Elasticsearch's rules: the row's values are given as they are, several or null; of several sort values the one that
//! brings the row further to the front counts; a row without a sort value counts only where no row has one; of equal
//! rows any may be given, here the one met first.

use super::{
    BoundAggregate,
    cell::{Codec, Column, append, returned, split},
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Kind},
    types::ColumnType,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, Int64Array, ListArray},
    buffer::{NullBuffer, OffsetBuffer},
    compute::cast,
    datatypes::{DataType, Int64Type},
};
use datafusion::{common::Result, logical_expr::Expr};
use ingest::physical;
use ir::{Diagnostic, codes};
use std::{cmp::Ordering, sync::Arc};

/// Binds `FIRST` ([`Ordering::Less`]) or `LAST` ([`Ordering::Greater`]).
pub fn bind(
    name: &'static str,
    call: &Call<'_>,
    args: Vec<Expr>,
    wanted: Ordering,
) -> Result<BoundAggregate, Diagnostic> {
    call.count(2, 2)?;
    let ty = returned(call.expect(0, Kind::Any)?);
    let sort = call.ty(1).ty;
    if !Kind::WholeNumber.accepts(sort) && !sort.is_date() {
        let (text, span) = call.args.get(1).map_or(("", call.span), |arg| (arg.text.as_str(), arg.span));
        let message = format!(
            "second argument of [{}] must be [integer, long or date], found value [{text}] type [{sort}]",
            call.text
        );
        return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span));
    }
    let returns = ColumnType { ty, many: call.ty(0).many };
    let edge = Edge { codec: Codec::new(ty), returns, wanted };
    Ok(BoundAggregate::single(returns, reducer::aggregate(name, edge, returns.physical(), args)))
}

struct Edge {
    codec: Codec,
    returns: ColumnType,
    wanted: Ordering,
}

/// The row at the edge: its sort value, and its values one after the other with their lengths.
#[derive(Clone, PartialEq)]
struct Row {
    rank: Option<i64>,
    values: Vec<u8>,
}

struct Rows {
    ranks: Vec<Option<i64>>,
    values: Column,
}

impl Edge {
    fn comes_before(&self, rank: Option<i64>, row: &Row) -> bool {
        match (rank, row.rank) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(rank), Some(other)) => rank.cmp(&other) == self.wanted,
        }
    }

    fn ranks(&self, sort: &ArrayRef) -> Result<Vec<Option<i64>>> {
        let list = sort.as_list_opt::<i32>();
        let numbers = cast(list.map_or(sort, |list| list.values()), &DataType::Int64)?;
        let numbers: &Int64Array = numbers.as_primitive::<Int64Type>();
        let Some(list) = list else { return Ok(numbers.iter().collect()) };
        let edge = |ends: &[i32]| {
            let values = &numbers.values()[ends[0] as usize..ends[1] as usize];
            if self.wanted == Ordering::Less { values.iter().min() } else { values.iter().max() }.copied()
        };
        let rows = list.offsets().windows(2).enumerate();
        Ok(rows.map(|(row, ends)| if list.is_valid(row) { edge(ends) } else { None }).collect())
    }
}

fn cells(mut values: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || split(&mut values))
}

impl Reducer for Edge {
    type Group = Option<Row>;
    type Prepared = Rows;

    const WHOLE_ROWS: bool = true;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Rows> {
        Ok(Rows { ranks: self.ranks(&args[1])?, values: self.codec.column(&args[0])? })
    }

    fn add(&self, group: &mut Option<Row>, rows: &Rows, row: usize) {
        let rank = rows.ranks[row];
        if group.as_ref().is_some_and(|best| !self.comes_before(rank, best)) {
            return;
        }
        let mut values = group.take().map_or_else(Vec::new, |old| old.values);
        values.clear();
        rows.values.row(row).for_each(|cell| append(&mut values, cell));
        *group = Some(Row { rank, values });
    }

    fn merge(&self, group: &mut Option<Row>, other: Option<Row>) {
        let Some(other) = other else { return };
        if group.as_ref().is_none_or(|best| self.comes_before(other.rank, best)) {
            *group = Some(other);
        }
    }

    fn save(&self, group: &Option<Row>, out: &mut Vec<u8>) {
        let Some(row) = group else { return };
        out.push(row.rank.is_some().into());
        out.extend_from_slice(&row.rank.unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&row.values);
    }

    fn load(&self, bytes: &[u8]) -> Option<Option<Row>> {
        let Some((&ranked, rest)) = bytes.split_first() else { return Some(None) };
        let (rank, values) = rest.split_first_chunk::<8>()?;
        let (mut rest, mut count) = (values, 0);
        while !rest.is_empty() {
            count += 1;
            if !self.codec.accepts(split(&mut rest)?) {
                return None;
            }
        }
        let fits = ranked <= 1 && (self.returns.many || count <= 1);
        let rank = (ranked == 1).then_some(i64::from_le_bytes(*rank));
        fits.then(|| Some(Row { rank, values: values.to_vec() }))
    }

    fn finish(&self, groups: Vec<Option<Row>>) -> Result<ArrayRef> {
        let rows = groups.iter().map(|group| group.as_ref().map_or(&[][..], |row| row.values.as_slice()));
        if !self.returns.many {
            return Ok(self.codec.array(rows.map(|values| cells(values).next())));
        }
        let lengths: Vec<usize> = rows.clone().map(|values| cells(values).count()).collect();
        let valid = NullBuffer::from_iter(lengths.iter().map(|length| *length > 0));
        let all = self.codec.array(rows.flat_map(|values| cells(values).map(Some)));
        let ends = OffsetBuffer::from_lengths(lengths);
        Ok(Arc::new(ListArray::try_new(physical::element(self.returns.ty), ends, all, Some(valid))?))
    }

    fn size(&self, group: &Option<Row>) -> usize {
        group.as_ref().map_or(0, |row| row.values.capacity())
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn firsts_and_lasts() {
        check(
            "
            first(keyword: b; a; c, date: 20; 10; 30) => a keyword
            last(keyword: b; a; c, date: 20; 10; 30) => c keyword
            first(long: null; 2; 3, integer: 1; 2; 3) => null long
            last(long: [6, 7, 8]; 2; 3, long: 9; 2; 3) => [6, 7, 8] long
            first(text: a; b, long: [5, 9]; 7) => a keyword
            last(text: a; b, long: [5, 9]; 7) => a keyword
            first(ip: 10.0.0.1; ::1, date_nanos: null; 4) => ::1 ip
            last(ip: 10.0.0.1; ::1, date_nanos: null; 4) => ::1 ip
            last(boolean: true, long: null) => true boolean
            first(integer: 5, null: null) => 5 integer
            first(null: null, long: 1) => null null
            first(double: 1.5, double: 1.0) => refused
            first(double: 1.5, keyword: a) => refused
            first(double: 1.5) => refused
            ",
        );
    }
}
