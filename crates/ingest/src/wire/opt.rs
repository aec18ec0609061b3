//! The EDNS pseudo-record (RFC 6891) and the options that Packetbeat shows.

use super::{Record, be16, encoding::hex_lower};
use std::net::{Ipv4Addr, Ipv6Addr};

const NSID: u16 = 3;
const SUBNET: u16 = 8;
const COOKIE: u16 = 10;

#[derive(Clone, Copy, Debug)]
pub struct Opt<'a> {
    class: u16,
    ttl: u32,
    options: &'a [u8],
}

impl<'a> Opt<'a> {
    pub(super) fn new(record: &Record<'a>) -> Self {
        Opt { class: record.class, ttl: record.ttl, options: record.rdata.bytes() }
    }

    /// Largest UDP payload the sender takes.
    pub fn udp_size(&self) -> u16 {
        self.class
    }

    pub fn version(&self) -> u8 {
        (self.ttl >> 16) as u8
    }

    /// Whether DNSSEC records are wanted.
    pub fn dnssec_ok(&self) -> bool {
        self.ttl & 0x8000 != 0
    }

    /// The high eight bits of the response code, in place.
    pub fn extended_rcode(&self) -> u16 {
        ((self.ttl >> 24) as u16) << 4
    }

    /// The name server identifier (RFC 5001), in hexadecimal.
    pub fn nsid(&self) -> Option<String> {
        self.option(NSID).map(hex)
    }

    /// The cookie (RFC 7873), in hexadecimal.
    pub fn cookie(&self) -> Option<String> {
        self.option(COOKIE).map(hex)
    }

    /// The client subnet (RFC 7871) as `address/source/scope`, the address of IPv6 in brackets.
    pub fn subnet(&self) -> Option<String> {
        let option = self.option(SUBNET)?;
        let family = be16(option, 0)?;
        let (source, scope) = (*option.get(2)?, *option.get(3)?);
        let mut address = [0; 16];
        let given = option.get(4..)?;
        let length = given.len().min(16);
        address[..length].copy_from_slice(&given[..length]);
        match family {
            1 => Some(format!("{}/{source}/{scope}", Ipv4Addr::from(*address.first_chunk::<4>()?))),
            2 => Some(format!("[{}]/{source}/{scope}", Ipv6Addr::from(address))),
            _ => None,
        }
    }

    fn option(&self, code: u16) -> Option<&'a [u8]> {
        let mut rest = self.options;
        loop {
            let length = usize::from(be16(rest, 2)?);
            let value = rest.get(4..4 + length)?;
            if be16(rest, 0)? == code {
                return Some(value);
            }
            rest = &rest[4 + length..];
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len() * 2);
    hex_lower(bytes, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_shown_as_packetbeat_does() {
        let options = b"\0\x08\0\x07\0\x01\x18\x00\xC0\0\x02\0\x03\0\x02ns\0\x0A\0\x08\x01\x02\x03\x04\x05\x06\x07\x08";
        let opt = Opt { class: 4096, ttl: 0x8000, options };
        assert_eq!(opt.subnet().as_deref(), Some("192.0.2.0/24/0"));
        assert_eq!(opt.nsid().as_deref(), Some("6e73"));
        assert_eq!(opt.cookie().as_deref(), Some("0102030405060708"));
        let v6 = Opt { options: b"\0\x08\0\x0B\0\x02\x38\x30\x20\x01\x0D\xB8\0\0\0", ..opt };
        assert_eq!(v6.subnet().as_deref(), Some("[2001:db8::]/56/48"));
        let cut = Opt { options: b"\0\x08\0\xFF\0", ..opt };
        assert_eq!(cut.subnet(), None);
    }
}
