//! Filters: documents that restrict rules of other files, for what is usual in one's own network.
//!
//! The condition of a filter is joined to that of each rule by `and`, as pySigma does it; a filter that takes events away
//! says `condition: not selection`.

use super::super::yaml_file::{Node, Reader};
use super::{detection, metadata};
use crate::dialect::sigma::{self, Placeholders};
use crate::repository::Document;
use ir::{Body, Expr, ExprKind, Rule, StageKind};
use std::collections::{HashMap, HashSet};

#[derive(Debug)]
pub(super) struct Filter {
    /// The file that it stands in.
    path: String,
    /// Ids or names of the rules; `None` for all rules of the log source.
    rules: Option<Vec<String>>,
    /// Category, product and service; what is absent may be anything.
    log_source: [Option<String>; 3],
    condition: Expr,
}

impl Filter {
    /// `None` where the document is no filter, or a broken one, which `reader` says then.
    pub fn read(
        node: &Node<'_>,
        document: &Document,
        placeholders: &Placeholders,
        reader: &mut Reader,
    ) -> Option<Filter> {
        let filter = node.get("filter")?;
        let log_source = match node.get("logsource") {
            Some(log_source) => metadata::parts(log_source, reader),
            None => {
                reader.missing(node, "logsource");
                return None;
            }
        };
        let Some(rules) = filter.get("rules") else {
            reader.missing(filter, "rules");
            return None;
        };
        let is_any = rules.text().is_some_and(|text| text.eq_ignore_ascii_case("any"));
        let named = reader.texts(filter, "rules");
        let rules = if is_any || named.is_empty() { None } else { Some(named) };
        let read = detection::read(filter, &document.text, Some("rules"), reader)?;
        match sigma::lower_filter(&read, placeholders) {
            Ok(condition) => {
                Some(Filter { path: document.path.to_string_lossy().into_owned(), rules, log_source, condition })
            }
            Err(errors) => {
                reader.diagnostics.extend(errors);
                None
            }
        }
    }

    /// Whether the filter is meant for the rule.
    pub fn names(&self, rule: &Rule, name: Option<&str>) -> bool {
        let Some(source) = rule.log_sources.first() else { return false };
        let of_source = self.log_source.iter().zip(source.name.split('/')).all(|(wanted, part)| match wanted {
            Some(wanted) => wanted == part,
            None => true,
        });
        let named = |reference: &String| *reference == rule.id || Some(reference.as_str()) == name;
        of_source && self.rules.as_ref().is_none_or(|rules| rules.iter().any(named))
    }

    /// Restricts the rule's body.
    pub fn apply(&self, rule: &mut Rule) {
        rule.further_files.push(self.path.clone());
        let Ok(file) = u16::try_from(rule.further_files.len()) else { return };
        let condition = self.condition.clone().in_file(file);
        let restrict = |expr: &mut Expr| {
            let span = expr.span;
            let own = std::mem::replace(expr, Expr::new(ExprKind::Star, span));
            *expr = Expr::new(ExprKind::And(vec![own, condition.clone()]), span);
        };
        match &mut rule.body {
            Some(Body::Match(expr)) => restrict(expr),
            Some(Body::Sequence(sequence)) => {
                sequence.steps.iter_mut().filter(|step| !step.missing).for_each(|step| restrict(&mut step.condition));
            }
            Some(Body::Pipeline(pipeline)) => {
                if let Some(StageKind::Filter(expr)) = pipeline.stages.first_mut().map(|stage| &mut stage.kind) {
                    restrict(expr);
                }
            }
            _ => {}
        }
    }
}

/// Ids and names of a file's rules. Reads no more than the lines that begin with those keys, since it looks at every file,
/// one after another.
pub(super) fn names(document: &Document, names: &mut HashMap<String, String>, ids: &mut HashSet<String>) {
    let line = |key: &str| document.text.split_once(key).and_then(|(_, rest)| rest.lines().next()).map(unquoted);
    if !document.text.contains("\n---") && !document.text.contains("\nname:") {
        return ids.extend(line("\nid:").map(str::to_owned));
    }
    let mut id: Option<&str> = None;
    let mut name: Option<&str> = None;
    let mut keep = |id: &mut Option<&str>, name: &mut Option<&str>| {
        if let Some(name) = name.take() {
            names.insert(name.to_owned(), id.unwrap_or(name).to_owned());
        }
        ids.extend(id.take().map(str::to_owned));
    };
    for line in document.text.lines() {
        match line.as_bytes() {
            [b'i', b'd', b':', ..] => id = line.get(3..).map(unquoted),
            [b'n', b'a', b'm', b'e', b':', ..] => name = line.get(5..).map(unquoted),
            [b'-', b'-', b'-', ..] => keep(&mut id, &mut name),
            _ => {}
        }
    }
    keep(&mut id, &mut name);
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    for quote in ['\'', '"'] {
        if let Some((inside, _)) = text.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return inside;
        }
    }
    text.split_once(" #").map_or(text, |(before, _)| before.trim_end())
}
