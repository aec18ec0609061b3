//! Which addresses Python's `ipaddress` calls private, local and so on. Source: the special-purpose address registries of
//! IANA, as the module's documentation refers to them.

use std::net::IpAddr;

const PRIVATE: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/29",
    "192.0.0.170/31",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::1/128",
    "::/128",
    "::ffff:0:0/96",
    "100::/64",
    "2001::/23",
    "2001:2::/48",
    "2001:db8::/32",
    "2001:10::/28",
    "fc00::/7",
    "fe80::/10",
];

/// Shared address space is neither private nor global.
const SHARED: &str = "100.64.0.0/10";

/// The networks that a property of an address asks for, and whether the address must be inside of one.
pub(crate) fn of(property: &str) -> Option<(Vec<&'static str>, bool)> {
    Some(match property {
        "is_private" => (PRIVATE.to_vec(), true),
        "is_global" => ([&[SHARED], PRIVATE].concat(), false),
        "is_loopback" => (vec!["127.0.0.0/8", "::1/128"], true),
        "is_link_local" => (vec!["169.254.0.0/16", "fe80::/10"], true),
        "is_multicast" => (vec!["224.0.0.0/4", "ff00::/8"], true),
        "is_reserved" => (vec!["240.0.0.0/4", "::/8", "100::/8", "200::/7", "400::/6", "800::/5", "1000::/4"], true),
        "is_unspecified" => (vec!["0.0.0.0/32", "::/128"], true),
        _ => return None,
    })
}

/// Whether a network, or an address alone, lies within another; `None` where one of them is neither.
pub(super) fn holds(network: &str, address: &str) -> Option<bool> {
    let (base, bits) = parts(network)?;
    let (address, length) = parts(address)?;
    Some(match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let shift = 32_u32.saturating_sub(bits);
            length >= bits && u64::from(u32::from(base)) >> shift == u64::from(u32::from(address)) >> shift
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let shift = 128_u32.saturating_sub(bits);
            let head = |address: u128| address.checked_shr(shift).unwrap_or(0);
            length >= bits && head(u128::from(base)) == head(u128::from(address))
        }
        _ => false,
    })
}

/// Address and length of the prefix.
fn parts(network: &str) -> Option<(IpAddr, u32)> {
    let (base, bits) = match network.split_once('/') {
        Some((base, bits)) => (base.parse().ok()?, Some(bits.parse().ok()?)),
        None => (network.parse().ok()?, None),
    };
    let whole = if matches!(base, IpAddr::V4(_)) { 32 } else { 128 };
    let bits: u32 = bits.unwrap_or(whole);
    (bits <= whole).then_some((base, bits))
}
