//! The TLS part of a record, as far as it is more than copies.

use super::{decoder::Record, member::Member};
use crate::{EventBatch, Projection, Slot, network::set_text, source::names::NameSlots};
use std::borrow::Cow;

pub struct Tls {
    version: Option<Slot>,
    version_protocol: Option<Slot>,
    server_name: Option<Slot>,
    domain: Option<Slot>,
    sha1: Option<Slot>,
    serial: Option<Slot>,
    hashes: Option<Slot>,
    subject: NameSlots,
    issuer: NameSlots,
}

impl Tls {
    pub fn new(projection: &Projection) -> Self {
        let slot = |name| projection.slot(name);
        Tls {
            version: slot("tls.version"),
            version_protocol: slot("tls.version_protocol"),
            server_name: slot("tls.client.server_name"),
            domain: slot("destination.domain"),
            sha1: slot("tls.server.hash.sha1"),
            serial: slot("tls.server.x509.serial_number"),
            hashes: slot("related.hash"),
            subject: NameSlots::new("tls.server.subject", &["tls.server.x509.subject"], projection),
            issuer: NameSlots::new("tls.server.issuer", &["tls.server.x509.issuer"], projection),
        }
    }

    /// The fields of the names that it fills.
    pub fn names() -> impl Iterator<Item = String> {
        let subject = NameSlots::names("tls.server.subject", &["tls.server.x509.subject"]);
        subject.chain(NameSlots::names("tls.server.issuer", &["tls.server.x509.issuer"]))
    }

    pub fn write(&self, record: &Record<'_>, batch: &mut EventBatch) {
        if let Some((protocol, version)) = record.text(Member::TlsVersion).as_deref().and_then(|v| v.split_once(' ')) {
            batch.set_str(self.version_protocol, &protocol.to_ascii_lowercase());
            batch.set_str(self.version, version);
        }
        let name = record.text(Member::TlsName);
        let name = name.as_deref().map(|name| name.strip_suffix('.').unwrap_or(name)).filter(|name| !name.is_empty());
        set_text(batch, self.server_name, name);
        set_text(batch, self.domain, name);
        let sha1 = record.text(Member::TlsFingerprint).map(|text| text.replace(':', "").to_ascii_uppercase());
        set_text(batch, self.sha1, sha1.as_deref());
        let serial = record.text(Member::TlsSerial).map(|text| text.replace(':', ""));
        set_text(batch, self.serial, serial.as_deref());
        let (ja3s, ja3) = (record.text(Member::TlsJa3s), record.text(Member::TlsJa3));
        for hash in [sha1.map(Cow::Owned), ja3s, ja3].into_iter().flatten() {
            batch.set_str(self.hashes, &hash);
        }
        for (slots, name) in [(&self.subject, Member::TlsSubject), (&self.issuer, Member::TlsIssuer)] {
            if let Some(name) = record.text(name) {
                slots.write(&name, batch);
            }
        }
    }
}
