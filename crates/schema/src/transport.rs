//! IP protocol numbers and their names as ECS wants them in `network.transport`: IANA's keyword in small letters.

use crate::code_points::{IP_PROTOCOLS, mnemonic};

/// The name of a protocol number (`network.iana_number`): 17 is `udp`, 58 `ipv6-icmp`. None where the number has no
/// name in the list.
pub fn transport_name(number: u8) -> Option<&'static str> {
    mnemonic(IP_PROTOCOLS, number.into())
}

/// The number of a protocol by its name in any case; `icmp6` and `icmpv6` (Zeek, Suricata) are `ipv6-icmp`.
pub fn transport_number(name: &str) -> Option<u8> {
    let known = |name: &str| {
        let (number, _) = IP_PROTOCOLS.iter().find(|(_, known)| known.eq_ignore_ascii_case(name))?;
        u8::try_from(*number).ok()
    };
    known(name)
        .or_else(|| ["icmp6", "icmpv6", "ipv6_icmp"].iter().any(|other| other.eq_ignore_ascii_case(name)).then_some(58))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_to_each_other() {
        for number in 0..=u8::MAX {
            if let Some(name) = transport_name(number) {
                assert_eq!(transport_number(name), Some(number));
            }
        }
        assert_eq!([1, 6, 17, 58].map(transport_name), ["icmp", "tcp", "udp", "ipv6-icmp"].map(Some));
        assert_eq!(transport_name(255), None);
    }

    #[test]
    fn names_are_known_in_any_case_and_as_sensors_write_them() {
        assert_eq!(["UDP", "IPv6-ICMP", "ICMP6", "icmpv6"].map(transport_number), [17, 58, 58, 58].map(Some));
        assert_eq!(transport_number("unknown_transport"), None);
    }
}
