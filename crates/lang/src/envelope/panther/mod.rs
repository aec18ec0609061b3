//! Panther's rules: a YAML file with the metadata, and beside it a Python file with `rule()`; or YAML alone, with conditions
//! under `Detection`.
//!
//! A rule's own file is the YAML; spans of its condition point into the Python files, the rule's first. Rules that see what
//! a scheduled query returns are refused: the query is SQL. Facts: the schemas of Panther's analysis tool and the
//! documentation of detections.

mod correlation;
mod detection;
mod gathered;
mod metadata;
mod samples;

pub use gathered::Gathered;
pub use samples::{Sample, samples};

use super::yaml_file::{File, Node, Reader};
use super::{Context, Envelope};
use crate::python;
use crate::repository::Document;
use ir::{Body, Diagnostic, Expr, ExprKind, Rule, Vendor, codes};
use std::path::Path;

/// Rules with a YAML file; Python files are what they need.
pub struct Panther;

/// What a file says that it is, and whether that is a rule.
const KINDS: &[(&str, Kind)] = &[
    ("rule", Kind::Rule),
    ("scheduled_rule", Kind::ScheduledRule),
    ("correlation_rule", Kind::CorrelationRule),
    ("policy", Kind::Policy),
    ("datamodel", Kind::Other),
    ("global", Kind::Other),
    ("lookup_table", Kind::Other),
    ("pack", Kind::Other),
    ("saved_query", Kind::Other),
    ("scheduled_query", Kind::Other),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rule,
    /// Sees the rows that a query returns.
    ScheduledRule,
    CorrelationRule,
    /// Returns whether a resource is as it should be.
    Policy,
    /// What rules need, or what packs them.
    Other,
}

impl Envelope for Panther {
    fn vendor(&self) -> Vendor {
        Vendor::Panther
    }

    fn recognises(&self, document: &Document) -> bool {
        match document.extension().as_str() {
            "py" => true,
            "yml" | "yaml" => document.text.lines().any(|line| line.starts_with("AnalysisType:")),
            _ => false,
        }
    }

    fn gather(&self, document: &Document, context: &mut Context) {
        context.panther.add(document);
    }

    fn read(&self, document: &Document, context: &Context) -> Vec<Rule> {
        if document.extension() == "py" {
            return Vec::new();
        }
        let file = File::read(&document.text);
        let Some(root) = file.documents.first() else { return vec![unreadable(document, file.diagnostics)] };
        let name = root.get("AnalysisType").and_then(Node::text).unwrap_or_default();
        let kind = KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, kind)| *kind);
        match kind {
            Some(Kind::Other) => Vec::new(),
            Some(kind) => vec![rule(document, root, kind, file.diagnostics, context)],
            None => {
                let message = format!("the analysis type `{name}` is unknown");
                let refused = Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, message).at(root.span);
                vec![unreadable(document, file.diagnostics.into_iter().chain([refused]).collect())]
            }
        }
    }
}

fn unreadable(document: &Document, diagnostics: Vec<Diagnostic>) -> Rule {
    let mut rule = Rule::unread(Vendor::Panther, LANGUAGE, document.stem());
    rule.diagnostics = diagnostics;
    rule
}

const LANGUAGE: &str = "python";

fn rule(document: &Document, root: &Node<'_>, kind: Kind, broken: Vec<Diagnostic>, context: &Context) -> Rule {
    let mut rule = Rule::unread(Vendor::Panther, LANGUAGE, document.stem());
    let mut reader = Reader { diagnostics: broken };
    // A derived rule has whatever it does not say itself from its base.
    let base = root.get("BaseDetection").and_then(Node::text).map(|id| (id.to_owned(), context.panther.rule(id)));
    let base_file = base.as_ref().and_then(|(_, found)| *found).map(|base| (base, File::read(&base.text)));
    if let Some((id, None)) = &base {
        let span = root.get("BaseDetection").map_or(root.span, |node| node.span);
        let message = format!("the base rule `{id}` is not there");
        reader.diagnostics.push(Diagnostic::refusal(codes::UNKNOWN_RULE, message).at(span));
    }
    if let Some((_, file)) = &base_file
        && let Some(base) = file.documents.first()
    {
        metadata::read(base, kind, &mut Reader::default(), &mut rule);
    }
    metadata::read(root, kind, &mut reader, &mut rule);
    match kind {
        Kind::CorrelationRule => rule.body = correlation::read(root, &mut reader).map(Body::Correlation),
        _ if root.get("Detection").is_some() => {
            rule.body = detection::read(root, "Detection", &mut reader).map(Body::Match);
        }
        _ => match &base_file {
            Some((base, file)) if root.get("Filename").is_none() => {
                if let Some(node) = file.documents.first() {
                    program(&base.path, node, root, kind, &mut reader, &mut rule, context);
                }
            }
            _ if base.is_some() && root.get("Filename").is_none() => {}
            _ => program(&document.path, root, root, kind, &mut reader, &mut rule, context),
        },
    }
    filter(root, &mut reader, &mut rule);
    rule.diagnostics = reader.diagnostics;
    rule
}

/// `InlineFilters` restrict the events that a rule sees.
fn filter(root: &Node<'_>, reader: &mut Reader, rule: &mut Rule) {
    if root.get("InlineFilters").is_none_or(Node::is_null) {
        return;
    }
    let Some(filter) = detection::read(root, "InlineFilters", reader) else { return };
    if let Some(Body::Match(condition)) = rule.body.take() {
        let condition = match filter.kind {
            ExprKind::Literal(ir::Literal::Boolean(true)) => condition,
            _ => {
                let span = filter.span;
                Expr::new(ExprKind::And(vec![filter, condition]), span)
            }
        };
        rule.body = Some(Body::Match(condition));
    }
}

/// Reads the program that a YAML file at `path` names. `facts` is the file of the rule itself, with its samples.
fn program(
    path: &Path,
    root: &Node<'_>,
    facts: &Node<'_>,
    kind: Kind,
    reader: &mut Reader,
    rule: &mut Rule,
    context: &Context,
) {
    let Some(filename) = reader.required(root, "Filename") else { return };
    let span = root.get("Filename").map_or(root.span, |node| node.span);
    let program = path.parent().unwrap_or(Path::new("")).join(&filename);
    rule.further_files = vec![program.display().to_string()];
    let Some((text, module)) = context.panther.library.get(&program) else {
        rule.further_files.clear();
        let message = format!("the program `{filename}` is not beside the rule");
        reader.diagnostics.push(Diagnostic::refusal(codes::ENVELOPE, message).at(span));
        return;
    };
    let module = match module {
        Ok(module) => module,
        Err(error) => {
            let mut error = error.clone();
            error.span = error.span.map(|span| span.in_file(1));
            reader.diagnostics.push(error);
            return;
        }
    };
    let known = context.panther.facts(&samples::kinds(facts), &rule.log_sources);
    let function = if kind == Kind::Policy { "policy" } else { "rule" };
    match python::read(module, function, &context.panther.library, &known) {
        Ok(reading) => {
            reader.diagnostics.extend(reading.diagnostics);
            rule.further_files = reading.files.iter().map(|path| path.display().to_string()).collect();
            rule.body = Some(Body::Match(match kind {
                Kind::Policy => python::negated(reading.condition),
                _ => reading.condition,
            }));
        }
        Err(error) => reader.diagnostics.push(error),
    }
    if text.contains("\ndef severity(") {
        let message = "the severity may differ from event to event; the rule's own is used";
        reader.diagnostics.push(
            Diagnostic::note(codes::IGNORED_KEY, message).at(facts.get("Severity").map_or(span, |node| node.span)),
        );
    }
}
