//! Header, question and records of a message.

use super::{Malformed, Name, Opt, Rdata, be16, be32};

const HEADER: usize = 12;
/// EDNS (RFC 6891).
const OPT: u16 = 41;

/// The first twelve bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub id: u16,
    pub flags: u16,
    pub questions: u16,
    pub answers: u16,
    pub authorities: u16,
    pub additionals: u16,
}

impl Header {
    pub fn read(bytes: &[u8]) -> Option<Header> {
        Some(Header {
            additionals: be16(bytes, 10)?,
            id: be16(bytes, 0)?,
            flags: be16(bytes, 2)?,
            questions: be16(bytes, 4)?,
            answers: be16(bytes, 6)?,
            authorities: be16(bytes, 8)?,
        })
    }

    pub fn is_response(&self) -> bool {
        self.flags & 0x8000 != 0
    }

    pub fn opcode(&self) -> u8 {
        (self.flags >> 11) as u8 & 0xF
    }

    pub fn authoritative(&self) -> bool {
        self.flags & 0x0400 != 0
    }

    pub fn truncated(&self) -> bool {
        self.flags & 0x0200 != 0
    }

    pub fn recursion_desired(&self) -> bool {
        self.flags & 0x0100 != 0
    }

    pub fn recursion_available(&self) -> bool {
        self.flags & 0x0080 != 0
    }

    pub fn authentic_data(&self) -> bool {
        self.flags & 0x0020 != 0
    }

    pub fn checking_disabled(&self) -> bool {
        self.flags & 0x0010 != 0
    }

    /// The four bits of the header; [`Opt`] may add eight more.
    pub fn rcode(&self) -> u16 {
        self.flags & 0xF
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub name: Name<'a>,
    pub qtype: u16,
    pub class: u16,
}

/// A message whose header is there and whose first question, if it has any, is sound.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub bytes: &'a [u8],
    pub header: Header,
    pub question: Option<Question<'a>>,
    /// Where the records begin.
    records: usize,
}

impl<'a> Message<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let header = Header::read(bytes).ok_or(Malformed::Header)?;
        let mut message = Message { bytes, header, question: None, records: HEADER };
        for _ in 0..header.questions {
            let name = Name::new(bytes, message.records);
            let end = name.end()?;
            if message.question.is_none() {
                name.labels(|_| ())?;
                let (Some(qtype), Some(class)) = (be16(bytes, end), be16(bytes, end + 2)) else {
                    return Err(Malformed::Cut);
                };
                message.question = Some(Question { name, qtype, class });
            }
            message.records = end + 4;
        }
        Ok(message)
    }

    /// The records of all sections, in order; an error is the last item.
    pub fn records(&self) -> Records<'a> {
        let left = [self.header.answers, self.header.authorities, self.header.additionals];
        Records { bytes: self.bytes, at: self.records, left }
    }

    /// The EDNS pseudo-record, if the message has one.
    pub fn opt(&self) -> Option<Opt<'a>> {
        if self.header.additionals == 0 {
            return None;
        }
        let opt = self.records().flatten().find(|r| r.section == Section::Additional && r.rtype == OPT)?;
        Some(Opt::new(&opt))
    }

    /// The response code with EDNS's eight high bits.
    pub fn rcode(&self) -> u16 {
        self.header.rcode() | self.opt().map_or(0, |opt| opt.extended_rcode())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Answer,
    Authority,
    Additional,
}

/// A resource record.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub section: Section,
    pub name: Name<'a>,
    pub rtype: u16,
    pub class: u16,
    pub ttl: u32,
    pub rdata: Rdata<'a>,
}

/// A walk over records.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    left: [u16; 3],
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let sections = [Section::Answer, Section::Authority, Section::Additional];
        let (section, left) = sections.into_iter().zip(&mut self.left).find(|(_, left)| **left > 0)?;
        *left -= 1;
        let record = read_record(self.bytes, self.at, section);
        match &record {
            Ok((_, end)) => self.at = *end,
            Err(_) => self.left = [0; 3],
        }
        Some(record.map(|(record, _)| record))
    }
}

fn read_record(bytes: &[u8], at: usize, section: Section) -> Result<(Record<'_>, usize), Malformed> {
    let name = Name::new(bytes, at);
    let fixed = name.end()?;
    let data = fixed + 10;
    let length = be16(bytes, fixed + 8).ok_or(Malformed::Cut)?;
    let end = data + usize::from(length);
    if end > bytes.len() {
        return Err(Malformed::Cut);
    }
    let field = |offset| be16(bytes, fixed + offset).ok_or(Malformed::Cut);
    let ttl = be32(bytes, fixed + 4).ok_or(Malformed::Cut)?;
    let (rtype, class) = (field(0)?, field(2)?);
    Ok((Record { section, name, rtype, class, ttl, rdata: Rdata::new(bytes, data, end, rtype) }, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `www.example.com A` with a CNAME and an address, and an OPT record.
    const RESPONSE: &[u8] = b"\x12\x34\x81\x80\0\x01\0\x02\0\0\0\x01\
        \x03www\x07example\x03com\0\0\x01\0\x01\
        \xC0\x0C\0\x05\0\x01\0\0\0\x3C\0\x04\x01x\xC0\x10\
        \xC0\x2D\0\x01\0\x01\0\0\0\x3C\0\x04\x5D\xB8\xD8\x22\
        \0\0\x29\x04\xD0\x01\0\x80\0\0\0";

    #[test]
    fn a_response_is_read() -> Result<(), Malformed> {
        let message = Message::read(RESPONSE)?;
        assert!(message.header.is_response() && message.header.recursion_available());
        assert_eq!(message.header.id, 0x1234);
        let mut text = Vec::new();
        for record in message.records() {
            let record = record?;
            record.name.write(&mut text)?;
            text.push(b'=');
            if record.rtype != OPT {
                record.rdata.write(&mut text);
            }
            text.push(b' ');
        }
        assert_eq!(String::from_utf8_lossy(&text), "www.example.com=x.example.com x.example.com=93.184.216.34 .= ");
        let opt = message.opt().ok_or(Malformed::Cut)?;
        assert_eq!((opt.udp_size(), opt.dnssec_ok(), opt.version()), (1232, true, 0));
        assert_eq!(message.rcode(), 16, "EDNS holds the high bits");
        Ok(())
    }

    #[test]
    fn a_cut_message_gives_what_is_there() -> Result<(), Malformed> {
        for length in 33..RESPONSE.len() {
            let message = Message::read(&RESPONSE[..length])?;
            assert!(message.question.is_some());
            assert!(message.records().any(|record| record.is_err()), "{length}");
        }
        for length in 0..33 {
            assert!(Message::read(&RESPONSE[..length]).is_err(), "{length}");
        }
        Ok(())
    }

    #[test]
    fn forged_counts_end_at_the_bytes() -> Result<(), Malformed> {
        let mut forged = RESPONSE.to_vec();
        forged[6] = 0xFF;
        let message = Message::read(&forged)?;
        assert_eq!(message.records().count(), 4, "three records and the error");
        Ok(())
    }
}
