//! The library of grok patterns, as data: a name and a definition on each line of `grok.txt`.

/// Names are Elastic's; the definitions say what each name stands for in the syntax of the `regex` crate.
const LIBRARY: &str = include_str!("grok.txt");

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    LIBRARY.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

/// The definition of a name.
pub(super) fn find(name: &str) -> Option<&'static str> {
    lines().find(|(known, _)| *known == name).map(|(_, definition)| definition)
}

/// Every name.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    lines().map(|(name, _)| name)
}
