//! The rows of the ATT&CK tables, checked against each other: every tactic a technique names, and every technique that
//! took the place of another, has a row of its own.

use super::rows::{list, split};
use std::collections::HashSet;

pub struct TacticRow<'a> {
    pub id: &'a str,
    pub shortname: &'a str,
    pub name: &'a str,
    /// The shortname that the tactic had before it was renamed.
    pub former: Option<&'a str>,
}

pub struct TechniqueRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub tactics: Vec<&'a str>,
    pub platforms: Vec<&'a str>,
    /// `current`, `deprecated`, or the id of the technique that took its place.
    pub status: &'a str,
}

/// The tactics of `attack_tactics.csv`, in the order of the matrix.
pub fn tactics<'a>(file: &str, text: &'a str) -> Result<Vec<TacticRow<'a>>, String> {
    let mut names = HashSet::new();
    let mut rows = Vec::new();
    for (line, [id, shortname, name, former, _source]) in
        split(file, text, ["id", "shortname", "name", "former", "source"])?
    {
        let former = (former != "-").then_some(former);
        for key in [id, shortname].into_iter().chain(former) {
            if !names.insert(key) {
                return Err(format!("{file}:{line}: {key:?} is a duplicate"));
            }
        }
        rows.push(TacticRow { id, shortname, name, former });
    }
    Ok(rows)
}

/// The techniques of `attack_techniques.csv`, strictly in the order of their ids.
pub fn techniques<'a>(file: &str, text: &'a str, tactics: &[TacticRow]) -> Result<Vec<TechniqueRow<'a>>, String> {
    let mut rows: Vec<TechniqueRow> = Vec::new();
    for (line, [id, name, tactic_names, platforms, status, _source]) in
        split(file, text, ["id", "name", "tactics", "platforms", "status", "source"])?
    {
        if rows.last().is_some_and(|before| before.id >= id) {
            return Err(format!("{file}:{line}: {id:?} is a duplicate or out of order"));
        }
        let names = list(tactic_names);
        if let Some(name) = names.iter().find(|name| tactics.iter().all(|tactic| tactic.shortname != **name)) {
            return Err(format!("{file}:{line}: no such tactic: {name:?}"));
        }
        rows.push(TechniqueRow { id, name, tactics: names, platforms: list(platforms), status });
    }
    let ids: HashSet<&str> = rows.iter().map(|row| row.id).collect();
    let known = |status: &str| matches!(status, "current" | "deprecated") || ids.contains(status);
    match rows.iter().find(|row| !known(row.status)) {
        Some(row) => Err(format!("{file}: {}: no such status or technique: {:?}", row.id, row.status)),
        None => Ok(rows),
    }
}
