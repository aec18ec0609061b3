//! Programs, and the conditions that they are read as.

use lang::python::{Facts, Kind, Library, Module, Reading, read};
use std::path::Path;

/// Reads `rule` of a program, with these helper modules beside it.
fn reading(program: &str, helpers: &[(&str, &str)]) -> Reading {
    let mut library = Library::default();
    for (name, text) in helpers {
        library.add(Path::new(name), text);
    }
    let module = Module::parse(Path::new("rule.py"), program).expect("the program parses");
    let kinds = [("labels".to_owned(), Kind::Object), ("items".to_owned(), Kind::List)].into();
    read(&module, "rule", &library, &Facts { kinds, models: Vec::new() }).expect("the program has a rule")
}

fn condition(program: &str) -> String {
    reading(program, &[]).condition.to_string()
}

/// A rule whose body is these lines.
fn body(lines: &str) -> String {
    let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("def rule(event):\n{indented}")
}

/// Bodies of `rule(event)`, and how each is read.
fn check(cases: &[(&str, &str)]) {
    for (lines, expected) in cases {
        assert_eq!(condition(&body(lines)), *expected, "\n{lines}");
    }
}

#[test]
fn comparisons_make_the_missing_field_explicit() {
    check(&[
        ("return event.get('a') == 'x'", r#"(any (== a "x"))"#),
        ("return event['a'] != 'x'", r#"(not (any (== a "x")))"#),
        ("return event.get('a', 'x') == 'x'", r#"(or (null a) (any (== a "x")))"#),
        ("return event.get('a', '') != ''", r#"(not (or (null a) (any (== a ""))))"#),
        ("return event.get('a') is None", r#"(null a)"#),
        ("return event.get('a') is not True", r#"(not (any (== a true)))"#),
        ("return 1 <= event.get('n', 0) < 5", r#"(and (any (>= n 1)) (or (null n) (any (< n 5))))"#),
        ("return event.get('a') == event.deep_get('b', 'c')", r#"(any (== a b.c))"#),
        ("return bool(event.get('a'))", r#"[truthy a]"#),
        ("return not event.get('a', {}).get('b')", r#"(not [truthy a.b])"#),
    ]);
}

#[test]
fn membership_depends_on_what_holds_the_value() {
    check(&[
        ("return event.get('a') in ('x', 'y')", r#"(any (in a "x" "y"))"#),
        ("return event.get('a') not in {'x': 1, None: 2}", r#"(not (or (any (in a "x")) (null a)))"#),
        ("return 'x' in event.get('a', '')", r#"(any (matches a contains:"x"))"#),
        ("return 'x' in event.get('a', [])", r#"(any (== a "x"))"#),
        ("return 'x' in event.get('labels')", r#"(known labels.x)"#),
        ("return 'x' in event", r#"(known x)"#),
        ("return event.get('a') in event.get('items')", r#"(any (== items a))"#),
        ("return {'x', 'y'} & set(event.get('a', []))", r#"(any (in a "x" "y"))"#),
        ("return set(event.get('a', [])).issubset({'x', 'y'})", r#"(not (any-of a (not (any (in a "x" "y")))))"#),
    ]);
}

#[test]
fn texts_are_tested_without_case_where_they_were_converted() {
    check(&[
        ("return event.get('a', '').lower() == 'x'", r#"(any (==~ a "x"))"#),
        ("return event.get('a', '').lower() == 'X'", r#"(any (== [to_lower a] "X"))"#),
        ("return event.get('a').upper() in ['X', 'Y']", r#"(any (in~ a "X" "Y"))"#),
        ("return event.get('a', '').startswith(('x', 'y'))", r#"(any (matches a starts:"x" starts:"y"))"#),
        (
            "return event.get('a', '').split('/')[-1].lower() == 'x'",
            r#"(any (==~ [element_at [split_text a "/"] -1] "x"))"#,
        ),
        ("return f\"{event.get('a')}-{'b'}\" == 'x-b'", r#"(any (== [concat [concat a "-"] "b"] "x-b"))"#),
        ("import re\nreturn re.search(r'x+', event.get('a', ''), re.I)", r#"(any (matches a Python/Anywhere~:"x+"))"#),
        (
            "import re\nreturn re.compile('x*').fullmatch(event.get('a', '')) is None",
            r#"(not (or (null a) (any (matches a Python/Whole:"x*"))))"#,
        ),
        (
            "from fnmatch import fnmatch\nreturn fnmatch(event.get('a', ''), 'x*y')",
            r#"(any (matches a wildcard:"x*y"))"#,
        ),
        (
            "from ipaddress import ip_address, ip_network\nreturn ip_address(event.get('a')) in ip_network('10.0.0.0/8')",
            r#"(any (matches a cidr:"10.0.0.0/8"))"#,
        ),
    ]);
}

#[test]
fn early_returns_become_exclusions() {
    check(&[
        (
            "if event.get('a') == 'x':\n    return False\nreturn event.get('b') == 'y'",
            r#"(and (not (any (== a "x"))) (any (== b "y")))"#,
        ),
        ("if event.get('a') != 'x':\n    return False\nreturn True", r#"(any (== a "x"))"#),
        (
            "if event.get('a') == 'x':\n    return True\nelif event.get('b'):\n    return False\nelse:\n    return event.get('c') == 'z'",
            r#"(or (any (== a "x")) (and (not [truthy b]) (any (== c "z"))))"#,
        ),
        (
            "if event.get('a') == 'x':\n    if event.get('b') == 'y':\n        return True\nreturn False",
            r#"(and (any (== a "x")) (any (== b "y")))"#,
        ),
        (
            "if event.get('a') == 'x':\n    name = 'b'\nelse:\n    name = 'c'\nreturn event.get(name) == 1",
            r#"(or (and (any (== a "x")) (any (== b 1))) (and (not (any (== a "x"))) (any (== c 1))))"#,
        ),
        (
            "if not event.get('a'):\n    raise ValueError\nreturn event.get('b') == 1",
            r#"(and [truthy a] (any (== b 1)))"#,
        ),
        ("if event.get('a') == 'x':\n    pass", r#"false"#),
        (
            "from ipaddress import ip_address\ntry:\n    ip_address(event.get('a'))\nexcept ValueError:\n    return False\nreturn True",
            r#"(any [is_ip a])"#,
        ),
    ]);
}

#[test]
fn loops_and_comprehensions_are_written_out() {
    check(&[
        ("return any(x in event.get('a', '') for x in ['x', 'y'])", r#"(any (matches a contains:"x" contains:"y"))"#),
        (
            "for x in ('x', 'y'):\n    if event.get('a', '').endswith(x):\n        return True\nreturn False",
            r#"(any (matches a ends:"x" ends:"y"))"#,
        ),
        ("return all([event.get('a') == 'x', event.get('b')])", r#"(and (any (== a "x")) [truthy b])"#),
        (
            "return any(i.get('a') == 'x' and not i.get('b') for i in event.get('items', []))",
            r#"(any-of items (and (any (== items.a "x")) (not [truthy items.b])))"#,
        ),
        (
            "for i in event.get('items', []):\n    if i.get('a') != 'x':\n        continue\n    if i.get('b') == 'y':\n        return True\nreturn False",
            r#"(any-of items (and (any (== items.a "x")) (any (== items.b "y"))))"#,
        ),
        (
            "return all(i.get('a') == 'x' for i in event.get('items', []))",
            r#"(not (any-of items (not (any (== items.a "x")))))"#,
        ),
        (
            "found = []\nfor i in event.get('items', []):\n    if i.get('a') == 'x':\n        found.append(i.get('b'))\nreturn len(found) > 0",
            r#"(any (== items.a "x"))"#,
        ),
        (
            "found = False\nfor i in event.get('items', []):\n    if i.get('a') == 'x':\n        found = True\n        break\nreturn found",
            r#"(any (== items.a "x"))"#,
        ),
        (
            "for i in event.get('items', []):\n    if i.get('name') == 'n':\n        value = i.get('value')\n        return value == 'v'\nreturn False",
            r#"(any-of items (and (any (== items.name "n")) (any (== items.value "v"))))"#,
        ),
        ("return sum([event.get('a') == 1, event.get('b') == 2]) >= 2", r#"(and (any (== a 1)) (any (== b 2)))"#),
    ]);
}

#[test]
fn values_follow_from_constants_and_conditions() {
    check(&[
        (
            "limits = {'x': 1, 'y': 2}\nreturn event.get('n') > limits.get(event.get('a'), 5)",
            r#"(or (and (any (== a "y")) (any (> n 2))) (and (not (any (== a "y"))) (or (and (any (== a "x")) (any (> n 1))) (and (not (any (== a "x"))) (any (> n 5))))))"#,
        ),
        ("a, b = event.get('a'), 'x'\na += b\nreturn a == 'yx'", r#"(any (== [concat a "x"] "yx"))"#),
        (
            "value = event.get('a') or event.get('b')\nreturn value == 'x'",
            r#"(or (and [truthy a] (any (== a "x"))) (and (not [truthy a]) (any (== b "x"))))"#,
        ),
        ("return (event.get('a') or {}).get('b') == 'x'", r#"(any (== a.b "x"))"#),
        ("if (a := event.get('a')) and a == 'x':\n    return True", r#"(and [truthy a] (any (== a "x")))"#),
        ("import json\nreturn json.loads(event.get('a', '{}')).get('b') == 'x'", r#"(any (== a.b "x"))"#),
        ("check = lambda value: value == 'x'\nreturn check(event.get('a'))", r#"(any (== a "x"))"#),
        ("return event.get('a') == 'x' if event.get('b') else False", r#"(and [truthy b] (any (== a "x")))"#),
    ]);
}

#[test]
fn helpers_are_read_in_place_of_their_calls() {
    let program = "import settings\nfrom panther_base_helpers import deep_get\nfrom helpers import is_admin as admin, ROLES\n\
                   EXTRA = ROLES + ['owner']\n\
                   def rule(event):\n    return admin(event, kind='x') and deep_get(event, 'a', 'b') in EXTRA\n";
    let helpers = "ROLES = ['root']\nROLES.append('admin')\n\
                   def is_admin(event, field='user', *, kind=None):\n    if kind is None:\n        return False\n    return event.get(field) in ROLES\n";
    let reading = reading(program, &[("helpers.py", helpers)]);
    let expected = r#"(and (any (in user "root" "admin")) (any (in a.b "root" "admin" "owner")))"#;
    assert_eq!(reading.condition.to_string(), expected);
    assert_eq!(reading.files, [Path::new("rule.py"), Path::new("helpers.py")]);
}

/// What of a program is said to be unread: level, message and the text under it.
fn unread(program: &str) -> Vec<String> {
    let reading = reading(program, &[]);
    let line = |found: &ir::Diagnostic| {
        format!("{:?} {} `{}`", found.level, found.message, found.span.unwrap_or_default().of(program))
    };
    reading.diagnostics.iter().map(line).collect()
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_stays() {
    let program = "from caching import seen\n\
                   def rule(event):\n    if event.get('a') != 'x':\n        return False\n    return seen(event.get('b'))\n";
    assert_eq!(condition(program), r#"(and (any (== a "x")) <unread>)"#);
    assert_eq!(
        unread(program),
        [
            "Refusal `caching.seen`, which is not in the repository cannot be read without running the program `seen(event.get('b'))`"
        ]
    );
    // Where the rule can match without what is unread, it runs.
    let program = program.replace("return seen", "return event.get('c') or seen");
    assert_eq!(condition(&program), r#"(and (any (== a "x")) (or [truthy c] <unread>))"#);
    assert!(unread(&program)[0].starts_with("Loss"));
    // What the result does not depend on is not read at all.
    assert_eq!(unread(&body("global title\ntitle = requests.get('x')\nreturn event.get('a') == 'x'")), [""; 0]);
}

#[test]
fn hostile_programs_are_bounded() {
    let nested = |open: &str, close: &str| {
        format!("def rule(event):\n    return {}1{}\n", open.repeat(10_000), close.repeat(10_000))
    };
    for program in [nested("(", ")"), nested("[", "]"), nested("not ", ""), nested("f(", ")"), nested("lambda: ", "")] {
        let error = Module::parse(Path::new("rule.py"), &program).expect_err("the program is too deep");
        assert_eq!(error.code, ir::codes::TOO_LARGE);
    }
    // Functions that call each other, conditions that double, lists that multiply, chains that nest.
    let recursive = "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\ndef rule(event):\n    return f(event)\n";
    let doubling: String =
        (0..60).map(|n| format!("    a{} = (a{n} if a{n} == {n} else event.get(a{n}, a{n}))\n", n + 1)).collect();
    let doubling = format!("def rule(event):\n    a0 = event.get('a')\n{doubling}    return a60 == 'x'\n");
    let product =
        "def rule(event):\n    r = range(1000)\n    return any(a == b == c for a in r for b in r for c in r)\n";
    let chain: String = (0..3_000)
        .map(|n| format!("    if event.get('a{n}') == 1:\n        return event.get('b{n}') == {n}\n"))
        .collect();
    let chain = format!("def rule(event):\n{chain}    return True\n");
    let text = "def rule(event):\n    a = 'x' * 10000000000\n    b = a + a\n    return event.get('a') == b * 1000\n";
    for program in [recursive, doubling.as_str(), product, chain.as_str(), text] {
        let reading = reading(program, &[]);
        assert!(!reading.diagnostics.is_empty(), "{}", &program[..60]);
    }
    // Long is not deep.
    let list: String = (0..20_000).map(|n| format!("'{n}.example.com', ")).collect();
    let long = format!("NAMES = [{list}]\ndef rule(event):\n    return event.get('a') in NAMES\n");
    assert!(reading(&long, &[]).diagnostics.is_empty());
}
