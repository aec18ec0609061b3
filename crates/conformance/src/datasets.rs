//! The suite's indices, lookup tables and enrich policies, as `datasets.json` names them, from CSV files.

use crate::cell::Cell;
use arrow::{
    array::{
        ArrayRef, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListArray, RecordBatch,
        StringViewBuilder, TimestampMillisecondBuilder, TimestampNanosecondBuilder, UInt64Builder,
    },
    buffer::{NullBuffer, OffsetBuffer},
    datatypes::Schema,
};
use engine::table::{Policy, Table, Tables};
use ingest::physical;
use schema::{Field, Type};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

/// Everything that the suite's queries read, and the names of what was not collected.
pub struct Datasets {
    pub tables: Tables,
    pub missing: Vec<String>,
}

impl Datasets {
    /// # Errors
    /// A file that cannot be read or is not of the form.
    pub fn load(folder: &Path) -> Result<Datasets, String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        let described: Value =
            serde_json::from_str(&read("datasets.json")?).map_err(|error| format!("datasets.json: {error}"))?;
        let mut tables = Tables::default();
        let mut all: BTreeMap<String, Table> = BTreeMap::new();
        for (name, dataset) in entries(&described["datasets"]) {
            let file = dataset["data"].as_str().unwrap_or_default();
            let table = load(&read(&format!("data/{file}"))?, dataset).map_err(|error| format!("{name}: {error}"))?;
            if dataset["index_mode"] == "lookup" {
                tables.lookups.insert(name.clone(), table.clone());
            }
            all.insert(name.clone(), table);
        }
        for (alias, name) in entries(&described["aliases"]) {
            if let Some(table) = name.as_str().and_then(|name| all.get(name)).cloned() {
                all.insert(alias.clone(), table);
            }
        }
        for (policy, source) in entries(&described["enrich_policies"]) {
            if let Some(table) = source.as_str().and_then(|source| all.get(source)).cloned() {
                // The first column of the suite's policy tables is the one they match on.
                let mut names = table.fields.iter().map(|field| field.name.to_string());
                let match_field = names.next().unwrap_or_default();
                let enrich_fields = names.collect();
                tables.policies.insert(policy.clone(), Policy { table, match_field, enrich_fields });
            }
        }
        tables.indices = all;
        let missing = described["referenced_but_not_collected"].as_array();
        let missing = missing.into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect();
        Ok(Datasets { tables, missing })
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// How a mapping stores numbers that are not whole.
#[derive(Clone, Copy)]
enum Rounding {
    None,
    Float,
    HalfFloat,
    Hundredths,
}

fn load(text: &str, dataset: &Value) -> Result<Table, String> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"));
    let header = lines.next().ok_or("no header")?;
    let removed = dataset["remove_fields"].as_array();
    let is_removed = |name: &str| {
        removed
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .any(|removed| name == removed || name.strip_prefix(removed).is_some_and(|rest| rest.starts_with('.')))
    };
    let rows: Vec<Vec<String>> = lines.map(cells).collect();
    let mut columns: Vec<(Field, ArrayRef)> = Vec::new();
    for (at, cell) in cells(header).iter().enumerate() {
        let (name, ty) = cell.rsplit_once(':').ok_or_else(|| format!("column `{cell}` has no type"))?;
        let name = name.trim();
        if is_removed(name) {
            continue;
        }
        let own = ty.trim();
        let (ty, rounding) = type_of(dataset["type_overrides"][name].as_str().unwrap_or(own))?;
        let cell = |row: &Vec<String>| stored(row.get(at).map_or("", String::as_str), ty, rounding);
        let values: Vec<Cell> = rows.iter().map(cell).collect::<Result<_, _>>()?;
        let column = column(name, ty, &values);
        // A text field whose mapping has a keyword beside it, as the description notes.
        let beside = format!("{name}.keyword");
        if dataset["note"].as_str().is_some_and(|note| note.contains(&beside)) {
            columns.push(self::column(&beside, Type::Keyword, &values));
        }
        columns.push(column);
    }
    columns.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    let schema = Arc::new(Schema::new(fields.iter().map(physical::field).collect::<Vec<_>>()));
    let batch = RecordBatch::try_new(schema, arrays).map_err(|error| error.to_string())?;
    Ok(Table { fields, batches: vec![batch] })
}

fn type_of(name: &str) -> Result<(Type, Rounding), String> {
    Ok(match name {
        "short" | "byte" => (Type::Integer, Rounding::None),
        "float" => (Type::Double, Rounding::Float),
        "half_float" => (Type::Double, Rounding::HalfFloat),
        "scaled_float" => (Type::Double, Rounding::Hundredths),
        other => (canonical(other).ok_or_else(|| format!("no type `{other}`"))?, Rounding::None),
    })
}

/// The type of a name or of one of its abbreviations.
pub fn canonical(name: &str) -> Option<Type> {
    Some(match name.to_ascii_lowercase().as_str() {
        "i" | "int" => Type::Integer,
        "l" => Type::Long,
        "d" | "dbl" => Type::Double,
        "bool" => Type::Boolean,
        "k" | "s" | "string" => Type::Keyword,
        "dt" | "datetime" => Type::Date,
        "v" => Type::Version,
        "ul" | "ulong" => Type::UnsignedLong,
        "n" => Type::Null,
        "t" => Type::Text,
        name => return Type::from_name(name),
    })
}

/// A cell as an index stores it: several values sorted, equal keywords once, numbers rounded.
fn stored(text: &str, ty: Type, rounding: Rounding) -> Result<Cell, String> {
    if text.is_empty() {
        return Ok(Cell::Null);
    }
    let round = |cell: Cell| match (cell, rounding) {
        (Cell::Double(value), Rounding::Float) => Cell::Double(f64::from(value as f32)),
        (Cell::Double(value), Rounding::HalfFloat) => Cell::Double(half::f16::from_f64(value).to_f64()),
        (Cell::Double(value), Rounding::Hundredths) => Cell::Double((value * 100.0).round() * (1.0 / 100.0)),
        (cell, _) => cell,
    };
    Ok(match Cell::parse(text, ty)? {
        Cell::Many(values) => {
            let mut values: Vec<Cell> = values.into_iter().map(round).collect();
            values.sort_by(|a, b| order(a, b, ty));
            if matches!(ty, Type::Keyword | Type::Text | Type::Ip | Type::Version) {
                values.dedup_by(|a, b| a.same(b, false));
            }
            if values.len() == 1 { values.remove(0) } else { Cell::Many(values) }
        }
        one => round(one),
    })
}

fn order(a: &Cell, b: &Cell, ty: Type) -> std::cmp::Ordering {
    match (a, b) {
        (Cell::Boolean(a), Cell::Boolean(b)) => a.cmp(b),
        (Cell::Whole(a), Cell::Whole(b)) => a.cmp(b),
        (Cell::Double(a), Cell::Double(b)) => a.total_cmp(b),
        (Cell::Text(a), Cell::Text(b)) if ty == Type::Ip => engine::order::ip(a).cmp(&engine::order::ip(b)),
        (Cell::Text(a), Cell::Text(b)) if ty == Type::Version => {
            engine::order::version(a).cmp(&engine::order::version(b))
        }
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        _ => std::cmp::Ordering::Equal,
    }
}

/// Cells between commas, which brackets protect.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut depth, mut escaped) = (0_usize, false);
    for character in line.chars() {
        let Some(cell) = cells.last_mut() else { break };
        match character {
            ',' if depth == 0 && !escaped => {
                cells.push(String::new());
                continue;
            }
            '[' if cell.trim().is_empty() => depth += 1,
            ']' if depth > 0 => depth -= 1,
            _ => {}
        }
        cell.push(character);
        escaped = character == '\\';
    }
    cells.into_iter().map(|cell| cell.trim().to_string()).collect()
}

fn column(name: &str, ty: Type, cells: &[Cell]) -> (Field, ArrayRef) {
    let many = cells.iter().any(|cell| matches!(cell, Cell::Many(_)));
    let field = Field { name: name.to_string().into(), ty, many };
    if !many {
        return (field, array(ty, cells.iter()));
    }
    let values = |cell| match cell {
        Cell::Many(values) => values,
        one => vec![one],
    };
    let rows: Vec<Vec<Cell>> =
        cells.iter().cloned().map(|cell| if let Cell::Null = cell { Vec::new() } else { values(cell) }).collect();
    let flat = array(ty, rows.iter().flatten());
    let valid: NullBuffer = rows.iter().map(|row| !row.is_empty()).collect();
    let offsets = OffsetBuffer::from_lengths(rows.iter().map(Vec::len));
    (field, Arc::new(ListArray::new(physical::element(ty), offsets, flat, Some(valid))))
}

fn array<'c>(ty: Type, cells: impl Iterator<Item = &'c Cell>) -> ArrayRef {
    macro_rules! build {
        ($builder:ty, $pattern:pat => $value:expr) => {{
            let mut builder = <$builder>::new();
            for cell in cells {
                builder.append_option(match cell {
                    $pattern => Some($value),
                    _ => None,
                });
            }
            Arc::new(builder.finish())
        }};
    }
    match ty {
        Type::Boolean | Type::Null => build!(BooleanBuilder, Cell::Boolean(value) => *value),
        Type::Integer => build!(Int32Builder, Cell::Whole(value) => *value as i32),
        Type::Long => build!(Int64Builder, Cell::Whole(value) => *value as i64),
        Type::UnsignedLong => build!(UInt64Builder, Cell::Whole(value) => *value as u64),
        Type::Double => build!(Float64Builder, Cell::Double(value) => *value),
        Type::Keyword | Type::Text | Type::Ip | Type::Version => build!(StringViewBuilder, Cell::Text(value) => value),
        Type::Date => build!(TimestampMillisecondBuilder, Cell::Whole(value) => *value as i64),
        Type::DateNanos => build!(TimestampNanosecondBuilder, Cell::Whole(value) => *value as i64),
    }
}
