//! `TOP(field, limit [, order [, outputField]])`: the first few values in order, repeated ones included.
//!
//! Where a row has several values, each counts; with an output field, each with each of that field's. Ties are broken by
//! the output, so that the answer does not depend on the order of the events.

use super::{
    Aggregate, BoundAggregate,
    best::{Best, Order},
    cell::{Cells, Codec, Column, returned},
    positive,
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::array::ArrayRef;
use datafusion::{common::Result, logical_expr::Expr};
use ir::{Diagnostic, codes};
use schema::Type;

pub struct Top;

static DOC: Doc = Doc {
    name: "top",
    summary: "The first values in order, repeated ones included, or the values of another field from the same rows.",
    parameters: &[
        Parameter::required("field", "any type", "The values to order by."),
        Parameter::required("limit", "integer", "How many values at most; a constant above 0."),
        Parameter::optional("order", "keyword", "`asc`, the default, or `desc`; a constant."),
        Parameter::optional("outputField", "any type", "The field to give values of instead."),
    ],
    returns: "the type of the output, several; keyword for text",
    examples: &[
        Example { query: r#"ROW a = [3, 1, 2, 3] | STATS t = TOP(a, 3, "desc")"#, rows: &["[3, 3, 2]"] },
        Example { query: "ROW a = [3, 1, 2] | STATS t = TOP(a, 2)", rows: &["[1, 2]"] },
    ],
};

impl Aggregate for Top {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(2, 4)?;
        let field = call.expect(0, Kind::Any)?;
        let order = Order { limit: positive(call, 1)?, descending: descending(call)? };
        let output = if args.len() > 3 { Some(call.expect(3, Kind::Any)?) } else { None };
        let ty = returned(output.filter(|ty| *ty != Type::Null).unwrap_or(field));
        let (field, output, result) = (Codec::new(field), output.map(Codec::new), Codec::new(ty));
        args = args.into_iter().enumerate().filter(|(at, _)| matches!(at, 0 | 3)).map(|(_, arg)| arg).collect();
        let returns = ColumnType::many(ty);
        let part = reducer::aggregate("top", Collect { field, output, result, order }, returns.physical(), args);
        Ok(BoundAggregate::single(returns, part))
    }
}

fn descending(call: &Call<'_>) -> Result<bool, Diagnostic> {
    if call.args.len() < 3 {
        return Ok(false);
    }
    call.expect(2, Kind::String)?;
    let Some(order) = call.constant_str(2) else {
        let message = format!("the order of [{}] must be a constant", call.text);
        return Err(Diagnostic::refusal(codes::NOT_CONSTANT, message).at(call.span));
    };
    match order.to_ascii_lowercase().as_str() {
        "asc" => Ok(false),
        "desc" => Ok(true),
        _ => {
            let message = format!("invalid order value in [{}], expected [ASC, DESC] but got [{order}]", call.text);
            Err(call.bad_value(2, message))
        }
    }
}

struct Collect {
    field: Codec,
    output: Option<Codec>,
    result: Codec,
    order: Order,
}

struct Prepared {
    keys: Cells,
    outputs: Option<Column>,
}

impl Reducer for Collect {
    type Group = Best;
    type Prepared = Prepared;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Prepared> {
        let outputs = match (&self.output, args.get(1)) {
            (Some(codec), Some(array)) => Some(codec.column(array)?),
            _ => None,
        };
        Ok(Prepared { keys: self.field.cells(&args[0])?, outputs })
    }

    fn add(&self, group: &mut Best, values: &Prepared, row: usize) {
        let cell = values.keys.get(row);
        let key = self.field.key(cell);
        match &values.outputs {
            Some(outputs) => outputs.row(row).for_each(|output| group.add(self.order, &key, Some(output))),
            None => group.add(self.order, &key, (!self.field.is_key()).then_some(cell)),
        }
    }

    fn merge(&self, group: &mut Best, other: Best) {
        group.merge(self.order, other);
    }

    fn save(&self, group: &Best, out: &mut Vec<u8>) {
        group.save(out);
    }

    fn load(&self, bytes: &[u8]) -> Option<Best> {
        Best::load(self.order, bytes, |value| self.result.accepts(value))
    }

    fn finish(&self, mut groups: Vec<Best>) -> Result<ArrayRef> {
        let sorted: Vec<_> = groups.iter_mut().map(|group| group.sorted(self.order)).collect();
        self.result.lists(&sorted)
    }

    fn size(&self, group: &Best) -> usize {
        group.size()
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn tops() {
        check(
            "
            top(integer: 3; [1, 2]; null; 3, 3, \"DESC\") => [3, 3, 2] integer
            top(long: 3; -1; 2, 2) => [-1, 2] long
            top(long: 3, 5) => 3 long
            top(double: -1.5; 0.0; -2.5; 7.25, 3, \"asc\") => [-2.5, -1.5, 0.0] double
            top(boolean: true; false; true, 2, \"asc\") => [false, true] boolean
            top(ip: 9.0.0.1; 10.0.0.1; fe80::1; ::1, 3, \"asc\") => [::1, 9.0.0.1, 10.0.0.1] ip
            top(version: 1.11; 1.2; 1.10, 2, \"desc\") => [1.11, 1.10] version
            top(text: b; a, 1, \"desc\") => b keyword
            top(date: 5; 7; 6, 2, \"desc\") => [7, 6] date
            top(unsigned_long: 18446744073709551615; 1, 1, \"desc\") => 18446744073709551615 unsigned_long
            top(integer: null, 2, \"asc\") => null integer
            top(null: null, 2, \"asc\") => null null
            top(integer: 3; 1; 2; 0, 2, \"desc\", keyword: a; b; c; d) => [a, c] keyword
            top(integer: 3; 1; 2; 4, 2, \"desc\", long: 30; 10; [20, 21]; null) => [30, 21] long
            top(integer: 3; 1, 2, \"desc\", null: null; null) => null integer
            top(integer: 1, 0) => refused
            top(integer: 1, \"x\") => refused
            top(integer: 1, 2, \"down\") => refused
            top(integer: 1; 2, integer: 1; 2) => refused
            top(integer: 1) => refused
            ",
        );
    }
}
