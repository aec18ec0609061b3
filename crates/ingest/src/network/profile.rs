//! What Elastic's integrations say of all events of a source.

/// Constants of a source.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// `event.dataset` and `data_stream.dataset`: `zeek.dns`.
    pub dataset: &'static str,
    /// `event.module`: `zeek`.
    pub module: &'static str,
    /// `event.kind`.
    pub kind: &'static str,
    /// `event.category`.
    pub category: &'static [&'static str],
    /// `event.type`.
    pub types: &'static [&'static str],
    /// `event.outcome`.
    pub outcome: Outcome,
    /// `network.direction`, where the source never knows it but its integration fills it.
    pub direction: Option<&'static str>,
}

/// How `event.outcome` comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// By the record alone.
    Unset,
    /// The same for each event.
    Always(&'static str),
    /// `success` for the response code `NOERROR`, `failure` for any other.
    OfResponseCode,
}

impl Profile {
    /// A network event without anything special; a base for the others.
    pub const NETWORK: Profile = Profile {
        dataset: "network",
        module: "network",
        kind: "event",
        category: &["network"],
        types: &["connection", "protocol"],
        outcome: Outcome::Unset,
        direction: None,
    };

    /// Elastic Agent's Network Packet Capture, and so whatever is decoded from packets.
    pub const NETWORK_TRAFFIC_DNS: Profile = Profile {
        dataset: "network_traffic.dns",
        module: "network_traffic",
        outcome: Outcome::OfResponseCode,
        direction: Some("unknown"),
        ..Profile::NETWORK
    };
}
