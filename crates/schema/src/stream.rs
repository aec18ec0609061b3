//! Data streams: the names under which events are stored and asked for.

use std::fmt;

/// `type-dataset-namespace`, as Elastic's data stream naming scheme has it: `logs-zeek.dns-default`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DataStream(String);

impl DataStream {
    /// The stream of a log data set in a namespace.
    pub fn logs(dataset: &str, namespace: &str) -> Self {
        DataStream(format!("logs-{dataset}-{namespace}"))
    }

    /// A stream or index by its whole name.
    pub fn named(name: impl Into<String>) -> Self {
        DataStream(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DataStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which streams are asked for: patterns in order. `*` stands for any run of characters; a pattern that is excluded
/// removes what the ones before it selected (Elasticsearch, "Multi-target syntax").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamSelection(Vec<(String, bool)>);

impl StreamSelection {
    /// Of patterns, and whether each is excluded.
    pub fn new<P: Into<String>>(patterns: impl IntoIterator<Item = (P, bool)>) -> Self {
        StreamSelection(patterns.into_iter().map(|(pattern, excluded)| (pattern.into(), excluded)).collect())
    }

    /// Whether a stream is among them.
    pub fn has(&self, name: &str) -> bool {
        let last = self.0.iter().rev().find(|(pattern, _)| wildcard_matches(pattern, name));
        last.is_some_and(|(_, excluded)| !excluded)
    }
}

/// Whether `*` wildcards in `pattern`, each for any run of characters, make it fit all of `name`. Linear in `name` for
/// each `*`, without backtracking past the last one.
pub fn wildcard_matches(pattern: &str, name: &str) -> bool {
    let Some((prefix, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(prefix) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let suffix = parts.pop().unwrap_or("");
    for part in parts {
        let Some(at) = name.find(part) else {
            return false;
        };
        name = &name[at + part.len()..];
    }
    name.ends_with(suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["logs-network_traffic.dns-default", "logs-x-default", "logs-zeek.dns-default"];

    fn selected(patterns: &[(&str, bool)]) -> Vec<&'static str> {
        let selection = StreamSelection::new(patterns.iter().copied());
        NAMES.into_iter().filter(|name| selection.has(name)).collect()
    }

    #[test]
    fn wildcards_select() {
        assert_eq!(selected(&[("logs-*dns-*", false)]), [NAMES[0], NAMES[2]]);
    }

    #[test]
    fn an_exclusion_removes_what_came_before_it() {
        assert_eq!(selected(&[("logs-*", false), ("logs-x-*", true)]), [NAMES[0], NAMES[2]]);
        assert_eq!(selected(&[("logs-x-*", true), ("logs-*", false)]), NAMES);
    }

    #[test]
    fn a_suffix_may_not_overlap_what_is_already_matched() {
        assert!(!wildcard_matches("ab*ba", "aba"));
        assert!(wildcard_matches("a*b*a", "aXbYbZa"));
    }
}
