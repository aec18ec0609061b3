//! The vendors' rule files. Each envelope reads its file into [`Rule`]s and hands the query inside to a dialect, with an
//! [`crate::Origin`] that says where in the file the query stands.

mod date_math;
pub mod elastic;
pub mod kql_file;
pub mod panther;
pub mod sentinel;
pub mod sigma;
pub mod splunk;
mod toml_file;
mod yaml_file;

use crate::repository::Document;
use ir::{Rule, Vendor};

/// One vendor's form of rule files.
pub trait Envelope: Sync {
    fn vendor(&self) -> Vendor;

    /// Whether the file is one of this vendor's, a rule or what rules need. Looks at the path and a few words of the text
    /// only; the first envelope of [`ENVELOPES`] that says yes reads the file.
    fn recognises(&self, document: &Document) -> bool;

    /// Keeps what rules in other files need of this one.
    fn gather(&self, _document: &Document, _context: &mut Context) {}

    /// The rules of the file, each refused where it cannot be read; none where the file is not for rules.
    fn read(&self, document: &Document, context: &Context) -> Vec<Rule>;
}

/// What rules of one file need of the others.
#[derive(Debug, Default)]
pub struct Context {
    pub panther: panther::Gathered,
    pub sigma: sigma::Gathered,
    /// Splunk's search macros.
    pub macros: crate::spl::Macros,
}

/// Every envelope, the most specific first.
pub const ENVELOPES: &[&dyn Envelope] =
    &[&elastic::Elastic, &panther::Panther, &splunk::Splunk, &sigma::Sigma, &sentinel::Sentinel, &kql_file::KqlFile];
