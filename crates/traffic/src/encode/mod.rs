//! One file per encoding. Each writes what the real program would write of the same look-ups.
//!
//! An encoder appends to a buffer that the caller empties, so that neither side holds a whole file. Events are handed
//! in by ascending time; records appear in the order in which the program writes them, which for most programs is
//! when the response came, or when the wait for one was over.

mod json;
mod order;
mod shuffle;
mod text;

pub mod packetbeat;
pub mod parquet;
pub mod pcap;
pub mod suricata;
pub mod windows_debug;
pub mod zeek_json;
pub mod zeek_tsv;

use std::io::{self, Write};

use crate::event::Event;

/// Turns events into the bytes of one file.
pub trait Encode {
    /// What the file begins with.
    fn begin(&mut self, _out: &mut Vec<u8>) {}

    /// One more event. Fails only where the encoding's library does.
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()>;

    /// What was held back, and what the file ends with.
    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()>;
}

/// A name for the command line, what it is, the usual file name, and how to make the encoder.
pub struct Format {
    pub name: &'static str,
    pub about: &'static str,
    pub file: &'static str,
    pub encoder: fn() -> Box<dyn Encode>,
}

/// Every encoding.
pub const FORMATS: [Format; 12] = [
    Format {
        name: "ndjson",
        about: "Packetbeat DNS events in ECS, one JSON object a line, without host and agent",
        file: "packetbeat.ndjson",
        encoder: || Box::new(packetbeat::Packetbeat::lean()),
    },
    Format {
        name: "ndjson-shuffled",
        about: "the same with the keys of every line in another order, as Packetbeat's file output has them",
        file: "packetbeat.ndjson",
        encoder: || Box::new(packetbeat::Packetbeat::shuffled()),
    },
    Format {
        name: "packetbeat",
        about: "Packetbeat DNS events with everything that Packetbeat and Elastic Agent ship",
        file: "packetbeat.ndjson",
        encoder: || Box::new(packetbeat::Packetbeat::whole()),
    },
    Format {
        name: "zeek-tsv",
        about: "Zeek dns.log, tab-separated",
        file: "dns.log",
        encoder: || Box::new(zeek_tsv::ZeekTsv::default()),
    },
    Format {
        name: "zeek-json",
        about: "Zeek dns.log, one JSON object a line",
        file: "dns.json.log",
        encoder: || Box::new(zeek_json::ZeekJson::default()),
    },
    Format {
        name: "suricata-v2",
        about: "Suricata EVE dns events as Suricata 7 writes them",
        file: "eve.json",
        encoder: || Box::new(suricata::Suricata::version_2()),
    },
    Format {
        name: "suricata-v3",
        about: "Suricata EVE dns events as Suricata 8 writes them",
        file: "eve.json",
        encoder: || Box::new(suricata::Suricata::version_3()),
    },
    Format {
        name: "windows-debug",
        about: "Windows DNS server debug log, a line a packet",
        file: "windows-dns-debug.log",
        encoder: || Box::new(windows_debug::WindowsDebug::default()),
    },
    Format {
        name: "windows-debug-details",
        about: "Windows DNS server debug log with the details of each packet",
        file: "windows-dns-debug.log",
        encoder: || Box::new(windows_debug::WindowsDebug::detailed()),
    },
    Format { name: "pcap", about: "Ethernet packets", file: "dns.pcap", encoder: || Box::new(pcap::Pcap::default()) },
    Format {
        name: "parquet",
        about: "a table with ECS column names",
        file: "dns.parquet",
        encoder: || Box::new(parquet::Parquet::default()),
    },
    Format { name: "null", about: "nothing: to time the generator", file: "nothing", encoder: || Box::new(Nothing) },
];

/// The format of that name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Writes all events to `out`.
pub fn write(encoder: &mut dyn Encode, events: impl Iterator<Item = Event>, out: &mut dyn Write) -> io::Result<()> {
    const FLUSH: usize = 1 << 20;
    let mut buffer = Vec::with_capacity(FLUSH + (1 << 16));
    encoder.begin(&mut buffer);
    for event in events {
        encoder.event(&event, &mut buffer)?;
        if buffer.len() >= FLUSH {
            out.write_all(&buffer)?;
            buffer.clear();
        }
    }
    encoder.finish(&mut buffer)?;
    out.write_all(&buffer)
}

/// The bytes of a whole file with these events, for tests.
pub fn to_bytes(encoder: &mut dyn Encode, events: &[Event]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write(encoder, events.iter().cloned(), &mut bytes)?;
    Ok(bytes)
}

struct Nothing;

impl Encode for Nothing {
    fn event(&mut self, _event: &Event, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
}
