//! JSON strings and names, as the programs escape them.

use super::text;
use crate::name::Name;

/// A quoted string of bytes that are mostly plain; bytes that are no UTF-8 become `\xNN` (Suricata, Zeek) in text.
pub fn string(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    if bytes.iter().all(|&byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\') {
        out.extend_from_slice(bytes);
    } else if std::str::from_utf8(bytes).is_ok() {
        bytes.iter().for_each(|&byte| character(byte, out));
    } else {
        bytes.iter().for_each(|&byte| printable(byte, out));
    }
    out.push(b'"');
}

/// A quoted name with bare labels between dots, as Suricata and Zeek have it.
pub fn dotted(name: &Name, out: &mut Vec<u8>) {
    if name.is_plain() {
        out.push(b'"');
        name.write_dotted(out, |byte, out| out.push(byte));
        out.push(b'"');
    } else {
        let mut bytes = Vec::with_capacity(name.wire().len());
        name.write_dotted(&mut bytes, |byte, out| out.push(byte));
        string(&bytes, out);
    }
}

/// A quoted name in presentation form, as Packetbeat has it.
pub fn presentation(name: &Name, out: &mut Vec<u8>) {
    if name.is_plain() && !name.is_root() {
        dotted(name, out);
    } else {
        let mut bytes = Vec::with_capacity(name.wire().len());
        name.write_presentation(&mut bytes);
        string(&bytes, out);
    }
}

/// `"key":`, after a comma unless an object or array just began.
pub fn key(name: &str, out: &mut Vec<u8>) {
    comma(out);
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// A comma, unless an object or array just began.
pub fn comma(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[') | None) {
        out.push(b',');
    }
}

pub fn text_field(name: &str, value: &str, out: &mut Vec<u8>) {
    key(name, out);
    string(value.as_bytes(), out);
}

pub fn number_field(name: &str, value: u64, out: &mut Vec<u8>) {
    key(name, out);
    text::number(value, out);
}

pub fn flag_field(name: &str, value: bool, out: &mut Vec<u8>) {
    key(name, out);
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

pub fn address_field(name: &str, address: std::net::IpAddr, out: &mut Vec<u8>) {
    key(name, out);
    out.push(b'"');
    text::address(address, out);
    out.push(b'"');
}

fn character(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0..0x20 => {
            out.extend_from_slice(b"\\u");
            text::hexadecimal(u64::from(byte), 4, out);
        }
        _ => out.push(byte),
    }
}

fn printable(byte: u8, out: &mut Vec<u8>) {
    if byte.is_ascii() {
        character(byte, out);
    } else {
        out.extend_from_slice(b"\\\\x");
        text::hexadecimal(u64::from(byte), 2, out);
    }
}
