//! The log of Unbound with `log-queries` and `log-replies`.
//!
//! ```text
//! [1700000000] unbound[1:0] info: 10.0.0.1 example.com. A IN
//! [1700000000] unbound[1:0] info: 10.0.0.1 example.com. A IN NOERROR 0.003215 0 45
//! ```
//!
//! The reply's line has the response code, the seconds it took, whether it came from the cache, and its bytes; with
//! `log-tag-queryreply` the lines say `query:` and `reply:` for `info:` (unbound.conf(5)). The reply repeats all that the
//! query says, so where the head of the log has replies the queries are counted only: else each would be two events.
//! There is no integration of Elastic; the stream is `logs-unbound.dns-default`.

use super::{
    Head, Log, Options, Source,
    lines::{self, Format, LineLog, Out, Years, word},
};
use crate::{
    dns::{Event, Message, Question},
    network::{Endpoint, Flow, Host, Outcome, Profile},
};
use std::{net::IpAddr, sync::Arc};

/// Query and reply logs of Unbound.
pub struct Unbound;

impl Source for Unbound {
    fn name(&self) -> &'static str {
        "unbound"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        let years = Years::new(head, &Options::default());
        lines::head_lines(head).any(|line| kind(&years, &lines::text(line)).is_some())
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let years = Years::new(head, options);
        let replies = lines::head_lines(head).any(|line| kind(&years, &lines::text(line)) == Some(Message::Answer));
        let mut notes = years.notes(head);
        if replies {
            notes.push("where it has both queries and replies, the replies are read".to_owned());
        }
        Ok(Arc::new(LineLog::new(Lookups { years, replies }, options, notes)))
    }
}

#[derive(Clone)]
struct Lookups {
    years: Years,
    /// Whether replies are logged.
    replies: bool,
}

impl Format for Lookups {
    const PROFILE: Profile =
        Profile { dataset: "unbound.dns", module: "unbound", outcome: Outcome::OfResponseCode, ..Profile::NETWORK };

    fn line(&mut self, line: &[u8], out: &mut Out<'_>) {
        let line = lines::text(line);
        let Some(stamp) = self.years.stamp(&line) else { return out.unreadable("the line does not begin with a time") };
        match lookup(stamp.rest) {
            Some(event) if self.replies && event.message == Some(Message::Query) => out.other(),
            Some(mut event) => {
                event.flow.time = Some(stamp.time);
                event.flow.start = event.flow.duration.and_then(|duration| stamp.time.checked_sub(duration));
                out.event(&event);
            }
            None => out.other(),
        }
    }
}

fn kind(years: &Years, line: &str) -> Option<Message> {
    lookup(years.stamp(line)?.rest)?.message
}

/// Reads what follows the time.
fn lookup(rest: &str) -> Option<Event<'_>> {
    let (before, rest) = ["info: ", "query: ", "reply: "].into_iter().find_map(|tag| rest.split_once(tag))?;
    if !before.contains("unbound") {
        return None;
    }
    let mut rest = rest;
    let ip: IpAddr = word(&mut rest)?.split('@').next()?.parse().ok()?;
    let (name, ty, class) = (word(&mut rest)?, word(&mut rest)?, word(&mut rest)?);
    let class_known = matches!(class, "IN" | "CH" | "HS" | "ANY" | "NONE") || class.starts_with("CLASS");
    if !class_known || !name.ends_with('.') {
        return None;
    }
    let mut event = Event {
        flow: Flow {
            source: Endpoint { host: Some(Host::Ip(ip)), ..Endpoint::default() },
            protocol: Some("dns"),
            ..Flow::default()
        },
        message: Some(Message::Query),
        question: Question {
            name: Some(if name == "." { name } else { name.trim_end_matches('.') }),
            ty: Some(ty),
            class: Some(class),
            ..Question::default()
        },
        ..Event::default()
    };
    if let Some(code) = word(&mut rest).filter(|word| *word != "on") {
        event.message = Some(Message::Answer);
        event.response_code = Some(code);
        event.flow.duration = word(&mut rest).and_then(seconds);
        let _cached = word(&mut rest);
        event.flow.destination.bytes = word(&mut rest).and_then(|bytes| bytes.parse().ok());
        // `log-destaddr`: on udp 10.0.0.53 53
        if word(&mut rest) == Some("on") {
            event.flow.transport = word(&mut rest).filter(|transport| matches!(*transport, "udp" | "tcp"));
            event.flow.destination.host = word(&mut rest).and_then(|ip| ip.parse().ok()).map(Host::Ip);
            event.flow.destination.port = word(&mut rest).and_then(|port| port.parse().ok());
        }
    }
    Some(event)
}

/// `0.003215` in nanoseconds.
fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{:0<9}", fraction.get(..fraction.len().min(9))?);
    whole.parse::<i64>().ok()?.checked_mul(1_000_000_000)?.checked_add(fraction.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_and_replies_are_read_in_every_layout() {
        for (rest, expected) in [
            (" unbound[1:0] info: 10.0.0.1 a.example. A IN", ("a.example", "A", None, None, None)),
            (" unbound[1:0] query: 10.0.0.1 . NS IN", (".", "NS", None, None, None)),
            (" host unbound: [812:1] info: 10.0.0.1 a.example. TXT IN", ("a.example", "TXT", None, None, None)),
            (
                " unbound[1:0] info: 10.0.0.1 a.example. A IN NXDOMAIN 1.003215 0 45",
                ("a.example", "A", Some("NXDOMAIN"), Some(1_003_215_000), Some(45)),
            ),
            (
                " host unbound[812]: [812:0] reply: 10.0.0.1 a.example. A IN NOERROR 0.000000 1 45 on udp 10.0.0.53 53",
                ("a.example", "A", Some("NOERROR"), Some(0), Some(45)),
            ),
        ] {
            let event = lookup(rest).unwrap();
            let (name, ty, code, duration, bytes) = expected;
            assert_eq!((event.question.name, event.question.ty), (Some(name), Some(ty)), "{rest}");
            assert_eq!((event.response_code, event.flow.duration), (code, duration), "{rest}");
            assert_eq!(event.flow.destination.bytes, bytes, "{rest}");
        }
    }

    #[test]
    fn other_lines_are_none() {
        for rest in [
            " unbound[1:0] notice: init module 0: validator",
            " unbound[1:0] info: start of service (unbound 1.19.0).",
            " unbound[1:0] info: generate keytag query _ta-4f66. NULL IN",
            " other[1:0] info: 10.0.0.1 a.example. A IN",
            " unbound[1:0] info: 10.0.0.1 a.example. A",
        ] {
            assert_eq!(lookup(rest), None, "{rest}");
        }
    }
}
