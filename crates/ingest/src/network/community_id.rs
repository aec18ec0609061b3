//! The Community ID: one name for a flow in the logs of every sensor.
//!
//! Corelight's "Community ID Flow Hashing", version 1 with seed 0: SHA-1 over both ends in a fixed order, so that both
//! directions hash alike.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};
use std::net::IpAddr;

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMP_V6: u8 = 58;
const SCTP: u8 = 132;

/// Types of ICMP that ask for or answer another type; the rest have no way back.
const ICMP_PAIRS: [(u16, u16); 5] = [(8, 0), (13, 14), (15, 16), (17, 18), (10, 9)];
const ICMP_V6_PAIRS: [(u16, u16); 6] = [(128, 129), (133, 134), (135, 136), (130, 131), (144, 145), (139, 140)];

/// `network.community_id` of a flow. The ports of ICMP are its type and code. None if the two ends are of different IP versions or
/// the protocol has ports that are missing.
pub fn community_id(source: (IpAddr, Option<u16>), destination: (IpAddr, Option<u16>), protocol: u8) -> Option<String> {
    let (source, destination) = ((source.0.to_canonical(), source.1), (destination.0.to_canonical(), destination.1));
    if source.0.is_ipv4() != destination.0.is_ipv4() {
        return None;
    }
    let ports = match protocol {
        TCP | UDP | SCTP => Some((source.1?, destination.1?, false)),
        ICMP => Some(icmp_ports(source.1?, destination.1?, &ICMP_PAIRS)),
        ICMP_V6 => Some(icmp_ports(source.1?, destination.1?, &ICMP_V6_PAIRS)),
        _ => None,
    };
    let (source_port, destination_port, one_way) = ports.unwrap_or_default();
    let (from, to) = ((source.0, source_port), (destination.0, destination_port));
    let (first, second) = if one_way || from <= to { (from, to) } else { (to, from) };
    let mut hash = Sha1::new();
    hash.update(0u16.to_be_bytes());
    update(&mut hash, first.0);
    update(&mut hash, second.0);
    hash.update([protocol, 0]);
    if ports.is_some() {
        hash.update(first.1.to_be_bytes());
        hash.update(second.1.to_be_bytes());
    }
    Some(format!("1:{}", STANDARD.encode(hash.finalize())))
}

fn update(hash: &mut Sha1, ip: IpAddr) {
    match ip {
        IpAddr::V4(ip) => hash.update(ip.octets()),
        IpAddr::V6(ip) => hash.update(ip.octets()),
    }
}

/// Both "ports" of ICMP, and whether the message has no way back: then type and code stand, and keep their order.
fn icmp_ports(ty: u16, code: u16, pairs: &[(u16, u16)]) -> (u16, u16, bool) {
    let other = pairs.iter().find_map(|&(a, b)| match ty {
        _ if ty == a => Some(b),
        _ if ty == b => Some(a),
        _ => None,
    });
    match other {
        Some(other) => (ty, other, false),
        None => (ty, code, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification's baseline (`baseline_deflt.json`).
    #[test]
    fn the_specifications_examples() {
        for (source, source_port, destination, destination_port, protocol, expected) in [
            ("128.232.110.120", 34855, "66.35.250.204", 80, 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
            ("66.35.250.204", 80, "128.232.110.120", 34855, 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
            ("192.168.1.52", 54585, "8.8.8.8", 53, 17, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
            ("192.168.0.89", 8, "192.168.0.1", 0, 1, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
            ("192.168.0.1", 0, "192.168.0.89", 8, 1, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
        ] {
            let (Ok(source), Ok(destination)) = (source.parse(), destination.parse()) else {
                panic!("{source} and {destination} are addresses");
            };
            let id = community_id((source, Some(source_port)), (destination, Some(destination_port)), protocol);
            assert_eq!(id.as_deref(), Some(expected));
        }
    }
}
