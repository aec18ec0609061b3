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

#[test]
fn scratch() {
    if let Ok(path) = std::env::var("PROGRAM") {
        let text = std::fs::read_to_string(path).expect("a program");
        let reading = reading(&text, &[]);
        println!("{}", reading.condition);
        for diagnostic in reading.diagnostics {
            println!("{diagnostic} {}", diagnostic.span.unwrap_or_default().of(&text));
        }
    }
    let _ = (condition as fn(&str) -> String, body as fn(&str) -> String);
}
