//! The query log of BIND 9 (category `queries`), in the layouts of all versions.
//!
//! ```text
//! [time] [queries: ] [info: ] client [@0x7f..] 10.0.0.1#53311 [(name)]: [view v: ]query: name IN A +SE(0)TDCVK (10.0.0.53) [ECS ..]
//! ```
//!
//! `+` and `-` tell whether recursion was desired; S signed, E EDNS, T TCP, D DNSSEC, C checking disabled, V and K
//! cookies (BIND 9 Administrator Reference Manual, "The query log"). Other categories in the same file are counted, not
//! read. There is no integration of Elastic; the stream is `logs-bind.dns-default`.

use super::{
    Head, Log, Options, Source,
    lines::{self, Format, LineLog, Out, Years, word},
};
use crate::{
    dns::{Event, Flags, Message, Question},
    network::{Endpoint, Flow, Profile},
};
use std::sync::Arc;

/// Query logs of BIND.
pub struct Bind;

impl Source for Bind {
    fn name(&self) -> &'static str {
        "bind"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        let years = Years::new(head, &Options::default());
        lines::head_lines(head).any(|line| {
            let line = lines::text(line);
            years.stamp(&line).and_then(|stamp| query(stamp.rest)).is_some()
        })
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let years = Years::new(head, options);
        let notes = years.notes(head);
        Ok(Arc::new(LineLog::new(Queries { years }, options, notes)))
    }
}

#[derive(Clone)]
struct Queries {
    years: Years,
}

impl Format for Queries {
    const PROFILE: Profile = Profile { dataset: "bind.dns", module: "bind", ..Profile::NETWORK };

    fn line(&mut self, line: &[u8], out: &mut Out<'_>) {
        let line = lines::text(line);
        let Some(stamp) = self.years.stamp(&line) else { return out.unreadable("the line does not begin with a time") };
        match query(stamp.rest) {
            Some(mut event) => {
                event.flow.time = Some(stamp.time);
                out.event(&event);
            }
            None if stamp.rest.contains(" query: ") => out.unreadable("the query is not in a layout of BIND's"),
            None => out.other(),
        }
    }
}

/// Reads what follows the time.
fn query(rest: &str) -> Option<Event<'_>> {
    let (_, rest) = rest.split_once("client ")?;
    let (client, asked) = rest.split_once(": query: ").or_else(|| {
        let (client, asked) = rest.split_once(": view ")?;
        Some((client, asked.split_once(": query: ")?.1))
    })?;
    let mut client = client;
    let mut peer = word(&mut client)?;
    if peer.starts_with("@0x") {
        peer = word(&mut client)?;
    }
    let (ip, port) = peer.trim_end_matches(':').split_once('#')?;
    // Some versions print the category between.
    let mut rest = asked.strip_prefix("query: ").unwrap_or(asked);
    let (name, class, ty, flags) = (word(&mut rest)?, word(&mut rest)?, word(&mut rest)?, word(&mut rest)?);
    let server = word(&mut rest).and_then(|word| word.strip_prefix('(')?.strip_suffix(')'));
    if !flags.starts_with(['+', '-']) {
        return None;
    }
    Some(Event {
        flow: Flow {
            source: Endpoint::new(ip, port.parse().ok()?),
            destination: server.map(|ip| Endpoint::new(ip, 53)).unwrap_or_default(),
            transport: Some(if flags.contains('T') { "tcp" } else { "udp" }),
            protocol: Some("dns"),
            ..Flow::default()
        },
        message: Some(Message::Query),
        op_code: Some("QUERY"),
        flags: Flags {
            recursion_desired: Some(flags.starts_with('+')),
            checking_disabled: Some(flags.contains('C')),
            dnssec_ok: Some(flags.contains('D')),
            ..Flags::default()
        },
        question: Question { name: Some(name), ty: Some(ty), class: Some(class), ..Question::default() },
        ..Event::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Host;

    #[test]
    fn every_layout_is_read() {
        for (rest, name, ty, server, tcp) in [
            (
                " client 10.0.0.1#53311: query: example.org IN NS -EDC (10.0.0.53)",
                "example.org",
                "NS",
                Some("10.0.0.53"),
                false,
            ),
            (
                " client 10.0.0.1#53311: view internal: query: example.org IN A + (10.0.0.53)",
                "example.org",
                "A",
                Some("10.0.0.53"),
                false,
            ),
            (" client 10.0.0.1#53311: query: example.org IN A +", "example.org", "A", None, false),
            (
                " queries: info: client @0x7fa0d607f200 10.0.0.1#53311 (example.org): view internal: query: example.org IN TYPE65 +E(0)TK (2001:db8::53) [ECS 192.0.2.0/24/0]",
                "example.org",
                "TYPE65",
                Some("2001:db8::53"),
                true,
            ),
            (
                " ns1 named[812]: client @0x1 10.0.0.1#53311 (a\\032b): query: query: a\\032b IN TXT -T (::1)",
                "a\\032b",
                "TXT",
                Some("::1"),
                true,
            ),
        ] {
            let event = query(rest).unwrap();
            assert_eq!((event.flow.source.host, event.flow.source.port), (Some(Host::Text("10.0.0.1")), Some(53311)));
            assert_eq!(
                (event.question.name, event.question.ty, event.question.class),
                (Some(name), Some(ty), Some("IN"))
            );
            assert_eq!(event.flow.destination.host, server.map(Host::Text), "{rest}");
            assert_eq!(event.flow.transport, Some(if tcp { "tcp" } else { "udp" }));
        }
    }

    #[test]
    fn other_lines_are_none() {
        for rest in [
            "",
            " client 10.0.0.1#1 (x): query failed (SERVFAIL) for x/IN/A at query.c:7",
            " client 10.0.0.1: query: a IN A + (x)",
            " client 10.0.0.1#99999: query: a IN A + (x)",
            " client 10.0.0.1#1: query: a IN A",
            " general: info: zone example.org/IN: loaded serial 1",
        ] {
            assert_eq!(query(rest), None, "{rest}");
        }
    }
}
