//! Registered domains: which part of a name someone registered, by the Public Suffix List.
//!
//! Elastic derives these fields in two ways that disagree, and both are kept, because events of both kinds exist:
//!
//! | | Elasticsearch's `registered_domain` processor | Packetbeat |
//! |---|---|---|
//! | `a.b.github.io` (private section) | `github.io`, of `io` | `b.github.io`, of `github.io` |
//! | `a.host.lan` (not in the list) | nothing | `host.lan`, of `lan` |
//! | `co.uk` (itself a suffix) | top-level domain `co.uk` alone | nothing |
//!
//! In both, names are compared without regard to case and to one final dot, which the originals do not do throughout;
//! the parts are returned as they were written. Nothing is allocated.

use psl::{List, Psl, Type as Section};

/// The parts of a name, borrowed from it. `www.example.co.uk`: `example.co.uk`, `www`, `co.uk`, `example.co.uk`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts<'a> {
    /// `dns.question.registered_domain`: the name that was registered below a public suffix.
    pub registered_domain: Option<&'a str>,
    /// `dns.question.subdomain`: what stands before the registered domain, if anything does.
    pub subdomain: Option<&'a str>,
    /// `dns.question.top_level_domain`: the effective one, `co.uk`.
    pub top_level_domain: Option<&'a str>,
    /// `dns.question.etld_plus_one`: what Packetbeat takes for the registered domain, whichever reading is asked for.
    pub etld_plus_one: Option<&'a str>,
}

/// Splits a name; none where no part is known or the name has an empty label.
///
/// `private` chooses the reading: Packetbeat's, with the list's private section and its default rule (an unlisted last
/// label is a suffix), or else Elasticsearch's.
pub fn split(name: &str, private: bool) -> Option<Parts<'_>> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() || name.starts_with('.') || name.ends_with('.') || has_empty_label(name) {
        return None;
    }
    let (length, section) = public_suffix(name);
    let etld_plus_one = one_label_more(name, length);
    let registered_domain = match section {
        Some(Section::Private) if !private => name.get(name.len().checked_sub(length)?..),
        None if !private => None,
        _ => etld_plus_one,
    };
    let parts = match registered_domain.and_then(|domain| Some((domain, domain.split_once('.')?.1))) {
        Some((domain, top_level_domain)) => Parts {
            registered_domain: Some(domain),
            subdomain: name.get(..name.len() - domain.len()).and_then(|head| head.strip_suffix('.')),
            top_level_domain: Some(top_level_domain),
            etld_plus_one,
        },
        None => {
            let is_suffix = section.is_some() && length == name.len();
            Parts { top_level_domain: Some(name).filter(|_| is_suffix && !private), etld_plus_one, ..Parts::default() }
        }
    };
    (parts != Parts::default()).then_some(parts)
}

/// Whether two dots stand side by side. Without a way out early, so that it takes a few instructions for a whole name.
fn has_empty_label(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.iter().zip(bytes.iter().skip(1)).fold(false, |found, (one, next)| found | (*one == b'.' && *next == b'.'))
}

/// The length in bytes of the public suffix at the end of a name, and the section that lists it: none for the default
/// rule.
fn public_suffix(name: &str) -> (usize, Option<Section>) {
    // The list is in small letters. Names seldom have others, and no listed suffix is near as long as the buffer.
    let mut buffer = [0; 256];
    let mut bytes = name.as_bytes();
    if bytes.iter().fold(false, |found, byte| found | byte.is_ascii_uppercase()) {
        let tail = bytes.last_chunk::<256>().map_or(bytes, |tail| tail.as_slice());
        let (copy, _) = buffer.split_at_mut(tail.len());
        copy.copy_from_slice(tail);
        copy.make_ascii_lowercase();
        bytes = copy;
    }
    let info = List.find(bytes.rsplit(|byte| *byte == b'.'));
    (info.len, info.typ)
}

/// The suffix of that length with the label before it, if there is one.
fn one_label_more(name: &str, length: usize) -> Option<&str> {
    let before = name.get(..name.len().checked_sub(length)?)?.strip_suffix('.')?;
    name.get(before.rfind('.').map_or(0, |dot| dot + 1)..)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Expected = (Option<&'static str>, Option<&'static str>, Option<&'static str>);
    const NOTHING: Expected = (None, None, None);

    fn parts(name: &str, private: bool) -> (Option<&str>, Option<&str>, Option<&str>) {
        let parts = split(name, private).unwrap_or_default();
        (parts.subdomain, parts.registered_domain, parts.top_level_domain)
    }

    /// Names that both readings split alike: subdomain, registered domain, top-level domain.
    #[test]
    fn names_are_split_at_the_public_suffix() {
        for (name, expected) in [
            ("www.elastic.co", (Some("www"), Some("elastic.co"), Some("co"))),
            ("elastic.co", (None, Some("elastic.co"), Some("co"))),
            ("a.b.example.co.uk", (Some("a.b"), Some("example.co.uk"), Some("co.uk"))),
            ("x.us-west1.gcp.cloud.es.io", (Some("x.us-west1.gcp.cloud"), Some("es.io"), Some("io"))),
            ("www.elastic.co.", (Some("www"), Some("elastic.co"), Some("co"))),
            ("WWW.Example.CO.UK", (Some("WWW"), Some("Example.CO.UK"), Some("CO.UK"))),
            // A wildcard rule, and its exception.
            ("a.b.c.ck", (Some("a"), Some("b.c.ck"), Some("c.ck"))),
            ("a.www.ck", (Some("a"), Some("www.ck"), Some("ck"))),
            ("4.3.2.1.in-addr.arpa", (Some("4.3.2"), Some("1.in-addr.arpa"), Some("in-addr.arpa"))),
            ("_ldap._tcp.example.com", (Some("_ldap._tcp"), Some("example.com"), Some("com"))),
            ("a.пример.рф", (Some("a"), Some("пример.рф"), Some("рф"))),
            ("a.xn--e1afmkfd.xn--p1ai", (Some("a"), Some("xn--e1afmkfd.xn--p1ai"), Some("xn--p1ai"))),
            ("a b.exa mple.com", (Some("a b"), Some("exa mple.com"), Some("com"))),
            ("", NOTHING),
            (".", NOTHING),
            ("..", NOTHING),
            (".com", NOTHING),
            ("a..com", NOTHING),
            ("example.com..", NOTHING),
            ("localhost", NOTHING),
        ] {
            assert_eq!(parts(name, false), expected, "{name:?}, Elasticsearch");
            assert_eq!(parts(name, true), expected, "{name:?}, Packetbeat");
        }
    }

    /// Names that the two readings split differently: Elasticsearch's, then Packetbeat's.
    #[test]
    fn the_two_readings_differ_on_private_and_unlisted_suffixes() {
        for (name, elasticsearch, packetbeat) in [
            (
                "a.b.github.io",
                (Some("a.b"), Some("github.io"), Some("io")),
                (Some("a"), Some("b.github.io"), Some("github.io")),
            ),
            ("github.io", (None, Some("github.io"), Some("io")), NOTHING),
            (
                "1.www.global.ssl.fastly.net",
                (Some("1.www"), Some("global.ssl.fastly.net"), Some("ssl.fastly.net")),
                (Some("1"), Some("www.global.ssl.fastly.net"), Some("global.ssl.fastly.net")),
            ),
            ("com", (None, None, Some("com")), NOTHING),
            ("co.uk", (None, None, Some("co.uk")), NOTHING),
            ("a.host.lan", NOTHING, (Some("a"), Some("host.lan"), Some("lan"))),
            ("192.168.1.1", NOTHING, (Some("192.168"), Some("1.1"), Some("1"))),
        ] {
            assert_eq!(parts(name, false), elasticsearch, "{name:?}, Elasticsearch");
            assert_eq!(parts(name, true), packetbeat, "{name:?}, Packetbeat");
        }
    }

    #[test]
    fn the_effective_domain_plus_one_is_packetbeats_in_both_readings() {
        for name in ["www.elastic.co", "a.b.github.io", "a.host.lan", "co.uk", "1.www.global.ssl.fastly.net"] {
            let expected = split(name, true).and_then(|parts| parts.registered_domain);
            assert_eq!(split(name, true).and_then(|parts| parts.etld_plus_one), expected, "{name}");
            assert_eq!(split(name, false).and_then(|parts| parts.etld_plus_one), expected, "{name}");
        }
    }

    #[test]
    fn hostile_names_are_split_or_left() {
        let long = "A".repeat(1 << 20);
        assert_eq!(split(&long, true), None);
        assert_eq!(parts(&format!("{long}.CO.UK"), false).2, Some("CO.UK"));
        assert_eq!(split(&format!("x.{}", "Aé".repeat(300)), false), None);
        assert!(split(&"a.".repeat(1 << 19), true).is_some());
    }
}
