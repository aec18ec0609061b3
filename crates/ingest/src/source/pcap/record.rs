//! What the readers of capture files have in common.
//!
//! A reader is asked for the next step with the bytes at hand and never keeps any: packets are looked at where they
//! lie. Our own and not pcap-parser's, because that one returns a block as a parsed tree and the whole job here costs
//! some hundred nanoseconds a packet.

use super::link::Link;

/// The most a packet is believed to have; libpcap's own limit for Ethernet is 262,144.
pub const MAX_PACKET: usize = 1 << 20;

/// One captured packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Nanoseconds since the epoch.
    pub time: i64,
    pub link: Link,
    /// What was kept of it.
    pub bytes: &'a [u8],
    /// Its length on the wire.
    pub length: usize,
}

/// The outcome of looking at the bytes at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A packet; the next step begins this many bytes further on.
    Packet(Packet<'a>, usize),
    /// Nothing of interest in this many bytes, which may be more than there are.
    Skip(u64),
    /// At least so many bytes from here on are necessary.
    Need(usize),
    /// A record that cannot be used, and why; the next step begins this many bytes further on.
    Broken(&'static str, usize),
    /// No record begins here; says why.
    Lost(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Big,
    Little,
}

impl Order {
    /// None where the bytes end before.
    pub fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let chunk = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Order::Big { u16::from_be_bytes(chunk) } else { u16::from_le_bytes(chunk) })
    }

    pub fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let chunk = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Order::Big { u32::from_be_bytes(chunk) } else { u32::from_le_bytes(chunk) })
    }

    pub fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let chunk = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Order::Big { u64::from_be_bytes(chunk) } else { u64::from_le_bytes(chunk) })
    }
}
