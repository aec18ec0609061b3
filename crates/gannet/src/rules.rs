//! Finding rules: the built-in ones, and what the user names.

use ir::{Rule, Severity};
use lang::repository::Repository;
use std::path::Path;

/// A rule with the text it was read from, which its diagnostics point into.
#[derive(Clone, Debug)]
pub struct RuleFile {
    pub path: String,
    pub text: String,
    pub rule: Rule,
}

/// The detection packages in `rules/`: path and text.
const BUILT_IN: &[(&str, &str)] = &[("rules/dns/dns-tunnel.toml", include_str!("../../../rules/dns/dns-tunnel.toml"))];

pub fn built_in() -> Vec<RuleFile> {
    BUILT_IN.iter().map(|(path, text)| read(path, (*text).to_string())).collect()
}

/// The rules of any vendor in a file, or in a directory and those below it. Those that cannot run are among them.
///
/// # Errors
/// A sentence for each path that cannot be read, or that holds no rules.
pub fn load(path: &Path) -> Result<Vec<RuleFile>, Vec<String>> {
    let Repository { files, mut errors, .. } = Repository::read(&[path.to_path_buf()]);
    if files.is_empty() && errors.is_empty() {
        errors.push(format!("{}: no rules here", path.display()));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let of_file = |file: lang::repository::RuleFile| {
        let (path, text) = (file.document.path.to_string_lossy().into_owned(), file.document.text);
        file.rules.into_iter().map(move |rule| RuleFile { path: path.clone(), text: text.clone(), rule })
    };
    Ok(files.into_iter().flat_map(of_file).collect())
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
