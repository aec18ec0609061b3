//! The result of a query in each form.

use super::{
    csv::{header, record},
    text,
};
use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};
use engine::{json::value, session::Answer};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

pub fn table(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(super::table::WIDTH);
    }
    table.set_header(answer.fields.iter().map(|field| Cell::new(&field.name).add_attribute(Attribute::Bold)));
    each_row(answer, &mut |row| {
        table.add_row(row.iter().map(text::value));
        Ok(())
    })?;
    for (at, field) in answer.fields.iter().enumerate() {
        if let Some(column) = table.column_mut(at).filter(|_| field.ty.is_numeric()) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().try_for_each(|line| writeln!(out, "{line}"))
}

pub fn ndjson(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    each_row(answer, &mut |row| {
        let named = answer.fields.iter().map(|field| field.name.to_string()).zip(row);
        writeln!(out, "{}", Value::Object(named.collect::<Map<_, _>>()))
    })
}

pub fn csv(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    header(out, answer.fields.iter().map(|field| field.name.as_ref()))?;
    each_row(answer, &mut |row| {
        let cells: Vec<String> = row.iter().map(cell).collect();
        record(out, cells.iter().map(String::as_str))
    })
}

/// Columns with their types, rows, and warnings.
pub fn json(answer: &Answer) -> Value {
    let mut rows = Vec::new();
    let _infallible = each_row(answer, &mut |row| {
        rows.push(Value::Array(row));
        Ok(())
    });
    let columns = answer.fields.iter().map(|field| json!({ "name": field.name, "type": field.ty.name() }));
    let warnings = answer.warnings.iter().map(|warning| {
        json!({ "call": warning.text, "treated_as": warning.treated_as, "reason": warning.reason.to_string() })
    });
    json!({
        "columns": columns.collect::<Vec<_>>(),
        "values": rows,
        "warnings": warnings.collect::<Vec<_>>(),
        "diagnostics": answer.diagnostics.iter().map(super::json::diagnostic).collect::<Vec<_>>(),
    })
}

fn each_row(answer: &Answer, write: &mut dyn FnMut(Vec<Value>) -> io::Result<()>) -> io::Result<()> {
    for batch in &answer.batches {
        for row in 0..batch.num_rows() {
            let columns = answer.fields.iter().zip(batch.columns());
            write(columns.map(|(field, column)| value(column, field, row)).collect())?;
        }
    }
    Ok(())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
