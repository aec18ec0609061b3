//! Finding rules: the built-in ones, and what the user names.

use ir::{Rule, Severity};
use std::path::{Path, PathBuf};

/// A rule with the text it was read from, which its diagnostics point into.
#[derive(Clone, Debug)]
pub struct RuleFile {
    pub path: String,
    pub text: String,
    pub rule: Rule,
}

/// The detection packages in `rules/`: path and text.
const BUILT_IN: &[(&str, &str)] = &[("rules/dns/dns-tunnel.toml", include_str!("../../../rules/dns/dns-tunnel.toml"))];

/// The largest rule file that is read, in bytes.
const LARGEST: u64 = 16 << 20;

pub fn built_in() -> Vec<RuleFile> {
    BUILT_IN.iter().map(|(path, text)| read(path, (*text).to_string())).collect()
}

/// The rules in a file, or in the `.toml` files of a directory and those below it.
///
/// # Errors
/// A sentence for each path that cannot be read.
pub fn load(path: &Path) -> Result<Vec<RuleFile>, Vec<String>> {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    find(path, &mut files, &mut errors);
    let mut rules = Vec::new();
    for file in files {
        match text_of(&file) {
            Ok(text) => rules.push(read(&file.to_string_lossy(), text)),
            Err(error) => errors.push(format!("{}: {error}", file.display())),
        }
    }
    if rules.is_empty() && errors.is_empty() {
        errors.push(format!("{}: no rule files (.toml) here", path.display()));
    }
    if errors.is_empty() { Ok(rules) } else { Err(errors) }
}

/// Whether a rule is among the ones that the user asked for.
pub fn wanted(rule: &Rule, technique: Option<&str>, least: Option<Severity>) -> bool {
    let of_technique = |wanted: &str| {
        rule.techniques.iter().any(|technique| {
            let below = technique.id.strip_prefix(wanted);
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    technique.is_none_or(of_technique) && least.is_none_or(|least| rule.severity >= least)
}

fn read(path: &str, text: String) -> RuleFile {
    let rule = lang::envelope::elastic::read(Path::new(path), &text);
    RuleFile { path: path.to_string(), text, rule }
}

fn text_of(path: &Path) -> std::io::Result<String> {
    let size = std::fs::metadata(path)?.len();
    if size > LARGEST {
        return Err(std::io::Error::other(format!("the file has {size} bytes; rules of up to {LARGEST} are read")));
    }
    std::fs::read_to_string(path)
}

/// Rule files below a directory in the order of their names; symbolic links to directories are not followed.
fn find(path: &Path, files: &mut Vec<PathBuf>, errors: &mut Vec<String>) {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return;
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return errors.push(format!("{}: {error}", path.display())),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.is_symlink() {
            find(&path, files, errors);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_have_no_diagnostics() {
        for file in built_in() {
            assert_eq!(file.rule.diagnostics, [], "{}", file.path);
            assert!(file.rule.body.is_some(), "{}", file.path);
        }
    }

    #[test]
    fn a_technique_stands_for_its_sub_techniques() {
        let rule = &built_in()[0].rule;
        assert!(wanted(rule, Some("T1071"), None) && wanted(rule, Some("T1071.004"), None));
        assert!(!wanted(rule, Some("T107"), None) && !wanted(rule, None, Some(Severity::Critical)));
    }
}
