//! A DNS event as a record tells it.

use crate::network::Flow;

/// What a record says of a DNS exchange. Unknown is none throughout.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Event<'a> {
    pub flow: Flow<'a>,
    /// `dns.type`: whether an answer is part of the event.
    pub message: Option<Message>,
    /// `dns.id`, the transaction id.
    pub id: Option<u32>,
    /// `dns.op_code`: `QUERY`.
    pub op_code: Option<&'a str>,
    /// `dns.response_code`, as the source writes it: `NOERROR`.
    pub response_code: Option<&'a str>,
    pub flags: Flags,
    pub question: Question<'a>,
    /// `dns.answers.*`.
    pub answers: &'a [Answer<'a>],
    pub counts: Counts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    Query,
    /// An answer, alone or with its query.
    Answer,
}

/// The question section's first entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Question<'a> {
    /// Without a final dot, unless the source writes it.
    pub name: Option<&'a str>,
    /// The mnemonic of [`schema::dns::rr_type_name`].
    pub ty: Option<&'a str>,
    /// The mnemonic of [`schema::dns::class_name`].
    pub class: Option<&'a str>,
    /// The name whose domain is told where the question's own is unknown: an answer's.
    pub other_name: Option<&'a str>,
}

/// One resource record of the answer section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer<'a> {
    pub name: Option<&'a str>,
    pub ty: Option<&'a str>,
    pub class: Option<&'a str>,
    /// Seconds.
    pub ttl: Option<u64>,
    /// The record's data as text: an address, a name, the strings of a TXT.
    pub data: Option<&'a str>,
}

/// The bits of the header; none where the source does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    pub authoritative: Option<bool>,
    pub truncated_response: Option<bool>,
    pub recursion_desired: Option<bool>,
    pub recursion_available: Option<bool>,
    pub authentic_data: Option<bool>,
    pub checking_disabled: Option<bool>,
    /// DO, of EDNS; in `dns.header_flags` only.
    pub dnssec_ok: Option<bool>,
}

impl Flags {
    /// From the second 16 bits of a DNS header (RFC 1035 section 4.1.1, RFC 4035).
    pub fn from_header(bits: u16) -> Self {
        let bit = |mask: u16| Some(bits & mask != 0);
        Flags {
            authoritative: bit(0x0400),
            truncated_response: bit(0x0200),
            recursion_desired: bit(0x0100),
            recursion_available: bit(0x0080),
            authentic_data: bit(0x0020),
            checking_disabled: bit(0x0010),
            dnssec_ok: None,
        }
    }
}

/// How many records each section has, as the header or the record says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub answers: Option<u32>,
    pub authorities: Option<u32>,
    pub additionals: Option<u32>,
}
