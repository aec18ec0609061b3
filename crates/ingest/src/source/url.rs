//! `url.*` of a request: of its target and of the host it names.

use crate::{EventBatch, Projection, network::set_text, slots};
use schema::Field;

slots::slots! {
    UrlSlots {
        domain: "domain",
        extension: "extension",
        fragment: "fragment",
        original: "original",
        path: "path",
        query: "query",
        scheme: "scheme",
    }
}

/// The columns below `url.`.
pub struct Slots(UrlSlots);

impl Slots {
    pub fn new(projection: &Projection) -> Self {
        Slots(UrlSlots::new(projection, "url."))
    }

    pub fn fields() -> impl Iterator<Item = Field> {
        slots::fields("url.", UrlSlots::NAMES)
    }

    pub fn write(&self, uri: Option<&str>, host: Option<&str>, batch: &mut EventBatch) {
        let slots = &self.0;
        if !slots.any {
            return;
        }
        let parts = uri.map(split).unwrap_or_default();
        for (slot, text) in [
            (slots.original, uri),
            (slots.scheme, parts.scheme),
            (slots.domain, host.or(parts.domain)),
            (slots.path, parts.path),
            (slots.query, parts.query),
            (slots.fragment, parts.fragment),
            (slots.extension, parts.path.and_then(extension)),
        ] {
            set_text(batch, slot, text);
        }
    }
}

#[derive(Debug, Default, PartialEq)]
struct Parts<'u> {
    scheme: Option<&'u str>,
    domain: Option<&'u str>,
    path: Option<&'u str>,
    query: Option<&'u str>,
    fragment: Option<&'u str>,
}

/// The parts of a request target: `/path?query`, or a whole URL where a proxy is asked. `host:443` of CONNECT has none.
fn split(uri: &str) -> Parts<'_> {
    let (rest, fragment) = cut(uri, '#');
    let (rest, query) = cut(rest, '?');
    let mut parts = Parts { query, fragment, ..Parts::default() };
    let path = match rest.split_once("://") {
        Some((scheme, behind)) => {
            let at = behind.find('/').unwrap_or(behind.len());
            let (authority, path) = behind.split_at(at);
            parts.scheme = Some(scheme);
            parts.domain = Some(domain(authority)).filter(|domain| !domain.is_empty());
            path
        }
        None => rest,
    };
    parts.path = Some(path).filter(|path| path.starts_with('/'));
    parts
}

fn cut(text: &str, separator: char) -> (&str, Option<&str>) {
    text.split_once(separator).map_or((text, None), |(head, tail)| (head, Some(tail)))
}

/// The host of `user:password@host:port`.
fn domain(authority: &str) -> &str {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    }
}

fn extension(path: &str) -> Option<&str> {
    let (_, last) = path.rsplit_once('/')?;
    last.rsplit_once('.').map(|(_, extension)| extension).filter(|extension| !extension.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_split() {
        let path = |path| Parts { path: Some(path), ..Parts::default() };
        for (uri, expected) in [
            ("/a/b.html?c=d#e", Parts { query: Some("c=d"), fragment: Some("e"), ..path("/a/b.html") }),
            (
                "http://u:p@example.com:8080/x",
                Parts { scheme: Some("http"), domain: Some("example.com"), ..path("/x") },
            ),
            ("http://[::1]/", Parts { scheme: Some("http"), domain: Some("[::1]"), ..path("/") }),
            ("www.google.com:443", Parts::default()),
            ("*", Parts::default()),
            ("", Parts::default()),
        ] {
            assert_eq!(split(uri), expected, "{uri}");
        }
        assert_eq!((extension("/a/b.html"), extension("/a.b/c"), extension("/a.")), (Some("html"), None, None));
    }
}
