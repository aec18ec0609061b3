//! `conn.log`: a connection as a whole.

use super::{Kind, Known, Record, Role, Shared, Write};
use crate::{
    EventBatch, Projection, Slot,
    network::{Endpoint, Flow, FlowWriter, Profile, set_number, set_text},
    source::zeek::plan::Row,
};
use schema::Field;

pub const KIND: Kind = Kind {
    path: "conn",
    log: "connection",
    columns: &[
        Known::role("service", Role::Service, &["network.protocol"], &[]),
        Known::role("duration", Role::Duration, &["event."], &[]),
        Known::role("orig_ip_bytes", Role::SourceBytes, BYTES, &[]),
        Known::role("resp_ip_bytes", Role::DestinationBytes, BYTES, &[]),
        Known::role("orig_pkts", Role::SourcePackets, PACKETS, &[]),
        Known::role("resp_pkts", Role::DestinationPackets, PACKETS, &[]),
        Known::role("orig_l2_addr", Role::SourceMac, MACS, &[]),
        Known::role("resp_l2_addr", Role::DestinationMac, MACS, &[]),
        Known::role("conn_state", Role::State, &["event.type", STATE_MESSAGE], &["zeek.connection.state"]),
        Known::kept("local_orig", Role::LocalSource, LOCAL),
        Known::kept("local_resp", Role::LocalDestination, LOCAL),
    ],
    telling: &["conn_state", "orig_ip_bytes", "missed_bytes"],
    fields: || {
        let more = [STATE_MESSAGE, ICMP_TYPE, ICMP_CODE, "tags"];
        FlowWriter::fields()
            .into_iter()
            .chain(more.into_iter().filter_map(schema::field).cloned())
            .collect::<Vec<Field>>()
    },
    writer: |_, projection, _| Box::new(Conn::new(projection)),
};

const PROFILE: Profile = Profile { dataset: "zeek.connection", module: "zeek", types: &[], ..Profile::NETWORK };

const BYTES: &[&str] = &["source.bytes", "destination.bytes", "client.bytes", "server.bytes", "network.bytes"];
const PACKETS: &[&str] =
    &["source.packets", "destination.packets", "client.packets", "server.packets", "network.packets"];
const MACS: &[&str] = &["source.mac", "destination.mac", "client.mac", "server.mac"];
const LOCAL: &[&str] = &["network.direction", "tags"];
const STATE_MESSAGE: &str = "zeek.connection.state_message";
const ICMP_TYPE: &str = "zeek.connection.icmp.type";
const ICMP_CODE: &str = "zeek.connection.icmp.code";

/// What a state means (Zeek, `Conn::Info`, `conn_state`) and the event types that Elastic gives it.
const STATES: [(&str, &str, &[&str]); 13] = [
    ("S0", "Connection attempt seen, no reply.", &["connection", "start"]),
    ("S1", "Connection established, not terminated.", &["connection", "start"]),
    ("SF", "Normal establishment and termination.", &["connection", "start", "end"]),
    ("REJ", "Connection attempt rejected.", &["connection", "start", "denied"]),
    (
        "S2",
        "Connection established and close attempt by originator seen (but no reply from responder).",
        &["connection", "info"],
    ),
    (
        "S3",
        "Connection established and close attempt by responder seen (but no reply from originator).",
        &["connection", "info"],
    ),
    ("RSTO", "Connection established, originator aborted (sent a RST).", &["connection", "info"]),
    ("RSTR", "Responder sent a RST.", &["connection", "info"]),
    (
        "RSTOS0",
        "Originator sent a SYN followed by a RST, we never saw a SYN-ACK from the responder.",
        &["connection", "info"],
    ),
    (
        "RSTRH",
        "Responder sent a SYN ACK followed by a RST, we never saw a SYN from the (purported) originator.",
        &["connection", "info"],
    ),
    (
        "SH",
        "Originator sent a SYN followed by a FIN, we never saw a SYN ACK from the responder (hence the connection was \
         'half' open).",
        &["connection", "info"],
    ),
    (
        "SHR",
        "Responder sent a SYN ACK followed by a FIN, we never saw a SYN from the originator.",
        &["connection", "info"],
    ),
    (
        "OTH",
        "No SYN seen, just midstream traffic (a 'partial connection' that was not later closed).",
        &["connection", "info"],
    ),
];

struct Conn {
    flow: FlowWriter,
    state_message: Option<Slot>,
    icmp_type: Option<Slot>,
    icmp_code: Option<Slot>,
    tags: Option<Slot>,
}

impl Conn {
    fn new(projection: &Projection) -> Self {
        Conn {
            flow: FlowWriter::new(PROFILE, projection),
            state_message: projection.slot(STATE_MESSAGE),
            icmp_type: projection.slot(ICMP_TYPE),
            icmp_code: projection.slot(ICMP_CODE),
            tags: projection.slot("tags"),
        }
    }
}

impl Write for Conn {
    fn write(&mut self, row: &Row<'_, '_>, record: &Record<'_>, batch: &mut EventBatch) {
        let shared = Shared::of(row);
        let service = row.text(Role::Service);
        let (source_mac, destination_mac) = (row.text(Role::SourceMac), row.text(Role::DestinationMac));
        let state = row.text(Role::State);
        let state = STATES.iter().find(|(name, ..)| Some(*name) == state.as_deref());
        let (local_source, local_destination) = (row.boolean(Role::LocalSource), row.boolean(Role::LocalDestination));
        let flow = shared.flow(record);
        let is_icmp = flow.transport == Some("icmp");
        let port = |port: Option<u16>| port.filter(|_| !is_icmp);
        self.flow.write(
            &Flow {
                duration: row.nanos(Role::Duration),
                protocol: service.as_deref(),
                source: Endpoint {
                    port: port(flow.source.port),
                    bytes: row.number(Role::SourceBytes),
                    packets: row.number(Role::SourcePackets),
                    mac: source_mac.as_deref(),
                    ..flow.source
                },
                destination: Endpoint {
                    port: port(flow.destination.port),
                    bytes: row.number(Role::DestinationBytes),
                    packets: row.number(Role::DestinationPackets),
                    mac: destination_mac.as_deref(),
                    ..flow.destination
                },
                icmp: if is_icmp { icmp(&flow) } else { None },
                direction: direction(local_source, local_destination),
                types: state.map_or(&[], |(.., types)| types),
                ..flow
            },
            batch,
        );
        if let Some((_, message, _)) = state {
            batch.set_str(self.state_message, message);
        }
        if is_icmp {
            for (slot, number) in [(self.icmp_type, flow.source.port), (self.icmp_code, flow.destination.port)] {
                set_number(batch, slot, number.map(i64::from));
            }
        }
        for (tag, known) in [("local_orig", local_source), ("local_resp", local_destination)] {
            set_text(batch, self.tags, known.map(|_| tag));
        }
    }
}

/// Zeek writes type and code of ICMP where the ports are.
fn icmp(flow: &Flow<'_>) -> Option<(u8, u8)> {
    Some((u8::try_from(flow.source.port?).ok()?, u8::try_from(flow.destination.port?).ok()?))
}

fn direction(local_source: Option<bool>, local_destination: Option<bool>) -> Option<&'static str> {
    Some(match (local_source?, local_destination?) {
        (true, true) => "internal",
        (true, false) => "outbound",
        (false, true) => "inbound",
        (false, false) => "external",
    })
}
