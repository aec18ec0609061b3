//! The reader of one rule: what it has looked at, within which limits, and what it could not read.

use super::module::{Library, Module, place};
use super::value::{Function, Names, Ptr, Value};
use super::{Facts, MAX_CALLS, MAX_NODES, MAX_STEPS, logic};
use ir::{Expr, Span};
use ruff_python_ast::{Stmt, StmtFunctionDef};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

pub(super) struct Reader<'a> {
    pub library: &'a Library,
    pub facts: &'a Facts<'a>,
    /// The modules that spans point into; a span's file is the index here plus one.
    pub files: Vec<&'a Module>,
    /// Why something cannot be read, by its place.
    pub reasons: BTreeMap<Span, String>,
    /// Names of modules that have been looked up.
    globals: HashMap<(*const Module, &'a str), Value<'a>>,
    /// Names of modules that are being looked up.
    looking: Vec<(*const Module, &'a str)>,
    /// Functions that are being read, the innermost last.
    pub calls: Vec<Ptr<'a, StmtFunctionDef>>,
    /// For each `try` that is being read, when something in it raises an exception.
    pub raised: Vec<Vec<Expr>>,
    steps: usize,
    nodes: usize,
}

/// Where a statement or expression is read: the names of its function, and the module around.
#[derive(Clone)]
pub(super) struct Frame<'a> {
    pub module: &'a Module,
    pub file: u16,
    pub names: Names<'a>,
}

impl<'a> Reader<'a> {
    pub fn new(library: &'a Library, facts: &'a Facts<'a>, module: &'a Module) -> Self {
        Reader {
            library,
            facts,
            files: vec![module],
            reasons: BTreeMap::new(),
            globals: HashMap::new(),
            looking: Vec::new(),
            calls: Vec::new(),
            raised: Vec::new(),
            steps: 0,
            nodes: 0,
        }
    }

    /// A condition that cannot be read, and why.
    pub fn unread(&mut self, span: Span, reason: impl Into<String>) -> Expr {
        self.reasons.entry(span).or_insert_with(|| reason.into());
        logic::unread(span)
    }

    /// A value that cannot be read, and why.
    pub fn unread_value(&mut self, span: Span, reason: impl Into<String>) -> Value<'a> {
        self.reasons.entry(span).or_insert_with(|| reason.into());
        Value::Unread(span)
    }

    /// Counts one step of reading; false once there were too many.
    pub fn step(&mut self) -> bool {
        self.steps += 1;
        self.steps <= MAX_STEPS && self.nodes <= MAX_NODES
    }

    /// Counts nodes of conditions that are copied; false once there were too many.
    pub fn charge(&mut self, nodes: usize) -> bool {
        self.nodes = self.nodes.saturating_add(nodes);
        self.nodes <= MAX_NODES
    }

    pub fn charged(&mut self, expr: Expr) -> Expr {
        if self.charge(logic::size(&expr)) { expr } else { self.unread(expr.span, TOO_MUCH) }
    }

    pub fn frame(&mut self, module: &'a Module) -> Frame<'a> {
        let at = self.files.iter().position(|known| std::ptr::eq(*known, module)).unwrap_or_else(|| {
            self.files.push(module);
            self.files.len() - 1
        });
        Frame { module, file: u16::try_from(at + 1).unwrap_or(u16::MAX), names: Names::new() }
    }

    /// What a name stands for: in the function, in its module, or in Python.
    pub fn name(&mut self, name: &'a str, span: Span, frame: &Frame<'a>) -> Value<'a> {
        if let Some(value) = frame.names.get(name) {
            return value.clone();
        }
        if let Some(value) = self.global(frame.module, name) {
            return value;
        }
        match super::builtin::NAMES.iter().find(|known| **known == name) {
            Some(known) => Value::Function(Function::Builtin(known)),
            None => self.unread_value(span, format!("`{name}` has no value here")),
        }
    }

    /// What a name of a module stands for; `None` where the module does not have it.
    pub fn global(&mut self, module: &'a Module, name: &'a str) -> Option<Value<'a>> {
        let key = (module as *const Module, name);
        if let Some(value) = self.globals.get(&key) {
            return Some(value.clone());
        }
        if self.looking.contains(&key) || self.looking.len() > MAX_CALLS {
            return None;
        }
        let statements: Vec<&'a Stmt> = module.binding(name).collect();
        if statements.is_empty() {
            return None;
        }
        self.looking.push(key);
        let mut frame = self.frame(module);
        for statement in statements {
            self.define(statement, name, &mut frame);
        }
        self.looking.pop();
        let value = frame.names.remove(name)?;
        self.globals.insert(key, value.clone());
        Some(value)
    }

    /// Reads a statement of a module for the sake of one name.
    fn define(&mut self, statement: &'a Stmt, name: &'a str, frame: &mut Frame<'a>) {
        match statement {
            Stmt::FunctionDef(function) => {
                let value = Function::Defined(Ptr(frame.module), Ptr(function), Rc::new(Names::new()));
                frame.names.insert(name, Value::Function(value));
            }
            Stmt::ClassDef(class) => {
                let value = self.unread_value(place(&class.name, frame.file), format!("the class `{name}`"));
                frame.names.insert(name, value);
            }
            Stmt::Import(_) | Stmt::ImportFrom(_) => self.import(statement, Some(name), frame),
            _ => {
                self.statement(statement, frame);
            }
        }
    }

    /// Binds what an import statement imports, or only one name of it.
    pub fn import(&mut self, statement: &'a Stmt, only: Option<&str>, frame: &mut Frame<'a>) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let target = match &alias.asname {
                        Some(name) => name.as_str(),
                        None => alias.name.split('.').next().unwrap_or_default(),
                    };
                    if only.is_none_or(|only| only == target) {
                        let name = if alias.asname.is_some() { alias.name.as_str() } else { target };
                        let value = self.module(name, frame.module);
                        frame.names.insert(target, value);
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |name| name.as_str());
                for alias in &import.names {
                    let target = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if only.is_none_or(|only| only == target) {
                        let value = self.imported(module, &alias.name, frame.module);
                        frame.names.insert(target, value);
                    }
                }
            }
            _ => {}
        }
    }

    fn module(&mut self, name: &str, from: &Module) -> Value<'a> {
        match self.library.import(name, from.path()) {
            Some(module) => Value::Module(Ptr(module)),
            None => Value::External(name.into()),
        }
    }

    fn imported(&mut self, module: &str, name: &'a str, from: &'a Module) -> Value<'a> {
        // What these two walk is the event itself, so they are known rather than read.
        let known =
            module.rsplit('.').next() == Some("panther_base_helpers") && matches!(name, "deep_get" | "deep_walk");
        if !known {
            if let Some(found) = self.library.import(module, from.path())
                && let Some(value) = self.global(found, name)
            {
                return value;
            }
            if let Some(found) = self.library.import(&format!("{module}.{name}"), from.path()) {
                return Value::Module(Ptr(found));
            }
        }
        Value::External(format!("{module}.{name}").into())
    }
}

/// Why reading ended early.
pub(super) const TOO_MUCH: &str = "more than fits the documented limits";
