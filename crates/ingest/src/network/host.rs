//! Addresses on their way into columns of type ip.

use std::{
    fmt::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
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
            Host::Text(text) if !text.contains(':') => text.parse::<Ipv4Addr>().ok().map(|_| text),
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
