//! Turns flows into columns.

use super::{
    Endpoint, Flow, Host, Outcome, Profile, community_id,
    slots::{EndpointSlots, EventSlots, NetworkSlots, RelatedSlots, StreamSlots},
};
use crate::{EventBatch, Projection, Slot, slots::fields};
use schema::{DataStream, Field};
use std::net::IpAddr;

/// The version of the common schema that the integrations name now.
const ECS_VERSION: &str = "8.17.0";
/// The namespace of a data stream that says none.
pub const NAMESPACE: &str = "default";

/// Writes the columns of network events of one source that a projection has.
#[derive(Clone, Debug)]
pub struct FlowWriter {
    profile: Profile,
    dataset: String,
    index_name: DataStream,
    index: Option<Slot>,
    timestamp: Option<Slot>,
    source: EndpointSlots,
    destination: EndpointSlots,
    client: EndpointSlots,
    server: EndpointSlots,
    event: EventSlots,
    network: NetworkSlots,
    related: RelatedSlots,
    stream: StreamSlots,
    scratch: String,
}

impl FlowWriter {
    pub fn new(profile: Profile, projection: &Projection) -> Self {
        FlowWriter {
            index_name: DataStream::logs(profile.dataset, NAMESPACE),
            dataset: profile.dataset.to_owned(),
            profile,
            index: projection.slot(Projection::INDEX),
            timestamp: projection.slot("@timestamp"),
            source: EndpointSlots::new(projection, "source."),
            destination: EndpointSlots::new(projection, "destination."),
            client: EndpointSlots::new(projection, "client."),
            server: EndpointSlots::new(projection, "server."),
            event: EventSlots::new(projection, "event."),
            network: NetworkSlots::new(projection, "network."),
            related: RelatedSlots::new(projection, "related."),
            stream: StreamSlots::new(projection, ""),
            scratch: String::new(),
        }
    }

    /// The same for another data set than the profile's.
    pub fn of_dataset(self, dataset: &str) -> Self {
        FlowWriter { dataset: dataset.to_owned(), index_name: DataStream::logs(dataset, NAMESPACE), ..self }
    }

    /// The fields that it can write.
    pub fn fields() -> Vec<Field> {
        let ends = ["source.", "destination.", "client.", "server."];
        fields("", &["@timestamp"])
            .chain(ends.into_iter().flat_map(|end| fields(end, EndpointSlots::NAMES)))
            .chain(fields("event.", EventSlots::NAMES))
            .chain(fields("network.", NetworkSlots::NAMES))
            .chain(fields("related.", RelatedSlots::NAMES))
            .chain(fields("", StreamSlots::NAMES))
            .collect()
    }

    /// The stream that its events belong to.
    pub fn stream(&self) -> &DataStream {
        &self.index_name
    }

    /// Writes an event's columns without ending the event.
    pub fn write(&mut self, flow: &Flow<'_>, batch: &mut EventBatch) {
        if let Some(time) = flow.time {
            batch.set_time(self.timestamp, time);
        }
        if self.index.is_some() {
            match flow.namespace.filter(|namespace| *namespace != NAMESPACE) {
                Some(namespace) => batch.set_str(self.index, DataStream::logs(&self.dataset, namespace).as_str()),
                None => batch.set_str(self.index, self.index_name.as_str()),
            };
        }
        self.endpoints(flow, batch);
        if self.event.any {
            self.event(flow, batch);
        }
        if self.network.any {
            self.network(flow, batch);
        }
        if self.related.any {
            self.related(flow, batch);
        }
        if self.stream.any {
            set_text(
                batch,
                self.stream.dataset,
                Some(flow.dataset.unwrap_or(&self.dataset)).filter(|name| !name.is_empty()),
            );
            batch.set_str(self.stream.namespace, flow.namespace.unwrap_or(NAMESPACE));
            batch.set_str(self.stream.ty, "logs");
            batch.set_str(self.stream.ecs_version, ECS_VERSION);
        }
    }

    fn endpoints(&mut self, flow: &Flow<'_>, batch: &mut EventBatch) {
        let (client, server) =
            if flow.reply { (flow.destination, flow.source) } else { (flow.source, flow.destination) };
        for (slots, end) in [
            (&self.source, &flow.source),
            (&self.destination, &flow.destination),
            (&self.client, &client),
            (&self.server, &server),
        ] {
            if slots.any {
                endpoint(slots, end, batch, &mut self.scratch);
            }
        }
    }

    fn event(&mut self, flow: &Flow<'_>, batch: &mut EventBatch) {
        let (slots, profile) = (&self.event, &self.profile);
        batch.set_str(slots.kind, flow.kind.unwrap_or(profile.kind));
        let dataset = Some(flow.dataset.unwrap_or(&self.dataset)).filter(|name| !name.is_empty());
        set_text(batch, slots.dataset, dataset);
        // A data set is named after its module.
        let module = Some(profile.module).filter(|name| !name.is_empty());
        let of_dataset = || dataset.and_then(|name| name.split_once('.')).map(|(module, _)| module);
        set_text(batch, slots.module, module.or_else(of_dataset));
        let categories = if flow.categories.is_empty() { profile.category } else { flow.categories };
        let types = if flow.types.is_empty() { profile.types } else { flow.types };
        add_all(batch, slots.category, categories);
        add_all(batch, slots.types, types);
        for (slot, text) in [(slots.id, flow.id), (slots.action, flow.action), (slots.original, flow.original)] {
            set_text(batch, slot, text);
        }
        let always = if let Outcome::Always(outcome) = profile.outcome { Some(outcome) } else { None };
        set_text(batch, slots.outcome, flow.outcome.or(always));
        let (start, end, duration) = span(flow);
        for (slot, time) in [(slots.start, start), (slots.end, end), (slots.created, flow.created)] {
            if let Some(time) = time {
                batch.set_time(slot, time);
            }
        }
        set_number(batch, slots.duration, duration);
    }

    fn network(&mut self, flow: &Flow<'_>, batch: &mut EventBatch) {
        let slots = &self.network;
        let ips = (flow.source.host.and_then(Host::ip), flow.destination.host.and_then(Host::ip));
        let number = flow.transport.and_then(schema::transport_number);
        let name = number.and_then(schema::transport_name).or(flow.transport);
        set_text(batch, slots.transport, name);
        set_number(batch, slots.iana_number, number.map(i64::from));
        set_text(batch, slots.protocol, flow.protocol);
        set_text(batch, slots.direction, flow.direction.or(self.profile.direction));
        let version = |ip: IpAddr| if ip.is_ipv4() { "ipv4" } else { "ipv6" };
        set_text(batch, slots.version, ips.0.or(ips.1).map(version));
        let bytes = flow.bytes.or_else(|| sum(flow.source.bytes, flow.destination.bytes));
        set_number(batch, slots.bytes, bytes.and_then(|bytes| i64::try_from(bytes).ok()));
        let packets = sum(flow.source.packets, flow.destination.packets);
        set_number(batch, slots.packets, packets.and_then(|packets| i64::try_from(packets).ok()));
        if slots.community_id.is_some() {
            match flow.community_id {
                Some(id) => batch.set_str(slots.community_id, id),
                None => {
                    computed_community_id(flow, ips, number).is_none_or(|id| batch.set_str(slots.community_id, &id))
                }
            };
        }
    }

    fn related(&mut self, flow: &Flow<'_>, batch: &mut EventBatch) {
        if self.related.ip.is_some() && !batch.is_set(self.related.ip) {
            let ends = [flow.source.host, flow.destination.host];
            let hosts = flow.related_first.iter().copied().chain(ends.into_iter().flatten());
            let mut seen: Vec<IpAddr> = Vec::with_capacity(4);
            for ip in hosts.chain(flow.related_last.iter().copied()).filter_map(Host::ip) {
                if !seen.contains(&ip) {
                    seen.push(ip);
                    if let Some(text) = Host::Ip(ip).ip_text(&mut self.scratch) {
                        batch.set_str(self.related.ip, text);
                    }
                }
            }
        }
        add_all(batch, self.related.hosts, flow.hosts);
    }
}

fn endpoint(slots: &EndpointSlots, end: &Endpoint<'_>, batch: &mut EventBatch, scratch: &mut String) {
    if let Some(host) = end.host {
        if slots.ip.is_some()
            && let Some(ip) = host.ip_text(scratch)
        {
            batch.set_str(slots.ip, ip);
        }
        if slots.address.is_some() {
            batch.set_str(slots.address, host.address(scratch));
        }
    }
    set_number(batch, slots.port, end.port.map(i64::from));
    set_number(batch, slots.bytes, end.bytes.and_then(|bytes| i64::try_from(bytes).ok()));
    set_number(batch, slots.packets, end.packets.and_then(|packets| i64::try_from(packets).ok()));
    set_text(batch, slots.mac, end.mac);
}

/// Start, end and duration, each from the other two where it is unknown.
fn span(flow: &Flow<'_>) -> (Option<i64>, Option<i64>, Option<i64>) {
    let start = flow.start.or(flow.time.filter(|_| flow.duration.is_some() || flow.end.is_some()));
    let end = flow.end.or_else(|| start?.checked_add(flow.duration?));
    let duration = flow.duration.or_else(|| end?.checked_sub(start?).filter(|duration| *duration >= 0));
    (start, end, duration)
}

fn computed_community_id(
    flow: &Flow<'_>,
    ips: (Option<IpAddr>, Option<IpAddr>),
    protocol: Option<u8>,
) -> Option<String> {
    let (source, destination) = match flow.icmp {
        Some((ty, code)) => (Some(ty.into()), Some(code.into())),
        None => (flow.source.port, flow.destination.port),
    };
    community_id((ips.0?, source), (ips.1?, destination), protocol?)
}

/// What both ends sent together; what one sent where the other is unknown.
fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => one.checked_add(other),
        (one, other) => one.or(other),
    }
}

/// Adds to a field of several values, unless the event has some: a document that is completed keeps its own.
fn add_all(batch: &mut EventBatch, slot: Option<Slot>, values: &[&str]) {
    if !batch.is_set(slot) {
        values.iter().for_each(|value| {
            batch.set_str(slot, value);
        });
    }
}

pub(crate) fn set_text(batch: &mut EventBatch, slot: Option<Slot>, text: Option<&str>) {
    if let Some(text) = text {
        batch.set_str(slot, text);
    }
}

pub(crate) fn set_number(batch: &mut EventBatch, slot: Option<Slot>, number: Option<i64>) {
    if let Some(number) = number {
        batch.set_i64(slot, number);
    }
}
