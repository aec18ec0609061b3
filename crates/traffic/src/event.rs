//! One DNS look-up, as all programs that watch DNS understand it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use crate::name::Name;

/// Numbers of the record types that the generator uses (IANA, "DNS Parameters").
pub mod rtype {
    pub const A: u16 = 1;
    pub const NS: u16 = 2;
    pub const CNAME: u16 = 5;
    pub const SOA: u16 = 6;
    pub const NULL: u16 = 10;
    pub const PTR: u16 = 12;
    pub const MX: u16 = 15;
    pub const TXT: u16 = 16;
    pub const AAAA: u16 = 28;
    pub const SRV: u16 = 33;
    pub const HTTPS: u16 = 65;

    const NAMES: [(u16, &str); 24] = [
        (A, "A"),
        (NS, "NS"),
        (CNAME, "CNAME"),
        (SOA, "SOA"),
        (NULL, "NULL"),
        (PTR, "PTR"),
        (13, "HINFO"),
        (MX, "MX"),
        (TXT, "TXT"),
        (AAAA, "AAAA"),
        (SRV, "SRV"),
        (35, "NAPTR"),
        (39, "DNAME"),
        (41, "OPT"),
        (43, "DS"),
        (46, "RRSIG"),
        (47, "NSEC"),
        (48, "DNSKEY"),
        (50, "NSEC3"),
        (64, "SVCB"),
        (HTTPS, "HTTPS"),
        (99, "SPF"),
        (252, "AXFR"),
        (257, "CAA"),
    ];

    /// The IANA mnemonic of a type, where this table has one.
    pub fn mnemonic(rtype: u16) -> Option<&'static str> {
        NAMES.iter().find(|(number, _)| *number == rtype).map(|(_, name)| *name)
    }

    /// The number of an IANA mnemonic that this table has.
    pub fn number(mnemonic: &str) -> Option<u16> {
        NAMES.iter().find(|(_, name)| *name == mnemonic).map(|(number, _)| *number)
    }
}

/// Response codes (IANA, "DNS RCODEs").
pub mod rcode {
    pub const NOERROR: u8 = 0;
    pub const SERVFAIL: u8 = 2;
    pub const NXDOMAIN: u8 = 3;
    pub const REFUSED: u8 = 5;

    const NAMES: [&str; 11] = [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
        "NOTZONE",
    ];

    /// The mnemonic of a response code that fits the header's four bits.
    pub fn mnemonic(rcode: u8) -> Option<&'static str> {
        NAMES.get(usize::from(rcode)).copied()
    }

    /// The number of a mnemonic.
    pub fn number(mnemonic: &str) -> Option<u8> {
        NAMES.iter().position(|name| *name == mnemonic).map(|number| number as u8)
    }
}

/// One look-up: a query, and its response where one was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When the query passed the sensor (of a response without a query: when the response did), in nanoseconds
    /// since 1970 UTC.
    pub time: i64,
    pub client: SocketAddr,
    pub server: SocketAddr,
    pub transport: Transport,
    /// The transaction id of the DNS header.
    pub id: u16,
    pub question: Question,
    /// Whether the query asked for recursion (RD).
    pub recursion_desired: bool,
    /// Whether the query packet was seen; false for a response alone.
    pub query_seen: bool,
    /// `None` for a query that nobody answered.
    pub response: Option<Response>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Udp,
    Tcp,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub name: Name,
    /// The record type asked for: see [`rtype`].
    pub rtype: u16,
    /// The class; 1 is the Internet.
    pub class: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Nanoseconds from query to response.
    pub delay: i64,
    pub rcode: u8,
    pub authoritative: bool,
    pub recursion_available: bool,
    pub answers: Vec<Answer>,
}

/// A record of the answer section.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub name: Name,
    /// Seconds.
    pub ttl: u32,
    pub data: Rdata,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub enum Rdata {
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    Cname(Name),
    Ns(Name),
    Ptr(Name),
    Mx {
        preference: u16,
        exchange: Name,
    },
    /// Character strings, each of at most 255 bytes.
    Txt(Arc<[Vec<u8>]>),
    Srv {
        priority: u16,
        weight: u16,
        port: u16,
        target: Name,
    },
    Soa {
        server: Name,
        mailbox: Name,
        serial: u32,
    },
    /// Record data as on the wire: NULL, HTTPS and whatever else is not taken apart here.
    Other {
        rtype: u16,
        data: Arc<[u8]>,
    },
}

impl Rdata {
    pub fn rtype(&self) -> u16 {
        match self {
            Rdata::A(_) => rtype::A,
            Rdata::Aaaa(_) => rtype::AAAA,
            Rdata::Cname(_) => rtype::CNAME,
            Rdata::Ns(_) => rtype::NS,
            Rdata::Ptr(_) => rtype::PTR,
            Rdata::Mx { .. } => rtype::MX,
            Rdata::Txt(_) => rtype::TXT,
            Rdata::Srv { .. } => rtype::SRV,
            Rdata::Soa { .. } => rtype::SOA,
            Rdata::Other { rtype, .. } => *rtype,
        }
    }

    /// The address that an A or AAAA record gives.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Rdata::A(address) => Some(IpAddr::V4(*address)),
            Rdata::Aaaa(address) => Some(IpAddr::V6(*address)),
            _ => None,
        }
    }
}

impl Event {
    /// When the response passed the sensor, or the query where there is none. Nanoseconds since 1970 UTC.
    pub fn end(&self) -> i64 {
        self.response.as_ref().map_or(self.time, |response| self.time.saturating_add(response.delay))
    }

    /// The answers; none without a response.
    pub fn answers(&self) -> &[Answer] {
        self.response.as_ref().map_or(&[], |response| &response.answers)
    }

    /// The second word of the query's DNS header.
    pub fn query_flags(&self) -> u16 {
        if self.recursion_desired { 0x0100 } else { 0 }
    }

    /// The second word of the response's DNS header.
    pub fn response_flags(&self, response: &Response) -> u16 {
        0x8000
            | if response.authoritative { 0x0400 } else { 0 }
            | self.query_flags()
            | if response.recursion_available { 0x0080 } else { 0 }
            | u16::from(response.rcode & 0x0f)
    }
}
