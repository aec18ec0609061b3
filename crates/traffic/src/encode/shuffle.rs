//! Puts the keys of JSON objects into a random order, at every level.
//!
//! Beats walk Go maps to write an event, and Go walks them in another order each time (elastic/go-structform,
//! `foldMapInterface`): only `@timestamp` stays in front. Exports from Elasticsearch's logs data streams are sorted,
//! since their source is put together from columns.

use crate::random::Random;

/// Appends `object`, an object as this crate's encoders write it (no spaces), its keys in random order. The first one
/// of the outermost object stays where it is.
pub fn event(object: &[u8], random: &mut Random, out: &mut Vec<u8>) {
    let mut members = members(object);
    if let Some(rest) = members.get_mut(1..) {
        shuffle(rest, random);
    }
    write(&members, random, out);
}

fn value(text: &[u8], random: &mut Random, out: &mut Vec<u8>) {
    if text.first() != Some(&b'{') {
        return out.extend_from_slice(text);
    }
    let mut members = members(text);
    shuffle(&mut members, random);
    write(&members, random, out);
}

fn write(members: &[&[u8]], random: &mut Random, out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, member) in members.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        // The encoders' keys have no escapes, so the first `":` ends the key.
        let key_end = member.windows(2).position(|pair| pair == b"\":").map_or(member.len(), |at| at + 2);
        let (key, text) = member.split_at(key_end);
        out.extend_from_slice(key);
        value(text, random, out);
    }
    out.push(b'}');
}

fn shuffle(members: &mut [&[u8]], random: &mut Random) {
    for at in (1..members.len()).rev() {
        members.swap(at, random.index(at + 1));
    }
}

/// The `"key":value` parts of an object.
fn members(object: &[u8]) -> Vec<&[u8]> {
    let inner = object.get(1..object.len().saturating_sub(1)).unwrap_or(&[]);
    let (mut parts, mut begin, mut depth, mut quoted, mut escaped) = (Vec::with_capacity(12), 0, 0, false, false);
    for (at, &byte) in inner.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&inner[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    if begin < inner.len() {
        parts.push(&inner[begin..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_kept_at_its_level() {
        let object = br#"{"@t":"x","a":{"b":1,"c":[{"d":2},3],"e":"},\"{"},"f":{},"g":true}"#;
        let sorted = |text: &[u8]| {
            let mut bytes = text.to_vec();
            bytes.sort_unstable();
            bytes
        };
        let mut random = Random::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..50 {
            let mut out = Vec::new();
            event(object, &mut random, &mut out);
            assert!(out.starts_with(br#"{"@t":"x","#));
            assert_eq!(sorted(&out), sorted(object));
            let text = String::from_utf8(out).unwrap();
            for part in [r#""c":[{"d":2},3]"#, r#""e":"},\"{""#, r#""f":{}"#] {
                assert!(text.contains(part), "{text}");
            }
            seen.insert(text);
        }
        assert!(seen.len() > 10);
    }
}
