//! A repository of rules: the files below some paths, each read by the vendor's envelope that recognises it.
//!
//! Two passes, since rules need each other's files: Splunk's macros and Panther's helper modules are gathered from all
//! documents before the first rule is read. Every document that looks like a rule gives at least one rule, refused where it
//! cannot be read; whatever else lies in a repository is counted with the reason why it was left out.

use crate::envelope::{Context, ENVELOPES, elastic};
use crate::parallel;
use ir::{Diagnostic, Rule, Span, Vendor, codes};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Largest rule file that is read, in bytes; the rules of the public repositories stay below 200 KiB.
pub const MAX_LENGTH: usize = 4 << 20;

/// Endings of the names of files that may hold rules or what rules need.
const EXTENSIONS: &[&str] = &["toml", "yml", "yaml", "kql", "py"];

/// A file of a repository.
#[derive(Clone, Debug)]
pub struct Document {
    pub path: PathBuf,
    pub text: String,
}

impl Document {
    /// The ending of the file's name in lower case; empty where it has none.
    pub fn extension(&self) -> String {
        self.path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
    }

    /// The file's name without its ending.
    pub fn stem(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Rules with the text they were read from, which their spans point into.
#[derive(Clone, Debug)]
pub struct RuleFile {
    pub document: Document,
    pub rules: Vec<Rule>,
}

/// What some paths hold.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// In the order of their paths.
    pub files: Vec<RuleFile>,
    /// Documents that are no rules: what rules need, and what no envelope recognises.
    pub others: Vec<Document>,
    /// Paths that could not be read, each with the reason.
    pub errors: Vec<String>,
}

impl Repository {
    /// Reads files, and directories with all below them. A file that is named itself must hold rules.
    pub fn read(paths: &[PathBuf]) -> Repository {
        let mut repository = Repository::default();
        let mut found = Vec::new();
        for path in paths {
            if path.is_dir() { find(path, &mut found, &mut repository.errors) } else { found.push(path.clone()) }
        }
        // A folder and a file in it may both be named; a rule counts once.
        let mut seen = HashSet::new();
        found.retain(|path| seen.insert(path.clone()));
        let read = parallel::map(found.iter().collect(), |path: &PathBuf| text_of(path));
        let mut documents = Vec::new();
        for (path, text) in found.into_iter().zip(read) {
            match text {
                Ok(Ok(text)) => documents.push(Document { path, text }),
                Ok(Err(refused)) => repository.files.push(unreadable(path, refused)),
                Err(error) => repository.errors.push(format!("{}: {error}", path.display())),
            }
        }
        repository.add(documents, paths);
        repository.files.sort_by(|a, b| a.document.path.cmp(&b.document.path));
        repository
    }

    fn add(&mut self, documents: Vec<Document>, named: &[PathBuf]) {
        let envelopes = parallel::map(documents.iter().collect(), |document: &Document| {
            ENVELOPES.iter().find(|envelope| envelope.recognises(document))
        });
        let mut context = Context::default();
        for (document, envelope) in documents.iter().zip(&envelopes) {
            if let Some(envelope) = envelope {
                envelope.gather(document, &mut context);
            }
        }
        let pairs: Vec<_> = documents.into_iter().zip(envelopes).collect();
        let rules = parallel::map(pairs.iter().collect(), |(document, envelope): &(Document, _)| {
            envelope.map_or_else(Vec::new, |envelope| envelope.read(document, &context))
        });
        for ((document, _), rules) in pairs.into_iter().zip(rules) {
            if !rules.is_empty() {
                self.files.push(RuleFile { document, rules });
            } else if named.contains(&document.path) && document.extension() == "toml" {
                // Whoever names a file is told what it lacks.
                let rules = vec![elastic::read(&document.path, &document.text)];
                self.files.push(RuleFile { document, rules });
            } else if named.contains(&document.path) {
                self.errors.push(format!("{}: no rule that Gannet can read", document.path.display()));
            } else {
                self.others.push(document);
            }
        }
    }

    /// Every rule with the file it stands in.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, &Document)> {
        self.files.iter().flat_map(|file| file.rules.iter().map(|rule| (rule, &file.document)))
    }
}

/// A file's text, or what is wrong with it.
fn text_of(path: &Path) -> io::Result<Result<String, Diagnostic>> {
    let size = fs::metadata(path)?.len();
    if size > MAX_LENGTH as u64 {
        let message = format!("the file has {size} bytes; at most {MAX_LENGTH} are read");
        return Ok(Err(Diagnostic::refusal(codes::TOO_LARGE, message)));
    }
    Ok(String::from_utf8(fs::read(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Diagnostic::refusal(codes::ENVELOPE, format!("the file is not UTF-8 from byte {at} on"))
            .at(Span::new(at, at + 1))
    }))
}

/// A file that gives no text still gives a rule, so that it is counted.
fn unreadable(path: PathBuf, refused: Diagnostic) -> RuleFile {
    let document = Document { path, text: String::new() };
    let vendor = if document.extension() == "toml" { Vendor::Elastic } else { Vendor::Sigma };
    let mut rule = Rule::unread(vendor, "", document.stem());
    rule.diagnostics.push(refused);
    RuleFile { document, rules: vec![rule] }
}

/// Files below a directory that may hold rules, in the order of their names; links to directories are not followed.
fn find(directory: &Path, found: &mut Vec<PathBuf>, errors: &mut Vec<String>) {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => return errors.push(format!("{}: {error}", directory.display())),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            if !path.is_symlink() && !hidden {
                find(&path, found, errors);
            }
        } else if path
            .extension()
            .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
        {
            found.push(path);
        }
    }
}
