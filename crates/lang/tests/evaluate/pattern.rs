//! Tests of a text.

use ir::{Anchor, Case, Pattern, PatternKind};
use std::net::IpAddr;

pub fn fits(pattern: &Pattern, text: &str) -> bool {
    let fold = |text: &str| if pattern.case == Case::Insensitive { text.to_lowercase() } else { text.to_owned() };
    let subject = fold(text);
    match &pattern.kind {
        PatternKind::Equals(operand) => subject == fold(operand),
        PatternKind::Contains(operand) => subject.contains(&fold(operand)),
        PatternKind::StartsWith(operand) => subject.starts_with(&fold(operand)),
        PatternKind::EndsWith(operand) => subject.ends_with(&fold(operand)),
        PatternKind::Wildcard(operand) => {
            let glob: Vec<char> = fold(operand).chars().collect();
            wildcard(&glob, &subject.chars().collect::<Vec<_>>())
        }
        PatternKind::Regex { pattern: regex, anchor, .. } => {
            let flags = if pattern.case == Case::Insensitive { "(?i)" } else { "" };
            let regex = match anchor {
                Anchor::Anywhere => format!("{flags}{regex}"),
                Anchor::Start => format!("{flags}\\A(?:{regex})"),
                Anchor::Whole => format!("{flags}\\A(?:{regex})\\z"),
            };
            fancy_regex::Regex::new(&regex).is_ok_and(|regex| regex.is_match(text).unwrap_or(false))
        }
        PatternKind::Cidr(network) => in_network(network, text).unwrap_or(false),
        _ => false,
    }
}

fn wildcard(glob: &[char], text: &[char]) -> bool {
    match glob {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|at| wildcard(rest, &text[at..])),
        ['?', rest @ ..] => !text.is_empty() && wildcard(rest, &text[1..]),
        ['\\', escaped, rest @ ..] => text.first() == Some(escaped) && wildcard(rest, &text[1..]),
        [plain, rest @ ..] => text.first() == Some(plain) && wildcard(rest, &text[1..]),
    }
}

fn in_network(network: &str, address: &str) -> Option<bool> {
    let (base, bits) = network.split_once('/').unwrap_or((network, "128"));
    let bits: u32 = bits.parse().ok()?;
    let (base, address): (IpAddr, IpAddr) = (base.parse().ok()?, address.parse().ok()?);
    Some(match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let shift = 32 - bits.min(32);
            u64::from(u32::from(base)) >> shift == u64::from(u32::from(address)) >> shift
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let shift = 128 - bits.min(128);
            bits == 0 || u128::from(base) >> shift == u128::from(address) >> shift
        }
        _ => false,
    })
}
