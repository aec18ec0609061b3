//! Values of cells, expected and found.

use arrow::{
    array::{Array, ArrayRef, AsArray},
    compute::kernels::cast_utils::string_to_timestamp_nanos,
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, TimestampNanosecondType, UInt64Type},
};
use schema::Type;
use std::{fmt, net::IpAddr};

/// One cell.
#[derive(Clone, Debug)]
pub enum Cell {
    Null,
    Boolean(bool),
    Whole(i128),
    Double(f64),
    Text(String),
    Many(Vec<Cell>),
}

/// Relative difference at which doubles count as equal.
const TOLERANCE: f64 = 1e-10;

impl Cell {
    /// Whether the cells are equal; `any_order` of several values.
    pub fn same(&self, other: &Cell, any_order: bool) -> bool {
        match (self, other) {
            (Cell::Null, Cell::Null) => true,
            (Cell::Boolean(a), Cell::Boolean(b)) => a == b,
            (Cell::Whole(a), Cell::Whole(b)) => a == b,
            (Cell::Text(a), Cell::Text(b)) => a == b,
            (Cell::Double(a), Cell::Double(b)) => {
                a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= TOLERANCE * a.abs().max(b.abs())
            }
            (Cell::Many(a), Cell::Many(b)) if a.len() != b.len() => false,
            (Cell::Many(a), Cell::Many(b)) if any_order => {
                let mut left: Vec<&Cell> = b.iter().collect();
                a.iter().all(|cell| match left.iter().position(|other| cell.same(other, true)) {
                    Some(at) => {
                        left.swap_remove(at);
                        true
                    }
                    None => false,
                })
            }
            (Cell::Many(a), Cell::Many(b)) => a.iter().zip(b).all(|(a, b)| a.same(b, false)),
            _ => false,
        }
    }

    /// Reads a cell of an expected result or of a data file: `null`, one value, or `[a, b]`.
    pub fn parse(text: &str, ty: Type) -> Result<Cell, String> {
        if text == "null" {
            return Ok(Cell::Null);
        }
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let values: Vec<Cell> = split(inner).iter().map(|value| Cell::one(value, ty)).collect::<Result<_, _>>()?;
            return Ok(match values.len() {
                0 => Cell::Null,
                1 => values.into_iter().next().unwrap_or(Cell::Null),
                _ => Cell::Many(values),
            });
        }
        Cell::one(&text.replace("\\,", ",").replace("\\[", "[").replace("\\]", "]"), ty)
    }

    /// Reads one value.
    pub fn one(text: &str, ty: Type) -> Result<Cell, String> {
        let bad = || format!("`{text}` is no {ty}");
        if text == "null" {
            return Ok(Cell::Null);
        }
        Ok(match ty {
            Type::Null => return Err(bad()),
            Type::Boolean => Cell::Boolean(text.parse().map_err(|_| bad())?),
            Type::Integer | Type::Long | Type::UnsignedLong => Cell::Whole(text.parse().map_err(|_| bad())?),
            Type::Double => Cell::Double(text.parse().map_err(|_| bad())?),
            Type::Keyword | Type::Text | Type::Version => Cell::Text(text.to_string()),
            Type::Ip => Cell::Text(match text.parse::<IpAddr>().map_err(|_| bad())? {
                IpAddr::V6(address) => {
                    address.to_ipv4_mapped().map_or_else(|| address.to_string(), |mapped| mapped.to_string())
                }
                address => address.to_string(),
            }),
            Type::Date => Cell::Whole(i128::from(nanos(text).ok_or_else(bad)?).div_euclid(1_000_000)),
            Type::DateNanos => Cell::Whole(nanos(text).ok_or_else(bad)?.into()),
        })
    }

    /// The cell of a result column.
    pub fn of(column: &ArrayRef, ty: Type, row: usize) -> Cell {
        if column.is_null(row) || ty == Type::Null {
            return Cell::Null;
        }
        if let Some(list) = column.as_list_opt::<i32>() {
            let values = list.value(row);
            let cells: Vec<Cell> = (0..values.len()).map(|at| Cell::of(&values, ty, at)).collect();
            return match cells.len() {
                0 => Cell::Null,
                1 => cells.into_iter().next().unwrap_or(Cell::Null),
                _ => Cell::Many(cells),
            };
        }
        match ty {
            Type::Null => Cell::Null,
            Type::Boolean => Cell::Boolean(column.as_boolean().value(row)),
            Type::Integer => Cell::Whole(column.as_primitive::<Int32Type>().value(row).into()),
            Type::Long => Cell::Whole(column.as_primitive::<Int64Type>().value(row).into()),
            Type::UnsignedLong => Cell::Whole(column.as_primitive::<UInt64Type>().value(row).into()),
            Type::Double => Cell::Double(column.as_primitive::<Float64Type>().value(row)),
            Type::Keyword | Type::Text | Type::Ip | Type::Version => {
                Cell::Text(column.as_string_view().value(row).to_string())
            }
            Type::Date => Cell::Whole(column.as_primitive::<TimestampMillisecondType>().value(row).into()),
            Type::DateNanos => Cell::Whole(column.as_primitive::<TimestampNanosecondType>().value(row).into()),
        }
    }
}

/// Nanoseconds of an ISO-8601 time; a date alone is its midnight.
fn nanos(text: &str) -> Option<i64> {
    string_to_timestamp_nanos(text).ok()
}

/// Values between commas; `\,` is a comma in a value.
fn split(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let Some(value) = values.last_mut() else { break };
        match character {
            '\\' => match characters.next() {
                Some(',') => value.push(','),
                Some(other) => {
                    value.push('\\');
                    value.push(other);
                }
                None => value.push('\\'),
            },
            ',' => values.push(String::new()),
            other => value.push(other),
        }
    }
    if text.trim().is_empty() {
        values.clear();
    }
    let unquoted =
        |value: &str| value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value).to_string();
    values.iter().map(|value| unquoted(value.trim())).collect()
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Null => f.write_str("null"),
            Cell::Boolean(value) => value.fmt(f),
            Cell::Whole(value) => value.fmt(f),
            Cell::Double(value) => write!(f, "{value:?}"),
            Cell::Text(value) => write!(f, "{value:?}"),
            Cell::Many(values) => {
                f.write_str("[")?;
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
        }
    }
}
