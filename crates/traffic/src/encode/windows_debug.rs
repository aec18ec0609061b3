//! The debug log of the Windows DNS server: a line for each packet, on demand with the packet's details below.
//!
//! Times are local, without a zone and in whole seconds, in the date format of the server's locale; the port and the
//! answers are in the details only; a name is its labels with their lengths, `(3)www(7)example(3)com(0)`; the header
//! flags are printed in hexadecimal with their bytes swapped, and again as letters. The layout follows logs published
//! by administrators, since Microsoft documents only the key at the top of the file. Clients ask the server that
//! writes the log, so queries are received and responses sent.

use std::borrow::Cow;
use std::io::{self, Write};
use std::net::SocketAddr;

use super::{Encode, order::Order, text};
use crate::event::{Event, Rdata, Response, Transport, rcode, rtype};
use crate::random::mix;
use crate::wire::{self, Message};

/// How the server's locale writes dates and times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// `6/1/2026 2:05:09 PM`
    #[default]
    UnitedStates,
    /// `01/06/2026 14:05:09`
    UnitedKingdom,
    /// `01.06.2026 14:05:09`
    Germany,
    /// `2026-06-01 14:05:09`
    Sweden,
    /// `2026/06/01 14:05:09`
    Japan,
}

#[derive(Default)]
pub struct WindowsDebug {
    pub details: bool,
    pub locale: Locale,
    /// What local time is ahead of UTC, in minutes.
    pub offset_minutes: i64,
    order: Order,
    opened: bool,
}

impl WindowsDebug {
    pub fn detailed() -> Self {
        WindowsDebug { details: true, ..WindowsDebug::default() }
    }

    fn stamp(&self, time: i64, out: &mut Vec<u8>) {
        let civil = text::Civil::from_nanos(time + self.offset_minutes * 60_000_000_000);
        let (separator, european) = match self.locale {
            Locale::UnitedStates => return united_states(civil, out),
            Locale::UnitedKingdom => (b'/', true),
            Locale::Germany => (b'.', true),
            Locale::Sweden => (b'-', false),
            Locale::Japan => (b'/', false),
        };
        if european {
            text::padded(civil.day, 2, out);
            out.push(separator);
            text::padded(civil.month, 2, out);
            out.push(separator);
            text::padded(civil.year.unsigned_abs(), 4, out);
        } else {
            civil.date(separator, out);
        }
        out.push(b' ');
        civil.time(b':', out);
    }

    fn open(&mut self, time: i64, out: &mut Vec<u8>) {
        self.opened = true;
        out.extend_from_slice(b"DNS Server log file creation at ");
        self.stamp(time, out);
        out.extend_from_slice(b"\r\nLog file wrap at ");
        self.stamp(time, out);
        out.extend_from_slice(b"\r\n\r\n");
        for line in KEY.lines() {
            out.extend_from_slice(line.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
    }
}

const KEY: &str = "\
Message logging key (for packets - other items use a subset of these fields):
\tField #  Information         Values
\t-------  -----------         ------
\t   1     Date
\t   2     Time
\t   3     Thread ID
\t   4     Context
\t   5     Internal packet identifier
\t   6     UDP/TCP indicator
\t   7     Send/Receive indicator
\t   8     Remote IP
\t   9     Xid (hex)
\t  10     Query/Response      R = Response
\t                             blank = Query
\t  11     Opcode              Q = Standard Query
\t                             N = Notify
\t                             U = Update
\t                             ? = Unknown
\t  12     [ Flags (hex)
\t  13     Flags (char codes)  A = Authoritative Answer
\t                             T = Truncated Response
\t                             D = Recursion Desired
\t                             R = Recursion Available
\t  14     ResponseCode ]
\t  15     Question Type
\t  16     Question Name
";

impl Encode for WindowsDebug {
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        if !self.opened {
            self.open(event.time, out);
        }
        self.order.release(event.time, out);
        if event.query_seen {
            let mut record = Vec::new();
            self.packet(event, None, &mut record);
            self.order.add(event.time, |out| out.append(&mut record));
        }
        if let Some(response) = &event.response {
            let mut record = Vec::new();
            self.packet(event, Some(response), &mut record);
            self.order.add(event.end(), |out| out.append(&mut record));
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.finish(out);
        Ok(())
    }
}

impl WindowsDebug {
    fn packet(&self, event: &Event, response: Option<&Response>, out: &mut Vec<u8>) {
        let flags = response.map_or(event.query_flags(), |response| event.response_flags(response));
        // The packet's address in the server's memory, and the thread that had it.
        let seed = mix(u64::from(event.id) ^ event.time as u64);
        let identifier = 0x0000_01A7_0000_0000 | (seed & 0xFFFF_FFF0);
        let thread = 0x0E00 | (seed >> 60 << 2);
        self.stamp(if response.is_some() { event.end() } else { event.time }, out);
        let transport = if event.transport == Transport::Udp { "UDP" } else { "TCP" };
        let direction = if response.is_some() { "Snd" } else { "Rcv" };
        // Writing to a vector does not fail, here and below.
        let _ = write!(out, " {thread:04X} PACKET  {identifier:016X} {transport} {direction} ");
        let _ = write!(out, "{:<15} {:04x} ", event.client.ip().to_string(), event.id);
        let letter = |bit: u16, letter: char| if flags & bit != 0 { letter } else { ' ' };
        let _ = write!(
            out,
            "{} Q [{:04x} {}{}{}{} {:>8}] {:<6} ",
            letter(0x8000, 'R'),
            flags.swap_bytes(),
            letter(0x0400, 'A'),
            letter(0x0200, 'T'),
            letter(0x0100, 'D'),
            letter(0x0080, 'R'),
            code_name((flags & 0x0F) as u8),
            type_name(event.question.rtype),
        );
        counted_name(event.question.name.wire(), 0, out);
        out.extend_from_slice(b"\r\n");
        if self.details {
            details(event, response, flags, identifier, out);
        }
        out.extend_from_slice(b"\r\n");
    }
}

fn united_states(civil: text::Civil, out: &mut Vec<u8>) {
    let hour = if civil.hour.is_multiple_of(12) { 12 } else { civil.hour % 12 };
    let half = if civil.hour < 12 { "AM" } else { "PM" };
    let _ = write!(
        out,
        "{}/{}/{} {hour}:{:02}:{:02} {half}",
        civil.month, civil.day, civil.year, civil.minute, civil.second
    );
}

fn details(event: &Event, response: Option<&Response>, flags: u16, identifier: u64, out: &mut Vec<u8>) {
    let message = response.map_or_else(|| wire::query(event), |response| wire::response(event, response));
    let SocketText { ip, port } = SocketText::of(event.client);
    let transport = if event.transport == Transport::Udp { "UDP" } else { "TCP" };
    let kind = if response.is_some() { "response" } else { "question" };
    let bit = |bit: u16| u8::from(flags & bit != 0);
    let code = (flags & 0x0F) as u8;
    let lines = [
        format!("{transport} {kind} info at {identifier:016X}"),
        "  Socket = 884".to_string(),
        format!("  Remote addr {ip}, port {port}"),
        format!("  Time Query={}, Queued=0, Expire=0", event.time / 1_000_000_000 % 1_000_000),
        "  Buf length = 0x0fa0 (4000)".to_string(),
        format!("  Msg length = 0x{:04x} ({})", message.bytes.len(), message.bytes.len()),
        "  Message:".to_string(),
        format!("    XID       0x{:04x}", event.id),
        format!("    Flags     0x{flags:04x}"),
        format!("      QR        {} ({})", bit(0x8000), if response.is_some() { "RESPONSE" } else { "QUESTION" }),
        "      OPCODE    0 (QUERY)".to_string(),
        format!("      AA        {}", bit(0x0400)),
        format!("      TC        {}", bit(0x0200)),
        format!("      RD        {}", bit(0x0100)),
        format!("      RA        {}", bit(0x0080)),
        "      Z         0".to_string(),
        "      CD        0".to_string(),
        "      AD        0".to_string(),
        format!("      RCODE     {code} ({})", code_name(code)),
        "    QCOUNT    1".to_string(),
        format!("    ACOUNT    {}", message.answers.len()),
        "    NSCOUNT   0".to_string(),
        "    ARCOUNT   0".to_string(),
        "    QUESTION SECTION:".to_string(),
        "    Offset = 0x000c, RR count = 0".to_string(),
        format!("    Name      \"{}\"", shown(&message.bytes, 12)),
        format!("      QTYPE   {} ({})", type_name(event.question.rtype), event.question.rtype),
        format!("      QCLASS  {}", event.question.class),
        "    ANSWER SECTION:".to_string(),
    ];
    for line in lines {
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    answers(event, &message, out);
    for section in ["AUTHORITY", "ADDITIONAL"] {
        let _ = write!(out, "    {section} SECTION:\r\n      empty\r\n");
    }
}

fn answers(event: &Event, message: &Message, out: &mut Vec<u8>) {
    if message.answers.is_empty() {
        out.extend_from_slice(b"      empty\r\n");
    }
    for (count, (answer, &at)) in event.answers().iter().zip(&message.answers).enumerate() {
        let number = answer.data.rtype();
        // After the owner's name come type, class, time to live and the length of the data: ten bytes.
        let data_at = name_end(&message.bytes, at) + 10;
        let length = match message.bytes.get(data_at - 2..data_at) {
            Some(&[high, low]) => u16::from_be_bytes([high, low]),
            _ => 0,
        };
        let _ = write!(out, "    Offset = 0x{at:04x}, RR count = {count}\r\n");
        let _ = write!(out, "    Name      \"{}\"\r\n", shown(&message.bytes, at));
        let _ = write!(out, "      TYPE   {}  ({number})\r\n", type_name(number));
        let _ = write!(out, "      CLASS  1\r\n      TTL    {}\r\n      DLEN   {length}\r\n", answer.ttl);
        let _ = write!(out, "      DATA   {}\r\n", data(&answer.data, &message.bytes, data_at));
    }
}

/// The value of a record. What the server prints of TXT and of types it does not know is not documented; here the
/// strings are counted like labels, and unknown data is hexadecimal.
fn data(data: &Rdata, message: &[u8], at: usize) -> String {
    match data {
        Rdata::A(address) => address.to_string(),
        Rdata::Aaaa(address) => address.to_string(),
        Rdata::Cname(_) | Rdata::Ns(_) | Rdata::Ptr(_) => shown(message, at),
        Rdata::Mx { preference, .. } => format!("{preference} {}", shown(message, at + 2)),
        Rdata::Srv { priority, weight, port, .. } => format!("{priority} {weight} {port} {}", shown(message, at + 6)),
        Rdata::Soa { serial, .. } => {
            let mailbox_at = name_end(message, at);
            format!(
                "\r\n\t\tPrimaryServer: {}\r\n\t\tAdministrator: {}\r\n\t\tSerialNo     = {serial}\r\n\t\t\
                 Refresh      = 7200\r\n\t\tRetry        = 900\r\n\t\tExpire       = 1209600\r\n\t\tMinimumTTL   = 300",
                shown(message, at),
                shown(message, mailbox_at),
            )
        }
        Rdata::Txt(strings) => strings
            .iter()
            .map(|string| format!("({}){}", string.len(), String::from_utf8_lossy(string)))
            .collect::<Vec<_>>()
            .join(" "),
        Rdata::Other { data, .. } => data.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// A name in a message, pointers shown as `[C00C]` and followed.
fn shown(message: &[u8], at: usize) -> String {
    let mut out = Vec::new();
    counted_name(message, at, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn counted_name(message: &[u8], mut at: usize, out: &mut Vec<u8>) {
    while let Some(&length) = message.get(at) {
        match (length, message.get(at + 1)) {
            (0xC0.., Some(&low)) => {
                let _ = write!(out, "[{length:02X}{low:02X}]");
                at = usize::from(length & 0x3F) << 8 | usize::from(low);
            }
            _ => {
                let _ = write!(out, "({length})");
                let end = at + 1 + usize::from(length);
                out.extend_from_slice(message.get(at + 1..end).unwrap_or(&[]));
                at = end;
                if length == 0 {
                    break;
                }
            }
        }
    }
}

/// Where the name that begins at `at` ends, its pointer included.
fn name_end(message: &[u8], mut at: usize) -> usize {
    loop {
        match message.get(at) {
            Some(0xC0..) => return at + 2,
            Some(0) | None => return at + 1,
            Some(length) => at += 1 + usize::from(*length),
        }
    }
}

struct SocketText {
    ip: String,
    port: u16,
}

impl SocketText {
    fn of(address: SocketAddr) -> Self {
        SocketText { ip: address.ip().to_string(), port: address.port() }
    }
}

fn code_name(code: u8) -> &'static str {
    rcode::mnemonic(code).unwrap_or("UNKNOWN")
}

fn type_name(number: u16) -> Cow<'static, str> {
    match number {
        255 => "ALL".into(),
        other => rtype::mnemonic(other).map_or_else(|| other.to_string().into(), Cow::from),
    }
}
