//! The pcapng file format (draft-ietf-opsawg-pcapng): blocks, in sections, of packets on several interfaces.

use super::{
    link::Link,
    record::{MAX_PACKET, Order, Packet, Step},
};

pub const SECTION: u32 = 0x0A0D_0D0A;
const INTERFACE: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// Type, length, and the length again at the end.
const FRAME: usize = 12;
/// A block of a kind read here is not believed to be longer.
const MAX_BLOCK: usize = MAX_PACKET + (1 << 16);
/// Interfaces of a section beyond this many are not kept; their packets are lost.
const MAX_INTERFACES: usize = 1 << 16;

/// State from the blocks read so far.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    order: Option<Order>,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: Link,
    snap: u32,
    clock: Clock,
}

/// How an interface counts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    /// Units a second.
    rate: u64,
    /// Seconds to add.
    offset: i64,
}

impl Reader {
    /// Whether a file begins like this.
    pub fn recognises(head: &[u8]) -> bool {
        head.starts_with(&SECTION.to_be_bytes()) && section_order(head).is_some()
    }

    pub fn step<'a>(&mut self, bytes: &'a [u8]) -> Step<'a> {
        if bytes.len() < FRAME {
            return Step::Need(FRAME);
        }
        if bytes.starts_with(&SECTION.to_be_bytes()) {
            return self.section(bytes);
        }
        let Some(order) = self.order else { return Step::Lost("the file does not begin with a section header") };
        let (Some(kind), Some(length)) = (order.u32(bytes, 0), order.u32(bytes, 4)) else { return Step::Need(FRAME) };
        let length = length as usize;
        if length < FRAME || !length.is_multiple_of(4) {
            return Step::Lost("the block's length is not possible");
        }
        if !matches!(kind, INTERFACE | OBSOLETE_PACKET | SIMPLE_PACKET | ENHANCED_PACKET) {
            return Step::Skip(length as u64);
        }
        if length > MAX_BLOCK {
            return Step::Lost("the block claims more bytes than a packet can have");
        }
        let Some(block) = bytes.get(..length) else { return Step::Need(length) };
        if order.u32(block, length - 4) != Some(length as u32) {
            return Step::Lost("the two lengths of the block differ");
        }
        let body = &block[8..length - 4];
        match kind {
            INTERFACE => match self.interface(order, body) {
                Some(()) => Step::Skip(length as u64),
                None => Step::Broken("the interface description is too short", length),
            },
            _ => match self.packet(order, kind, body) {
                Some(packet) => Step::Packet(packet, length),
                None => {
                    Step::Broken("the packet block is too short or names an interface that is not described", length)
                }
            },
        }
    }

    /// Where in the bytes a block begins whose two lengths agree.
    pub fn resume(&self, bytes: &[u8]) -> Option<usize> {
        (0..bytes.len().saturating_sub(FRAME)).find(|&at| {
            let rest = &bytes[at..];
            if rest.starts_with(&SECTION.to_be_bytes()) && section_order(rest).is_some() {
                return true;
            }
            let Some(order) = self.order else { return false };
            let kind = order.u32(rest, 0).unwrap_or(0);
            let length = order.u32(rest, 4).unwrap_or(0) as usize;
            (1..=6).contains(&kind)
                && (FRAME..=MAX_BLOCK).contains(&length)
                && length.is_multiple_of(4)
                && order.u32(rest, length - 4) == Some(length as u32)
        })
    }

    fn section<'a>(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let Some(order) = section_order(bytes) else { return Step::Lost("the section header has no byte order") };
        let length = order.u32(bytes, 4).unwrap_or(0);
        if length < 28 || !length.is_multiple_of(4) {
            return Step::Lost("the section header's length is not possible");
        }
        self.order = Some(order);
        self.interfaces.clear();
        Step::Skip(length.into())
    }

    fn interface(&mut self, order: Order, body: &[u8]) -> Option<()> {
        let interface = Interface {
            link: Link(order.u16(body, 0)?),
            snap: order.u32(body, 4)?,
            clock: Clock::read(order, body.get(8..)?),
        };
        if self.interfaces.len() < MAX_INTERFACES {
            self.interfaces.push(interface);
        }
        Some(())
    }

    fn packet<'a>(&self, order: Order, kind: u32, body: &'a [u8]) -> Option<Packet<'a>> {
        if kind == SIMPLE_PACKET {
            let interface = self.interfaces.first()?;
            let length = order.u32(body, 0)? as usize;
            let snap = if interface.snap == 0 { usize::MAX } else { interface.snap as usize };
            let bytes = body.get(4..4 + length.min(snap).min(body.len() - 4))?;
            // A simple packet has no time.
            return Some(Packet { time: 0, link: interface.link, bytes, length });
        }
        let id = if kind == ENHANCED_PACKET { order.u32(body, 0)? } else { order.u16(body, 0)?.into() };
        let interface = self.interfaces.get(id as usize)?;
        let units = u64::from(order.u32(body, 4)?) << 32 | u64::from(order.u32(body, 8)?);
        let kept = order.u32(body, 12)? as usize;
        let length = order.u32(body, 16)? as usize;
        let bytes = body.get(20..)?.get(..kept)?;
        Some(Packet { time: interface.clock.nanos(units), link: interface.link, bytes, length: length.max(kept) })
    }
}

impl Clock {
    /// From an interface's options.
    fn read(order: Order, mut options: &[u8]) -> Clock {
        let mut clock = Clock { rate: 1_000_000, offset: 0 };
        while let (Some(code), Some(length)) = (order.u16(options, 0), order.u16(options, 2)) {
            let Some(value) = options.get(4..4 + usize::from(length)) else { break };
            match (code, value) {
                // if_tsresol: a negative power of ten, or with the high bit of two
                (9, [resolution, ..]) => clock.rate = rate(*resolution),
                (14, _) => clock.offset = order.u64(value, 0).map_or(0, u64::cast_signed),
                (0, _) => break,
                _ => {}
            }
            options = options.get(4 + usize::from(length).next_multiple_of(4)..).unwrap_or_default();
        }
        clock
    }

    fn nanos(&self, units: u64) -> i64 {
        let (seconds, rest) = (units / self.rate, units % self.rate);
        let fraction = u128::from(rest) * 1_000_000_000 / u128::from(self.rate);
        // What does not fit is beyond the year 2262 and forged.
        let nanos = (i128::from(seconds) + i128::from(self.offset)) * 1_000_000_000 + fraction.cast_signed();
        i64::try_from(nanos).unwrap_or(0)
    }
}

fn rate(resolution: u8) -> u64 {
    let exponent = u32::from(resolution & 0x7F);
    let rate = if resolution & 0x80 == 0 { 10_u64.checked_pow(exponent) } else { 2_u64.checked_pow(exponent) };
    rate.unwrap_or(1_000_000)
}

/// By the byte-order magic of a section header.
fn section_order(bytes: &[u8]) -> Option<Order> {
    match bytes.get(8..12)? {
        [0x1A, 0x2B, 0x3C, 0x4D] => Some(Order::Big),
        [0x4D, 0x3C, 0x2B, 0x1A] => Some(Order::Little),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(order: Order, kind: u32, body: &[u8]) -> Vec<u8> {
        let word = |value: u32| if order == Order::Big { value.to_be_bytes() } else { value.to_le_bytes() };
        let length = word((FRAME + body.len().next_multiple_of(4)) as u32);
        let padding = vec![0; body.len().next_multiple_of(4) - body.len()];
        [&word(kind)[..], &length, body, &padding, &length].concat()
    }

    fn big(values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_be_bytes()).collect()
    }

    /// Time, link layer, bytes kept, length.
    type Found = (i64, u16, usize, usize);

    /// All packets of a file, and the reasons where reading was lost.
    fn packets(bytes: &[u8]) -> (Vec<Found>, Vec<&'static str>) {
        let (mut reader, mut at, mut found, mut lost) = (Reader::default(), 0, Vec::new(), Vec::new());
        while at < bytes.len() {
            match reader.step(&bytes[at..]) {
                Step::Packet(packet, used) => {
                    found.push((packet.time, packet.link.0, packet.bytes.len(), packet.length));
                    at += used;
                }
                Step::Skip(used) => at += used as usize,
                Step::Need(_) => break,
                Step::Broken(why, used) => {
                    lost.push(why);
                    at += used;
                }
                Step::Lost(why) => {
                    lost.push(why);
                    at += 1 + reader.resume(&bytes[at + 1..]).unwrap_or(bytes.len());
                }
            }
        }
        (found, lost)
    }

    #[test]
    fn interfaces_have_their_own_clocks_and_links() {
        let section = block(Order::Big, SECTION, &big(&[0x1A2B_3C4D, 0x0001_0000, u32::MAX, u32::MAX]));
        let ethernet = block(Order::Big, INTERFACE, &big(&[1 << 16, 0]));
        // Nanoseconds, one day ahead; then 2^-10 seconds on raw IP.
        let nano =
            block(Order::Big, INTERFACE, &big(&[1 << 16, 0, 0x0009_0001, 0x0900_0000, 0x000E_0008, 0, 86400, 0]));
        let binary = block(Order::Big, INTERFACE, &big(&[101 << 16, 3, 0x0009_0001, 0x8A00_0000]));
        let on = |interface, low| block(Order::Big, ENHANCED_PACKET, &big(&[interface, 0, low, 4, 60, 0xAABB_CCDD]));
        let simple = block(Order::Big, SIMPLE_PACKET, &big(&[6, 0xAABB_CCDD, 0xEEFF_0000]));
        let old = block(Order::Big, OBSOLETE_PACKET, &big(&[2 << 16, 0, 1024, 3, 3, 0xAABB_CC00]));
        let unknown = block(Order::Big, 0x0BAD, &[0; 8]);
        let file = [section, ethernet, nano, binary, on(0, 2), on(1, 2), unknown, on(2, 512), simple, old].concat();
        let expected = vec![
            (2000, 1, 4, 60),
            (86_400_000_000_002, 1, 4, 60),
            (500_000_000, 101, 4, 60),
            (0, 1, 6, 6),
            (1_000_000_000, 101, 3, 3),
        ];
        assert_eq!(packets(&file), (expected, vec![]));
    }

    #[test]
    fn a_new_section_may_change_the_byte_order() {
        let section = block(Order::Little, SECTION, b"\x4D\x3C\x2B\x1A\x01\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
        let interface = block(Order::Little, INTERFACE, &[1, 0, 0, 0, 0, 0, 0, 0]);
        let packet = block(Order::Little, ENHANCED_PACKET, b"\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\xAA");
        let little = [section, interface, packet].concat();
        let big_section = block(Order::Big, SECTION, &big(&[0x1A2B_3C4D, 0x0001_0000, u32::MAX, u32::MAX]));
        let file = [&little[..], &big_section, &little].concat();
        assert_eq!(packets(&file).0, vec![(1000, 1, 1, 1); 2]);
    }

    #[test]
    fn a_broken_block_costs_itself_alone() {
        let section = block(Order::Big, SECTION, &big(&[0x1A2B_3C4D, 0x0001_0000, u32::MAX, u32::MAX]));
        let interface = block(Order::Big, INTERFACE, &big(&[1 << 16, 0]));
        let packet = |interface| block(Order::Big, ENHANCED_PACKET, &big(&[interface, 0, 1, 4, 4, 0xAABB_CCDD]));
        let mut forged = packet(0);
        forged[7] = 0xFF;
        let file = [&section[..], &interface, &packet(0), &packet(7), &forged, &packet(0)].concat();
        let (found, lost) = packets(&file);
        assert_eq!((found.len(), lost.len()), (2, 2), "{lost:?}");
    }
}
