//! DNS messages as bytes (RFC 1035, section 4), with names compressed as servers do.

use std::collections::HashMap;

use crate::event::{Answer, Event, Rdata, Response};
use crate::name::Name;

/// A message, and where each answer record begins in it.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub bytes: Vec<u8>,
    pub answers: Vec<usize>,
    /// Where names began that later ones may point to.
    seen: HashMap<Vec<u8>, u16>,
}

/// The query of an event.
pub fn query(event: &Event) -> Message {
    let mut message = Message::default();
    message.header(event.id, event.query_flags(), 0);
    message.question(event);
    message
}

/// The response of an event.
pub fn response(event: &Event, response: &Response) -> Message {
    let mut message = Message::default();
    message.header(event.id, event.response_flags(response), response.answers.len());
    message.question(event);
    for answer in &response.answers {
        message.answers.push(message.bytes.len());
        message.record(answer);
    }
    message
}

impl Message {
    fn word(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    fn header(&mut self, id: u16, flags: u16, answers: usize) {
        for value in [id, flags, 1, answers as u16, 0, 0] {
            self.word(value);
        }
    }

    fn question(&mut self, event: &Event) {
        self.name(&event.question.name);
        self.word(event.question.rtype);
        self.word(event.question.class);
    }

    /// A name, or its first labels and a pointer to where the rest stands already.
    fn name(&mut self, name: &Name) {
        let mut rest = name.wire();
        while let [length @ 1..=63, ..] = rest {
            if let Some(&at) = self.seen.get(rest) {
                self.word(0xC000 | at);
                return;
            }
            if let Ok(at) = u16::try_from(self.bytes.len())
                && at < 0x4000
            {
                self.seen.insert(rest.to_vec(), at);
            }
            let (label, after) = rest.split_at(1 + usize::from(*length));
            self.bytes.extend_from_slice(label);
            rest = after;
        }
        self.bytes.push(0);
    }

    fn record(&mut self, answer: &Answer) {
        self.name(&answer.name);
        self.word(answer.data.rtype());
        self.word(1);
        self.bytes.extend_from_slice(&answer.ttl.to_be_bytes());
        let length_at = self.bytes.len();
        self.word(0);
        self.data(&answer.data);
        let length = (self.bytes.len() - length_at - 2) as u16;
        self.bytes[length_at..length_at + 2].copy_from_slice(&length.to_be_bytes());
    }

    fn data(&mut self, data: &Rdata) {
        match data {
            Rdata::A(address) => self.bytes.extend_from_slice(&address.octets()),
            Rdata::Aaaa(address) => self.bytes.extend_from_slice(&address.octets()),
            Rdata::Cname(name) | Rdata::Ns(name) | Rdata::Ptr(name) => self.name(name),
            Rdata::Mx { preference, exchange } => {
                self.word(*preference);
                self.name(exchange);
            }
            Rdata::Txt(strings) => {
                for string in strings.iter() {
                    let string = &string[..string.len().min(255)];
                    self.bytes.push(string.len() as u8);
                    self.bytes.extend_from_slice(string);
                }
            }
            Rdata::Srv { priority, weight, port, target } => {
                for value in [priority, weight, port] {
                    self.word(*value);
                }
                // RFC 2782 forbids compression here.
                self.bytes.extend_from_slice(target.wire());
            }
            Rdata::Soa { server, mailbox, serial } => {
                self.name(server);
                self.name(mailbox);
                for value in [*serial, 7_200, 900, 1_209_600, 300] {
                    self.bytes.extend_from_slice(&value.to_be_bytes());
                }
            }
            Rdata::Other { data, .. } => self.bytes.extend_from_slice(data),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::event::{Question, Transport, rtype};

    #[test]
    fn names_point_to_earlier_ones() {
        let name = Name::from_text("www.example.com").unwrap();
        let target = Name::from_text("edge.example.com").unwrap();
        let answers = vec![
            Answer { name: name.clone(), ttl: 60, data: Rdata::Cname(target.clone()) },
            Answer { name: target, ttl: 5, data: Rdata::A(Ipv4Addr::new(198, 18, 0, 1)) },
        ];
        let found = Response { delay: 1, rcode: 0, authoritative: false, recursion_available: true, answers };
        let event = Event {
            time: 0,
            client: "10.0.0.1:4000".parse().unwrap(),
            server: "10.0.0.2:53".parse().unwrap(),
            transport: Transport::Udp,
            id: 0x1234,
            question: Question { name, rtype: rtype::A, class: 1 },
            recursion_desired: true,
            query_seen: true,
            response: Some(found.clone()),
        };
        let message = response(&event, &found);
        assert_eq!(&message.bytes[..12], b"\x12\x34\x81\x80\0\x01\0\x02\0\0\0\0");
        let expected =
            b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x07\x04edge\xc0\x10\xc0\x2d\0\x01\0\x01\0\0\0\x05\0\x04\xc6\x12\0\x01";
        assert_eq!(&message.bytes[33..], expected);
        assert_eq!(message.answers, [33, 52]);
    }
}
