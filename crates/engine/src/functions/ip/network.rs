//! Named kinds of networks, as Elastic's `network_direction` ingest processor has them.

use super::block::Block;
use std::net::IpAddr;

/// A set of addresses, given by name or as a block, or the opposite of one.
#[derive(Debug)]
pub(super) struct Network {
    test: Test,
    negated: bool,
}

#[derive(Debug)]
enum Test {
    Block(Block),
    Kind(fn(IpAddr) -> bool),
}

impl Network {
    /// `None` for text that is neither a known name nor a block.
    pub fn parse(text: &str) -> Option<Network> {
        let (name, negated) = text.strip_prefix('!').map_or((text, false), |name| (name, true));
        let test = match name {
            "loopback" => Test::Kind(|ip| ip.is_loopback()),
            "unicast" | "global_unicast" => Test::Kind(is_unicast),
            "multicast" => Test::Kind(|ip| ip.is_multicast()),
            "interface_local_multicast" => Test::Kind(|ip| is_v6_multicast(ip, 0xff01)),
            "link_local_multicast" => Test::Kind(is_link_local_multicast),
            "link_local_unicast" => Test::Kind(is_link_local),
            "private" => Test::Kind(is_private),
            "public" => Test::Kind(|ip| !is_local_or_private(ip)),
            "unspecified" => Test::Kind(|ip| ip.is_unspecified()),
            block => Test::Block(Block::parse(block).ok()?),
        };
        Some(Network { test, negated })
    }

    pub fn contains(&self, ip: IpAddr) -> bool {
        let inside = match &self.test {
            Test::Block(block) => block.contains(ip),
            Test::Kind(test) => test(ip),
        };
        inside != self.negated
    }
}

fn is_unicast(ip: IpAddr) -> bool {
    let broadcast = matches!(ip, IpAddr::V4(ip) if ip.is_broadcast());
    !broadcast && !ip.is_unspecified() && !ip.is_loopback() && !ip.is_multicast() && !is_link_local(ip)
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

fn is_link_local_multicast(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.octets()[..3] == [224, 0, 0],
        IpAddr::V6(_) => is_v6_multicast(ip, 0xff02),
    }
}

/// Whether the address is multicast of that scope: the flags are not looked at.
fn is_v6_multicast(ip: IpAddr, scope: u16) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.segments()[0] & 0xff0f == scope & 0xff0f)
}

fn is_local_or_private(ip: IpAddr) -> bool {
    is_private(ip)
        || ip.is_loopback()
        || ip.is_unspecified()
        || is_link_local(ip)
        || is_link_local_multicast(ip)
        || is_v6_multicast(ip, 0xff01)
}
