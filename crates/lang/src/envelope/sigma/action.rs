//! `action: global`, `reset` and `repeat`: how older files of several documents share what they have in common.
//!
//! Facts: the converter of specification 1 (sigmac). Of two mappings under one key the keys are joined; of anything else the
//! later one counts.

use super::super::yaml_file::Node;
use crate::similar::similar;
use ir::{Diagnostic, codes};

const ACTIONS: [&str; 3] = ["global", "reset", "repeat"];

/// The documents that stand for rules, each with what it shares.
pub(super) fn documents<'a>(documents: Vec<Node<'a>>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Node<'a>> {
    if !documents.iter().any(|node| node.get("action").is_some()) {
        return documents;
    }
    let mut global: Option<Node<'a>> = None;
    let mut last: Option<Node<'a>> = None;
    let mut rules = Vec::new();
    for node in documents {
        let action = node.get("action");
        let over = |base: &Option<Node<'a>>| base.as_ref().map_or_else(|| node.clone(), |base| base.overlaid(&node));
        match action.and_then(Node::text) {
            Some("global") => global = Some(over(&global)),
            Some("reset") => global = None,
            Some("repeat") => {
                let repeated = over(&last);
                last = Some(repeated.clone());
                rules.push(repeated);
            }
            named => {
                if let (Some(name), Some(action)) = (named, action) {
                    diagnostics.push(unknown(name).at(action.span));
                }
                let rule = over(&global);
                last = Some(rule.clone());
                rules.push(rule);
            }
        }
    }
    rules
}

fn unknown(name: &str) -> Diagnostic {
    let name: String = name.chars().take(60).collect();
    let error = Diagnostic::refusal(codes::ENVELOPE, format!("`{name}` is no action"));
    error.hint(match similar(&name, ACTIONS) {
        Some(meant) => format!("`{meant}` is similar"),
        None => format!("actions are {}", ACTIONS.join(", ")),
    })
}
