//! Records to events.

use super::{
    dns::Dns,
    fields::{COMPUTED, COPIES},
    kinds,
    member::{MEMBERS, Member},
    tls::Tls,
};
use crate::{
    Chunk, Decoder, Discovery, EventBatch, Framing, Head, Log, Options, Projection, Tally,
    dns::{Answer, Writer},
    network::{Endpoint, Flow, Host, Outcome, Profile},
    source::{
        learn::{self, Learned, Learning, Shown},
        lines, raw,
        shipped::Shipped,
        target::Target,
        url,
    },
    time,
};
use schema::{DataStream, Field, StreamSelection, Type};
use std::{borrow::Cow, collections::HashMap, sync::Arc};

const PROFILE: Profile = Profile {
    dataset: "suricata.eve",
    module: "suricata",
    types: &[],
    outcome: Outcome::OfResponseCode,
    ..Profile::NETWORK
};

/// Below which all members are kept.
const OWN: &str = "suricata.eve.";

pub struct EveLog {
    shown: Records,
    /// Whether that is all there is.
    all: bool,
    learned: Option<Learned<Records>>,
    options: Options,
}

impl EveLog {
    pub fn new(head: &Head<'_>, options: &Options) -> Self {
        let copied = COPIES.iter().flat_map(|(_, targets)| targets.iter());
        let names = copied.chain(COMPUTED).map(|name| (*name).to_owned()).chain(Tls::names());
        let mut shown = Records { fields: Writer::fields(), streams: Vec::new(), shipped: false };
        names.filter_map(|name| schema::field(&name).cloned()).for_each(|field| shown.add(field));
        shown.lines(head.bytes);
        EveLog { shown, all: head.whole, learned: None, options: options.clone() }
    }
}

fn stream(namespace: Option<&str>) -> DataStream {
    DataStream::logs(PROFILE.dataset, namespace.unwrap_or("default"))
}

/// What records show.
#[derive(Clone, Debug)]
struct Records {
    fields: Vec<Field>,
    streams: Vec<DataStream>,
    /// Records come inside the documents of a shipper.
    shipped: bool,
}

/// More fields than this are not told apart.
const FIELDS: usize = 10_000;

impl Shown for Records {
    fn record(&mut self, record: &str, shipped: Option<&Shipped<'_>>) {
        let mut found = Vec::new();
        if raw::paths(record, &mut |path, value| found.extend(field(path, value))).is_err() {
            return;
        }
        found.into_iter().for_each(|field| self.add(field));
        if let Some(shipped) = shipped {
            self.shipped = true;
            shipped.fields().for_each(|field| self.add(field));
        }
        self.add_stream(stream(shipped.and_then(|shipped| shipped.namespace.as_deref())));
    }

    fn merge(&mut self, other: &Self) {
        self.shipped |= other.shipped;
        other.fields.iter().for_each(|field| self.add(field.clone()));
        other.streams.iter().for_each(|stream| self.add_stream(stream.clone()));
    }
}

impl Records {
    fn add(&mut self, field: Field) {
        let room = self.fields.len() < FIELDS;
        match self.fields.iter_mut().find(|known| known.name == field.name) {
            Some(known) if schema::field(&known.name).is_none() => {
                known.many |= field.many;
                known.ty = known.ty.widened(field.ty);
            }
            Some(_) => {}
            None if room => self.fields.push(field),
            None => {}
        }
    }

    fn add_stream(&mut self, stream: DataStream) {
        if !self.streams.contains(&stream) {
            self.streams.push(stream);
        }
    }
}

/// The field of a member, unless it is an array of objects.
fn field(path: &str, json: &str) -> Option<Field> {
    let first = raw::elements(json).first().copied()?;
    let ty = match first.as_bytes().first()? {
        b'{' | b'[' => return None,
        b't' | b'f' => Type::Boolean,
        b'0'..=b'9' | b'-' if first.contains(['.', 'e', 'E']) => Type::Double,
        b'0'..=b'9' | b'-' => Type::Long,
        _ => Type::Keyword,
    };
    let name = format!("{OWN}{path}");
    Some(schema::field(&name).cloned().unwrap_or(Field { name: name.into(), ty, many: json.starts_with('[') }))
}

impl Log for EveLog {
    fn streams(&self) -> Vec<DataStream> {
        self.shown.streams.clone()
    }

    fn fields(&self) -> Vec<Field> {
        self.shown.fields.clone()
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn is_open_ended(&self) -> bool {
        !self.all
    }

    fn discovery(&self) -> Option<Discovery> {
        let options = self.options.clone();
        let log = move |shown, learned: Option<_>| {
            Arc::new(EveLog { shown, all: learned.is_none(), learned, options: options.clone() }) as Arc<dyn Log>
        };
        (!self.all).then(|| learn::discovery(&self.shown, log))
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let decoder = Box::new(EveDecoder {
            uses: uses(projection),
            dns: Writer::new(PROFILE, projection, &self.options),
            tls: Tls::new(projection),
            url: url::Slots::new(projection),
            domain: projection.slot("destination.domain"),
            original: projection.slot("event.original").is_some(),
            projection: projection.clone(),
            shipped: self.shown.shipped || self.learned.is_some(),
            streams: None,
            default: true,
            records: 0,
        });
        match &self.learned {
            Some(learned) => Box::new(Learning::new(decoder, learned.clone())),
            None => decoder,
        }
    }
}

/// What is done with a member.
#[derive(Default)]
struct Use {
    member: Option<Member>,
    targets: Vec<Target>,
}

fn uses(projection: &Projection) -> HashMap<String, Use> {
    let mut uses: HashMap<String, Use> = HashMap::new();
    for (path, member) in Member::ALL {
        uses.entry((*path).to_owned()).or_default().member = Some(*member);
    }
    for (path, names) in COPIES {
        let targets = names.iter().filter_map(|name| Target::of(name, projection));
        uses.entry((*path).to_owned()).or_default().targets.extend(targets);
    }
    for field in projection.fields() {
        if let Some(path) = field.name.strip_prefix(OWN) {
            uses.entry(path.to_owned()).or_default().targets.extend(Target::of(&field.name, projection));
        }
    }
    uses
}

/// The members that the mapping reads, of one record.
pub struct Record<'a> {
    values: [Option<&'a str>; MEMBERS],
    /// `dns.grouped`: types with their values.
    pub grouped: Vec<(String, &'a str)>,
}

impl<'a> Record<'a> {
    pub fn get(&self, member: Member) -> Option<&'a str> {
        self.values.get(member as usize).copied().flatten().filter(|json| *json != "null")
    }

    pub fn text(&self, member: Member) -> Option<Cow<'a, str>> {
        raw::text(self.get(member)?)
    }

    pub fn number(&self, member: Member) -> Option<u64> {
        raw::unsigned(self.get(member)?)
    }

    pub fn boolean(&self, member: Member) -> Option<bool> {
        raw::boolean(self.get(member)?)
    }

    fn port(&self, member: Member) -> Option<u16> {
        u16::try_from(self.number(member)?).ok()
    }

    /// To the millisecond, as the integration reads them.
    fn millis(&self, member: Member) -> Option<i64> {
        time::parse(&self.text(member)?).map(time::Moment::millis)
    }
}

struct EveDecoder {
    uses: HashMap<String, Use>,
    dns: Writer,
    tls: Tls,
    url: url::Slots,
    domain: Option<crate::Slot>,
    original: bool,
    projection: Arc<Projection>,
    shipped: bool,
    /// The streams that are asked for, if not all are.
    streams: Option<StreamSelection>,
    /// Whether the stream of bare records is among them.
    default: bool,
    records: u64,
}

impl Decoder for EveDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        for (at, line) in lines(chunk.bytes.as_slice()) {
            self.records += 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            batch.at_offset(chunk.offset + at as u64);
            let text = String::from_utf8_lossy(line);
            let written = match self.shipped.then(|| Shipped::of(&text)).flatten() {
                Some(shipped) => {
                    let envelope =
                        Flow { created: shipped.created, namespace: shipped.namespace.as_deref(), ..Flow::default() };
                    let written = self.record(&shipped.record, envelope, batch, tally);
                    if written == Ok(true) {
                        shipped.write(&self.projection, batch, tally);
                    }
                    written
                }
                None => self.record(&text, Flow::default(), batch, tally),
            };
            match written {
                Ok(selected) => {
                    tally.events += 1;
                    if selected {
                        batch.end_event();
                    }
                }
                Err(reason) => tally.unreadable(self.records, reason, line),
            }
        }
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        self.default = streams.has(stream(None).as_str());
        self.streams = Some(streams.clone());
        true
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

impl EveDecoder {
    fn selects(&self, namespace: Option<&str>) -> bool {
        match (&self.streams, namespace) {
            (Some(streams), Some(_)) => streams.has(stream(namespace).as_str()),
            _ => self.default,
        }
    }

    /// Sets the columns of one record, without ending the event. `flow` is what is known from around it. False, and no
    /// column set, if it is not asked for.
    fn record(
        &mut self,
        line: &str,
        flow: Flow<'_>,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) -> Result<bool, String> {
        let mut record = Record { values: [None; MEMBERS], grouped: Vec::new() };
        let mut copies = Vec::new();
        raw::paths(line, &mut |path, json| {
            // Suricata 8 writes multicast DNS like DNS, under its own name.
            let path = if path.starts_with("mdns.") { path.get(1..).unwrap_or(path) } else { path };
            if let Some(known) = self.uses.get(path) {
                if let Some(value) = known.member.and_then(|member| record.values.get_mut(member as usize)) {
                    *value = Some(json);
                }
                copies.extend(known.targets.iter().map(|target| (*target, json)));
            }
            if let Some(ty) = path.strip_prefix("dns.grouped.") {
                record.grouped.push((ty.to_owned(), json));
            }
        })
        .map_err(|error| error.to_string())?;
        let time = record.text(Member::Timestamp).ok_or("no `timestamp`")?;
        let time = time::parse(&time).and_then(time::Moment::nanos).ok_or("`timestamp` is not a time")?;
        tally.timestamp(time.div_euclid(1_000_000));
        if !self.selects(flow.namespace) {
            return Ok(false);
        }
        let original = self.original.then_some(line);
        self.write(&record, Flow { time: Some(time), original, ..flow }, batch);
        for (target, json) in copies {
            target.set(json, batch, tally);
        }
        Ok(true)
    }

    fn write(&mut self, record: &Record<'_>, flow: Flow<'_>, batch: &mut EventBatch) {
        let texts = [
            Member::SourceIp,
            Member::DestinationIp,
            Member::Protocol,
            Member::CommunityId,
            Member::AlertAction,
            Member::FlowState,
            Member::HttpHost,
        ];
        let [source, destination, transport, community_id, action, state, host] =
            texts.map(|member| record.text(member));
        let transport = transport.map(|name| name.to_ascii_lowercase());
        let kind = kinds::of(&record.text(Member::EventType).unwrap_or_default());
        let protocol = protocol(record, kind.protocol);
        let macs =
            [Member::SourceMac, Member::DestinationMac].map(|member| record.text(member).map(|mac| dashed(&mac)));
        // Alerts carry the DNS of their flow.
        let dns = match protocol.as_deref() {
            Some("dns" | "mdns") => Dns::of(record, self.dns.wants_answers()),
            _ => Dns::default(),
        };
        let answers = dns.resources();
        let types = types(kind.types, state.as_deref(), action.as_deref());
        let (source_port, destination_port) = (record.port(Member::SourcePort), record.port(Member::DestinationPort));
        let (start, end) = (record.millis(Member::FlowStart), record.millis(Member::FlowEnd));
        let is_http = protocol.as_deref() == Some("http");
        let host = host.as_deref();
        let hosts = host.filter(|_| is_http).map(|host| [host]);
        let resolved = addresses(&answers);
        let flow = Flow {
            start: start.and_then(|millis| millis.checked_mul(1_000_000)),
            end: end.and_then(|millis| millis.checked_mul(1_000_000)),
            source: Endpoint {
                host: source.as_deref().map(Host::Text),
                port: source_port,
                bytes: record.number(Member::BytesToServer),
                packets: record.number(Member::PacketsToServer),
                mac: macs[0].as_deref(),
            },
            destination: Endpoint {
                host: destination.as_deref().map(Host::Text),
                port: destination_port,
                bytes: record.number(Member::BytesToClient),
                packets: record.number(Member::PacketsToClient),
                mac: macs[1].as_deref(),
            },
            reply: dns.is_reply(source_port, destination_port),
            transport: transport.as_deref(),
            protocol: protocol.as_deref(),
            community_id: community_id.as_deref(),
            icmp: icmp(record),
            outcome: record.number(Member::HttpStatus).filter(|_| kind.protocol == Some("http")).map(outcome),
            kind: Some(kind.kind),
            categories: kind.category,
            types: &types,
            related_first: &resolved,
            hosts: hosts.as_ref().map_or(&[], |hosts| hosts.as_slice()),
            ..flow
        };
        self.dns.write(&dns.event(flow, &answers), batch);
        if let Some(host) = host {
            batch.set_str(self.domain, host);
        }
        self.url.write(record.text(Member::HttpUrl).as_deref(), host.filter(|_| is_http), batch);
        self.tls.write(record, batch);
    }
}

/// The application protocol that Suricata recognised, or else that of the record's kind.
fn protocol<'a>(record: &Record<'a>, of_kind: Option<&'static str>) -> Option<Cow<'a, str>> {
    match record.text(Member::AppProtocol).map(|name| name.to_ascii_lowercase()).as_deref() {
        None | Some("failed" | "template" | "template-rust") => of_kind.map(Cow::Borrowed),
        Some(name) => Some(Cow::Owned(name.to_owned())),
    }
}

fn types<'t>(of_kind: &[&'static str], state: Option<&str>, action: Option<&'t str>) -> Vec<&'t str> {
    let state = match state {
        Some("new") => Some("start"),
        Some("closed") => Some("end"),
        _ => None,
    };
    let action = action.map(|action| if action == "blocked" { "denied" } else { action });
    of_kind.iter().copied().chain(state).chain(action).collect()
}

fn outcome(status: u64) -> &'static str {
    if status < 400 { "success" } else { "failure" }
}

fn icmp(record: &Record<'_>) -> Option<(u8, u8)> {
    let number = |member| u8::try_from(record.number(member)?).ok();
    Some((number(Member::IcmpType)?, number(Member::IcmpCode)?))
}

/// What the answers resolve to comes first in `related.ip`.
fn addresses<'a>(answers: &[Answer<'a>]) -> Vec<Host<'a>> {
    answers.iter().filter_map(crate::dns::resolved).collect()
}

/// `08:00:27:aa:bb:cc` as `08-00-27-AA-BB-CC`.
fn dashed(mac: &str) -> String {
    let digits: Vec<char> =
        mac.chars().filter(char::is_ascii_hexdigit).map(|digit| digit.to_ascii_uppercase()).collect();
    digits.chunks(2).map(String::from_iter).collect::<Vec<_>>().join("-")
}
