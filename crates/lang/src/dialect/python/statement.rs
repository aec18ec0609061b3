//! Statements: what a block makes of its names, and under which conditions it is left, and how.

use super::logic;
use super::module::place;
use super::reader::{Frame, Reader, TOO_MUCH};
use super::value::{Entry, Function, Guard, Item, Names, Ptr, Value};
use ir::{Expr, Span};
use ruff_python_ast::{self as ast, Stmt};
use std::rc::Rc;

/// How a block is left.
pub(super) struct Flow<'a> {
    /// In order: the first whose guard holds is the one that is taken.
    pub exits: Vec<Exit<'a>>,
    /// Whether its end is reached where no exit is taken.
    pub open: bool,
}

pub(super) struct Exit<'a> {
    pub guard: Guard,
    pub how: How<'a>,
}

pub(super) enum How<'a> {
    Return(Value<'a>),
    /// With the names at that point.
    Continue(Names<'a>),
    Break(Names<'a>),
}

impl<'a> Flow<'a> {
    pub fn open() -> Self {
        Flow { exits: Vec::new(), open: true }
    }

    fn exit(how: How<'a>, span: Span) -> Self {
        Flow { exits: vec![Exit { guard: Guard::always(span), how }], open: false }
    }

    /// What the block returns, as the body of a function.
    pub fn returned(self, span: Span) -> Value<'a> {
        let mut arms: Vec<Item<'a>> = self
            .exits
            .into_iter()
            .filter_map(|exit| match exit.how {
                How::Return(value) => Some(Item { guard: exit.guard, value }),
                _ => None,
            })
            .collect();
        // Where the end is not reached, the last exit is taken whenever no other is.
        let otherwise = match (self.open, arms.last()) {
            (false, Some(last)) if last.guard.each.is_empty() => {
                let value = last.value.clone();
                arms.pop();
                value
            }
            _ => Value::none(span),
        };
        Value::choice(arms, otherwise)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn block(&mut self, statements: &'a [Stmt], frame: &mut Frame<'a>) -> Flow<'a> {
        let mut flow = Flow::open();
        for statement in statements {
            let next = self.statement(statement, frame);
            flow.exits.extend(next.exits);
            if !next.open {
                flow.open = false;
                break;
            }
        }
        flow
    }

    pub(super) fn statement(&mut self, statement: &'a Stmt, frame: &mut Frame<'a>) -> Flow<'a> {
        let span = place(statement, frame.file);
        if !self.step() {
            let value = self.unread_value(span, TOO_MUCH);
            return Flow::exit(How::Return(value), span);
        }
        match statement {
            Stmt::Return(found) => {
                let value = found.value.as_ref().map_or(Value::none(span), |value| self.value(value, frame));
                return Flow::exit(How::Return(value), span);
            }
            // An exception that nothing handles ends the rule without a match.
            Stmt::Raise(_) => return Flow::exit(How::Return(Value::none(span)), span),
            Stmt::Continue(_) => return Flow::exit(How::Continue(frame.names.clone()), span),
            Stmt::Break(_) => return Flow::exit(How::Break(frame.names.clone()), span),
            Stmt::If(branch) => {
                let clauses: Vec<_> = branch.elif_else_clauses.iter().collect();
                return self.branch(&branch.test, &branch.body, &clauses, frame);
            }
            Stmt::For(each) => return self.for_each(each, frame),
            Stmt::While(_) => self.forget(statement, "a `while` loop", frame),
            Stmt::Match(_) => self.forget(statement, "a `match` statement", frame),
            Stmt::Try(attempt) => {
                let mut handled = frame.clone();
                self.raised.push(Vec::new());
                let mut flow = self.block(&attempt.body, frame);
                let raised = self.raised.pop().unwrap_or_default();
                if let Some(ast::ExceptHandler::ExceptHandler(handler)) = attempt.handlers.first()
                    && !raised.is_empty()
                {
                    let condition = logic::or(raised, span);
                    let handler = self.block(&handler.body, &mut handled);
                    let guarded = |exit: Exit<'a>| Exit { guard: exit.guard.and(condition.clone()), how: exit.how };
                    if handler.open {
                        for exit in &mut flow.exits {
                            exit.guard = exit.guard.and(logic::not(condition.clone()));
                        }
                    }
                    flow.exits.splice(0..0, handler.exits.into_iter().map(guarded));
                    match (handler.open, flow.open) {
                        (true, true) => {
                            frame.names = self.merge(&Guard::when(condition), &handled.names, frame.names.clone())
                        }
                        (true, false) => frame.names = handled.names,
                        _ => {}
                    }
                    flow.open |= handler.open;
                }
                for more in [&attempt.orelse, &attempt.finalbody] {
                    if flow.open {
                        let next = self.block(more, frame);
                        flow.exits.extend(next.exits);
                        flow.open = next.open;
                    }
                }
                return flow;
            }
            Stmt::With(with) => {
                for item in &with.items {
                    let value = self.value(&item.context_expr, frame);
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, value, frame);
                    }
                }
                return self.block(&with.body, frame);
            }
            Stmt::Assign(assign) => {
                let value = self.value(&assign.value, frame);
                for target in &assign.targets {
                    self.assign(target, value.clone(), frame);
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let value = self.value(value, frame);
                    self.assign(&assign.target, value, frame);
                }
            }
            Stmt::AugAssign(assign) => {
                let left = self.value(&assign.target, frame);
                let right = self.value(&assign.value, frame);
                let value = self.operate(assign.op, &left, &right, span);
                self.assign(&assign.target, value, frame);
            }
            Stmt::Expr(expression) => self.expression_statement(&expression.value, frame),
            Stmt::FunctionDef(function) => {
                let around = Rc::new(frame.names.clone());
                let value = Function::Defined(Ptr(frame.module), Ptr(function), around);
                frame.names.insert(&function.name, Value::Function(value));
            }
            Stmt::Import(_) | Stmt::ImportFrom(_) => self.import(statement, None, frame),
            _ => {}
        }
        Flow::open()
    }

    /// `if`, with the clauses that follow.
    fn branch(
        &mut self,
        test: &'a ast::Expr,
        body: &'a [Stmt],
        clauses: &[&'a ast::ElifElseClause],
        frame: &mut Frame<'a>,
    ) -> Flow<'a> {
        let condition = self.condition(test, frame);
        match logic::known(&condition) {
            Some(true) => return self.block(body, frame),
            Some(false) => return self.otherwise(clauses, frame),
            None => {}
        }
        let mut other = frame.clone();
        let then = self.block(body, frame);
        let otherwise = self.otherwise(clauses, &mut other);
        let mut exits = Vec::with_capacity(then.exits.len() + otherwise.exits.len());
        for exit in then.exits {
            exits.push(Exit { guard: exit.guard.and(condition.clone()), how: exit.how });
        }
        for exit in otherwise.exits {
            // Where the body always leaves, what comes after it is only reached without the condition.
            let guard = if then.open { exit.guard.and(logic::not(condition.clone())) } else { exit.guard };
            exits.push(Exit { guard, how: exit.how });
        }
        match (then.open, otherwise.open) {
            (true, true) => frame.names = self.merge(&Guard::when(condition), &frame.names, other.names),
            (false, true) => frame.names = other.names,
            _ => {}
        }
        Flow { exits, open: then.open || otherwise.open }
    }

    fn otherwise(&mut self, clauses: &[&'a ast::ElifElseClause], frame: &mut Frame<'a>) -> Flow<'a> {
        match clauses {
            [] => Flow::open(),
            [clause, rest @ ..] => match &clause.test {
                Some(test) => stacker::maybe_grow(RED_ZONE, STACK, || self.branch(test, &clause.body, rest, frame)),
                None => self.block(&clause.body, frame),
            },
        }
    }

    /// The names where the guard decides between two courses.
    pub(super) fn merge(&mut self, guard: &Guard, then: &Names<'a>, otherwise: Names<'a>) -> Names<'a> {
        let mut merged = otherwise;
        for (name, value) in then {
            match merged.get(name) {
                Some(other) if other == value => {}
                Some(other) => {
                    let value = self.merge_values(guard, value, other);
                    merged.insert(name, value);
                }
                None => {
                    merged.insert(name, value.clone());
                }
            }
        }
        merged
    }

    fn merge_values(&mut self, guard: &Guard, then: &Value<'a>, otherwise: &Value<'a>) -> Value<'a> {
        self.charge(logic::size(&guard.condition));
        if let (Value::Sequence(left), Value::Sequence(right)) = (then, otherwise) {
            let common = left.iter().zip(right.iter()).take_while(|(left, right)| left == right).count();
            // A list that one course made longer.
            if common == left.len().min(right.len()) || common > 0 {
                let mut items: Vec<Item<'a>> = left.iter().take(common).cloned().collect();
                for item in left.iter().skip(common) {
                    items.push(Item { guard: guard.then(&item.guard), value: item.value.clone() });
                }
                let absent = Guard::when(logic::not(guard.holds()));
                for item in right.iter().skip(common) {
                    items.push(Item { guard: absent.then(&item.guard), value: item.value.clone() });
                }
                return Value::sequence(items);
            }
        }
        if let (Value::Dict(left), Value::Dict(right)) = (then, otherwise) {
            let common = left.iter().zip(right.iter()).take_while(|(left, right)| left == right).count();
            let absent = Guard::when(logic::not(guard.holds()));
            let mut entries: Vec<Entry<'a>> = left.iter().take(common).cloned().collect();
            let under = |guard: &Guard, entry: &Entry<'a>| Entry { guard: guard.then(&entry.guard), ..entry.clone() };
            entries.extend(left.iter().skip(common).map(|entry| under(guard, entry)));
            entries.extend(right.iter().skip(common).map(|entry| under(&absent, entry)));
            return Value::Dict(Rc::new(entries));
        }
        Value::choice(vec![Item { guard: guard.clone(), value: then.clone() }], otherwise.clone()).collapsed()
    }

    /// The names that a statement gives values to can no longer be told.
    fn forget(&mut self, statement: &'a Stmt, what: &str, frame: &mut Frame<'a>) {
        let span = place(statement, frame.file);
        let value = self.unread_value(span, what);
        let mut names = Names::new();
        super::scope::assigned(statement, &mut |name| {
            names.insert(name, value.clone());
        });
        frame.names.extend(names);
    }

    fn for_each(&mut self, each: &'a ast::StmtFor, frame: &mut Frame<'a>) -> Flow<'a> {
        let list = self.value(&each.iter, frame);
        let span = place(each.iter.as_ref(), frame.file);
        let Some(items) = self.items(&list) else {
            self.unread_value(span, "a loop over this kind of value");
            let value = Value::Unread(span);
            let mut names = Names::new();
            super::scope::assigned_in(&each.body, &mut |name| {
                names.insert(name, value.clone());
            });
            super::scope::targets(&each.target, &mut |name| {
                names.insert(name, value.clone());
            });
            frame.names.extend(names);
            // The body is read once, for what it tests besides the element.
            let flow = self.block(&each.body, frame);
            let exits = flow.exits.into_iter().filter(|exit| matches!(exit.how, How::Return(_)));
            let exits = exits.map(|exit| Exit { guard: exit.guard.and(logic::unread(span)), how: exit.how }).collect();
            return Flow { exits, open: true };
        };
        let mut result = Flow::open();
        let mut alive = logic::constant(true, span);
        for item in &items {
            if !self.step() {
                self.unread_value(span, TOO_MUCH);
                break;
            }
            let (flow, broken) = self.round(each, item, &alive, frame);
            result.exits.extend(flow.exits);
            alive = logic::both(alive, logic::not(broken));
            if logic::known(&alive) == Some(false) || !flow.open {
                result.open = flow.open || logic::known(&alive) == Some(false);
                break;
            }
        }
        if result.open && !each.orelse.is_empty() {
            let mut other = frame.clone();
            let flow = self.block(&each.orelse, &mut other);
            for exit in flow.exits {
                result.exits.push(Exit { guard: exit.guard.and(alive.clone()), how: exit.how });
            }
            frame.names = self.merge(&Guard::when(alive.clone()), &other.names, frame.names.clone());
            result.open = flow.open || logic::known(&alive) != Some(true);
        }
        result
    }

    /// One round of a loop: what leaves the function in it, and when it ends the loop.
    fn round(
        &mut self,
        each: &'a ast::StmtFor,
        item: &Item<'a>,
        alive: &Expr,
        frame: &mut Frame<'a>,
    ) -> (Flow<'a>, Expr) {
        let span = place(each.iter.as_ref(), frame.file);
        let before = frame.names.clone();
        let mut inner = frame.clone();
        self.assign(&each.target, item.value.clone(), &mut inner);
        let flow = self.block(&each.body, &mut inner);
        let mut exits = Vec::new();
        let mut reached = logic::constant(true, span);
        let mut broken = logic::constant(false, span);
        let mut left: Vec<(Expr, Names<'a>)> = Vec::new();
        for exit in flow.exits {
            let holds = exit.guard.holds();
            self.charge(logic::size(&holds) + logic::size(&reached));
            match exit.how {
                How::Return(value) => {
                    let guard = item.guard.then(&exit.guard.and(reached.clone())).and(alive.clone());
                    exits.push(Exit { guard, how: How::Return(value) });
                }
                How::Continue(names) => {
                    left.push((logic::both(reached.clone(), holds.clone()), names));
                    reached = logic::both(reached, logic::not(holds));
                }
                How::Break(names) => {
                    let now = logic::both(reached.clone(), holds.clone());
                    left.push((now.clone(), names));
                    broken = logic::either(broken, item.guard.with(now));
                    reached = logic::both(reached, logic::not(holds));
                }
            }
        }
        let mut after =
            if flow.open { inner.names } else { left.pop().map_or_else(|| before.clone(), |(_, names)| names) };
        let open = flow.open || !matches!(logic::known(&reached), Some(true)) || !item.guard.is_always();
        for (condition, names) in left.into_iter().rev() {
            after = self.merge(&Guard::when(condition), &names, after);
        }
        frame.names = self.after_round(item, alive, before, after, span);
        (Flow { exits, open }, broken)
    }

    /// The names after a round that may not have taken place, or that has for each element of a list.
    fn after_round(
        &mut self,
        item: &Item<'a>,
        alive: &Expr,
        before: Names<'a>,
        after: Names<'a>,
        span: Span,
    ) -> Names<'a> {
        if item.guard.is_always() && logic::known(alive) == Some(true) {
            return after;
        }
        let guard = item.guard.and(alive.clone());
        let mut names = before.clone();
        for (name, value) in after {
            let old = before.get(name);
            if old == Some(&value) {
                continue;
            }
            let value = self.lifted(&guard, &value, old, span);
            names.insert(name, value);
        }
        names
    }

    /// A value given in a loop, seen from outside of it.
    fn lifted(&mut self, guard: &Guard, value: &Value<'a>, old: Option<&Value<'a>>, span: Span) -> Value<'a> {
        self.charge(logic::size(&guard.condition));
        match (value, old) {
            (Value::Sequence(new), Some(Value::Sequence(old))) if new.starts_with(old) => {
                let mut items = old.as_ref().clone();
                for item in new.iter().skip(old.len()) {
                    items.push(Item { guard: guard.then(&item.guard), value: item.value.clone() });
                }
                Value::sequence(items)
            }
            (Value::Dict(new), Some(Value::Dict(old))) if new.starts_with(old) => {
                let mut entries = old.as_ref().clone();
                entries.extend(
                    new.iter().skip(old.len()).map(|entry| Entry { guard: guard.then(&entry.guard), ..entry.clone() }),
                );
                Value::Dict(Rc::new(entries))
            }
            // Only some elements give the value.
            (Value::Choice(choice), Some(old)) if choice.otherwise == *old => {
                let arms =
                    choice.arms.iter().map(|arm| Item { guard: guard.then(&arm.guard), value: arm.value.clone() });
                Value::choice(arms.collect(), old.clone())
            }
            _ => {
                let old = old.cloned().unwrap_or(Value::none(span));
                Value::choice(vec![Item { guard: guard.clone(), value: value.clone() }], old)
            }
        }
    }
}

/// Stack that must be left before a level of nesting, and what is added where less is.
pub(super) const RED_ZONE: usize = 192 << 10;
pub(super) const STACK: usize = 2 << 20;
