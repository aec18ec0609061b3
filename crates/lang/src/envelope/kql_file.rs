//! Bare files of Kusto queries, as people share them: the query, with what it is for in the comment above it.
//!
//! Nothing says how bad or how sure a finding is, or when to look: the rule is named by its file, described by its first
//! comment, and looks at a day, as a hunting query does. A file with several queries (the same one for Sentinel and for
//! Defender, most often) is one rule that finds what any of them finds.

use super::{Context, Envelope};
use crate::Origin;
use crate::dialect::kusto;
use crate::repository::Document;
use ir::{Body, Diagnostic, Rule, Schedule, Vendor, codes};
use std::time::Duration;

/// The range of time that Sentinel's page of hunting queries begins with.
pub(super) const A_DAY: Schedule =
    Schedule { interval: Duration::from_secs(24 * 60 * 60), look_back: Duration::from_secs(24 * 60 * 60) };

/// Queries in files of their own, one rule in each.
pub struct KqlFile;

impl Envelope for KqlFile {
    fn vendor(&self) -> Vendor {
        Vendor::Kusto
    }

    fn recognises(&self, document: &Document) -> bool {
        document.extension() == "kql"
    }

    fn read(&self, document: &Document, _context: &Context) -> Vec<Rule> {
        let mut rule = Rule::unread(Vendor::Kusto, "kusto", document.stem());
        rule.schedule = A_DAY;
        rule.description = leading_comment(&document.text);
        query(&document.text, &Origin::default(), &mut rule);
        vec![rule]
    }
}

/// Reads the query of a rule: its body, its log sources, and what is wrong with it.
pub(super) fn query(text: &str, origin: &Origin, rule: &mut Rule) {
    let (script, errors) = kusto::read(text, origin);
    let broken = !errors.is_empty();
    rule.diagnostics.extend(errors);
    match kusto::lower(&script) {
        Some(meaning) => {
            rule.log_sources = meaning.log_sources;
            rule.diagnostics.extend(meaning.diagnostics);
            rule.body = Some(Body::Pipeline(meaning.pipeline));
        }
        None if !broken => {
            let error = Diagnostic::refusal(codes::SYNTAX, "the text defines names and has no query");
            rule.diagnostics.push(error.at(origin.span(0, text.len())).hint("end it with the query that uses them"));
        }
        None => {}
    }
}

/// The lines of the first comment, without what it needs of connectors.
fn leading_comment(text: &str) -> String {
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let comment = lines.map_while(|line| line.trim_start_matches('\u{feff}').strip_prefix("//"));
    comment.map(|line| line.trim_matches(['/', ' '])).collect::<Vec<_>>().join("\n").trim().to_owned()
}
