//! Logs that Zeek or its packages write and that have no mapping of their own: `x509`, `files`, `weird`, `notice`, ...

use super::{Kind, Record, Shared, Write};
use crate::{
    EventBatch,
    network::{FlowWriter, Profile},
    source::zeek::plan::Row,
};

pub const KIND: Kind = Kind {
    path: "",
    log: "",
    columns: &[],
    telling: &[],
    fields: FlowWriter::fields,
    writer: |dataset, projection, _| Box::new(Other(FlowWriter::new(PROFILE, projection).of_dataset(dataset))),
};

const PROFILE: Profile = Profile { module: "zeek", types: &["info"], ..Profile::NETWORK };

struct Other(FlowWriter);

impl Write for Other {
    fn write(&mut self, row: &Row<'_, '_>, record: &Record<'_>, batch: &mut EventBatch) {
        self.0.write(&Shared::of(row).flow(record), batch);
    }
}
