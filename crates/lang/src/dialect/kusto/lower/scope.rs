//! What names mean: definitions, each with the scope it was made in, so that no definition can refer to itself.

use super::Rows;
use crate::dialect::kusto::ast::{Expr, Function};
use std::collections::HashSet;
use std::rc::Rc;

/// What a name is bound to.
#[derive(Clone)]
pub(in crate::dialect::kusto) enum Bound<'a> {
    /// A value or a table, with what its own names mean.
    Expr {
        expr: &'a Expr,
        env: Env<'a>,
    },
    Function {
        function: &'a Function,
        env: Env<'a>,
    },
    /// Rows that were lowered already.
    Rows(Rc<Rows<'a>>),
    /// A parameter without a value.
    Unknown,
}

/// Definitions, the latest first. Copies share what they have in common.
#[derive(Clone, Default)]
pub(in crate::dialect::kusto) struct Scope<'a>(Option<Rc<Definition<'a>>>);

struct Definition<'a> {
    name: &'a str,
    value: Bound<'a>,
    before: Scope<'a>,
}

impl<'a> Scope<'a> {
    pub fn add(&mut self, name: &'a str, value: Bound<'a>) {
        let before = Scope(self.0.take());
        self.0 = Some(Rc::new(Definition { name, value, before }));
    }

    pub fn find(&self, name: &str) -> Option<&Bound<'a>> {
        let mut scope = self;
        while let Some(definition) = &scope.0 {
            if definition.name == name {
                return Some(&definition.value);
            }
            scope = &definition.before;
        }
        None
    }
}

/// What the names of an expression mean.
#[derive(Clone, Default)]
pub(in crate::dialect::kusto) struct Env<'a> {
    pub scope: Scope<'a>,
    /// Columns that hide definitions of the same name.
    pub columns: Columns,
    /// Whether a name may be a column at all; otherwise it is a table.
    pub in_rows: bool,
}

impl<'a> Env<'a> {
    /// Outside of any rows.
    pub fn of(scope: Scope<'a>) -> Self {
        Env { scope, ..Env::default() }
    }

    /// What a name is bound to, unless a column hides it.
    pub fn find(&self, name: &str) -> Option<&Bound<'a>> {
        if self.columns.has(name) { None } else { self.scope.find(name) }
    }
}

/// The columns that a query has made so far.
#[derive(Clone, Debug, Default)]
pub(in crate::dialect::kusto) struct Columns {
    known: Rc<HashSet<String>>,
    first: Option<String>,
    /// There are no others.
    pub complete: bool,
}

impl Columns {
    pub fn only(names: Vec<String>) -> Self {
        let mut columns = Columns { complete: true, ..Columns::default() };
        columns.add(names);
        columns
    }

    pub fn has(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    pub fn names(&self) -> Vec<String> {
        // The first one first, so that it stays first where these are added to none.
        let others = self.known.iter().filter(|name| Some(*name) != self.first.as_ref());
        self.first.iter().chain(others).cloned().collect()
    }

    pub fn add(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if self.first.is_none() {
                self.first = Some(name.clone());
            }
            Rc::make_mut(&mut self.known).insert(name);
        }
    }

    pub fn rename(&mut self, from: &str, to: &str) {
        if self.first.as_deref() == Some(from) {
            self.first = Some(to.to_owned());
        }
        let known = Rc::make_mut(&mut self.known);
        known.remove(from);
        known.insert(to.to_owned());
    }

    /// The name of the first column, where it is known.
    pub fn first(&self) -> Option<&str> {
        self.first.as_deref().filter(|_| self.complete)
    }
}
