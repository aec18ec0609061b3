//! Link layers: what stands before the IP header.

/// A link-layer type by its number in tcpdump's registry (LINKTYPE_...).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link(pub u16);

const NULL: u16 = 0;
const ETHERNET: u16 = 1;
const LOOP: u16 = 108;
const LINUX_COOKED: u16 = 113;
const LINUX_COOKED_2: u16 = 276;

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86DD;
/// 802.1Q, 802.1ad, and what was used for the outer tag before that.
const VLAN: [u16; 4] = [0x8100, 0x88A8, 0x9100, 0x9200];
/// Nested tags beyond this many are not followed.
const MAX_TAGS: usize = 8;
const PPPOE_SESSION: u16 = 0x8864;

impl Link {
    /// Whether packets of this link layer can be read at all.
    pub fn is_known(self) -> bool {
        matches!(self.0, NULL | ETHERNET | LOOP | LINUX_COOKED | LINUX_COOKED_2) || self.is_raw_ip()
    }

    /// Raw IP as files have it (101), as BSDs wrote it (12, 14), and of one version (228, 229).
    fn is_raw_ip(self) -> bool {
        matches!(self.0, 12 | 14 | 101 | 228 | 229)
    }

    /// The IP packet; none if the frame carries something else.
    pub fn ip(self, bytes: &[u8]) -> Option<&[u8]> {
        match self.0 {
            ETHERNET => tagged(bytes, 12),
            LINUX_COOKED => tagged(bytes, 14),
            // The protocol comes first, the payload behind 20 bytes.
            LINUX_COOKED_2 => match ethertype(bytes, 0)? {
                tag if VLAN.contains(&tag) => tagged(bytes.get(20..)?, 2),
                protocol => by_ethertype(protocol, bytes, 20),
            },
            // An address family, whose number for IPv6 depends on the system and whose byte order is that of the
            // machine; the version in the IP header says as much.
            NULL | LOOP => by_version(bytes.get(4..)?),
            _ if self.is_raw_ip() => by_version(bytes),
            _ => None,
        }
    }
}

/// The payload behind the ethertype at `at` and VLAN tags.
fn tagged(bytes: &[u8], mut at: usize) -> Option<&[u8]> {
    for _ in 0..MAX_TAGS {
        let protocol = ethertype(bytes, at)?;
        if !VLAN.contains(&protocol) {
            return by_ethertype(protocol, bytes, at + 2);
        }
        at += 4;
    }
    None
}

fn by_ethertype(protocol: u16, bytes: &[u8], at: usize) -> Option<&[u8]> {
    match protocol {
        IPV4 | IPV6 => bytes.get(at..),
        // Six bytes of PPPoE and two of PPP.
        PPPOE_SESSION => by_version(bytes.get(at + 8..)?),
        _ => None,
    }
}

fn by_version(bytes: &[u8]) -> Option<&[u8]> {
    matches!(bytes.first()? >> 4, 4 | 6).then_some(bytes)
}

fn ethertype(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_be_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ip_packet_is_found_behind_every_link_layer() {
        let mac = [0; 12];
        let ip = b"\x45payload";
        let cooked2 = |protocol: &[u8]| [protocol, &[0; 18]].concat();
        for (link, frame) in [
            (1, [&mac[..], b"\x08\x00"].concat()),
            (1, [&mac[..], b"\x81\x00\x00\x05\x08\x00"].concat()),
            (1, [&mac[..], b"\x88\xA8\x00\x05\x81\x00\x00\x06\x08\x00"].concat()),
            (1, [&mac[..], b"\x91\x00\x00\x05\x81\x00\x00\x06\x08\x00"].concat()),
            (1, [&mac[..], b"\x88\x64\x11\0\0\x01\0\x09\0\x21"].concat()),
            (113, [&[0; 14][..], b"\x08\x00"].concat()),
            (113, [&[0; 14][..], b"\x81\x00\x00\x05\x08\x00"].concat()),
            (276, cooked2(b"\x08\x00")),
            (276, [&cooked2(b"\x81\x00")[..], b"\x00\x05\x08\x00"].concat()),
            (0, vec![2, 0, 0, 0]),
            (108, vec![0, 0, 0, 2]),
            (101, vec![]),
            (12, vec![]),
            (14, vec![]),
            (228, vec![]),
            (229, vec![]),
        ] {
            let whole = [&frame[..], ip].concat();
            assert_eq!(Link(link).ip(&whole), Some(&ip[..]), "{link} {frame:?}");
            assert!(Link(link).is_known());
            for length in 0..frame.len() {
                assert!(Link(link).ip(&whole[..length]).is_none_or(<[u8]>::is_empty), "{link} {length}");
            }
        }
    }

    #[test]
    fn other_frames_have_none() {
        let arp = [&[0; 12][..], b"\x08\x06\x00\x01"].concat();
        assert_eq!(Link(1).ip(&arp), None);
        assert_eq!(Link(105).ip(b"\x45"), None);
        assert_eq!(Link(1).ip(&[0x81, 0x00].repeat(50)), None);
    }
}
