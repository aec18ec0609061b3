//! The names of columns that DISSECT and GROK cut out of a text.

/// The keys of a DISSECT pattern: `%{name}`, without modifiers.
pub fn of_dissect(pattern: &str) -> impl Iterator<Item = &str> {
    let keys = keys(pattern).map(|key| key.trim_start_matches(['+', '&']).trim_end_matches("->"));
    keys.filter_map(|key| key.split('/').next()).filter(|name| !name.is_empty() && !name.starts_with('?'))
}

/// The keys of a GROK pattern, `%{SYNTAX:name}` or `%{SYNTAX:name:type}`, and its named groups.
pub fn of_grok(pattern: &str) -> impl Iterator<Item = &str> {
    keys(pattern).filter_map(|key| key.split(':').nth(1)).chain(ir::group_names(pattern))
}

fn keys(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_each_pattern_writes_them() {
        let dissected: Vec<&str> = of_dissect("%{a} - %{+b/2} %{c->} %{?skipped} %{}").collect();
        assert_eq!(dissected, ["a", "b", "c"]);
        let grokked: Vec<&str> = of_grok(r"%{IP:source.ip} %{NUMBER:size:int} %{WORD} (?<rest>.*)").collect();
        assert_eq!(grokked, ["source.ip", "size", "rest"]);
    }
}
