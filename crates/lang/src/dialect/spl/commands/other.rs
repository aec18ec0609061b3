//! Commands that are known by name: kept as they are written, reported, and never run. What follows the name is skipped by
//! its quotes and brackets only.

use super::names;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::similar::similar;
use ir::{Diagnostic, Span, Spanned, codes};

/// A command as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// In small letters.
    pub name: Spanned<String>,
    pub text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Rows pass as they are: the command shows, stores or sends them, or says how Splunk is to run the rest.
    None,
    /// Rows pass with more or other columns, or in another shape.
    Some,
}
use Effect::{None as Passes, Some as Changes};

/// Each command of Splunk's Search Reference, and of its Machine Learning Toolkit, without a grammar of its own here.
const KNOWN: &[(&str, Effect)] = &[
    ("abstract", Changes),
    ("accum", Changes),
    ("addcoltotals", Changes),
    ("addinfo", Changes),
    ("af", Changes),
    ("analyzefields", Changes),
    ("anomalies", Changes),
    ("anomalousvalue", Changes),
    ("anomalydetection", Changes),
    ("apply", Changes),
    ("arules", Changes),
    ("associate", Changes),
    ("audit", Changes),
    ("autoregress", Changes),
    ("awssnsalert", Passes),
    ("cefout", Passes),
    ("chart", Changes),
    ("cluster", Changes),
    ("cofilter", Changes),
    ("collect", Passes),
    ("concurrency", Changes),
    ("contingency", Changes),
    ("correlate", Changes),
    ("counttable", Changes),
    ("ctable", Changes),
    ("cyberchef", Changes),
    ("dbinspect", Changes),
    ("dbxquery", Changes),
    ("delete", Passes),
    ("delta", Changes),
    ("diff", Changes),
    ("entitymerge", Changes),
    ("erex", Changes),
    ("eventcount", Changes),
    ("expandtoken", Changes),
    ("extract", Changes),
    ("fieldformat", Passes),
    ("fieldsummary", Changes),
    ("filldown", Changes),
    ("findkeywords", Changes),
    ("findtypes", Changes),
    ("fit", Changes),
    ("folderize", Changes),
    ("format", Passes),
    ("fromjson", Changes),
    ("gauge", Changes),
    ("gentimes", Changes),
    ("geom", Changes),
    ("geomfilter", Changes),
    ("geostats", Changes),
    ("highlight", Passes),
    ("history", Changes),
    ("iconify", Passes),
    ("inputcsv", Changes),
    ("inputintelligence", Changes),
    ("kmeans", Changes),
    ("kv", Changes),
    ("kvform", Changes),
    ("loadjob", Changes),
    ("localize", Changes),
    ("localop", Passes),
    ("makecontinuous", Changes),
    ("map", Changes),
    ("mcatalog", Changes),
    ("mcollect", Passes),
    ("metadata", Changes),
    ("metasearch", Changes),
    ("meventcollect", Passes),
    ("mpreview", Changes),
    ("msearch", Changes),
    ("multikv", Changes),
    ("mvcombine", Changes),
    ("nomv", Changes),
    ("noop", Passes),
    ("outlier", Changes),
    ("outputcsv", Passes),
    ("outputtelemetry", Passes),
    ("outputtext", Passes),
    ("overlap", Changes),
    ("pivot", Changes),
    ("predict", Changes),
    ("rangemap", Changes),
    ("redistribute", Passes),
    ("relevancy", Changes),
    ("reltime", Changes),
    ("require", Passes),
    ("rest", Changes),
    ("return", Changes),
    ("reverse", Changes),
    ("rtorder", Changes),
    ("run", Changes),
    ("sample", Changes),
    ("savedsearch", Changes),
    ("score", Changes),
    ("script", Changes),
    ("scrub", Changes),
    ("searchtxn", Changes),
    ("selfjoin", Changes),
    ("sendalert", Passes),
    ("sendemail", Passes),
    ("set", Changes),
    ("setfields", Changes),
    ("sichart", Changes),
    ("sirare", Changes),
    ("sistats", Changes),
    ("sitimechart", Changes),
    ("sitop", Changes),
    ("strcat", Changes),
    ("summary", Changes),
    ("tags", Changes),
    ("tojson", Changes),
    ("tokenize", Changes),
    ("transpose", Changes),
    ("trendline", Changes),
    ("tscollect", Passes),
    ("typeahead", Changes),
    ("typelearner", Changes),
    ("typer", Changes),
    ("uniq", Changes),
    ("untable", Changes),
    ("walklex", Changes),
    ("x11", Changes),
    ("xmlkv", Changes),
    ("xmlunescape", Changes),
    ("xpath", Changes),
    ("xyseries", Changes),
];

/// Reads any command to its end.
pub(super) fn parse(parser: &mut Parser<'_>, name: String, span: Span) -> Parse<Other> {
    // A search that forgot its name is the usual mistake, and is told from a command that is merely not known here.
    let unknown = effect(&name).is_none() && !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if unknown || parser.at_symbol("=") {
        let shown: String = name.chars().take(40).collect();
        let error = Diagnostic::refusal(codes::SYNTAX, format!("`{shown}` is no command")).at(span);
        return Err(error.hint("conditions after a pipe begin with `search` or `where`"));
    }
    Ok(Other { name: Spanned { value: name, span }, text: parser.verbatim() })
}

fn effect(name: &str) -> Option<Effect> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, effect)| *effect)
}

pub(super) fn lower(command: &Other, rows: &mut Rows<'_, '_>) {
    let name = command.name.value.as_str();
    match effect(name) {
        Some(Passes) => rows.without_effect(name, "it shows, stores or sends what is found"),
        Some(Changes) => rows.other(name, Vec::new()),
        None => {
            let error = Diagnostic::loss(codes::UNSUPPORTED_COMMAND, format!("the command `{name}` is not known"));
            let error = error.at(command.name.span);
            let known = names().chain(KNOWN.iter().map(|(known, _)| *known));
            rows.say(match similar(name, known) {
                Some(meant) => error.hint(format!("a similar command is `{meant}`")),
                None => error,
            });
            let command = command.name.clone();
            rows.push(ir::StageKind::Other { command, creates: Vec::new() });
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted_and_none_of_it_has_a_grammar_of_its_own() {
        assert!(super::KNOWN.is_sorted_by(|a, b| a.0 < b.0));
        let both: Vec<_> = super::names().filter(|name| super::effect(name).is_some()).collect();
        assert_eq!(both, Vec::<&str>::new());
    }
}
