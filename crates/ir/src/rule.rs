//! A rule: what it looks for, and what its author says of it.

use crate::body::{Correlation, IndicatorMatch, Model, NewTerms, Sequence};
use crate::{Diagnostic, Expr, Level, Pipeline, Span};
use std::{fmt, str::FromStr, time::Duration};

/// One detection rule, in no vendor's language. Its names of fields and log sources are still the vendor's; the tables of
/// `schema` say what they mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub vendor: Vendor,
    /// Unique among the rules of its repository.
    pub id: String,
    pub title: String,
    pub description: String,
    pub status: Status,
    pub severity: Severity,
    /// From 0 to 100, where the author gave one.
    pub risk_score: Option<u8>,
    pub tags: Vec<String>,
    pub techniques: Vec<Technique>,
    pub references: Vec<String>,
    pub false_positives: Vec<String>,
    pub schedule: Schedule,
    /// The language of the body, as the catalog names it: `sigma`, `kuery`, `lucene`, `eql`, `esql`, `spl`, `kusto`,
    /// `python`, or for models `machine_learning`.
    pub language: &'static str,
    /// What the rule reads, in the vendor's words; empty where it does not say.
    pub log_sources: Vec<LogSource>,
    /// Not shown to analysts on its own, but a building block of other rules.
    pub building_block: bool,
    /// Paths of the files that spans with a [`Span::file`] of 1 and more point into; the rule's own file is not among them.
    pub further_files: Vec<String>,
    /// `None` where the rule was refused before it had a body.
    pub body: Option<Body>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Rule {
    /// A rule of which only the name of its file is known; everything else is empty or the least.
    pub fn unread(vendor: Vendor, language: &'static str, name: impl Into<String>) -> Self {
        let name = name.into();
        Rule {
            vendor,
            id: name.clone(),
            title: name,
            description: String::new(),
            status: Status::Production,
            severity: Severity::Low,
            risk_score: None,
            tags: Vec::new(),
            techniques: Vec::new(),
            references: Vec::new(),
            false_positives: Vec::new(),
            schedule: Schedule { interval: Duration::from_secs(5 * 60), look_back: Duration::from_secs(6 * 60) },
            language,
            log_sources: Vec::new(),
            building_block: false,
            further_files: Vec::new(),
            body: None,
            diagnostics: Vec::new(),
        }
    }

    /// What becomes of the rule, as far as its diagnostics tell.
    pub fn state(&self) -> State {
        State::of(&self.diagnostics)
    }
}

/// Whose rules have this form of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vendor {
    Sigma,
    Elastic,
    Splunk,
    /// Microsoft Sentinel and Defender.
    Kusto,
    Panther,
}

/// How finished its authors call a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// In use: Sigma's `stable` and `test`, Elastic's `production`, Splunk's `production`, and whatever says nothing.
    Production,
    /// Not yet proven: `experimental`, `development`, `beta`.
    Experimental,
    /// Given up by its authors.
    Deprecated,
    /// Cannot be run in the language it is written in (Sigma's `unsupported`).
    Unsupported,
}

/// What a rule reads, in the vendor's own words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogSource {
    pub kind: LogSourceKind,
    /// In the form that the kind asks for.
    pub name: String,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LogSourceKind {
    /// Sigma: `category/product/service`, each `-` where the rule does not say: `process_creation/windows/-`.
    Sigma,
    /// Elastic: a pattern of data streams or indices: `logs-zeek.dns-*`.
    Index,
    /// Splunk: a data model with its data set: `Endpoint.Processes`.
    DataModel,
    /// Splunk: `sourcetype=`, `source=`, `eventtype=`, `index=` of a base search: `sourcetype=aws:cloudtrail`.
    SearchTerm,
    /// Splunk: the macro that stands for a log source: `sysmon`.
    Macro,
    /// Kusto: a table or an ASIM parser: `SecurityEvent`, `_Im_Dns`.
    Table,
    /// Panther: a log type: `AWS.CloudTrail`.
    LogType,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Single events of the rule's log sources for which the condition is true.
    Match(Expr),
    /// Events through relational stages.
    Pipeline(Pipeline),
    Sequence(Sequence),
    NewTerms(NewTerms),
    IndicatorMatch(IndicatorMatch),
    Correlation(Correlation),
    Model(Model),
}

impl Body {
    /// What rules with such a body are, in the plural.
    pub fn kind(&self) -> &'static str {
        match self {
            Body::Match(_) => "tests of single events",
            Body::Pipeline(_) => "pipelines",
            Body::Sequence(_) => "sequences",
            Body::NewTerms(_) => "searches for new terms",
            Body::IndicatorMatch(_) => "matches against indicators",
            Body::Correlation(_) => "correlations of other rules",
            Body::Model(_) => "scores of a trained model",
        }
    }
}

/// What becomes of a rule. Every rule ends in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Runs,
    RunsWithLoss,
    Refused,
}

impl State {
    /// The state that a rule with these diagnostics is in.
    pub fn of(diagnostics: &[Diagnostic]) -> State {
        match diagnostics.iter().map(|diagnostic| diagnostic.level).max() {
            Some(Level::Refusal) => State::Refused,
            Some(Level::Loss) => State::RunsWithLoss,
            Some(Level::Note) | None => State::Runs,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            State::Runs => "runs",
            State::RunsWithLoss => "runs_with_loss",
            State::Refused => "refused",
        }
    }
}

/// How bad it is if the rule is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// How likely the rule is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    Low,
    Medium,
    High,
}

macro_rules! named {
    ($type:ident, $what:literal, $($variant:ident = $name:literal),+) => {
        impl $type {
            pub fn name(self) -> &'static str {
                match self { $($type::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($name => Ok($type::$variant),)+
                    _ => Err(format!("`{text}` is no {}; expected one of: {}", $what, [$($name),+].join(", "))),
                }
            }
        }
    };
}

named!(Vendor, "vendor", Sigma = "sigma", Elastic = "elastic", Splunk = "splunk", Kusto = "kusto", Panther = "panther");
named!(
    Status,
    "status",
    Production = "production",
    Experimental = "experimental",
    Deprecated = "deprecated",
    Unsupported = "unsupported"
);
named!(
    LogSourceKind,
    "kind of log source",
    Sigma = "sigma",
    Index = "index",
    DataModel = "datamodel",
    SearchTerm = "search",
    Macro = "macro",
    Table = "table",
    LogType = "logtype"
);
named!(Severity, "severity", Low = "low", Medium = "medium", High = "high", Critical = "critical");
named!(Confidence, "confidence", Low = "low", Medium = "medium", High = "high");

/// An ATT&CK technique or sub-technique with the tactics the rule's author files it under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Technique {
    /// `T1071.004`
    pub id: String,
    pub name: String,
    /// By id, as `TA0011`.
    pub tactics: Vec<String>,
}

/// When a rule runs and how far back it looks: at each multiple of `interval`, over the `look_back` before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub interval: Duration,
    pub look_back: Duration,
}
