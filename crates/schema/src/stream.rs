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

/// The names that a list of patterns selects, in the order of `names`. `*` stands for any run of characters; a pattern
/// that `excluded` marks removes what the ones before it selected (Elasticsearch, "Multi-target syntax").
pub fn select_streams<'n>(patterns: &[(&str, bool)], names: &[&'n str]) -> Vec<&'n str> {
    let selected = |name: &str| {
        patterns.iter().fold(
            false,
            |selected, (pattern, excluded)| {
                if wildcard_matches(pattern, name) { !excluded } else { selected }
            },
        )
    };
    names.iter().copied().filter(|name| selected(name)).collect()
}

/// Whether `*` wildcards in `pattern` make it fit all of `name`. Linear in `name` for each `*`, without backtracking
/// past the last one.
pub(crate) fn wildcard_matches(pattern: &str, name: &str) -> bool {
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

    #[test]
    fn wildcards_select() {
        assert_eq!(select_streams(&[("logs-*dns-*", false)], &NAMES), [NAMES[0], NAMES[2]]);
    }

    #[test]
    fn an_exclusion_removes_what_came_before_it() {
        assert_eq!(select_streams(&[("logs-*", false), ("logs-x-*", true)], &NAMES), [NAMES[0], NAMES[2]]);
        assert_eq!(select_streams(&[("logs-x-*", true), ("logs-*", false)], &NAMES), NAMES);
    }

    #[test]
    fn a_suffix_may_not_overlap_what_is_already_matched() {
        assert!(!wildcard_matches("ab*ba", "aba"));
        assert!(wildcard_matches("a*b*a", "aXbYbZa"));
    }
}
