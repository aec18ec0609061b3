//! Addresses on their way into columns of type ip.

use std::{
    fmt::Write,
    net::{IpAddr, Ipv6Addr},
};

/// A host as a record names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host<'a> {
    /// From a binary record.
    Ip(IpAddr),
    /// From text: most often an address, now and then a name.
    Text(&'a str),
}

impl<'a> Host<'a> {
    /// The address, if it is one. A zone (`fe80::1%eth0`) is left out, an IPv4-mapped address is IPv4.
    pub fn ip(self) -> Option<IpAddr> {
        match self {
            Host::Ip(ip) => Some(ip.to_canonical()),
            Host::Text(text) => parse_ip(text),
        }
    }

    /// The address in canonical text, if it is one; `scratch` holds it where the record wrote it otherwise.
    pub fn ip_text<'s>(self, scratch: &'s mut String) -> Option<&'s str>
    where
        'a: 's,
    {
        match self {
            // Dotted quads have one form only, so what parses is canonical.
            Host::Text(text) if !text.contains(':') => is_dotted_quad(text.as_bytes()).then_some(text),
            _ => self.ip().map(|ip| written(ip, scratch)),
        }
    }

    /// The host as `source.address` has it.
    pub fn address<'s>(self, scratch: &'s mut String) -> &'s str
    where
        'a: 's,
    {
        match self {
            Host::Text(text) => text,
            Host::Ip(ip) => written(ip.to_canonical(), scratch),
        }
    }
}

impl<'a> From<&'a str> for Host<'a> {
    fn from(text: &'a str) -> Self {
        Host::Text(text)
    }
}

impl From<IpAddr> for Host<'_> {
    fn from(ip: IpAddr) -> Self {
        Host::Ip(ip)
    }
}

/// Whether the text is an IPv4 address, which has one written form only.
pub fn is_dotted_quad(text: &[u8]) -> bool {
    let (mut dots, mut digits, mut octet) = (0, 0, 0u32);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                // A leading zero makes it another notation.
                if digits > 0 && octet == 0 {
                    return false;
                }
                (octet, digits) = (octet * 10 + u32::from(byte - b'0'), digits + 1);
                if octet > 255 {
                    return false;
                }
            }
            b'.' if digits > 0 => (dots, digits, octet) = (dots + 1, 0, 0),
            _ => return false,
        }
    }
    dots == 3 && digits > 0
}

fn parse_ip(text: &str) -> Option<IpAddr> {
    if !text.contains(':') {
        return text.parse().ok().map(IpAddr::V4);
    }
    let without_zone = text.split_once('%').map_or(text, |(address, _)| address);
    without_zone.parse().ok().map(|ip: Ipv6Addr| ip.to_canonical())
}

fn written(ip: IpAddr, scratch: &mut String) -> &str {
    scratch.clear();
    // Writing to a string cannot fail.
    let _ = write!(scratch, "{ip}");
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn dotted_quads_are_what_the_standard_library_reads() {
        let octets = ["0", "1", "9", "10", "99", "255", "256", "00", "01", "", "a", "1000", "99999999999"];
        for (a, b) in octets.iter().flat_map(|a| octets.map(|b| (a, b))) {
            for text in [format!("{a}.{b}.1.2"), format!("1.2.{a}.{b}"), format!("{a}.{b}"), format!("{a}.1.1.{b}.1")] {
                assert_eq!(is_dotted_quad(text.as_bytes()), text.parse::<Ipv4Addr>().is_ok(), "{text}");
            }
        }
    }

    #[test]
    fn addresses_are_written_canonically() {
        for (text, expected) in [
            ("192.168.86.167", Some("192.168.86.167")),
            ("2a02:cf40:0200:0000:0000:0000:0000:0729", Some("2a02:cf40:200::729")),
            ("FE80::1%en0", Some("fe80::1")),
            ("::ffff:10.0.0.1", Some("10.0.0.1")),
            ("010.0.0.1", None),
            ("dns.example.com", None),
            ("10.0.0.1%eth0", None),
            ("", None),
        ] {
            assert_eq!(Host::Text(text).ip_text(&mut String::new()), expected, "{text}");
        }
    }
}
