//! Events of the channel `Microsoft-Windows-DNSServer/Analytical`, as Elastic Agent's integration `microsoft_dnsserver`
//! ships them: a JSON document a line, with what the server said below `winlog.event_data`.
//!
//! A file may also be one JSON document, an array of events or an object that has them under `events`: so the
//! integration's own samples are. It is read as a whole, up to a limit.
//!
//! What the integration's ingest pipeline makes of them is made here; documents that went through it already are read as
//! ECS. Beyond the pipeline, the answers in the logged packet are decoded, and `dns.type` tells queries from responses.

use crate::{
    EventBatch, Projection, Slot,
    dns::{Answer, Event, Flags, Message as Kind, Question},
    network::{Endpoint, Flow, Host, Outcome, Profile},
    source::{
        Framing, Head, Log, Options, Source,
        lines::{self, Format, LineLog, Out},
        raw,
    },
    time::Moment,
    wire::{Message, Section},
};
use schema::{Field, dns};
use std::{borrow::Cow, collections::HashMap, sync::Arc};

/// Events of the analytical channel.
pub struct WindowsDnsAnalytical;

impl Source for WindowsDnsAnalytical {
    fn name(&self) -> &'static str {
        "windows-dns-analytical"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        lines::head_lines(head).take(16).any(|line| {
            std::str::from_utf8(line).ok().and_then(Document::read).is_some_and(|document| document.is_of_the_channel())
        }) || is_whole(head)
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let mut fields: Vec<Field> = Vec::new();
        let mut add = |text: &str| {
            for (field, _) in Document::read(text).iter().flat_map(Document::own) {
                if !fields.iter().any(|known| known.name == field.name) {
                    fields.push(field.clone());
                }
            }
        };
        let whole = is_whole(head);
        if whole {
            elements(&String::from_utf8_lossy(head.bytes)).into_iter().for_each(&mut add);
        } else {
            lines::head_lines(head).filter_map(|line| std::str::from_utf8(line).ok()).for_each(&mut add);
        }
        fields.extend(MADE.iter().filter_map(|name| schema::field(name).cloned()));
        let format =
            Channel { fields, slots: HashMap::new(), keywords: None, description: None, whole: whole.then(Vec::new) };
        Ok(Arc::new(LineLog::new(format, options, Vec::new())))
    }
}

/// By event id: what the pipeline calls the event, its keyword, and whether it is a query or a response.
const EVENTS: [(u32, &str, &str, Option<Kind>); 25] = [
    (256, "Query received", "QUERY_RECEIVED", Some(Kind::Query)),
    (257, "Response success", "RESPONSE_SUCCESS", Some(Kind::Answer)),
    (258, "Response failure", "RESPONSE_FAILURE", Some(Kind::Answer)),
    (259, "Ignored query", "IGNORED_QUERY", Some(Kind::Query)),
    (260, "Recursive query out", "RECURSE_QUERY_OUT", Some(Kind::Query)),
    (261, "Response in", "RECURSE_RESPONSE_IN", Some(Kind::Answer)),
    (262, "Recursive query timeout", "RECURSE_QUERY_TIMEOUT", None),
    (263, "Update in", "DYN_UPDATE_RECV", Some(Kind::Query)),
    (264, "Update response", "DYN_UPDATE_RESPONSE", Some(Kind::Answer)),
    (265, "IXFR request out", "IXFR_REQ_OUT", Some(Kind::Query)),
    (266, "IXFR request in", "IXFR_REQ_RECV", Some(Kind::Query)),
    (267, "IXFR response out", "IXFR_RESP_OUT", Some(Kind::Answer)),
    (268, "IXFR response in", "IXFR_RESP_RECV", Some(Kind::Answer)),
    (269, "AXFR request out", "AXFR_REQ_OUT", Some(Kind::Query)),
    (270, "AXFR request in", "AXFR_REQ_RECV", Some(Kind::Query)),
    (271, "AXFR response out", "AXFR_RESP_OUT", Some(Kind::Answer)),
    (272, "AXFR response in", "AXFR_RESP_RECV", Some(Kind::Answer)),
    (273, "XFR notification in", "XFR_NOTIFY_RECV", Some(Kind::Query)),
    (274, "XFR notification out", "XFR_NOTIFY_OUT", Some(Kind::Query)),
    (275, "XFR notify ACK in", "XFR_NOTIFY_ACK_IN", Some(Kind::Answer)),
    (276, "XFR notify ACK out", "XFR_NOTIFY_ACK_OUT", Some(Kind::Answer)),
    (277, "Dynamic update forward", "DYN_UPDATE_FORWARD", Some(Kind::Query)),
    (278, "Dynamic update response in", "DYN_UPDATE_RESPONSE_IN", Some(Kind::Answer)),
    (279, "Internal lookup CNAME", "INTERNAL_LOOKUP_CNAME", None),
    (280, "Internal lookup additional", "INTERNAL_LOOKUP_ADDITIONAL", None),
];

/// `winlog.task` by number; the event's action.
const TASKS: [(&str, &str); 16] = [
    ("0", "DEFAULT"),
    ("1", "LOOK_UP"),
    ("2", "RECURSE_QUERY"),
    ("3", "DYNAMIC_UPDATE"),
    ("4", "ZONE_XFR"),
    ("5", "ZONE_OP"),
    ("6", "AGEING"),
    ("7", "OnlineSigning"),
    ("8", "DNSSEC_OP"),
    ("9", "CACHE_OP"),
    ("10", "Configuration"),
    ("11", "SERVER_OP"),
    ("13", "POLICY_OP"),
    ("14", "RRL"),
    ("15", "RRL_OP"),
    ("16", "VIRTUALIZATION_OP"),
];

/// Response codes as the pipeline writes them, by number.
const CODES: [(&str, &str); 20] = [
    ("0", "NoError"),
    ("1", "FormErr"),
    ("2", "ServFail"),
    ("3", "NXDomain"),
    ("4", "NotImp"),
    ("5", "Refused"),
    ("6", "YXDomain"),
    ("7", "YXRRSet"),
    ("8", "NXRRSet"),
    ("9", "NotAuth"),
    ("10", "NotZone"),
    ("11", "DSOTYPENI"),
    ("16", "BADVERS/BADSIG"),
    ("17", "BADKEY"),
    ("18", "BADTIME"),
    ("19", "BADMODE"),
    ("20", "BADNAME"),
    ("21", "BADALG"),
    ("22", "BADTRUNC"),
    ("23", "BADCOOKIE"),
];

/// Members whose fields have another name.
const RENAMED: [(&str, &str); 19] = [
    ("winlog.process_id", "process.pid"),
    ("winlog.thread_id", "process.thread.id"),
    ("winlog.activity_guid", "winlog.activity_id"),
    ("winlog.event_data.Reason", "event.reason"),
    ("winlog.event_data.AdditionalInfo", "microsoft_dnsserver.analytical.additional_info"),
    ("winlog.event_data.CacheScope", "microsoft_dnsserver.analytical.cache_scope"),
    ("winlog.event_data.DNSSEC", "microsoft_dnsserver.analytical.dnssec"),
    ("winlog.event_data.ElapsedTime", "microsoft_dnsserver.analytical.elapsed_time"),
    ("winlog.event_data.GUID", "microsoft_dnsserver.analytical.guid"),
    ("winlog.event_data.InterfaceIP", "microsoft_dnsserver.analytical.interface_ip"),
    ("winlog.event_data.PacketData", "microsoft_dnsserver.analytical.packet_data"),
    ("winlog.event_data.QueriesAttached", "microsoft_dnsserver.analytical.queries_attached"),
    ("winlog.event_data.RecursionDepth", "microsoft_dnsserver.analytical.recursion_depth"),
    ("winlog.event_data.RecursionScope", "microsoft_dnsserver.analytical.recursion_scope"),
    ("winlog.event_data.Scope", "microsoft_dnsserver.analytical.scope"),
    ("winlog.event_data.Secure", "microsoft_dnsserver.analytical.secure"),
    ("winlog.event_data.Zone", "microsoft_dnsserver.analytical.zone"),
    ("winlog.event_data.ZoneScope", "microsoft_dnsserver.analytical.zone_scope"),
    ("winlog.event_data.QXID", "microsoft_dnsserver.analytical.qxid"),
];

/// Fields that are made and in no document.
const MADE: [&str; 2] = ["winlog.keywords", "microsoft_dnsserver.analytical.description"];

/// Members that the DNS writer makes fields of, or that the pipeline drops.
const TAKEN: [&str; 4] = ["@timestamp", "event.created", "event.kind", "winlog.keywords"];
const TAKEN_BELOW: [&str; 3] = ["data_stream.", "ecs.", "winlog.event_data."];
const NO_ACTIVITY: &str = "{00000000-0000-0000-0000-000000000000}";

#[derive(Clone)]
struct Channel {
    fields: Vec<Field>,
    /// The places of the fields that are wanted.
    slots: HashMap<String, Slot>,
    keywords: Option<Slot>,
    description: Option<Slot>,
    /// What was read so far of a file that is one document.
    whole: Option<Vec<u8>>,
}

/// A file that is one document is not read beyond this many bytes.
const MAX_WHOLE: usize = 64 << 20;

/// A document's members by path.
struct Document<'d> {
    members: Vec<(String, Cow<'d, str>)>,
}

impl<'d> Document<'d> {
    fn read(line: &'d str) -> Option<Self> {
        let mut members = Vec::new();
        // A list of one value is that value.
        let read = raw::paths(line, &mut |path, value| {
            for element in raw::elements(value) {
                members.extend(raw::text(element).map(|text| (path.to_owned(), text)));
            }
        });
        read.is_ok().then_some(Document { members })
    }

    fn get(&self, path: &str) -> Option<&str> {
        self.members.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_ref())
    }

    fn data(&self, key: &str) -> Option<&str> {
        let below = |path: &str| path.strip_prefix("winlog.event_data.").is_some_and(|known| known == key);
        self.members.iter().find(|(path, _)| below(path)).map(|(_, text)| text.as_ref()).filter(|text| !text.is_empty())
    }

    fn is_of_the_channel(&self) -> bool {
        let provider = self.get("event.provider").or_else(|| self.get("winlog.provider_name"));
        self.members.iter().any(|(path, _)| path.starts_with("winlog.event_data."))
            && matches!(provider, Some("Microsoft-Windows-DNSServer" | "Microsoft-Windows-DNS-Server-Service"))
    }

    /// The members that become fields as they are.
    fn own(&self) -> impl Iterator<Item = (&'static Field, &str)> {
        self.members.iter().filter_map(|(path, text)| {
            let renamed = RENAMED.iter().find(|(from, _)| from == path);
            let taken = renamed.is_none()
                && (TAKEN.contains(&path.as_str()) || TAKEN_BELOW.iter().any(|below| path.starts_with(below)));
            let dropped = text.is_empty() || path == "winlog.activity_guid" && text == NO_ACTIVITY;
            let field = schema::field(renamed.map_or(path.as_str(), |(_, to)| to))?;
            (!taken && !dropped && path != "winlog.task").then_some((field, text.as_ref()))
        })
    }
}

impl Format for Channel {
    const PROFILE: Profile = Profile {
        dataset: "microsoft_dnsserver.analytical",
        module: "microsoft_dnsserver",
        types: &["protocol"],
        outcome: Outcome::Unset,
        ..Profile::NETWORK
    };

    fn fields(&self) -> Vec<Field> {
        self.fields.clone()
    }

    fn bind(&mut self, projection: &Projection) {
        let place = |field: &Field| Some((field.name.to_string(), projection.slot(&field.name)?));
        self.slots = self.fields.iter().filter_map(place).collect();
        self.keywords = projection.slot("winlog.keywords");
        self.description = projection.slot("microsoft_dnsserver.analytical.description");
    }

    fn framing(&self) -> Framing {
        if self.whole.is_some() { Framing::Bytes } else { Framing::Lines }
    }

    fn line(&mut self, line: &[u8], out: &mut Out<'_>) {
        match &mut self.whole {
            Some(whole) if whole.len() + line.len() < MAX_WHOLE => {
                whole.extend_from_slice(line);
                whole.push(b'\n');
            }
            Some(_) => out.unreadable("the document is too long"),
            None => self.document(line, out),
        }
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        let Some(whole) = self.whole.take() else { return };
        let Ok(whole) = std::str::from_utf8(&whole) else { return out.unreadable("the document is no UTF-8") };
        let elements = elements(whole);
        if elements.is_empty() {
            out.unreadable("the document is no JSON, or holds no events");
        }
        for element in elements {
            self.document(element.as_bytes(), out);
        }
    }
}

impl Channel {
    fn document(&self, line: &[u8], out: &mut Out<'_>) {
        let Ok(line) = std::str::from_utf8(line) else { return out.unreadable("the line is no UTF-8") };
        let Some(document) = Document::read(line) else { return out.unreadable("the line is no JSON object") };
        if !document.is_of_the_channel() {
            return out.other();
        }
        let packet = document.data("PacketData").and_then(packet);
        let message = packet.as_deref().and_then(|bytes| Message::read(bytes).ok());
        let answers = message.as_ref().map(answers).unwrap_or_default();
        let answers: Vec<_> = answers.iter().map(Record::answer).collect();
        let number = document.get("event.code").and_then(|code| code.parse().ok());
        let known = EVENTS.iter().find(|(id, ..)| Some(*id) == number);
        let interfaces: Vec<_> = ["InterfaceIP", "ForwardInterfaceIP"]
            .into_iter()
            .filter_map(|key| document.data(key))
            .map(Host::Text)
            .collect();
        let event = event(&document, known.and_then(|known| known.3), &answers);
        let event = Event { flow: Flow { related_last: &interfaces, ..event.flow }, ..event };
        out.event_with(&event, |batch| {
            self.own(&document, batch);
            if let Some((_, description, keyword, _)) = known {
                batch.set_str(self.description, description);
                batch.set_str(self.keywords, keyword);
            }
        });
    }

    fn own(&self, document: &Document<'_>, batch: &mut EventBatch) {
        for (field, text) in document.own() {
            let slot = self.slots.get(field.name.as_ref()).copied();
            match crate::time::parse(text).filter(|_| field.ty.is_date()).and_then(Moment::nanos) {
                Some(nanos) => batch.set_time(slot, nanos),
                None => batch.set_str(slot, text),
            };
        }
    }
}

/// Whether a file is one document over several lines.
fn is_whole(head: &Head<'_>) -> bool {
    let holds = |text: &str| memchr::memmem::find(head.bytes, text.as_bytes()).is_some();
    let text = head.bytes.trim_ascii_start();
    let array = text.strip_prefix(b"[").map(<[u8]>::trim_ascii_start).is_some_and(|rest| rest.starts_with(b"{"));
    let object =
        text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start).is_some_and(|rest| rest.starts_with(b"\"events\""));
    (array || object) && holds("\"winlog\"") && holds("\"event_data\"") && holds("Microsoft-Windows-DNSServer")
}

/// The events of a document: its elements, or those of its member `events`.
fn elements(document: &str) -> Vec<&str> {
    let mut events = if document.trim_start().starts_with('[') { raw::elements(document.trim()) } else { Vec::new() };
    // What is no object after all has none.
    let _ = raw::members(document, &mut |key, value| {
        if key == "events" {
            events = raw::elements(value);
        }
    });
    events
}

fn event<'e>(document: &'e Document<'_>, kind: Option<Kind>, answers: &'e [Answer<'e>]) -> Event<'e> {
    let named = |table: &'static [(&str, &str)], number: &str| table.iter().find(|(known, _)| *known == number);
    let set = |key: &str| document.data(key).map(|value| value == "1");
    let end = |key: &str| document.data(key).map(|ip| Endpoint { host: Some(Host::Text(ip)), ..Endpoint::default() });
    let port = document.data("Port").and_then(|port| port.parse().ok());
    let (mut source, mut destination) = (end("Source"), end("Destination"));
    // There is one port: of the end that is given.
    if let Some(end) = destination.as_mut().or(source.as_mut()) {
        end.port = port;
    }
    let direction = source.map(|_| "ingress").or(destination.map(|_| "egress"));
    let code = document.data("RCODE").and_then(|code| named(&CODES, code)).map(|(_, name)| *name);
    let ty = document.data("QTYPE").and_then(|number| number.parse().ok()).map(dns::rr_type_name);
    let task = document.get("winlog.task");
    Event {
        flow: Flow {
            time: document.get("@timestamp").and_then(|text| crate::time::parse(text)?.nanos()),
            created: document.get("event.created").and_then(|text| crate::time::parse(text)?.nanos()),
            source: source.unwrap_or_default(),
            destination: destination.unwrap_or_default(),
            reply: kind == Some(Kind::Answer),
            transport: document.data("TCP").map(|tcp| if tcp == "1" { "tcp" } else { "udp" }),
            protocol: Some("dns"),
            direction,
            bytes: document.data("BufferSize").and_then(|bytes| bytes.parse().ok()),
            action: task.map(|task| named(&TASKS, task).map_or(task, |(_, name)| *name)),
            outcome: code.map(|code| if code == "NoError" { "success" } else { "failure" }),
            ..Flow::default()
        },
        message: kind,
        id: document.data("XID").and_then(|id| id.parse().ok()),
        response_code: code,
        flags: Flags {
            authoritative: set("AA"),
            authentic_data: set("AD"),
            recursion_desired: set("RD"),
            truncated_response: set("TC"),
            ..Flags::default()
        },
        question: Question {
            name: document.data("QNAME"),
            ty: ty
                .as_ref()
                .map(|name| match name {
                    Cow::Borrowed(name) => *name,
                    // The pipeline drops what it does not know.
                    Cow::Owned(_) => "",
                })
                .filter(|name| !name.is_empty()),
            ..Question::default()
        },
        answers,
        ..Event::default()
    }
}

/// `0x0007...` as bytes.
fn packet(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    digits.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// A record of the logged packet as text.
struct Record {
    name: String,
    ty: Cow<'static, str>,
    class: Cow<'static, str>,
    ttl: u32,
    data: String,
}

impl Record {
    fn answer(&self) -> Answer<'_> {
        Answer {
            name: Some(&self.name),
            ty: Some(&self.ty),
            class: Some(&self.class),
            ttl: Some(self.ttl.into()),
            data: Some(&self.data),
        }
    }
}

fn answers(message: &Message<'_>) -> Vec<Record> {
    let records = message.records().map_while(Result::ok).take_while(|record| record.section == Section::Answer);
    let record = |record: crate::wire::Record<'_>| {
        let (mut name, mut data) = (Vec::new(), Vec::new());
        record.name.write(&mut name).ok()?;
        record.rdata.write(&mut data);
        Some(Record {
            name: String::from_utf8(name).ok()?,
            ty: dns::rr_type_name(record.rtype),
            class: dns::class_name(record.class),
            ttl: record.ttl,
            data: String::from_utf8(data).ok()?,
        })
    };
    records.map_while(record).take(256).collect()
}
