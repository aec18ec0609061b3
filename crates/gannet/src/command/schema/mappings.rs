//! `gannet schema mappings`

use super::Pattern;
use crate::{command::catalog::Printing, corpus::Mapping, exit::Exit, output, output::catalog::Sheet};
use clap::Args;
use ir::Vendor;
use schema::Mappings;
use schema::mapping::{FieldRow, KINDS, SourceRow};
use serde_json::{Value, json};

/// What a vendor's fields are canonically, and which events its log sources hold
#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    pattern: Pattern,

    /// Only what this vendor's rules may write
    #[arg(long, value_name = "VENDOR")]
    vendor: Option<Vendor>,

    /// Log sources and their event classes, instead of fields
    #[arg(long)]
    log_sources: bool,

    #[command(flatten)]
    mapping: Mapping,

    #[command(flatten)]
    printing: Printing,
}

impl List {
    pub fn run(self) -> Exit {
        match self.mapping.read() {
            Err(error) => output::usage_error(&error),
            Ok(mappings) if self.log_sources => self.sources(&mappings),
            Ok(mappings) => self.fields(&mappings),
        }
    }

    fn fields(&self, mappings: &Mappings) -> Exit {
        let of_vendor = |row: &&FieldRow| row.vendor == "*" || self.vendor.is_none_or(|of| of.name() == row.vendor);
        let named = |row: &&FieldRow| self.pattern.fits(&row.field) || self.pattern.fits(&row.canonical);
        let rows: Vec<_> = mappings.field_rows().iter().filter(of_vendor).filter(named).collect();
        let cells = |row: &FieldRow| {
            [&row.vendor, &row.scope, &row.field, &row.canonical, &row.source].map(|cell| cell.to_string())
        };
        let sheet = Sheet {
            columns: &["vendor", "scope", "field", "canonical", "source"],
            rows: rows.iter().map(|row| cells(row).to_vec()).collect(),
        };
        self.printing.sheet(&sheet, || json!({"fields": rows.iter().map(|row| field(row)).collect::<Vec<_>>()}))
    }

    fn sources(&self, mappings: &Mappings) -> Exit {
        let of_vendor =
            |row: &&SourceRow| self.vendor.is_none_or(|vendor| KINDS.contains(&(row.kind.as_ref(), vendor.name())));
        let named =
            |row: &&SourceRow| self.pattern.fits(&row.name) || row.classes.iter().any(|class| self.pattern.fits(class));
        let rows: Vec<_> = mappings.source_rows().iter().filter(of_vendor).filter(named).collect();
        let cells = |row: &SourceRow| {
            vec![row.kind.to_string(), row.name.to_string(), row.classes.join(";"), row.source.to_string()]
        };
        let sheet = Sheet {
            columns: &["kind", "name", "classes", "source"],
            rows: rows.iter().map(|row| cells(row)).collect(),
        };
        self.printing.sheet(&sheet, || json!({"log_sources": rows.iter().map(|row| source(row)).collect::<Vec<_>>()}))
    }
}

fn field(row: &FieldRow) -> Value {
    let FieldRow { vendor, scope, field, canonical, source } = row;
    json!({"vendor": vendor, "scope": scope, "field": field, "canonical": canonical, "source": source})
}

fn source(row: &SourceRow) -> Value {
    let SourceRow { kind, name, classes, source } = row;
    json!({"kind": kind, "name": name, "classes": classes, "source": source})
}
