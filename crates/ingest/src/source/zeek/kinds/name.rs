//! Distinguished names, as Zeek writes them: `CN=R3,O=Let's Encrypt\, Inc.,C=US`.

/// The attributes of a name, in order. As in Elastic's integration, an escaped comma is left out of the value.
pub fn attributes(name: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = Some(name);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = unescaped_comma(text);
        rest = end.and_then(|end| text.get(end + 1..));
        text.get(..end.unwrap_or(text.len()))
    })
    .filter_map(|attribute| {
        let (key, value) = attribute.split_once('=')?;
        Some((key.trim(), value.replace("\\,", "")))
    })
}

fn unescaped_comma(text: &str) -> Option<usize> {
    text.match_indices(',').map(|(at, _)| at).find(|at| !text[..*at].ends_with('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_split_at_commas_that_are_not_escaped() {
        let found: Vec<_> = attributes("CN=*.x,O=Elasticsearch\\, Inc.,L=Mountain View,odd").collect();
        let expected = [("CN", "*.x"), ("O", "Elasticsearch Inc."), ("L", "Mountain View")];
        assert_eq!(found, expected.map(|(key, value)| (key, value.to_owned())));
    }
}
