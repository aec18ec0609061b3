//! The tests of a condition.

use super::columns::{Columns, Origin, is_constant, shown};
use super::{Element, Predicate, Value};
use crate::{Operator, Polarity};
use ir::{CompareOp, Expr, ExprKind, IndicatorPair, LineColumn, Literal, Pattern, PatternKind, Span};
use std::collections::HashSet;

/// Positions are filled in by whoever has the text.
const NOWHERE: LineColumn = LineColumn { line: 0, column: 0 };

/// A walk over the conditions of a rule.
#[derive(Default)]
pub struct Walk {
    /// The names of what the rule reads.
    pub log_sources: HashSet<String>,
    pub columns: Columns,
    pub predicates: Vec<Predicate>,
}

impl Walk {
    pub fn condition(&mut self, expr: &Expr, polarity: Polarity) {
        match &expr.kind {
            ExprKind::Not(inner) => match unequal(expr, inner) {
                Some((left, right)) => self.compare(CompareOp::NotEqual, left, right, polarity),
                None => self.condition(inner, !polarity),
            },
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().for_each(|part| self.condition(part, polarity)),
            ExprKind::AnyValue(test) | ExprKind::AnyElement { test, .. } => self.condition(test, polarity),
            ExprKind::Compare { op, left, right, .. } => self.compare(*op, left, right, polarity),
            ExprKind::In { value, list, .. } => self.membership(value, list, polarity),
            ExprKind::Matches { value, patterns } => {
                for pattern in patterns {
                    let (op, text) = of_pattern(pattern);
                    self.add(value, op, Value::One(text), polarity, pattern.span);
                }
            }
            ExprKind::IsNull { value, negated } => {
                let op = if *negated { Operator::IsNotNull } else { Operator::IsNull };
                self.add(value, op, Value::None, polarity, value.span);
            }
            ExprKind::FullText { field, query } => self.constant(field, Operator::Match, query, polarity),
            ExprKind::Call { function, args, .. } => self.call(&function.value, args, polarity),
            ExprKind::Cast { value, .. } => self.condition(value, polarity),
            ExprKind::Field(name) => match self.columns.definition(name).cloned() {
                Some(definition) => self.condition(&definition, polarity),
                None => self.add(expr, Operator::Eq, Value::One("true".to_owned()), polarity, expr.span),
            },
            _ => {}
        }
    }

    fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr, polarity: Polarity) {
        let op = of_compare(op);
        match (is_constant(left), is_constant(right)) {
            (false, true) => self.compare_constant(op, left, right, polarity),
            (true, false) => self.compare_constant(op.mirrored(), right, left, polarity),
            (false, false) => self.compare_fields(op, left, right, polarity),
            (true, true) => {}
        }
    }

    fn compare_constant(&mut self, op: Operator, value: &Expr, constant: &Expr, polarity: Polarity) {
        // A field and a value written by one word (EQL's `process where`) name the kind of events and are no test of the
        // author's.
        if constant.span == value.span && constant.span != Span::default() {
            return;
        }
        let ExprKind::Literal(literal) = &constant.kind else {
            return self.constant(value, op, constant, polarity);
        };
        if *literal == Literal::Null {
            let op = if op == Operator::Ne { Operator::IsNotNull } else { Operator::IsNull };
            return self.add(value, op, Value::None, polarity, value.span);
        }
        // `a == x` under a name, and later `name == true`.
        if let Some(definition) = self.definition(value) {
            return self.follow(op, &definition, literal, polarity);
        }
        self.constant(value, op, constant, polarity);
    }

    /// What is behind a value that is no field: its own text if that is a condition, or what its name was defined as.
    fn definition(&self, value: &Expr) -> Option<Expr> {
        match &value.kind {
            ExprKind::Field(name) => self.columns.definition(name).cloned(),
            _ if self.columns.origin(value).is_none() => Some(value.clone()),
            _ => None,
        }
    }

    /// A condition compared with true or false, or a choice compared with one of its results.
    fn follow(&mut self, op: Operator, definition: &Expr, literal: &Literal, polarity: Polarity) {
        let polarity = if op == Operator::Ne { !polarity } else { polarity };
        match (&definition.kind, literal) {
            (ExprKind::Call { function, args, .. }, _) if matches!(function.value.as_str(), "case" | "if" | "iff") => {
                let chosen =
                    |result: &Expr| matches!(&result.kind, ExprKind::Literal(constant) if same(constant, literal));
                for arm in args.chunks(2) {
                    match arm {
                        [condition, result] if chosen(result) => self.condition(condition, polarity),
                        // The last result of an `if` of two outcomes: the condition before it failed.
                        [result] if args.len() == 3 && chosen(result) => self.condition(&args[0], !polarity),
                        _ => {}
                    }
                }
            }
            (ExprKind::Call { function, args, .. }, _) if function.value == "coalesce" => {
                if let Some(first) = args.first() {
                    self.follow(op, first, literal, polarity);
                }
            }
            (_, Literal::Boolean(true)) => self.condition(definition, polarity),
            (_, Literal::Boolean(false)) => self.condition(definition, !polarity),
            _ => {}
        }
    }

    fn compare_fields(&mut self, op: Operator, left: &Expr, right: &Expr, polarity: Polarity) {
        let polarity = match op {
            Operator::Eq => polarity,
            Operator::Ne => !polarity,
            _ => return,
        };
        if let Some(other) = self.columns.origin(right) {
            self.add(left, Operator::EqField, Value::One(other.field), polarity, right.span);
        }
    }

    fn membership(&mut self, value: &Expr, list: &[Expr], polarity: Polarity) {
        let elements: Vec<Element> = list.iter().flat_map(elements).collect();
        if is_constant(value) {
            // `"x" in (a, b)`: each field is tested for the same value.
            for field in list.iter().filter(|item| !is_constant(item)) {
                self.constant(field, Operator::Eq, value, polarity);
            }
        } else if !elements.is_empty() {
            self.add(value, Operator::In, Value::List(elements), polarity, value.span);
        }
        for other in list.iter().filter(|item| !is_constant(item) && !is_constant(value)) {
            self.compare_fields(Operator::Eq, value, other, polarity);
        }
    }

    /// Functions that are tests.
    fn call(&mut self, function: &str, args: &[Expr], polarity: Polarity) {
        let op = match function {
            "starts_with" => Operator::StartsWith,
            "ends_with" => Operator::EndsWith,
            "contains" => Operator::Contains,
            "mv_contains" => Operator::Eq,
            "match" | "match_phrase" => Operator::Match,
            "cidr_match" => Operator::CidrMatch,
            // Python's truth of a value asks above all whether it is there.
            "truthy" => {
                return args
                    .iter()
                    .for_each(|value| self.add(value, Operator::IsNotNull, Value::None, polarity, value.span));
            }
            "coalesce" => return args.iter().take(1).for_each(|first| self.condition(first, polarity)),
            "case" | "if" | "iff" => return self.follow_truth(args, polarity),
            _ => return,
        };
        if let Some((value, operands)) = args.split_first() {
            operands.iter().for_each(|operand| self.constant(value, op, operand, polarity));
        }
    }

    /// A choice that is itself the condition.
    fn follow_truth(&mut self, args: &[Expr], polarity: Polarity) {
        for arm in args.chunks(2) {
            match arm {
                [condition, result] => match &result.kind {
                    ExprKind::Literal(Literal::Boolean(true)) => self.condition(condition, polarity),
                    ExprKind::Literal(Literal::Boolean(false)) => self.condition(condition, !polarity),
                    _ => {
                        self.condition(condition, polarity);
                        self.condition(result, polarity);
                    }
                },
                [otherwise] => self.condition(otherwise, polarity),
                _ => {}
            }
        }
    }

    /// The test of a value against a constant expression; one test for each element of a list.
    fn constant(&mut self, value: &Expr, op: Operator, constant: &Expr, polarity: Polarity) {
        for element in elements(constant) {
            self.add(value, op, Value::One(element.text), polarity, element.span);
        }
    }

    /// A pair of an indicator match reads as two fields that are equal.
    pub fn indicator_pair(&mut self, pair: &IndicatorPair) {
        self.predicates.push(Predicate {
            vendor_field: pair.field.value.clone(),
            field: pair.field.value.clone(),
            via: None,
            op: Operator::EqField,
            value: Value::One(pair.indicator_field.value.clone()),
            polarity: if pair.negated { Polarity::Exclude } else { Polarity::Include },
            span: pair.field.span,
            at: NOWHERE,
        });
    }

    fn add(&mut self, value: &Expr, op: Operator, tested: Value, polarity: Polarity, span: Span) {
        let Some(Origin { field, via }) = self.columns.origin(value) else { return };
        let (op, polarity) = match (op, polarity) {
            // Not unequal is equal, and unequal speaks against.
            (Operator::Ne, Polarity::Exclude) => (Operator::Eq, Polarity::Include),
            (Operator::Ne, Polarity::Include) => (Operator::Ne, Polarity::Exclude),
            unchanged => unchanged,
        };
        self.predicates.push(Predicate {
            vendor_field: field.clone(),
            field,
            via,
            op,
            value: tested,
            polarity,
            span,
            at: NOWHERE,
        });
    }
}

/// The two sides of a `!=` that a language writes as one operator and means as the negation of an equality, as EQL does:
/// then the negation stands where the equality does.
fn unequal<'e>(negation: &Expr, negated: &'e Expr) -> Option<(&'e Expr, &'e Expr)> {
    let ExprKind::AnyValue(test) = &negated.kind else { return None };
    match &test.kind {
        ExprKind::Compare { op: CompareOp::Equal, left, right, .. }
            if negation.span == negated.span && negation.span != Span::default() =>
        {
            Some((left, right))
        }
        _ => None,
    }
}

/// The constants that an expression stands for.
fn elements(constant: &Expr) -> Vec<Element> {
    let one = |text: String| vec![Element { text, span: constant.span }];
    match &constant.kind {
        ExprKind::Literal(Literal::List(values)) => {
            values.iter().map(|value| Element { text: shown(value), span: constant.span }).collect()
        }
        ExprKind::Literal(Literal::Null) => Vec::new(),
        ExprKind::Literal(literal) => one(shown(literal)),
        ExprKind::Negate(inner) => match elements(inner).as_slice() {
            [element] => one(format!("-{}", element.text)),
            _ => Vec::new(),
        },
        ExprKind::Cast { value, .. } => elements(value),
        // A call of constants (`now()`, `ago(1d)`) bounds the time that is searched, which is no indicator.
        _ => Vec::new(),
    }
}

/// Whether a literal is the other, also where one is a number and the other the same number as text.
fn same(a: &Literal, b: &Literal) -> bool {
    a == b || shown(a) == shown(b)
}

fn of_compare(op: CompareOp) -> Operator {
    match op {
        CompareOp::Equal => Operator::Eq,
        CompareOp::NotEqual => Operator::Ne,
        CompareOp::Less => Operator::Lt,
        CompareOp::LessOrEqual => Operator::Lte,
        CompareOp::Greater => Operator::Gt,
        CompareOp::GreaterOrEqual => Operator::Gte,
    }
}

fn of_pattern(pattern: &Pattern) -> (Operator, String) {
    match &pattern.kind {
        PatternKind::Equals(text) => (Operator::Eq, text.clone()),
        PatternKind::Contains(text) => (Operator::Contains, text.clone()),
        PatternKind::StartsWith(text) => (Operator::StartsWith, text.clone()),
        PatternKind::EndsWith(text) => (Operator::EndsWith, text.clone()),
        // As an analyst writes it: a backslash is one, and only wildcards stay escaped.
        PatternKind::Wildcard(text) => (Operator::Wildcard, text.replace(r"\\", r"\")),
        PatternKind::LuceneRegex(text) | PatternKind::Regex { pattern: text, .. } => {
            (Operator::RegexMatch, text.clone())
        }
        PatternKind::Term { text, .. } => (Operator::Match, text.clone()),
        PatternKind::Cidr(network) => (Operator::CidrMatch, network.clone()),
    }
}
