//! IPv4 and IPv6 headers, down to the transport protocol.

use crate::wire::{be16, be32};
use std::net::IpAddr;

pub const TCP: u8 = 6;
pub const UDP: u8 = 17;
/// Extension headers of a packet beyond this many are not followed.
const MAX_EXTENSIONS: usize = 16;

/// An IP packet, or a fragment of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ip<'a> {
    pub source: IpAddr,
    pub destination: IpAddr,
    /// The transport protocol.
    pub protocol: u8,
    /// What was kept of the payload.
    pub payload: &'a [u8],
    /// The payload's length on the wire.
    pub length: usize,
    pub fragment: Option<Fragment>,
}

/// Where a fragment belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    pub id: u32,
    /// In bytes of the whole packet's payload.
    pub offset: usize,
    /// Whether others follow.
    pub more: bool,
}

impl<'a> Ip<'a> {
    /// Reads a packet of which `bytes` were kept. An error says what cannot be.
    pub fn read(bytes: &'a [u8]) -> Result<Ip<'a>, &'static str> {
        match bytes.first().map(|first| first >> 4) {
            Some(4) => read_v4(bytes),
            Some(6) => read_v6(bytes).ok_or("the IPv6 header is cut or its extension headers do not end"),
            _ => Err("the IP version is neither 4 nor 6"),
        }
    }
}

fn read_v4(bytes: &[u8]) -> Result<Ip<'_>, &'static str> {
    let Some(fixed) = bytes.first_chunk::<20>() else { return Err("the IPv4 header is cut") };
    let header = usize::from(fixed[0] & 0xF) * 4;
    let total = usize::from(u16::from_be_bytes([fixed[2], fixed[3]]));
    // Segmentation offload leaves the length zero in packets captured before the card sees them.
    let total = if total == 0 { bytes.len() } else { total };
    if header < 20 || total < header {
        return Err("the IPv4 header's lengths are not possible");
    }
    // Ethernet pads short frames, so there may be more bytes than the packet has.
    let payload = bytes.get(header..total.min(bytes.len())).ok_or("the IPv4 header is cut")?;
    let flags = u16::from_be_bytes([fixed[6], fixed[7]]);
    let (offset, more) = (usize::from(flags & 0x1FFF) * 8, flags & 0x2000 != 0);
    let id = u16::from_be_bytes([fixed[4], fixed[5]]).into();
    Ok(Ip {
        source: IpAddr::from([fixed[12], fixed[13], fixed[14], fixed[15]]),
        destination: IpAddr::from([fixed[16], fixed[17], fixed[18], fixed[19]]),
        protocol: fixed[9],
        payload,
        length: total - header,
        fragment: (offset > 0 || more).then_some(Fragment { id, offset, more }),
    })
}

fn read_v6(bytes: &[u8]) -> Option<Ip<'_>> {
    let address = |at| bytes.get(at..)?.first_chunk::<16>().map(|octets| IpAddr::from(*octets));
    let (source, destination) = (address(8)?, address(24)?);
    let given = usize::from(be16(bytes, 4)?);
    // Zero stands for a jumbogram or for segmentation offload.
    let length = if given == 0 { bytes.len() - 40 } else { given };
    let payload = &bytes[40..bytes.len().min(40 + length)];
    let (protocol, at, fragment) = extensions(*bytes.get(6)?, payload)?;
    let payload = payload.get(at..)?;
    Some(Ip { source, destination, protocol, payload, length: length.checked_sub(at)?, fragment })
}

/// Follows the extension headers of IPv6: the protocol behind them, where it begins, and the fragment if it is one.
pub fn extensions(mut protocol: u8, payload: &[u8]) -> Option<(u8, usize, Option<Fragment>)> {
    let mut at = 0;
    for _ in 0..MAX_EXTENSIONS {
        let size = match protocol {
            // Hop-by-hop options, routing, destination options, mobility, host identity, shim6
            0 | 43 | 60 | 135 | 139 | 140 => 8 + usize::from(*payload.get(at + 1)?) * 8,
            // Authentication, counted in words
            51 => 8 + usize::from(*payload.get(at + 1)?) * 4,
            44 => 8,
            _ => return Some((protocol, at, None)),
        };
        let next = *payload.get(at)?;
        if protocol == 44 {
            let place = be16(payload, at + 2)?;
            let (offset, more) = (usize::from(place & 0xFFF8), place & 1 != 0);
            // A piece ends the walk; an atomic fragment (RFC 6946) is whole.
            if offset > 0 || more {
                return Some((next, at + size, Some(Fragment { id: be32(payload, at + 4)?, offset, more })));
            }
        }
        (protocol, at) = (next, at + size);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v6(next: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x60, 0, 0, 0];
        bytes.extend((payload.len() as u16).to_be_bytes());
        bytes.extend([next, 64]);
        bytes.extend([0xFE; 16]);
        bytes.extend([0xFD; 16]);
        bytes.extend(payload);
        bytes
    }

    #[test]
    fn options_and_padding_of_ipv4_are_left_out() {
        let bytes = b"\x46\0\0\x1C\0\x07\x40\0\x40\x11\0\0\x0A\0\0\x01\x0A\0\0\x02\x01\x01\x01\x01DATApadding";
        let ip = Ip::read(bytes).unwrap();
        assert_eq!((ip.source, ip.destination), (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2])));
        assert_eq!((ip.protocol, ip.payload, ip.length, ip.fragment), (UDP, &b"DATA"[..], 4, None));
        let cut = Ip::read(&bytes[..26]).unwrap();
        assert_eq!((cut.payload, cut.length), (&b"DA"[..], 4));
        for length in 0..24 {
            assert!(Ip::read(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn extension_headers_of_ipv6_are_followed() {
        let hop = [43, 0, 0, 0, 0, 0, 0, 0];
        let routing = [60, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let options = [51, 0, 0, 0, 0, 0, 0, 0];
        let authentication = [UDP, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let bytes = v6(0, &[&hop[..], &routing, &options, &authentication, b"DATA"].concat());
        let ip = Ip::read(&bytes).unwrap();
        assert_eq!((ip.protocol, ip.payload, ip.length, ip.fragment), (UDP, &b"DATA"[..], 4, None));
        let fragment = v6(44, b"\x11\0\0\x09\0\0\0\x07DATA");
        let ip = Ip::read(&fragment).unwrap();
        assert_eq!(ip.fragment, Some(Fragment { id: 7, offset: 8, more: true }));
        assert_eq!((ip.protocol, ip.payload), (UDP, &b"DATA"[..]));
        assert!(Ip::read(&v6(0, &[0; 256])).is_err(), "headers without an end");
        assert!(Ip::read(&v6(0, &[0, 255, 0, 0])).is_err());
    }
}
