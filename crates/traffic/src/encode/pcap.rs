//! A capture file (pcap, microseconds, little-endian) of Ethernet frames: one for each query, one for each response.
//!
//! Checksums are right. A look-up over TCP is one segment each way with its length in front and no handshake, as a
//! capture that began late would have it. Messages are not split, so they must fit an IP packet.

use std::io;
use std::net::{IpAddr, SocketAddr};

use super::{Encode, order::Order};
use crate::event::{Event, Transport};
use crate::wire;

#[derive(Default)]
pub struct Pcap {
    order: Order,
}

/// Bytes of each frame that are kept.
const SNAP_LENGTH: u32 = 262_144;
const ETHERNET: u32 = 1;

impl Encode for Pcap {
    fn begin(&mut self, out: &mut Vec<u8>) {
        for (value, size) in [(0xA1B2_C3D4, 4), (2, 2), (4, 2), (0, 4), (0, 4), (SNAP_LENGTH, 4), (ETHERNET, 4)] {
            out.extend_from_slice(&value.to_le_bytes()[..size]);
        }
    }

    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.release(event.time, out);
        if event.query_seen {
            let message = wire::query(event).bytes;
            self.order.add(event.time, |record| {
                packet(event.time, event.client, event.server, event.transport, &message, record);
            });
        }
        if let Some(response) = &event.response {
            let message = wire::response(event, response).bytes;
            self.order.add(event.end(), |record| {
                packet(event.end(), event.server, event.client, event.transport, &message, record);
            });
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.finish(out);
        Ok(())
    }
}

fn packet(time: i64, from: SocketAddr, to: SocketAddr, transport: Transport, message: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    out.extend_from_slice(&[0; 16]);
    ethernet(from.ip(), to.ip(), out);
    let segment_length = message.len() + if transport == Transport::Udp { 8 } else { 22 };
    internet(from.ip(), to.ip(), transport, segment_length, out);
    let segment_at = out.len();
    segment(from.port(), to.port(), transport, message, out);
    let sum = transport_checksum(from.ip(), to.ip(), transport, &out[segment_at..]);
    let checksum_at = segment_at + if transport == Transport::Udp { 6 } else { 16 };
    // A sum of zero is sent as ones, since zero means "none" (RFC 768).
    let sum = if sum == 0 { 0xFFFF } else { sum };
    out[checksum_at..checksum_at + 2].copy_from_slice(&sum.to_be_bytes());
    let length = (out.len() - begin - 16) as u32;
    let (seconds, micros) = (time.div_euclid(1_000_000_000) as u32, (time.rem_euclid(1_000_000_000) / 1_000) as u32);
    for (at, value) in [seconds, micros, length, length].into_iter().enumerate() {
        out[begin + 4 * at..begin + 4 * at + 4].copy_from_slice(&value.to_le_bytes());
    }
}

/// Locally administered addresses that end like the IP addresses.
fn ethernet(from: IpAddr, to: IpAddr, out: &mut Vec<u8>) {
    for ip in [to, from] {
        let tail = match ip {
            IpAddr::V4(v4) => v4.octets(),
            IpAddr::V6(v6) => (u128::from(v6) as u32).to_be_bytes(),
        };
        out.extend_from_slice(&[0x02, 0x00]);
        out.extend_from_slice(&tail);
    }
    out.extend_from_slice(if from.is_ipv4() { &[0x08, 0x00] } else { &[0x86, 0xDD] });
}

fn protocol(transport: Transport) -> u8 {
    match transport {
        Transport::Udp => 17,
        Transport::Tcp => 6,
    }
}

fn internet(from: IpAddr, to: IpAddr, transport: Transport, length: usize, out: &mut Vec<u8>) {
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let begin = out.len();
            out.extend_from_slice(&[0x45, 0]);
            out.extend_from_slice(&((length + 20) as u16).to_be_bytes());
            out.extend_from_slice(&[0, 0, 0x40, 0, 64, protocol(transport), 0, 0]);
            out.extend_from_slice(&from.octets());
            out.extend_from_slice(&to.octets());
            let sum = checksum(&[&out[begin..]]);
            out[begin + 10..begin + 12].copy_from_slice(&sum.to_be_bytes());
        }
        _ => {
            out.extend_from_slice(&[0x60, 0, 0, 0]);
            out.extend_from_slice(&(length as u16).to_be_bytes());
            out.extend_from_slice(&[protocol(transport), 64]);
            out.extend_from_slice(&v6(from));
            out.extend_from_slice(&v6(to));
        }
    }
}

fn v6(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

fn segment(from: u16, to: u16, transport: Transport, message: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&from.to_be_bytes());
    out.extend_from_slice(&to.to_be_bytes());
    match transport {
        Transport::Udp => {
            out.extend_from_slice(&((message.len() + 8) as u16).to_be_bytes());
            out.extend_from_slice(&[0, 0]);
        }
        Transport::Tcp => {
            // Sequence and acknowledgement 1, a header of five words, PSH and ACK, a window, no urgent data.
            out.extend_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0]);
            out.extend_from_slice(&(message.len() as u16).to_be_bytes());
        }
    }
    out.extend_from_slice(message);
}

/// The checksum over the segment and the pseudo-header (RFC 768, RFC 9293, RFC 8200).
fn transport_checksum(from: IpAddr, to: IpAddr, transport: Transport, segment: &[u8]) -> u16 {
    let tail = [&(segment.len() as u32).to_be_bytes()[..], &[0, 0, 0, protocol(transport)]].concat();
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => checksum(&[&from.octets(), &to.octets(), &tail, segment]),
        _ => checksum(&[&v6(from), &v6(to), &tail, segment]),
    }
}

/// The Internet checksum of parts of even length, but for the last (RFC 1071).
fn checksum(parts: &[&[u8]]) -> u16 {
    let mut sum = 0u64;
    for part in parts {
        for pair in part.chunks(2) {
            sum += u64::from(pair[0]) << 8 | u64::from(pair.get(1).copied().unwrap_or(0));
        }
    }
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    !(sum as u16)
}
