//! `http.log`: a request with its response.

use super::{Kind, Known, Record, Role, Shared, Write};
use crate::{
    EventBatch, Projection,
    network::{Flow, FlowWriter, Profile},
    source::{url, zeek::plan::Row},
};

pub const KIND: Kind = Kind {
    path: "http",
    log: "http",
    columns: &[
        Known::role("method", Role::Method, &["event.action"], &["http.request.method"]),
        Known::role("status_code", Role::Status, &["event.outcome"], &["http.response.status_code"]),
        Known::role("uri", Role::Uri, &["url."], &[]),
        Known::role("host", Role::Host, &["url.domain"], &[]),
        Known::copied("referrer", &["http.request.referrer"]),
        Known::copied("version", &["http.version"]),
        Known::copied("request_body_len", &["http.request.body.bytes"]),
        Known::copied("response_body_len", &["http.response.body.bytes"]),
        Known::copied("username", &["url.username", "user.name", "related.user"]),
        Known::copied("password", &["url.password"]),
        Known::copied("user_agent", &["user_agent.original"]),
    ],
    telling: &["user_agent", "request_body_len", "trans_depth"],
    fields: || FlowWriter::fields().into_iter().chain(url::Slots::fields()).collect(),
    writer: |_, projection, _| Box::new(Http::new(projection)),
};

const PROFILE: Profile = Profile {
    dataset: "zeek.http",
    module: "zeek",
    category: &["network", "web"],
    types: &["connection", "protocol", "info"],
    ..Profile::NETWORK
};

struct Http {
    flow: FlowWriter,
    url: url::Slots,
}

impl Http {
    fn new(projection: &Projection) -> Self {
        Http { flow: FlowWriter::new(PROFILE, projection), url: url::Slots::new(projection) }
    }
}

impl Write for Http {
    fn write(&mut self, row: &Row<'_, '_>, record: &Record<'_>, batch: &mut EventBatch) {
        let shared = Shared::of(row);
        let method = row.text(Role::Method);
        let outcome = row.number(Role::Status).map(|status| if status < 400 { "success" } else { "failure" });
        let flow = Flow { transport: Some("tcp"), action: method.as_deref(), outcome, ..shared.flow(record) };
        self.flow.write(&flow, batch);
        self.url.write(row.text(Role::Uri).as_deref(), row.text(Role::Host).as_deref(), batch);
    }
}
