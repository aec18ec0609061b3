//! `ssl.log`: a TLS handshake.

use super::{Kind, Known, Record, Role, Shared, Write};
use crate::{
    EventBatch, Projection, Slot,
    network::{Flow, FlowWriter, Profile},
    source::{names::NameSlots, zeek::plan::Row},
};

pub const KIND: Kind = Kind {
    path: "ssl",
    log: "ssl",
    columns: &[
        Known::copied("server_name", &["zeek.ssl.server.name", "tls.client.server_name"]),
        Known::copied("cert_chain", &["zeek.ssl.server.cert_chain"]),
        Known::copied("cert_chain_fuids", &["zeek.ssl.server.cert_chain_fuids"]),
        Known::copied("client_cert_chain", &["zeek.ssl.client.cert_chain"]),
        Known::copied("client_cert_chain_fuids", &["zeek.ssl.client.cert_chain_fuids"]),
        Known::copied("validation_status", &["zeek.ssl.validation.status"]),
        Known::copied("validation_code", &["zeek.ssl.validation.code"]),
        Known::copied("not_valid_after", &["tls.server.not_after"]),
        Known::copied("not_valid_before", &["tls.server.not_before"]),
        Known::copied("cipher", &["zeek.ssl.cipher", "tls.cipher"]),
        Known::copied("curve", &["zeek.ssl.curve", "tls.curve"]),
        Known::copied("established", &["zeek.ssl.established", "tls.established"]),
        Known::copied("resumed", &["zeek.ssl.resumed", "tls.resumed"]),
        Known::kept("version", Role::Version, &["tls.version"]),
        Known::role("subject", Role::Subject, &["tls.server.", "zeek.ssl.server."], &[]),
        Known::role("issuer", Role::Issuer, &["tls.server.", "zeek.ssl.server."], &[]),
        Known::role("client_subject", Role::ClientSubject, &["tls.client.", "zeek.ssl.client."], &[]),
        Known::role("client_issuer", Role::ClientIssuer, &["tls.client.", "zeek.ssl.client."], &[]),
        Known::role("ja3", Role::Ja3, &["related.hash"], &["tls.client.ja3"]),
        Known::role("ja3s", Role::Ja3s, &["related.hash"], &["tls.server.ja3s"]),
        Known::role("resp_certificate_sha1", Role::CertificateHash, &["tls.server.hash"], &[]),
    ],
    telling: &["cipher", "established", "next_protocol"],
    fields: || {
        FlowWriter::fields().into_iter().chain(Ssl::names().filter_map(|name| schema::field(&name).cloned())).collect()
    },
    writer: |_, projection, _| Box::new(Ssl::new(projection)),
};

const PROFILE: Profile = Profile { dataset: "zeek.ssl", module: "zeek", ..Profile::NETWORK };

/// Which role holds a distinguished name, the field of the whole name, and above which fields its attributes go.
const NAMES: [(Role, &str, [&str; 2]); 4] = [
    (Role::Subject, "tls.server.subject", ["tls.server.x509.subject", "zeek.ssl.server.subject"]),
    (Role::Issuer, "tls.server.issuer", ["tls.server.x509.issuer", "zeek.ssl.server.issuer"]),
    (Role::ClientSubject, "tls.client.subject", ["tls.client.x509.subject", "zeek.ssl.client.subject"]),
    (Role::ClientIssuer, "tls.client.issuer", ["tls.client.x509.issuer", "zeek.ssl.client.issuer"]),
];

const VERSION: &str = "tls.version";
const VERSION_PROTOCOL: &str = "tls.version_protocol";
const SHA1: &str = "tls.server.hash.sha1";
const HASHES: &str = "related.hash";

struct Ssl {
    flow: FlowWriter,
    version: Option<Slot>,
    version_protocol: Option<Slot>,
    sha1: Option<Slot>,
    hashes: Option<Slot>,
    names: Vec<(Role, NameSlots)>,
}

impl Ssl {
    fn new(projection: &Projection) -> Self {
        let names = NAMES.iter().map(|(role, whole, above)| (*role, NameSlots::new(whole, above, projection)));
        Ssl {
            flow: FlowWriter::new(PROFILE, projection),
            version: projection.slot(VERSION),
            version_protocol: projection.slot(VERSION_PROTOCOL),
            sha1: projection.slot(SHA1),
            hashes: projection.slot(HASHES),
            names: names.collect(),
        }
    }

    /// The fields that it fills beside those of every flow.
    fn names() -> impl Iterator<Item = String> {
        let names = NAMES.iter().flat_map(|(_, whole, above)| NameSlots::names(whole, above));
        names.chain([VERSION, VERSION_PROTOCOL, SHA1, HASHES].map(str::to_owned))
    }
}

impl Write for Ssl {
    fn write(&mut self, row: &Row<'_, '_>, record: &Record<'_>, batch: &mut EventBatch) {
        let shared = Shared::of(row);
        self.flow.write(&Flow { transport: Some("tcp"), ..shared.flow(record) }, batch);
        if let Some((protocol, version)) = row.text(Role::Version).as_deref().and_then(version) {
            batch.set_str(self.version, &version);
            batch.set_str(self.version_protocol, &protocol);
        }
        if let Some(sha1) = row.text(Role::CertificateHash) {
            batch.set_str(self.sha1, &sha1.to_ascii_uppercase());
        }
        for hash in [row.text(Role::Ja3s), row.text(Role::Ja3)].into_iter().flatten() {
            batch.set_str(self.hashes, &hash);
        }
        for (role, slots) in &self.names {
            if let Some(name) = row.text(*role) {
                slots.write(&name, batch);
            }
        }
    }
}

/// `TLSv12` is 1.2 of `tls`, `SSLv3` is 3.0 of `ssl`.
fn version(version: &str) -> Option<(String, String)> {
    let (protocol, number) = version.split_once('v')?;
    let number = match (protocol, number.split_at_checked(1)?) {
        ("SSL", _) => format!("{number}.0"),
        (_, (major, minor)) => format!("{major}.{minor}"),
    };
    Some((protocol.to_ascii_lowercase(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_a_point() {
        let of = |text| version(text).unwrap_or_default();
        assert_eq!(of("TLSv12"), ("tls".to_owned(), "1.2".to_owned()));
        assert_eq!(of("SSLv3"), ("ssl".to_owned(), "3.0".to_owned()));
        assert_eq!(version("unknown-64282"), None);
    }
}
