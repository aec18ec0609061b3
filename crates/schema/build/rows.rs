//! The rows of a data file, checked: what is wrong is an error that names file and line, never a row left out.
//!
//! Shared by the build script, which turns the files into tables, and by the tests. A value may not hold a comma or a
//! quote; no field name or code point needs one, and so the files stay readable as they are.

use super::types::Type;

pub struct FieldRow<'a> {
    pub name: &'a str,
    pub ty: Type,
    pub many: bool,
}

/// The fields of `fields.csv`, strictly in the order of their names.
pub fn fields<'a>(file: &str, text: &'a str) -> Result<Vec<FieldRow<'a>>, String> {
    let mut rows: Vec<FieldRow> = Vec::new();
    for (line, [name, ty, many, _source]) in split(file, text, ["name", "type", "many", "source"])? {
        let ty = Type::from_name(ty).ok_or_else(|| format!("{file}:{line}: no such type: {ty:?}"))?;
        let many = many.parse().map_err(|_| format!("{file}:{line}: `many` is true or false, not {many:?}"))?;
        if rows.last().is_some_and(|before| before.name >= name) {
            return Err(format!("{file}:{line}: {name:?} is a duplicate or out of order"));
        }
        rows.push(FieldRow { name, ty, many });
    }
    Ok(rows)
}

/// The namespaces of `namespaces.csv`, strictly in order.
pub fn namespaces<'a>(file: &str, text: &'a str) -> Result<Vec<&'a str>, String> {
    let mut rows: Vec<&str> = Vec::new();
    for (line, [name, _source]) in split(file, text, ["namespace", "source"])? {
        if rows.last().is_some_and(|before| *before >= name) {
            return Err(format!("{file}:{line}: {name:?} is a duplicate or out of order"));
        }
        rows.push(name);
    }
    Ok(rows)
}

/// Numbers and their mnemonics, strictly in the order of the numbers, none above `max`.
pub fn code_points<'a>(file: &str, text: &'a str, max: u16) -> Result<Vec<(u16, &'a str)>, String> {
    let mut rows: Vec<(u16, &str)> = Vec::new();
    for (line, [number, mnemonic, _reference]) in split(file, text, ["number", "mnemonic", "reference"])? {
        let number = number.parse().ok().filter(|number| *number <= max);
        let number = number.ok_or_else(|| format!("{file}:{line}: the number is not between 0 and {max}"))?;
        if rows.last().is_some_and(|(before, _)| *before >= number) {
            return Err(format!("{file}:{line}: {number} is a duplicate or out of order"));
        }
        if rows.iter().any(|(_, other)| other.eq_ignore_ascii_case(mnemonic)) {
            return Err(format!("{file}:{line}: {mnemonic:?} is a duplicate"));
        }
        rows.push((number, mnemonic));
    }
    Ok(rows)
}

/// The entries of a list in one cell, `-` for none.
pub fn list(cell: &str) -> Vec<&str> {
    if cell == "-" { Vec::new() } else { cell.split(';').collect() }
}

/// The lines below the header with their numbers, each split into exactly the columns of the header.
pub fn split<'a, const N: usize>(
    file: &str,
    text: &'a str,
    header: [&str; N],
) -> Result<Vec<(usize, [&'a str; N])>, String> {
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    if lines.next().map(|(_, line)| line) != Some(header.join(",").as_str()) {
        return Err(format!("{file}:1: the first line is not {:?}", header.join(",")));
    }
    lines
        .map(|(number, line)| {
            let cells: Vec<&str> = line.split(',').collect();
            let cells = <[&str; N]>::try_from(cells)
                .map_err(|cells| format!("{file}:{number}: {N} columns expected, {} found", cells.len()))?;
            match cells.iter().position(|cell| cell.is_empty() || cell.trim() != *cell || cell.contains('"')) {
                Some(column) => Err(format!("{file}:{number}: column `{}` is empty, padded or quoted", header[column])),
                None => Ok((number, cells)),
            }
        })
        .collect()
}
