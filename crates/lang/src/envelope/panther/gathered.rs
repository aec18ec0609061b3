//! What Panther's rules need of other files: programs, data models, and the rules that others derive from.

use crate::envelope::yaml_file::{File, Node};
use crate::python::{Facts, Kind, Library, Mapping, Model};
use crate::repository::Document;
use ir::LogSource;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Gathered from all documents before the first rule is read.
#[derive(Debug, Default)]
pub struct Gathered {
    pub(super) library: Library,
    /// By log type.
    models: BTreeMap<String, DataModel>,
    /// By id.
    rules: BTreeMap<String, Document>,
}

#[derive(Clone, Debug)]
struct DataModel {
    program: Option<PathBuf>,
    /// For each name, its path or else its function.
    mappings: Vec<(String, Option<String>, Option<String>)>,
}

impl Gathered {
    pub(super) fn add(&mut self, document: &Document) {
        if document.extension() == "py" {
            self.library.add(&document.path, &document.text);
            return;
        }
        let says = |key: &str| document.text.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
        if says("AnalysisType:").is_some_and(|kind| kind.starts_with("datamodel")) {
            self.add_model(document);
        } else if let Some(id) = says("RuleID:") {
            self.rules.insert(id.trim_matches(['"', '\'']).to_owned(), document.clone());
        }
    }

    fn add_model(&mut self, document: &Document) {
        let file = File::read(&document.text);
        let Some(root) = file.documents.first() else { return };
        let text = |node: &Node<'_>, key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        let program =
            text(root, "Filename").map(|name| document.path.parent().map_or_else(PathBuf::new, |at| at.join(name)));
        let mappings = root.get("Mappings").and_then(Node::items).unwrap_or_default();
        let mappings = mappings
            .iter()
            .filter_map(|mapping| Some((text(mapping, "Name")?, text(mapping, "Path"), text(mapping, "Method"))))
            .collect();
        let model = DataModel { program, mappings };
        for log_type in root.get("LogTypes").and_then(Node::items).unwrap_or_default() {
            if let Some(name) = log_type.text() {
                self.models.insert(name.to_owned(), model.clone());
            }
        }
    }

    pub(super) fn rule(&self, id: &str) -> Option<&Document> {
        self.rules.get(id)
    }

    /// What is known of a rule with these fields and log types.
    pub(super) fn facts<'a>(&'a self, kinds: &BTreeMap<String, Kind>, sources: &[LogSource]) -> Facts<'a> {
        let models = sources.iter().filter_map(|source| {
            let model = self.models.get(&source.name)?;
            let module =
                model.program.as_ref().and_then(|path| self.library.get(path)).and_then(|(_, module)| module.ok());
            let mappings = model.mappings.iter().filter_map(|(name, path, method)| {
                let mapping = match (path, method, module) {
                    (Some(path), ..) => Mapping::Path(path.clone()),
                    (None, Some(method), Some(module)) => Mapping::Method(module, method.clone()),
                    // Without its program the data model has nothing for the name.
                    _ => return None,
                };
                Some((name.clone(), mapping))
            });
            Some(Model { log_type: source.name.clone(), mappings: mappings.collect() })
        });
        Facts { kinds: kinds.clone(), models: models.collect() }
    }
}
