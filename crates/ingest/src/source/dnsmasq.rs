//! The log of dnsmasq with `log-queries`.
//!
//! ```text
//! Nov 21 17:31:56 dnsmasq[812]: query[A] example.com from 10.0.0.1
//! Nov 21 17:31:56 dnsmasq[812]: reply example.com is 93.184.216.34
//! Nov 21 17:31:56 dnsmasq[812]: 7 10.0.0.1/41873 query[A] example.com from 10.0.0.1
//! ```
//!
//! With `log-queries=extra` each line has the serial number of its query, and what answers it (`reply`, `cached`,
//! `config`, the name of a hosts file) becomes part of the query's event; lines of several queries may be mixed. Without,
//! an answer cannot be told whose it is: it is an event of its own, of type `answer`, without a client. Lines that tell
//! where a query was forwarded are counted. There is no integration of Elastic; the stream is
//! `logs-dnsmasq.dns-default`.

use super::{
    Framing, Head, Log, Options, Source,
    lines::{self, Format, LineLog, Out, Years, word},
};
use crate::{
    dns::{Answer, Event, Message, Question},
    network::{Endpoint, Flow, Host, Outcome, Profile},
};
use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::Arc,
};

/// Logs of dnsmasq.
pub struct Dnsmasq;

/// Queries that may wait for their answers, and answers that one may have.
const MAX_WAITING: usize = 4096;
const MAX_ANSWERS: usize = 64;
/// How long answers are waited for, in nanoseconds.
const TIMEOUT: i64 = 10_000_000_000;

impl Source for Dnsmasq {
    fn name(&self) -> &'static str {
        "dnsmasq"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        let years = Years::new(head, &Options::default());
        lines::head_lines(head).any(|line| {
            let line = lines::text(line);
            years.stamp(&line).and_then(|stamp| message(stamp.rest)).is_some_and(|(_, told)| told != Told::Other)
        })
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let years = Years::new(head, options);
        let notes = years.notes(head);
        Ok(Arc::new(LineLog::new(Lookups { years, waiting: HashMap::new(), order: VecDeque::new() }, options, notes)))
    }
}

#[derive(Clone)]
struct Lookups {
    years: Years,
    /// By serial number.
    waiting: HashMap<u64, Waiting>,
    /// Serial numbers as they came; some may be done.
    order: VecDeque<u64>,
}

/// A query and the answers so far.
#[derive(Clone, Debug)]
struct Waiting {
    time: i64,
    /// Of the last answer.
    end: Option<i64>,
    offset: u64,
    client: (IpAddr, u16),
    name: String,
    ty: String,
    code: &'static str,
    answers: Vec<(String, String)>,
}

/// What a line tells.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told<'l> {
    Query { ty: &'l str, name: &'l str, client: IpAddr },
    Answer { name: &'l str, is: &'l str },
    Other,
}

/// The serial number of a line, and the client that it names.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extra {
    serial: u64,
    client: (IpAddr, u16),
}

impl Format for Lookups {
    const PROFILE: Profile =
        Profile { dataset: "dnsmasq.dns", module: "dnsmasq", outcome: Outcome::OfResponseCode, ..Profile::NETWORK };

    fn framing(&self) -> Framing {
        Framing::Bytes
    }

    fn line(&mut self, line: &[u8], out: &mut Out<'_>) {
        let line = lines::text(line);
        let Some(stamp) = self.years.stamp(&line) else { return out.unreadable("the line does not begin with a time") };
        let Some((extra, told)) = message(stamp.rest) else { return out.other() };
        self.emit_done(stamp.time, extra.map(|extra| extra.serial), out);
        match (told, extra) {
            (Told::Other, _) => out.other(),
            (Told::Query { ty, name, client }, None) => out.event(&alone(stamp.time, client, name, ty)),
            (Told::Query { ty, name, .. }, Some(Extra { serial, client })) => {
                if let Some(earlier) = self.waiting.remove(&serial) {
                    earlier.emit(out);
                }
                let (name, ty) = (name.to_owned(), ty.to_owned());
                let (time, offset) = (stamp.time, out.offset);
                let waiting =
                    Waiting { time, end: None, offset, client, name, ty, code: "NOERROR", answers: Vec::new() };
                self.waiting.insert(serial, waiting);
                self.order.push_back(serial);
            }
            (Told::Answer { name, is }, extra) => match extra.and_then(|extra| self.waiting.get_mut(&extra.serial)) {
                Some(waiting) => waiting.answer(stamp.time, name, is),
                None => orphan(stamp.time, name, is, out),
            },
        }
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        while let Some(serial) = self.order.pop_front() {
            if let Some(waiting) = self.waiting.remove(&serial) {
                waiting.emit(out);
            }
        }
    }
}

impl Lookups {
    /// Hands on the oldest queries as long as they are done: overdue, or answered while another is told of.
    fn emit_done(&mut self, now: i64, serial: Option<u64>, out: &mut Out<'_>) {
        while let Some(&oldest) = self.order.front() {
            let done = self.waiting.get(&oldest).is_none_or(|waiting| {
                let answered = !waiting.answers.is_empty() || waiting.end.is_some();
                answered && serial != Some(oldest) || now.saturating_sub(waiting.time) > TIMEOUT
            });
            if !done && self.waiting.len() < MAX_WAITING {
                break;
            }
            self.order.pop_front();
            if let Some(waiting) = self.waiting.remove(&oldest) {
                waiting.emit(out);
            }
        }
    }
}

impl Waiting {
    fn answer(&mut self, time: i64, name: &str, is: &str) {
        self.end = Some(time);
        match code(is) {
            Some(code) => self.code = code,
            None if self.answers.len() < MAX_ANSWERS => self.answers.push((name.to_owned(), is.to_owned())),
            None => {}
        }
    }

    fn emit(self, out: &mut Out<'_>) {
        let answers: Vec<_> = chained(&self.answers).collect();
        let event = Event {
            message: Some(if self.end.is_some() { Message::Answer } else { Message::Query }),
            response_code: self.end.map(|_| self.code),
            answers: &answers,
            ..alone(self.time, self.client.0, &self.name, &self.ty)
        };
        let source = Endpoint::new(Host::Ip(self.client.0), self.client.1);
        out.event_at(&Event { flow: Flow { source, end: self.end, ..event.flow }, ..event }, self.offset);
    }
}

/// Answers as records: `<CNAME>` stands for the name of the next line.
fn chained(answers: &[(String, String)]) -> impl Iterator<Item = Answer<'_>> {
    answers.iter().enumerate().map(|(at, (name, is))| {
        let next = answers.get(at + 1).map(|(name, _)| name.as_str());
        if is == "<CNAME>" { Answer { data: next, ..record(name, "CNAME") } } else { address(name, is) }
    })
}

fn record<'a>(name: &'a str, ty: &'a str) -> Answer<'a> {
    Answer { name: Some(name), ty: Some(ty), ..Answer::default() }
}

fn address<'a>(name: &'a str, is: &'a str) -> Answer<'a> {
    let ty = match is.parse() {
        Ok(IpAddr::V4(_)) => Some("A"),
        Ok(IpAddr::V6(_)) => Some("AAAA"),
        Err(_) => None,
    };
    Answer { name: Some(name), ty, data: Some(is), ..Answer::default() }
}

/// The response code that an answer stands for in the place of data.
fn code(is: &str) -> Option<&'static str> {
    match is {
        "NXDOMAIN" => Some("NXDOMAIN"),
        "SERVFAIL" => Some("SERVFAIL"),
        "REFUSED" => Some("REFUSED"),
        _ if is.starts_with("NODATA") => Some("NOERROR"),
        _ => None,
    }
}

fn alone<'a>(time: i64, client: IpAddr, name: &'a str, ty: &'a str) -> Event<'a> {
    Event {
        flow: Flow {
            time: Some(time),
            source: Endpoint { host: Some(Host::Ip(client)), ..Endpoint::default() },
            protocol: Some("dns"),
            ..Flow::default()
        },
        message: Some(Message::Query),
        question: Question { name: Some(name), ty: Some(ty), class: Some("IN"), ..Question::default() },
        ..Event::default()
    }
}

/// An answer without its query.
fn orphan(time: i64, name: &str, is: &str, out: &mut Out<'_>) {
    let code = code(is);
    let answer = [if is == "<CNAME>" { record(name, "CNAME") } else { address(name, is) }];
    out.event(&Event {
        flow: Flow { time: Some(time), protocol: Some("dns"), ..Flow::default() },
        message: Some(Message::Answer),
        response_code: Some(code.unwrap_or("NOERROR")),
        question: Question { name: Some(name), ..Question::default() },
        answers: if code.is_some() { &[] } else { &answer },
        ..Event::default()
    });
}

/// Reads what follows the time; none if it is not of dnsmasq's resolver.
fn message(rest: &str) -> Option<(Option<Extra>, Told<'_>)> {
    let (_, rest) = rest.split_once("dnsmasq")?;
    let (process, rest) = rest.split_once(": ")?;
    if !process.is_empty() && !process.starts_with(['[', '-']) {
        return None;
    }
    let (extra, rest) = match extra(rest) {
        Some((extra, rest)) => (Some(extra), rest),
        None => (None, rest),
    };
    let mut rest = rest;
    let verb = word(&mut rest)?;
    if let Some(ty) = verb.strip_prefix("query[").or_else(|| verb.strip_prefix("auth[")) {
        let (name, from, client) = (word(&mut rest)?, word(&mut rest)?, word(&mut rest)?);
        let client = client.parse().ok().filter(|_| from == "from")?;
        return Some((extra, Told::Query { ty: ty.strip_suffix(']')?, name, client }));
    }
    // What answers is told by a verb or the name of a file; `reply error is` tells of no name.
    let (name, is) = (word(&mut rest).unwrap_or(""), word(&mut rest).unwrap_or(""));
    let tells = is == "is" && name != "result" && (verb != "reply" || name != "error");
    let told = if tells { Told::Answer { name, is: rest.trim() } } else { Told::Other };
    Some((extra, told))
}

/// `7 10.0.0.1/41873`
fn extra(rest: &str) -> Option<(Extra, &str)> {
    let mut behind = rest;
    let serial = word(&mut behind)?.parse().ok()?;
    let (ip, port) = word(&mut behind)?.split_once('/')?;
    Some((Extra { serial, client: (ip.parse().ok()?, port.parse().ok()?) }, behind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::lines::tests::events;

    const FIELDS: [&str; 6] =
        ["dns.type", "source.ip", "dns.question.name", "dns.question.type", "dns.response_code", "dns.answers.data"];

    fn read(lines: &[&str]) -> Vec<String> {
        let text: String = lines.iter().map(|line| format!("Nov 21 17:31:56 dnsmasq[812]: {line}\n")).collect();
        events(&Dnsmasq, text.as_bytes(), 17, &FIELDS).0
    }

    #[test]
    fn lines_with_a_serial_number_are_joined() {
        let found = read(&[
            "7 10.0.0.1/41873 query[A] www.example.com from 10.0.0.1",
            "7 10.0.0.1/41873 forwarded www.example.com to 9.9.9.9",
            "8 10.0.0.2/5 query[AAAA] nothing.example from 10.0.0.2",
            "9 10.0.0.3/5 query[TXT] lost.example from 10.0.0.3",
            "7 10.0.0.1/41873 reply www.example.com is <CNAME>",
            "7 10.0.0.1/41873 reply x.example.com is 192.0.2.1",
            "8 10.0.0.2/5 cached nothing.example is NXDOMAIN",
            "10 10.0.0.1/5 query[A] router.lan from 10.0.0.1",
            "10 10.0.0.1/5 /etc/hosts router.lan is 10.0.0.254",
        ]);
        let expected = [
            "answer|10.0.0.1|www.example.com|A|NOERROR|[x.example.com, 192.0.2.1]",
            "answer|10.0.0.2|nothing.example|AAAA|NXDOMAIN|",
            "query|10.0.0.3|lost.example|TXT||",
            "answer|10.0.0.1|router.lan|A|NOERROR|[10.0.0.254]",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn without_one_each_is_an_event_of_its_own() {
        let found = read(&[
            "query[A] www.example.com from 10.0.0.1",
            "forwarded www.example.com to 9.9.9.9",
            "reply www.example.com is 192.0.2.1",
            "config blocked.example is NXDOMAIN",
            "validation result is SECURE",
            "using nameserver 9.9.9.9#53",
        ]);
        let expected = [
            "query|10.0.0.1|www.example.com|A||",
            "answer||www.example.com||NOERROR|[192.0.2.1]",
            "answer||blocked.example||NXDOMAIN|",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn layouts_of_syslog_daemons_are_read() {
        for line in [
            "Nov 21 17:31:56 router dnsmasq[812]: query[A] a.example from 10.0.0.1",
            "Sat Nov 21 17:31:56 2026 daemon.info dnsmasq[1]: query[A] a.example from 10.0.0.1",
            "2026-11-21T17:31:56.5+00:00 router dnsmasq[812]: query[A] a.example from 10.0.0.1",
            "<30>Nov 21 17:31:56 dnsmasq: query[A] a.example from 10.0.0.1",
        ] {
            let (found, tally) = events(&Dnsmasq, line.as_bytes(), 1000, &FIELDS);
            assert_eq!((&found[..], tally.unreadable), (&["query|10.0.0.1|a.example|A||".to_owned()][..], 0), "{line}");
        }
    }
}
