//! Which addresses Python's `ipaddress` calls private, local and so on. Source: the special-purpose address registries of
//! IANA, as the module's documentation refers to them.

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
const NOT_GLOBAL: &[&str] = &[
    "100.64.0.0/10",
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

/// The networks that a property of an address asks for, and whether the address must be inside of one.
pub(crate) fn of(property: &str) -> Option<(&'static [&'static str], bool)> {
    Some(match property {
        "is_private" => (PRIVATE, true),
        "is_global" => (NOT_GLOBAL, false),
        "is_loopback" => (&["127.0.0.0/8", "::1/128"], true),
        "is_link_local" => (&["169.254.0.0/16", "fe80::/10"], true),
        "is_multicast" => (&["224.0.0.0/4", "ff00::/8"], true),
        "is_reserved" => (&["240.0.0.0/4", "::/8", "100::/8", "200::/7", "400::/6", "800::/5", "1000::/4"], true),
        "is_unspecified" => (&["0.0.0.0/32", "::/128"], true),
        _ => return None,
    })
}
