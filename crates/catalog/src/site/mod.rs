//! The catalog as a static site: the ATT&CK matrix, a page for each technique, a search.
//!
//! It works from a folder without a server: no page loads data, since browsers do not let pages of `file:` do that; what
//! scripts need is in scripts. Without scripts every table is still there, and only filters and search are missing. Rows
//! know which rules they count, by number, so that a filter counts again without knowing what a row is about.

mod index;
mod search;
mod technique;

use crate::{Corpus, RuleFacts, Selection, TechniquePage};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::{fs, io};

const STYLE: &str = include_str!("../../templates/style.css");
const SCRIPT: &str = include_str!("../../templates/site.js");

/// Writes the site into a folder, which is made where it does not exist. `texts` are the rules' files by path, of which the
/// lines behind predicates are shown. Gives the number of technique pages.
///
/// # Errors
/// A file could not be written.
pub fn write(
    corpus: &Corpus,
    selection: &Selection,
    texts: &HashMap<String, String>,
    folder: &Path,
) -> io::Result<usize> {
    fs::create_dir_all(folder.join("technique"))?;
    fs::write(folder.join("style.css"), STYLE)?;
    fs::write(folder.join("site.js"), SCRIPT)?;
    let rules: Vec<&RuleFacts> = corpus.rules().iter().filter(|facts| selection.includes(facts)).collect();
    let techniques = techniques(&rules);
    fs::write(folder.join("index.html"), index::page(&rules, &techniques).map_err(io::Error::other)?)?;
    fs::write(folder.join("search.js"), search::script(corpus, &rules, &techniques))?;
    for id in &techniques {
        let page = TechniquePage::new(corpus, id, selection);
        let html = technique::page(&page, texts).map_err(io::Error::other)?;
        fs::write(folder.join("technique").join(file_name(id)), html)?;
    }
    Ok(techniques.len())
}

/// The techniques that rules are for, and the parents of sub-techniques.
fn techniques(rules: &[&RuleFacts]) -> BTreeSet<String> {
    let ids = rules.iter().flat_map(|facts| facts.technique_ids());
    let with_parents = ids.flat_map(|id| [Some(id), id.rsplit_once('.').map(|(parent, _)| parent)]);
    with_parents.flatten().filter(|id| is_plain(id)).map(str::to_owned).collect()
}

/// Whether an id, which is a rule author's, can be a part of a file's name.
fn is_plain(id: &str) -> bool {
    !id.is_empty() && id != "AML" && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

fn file_name(id: &str) -> String {
    format!("{id}.html")
}

/// The technique's name with its parent's before it; the id where ATT&CK does not have it.
fn full_name(id: &str) -> String {
    match schema::attack::technique(id) {
        Some(technique) => match technique.parent() {
            Some(parent) => format!("{}: {}", parent.name, technique.name),
            None => technique.name.to_owned(),
        },
        None => id.to_owned(),
    }
}
