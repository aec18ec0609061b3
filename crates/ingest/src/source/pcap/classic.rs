//! The pcap file format (draft-ietf-opsawg-pcap): a file header, then records of a header and a packet each.

use super::{
    link::Link,
    record::{MAX_PACKET, Order, Packet, Step},
};

pub const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;
/// Byte order, nanoseconds per unit of the fraction, extra bytes in each record's header.
const MAGICS: [([u8; 4], Order, u32, usize); 6] = [
    ([0xA1, 0xB2, 0xC3, 0xD4], Order::Big, 1000, 0),
    ([0xD4, 0xC3, 0xB2, 0xA1], Order::Little, 1000, 0),
    ([0xA1, 0xB2, 0x3C, 0x4D], Order::Big, 1, 0),
    ([0x4D, 0x3C, 0xB2, 0xA1], Order::Little, 1, 0),
    // Alexey Kuznetsov's patched libpcap, as old Linux distributions had it.
    ([0xA1, 0xB2, 0xCD, 0x34], Order::Big, 1000, 8),
    ([0x34, 0xCD, 0xB2, 0xA1], Order::Little, 1000, 8),
];
/// How many records in a row must look sound for reading to go on after a broken one.
const RESUME: usize = 4;
/// Records that lie further apart than this are not believed to follow each other, in seconds.
const RESUME_SPAN: u32 = 7 * 24 * 3600;

#[derive(Clone, Copy, Debug)]
pub struct Reader {
    order: Order,
    unit: u32,
    extra: usize,
    link: Link,
    snap: u32,
}

/// The fixed part of a record.
#[derive(Clone, Copy)]
struct RecordHeader {
    seconds: u32,
    fraction: u32,
    kept: u32,
    length: u32,
}

impl Reader {
    /// Reads the file's header; none if it is no pcap file.
    pub fn new(head: &[u8]) -> Option<Reader> {
        let (_, order, unit, extra) = MAGICS.into_iter().find(|(magic, ..)| head.starts_with(magic))?;
        // The high bits tell about a frame check sequence, which lies behind all that is read here.
        let link = order.u32(head, 20)? & 0xFFFF;
        Some(Reader { order, unit, extra, link: Link(link as u16), snap: order.u32(head, 16)? })
    }

    pub fn link(&self) -> Link {
        self.link
    }

    pub fn step<'a>(&self, bytes: &'a [u8]) -> Step<'a> {
        let Some(header) = self.header(bytes) else { return Step::Need(RECORD_HEADER + self.extra) };
        let kept = header.kept as usize;
        if kept > MAX_PACKET {
            return Step::Lost("the record claims more bytes than a packet can have");
        }
        let begin = RECORD_HEADER + self.extra;
        let Some(packet) = bytes.get(begin..begin + kept) else { return Step::Need(begin + kept) };
        let time = i64::from(header.seconds) * 1_000_000_000 + i64::from(header.fraction) * i64::from(self.unit);
        let length = (header.length as usize).max(kept);
        Step::Packet(Packet { time, link: self.link, bytes: packet, length }, begin + kept)
    }

    /// Where in the bytes a row of sound records begins, if somewhere; for going on after a broken record.
    pub fn resume(&self, bytes: &[u8]) -> Option<usize> {
        (0..bytes.len().saturating_sub(RECORD_HEADER)).find(|&at| self.row_begins(&bytes[at..]))
    }

    fn row_begins(&self, bytes: &[u8]) -> bool {
        let (mut at, mut before) = (0, None::<u32>);
        for _ in 0..RESUME {
            let Some(header) = bytes.get(at..).and_then(|rest| self.header(rest)) else { return at == bytes.len() };
            let near = before.is_none_or(|seconds| seconds.abs_diff(header.seconds) <= RESUME_SPAN);
            let snap = if self.snap == 0 { MAX_PACKET as u32 } else { self.snap.min(MAX_PACKET as u32) };
            let sound = header.kept <= snap && header.kept <= header.length && header.length <= MAX_PACKET as u32;
            if !near || !sound || header.kept < 14 || u64::from(header.fraction) * u64::from(self.unit) >= 1_000_000_000
            {
                return false;
            }
            before = Some(header.seconds);
            at += RECORD_HEADER + self.extra + header.kept as usize;
        }
        true
    }

    fn header(&self, bytes: &[u8]) -> Option<RecordHeader> {
        let word = |at| self.order.u32(bytes, at);
        bytes.get(..RECORD_HEADER + self.extra)?;
        Some(RecordHeader { seconds: word(0)?, fraction: word(4)?, kept: word(8)?, length: word(12)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(magic: [u8; 4], big: bool, extra: usize) -> Vec<u8> {
        let word = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
        let mut bytes = magic.to_vec();
        bytes.extend([0; 12]);
        bytes.extend(word(65535));
        bytes.extend(word(0x1000_0001));
        for seconds in 0..6 {
            for value in [1_700_000_000 + seconds, 5, 20, 60] {
                bytes.extend(word(value));
            }
            bytes.extend(vec![0; extra]);
            bytes.extend([seconds as u8; 20]);
        }
        bytes
    }

    #[test]
    fn every_byte_order_and_resolution_is_read() {
        for (magic, order, unit, extra) in MAGICS {
            let bytes = file(magic, order == Order::Big, extra);
            let reader = Reader::new(&bytes).unwrap();
            let expected = Packet {
                time: 1_700_000_000_000_000_000 + 5 * i64::from(unit),
                link: Link(1),
                bytes: &[0; 20],
                length: 60,
            };
            assert_eq!(reader.step(&bytes[24..]), Step::Packet(expected, 36 + extra));
            assert_eq!(reader.step(&bytes[24..30]), Step::Need(16 + extra));
            assert_eq!(
                reader.step(&bytes[24..60]),
                if extra == 0 { Step::Packet(expected, 36) } else { Step::Need(36 + extra) }
            );
        }
        assert!(Reader::new(b"\xA1\xB2\xC3\xD5 no pcap file at all").is_none());
    }

    #[test]
    fn reading_resumes_behind_a_forged_length() {
        let mut bytes = file(MAGICS[1].0, false, 0);
        bytes[24 + 11] = 0x7F;
        let reader = Reader::new(&bytes).unwrap();
        assert!(matches!(reader.step(&bytes[24..]), Step::Lost(_)));
        assert_eq!(reader.resume(&bytes[25..]), Some(35));
        assert_eq!(reader.resume(&[0; 100]), None);
    }
}
