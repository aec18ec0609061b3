//! Table tests of functions: `name(literals) => value ! warning`, without a query language.
//!
//! Literals: `1` integer, `1L` long, `1U` unsigned long, `1.5` double, `"x"` keyword, `text"x"`, `ip"..."`,
//! `version"..."`, `date"..."`, `nanos"..."`, `true`, `null`, `[1, 2]` several values, `3 days`, `{"option": "value"}`.
//! Every row is run as constants, as columns of one value, and as columns of lists with one value where all agree.

use super::{Arg, ArgValue, Call, Input, date::instant, expression, find, ip, java};
use crate::{
    types::ColumnType,
    warning::{Reason, Warnings},
};
use arrow::{
    array::{
        Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, Int64Array, ListArray, StringViewArray,
        TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array, new_null_array,
    },
    buffer::OffsetBuffer,
    datatypes::{
        Field as ArrowField, Float64Type, Int32Type, Int64Type, Schema, TimestampMillisecondType,
        TimestampNanosecondType, UInt64Type,
    },
    record_batch::{RecordBatch, RecordBatchOptions},
};
use datafusion::{
    common::DFSchema,
    logical_expr::{Expr, execution_props::ExecutionProps, physical_planning_context::PhysicalPlanningContext},
    physical_expr::create_physical_expr,
    prelude::col,
    scalar::ScalarValue,
};
use ingest::physical;
use ir::{Diagnostic, Literal, Span, TimeUnit};
use schema::Type;
use std::sync::Arc;

/// 2024-05-06T07:08:09.123456789Z.
pub const NOW: i64 = 1_714_979_289_123_456_789;

/// Checks each line of a table. `=> refused` expects the call not to bind.
pub fn check(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (call, expected) = line.rsplit_once(" => ").unwrap_or_else(|| panic!("no `=>` in {line}"));
        for mode in [Mode::Constants, Mode::Columns, Mode::Lists] {
            let found = run(call.trim(), mode);
            match found {
                Err(refusal) if mode != Mode::Constants && refusal.code == ir::codes::NOT_CONSTANT => {}
                Err(refusal) => assert_eq!("refused", expected, "{call}: {refusal}"),
                Ok(found) => assert_eq!(found, expected, "{call} ({mode:?})"),
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Constants,
    Columns,
    Lists,
}

fn run(call: &str, mode: Mode) -> Result<String, Diagnostic> {
    let (name, rest) = call.split_once('(').expect("a call");
    let arguments: Vec<Argument> = parse_arguments(rest.strip_suffix(')').expect("a closing parenthesis"));
    let args: Vec<Arg> = arguments.iter().map(|argument| argument.describe(mode)).collect();
    let warnings = Warnings::default();
    let function = find(name).unwrap_or_else(|| panic!("no function {name}"));
    let bound = function.bind(&Call { text: call, span: Span::default(), args: &args, now: NOW })?;
    assert_eq!(bound.inputs.len(), args.len(), "{call}: an input for each argument");
    let returns = bound.returns;
    let columns: Vec<(ColumnType, ArrayRef)> =
        arguments.iter().zip(&bound.inputs).map(|(argument, input)| argument.column(*input, mode)).collect();
    let types: Vec<ColumnType> = columns.iter().map(|(ty, _)| *ty).collect();
    let fields: Vec<ArrowField> = columns
        .iter()
        .enumerate()
        .map(|(at, (_, array))| ArrowField::new(format!("c{at}"), array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let exprs = columns.iter().enumerate().map(|(at, (_, array))| match mode {
        Mode::Constants => Expr::Literal(ScalarValue::try_from_array(array, 0).expect("a scalar"), None),
        _ => col(format!("c{at}")),
    });
    let expr = expression(function.doc().name, bound, &types, exprs.collect(), call, Span::default(), &warnings);
    let df_schema = DFSchema::try_from(schema.clone()).expect("a schema");
    let physical = create_physical_expr(
        &expr.expect("an expression"),
        &df_schema,
        &ExecutionProps::new(),
        &PhysicalPlanningContext::default(),
    )
    .expect("a physical expression");
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new_with_options(schema, arrays, &options).expect("a batch");
    let result = physical.evaluate(&batch).and_then(|value| value.into_array(1)).expect("a result");
    assert_eq!(result.data_type(), &returns.physical(), "{call}: the type of the result");
    let mut shown = show_row(&result, returns, 0);
    for warning in warnings.list() {
        shown += &match warning.reason {
            Reason::SeveralValues => " ! several values".to_string(),
            reason => format!(" ! {reason}"),
        };
    }
    Ok(shown)
}

struct Argument {
    text: String,
    value: Value,
}

enum Value {
    Column(ColumnType, ArrayRef),
    Span(i64, TimeUnit),
    Options(Vec<(String, Literal)>),
}

impl Argument {
    fn describe(&self, mode: Mode) -> Arg {
        let value = match &self.value {
            Value::Column(ty, array) => ArgValue::Expression {
                ty: ColumnType { ty: ty.ty, many: ty.many || (mode == Mode::Lists && ty.ty != Type::Null) },
                constant: (mode == Mode::Constants || ty.ty == Type::Null)
                    .then(|| ScalarValue::try_from_array(array, 0).expect("a scalar")),
            },
            Value::Span(count, unit) => ArgValue::TimeSpan { count: *count, unit: *unit },
            Value::Options(options) => ArgValue::Options(options.clone()),
        };
        Arg { value, text: self.text.clone(), span: Span::default() }
    }

    /// The column of one row that the binder would make for that input.
    fn column(&self, input: Input, mode: Mode) -> (ColumnType, ArrayRef) {
        let Value::Column(ty, array) = &self.value else {
            return (ColumnType::NULL, new_null_array(&ColumnType::NULL.physical(), 1));
        };
        let wanted = match input {
            Input::One(wanted) | Input::Many(wanted) if wanted != Type::Null => wanted,
            _ => return (*ty, array.clone()),
        };
        if ty.ty == Type::Null {
            let ty = ColumnType::one(wanted);
            return (ty, new_null_array(&ty.physical(), 1));
        }
        let convert = |array: &ArrayRef| -> ArrayRef {
            if ty.ty.is_string() && !wanted.is_string() {
                let text = array.as_string_view().value(0);
                let literal = match prefix(wanted) {
                    "" => text.to_string(),
                    prefix => format!("{prefix}{text:?}"),
                };
                return arrow::compute::cast(&parse_literal(&literal).1, &physical::of_type(wanted)).expect("a cast");
            }
            arrow::compute::cast(array, &physical::of_type(wanted)).expect("a cast")
        };
        if let Some(list) = array.as_list_opt::<i32>() {
            let values = convert(list.values());
            let list = ListArray::new(physical::element(wanted), list.offsets().clone(), values, list.nulls().cloned());
            return (ColumnType::many(wanted), Arc::new(list));
        }
        let array = convert(array);
        if mode == Mode::Lists {
            return (ColumnType::many(wanted), Arc::new(super::lists::from_flat(&array, wanted).expect("a list")));
        }
        (ColumnType::one(wanted), array)
    }
}

fn prefix(ty: Type) -> &'static str {
    match ty {
        Type::Date => "date",
        Type::DateNanos => "nanos",
        Type::Ip => "ip",
        Type::Version => "version",
        _ => "",
    }
}

fn parse_arguments(text: &str) -> Vec<Argument> {
    split(text)
        .into_iter()
        .map(|text| {
            let value = if let Some(inner) = text.strip_prefix('{') {
                let options = split(inner.strip_suffix('}').expect("a closing brace")).into_iter().map(|option| {
                    let (name, value) = option.split_once(':').expect("an option");
                    (name.trim().trim_matches('"').to_string(), option_value(value.trim()))
                });
                Value::Options(options.collect())
            } else if let Some((count, unit)) = parse_span(&text) {
                Value::Span(count, unit)
            } else if let Some(inner) = text.strip_prefix('[') {
                let values: Vec<_> = split(inner.strip_suffix(']').expect("a closing bracket"))
                    .iter()
                    .map(|v| parse_literal(v))
                    .collect();
                let ty = values[0].0;
                let arrays: Vec<&dyn Array> = values.iter().map(|(_, array)| array.as_ref()).collect();
                let array = arrow::compute::concat(&arrays).expect("values of one type");
                let list =
                    ListArray::new(physical::element(ty), OffsetBuffer::from_lengths([values.len()]), array, None);
                Value::Column(ColumnType::many(ty), Arc::new(list))
            } else {
                let (ty, array) = parse_literal(&text);
                Value::Column(ColumnType::one(ty), array)
            };
            Argument { text, value }
        })
        .collect()
}

fn option_value(text: &str) -> Literal {
    match text {
        "true" => Literal::Boolean(true),
        "false" => Literal::Boolean(false),
        text => match (text.parse(), text.parse()) {
            (Ok(whole), _) => Literal::Integer(whole),
            (_, Ok(double)) => Literal::Double(double),
            _ => Literal::String(text.trim_matches('"').to_string()),
        },
    }
}

fn parse_span(text: &str) -> Option<(i64, TimeUnit)> {
    let (count, unit) = text.split_once(' ')?;
    let unit = match unit.trim_end_matches('s') {
        "millisecond" => TimeUnit::Millisecond,
        "second" => TimeUnit::Second,
        "minute" => TimeUnit::Minute,
        "hour" => TimeUnit::Hour,
        "day" => TimeUnit::Day,
        "week" => TimeUnit::Week,
        "month" => TimeUnit::Month,
        "quarter" => TimeUnit::Quarter,
        "year" => TimeUnit::Year,
        _ => return None,
    };
    Some((count.parse().ok()?, unit))
}

/// Splits at commas outside of quotes, brackets and braces.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted, mut start) = (Vec::new(), 0, false, 0);
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(text[start..at].trim().to_string());
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(text[start..].trim().to_string());
    }
    parts
}

fn parse_literal(text: &str) -> (Type, ArrayRef) {
    parse_value(text).unwrap_or_else(|| panic!("no literal: {text}"))
}

fn parse_value(text: &str) -> Option<(Type, ArrayRef)> {
    let array = |ty, array: ArrayRef| Some((ty, array));
    if let Some((kind, quoted)) = text.split_once('"') {
        let text = unescape(quoted.strip_suffix('"')?);
        let string: ArrayRef = Arc::new(StringViewArray::from(vec![text.as_str()]));
        return match kind {
            "" => array(Type::Keyword, string),
            "text" => array(Type::Text, string),
            "version" => array(Type::Version, string),
            "ip" => array(Type::Ip, Arc::new(StringViewArray::from(vec![ip::canonical(&text).ok()?]))),
            "date" => {
                array(Type::Date, Arc::new(TimestampMillisecondArray::from(vec![instant::parse_millis(&text).ok()?])))
            }
            "nanos" => {
                let nanos = instant::parse_nanos(&text);
                array(Type::DateNanos, Arc::new(TimestampNanosecondArray::from(vec![nanos.unwrap_or(-1)])))
            }
            _ => None,
        };
    }
    match text {
        "null" => return array(Type::Null, new_null_array(&physical::of_type(Type::Null), 1)),
        "true" | "false" => return array(Type::Boolean, Arc::new(BooleanArray::from(vec![text == "true"]))),
        "NaN" => return array(Type::Double, Arc::new(Float64Array::from(vec![f64::NAN]))),
        _ => {}
    }
    if let Some(long) = text.strip_suffix('L') {
        return array(Type::Long, Arc::new(Int64Array::from(vec![long.parse::<i64>().ok()?])));
    }
    if let Some(unsigned) = text.strip_suffix('U') {
        return array(Type::UnsignedLong, Arc::new(UInt64Array::from(vec![unsigned.parse::<u64>().ok()?])));
    }
    if let Ok(integer) = text.parse::<i32>() {
        return array(Type::Integer, Arc::new(Int32Array::from(vec![integer])));
    }
    array(Type::Double, Arc::new(Float64Array::from(vec![text.parse::<f64>().ok()?])))
}

fn unescape(text: &str) -> String {
    let mut result = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        result.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    result
}

fn show_row(array: &ArrayRef, ty: ColumnType, row: usize) -> String {
    if array.is_null(row) {
        return "null".to_string();
    }
    let Some(list) = array.as_list_opt::<i32>() else { return show(array, ty.ty, row) };
    let values = list.value(row);
    match values.len() {
        0 => "empty list".to_string(),
        1 => show(&values, ty.ty, 0),
        count => format!("[{}]", (0..count).map(|at| show(&values, ty.ty, at)).collect::<Vec<_>>().join(", ")),
    }
}

fn show(array: &ArrayRef, ty: Type, row: usize) -> String {
    if array.is_null(row) {
        return "null".to_string();
    }
    match ty {
        Type::Null | Type::Boolean => array.as_boolean().value(row).to_string(),
        Type::Integer => array.as_primitive::<Int32Type>().value(row).to_string(),
        Type::Long => array.as_primitive::<Int64Type>().value(row).to_string(),
        Type::UnsignedLong => array.as_primitive::<UInt64Type>().value(row).to_string(),
        Type::Double => java::double(array.as_primitive::<Float64Type>().value(row)),
        Type::Keyword | Type::Text | Type::Ip | Type::Version => match array.as_string_view().value(row) {
            text if text.is_empty() || text.trim() != text => format!("\"{text}\""),
            text => text.to_string(),
        },
        Type::Date => instant::print_millis(array.as_primitive::<TimestampMillisecondType>().value(row)),
        Type::DateNanos => instant::print_nanos(array.as_primitive::<TimestampNanosecondType>().value(row)),
    }
}
