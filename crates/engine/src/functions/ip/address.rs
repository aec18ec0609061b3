//! Internet addresses as text: reading them, their canonical form (RFC 5952), their order.

use crate::warning::Reason;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Reads an address; IPv6 may map or embed IPv4.
pub fn parse(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    Some(address.to_canonical())
}

/// The canonical text of an address: IPv4-mapped addresses as IPv4.
pub fn canonical(text: &str) -> Result<String, Reason> {
    match parse(text) {
        Some(address) => Ok(address.to_string()),
        None => Err(not_an_address(text)),
    }
}

pub fn not_an_address(text: &str) -> Reason {
    Reason::Argument(format!("'{text}' is not an IP string literal."))
}

/// The sixteen bytes of an address, IPv4 mapped into IPv6.
pub fn bytes(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

pub fn from_bits(bits: u128) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(bits)).to_canonical()
}

/// Reads an IPv4 address whose parts may have leading zeros, in the given radix where they do.
pub fn parse_padded(text: &str, octal: bool) -> Option<IpAddr> {
    let mut parts = [0u8; 4];
    let mut count = 0;
    for part in text.split('.') {
        let slot = parts.get_mut(count)?;
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let radix = if octal && part.len() > 1 && part.starts_with('0') { 8 } else { 10 };
        *slot = u8::from_str_radix(part, radix).ok()?;
        count += 1;
    }
    (count == 4).then(|| IpAddr::V4(Ipv4Addr::from(parts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_text() {
        for (text, expected) in [
            ("127.0.0.1", Some("127.0.0.1")),
            ("::ffff:1.2.3.4", Some("1.2.3.4")),
            ("FE80::CAE2:65ff:fece:feb9", Some("fe80::cae2:65ff:fece:feb9")),
            ("1:0:0:0:0:0:0:1", Some("1::1")),
            ("1.2.3", None),
            ("01.2.3.4", None),
        ] {
            assert_eq!(canonical(text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn leading_zeros_are_decimal_or_octal() {
        let read = |text, octal| parse_padded(text, octal).map(|address| address.to_string());
        assert_eq!(read("010.001.0.1", false).as_deref(), Some("10.1.0.1"));
        assert_eq!(read("010.001.0.1", true).as_deref(), Some("8.1.0.1"));
        assert_eq!(read("1.2.3.4.5", false), None);
        assert_eq!(read("1.2.3.256", false), None);
    }
}
