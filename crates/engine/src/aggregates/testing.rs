//! Table tests of aggregates: `name(type: rows, constant) => value type ! warning`, without a query language.
//!
//! Rows are separated by `;` and hold a value, `null` or a list. Each case runs grouped and ungrouped, in one partition and in
//! one for each row, and where no row holds a list also as lists of one value: the answer must be the same.

use super::{BoundAggregate, find};
use crate::{
    functions::{Arg, ArgValue, Call},
    types::ColumnType,
    warning::Warnings,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StringArray, new_null_array},
    buffer::{NullBuffer, OffsetBuffer},
    compute::cast,
    datatypes::{DataType, Field, Float64Type, Schema},
    util::display::array_value_to_string,
};
use datafusion::{
    datasource::MemTable,
    logical_expr::Expr,
    prelude::{SessionConfig, SessionContext, col},
    scalar::ScalarValue,
};
use ingest::physical;
use ir::{Diagnostic, Span};
use schema::Type;
use std::sync::Arc;

/// Checks each line of a table. `=> refused` expects the call not to bind.
pub fn check(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (call, expected) = line.rsplit_once(" => ").unwrap_or_else(|| panic!("no `=>` in {line}"));
        let (name, rest) = call.split_once('(').expect("a call");
        let args = split(rest.strip_suffix(')').expect("a closing parenthesis"), ',');
        let lists = if args.iter().any(|arg| arg.contains('[')) { &[false][..] } else { &[false, true] };
        for &lists in lists {
            let columns: Vec<Column> = args.iter().map(|arg| Column::parse(arg, lists)).collect();
            for split in [false, true] {
                for grouped in [false, true] {
                    let found = run(name, call, &columns, split, grouped).unwrap_or_else(|refusal| {
                        assert_eq!(expected, "refused", "{call}: {refusal}");
                        "refused".to_string()
                    });
                    assert_eq!(found, expected, "{call} (lists {lists}, split {split}, grouped {grouped})");
                }
            }
        }
    }
}

/// An argument.
pub struct Column {
    pub ty: ColumnType,
    pub rows: ArrayRef,
    pub constant: bool,
}

impl Column {
    fn parse(text: &str, lists: bool) -> Self {
        let named = |(name, rows): (&str, &str)| {
            Some((Type::ALL.into_iter().find(|ty| ty.name() == name.trim())?, rows.trim().to_string()))
        };
        let (ty, rows, constant) = match text.split_once(':').and_then(named) {
            Some((ty, rows)) => (ty, rows, false),
            None if text == "null" => (Type::Null, text.to_string(), true),
            None if text.starts_with('"') => (Type::Keyword, text.trim_matches('"').to_string(), true),
            None if text.contains('.') => (Type::Double, text.to_string(), true),
            None if text.parse::<i32>().is_err() => (Type::Long, text.to_string(), true),
            None => (Type::Integer, text.to_string(), true),
        };
        let rows = split(&rows, ';');
        let many = rows.iter().any(|row| row.starts_with('['));
        let values = |row: &String| match row.strip_prefix('[').and_then(|row| row.strip_suffix(']')) {
            Some(row) => split(row, ','),
            None if row == "null" => Vec::new(),
            None => vec![row.clone()],
        };
        let rows: Vec<Vec<String>> = rows.iter().map(values).collect();
        let ty = ColumnType { ty, many: many || (lists && !constant && ty != Type::Null) };
        Column { ty, rows: column(ty, &rows), constant }
    }
}

/// Rows of any number of values, as text, as a column.
pub fn column(ty: ColumnType, rows: &[Vec<String>]) -> ArrayRef {
    let wanted = physical::of_type(ty.ty);
    if ty.ty == Type::Null {
        return new_null_array(&wanted, rows.len());
    }
    let parsed = |texts: Vec<Option<&String>>| {
        let texts: StringArray = texts.into_iter().collect();
        let numbers = match ty.ty {
            Type::Date | Type::DateNanos => cast(&texts, &DataType::Int64).expect("numbers"),
            _ => Arc::new(texts),
        };
        cast(&numbers, &wanted).expect("values of the type")
    };
    if !ty.many {
        return parsed(rows.iter().map(|row| row.first()).collect());
    }
    let valid = NullBuffer::from_iter(rows.iter().map(|row| !row.is_empty()));
    let lengths = OffsetBuffer::from_lengths(rows.iter().map(Vec::len));
    let values = parsed(rows.iter().flatten().map(Some).collect());
    Arc::new(ListArray::new(physical::element(ty.ty), lengths, values, Some(valid)))
}

/// Splits outside of brackets.
fn split(text: &str, at: char) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if c == at && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().expect("a part").push(c);
        }
    }
    parts.iter().map(|part| part.trim().to_string()).collect()
}

fn run(name: &str, text: &str, columns: &[Column], split: bool, grouped: bool) -> Result<String, Diagnostic> {
    let warnings = Warnings::default();
    let (returns, result) = evaluate(name, text, columns, &warnings, if split { usize::MAX } else { 1 }, grouped)?;
    assert_eq!(result.data_type(), &returns.physical(), "{text}: the type of the result");
    assert_eq!(result.len(), 1, "{text}: one group");
    let warned: String = warnings.list().iter().map(|warning| format!(" ! {}", warning.reason)).collect();
    Ok(format!("{} {}{warned}", show(returns, &result), returns.ty))
}

/// The result of a call over rows in as many partitions as asked for, at most one for each row.
pub fn evaluate(
    name: &str,
    text: &str,
    columns: &[Column],
    warnings: &Warnings,
    partitions: usize,
    grouped: bool,
) -> Result<(ColumnType, ArrayRef), Diagnostic> {
    let constant = |column: &Column| ScalarValue::try_from_array(&column.rows, 0).expect("a constant");
    let args: Vec<Arg> = columns
        .iter()
        .map(|column| {
            let constant = column.constant.then(|| constant(column));
            let value = ArgValue::Expression { ty: column.ty, constant };
            Arg { value, text: String::new(), span: Span::default() }
        })
        .collect();
    let exprs = columns.iter().enumerate().map(|(at, column)| match column.constant {
        true => Expr::Literal(constant(column), None),
        false => col(format!("c{at}")),
    });
    let call = Call { text, span: Span::default(), args: &args, now: 0 };
    let function = find(name).unwrap_or_else(|| panic!("no aggregate {name}"));
    let bound = function.bind(&call, exprs.collect(), warnings)?;
    let returns = bound.returns;
    let plan = aggregated(bound, columns, partitions, grouped);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    Ok((returns, runtime.block_on(plan)))
}

async fn aggregated(bound: BoundAggregate, columns: &[Column], partitions: usize, grouped: bool) -> ArrayRef {
    let varying = columns.iter().enumerate().filter(|(_, column)| !column.constant);
    let mut fields = vec![Field::new("key", DataType::Int32, true)];
    let mut arrays = vec![];
    for (at, column) in varying {
        fields.push(Field::new(format!("c{at}"), column.rows.data_type().clone(), true));
        arrays.push(column.rows.clone());
    }
    let rows = arrays.first().map_or(0, |array| array.len());
    arrays.insert(0, new_null_array(&DataType::Int32, rows));
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), arrays).expect("columns of one length");
    let size = rows.div_ceil(partitions.min(rows).max(1)).max(1);
    let parts = (0..rows).step_by(size).map(|from| vec![batch.slice(from, size.min(rows - from))]).collect();
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(3));
    let table = MemTable::try_new(schema, parts).expect("a table");
    let keys = if grouped { vec![col("key")] } else { vec![] };
    let names: Vec<String> = (0..bound.parts.len()).map(|at| format!("p{at}")).collect();
    let aliased = bound.parts.into_iter().zip(&names).map(|(part, name)| part.alias(name)).collect();
    let frame = context.read_table(Arc::new(table)).expect("a frame").aggregate(keys, aliased).expect("an aggregate");
    let result = (bound.finish)(names.iter().map(col).collect()).alias("result");
    let batches = frame.select(vec![result]).expect("a projection").collect().await.expect("a result");
    let batch = batches.into_iter().find(|batch| batch.num_rows() > 0).expect("a group");
    batch.column(0).clone()
}

/// The only row of a result.
pub fn show(ty: ColumnType, result: &ArrayRef) -> String {
    if result.is_null(0) {
        return "null".to_string();
    }
    let Some(list) = result.as_list_opt::<i32>() else { return value(ty.ty, result, 0) };
    let values = list.value(0);
    match values.len() {
        1 => value(ty.ty, &values, 0),
        count => format!("[{}]", (0..count).map(|at| value(ty.ty, &values, at)).collect::<Vec<_>>().join(", ")),
    }
}

fn value(ty: Type, array: &ArrayRef, row: usize) -> String {
    match ty {
        Type::Double => format!("{:?}", array.as_primitive::<Float64Type>().value(row)),
        Type::Date | Type::DateNanos => value(Type::Long, &cast(array, &DataType::Int64).expect("a number"), row),
        _ => array_value_to_string(array, row).expect("text"),
    }
}
