//! The text of record data.
//!
//! Where Packetbeat has a text for a type, this is it: the target of NS, CNAME, PTR, MX and SRV alone, the primary
//! server of SOA, the digest of DS, the key of DNSKEY, the signature of RRSIG, the strings of TXT joined by spaces. The
//! other types known here are written in their zone-file form, which Packetbeat would give as escaped bytes; so is data
//! of unknown types, of NULL, and whatever does not have the layout its type wants.

use super::{
    Malformed, Name, be16, be32,
    encoding::{base32hex, base64, hex_lower, hex_upper},
    name::{RAW, TEXT, write_escaped},
    svcb,
};
use std::{
    io::Write,
    net::{Ipv4Addr, Ipv6Addr},
};

/// The data of a record, within its message, since names in it may point back.
#[derive(Clone, Copy, Debug)]
pub struct Rdata<'a> {
    message: &'a [u8],
    start: usize,
    end: usize,
    rtype: u16,
}

impl<'a> Rdata<'a> {
    /// `start` and `end` lie within the message.
    pub(super) fn new(message: &'a [u8], start: usize, end: usize, rtype: u16) -> Self {
        Rdata { message, start, end, rtype }
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.message.get(self.start..self.end).unwrap_or_default()
    }

    /// The address of an A or AAAA record.
    pub fn address(&self) -> Option<std::net::IpAddr> {
        match self.rtype {
            1 => <[u8; 4]>::try_from(self.bytes()).ok().map(|octets| Ipv4Addr::from(octets).into()),
            28 => <[u8; 16]>::try_from(self.bytes()).ok().map(|octets| Ipv6Addr::from(octets).into()),
            _ => None,
        }
    }

    /// Appends the text.
    pub fn write(&self, text: &mut Vec<u8>) {
        let start = text.len();
        if self.write_typed(text).is_err() {
            text.truncate(start);
            write_escaped(self.bytes(), &RAW, text);
        }
    }

    fn write_typed(&self, text: &mut Vec<u8>) -> Result<(), Malformed> {
        let bytes = self.bytes();
        match self.rtype {
            1 | 28 => write(text, format_args!("{}", self.address().ok_or(Malformed::Rdata)?)),
            // NS, MD, MF, CNAME, MB, MG, MR, PTR, DNAME; SOA and NSEC begin with a name.
            2..=9 | 12 | 39 | 47 => self.name(0, text).map(|_| ()),
            // MINFO, RP
            14 | 17 => self.two_names(text),
            // MX, and SRV, whose numbers have fields of their own in Packetbeat
            15 => self.name(2, text).map(|_| ()),
            33 => self.name(6, text).map(|_| ()),
            // AFSDB, RT, KX
            18 | 21 | 36 => {
                write(text, format_args!("{} ", be16(bytes, 0).ok_or(Malformed::Rdata)?))?;
                self.name(2, text).map(|_| ())
            }
            // HINFO, X25, ISDN
            13 | 19 | 20 => quoted_strings(bytes, text),
            // TXT, SPF, AVC, RESINFO
            16 | 99 | 258 | 261 => strings(bytes, text),
            29 => loc(bytes, text),
            35 => self.naptr(text),
            // DS, CDS: the digest
            43 | 59 => put(hex_upper, tail(bytes, 4)?, text),
            // SSHFP; TLSA, SMIMEA
            44 => numbers_and_hex(bytes, 2, text),
            52 | 53 => numbers_and_hex(bytes, 3, text),
            // RRSIG: the signature, behind the signer's name
            46 => {
                let signature = Name::new(self.message, self.start + 18).end()?;
                put(base64, self.message.get(signature..self.end).ok_or(Malformed::Rdata)?, text)
            }
            // DNSKEY, CDNSKEY; OPENPGPKEY, DHCID
            48 | 60 => put(base64, tail(bytes, 4)?, text),
            49 | 61 => put(base64, bytes, text),
            // NSEC3: the next owner; NSEC3PARAM: the salt
            50 => nsec3_next(bytes, text),
            51 => nsec3_salt(bytes, text),
            64 | 65 => svcb::write_record(self.message, self.start, self.end, text),
            256 => uri(bytes, text),
            257 => caa(bytes, text),
            _ => Err(Malformed::Rdata),
        }
    }

    /// The name at an offset of the data; gives the place behind it in the message.
    fn name(&self, offset: usize, text: &mut Vec<u8>) -> Result<usize, Malformed> {
        let name = Name::new(self.message, self.start + offset);
        let end = name.end()?;
        if end > self.end {
            return Err(Malformed::Rdata);
        }
        name.write(text)?;
        Ok(end)
    }

    fn two_names(&self, text: &mut Vec<u8>) -> Result<(), Malformed> {
        let end = self.name(0, text)?;
        text.push(b' ');
        self.name(end - self.start, text).map(|_| ())
    }

    /// `order preference "flags" "services" "regexp" replacement` (RFC 3403).
    fn naptr(&self, text: &mut Vec<u8>) -> Result<(), Malformed> {
        let bytes = self.bytes();
        let (Some(order), Some(preference)) = (be16(bytes, 0), be16(bytes, 2)) else { return Err(Malformed::Rdata) };
        write(text, format_args!("{order} {preference} "))?;
        let mut at = 4;
        for _ in 0..3 {
            let string = string_at(bytes, at)?;
            quoted(string, text);
            text.push(b' ');
            at += 1 + string.len();
        }
        self.name(at, text).map(|_| ())
    }
}

pub(super) fn write(text: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) -> Result<(), Malformed> {
    text.write_fmt(arguments).map_err(|_| Malformed::Rdata)
}

fn put(encode: fn(&[u8], &mut Vec<u8>), bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    encode(bytes, text);
    Ok(())
}

fn tail(bytes: &[u8], from: usize) -> Result<&[u8], Malformed> {
    bytes.get(from..).ok_or(Malformed::Rdata)
}

/// The character string whose length byte is at `at`.
fn string_at(bytes: &[u8], at: usize) -> Result<&[u8], Malformed> {
    let length = usize::from(*bytes.get(at).ok_or(Malformed::Rdata)?);
    bytes.get(at + 1..at + 1 + length).ok_or(Malformed::Rdata)
}

pub(super) fn quoted(bytes: &[u8], text: &mut Vec<u8>) {
    text.push(b'"');
    write_escaped(bytes, &TEXT, text);
    text.push(b'"');
}

fn each_string(bytes: &[u8], text: &mut Vec<u8>, put: impl Fn(&[u8], &mut Vec<u8>)) -> Result<(), Malformed> {
    let mut at = 0;
    while at < bytes.len() {
        if at > 0 {
            text.push(b' ');
        }
        let string = string_at(bytes, at)?;
        put(string, text);
        at += 1 + string.len();
    }
    Ok(())
}

fn strings(bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    each_string(bytes, text, |string, text| write_escaped(string, &TEXT, text))
}

fn quoted_strings(bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    each_string(bytes, text, quoted)
}

/// Numbers of a byte each, then the rest.
fn numbers_and_hex(bytes: &[u8], numbers: usize, text: &mut Vec<u8>) -> Result<(), Malformed> {
    for number in bytes.get(..numbers).ok_or(Malformed::Rdata)? {
        write(text, format_args!("{number} "))?;
    }
    put(hex_lower, tail(bytes, numbers)?, text)
}

/// The salt of NSEC3 and NSEC3PARAM (RFC 5155): behind algorithm, flags and iterations.
fn salt(bytes: &[u8]) -> Result<&[u8], Malformed> {
    string_at(bytes, 4)
}

fn nsec3_salt(bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    match salt(bytes)? {
        [] => write(text, format_args!("-")),
        salt => put(hex_upper, salt, text),
    }
}

fn nsec3_next(bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    put(base32hex, string_at(bytes, 5 + salt(bytes)?.len())?, text)
}

/// `priority weight "target"` (RFC 7553).
fn uri(bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    let (Some(priority), Some(weight)) = (be16(bytes, 0), be16(bytes, 2)) else { return Err(Malformed::Rdata) };
    write(text, format_args!("{priority} {weight} "))?;
    quoted(tail(bytes, 4)?, text);
    Ok(())
}

/// `flags tag "value"` (RFC 8659).
fn caa(bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    let tag = string_at(bytes, 1)?;
    write(text, format_args!("{} ", bytes.first().ok_or(Malformed::Rdata)?))?;
    write_escaped(tag, &TEXT, text);
    text.push(b' ');
    quoted(tail(bytes, 2 + tag.len())?, text);
    Ok(())
}

/// Latitude, longitude, altitude, size and precisions (RFC 1876).
fn loc(bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    let &[0, size, horizontal, vertical, ..] = bytes else { return Err(Malformed::Rdata) };
    let word = |at| be32(bytes, at).ok_or(Malformed::Rdata);
    for (value, [positive, negative]) in [(word(4)?, ['N', 'S']), (word(8)?, ['E', 'W'])] {
        // Thousandths of an arc second, 2^31 being the equator or the prime meridian.
        let offset = i64::from(value) - (1 << 31);
        let (arc, side) = (offset.unsigned_abs(), if offset < 0 { negative } else { positive });
        let (degrees, minutes) = (arc / 3_600_000, arc / 60_000 % 60);
        write(text, format_args!("{degrees} {minutes} {}.{:03} {side} ", arc / 1000 % 60, arc % 1000))?;
    }
    // Centimetres above 100 km below the reference spheroid.
    let altitude = i64::from(word(12)?) - 10_000_000;
    let sign = if altitude < 0 { "-" } else { "" };
    let altitude = altitude.unsigned_abs();
    write(text, format_args!("{sign}{}.{:02}m", altitude / 100, altitude % 100))?;
    for precision in [size, horizontal, vertical] {
        // Base and power of ten, in centimetres.
        let centimetres = u64::from(precision >> 4) * 10_u64.pow(u32::from(precision & 0xF));
        write(text, format_args!(" {}.{:02}m", centimetres / 100, centimetres % 100))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rtype: u16, data: &[u8]) -> String {
        // A name to point to comes first.
        let message = [b"\x07example\x03com\0", data].concat();
        let mut text = Vec::new();
        Rdata::new(&message, 13, message.len(), rtype).write(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn data_is_written_by_its_type() {
        for (name, data, expected) in [
            ("A", &b"\x5D\xB8\xD8\x22"[..], "93.184.216.34"),
            ("AAAA", b"\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01", "2001:db8::1"),
            ("CNAME", b"\x03www\xC0\0", "www.example.com"),
            ("NS", b"\x02ns\xC0\0", "ns.example.com"),
            ("PTR", b"\0", "."),
            ("SOA", b"\x02ns\xC0\0\x04root\xC0\0\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0\x05", "ns.example.com"),
            ("MX", b"\0\x0A\x04mail\xC0\0", "mail.example.com"),
            ("SRV", b"\0\x01\0\x02\x01\xBB\x01h\xC0\0", "h.example.com"),
            ("TXT", b"\x05v=spf\x03a\"b\x02\xFFc", "v=spf a\\\"b \\255c"),
            ("TXT", b"", ""),
            ("NULL", b"a\t\x00\\", "a\\t\\000\\\\"),
            ("HINFO", b"\x03PDP\x04UNIX", "\"PDP\" \"UNIX\""),
            ("RP", b"\x01a\xC0\0\0", "a.example.com ."),
            ("CAA", b"\0\x05issueca.example", "0 issue \"ca.example\""),
            ("NAPTR", b"\0\x64\0\x0A\x01u\x07E2U+sip\x02!!\0", "100 10 \"u\" \"E2U+sip\" \"!!\" ."),
            ("DS", b"\xEC\x45\x05\x01\x0F\xF0", "0FF0"),
            ("DNSKEY", b"\x01\x01\x03\x08foo", "Zm9v"),
            ("RRSIG", b"\0\x01\x08\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xC0\0foo", "Zm9v"),
            ("NSEC", b"\x01b\xC0\0\0\x01\x40", "b.example.com"),
            ("NSEC3", b"\x01\0\0\x0A\x01\xAA\x06foobar", "CPNMUOJ1E8"),
            ("NSEC3PARAM", b"\x01\0\0\x0A\x01\xAA", "AA"),
            ("NSEC3PARAM", b"\x01\0\0\x0A\0", "-"),
            ("TLSA", b"\x03\x01\x01\xAB\xCD", "3 1 1 abcd"),
            ("SSHFP", b"\x04\x02\xAB", "4 2 ab"),
            ("URI", b"\0\x0A\0\x01ftp://x", "10 1 \"ftp://x\""),
            // RFC 1876's example: 42 21 54 N 71 06 18 W -24m 30m
            (
                "LOC",
                b"\0\x33\x16\x13\x89\x17\x2D\xD0\x70\xBE\x15\xF0\0\x98\x8D\x20",
                "42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m",
            ),
            (
                "HTTPS",
                b"\0\x01\0\0\x01\0\x06\x02h2\x02h3\0\x04\0\x04\xC0\0\x02\x01",
                "1 . alpn=h2,h3 ipv4hint=192.0.2.1",
            ),
            ("TYPE65534", b"\x01 \"", "\\001 \\\""),
        ] {
            let rtype = schema::dns::rr_type_number(name).unwrap();
            assert_eq!(text(rtype, data), expected, "{name}");
        }
    }

    #[test]
    fn data_that_does_not_fit_its_type_is_escaped() {
        for (name, data, expected) in [
            ("A", &b"abc"[..], "abc"),
            ("MX", b"\0", "\\000"),
            ("CNAME", b"\x05ab", "\\005ab"),
            ("TXT", b"\x05ab", "\\005ab"),
            ("SRV", b"", ""),
            ("CAA", b"\0\xFFa", "\\000\\255a"),
            ("HTTPS", b"\0\x01", "\\000\\001"),
        ] {
            let rtype = schema::dns::rr_type_number(name).unwrap();
            assert_eq!(text(rtype, data), expected, "{name}");
        }
    }
}
