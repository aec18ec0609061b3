//! Properties of every aggregate: however the rows are partitioned the answer is the same, and bytes that are no partial
//! state do no harm.

use super::{
    ALL,
    testing::{Column, column, evaluate, show},
};
use crate::{
    functions::{Arg, ArgValue, Call},
    types::ColumnType,
    warning::Warnings,
};
use arrow::{
    array::{ArrayRef, AsArray, BinaryViewArray},
    datatypes::{Field, Float64Type, Schema},
};
use datafusion::{
    logical_expr::{Expr, function::AccumulatorArgs},
    prelude::col,
    scalar::ScalarValue,
};
use ir::Span;
use proptest::{collection::vec, prelude::*};
use schema::Type;
use std::sync::Arc;

const NUMERIC: &[Type] = &[Type::Integer, Type::Long, Type::Double];
const EVERY: &[Type] = &[
    Type::Boolean,
    Type::Integer,
    Type::UnsignedLong,
    Type::Double,
    Type::Keyword,
    Type::Ip,
    Type::Version,
    Type::Date,
];

/// The types to try a function with.
fn types(name: &str) -> &'static [Type] {
    match name {
        "avg"
        | "median"
        | "median_absolute_deviation"
        | "percentile"
        | "std_dev"
        | "sum"
        | "variance"
        | "weighted_avg" => NUMERIC,
        _ => EVERY,
    }
}

fn text(ty: Type, value: i16) -> String {
    match ty {
        Type::Boolean => (value > 0).to_string(),
        Type::Double => (f64::from(value) / 4.0).to_string(),
        Type::Keyword => format!("v{value}"),
        Type::Ip => format!("10.0.0.{}", value.unsigned_abs()),
        Type::Version => format!("1.{}", value.unsigned_abs()),
        Type::UnsignedLong => value.unsigned_abs().to_string(),
        _ => value.to_string(),
    }
}

fn of(ty: ColumnType, rows: &[Vec<i16>]) -> Column {
    let kept = if ty.many { usize::MAX } else { 1 };
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().take(kept).map(|&value| text(ty.ty, value)).collect()).collect();
    Column { ty, rows: column(ty, &rows), constant: false }
}

fn constant(ty: Type, value: &str) -> Column {
    let ty = ColumnType::one(ty);
    Column { ty, rows: column(ty, &[vec![value.to_string()]]), constant: true }
}

/// The arguments of a call over those rows.
fn arguments(name: &str, ty: ColumnType, rows: &[Vec<i16>]) -> Vec<Column> {
    let mut args = vec![of(ty, rows)];
    match name {
        // Sort values without ties, which leave the answer open.
        "first" | "last" => {
            let distinct: Vec<Vec<i16>> = (0..rows.len()).map(|row| vec![(row * 31 % 1_009) as i16]).collect();
            args.push(of(ColumnType::one(Type::Long), &distinct));
        }
        "percentile" => args.push(constant(Type::Integer, "37")),
        // A sample of all, since which values a smaller one has depends on the order of the rows.
        "sample" => args.push(constant(Type::Integer, "1000")),
        "top" => {
            args.push(constant(Type::Integer, "5"));
            args.push(constant(Type::Keyword, "desc"));
            args.push(of(ColumnType::many(Type::Integer), rows));
        }
        "weighted_avg" => {
            let weights: Vec<Vec<i16>> = rows.iter().map(|row| vec![row.len() as i16 + 1]).collect();
            args.push(of(ColumnType::one(Type::Integer), &weights));
        }
        _ => {}
    }
    args
}

fn same(name: &str, ty: ColumnType, whole: &ArrayRef, split: &ArrayRef) -> bool {
    if ty == ColumnType::one(Type::Double) {
        let (whole, split) = (whole.as_primitive::<Float64Type>(), split.as_primitive::<Float64Type>());
        return match (whole.iter().next().flatten(), split.iter().next().flatten()) {
            (Some(whole), Some(split)) => (whole - split).abs() <= 1e-12 * (1.0 + whole.abs()),
            (whole, split) => whole == split,
        };
    }
    let sorted = |array: &ArrayRef| {
        let shown = show(ty, array);
        let mut values: Vec<&str> = shown.trim_matches(['[', ']']).split(", ").collect();
        if name == "sample" {
            values.sort_unstable();
        }
        values.join(", ")
    };
    sorted(whole) == sorted(split)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_gives_the_answer_of_a_single_pass(
        rows in vec(vec(-60_i16..60, 0..4), 1..60),
        partitions in 2_usize..9,
        many: bool,
        grouped: bool,
        choice in 0_usize..100,
    ) {
        for aggregate in ALL {
            let name = aggregate.doc().name;
            let candidates = types(name);
            let ty = ColumnType { ty: candidates[choice % candidates.len()], many };
            let args = arguments(name, ty, &rows);
            let run = |partitions| evaluate(name, name, &args, &Warnings::default(), partitions, grouped);
            let ((returns, whole), (_, split)) = (run(1)?, run(partitions)?);
            prop_assert!(
                same(name, returns, &whole, &split),
                "{name}({ty:?}): {} in one pass, {} in {partitions}", show(returns, &whole), show(returns, &split)
            );
        }
    }

    #[test]
    fn bytes_that_are_no_state_are_refused_or_read(bytes in vec(any::<u8>(), 0..64), choice in 0_usize..100) {
        for aggregate in ALL {
            let name = aggregate.doc().name;
            let candidates = types(name);
            for many in [false, true] {
                let ty = ColumnType { ty: candidates[choice % candidates.len()], many };
                for part in parts(name, &arguments(name, ty, &[vec![1]])) {
                    feed(&part, &bytes);
                }
            }
        }
    }
}

fn parts(name: &str, columns: &[Column]) -> Vec<Expr> {
    let value = |column: &Column| ScalarValue::try_from_array(&column.rows, 0).expect("a constant");
    let arg = |column: &Column| {
        let constant = column.constant.then(|| value(column));
        Arg { value: ArgValue::Expression { ty: column.ty, constant }, text: String::new(), span: Span::default() }
    };
    let args: Vec<Arg> = columns.iter().map(arg).collect();
    let call = Call { text: name, span: Span::default(), args: &args, now: 0 };
    let exprs = columns.iter().map(|_| col("c")).collect();
    let function = super::find(name).expect("a listed aggregate");
    function.bind(&call, exprs, &Warnings::default()).expect("a bound call").parts
}

/// Merges a state into an accumulator of ours and asks for the result.
fn feed(part: &Expr, state: &[u8]) {
    let Expr::AggregateFunction(call) = part else { panic!("{part} is no aggregate") };
    // DataFusion's own aggregates have other states, and show more than their names.
    if format!("{:?}", call.func.inner()) != call.func.name() {
        return;
    }
    let schema = Schema::empty();
    let field = Arc::new(Field::new("c", arrow::datatypes::DataType::Null, true));
    let args = AccumulatorArgs {
        return_field: field,
        schema: &schema,
        ignore_nulls: false,
        order_bys: &[],
        is_reversed: false,
        name: "c",
        is_distinct: false,
        exprs: &[],
        expr_fields: &[],
    };
    let mut accumulator = call.func.accumulator(args).expect("an accumulator");
    let states: ArrayRef = Arc::new(BinaryViewArray::from(vec![state, state]));
    if accumulator.merge_batch(&[states]).is_ok() {
        accumulator.evaluate().expect("a result of what was read");
    }
}
