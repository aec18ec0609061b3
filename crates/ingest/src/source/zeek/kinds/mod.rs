//! The kinds of Zeek log whose meaning is known, one file each.
//!
//! The mappings are those of Elastic's integration `zeek`. Logs of other kinds have the columns that all Zeek logs share,
//! and the rest under `zeek.<log>.*`.

mod conn;
mod dns;
mod http;
mod other;
mod ssl;

use super::plan::Row;
use crate::{
    EventBatch, Options, Projection,
    network::{Endpoint, Flow, Host},
};
use schema::Field;
use std::borrow::Cow;

/// All known kinds.
pub const KINDS: [&Kind; 4] = [&conn::KIND, &dns::KIND, &http::KIND, &ssl::KIND];
pub use other::KIND as OTHER;

/// A kind of log.
pub struct Kind {
    /// What Zeek calls it: `conn`.
    pub path: &'static str,
    /// What Elastic calls it: `connection`, in `zeek.connection` the data set and in field names.
    pub log: &'static str,
    /// The columns that mean something, besides [`SHARED`].
    pub columns: &'static [Known],
    /// A JSON record without `_path` is of this kind if it has one of these members.
    pub telling: &'static [&'static str],
    pub fields: fn() -> Vec<Field>,
    /// For the data set, which logs of unknown kinds have each their own.
    pub writer: fn(&str, &Projection, &Options) -> Box<dyn Write>,
}

/// A column with a meaning.
pub struct Known {
    pub name: &'static str,
    pub role: Option<Role>,
    /// Beginnings of the fields that the role is needed for.
    pub feeds: &'static [&'static str],
    /// The fields that the value goes to as it is; none stands for `zeek.<log>.<name>`.
    pub targets: Option<&'static [&'static str]>,
}

/// Writes the columns of one record.
pub trait Write: Send {
    fn write(&mut self, row: &Row<'_, '_>, record: &Record<'_>, batch: &mut EventBatch);
}

/// What is known of a record beside its columns.
#[derive(Clone, Copy, Debug, Default)]
pub struct Record<'a> {
    /// In nanoseconds since the epoch.
    pub time: Option<i64>,
    /// When a shipper read it, likewise.
    pub created: Option<i64>,
    /// The record itself, if it is wanted.
    pub original: Option<&'a str>,
    /// The namespace of its data stream.
    pub namespace: Option<&'a str>,
}

/// What the writers know columns by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Time,
    Uid,
    SourceHost,
    SourcePort,
    DestinationHost,
    DestinationPort,
    Transport,
    CommunityId,
    Service,
    Duration,
    SourceBytes,
    DestinationBytes,
    SourcePackets,
    DestinationPackets,
    SourceMac,
    DestinationMac,
    State,
    LocalSource,
    LocalDestination,
    TransactionId,
    Query,
    QueryClass,
    QueryType,
    QueryTypeName,
    ResponseCode,
    Authoritative,
    Truncated,
    RecursionDesired,
    RecursionAvailable,
    Answers,
    Ttls,
    Method,
    Status,
    Uri,
    Host,
    Version,
    Subject,
    Issuer,
    ClientSubject,
    ClientIssuer,
    Ja3,
    Ja3s,
    CertificateHash,
}

/// The number of roles.
pub const ROLES: usize = Role::CertificateHash as usize + 1;

const BOTH: [&str; 3] = ["network.community_id", "network.type", "related.ip"];
const SOURCE: &[&str] = &["source.ip", "source.address", "client.ip", "client.address", BOTH[0], BOTH[1], BOTH[2]];
const DESTINATION: &[&str] =
    &["destination.ip", "destination.address", "server.ip", "server.address", BOTH[0], BOTH[1], BOTH[2]];
const SOURCE_PORT: &[&str] = &["source.port", "client.port", BOTH[0], "zeek.connection.icmp"];
const DESTINATION_PORT: &[&str] = &["destination.port", "server.port", BOTH[0], "zeek.connection.icmp"];
/// `conn` has to know it to tell ports from ICMP types.
const TRANSPORT: &[&str] =
    &["network.", "source.port", "destination.port", "client.port", "server.port", "zeek.connection.icmp"];

/// Columns of all kinds.
const SHARED: &[Known] = &[
    Known::role("ts", Role::Time, &[], &[]),
    Known::role("uid", Role::Uid, &["event.id"], &["zeek.session_id"]),
    Known::role("id.orig_h", Role::SourceHost, SOURCE, &[]),
    Known::role("id.orig_p", Role::SourcePort, SOURCE_PORT, &[]),
    Known::role("id.resp_h", Role::DestinationHost, DESTINATION, &[]),
    Known::role("id.resp_p", Role::DestinationPort, DESTINATION_PORT, &[]),
    Known::role("proto", Role::Transport, TRANSPORT, &[]),
    Known::role("community_id", Role::CommunityId, &["network.community_id"], &[]),
];

impl Known {
    /// A column with a role that goes to these fields besides.
    const fn role(
        name: &'static str,
        role: Role,
        feeds: &'static [&'static str],
        targets: &'static [&'static str],
    ) -> Self {
        Known { name, role: Some(role), feeds, targets: Some(targets) }
    }

    /// A column with a role that is also kept as `zeek.<log>.<name>`.
    const fn kept(name: &'static str, role: Role, feeds: &'static [&'static str]) -> Self {
        Known { name, role: Some(role), feeds, targets: None }
    }

    /// A column that goes to these fields as it is.
    const fn copied(name: &'static str, targets: &'static [&'static str]) -> Self {
        Known { name, role: None, feeds: &[], targets: Some(targets) }
    }
}

impl Kind {
    pub fn of_path(path: &str) -> &'static Kind {
        KINDS.into_iter().find(|kind| kind.path == path).unwrap_or(&OTHER)
    }

    /// The columns that mean something.
    pub fn known(&self) -> impl Iterator<Item = &'static Known> + use<> {
        self.columns.iter().chain(SHARED)
    }

    /// What is known of a column.
    pub fn column(&self, name: &str) -> Option<&'static Known> {
        self.known().find(|known| known.name == name)
    }

    /// The name of a log of this kind below `zeek.`: its own where the kind stands for many.
    pub fn log<'p>(&self, path: &'p str) -> Cow<'p, str> {
        match self.log {
            "" if path.is_empty() => Cow::Borrowed("log"),
            "" => Cow::Borrowed(path),
            log => Cow::Borrowed(log),
        }
    }

    /// The data set of a log of this kind.
    pub fn dataset(&self, path: &str) -> String {
        format!("zeek.{}", self.log(path))
    }
}

/// The values that each record's [`Flow`] needs, held so that it can borrow them.
struct Shared<'a> {
    uid: Option<Cow<'a, str>>,
    source: Option<Cow<'a, str>>,
    destination: Option<Cow<'a, str>>,
    transport: Option<Cow<'a, str>>,
    community_id: Option<Cow<'a, str>>,
    ports: (Option<u16>, Option<u16>),
}

impl<'a> Shared<'a> {
    fn of(row: &Row<'_, 'a>) -> Self {
        Shared {
            uid: row.text(Role::Uid),
            source: row.text(Role::SourceHost),
            destination: row.text(Role::DestinationHost),
            transport: row.text(Role::Transport),
            community_id: row.text(Role::CommunityId),
            ports: (row.port(Role::SourcePort), row.port(Role::DestinationPort)),
        }
    }

    fn flow<'s>(&'s self, record: &Record<'s>) -> Flow<'s> {
        let end = |host: &'s Option<Cow<'a, str>>, port| Endpoint {
            host: host.as_deref().map(Host::Text),
            port,
            ..Endpoint::default()
        };
        Flow {
            time: record.time,
            created: record.created,
            original: record.original,
            namespace: record.namespace,
            source: end(&self.source, self.ports.0),
            destination: end(&self.destination, self.ports.1),
            transport: self.transport.as_deref(),
            community_id: self.community_id.as_deref(),
            id: self.uid.as_deref(),
            ..Flow::default()
        }
    }
}
