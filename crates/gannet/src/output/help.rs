//! The reference of ES|QL functions, from what the functions say of themselves.

use crate::{exit::Exit, output};
use engine::{
    aggregates,
    functions::{self, Doc},
};

/// Prints a function's page; the list of all functions for `all`, all pages for `reference`.
pub fn function(name: &str) -> Exit {
    if name == "reference" {
        anstream::print!("{}", reference());
        return Exit::Clean;
    }
    if name == "all" {
        docs().iter().for_each(|doc| anstream::println!("{:<24} {}", signature(doc), doc.summary));
        return Exit::Clean;
    }
    match docs().into_iter().find(|doc| doc.name.eq_ignore_ascii_case(name)) {
        Some(doc) => {
            anstream::print!("{}", page(doc));
            Exit::Clean
        }
        None => output::usage_error(&format!("no function `{name}`; `--help-function all` lists them")),
    }
}

/// All functions as one page of Markdown: `docs/functions.md`.
pub fn reference() -> String {
    let mut page = "# ES|QL functions\n\nMade by `gannet query --help-function reference`.\n".to_string();
    for doc in docs() {
        page.push_str(&format!("\n## {}\n\n{}\n\n", signature(doc), doc.summary));
        for parameter in doc.parameters {
            let types = parameter.types;
            page.push_str(&format!("* `{}` ({types}): {}\n", parameter.name, parameter.summary));
        }
        page.push_str(&format!("\nReturns {}.\n", doc.returns));
        for example in doc.examples {
            page.push_str(&format!("\n```\n{}\n", example.query));
            example.rows.iter().for_each(|row| page.push_str(&format!("=> {row}\n")));
            page.push_str("```\n");
        }
    }
    page
}

/// All functions, by name.
pub fn docs() -> Vec<&'static Doc> {
    let scalar = functions::FAMILIES.iter().flat_map(|family| family.iter()).map(|function| function.doc());
    let mut docs: Vec<_> = scalar.chain(aggregates::ALL.iter().map(|aggregate| aggregate.doc())).collect();
    docs.sort_by_key(|doc| doc.name);
    docs
}

fn signature(doc: &Doc) -> String {
    let parameters = doc.parameters.iter().map(|parameter| match parameter.optional {
        true => format!("[{}]", parameter.name),
        false => parameter.name.to_string(),
    });
    format!("{}({})", doc.name.to_uppercase(), parameters.collect::<Vec<_>>().join(", "))
}

fn page(doc: &Doc) -> String {
    let bold = anstyle::Style::new().bold();
    let mut page = format!("{bold}{}{bold:#}\n\n{}\n", signature(doc), doc.summary);
    for parameter in doc.parameters {
        page.push_str(&format!("\n  {:<12} {} ({})", parameter.name, parameter.summary, parameter.types));
    }
    page.push_str(&format!("\n\nReturns {}\n", doc.returns));
    for example in doc.examples {
        page.push_str(&format!("\nExample:\n  {}\n", example.query));
        example.rows.iter().for_each(|row| page.push_str(&format!("  => {row}\n")));
    }
    page
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_reference_is_up_to_date() {
        let written = include_str!("../../../../docs/functions.md");
        assert!(written == super::reference(), "write `gannet query --help-function reference` to docs/functions.md");
    }
}
