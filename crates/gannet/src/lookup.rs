//! Tables for `LOOKUP JOIN` and `ENRICH`, from files of any kind that is read as a log: CSV, Parquet, NDJSON.

use engine::table::{Policy, Table};
use ingest::{Options, Projection, Scan};
use ir::{Diagnostic, codes};
use std::{path::Path, sync::Arc};

/// All rows of a file.
///
/// # Errors
/// The file cannot be read whole.
pub fn load(path: &Path) -> Result<Table, Diagnostic> {
    let shown = path.display();
    let refused = |why: String| Diagnostic::refusal(codes::UNKNOWN_TABLE, format!("the table {shown}: {why}"));
    let opened = ingest::open(&[path.to_string_lossy().into_owned()], &Options::default());
    if let Some(error) = opened.errors.first() {
        return Err(refused(error.reason.clone()));
    }
    let [input] = opened.inputs.as_slice() else { return Err(refused("expected one file".to_string())) };
    let fields = input.fields();
    let scan = Scan::new(&opened.inputs, Arc::new(Projection::new(fields.clone())), None);
    let batches = scan.worker().collect::<Result<Vec<_>, _>>().map_err(|error| refused(error.to_string()))?;
    match scan.reports().first() {
        Some(report) if report.tally.unreadable > 0 => {
            Err(refused(format!("{} of its rows are not readable", report.tally.unreadable)))
        }
        _ => Ok(Table { fields, batches }),
    }
}

/// The policy that matches a table's first column and adds the others.
pub fn policy(table: Table) -> Policy {
    let mut names = table.fields.iter().map(|field| field.name.to_string());
    let match_field = names.next().unwrap_or_default();
    let enrich_fields = names.collect();
    Policy { table, match_field, enrich_fields }
}
