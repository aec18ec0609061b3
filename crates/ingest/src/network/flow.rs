//! A network event as a record tells it.

use super::Host;

/// What a record says about its time, its two ends and the traffic between them. Unknown is none throughout.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flow<'a> {
    /// `@timestamp`, in nanoseconds since the epoch like all times here.
    pub time: Option<i64>,
    /// `event.start`; the time of the event if only a duration is known.
    pub start: Option<i64>,
    /// `event.end`; start and duration together if unset.
    pub end: Option<i64>,
    /// `event.duration` in nanoseconds; end less start if unset.
    pub duration: Option<i64>,
    /// `event.created`: when the record reached its collector.
    pub created: Option<i64>,
    pub source: Endpoint<'a>,
    pub destination: Endpoint<'a>,
    /// The event is a reply: its source is the server.
    pub reply: bool,
    /// `network.transport`, by any name that [`schema::transport_number`] knows, in any case.
    pub transport: Option<&'a str>,
    /// `network.protocol`: `dns`, `mdns`, `http`.
    pub protocol: Option<&'a str>,
    /// `network.direction`; the profile's if unset.
    pub direction: Option<&'a str>,
    /// `network.bytes`; those of both ends together if unset.
    pub bytes: Option<u64>,
    /// `network.community_id`; computed if unset.
    pub community_id: Option<&'a str>,
    /// Type and code of ICMP, which the community id has in place of ports.
    pub icmp: Option<(u8, u8)>,
    /// `event.id`: the sensor's id of the connection.
    pub id: Option<&'a str>,
    /// `event.action`.
    pub action: Option<&'a str>,
    /// `event.outcome`; by the profile if unset.
    pub outcome: Option<&'a str>,
    /// `event.kind`; the profile's if unset.
    pub kind: Option<&'a str>,
    /// `event.category`; the profile's if empty.
    pub categories: &'a [&'a str],
    /// `event.type`; the profile's if empty.
    pub types: &'a [&'a str],
    /// `event.original`: the record as it was read.
    pub original: Option<&'a str>,
    /// `event.dataset`; the profile's if unset.
    pub dataset: Option<&'a str>,
    /// The namespace of the event's data stream; `default` if unset.
    pub namespace: Option<&'a str>,
    /// `related.ip` before the two ends.
    pub related_first: &'a [Host<'a>],
    /// `related.ip` behind the two ends.
    pub related_last: &'a [Host<'a>],
    /// `related.hosts`.
    pub hosts: &'a [&'a str],
}

/// One end of the traffic: `source.*` or `destination.*`, and `client.*` or `server.*` alike.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Endpoint<'a> {
    pub host: Option<Host<'a>>,
    pub port: Option<u16>,
    /// Bytes and packets sent by this end.
    pub bytes: Option<u64>,
    pub packets: Option<u64>,
    /// As `00-00-5E-00-53-23`.
    pub mac: Option<&'a str>,
}

impl<'a> Endpoint<'a> {
    pub fn new(host: impl Into<Host<'a>>, port: u16) -> Self {
        Endpoint { host: Some(host.into()), port: Some(port), ..Endpoint::default() }
    }
}
