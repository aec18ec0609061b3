//! `gannet schema fields`

use super::Pattern;
use crate::{command::catalog::Printing, exit::Exit, output::catalog::Sheet};
use clap::Args;
use serde_json::json;

/// The canonical fields: their names and types, and whether an event may hold several values
#[derive(Args, Debug)]
pub struct Fields {
    #[command(flatten)]
    pattern: Pattern,

    #[command(flatten)]
    printing: Printing,
}

impl Fields {
    pub fn run(self) -> Exit {
        let fields: Vec<_> = schema::fields().filter(|field| self.pattern.fits(&field.name)).collect();
        let row = |field: &&schema::Field| {
            let values = if field.many { "several" } else { "one" };
            vec![field.name.to_string(), field.ty.name().to_owned(), values.to_owned()]
        };
        let sheet = Sheet { columns: &["field", "type", "values"], rows: fields.iter().map(row).collect() };
        self.printing.sheet(&sheet, || {
            let field =
                |field: &&schema::Field| json!({"name": field.name, "type": field.ty.name(), "many": field.many});
            json!({"fields": fields.iter().map(field).collect::<Vec<_>>()})
        })
    }
}
