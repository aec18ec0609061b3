//! Byte keys of the types whose text does not sort as their values do.

use std::net::IpAddr;

/// A key that sorts as addresses do: IPv4 as its IPv6-mapped form, as Elasticsearch stores it. Text that is no address
/// sorts first.
pub fn ip(text: &str) -> [u8; 16] {
    match text.parse() {
        Ok(IpAddr::V4(address)) => address.to_ipv6_mapped().octets(),
        Ok(IpAddr::V6(address)) => address.octets(),
        Err(_) => [0; 16],
    }
}

const VALID: u8 = 1;
const INVALID: u8 = 2;
const PRE_RELEASE: u8 = 1;
const RELEASE: u8 = 2;
/// Added to the length of a number, so that a further number sorts after the end of the list.
const NUMBER: u8 = 0x10;

/// A key that sorts as Semantic Versioning 2.0 orders versions, with any number of numeric parts; text that is no
/// version sorts after all versions, as text (Elasticsearch, "Version field type").
pub fn version(text: &str) -> Vec<u8> {
    let mut key = vec![VALID];
    if encode_version(text, &mut key).is_none() {
        key.clear();
        key.push(INVALID);
        key.extend_from_slice(text.as_bytes());
    }
    key
}

fn encode_version(text: &str, key: &mut Vec<u8>) -> Option<()> {
    let (text, build) = text.split_once('+').map_or((text, ""), |(text, build)| (text, build));
    let (numbers, pre_release) = text.split_once('-').map_or((text, None), |(text, rest)| (text, Some(rest)));
    for number in numbers.split('.') {
        encode_number(number, key)?;
    }
    match pre_release {
        None => key.push(RELEASE),
        Some(identifiers) => {
            key.push(PRE_RELEASE);
            for identifier in identifiers.split('.') {
                encode_identifier(identifier, key)?;
            }
            key.push(0);
        }
    }
    key.extend_from_slice(build.as_bytes());
    Some(())
}

fn encode_number(digits: &str, key: &mut Vec<u8>) -> Option<()> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    key.push(NUMBER.checked_add(u8::try_from(significant.len()).ok()?)?);
    key.extend_from_slice(significant.as_bytes());
    Some(())
}

/// Numeric identifiers sort before others and among themselves by value.
fn encode_identifier(identifier: &str, key: &mut Vec<u8>) -> Option<()> {
    if identifier.is_empty() {
        return None;
    }
    key.push(1);
    let before = key.len();
    if encode_number(identifier, key).is_none() {
        key.truncate(before);
        key.push(u8::MAX);
        key.extend_from_slice(identifier.as_bytes());
        key.push(0);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_sort_by_value() {
        let ordered = ["::1", "9.0.0.1", "10.0.0.1", "fe80::1"];
        assert!(ordered.windows(2).all(|pair| ip(pair[0]) < ip(pair[1])));
        assert_eq!(ip("::ffff:10.0.0.1"), ip("10.0.0.1"));
    }

    #[test]
    fn versions_sort_as_semantic_versioning_does() {
        let ordered = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.2",
            "1.2.0",
            "1.11.0",
            "2.0.0",
            "bad",
            "worse",
        ];
        for pair in ordered.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
    }
}
