//! SVCB and HTTPS records: priority, target, parameters (RFC 9460).

use super::{
    Malformed, Name, be16,
    encoding::base64,
    rdata::{quoted, write},
};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Keys by number (IANA, "Service Parameter Keys").
const KEYS: [&str; 9] =
    ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];

/// Appends `1 target key=value ...`.
pub fn write_record(message: &[u8], start: usize, end: usize, text: &mut Vec<u8>) -> Result<(), Malformed> {
    let priority = be16(message, start).ok_or(Malformed::Rdata)?;
    let target = Name::new(message, start + 2);
    let mut at = target.end()?;
    if at > end {
        return Err(Malformed::Rdata);
    }
    write(text, format_args!("{priority} "))?;
    target.write(text)?;
    let bytes = message.get(..end).ok_or(Malformed::Rdata)?;
    while at < end {
        let (Some(key), Some(length)) = (be16(bytes, at), be16(bytes, at + 2)) else { return Err(Malformed::Rdata) };
        let value = bytes.get(at + 4..at + 4 + usize::from(length)).ok_or(Malformed::Rdata)?;
        text.push(b' ');
        write_parameter(key, value, text)?;
        at += 4 + value.len();
    }
    Ok(())
}

fn write_parameter(key: u16, value: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    write_key(key, text)?;
    if value.is_empty() {
        return Ok(());
    }
    text.push(b'=');
    match key {
        0 => listed(value.as_chunks::<2>(), text, |key, text| write_key(u16::from_be_bytes(*key), text)),
        1 => protocols(value, text),
        3 => write(text, format_args!("{}", be16(value, 0).ok_or(Malformed::Rdata)?)),
        4 => listed(value.as_chunks::<4>(), text, |ip, text| write(text, format_args!("{}", Ipv4Addr::from(*ip)))),
        5 => {
            base64(value, text);
            Ok(())
        }
        6 => listed(value.as_chunks::<16>(), text, |ip, text| write(text, format_args!("{}", Ipv6Addr::from(*ip)))),
        _ => {
            quoted(value, text);
            Ok(())
        }
    }
}

fn write_key(key: u16, text: &mut Vec<u8>) -> Result<(), Malformed> {
    match KEYS.get(usize::from(key)) {
        Some(name) => write(text, format_args!("{name}")),
        None => write(text, format_args!("key{key}")),
    }
}

fn listed<const N: usize>(
    (items, rest): (&[[u8; N]], &[u8]),
    text: &mut Vec<u8>,
    put: impl Fn(&[u8; N], &mut Vec<u8>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    if !rest.is_empty() {
        return Err(Malformed::Rdata);
    }
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        put(item, text)?;
    }
    Ok(())
}

/// Protocol names, each with a length byte.
fn protocols(mut value: &[u8], text: &mut Vec<u8>) -> Result<(), Malformed> {
    let mut first = true;
    while let Some((&length, rest)) = value.split_first() {
        let (name, rest) = rest.split_at_checked(usize::from(length)).ok_or(Malformed::Rdata)?;
        if !std::mem::take(&mut first) {
            text.push(b',');
        }
        super::name::write_escaped(name, &super::name::LABEL, text);
        value = rest;
    }
    Ok(())
}
