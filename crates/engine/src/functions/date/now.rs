//! `NOW()`.

use crate::{
    functions::{Bound, Call, Doc, Function},
    types::ColumnType,
};
use arrow::array::TimestampMillisecondArray;
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Now;

static DOC: Doc = Doc {
    name: "now",
    summary: "The time at which the query started.",
    parameters: &[],
    returns: "date",
    examples: &[],
};

impl Function for Now {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(0, 0)?;
        let millis = call.now.div_euclid(1_000_000);
        Ok(Bound::new(ColumnType::one(Type::Date), [], move |_, evaluation| {
            Ok(Arc::new(TimestampMillisecondArray::from(vec![millis; evaluation.rows])))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            now() => 2024-05-06T07:08:09.123Z
            now(1) => refused
            "##,
        );
    }
}
