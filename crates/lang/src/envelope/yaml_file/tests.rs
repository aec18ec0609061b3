use super::*;
use ir::{Level, codes};

/// The tree in one line: scalars as they are understood by PyYAML.
fn shape(node: &Node<'_>) -> String {
    if let Some(scalar) = node.scalar() {
        return match scalar.constant(Schema::Yaml11) {
            Constant::Null => "null".to_owned(),
            Constant::Boolean(value) => value.to_string(),
            Constant::Integer(value) => value.to_string(),
            Constant::Float(value) => format!("{value:?}"),
            Constant::String(value) => format!("{value:?}"),
        };
    }
    if let Some(items) = node.items() {
        return format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", "));
    }
    let entries = node.entries().iter().map(|entry| format!("{}: {}", shape(&entry.key), shape(&entry.value)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

fn shapes(text: &str) -> Vec<String> {
    let file = File::read(text);
    assert_eq!(file.diagnostics, [], "{text}");
    file.documents.iter().map(shape).collect()
}

#[test]
fn documents_become_trees() {
    for (text, expected) in [
        ("a: 1\nb:\n  - x\n  - {c: d}\n", r#"{"a": 1, "b": ["x", {"c": "d"}]}"#),
        ("a:\nb: ''\nc: ~\n", r#"{"a": null, "b": "", "c": null}"#),
        ("EventID: 4688\nText: '4688'\n", r#"{"EventID": 4688, "Text": "4688"}"#),
        ("[yes, 'yes', No, y, 010, 0x1F, 1_000, 1:30, 1.5, .5, 1e3, 1.0e+3]", {
            r#"[true, "yes", false, "y", 8, 31, 1000, 90, 1.5, 0.5, "1e3", 1000.0]"#
        }),
        ("a: !!str 5\nb: ! 5\n", r#"{"a": "5", "b": "5"}"#),
        ("\u{feff}a: 1\n", r#"{"a": 1}"#),
        ("a: 1\r\nb:\r\n  - c\r\n", r#"{"a": 1, "b": ["c"]}"#),
    ] {
        assert_eq!(shapes(text), [expected], "{text}");
    }
    assert_eq!(shapes("a: 1\n---\n---\nb: 2\n...\n"), [r#"{"a": 1}"#, r#"{"b": 2}"#]);
    assert!(shapes("# nothing\n").is_empty());
}

#[test]
fn yaml_12_has_fewer_constants() {
    let file = File::read("[yes, on, 010, 0o10, 1_000, 1:30, 1e3, -0x1F, -5]");
    let found: Vec<_> = file.documents[0].items().unwrap().iter().map(|item| item.scalar().unwrap()).collect();
    let found: Vec<_> = found.iter().map(|scalar| scalar.constant(Schema::Core)).collect();
    let text = Constant::String;
    assert_eq!(
        found,
        [
            text("yes"),
            text("on"),
            Constant::Integer(10),
            Constant::Integer(8),
            text("1_000"),
            text("1:30"),
            Constant::Float(1000.0),
            text("-0x1F"),
            Constant::Integer(-5),
        ]
    );
}

#[test]
fn anchors_aliases_and_merge_keys() {
    for (text, expected) in [
        ("a: &x [1, 2]\nb: *x\n", r#"{"a": [1, 2], "b": [1, 2]}"#),
        ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", r#"{"a": {"b": 1, "c": 2}, "d": {"c": 3, "b": 1}}"#),
        ("d: {<<: [{b: 1}, {b: 2, e: 3}]}", r#"{"d": {"b": 1, "e": 3}}"#),
        ("d: {'<<': {b: 1}}", r#"{"d": {"<<": {"b": 1}}}"#),
    ] {
        assert_eq!(shapes(text), [expected], "{text}");
    }
    let text = "a: &x 'é'\nb: *x\n";
    let file = File::read(text);
    assert_eq!(file.documents[0].get("b").unwrap().span.of(text), "'é'");
}

/// Every scalar, as it is written in the file.
fn written<'t>(node: &Node<'_>, text: &'t str, found: &mut Vec<&'t str>) {
    if node.scalar().is_some() {
        found.push(node.span.of(text));
    }
    node.items().unwrap_or_default().iter().for_each(|item| written(item, text, found));
    for entry in node.entries() {
        written(&entry.key, text, found);
        written(&entry.value, text, found);
    }
}

#[test]
fn spans_cover_the_scalar_and_nothing_else() {
    for (text, expected) in [
        ("é: ö # c\n", vec!["é", "ö"]),
        ("'a''b' : \"c\\\"\\u00e9\"   # d\n", vec!["'a''b'", "\"c\\\"\\u00e9\""]),
        ("a: &x !!str 5\nb: !!int\n  6\n", vec!["a", "5", "b", "6"]),
        ("a:\nb: plain\n  text\n", vec!["a", "", "b", "plain\n  text"]),
        ("a: |\n  x\n  y\n\nb: >-\n  z\n", vec!["a", "x\n  y", "b", "z"]),
        ("- [ä, 'b' , c]\n", vec!["ä", "'b'", "c"]),
    ] {
        let file = File::read(text);
        let mut found = Vec::new();
        written(&file.documents[0], text, &mut found);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn spans_of_mappings_end_with_their_last_value() {
    let text = "a:\n  b: 1\n  c: [2]\n\n# end\nd: 3\n";
    let file = File::read(text);
    assert_eq!(file.documents[0].get("a").unwrap().span.of(text), "b: 1\n  c: [2]");
}

#[test]
fn every_character_of_a_scalar_maps_back() {
    for text in [
        "q: plain text",
        "q: 'it''s é'",
        "q: \"tab\\t \\u00e9 \\\"x\\\" \\\\d\"",
        "q: plain\n  over  \n  three\n\n\n  lines and more",
        "q: 'quoted  \n  over\n\n  three'",
        "q: \"quoted\n  over \\\n  \\ three\n\n  lines\\n\"",
        "q: |\n  one\n    two\n\n  é|three\n",
        "q: |\n\n\n  after empty lines\n  x\n",
        "q: |2\n    indented\n  less\n",
        "q: |\r\n  one\r\n  two\r\n",
        "q: >\n  folded\n  text é\n\n  and\n    kept\n   lines\n\n  end\n",
        "q: >-\n\n  a\n  b",
        "k:\n  - &x >2\n     deep\n    x\n",
    ] {
        let file = File::read(text);
        assert_eq!(file.diagnostics, [], "{text}");
        let mut value = file.documents[0].entries()[0].value.clone();
        if let Some(items) = value.items() {
            value = items[0].clone();
        }
        let decoded = value.text().unwrap();
        let origin = value.origin(text);
        for (at, character) in decoded.char_indices() {
            let found = origin.span(at, at + character.len_utf8()).of(text);
            if character.is_alphanumeric() || character == '|' {
                let escaped = found.starts_with('\\') || text.contains(&format!("\\u{:04x}", character as u32));
                assert!(escaped || found == character.to_string(), "{text:?}: {character:?} at {at} is {found:?}");
            } else {
                let fits = found.starts_with(['\\', ' ', '\n', '\r', '\'', '"']) || text.contains('\\');
                assert!(fits, "{text:?}: {character:?} at {at} is {found:?}");
            }
        }
    }
}

fn diagnosed(text: &str) -> Vec<(Level, &'static str, String)> {
    let file = File::read(text);
    file.diagnostics
        .into_iter()
        .map(|found| (found.level, found.code.0, found.span.unwrap_or_default().of(text).to_owned()))
        .collect()
}

#[test]
fn broken_files_are_diagnosed_where_they_break() {
    let (refusal, envelope) = (Level::Refusal, codes::ENVELOPE.0);
    for (text, expected) in [
        ("é: ö\na: b: c\n", (refusal, envelope, ":")),
        ("a: 'open\n", (refusal, envelope, "'")),
        ("a: *none\n", (refusal, envelope, "*")),
        ("a: &x [*x]\n", (refusal, envelope, "*x")),
        ("a: 1\nb: 2\na: 3\n", (Level::Loss, envelope, "a")),
        ("a: !vault x\n", (Level::Note, codes::IGNORED_KEY.0, "x")),
    ] {
        let (level, code, place) = expected;
        assert_eq!(diagnosed(text), [(level, code, place.to_owned())], "{text}");
    }
}

#[test]
fn what_was_read_before_an_error_is_kept() {
    let file = File::read("title: Kept\nid: 1\ndetection:\n  a: [x\n");
    let document = &file.documents[0];
    assert_eq!(document.get("title").and_then(Node::text), Some("Kept"));
    assert!(document.get("detection").is_some());
    assert_eq!(file.diagnostics.len(), 1);
}

#[test]
fn of_keys_that_stand_twice_the_last_counts() {
    let file = File::read("a: 1\nb: 2\na: 3\n");
    assert_eq!(shape(&file.documents[0]), r#"{"b": 2, "a": 3}"#);
}

#[test]
fn hostile_files_end_in_a_diagnostic() {
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..30).map(|at| {
            let below = format!("*a{}, ", at - 1).repeat(9);
            format!("a{at}: &a{at} [{below}]\n")
        }))
        .collect();
    let long = format!("a: &a \"\\x41{}\"\nb: [{}]\n", "b".repeat(1 << 20), "*a, ".repeat(10_000));
    let nested: String = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for (name, text) in [
        ("bomb", bomb),
        ("long", long),
        ("lists", "[".repeat(100_000)),
        ("mappings", "{a: ".repeat(100_000)),
        ("indented lists", "- ".repeat(100_000)),
        ("indented mappings", nested.chars().take(3 << 20).collect()),
        ("keys", "a, ".repeat(300_000)),
        ("size", "# \n".repeat(4 << 20)),
    ] {
        let text = if name == "keys" { format!("[{text}]") } else { text };
        let file = File::read(&text);
        assert_eq!(file.diagnostics.iter().filter(|found| found.level == Level::Refusal).count(), 1, "{name}");
    }
    let twice = File::read(&"a: 1\n".repeat(90_000)).diagnostics;
    assert!(twice.len() <= 20 && !twice.is_empty());
}
