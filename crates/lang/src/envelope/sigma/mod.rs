//! Sigma's YAML files: rules, correlations and filters, one or several in a file.
//!
//! Facts: the Sigma specification 2.1 (rules, correlations, filters, their JSON schemas) and, for what it leaves open,
//! pySigma 2. Every rule and correlation gives an [`ir::Rule`]; a filter gives none, and restricts the rules that it names.

mod action;
mod correlation;
mod detection;
mod filter;
mod metadata;
mod timespan;

use super::yaml_file::{File, Node, Reader};
use super::{Context, Envelope};
use crate::dialect::sigma::{self, Placeholders, ast};
use crate::repository::Document;
use filter::Filter;
use ir::{Body, Diagnostic, Level, Rule, Vendor, codes};
use std::collections::{HashMap, HashSet};

/// Rules in YAML, one in each document of a file.
pub struct Sigma;

/// What Sigma's rules need of other files.
#[derive(Debug, Default)]
pub struct Gathered {
    /// From the `name` of a rule to its id.
    names: HashMap<String, String>,
    ids: HashSet<String>,
    filters: Vec<Filter>,
    /// The values of `%placeholders%`; those of the public rules are meant to be given by each user.
    pub placeholders: Placeholders,
}

impl Envelope for Sigma {
    fn vendor(&self) -> Vendor {
        Vendor::Sigma
    }

    fn recognises(&self, document: &Document) -> bool {
        matches!(document.extension().as_str(), "yml" | "yaml")
            && (has_key(&document.text, "\ndetection:")
                || has_key(&document.text, "\ncorrelation:")
                || (has_key(&document.text, "\nfilter:") && has_key(&document.text, "\nlogsource:")))
    }

    fn gather(&self, document: &Document, context: &mut Context) {
        filter::names(document, &mut context.sigma.names, &mut context.sigma.ids);
        if has_key(&document.text, "\nfilter:") {
            for node in File::read(&document.text).documents {
                let mut reader = Reader::default();
                let filter = Filter::read(&node, document, &context.sigma.placeholders, &mut reader);
                // What is wrong with a filter is told where its file is read.
                context.sigma.filters.extend(filter);
            }
        }
    }

    fn read(&self, document: &Document, context: &Context) -> Vec<Rule> {
        let file = File::read(&document.text);
        let broken = file.diagnostics.iter().any(|found| found.level == Level::Refusal);
        let mut diagnostics = file.diagnostics;
        let documents = action::documents(file.documents, &mut diagnostics);
        let mut rules = Vec::new();
        let mut ends = Vec::new();
        for node in &documents {
            if let Some(rule) = rule(node, document, context, rules.len()) {
                rules.push(rule);
                ends.push(node.span.end);
            }
        }
        if rules.is_empty() && (broken || !is_filter_file(&documents)) {
            rules.push(Rule::unread(Vendor::Sigma, "sigma", document.stem()));
            ends.push(u32::MAX);
            if diagnostics.is_empty() {
                let message = "the file has no document with `detection` or `correlation`";
                diagnostics.push(Diagnostic::refusal(codes::NO_RULE, message));
            }
        }
        // Each to the rule that it is about; what ended reading early to the last one.
        for diagnostic in diagnostics {
            let at = diagnostic.span.map_or(u32::MAX, |span| span.start);
            let rule = ends.iter().position(|end| at < *end).unwrap_or(rules.len().saturating_sub(1));
            if let Some(rule) = rules.get_mut(rule) {
                rule.diagnostics.push(diagnostic);
            }
        }
        rules
    }
}

fn is_filter_file(documents: &[Node<'_>]) -> bool {
    !documents.is_empty() && documents.iter().all(|node| node.get("filter").is_some())
}

/// Whether a key, given with its colon and the line break before it, stands at the start of a line.
fn has_key(text: &str, key: &str) -> bool {
    text.contains(key) || key.strip_prefix('\n').is_some_and(|key| text.starts_with(key))
}

/// The rule of one document; `None` where it is a filter and nothing is wrong with it.
fn rule(node: &Node<'_>, document: &Document, context: &Context, before: usize) -> Option<Rule> {
    let mut reader = Reader::default();
    let mut rule = metadata::read(node, document, before, &mut reader);
    if node.get("filter").is_some() {
        Filter::read(node, document, &context.sigma.placeholders, &mut reader);
        if reader.diagnostics.iter().all(|found| found.level != Level::Refusal) {
            return None;
        }
    } else if let Some(correlation) = node.get("correlation") {
        let correlation = correlation::read(node, correlation, &context.sigma, &mut reader);
        rule.body = correlation.map(Body::Correlation);
    } else if node.get("detection").is_some() {
        metadata::log_source(node, &mut rule, &mut reader);
        body(node, &document.text, context, &mut rule, &mut reader);
    } else {
        reader.missing(node, "detection");
    }
    rule.diagnostics = reader.diagnostics;
    Some(rule)
}

fn body(node: &Node<'_>, file: &str, context: &Context, rule: &mut Rule, reader: &mut Reader) {
    let Some(read) = node.get("detection").and_then(|node| detection::read(node, file, None, reader)) else { return };
    match sigma::lower(&read, &context.sigma.placeholders) {
        Ok(lowered) => {
            rule.body = Some(lowered.body);
            rule.schedule = lowered.schedule.unwrap_or(rule.schedule);
            reader.diagnostics.extend(lowered.diagnostics);
            let name = node.get("name").and_then(Node::text);
            for filter in &context.sigma.filters {
                if filter.names(rule, name) {
                    filter.apply(rule);
                }
            }
        }
        Err(errors) => reader.diagnostics.extend(errors),
    }
}

/// The detections of a file as they are written, one for each of its rules.
pub fn detections(text: &str) -> Vec<Result<ast::Detection, Vec<Diagnostic>>> {
    let mut errors = Vec::new();
    let documents = action::documents(File::read(text).documents, &mut errors);
    let nodes = documents.iter().filter_map(|node| node.get("detection"));
    nodes
        .map(|node| {
            let mut reader = Reader::default();
            match detection::read(node, text, None, &mut reader) {
                Some(read) if reader.diagnostics.is_empty() => Ok(read),
                _ => Err(reader.diagnostics),
            }
        })
        .collect()
}
