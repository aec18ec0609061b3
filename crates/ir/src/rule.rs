//! A rule: what it looks for, and what its author says of it.

use crate::{Diagnostic, Level, Pipeline};
use std::{fmt, str::FromStr, time::Duration};

/// One detection rule, in no vendor's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Unique among the rules of its repository.
    pub id: String,
    pub title: String,
    pub description: String,
    pub severity: Severity,
    /// From 0 to 100, where the author gave one.
    pub risk_score: Option<u8>,
    pub tags: Vec<String>,
    pub techniques: Vec<Technique>,
    pub references: Vec<String>,
    pub false_positives: Vec<String>,
    pub schedule: Schedule,
    /// `None` where the rule was refused before it had a body.
    pub body: Option<Body>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Events of data streams through relational stages.
    Pipeline(Pipeline),
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
