//! Python files and how they find each other.

use super::nesting::{MAX_NESTING, too_deep};
use ir::{Diagnostic, Span, codes};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A parsed file.
#[derive(Debug)]
pub struct Module {
    path: PathBuf,
    pub(super) body: Vec<Stmt>,
    /// For each name, the statements of the file that give it a value, in their order.
    names: HashMap<String, Vec<usize>>,
}

impl Module {
    /// Parses the text of a file.
    ///
    /// # Errors
    /// The first error of syntax, or of a program nested too deep; its span points into the text.
    pub fn parse(path: &Path, text: &str) -> Result<Module, Diagnostic> {
        if let Some(at) = too_deep(text) {
            let message = format!("the program nests deeper than {MAX_NESTING} levels");
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(Span::new(at, at + 1)));
        }
        let parsed = ruff_python_parser::parse_module(text).map_err(|error| {
            let range = error.location;
            let mut message = error.error.to_string();
            if let Some(first) = message.get(..1) {
                message = format!("{}{}", first.to_lowercase(), &message[1..]);
            }
            Diagnostic::refusal(codes::SYNTAX, message).at(Span::new(range.start().to_usize(), range.end().to_usize()))
        })?;
        let body: Vec<Stmt> = parsed.into_syntax().body.into_iter().collect();
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, statement) in body.iter().enumerate() {
            binds(statement, &mut |name| {
                let places = names.entry(name.to_owned()).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            });
        }
        Ok(Module { path: path.to_owned(), body, names })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The statements of the file that give the name a value.
    pub(super) fn binding<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Stmt> + use<'a> {
        let places = self.names.get(name).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|&at| self.body.get(at))
    }

    /// The function of that name that a caller gets.
    pub(super) fn function(&self, name: &str) -> Option<&ruff_python_ast::StmtFunctionDef> {
        self.binding(name).filter_map(Stmt::as_function_def_stmt).last()
    }
}

/// The names that a statement of a file gives values to.
fn binds(statement: &Stmt, found: &mut dyn FnMut(&str)) {
    match statement {
        Stmt::FunctionDef(function) => found(&function.name),
        Stmt::ClassDef(class) => found(&class.name),
        Stmt::Assign(assign) => assign.targets.iter().for_each(|target| targets(target, found)),
        Stmt::AnnAssign(assign) => targets(&assign.target, found),
        Stmt::AugAssign(assign) => targets(&assign.target, found),
        Stmt::Import(import) => import.names.iter().for_each(|alias| {
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            found(name.split('.').next().unwrap_or_default());
        }),
        Stmt::ImportFrom(import) => {
            import.names.iter().for_each(|alias| found(alias.asname.as_ref().unwrap_or(&alias.name)));
        }
        Stmt::If(branch) => {
            branch.body.iter().for_each(|statement| binds(statement, found));
            branch.elif_else_clauses.iter().flat_map(|clause| &clause.body).for_each(|inner| binds(inner, found));
        }
        Stmt::Try(attempt) => attempt.body.iter().for_each(|statement| binds(statement, found)),
        Stmt::For(each) => each.body.iter().for_each(|statement| binds(statement, found)),
        // `NAMES.append(...)` changes what the name stands for.
        Stmt::Expr(expression) => {
            if let Expr::Call(call) = expression.value.as_ref()
                && let Expr::Attribute(attribute) = call.func.as_ref()
                && let Expr::Name(name) = attribute.value.as_ref()
            {
                found(&name.id);
            }
        }
        _ => {}
    }
}

fn targets(target: &Expr, found: &mut dyn FnMut(&str)) {
    match target {
        Expr::Name(name) => found(&name.id),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| targets(element, found)),
        Expr::List(list) => list.elts.iter().for_each(|element| targets(element, found)),
        Expr::Subscript(subscript) => targets(&subscript.value, found),
        _ => {}
    }
}

/// The Python files of a repository, parsed when they are first needed.
#[derive(Debug, Default)]
pub struct Library {
    sources: Vec<Source>,
    by_path: HashMap<PathBuf, usize>,
    by_stem: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Source {
    path: PathBuf,
    text: String,
    parsed: OnceLock<Result<Module, Diagnostic>>,
}

impl Library {
    pub fn add(&mut self, path: &Path, text: &str) {
        let at = self.sources.len();
        self.sources.push(Source { path: path.to_owned(), text: text.to_owned(), parsed: OnceLock::new() });
        self.by_path.insert(path.to_owned(), at);
        self.by_stem.entry(stem(path)).or_default().push(at);
    }

    /// The file at that path, with its text; `None` where there is none.
    pub fn get(&self, path: &Path) -> Option<(&str, Result<&Module, &Diagnostic>)> {
        let source = self.sources.get(*self.by_path.get(path)?)?;
        Some((&source.text, source.module()))
    }

    /// The module of that dotted name as a file at `from` would import it: one beside it, else the repository's only one,
    /// else the one among the global helpers. A file that cannot be parsed is none.
    pub(super) fn import(&self, name: &str, from: &Path) -> Option<&Module> {
        let candidates = self.by_stem.get(name.rsplit('.').next()?)?;
        let sources = || candidates.iter().filter_map(|&at| self.sources.get(at));
        let beside = sources().find(|source| source.path.parent() == from.parent());
        let only = (candidates.len() == 1).then(|| sources().next()).flatten();
        let global =
            || sources().find(|source| source.path.parent().is_some_and(|folder| folder.ends_with("global_helpers")));
        beside.or(only).or_else(global)?.module().ok()
    }
}

impl Source {
    fn module(&self) -> Result<&Module, &Diagnostic> {
        self.parsed.get_or_init(|| Module::parse(&self.path, &self.text)).as_ref()
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The place of a syntax node.
pub(super) fn place(node: &impl Ranged, file: u16) -> Span {
    Span::new(node.start().to_usize(), node.end().to_usize()).in_file(file)
}
