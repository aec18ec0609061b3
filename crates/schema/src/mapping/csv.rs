//! Comma-separated rows with the line and column of each cell, as RFC 4180 has them: a cell in quotes may hold commas and,
//! doubled, quotes. Blank lines and lines that begin with `#` are no rows.

use std::borrow::Cow;

/// A cell: its text, and the column (in characters, from 1) it begins at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    pub text: Cow<'a, str>,
    pub column: usize,
}

/// What is wrong with a file of rows, and where; lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Problem {}

/// The rows of a text with their line numbers.
///
/// # Errors
/// A quote that does not end on its line, or that stands inside a cell.
pub fn rows(text: &str) -> Result<Vec<(usize, Vec<Cell<'_>>)>, Problem> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(index, line)| cells(line, index + 1).map(|cells| (index + 1, cells)))
        .collect()
}

fn cells(line: &str, number: usize) -> Result<Vec<Cell<'_>>, Problem> {
    let mut cells = Vec::new();
    let (mut rest, mut column) = (line, 1);
    loop {
        let (text, length) = cell(rest).map_err(|message| Problem { line: number, column, message: message.into() })?;
        cells.push(Cell { text, column });
        let (cell, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let Some(next) = after.strip_prefix(',') else { return Ok(cells) };
        rest = next;
        column += cell.chars().count() + 1;
    }
}

/// The text of the first cell of a line, and its length as it is written.
fn cell(line: &str) -> Result<(Cow<'_, str>, usize), &'static str> {
    if let Some(quoted) = line.strip_prefix('"') {
        let (text, length) = quoted_cell(quoted).ok_or("the quote is not closed on this line")?;
        let ends = line.get(length..).is_some_and(|after| after.is_empty() || after.starts_with(','));
        return if ends { Ok((text, length)) } else { Err("a quoted cell goes on after its quote") };
    }
    let text = line.split(',').next().unwrap_or_default();
    match text.contains('"') {
        true => Err("a quote stands inside a cell; quote the whole cell and double it"),
        false => Ok((Cow::Borrowed(text), text.len())),
    }
}

/// The text of a cell after its opening quote, and its length with both quotes.
fn quoted_cell(quoted: &str) -> Option<(Cow<'_, str>, usize)> {
    let mut from = 0;
    loop {
        let end = from + quoted.get(from..)?.find('"')?;
        if quoted.get(end + 1..)?.starts_with('"') {
            from = end + 2;
            continue;
        }
        return Some((Cow::Owned(quoted.get(..end)?.replace("\"\"", "\"")), end + 2));
    }
}
