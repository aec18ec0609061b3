//! Bytes as text: hexadecimal, base64 and base32hex (RFC 4648).

use std::iter::repeat_n;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32HEX: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";
const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";

pub fn hex_lower(bytes: &[u8], text: &mut Vec<u8>) {
    encode(bytes, 4, HEX_LOWER, text);
}

pub fn hex_upper(bytes: &[u8], text: &mut Vec<u8>) {
    encode(bytes, 4, HEX_UPPER, text);
}

/// With padding.
pub fn base64(bytes: &[u8], text: &mut Vec<u8>) {
    encode(bytes, 6, BASE64, text);
    text.extend(repeat_n(b'=', (3 - bytes.len() % 3) % 3));
}

/// Without padding, as NSEC3 has it (RFC 5155).
pub fn base32hex(bytes: &[u8], text: &mut Vec<u8>) {
    encode(bytes, 5, BASE32HEX, text);
}

/// A digit for each `bits` bits, the last ones filled up with zeros.
fn encode(bytes: &[u8], bits: u32, digits: &[u8], text: &mut Vec<u8>) {
    let mask = (1 << bits) - 1;
    let digit = |value: u32| digits.get((value & mask) as usize).copied().unwrap_or(b'?');
    let (mut window, mut held) = (0_u32, 0);
    for &byte in bytes {
        window = window << 8 | u32::from(byte);
        held += 8;
        while held >= bits {
            held -= bits;
            text.push(digit(window >> held));
        }
    }
    if held > 0 {
        text.push(digit(window << (bits - held)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn the_rfcs_own_vectors() {
        for (bytes, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            let mut text = Vec::new();
            base64(bytes.as_bytes(), &mut text);
            assert_eq!(text, expected.as_bytes());
        }
        let mut text = Vec::new();
        base32hex(b"foobar", &mut text);
        assert_eq!(text, b"CPNMUOJ1E8");
        text.clear();
        hex_upper(b"foo\xFF", &mut text);
        assert_eq!(text, b"666F6FFF");
    }
}
