//! AST to an `ir` condition: what a Lucene query leaves unsaid is said here.
//!
//! * Operators have no precedence. Each clause is required, prohibited or optional: `AND` makes both of its neighbours
//!   required, `NOT` prohibits the clause after it. Where a clause is required, optional ones only change relevance; they
//!   are left out with a note. Where none is, one of the optional ones must fit; where all are prohibited, everything
//!   else is selected, as Elasticsearch has it.
//! * A field passes a test if one of its values does, and a missing field passes none: every test stands in `AnyValue`.
//! * Case counts, as it does in keyword fields. In analysed text fields words are found in any case; which fields are
//!   which is for the engine to know.

use super::Options;
use super::ast::{Clause, Conjunction, Modifier, Operand, Piece, Query, Range};
use crate::dialect::range_value::range_value;
use ir::{Case, CompareOp, Diagnostic, Expr, ExprKind, Literal, Pattern, PatternKind, Span, Spanned, TermPlace, codes};

pub(super) fn query(query: &Query, options: &Options) -> (Expr, Vec<Diagnostic>) {
    let field = options.default_field.as_ref().filter(|field| *field != "*");
    let field = field.map(|field| Spanned { value: field.clone(), span: query.span });
    let mut lowering = Lowering { options, notes: Vec::new() };
    let condition = lowering.query(query, field.as_ref());
    (condition, lowering.notes)
}

struct Lowering<'a> {
    options: &'a Options,
    notes: Vec<Diagnostic>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Occurs {
    Must,
    Should,
    Never,
}

/// Which clauses must fit, as Lucene's classic parser decides it from left to right.
fn occurrences(clauses: &[Clause], default_and: bool) -> Vec<Occurs> {
    let mut found: Vec<Occurs> = Vec::with_capacity(clauses.len());
    for clause in clauses {
        if let Some(last) = found.last_mut().filter(|last| **last != Occurs::Never) {
            match clause.conjunction {
                Some(Conjunction::And) => *last = Occurs::Must,
                Some(Conjunction::Or) if default_and => *last = Occurs::Should,
                _ => {}
            }
        }
        let required = match clause.conjunction {
            Some(Conjunction::And) => true,
            Some(Conjunction::Or) => false,
            None => default_and,
        };
        found.push(match clause.modifier {
            Some(Modifier::Prohibited) => Occurs::Never,
            Some(Modifier::Required) if !default_and => Occurs::Must,
            _ if required => Occurs::Must,
            _ => Occurs::Should,
        });
    }
    found
}

fn literal(value: Literal, span: Span) -> Expr {
    Expr::new(ExprKind::Literal(value), span)
}

fn any_value(test: ExprKind, span: Span) -> Expr {
    Expr::new(ExprKind::AnyValue(Box::new(Expr::new(test, span))), span)
}

fn joined(mut operands: Vec<Expr>, join: fn(Vec<Expr>) -> ExprKind, span: Span) -> Expr {
    if operands.len() == 1 { operands.swap_remove(0) } else { Expr::new(join(operands), span) }
}

impl Lowering<'_> {
    fn note(&mut self, message: &str, span: Span) {
        self.notes.push(Diagnostic::note(codes::RELEVANCE_ONLY, message).at(span));
    }

    fn query(&mut self, query: &Query, field: Option<&Spanned<String>>) -> Expr {
        let occurrences = occurrences(&query.clauses, self.options.default_and);
        let clauses = || query.clauses.iter().zip(&occurrences);
        let required = occurrences.contains(&Occurs::Must);
        if !required && let Some(list) = plain_terms(query, &occurrences, field) {
            self.note_boosts(query);
            return list;
        }
        let mut all = Vec::new();
        let mut any = Vec::new();
        for (clause, occurs) in clauses() {
            if *occurs == Occurs::Should && required {
                self.note("the clause only changes relevance, since others are required", clause.span);
                continue;
            }
            let condition = self.clause(clause, field);
            match occurs {
                Occurs::Should => any.push(condition),
                Occurs::Must => all.push(condition),
                Occurs::Never => all.push(Expr::new(ExprKind::Not(Box::new(condition)), clause.span)),
            }
        }
        if !any.is_empty() {
            all.insert(0, joined(any, ExprKind::Or, query.span));
        }
        if all.is_empty() {
            literal(Literal::Boolean(true), query.span)
        } else {
            joined(all, ExprKind::And, query.span)
        }
    }

    fn note_boosts(&mut self, query: &Query) {
        for clause in &query.clauses {
            if let Some(boost) = &clause.boost {
                self.note("a boost only changes relevance", boost.span);
            }
        }
    }

    fn clause(&mut self, clause: &Clause, outer: Option<&Spanned<String>>) -> Expr {
        if let Some(boost) = &clause.boost {
            self.note("a boost only changes relevance", boost.span);
        }
        if let Some(field) = &clause.field
            && field.value == "_exists_"
            && let Operand::Term { pieces, span, .. } = &clause.operand
        {
            let value = Box::new(Expr::new(ExprKind::Field(text(pieces)), *span));
            return Expr::new(ExprKind::IsNull { value, negated: true }, clause.span);
        }
        // `*` names every field.
        let field = match &clause.field {
            Some(field) => Some(field).filter(|field| field.value != "*"),
            None => outer,
        };
        match &clause.operand {
            Operand::Group(query) => self.query(query, field),
            Operand::Term { pieces, fuzzy, span } => {
                if let Some(fuzzy) = fuzzy {
                    self.lost("fuzzy search is not supported; only the term itself is found", fuzzy.span);
                }
                self.term(pieces, field, *span, clause.span)
            }
            Operand::Phrase { text, slop } => {
                if let Some(slop) = slop {
                    self.lost("proximity search is not supported; only the phrase itself is found", slop.span);
                }
                phrase(text, field, clause.span)
            }
            Operand::Regex(regex) => {
                let kind = PatternKind::LuceneRegex(regex.value.clone());
                matches(field, kind, regex.span, clause.span)
            }
            Operand::Range(range) => self::range(range, field, clause.span),
        }
    }

    fn lost(&mut self, message: &str, span: Span) {
        self.notes.push(Diagnostic::loss(codes::UNSUPPORTED_PATTERN, message).at(span));
    }

    fn term(&mut self, pieces: &[Piece], field: Option<&Spanned<String>>, at: Span, span: Span) -> Expr {
        if pieces.iter().all(|piece| *piece == Piece::Any) {
            return match field {
                Some(field) => Expr::new(ExprKind::IsNull { value: field_expr(field), negated: true }, span),
                None => literal(Literal::Boolean(true), span),
            };
        }
        let Some(text) = plain(pieces) else {
            return matches(field, PatternKind::Wildcard(wildcard(pieces)), at, span);
        };
        match (field, comparison(text)) {
            (Some(field), Some((op, limit))) => compare(field, op, range_value(limit, op, at), span),
            (Some(field), None) => compare(field, CompareOp::Equal, literal(constant(text), at), span),
            (None, _) => {
                let query = Box::new(literal(Literal::String(text.to_owned()), at));
                any_value(ExprKind::FullText { field: target(None, span), query }, span)
            }
        }
    }
}

/// `field:(a OR b)`: plain terms of one field, all optional, as one list.
fn plain_terms(query: &Query, occurrences: &[Occurs], field: Option<&Spanned<String>>) -> Option<Expr> {
    let field = field?;
    if query.clauses.len() < 2 || occurrences.iter().any(|occurs| *occurs != Occurs::Should) {
        return None;
    }
    let element = |clause: &Clause| match &clause.operand {
        _ if clause.field.is_some() => None,
        Operand::Term { pieces, fuzzy: None, span } => {
            plain(pieces).filter(|text| comparison(text).is_none()).map(|text| literal(constant(text), *span))
        }
        Operand::Phrase { text, slop: None } => Some(literal(Literal::String(text.value.clone()), text.span)),
        _ => None,
    };
    let list = query.clauses.iter().map(element).collect::<Option<Vec<_>>>()?;
    Some(any_value(ExprKind::In { value: field_expr(field), list, case: Case::Sensitive }, query.span))
}

/// The text, unless it has a wildcard.
fn plain(pieces: &[Piece]) -> Option<&str> {
    match pieces {
        [Piece::Text(text)] => Some(text),
        _ => None,
    }
}

fn constant(text: &str) -> Literal {
    match text {
        "true" => Literal::Boolean(true),
        "false" => Literal::Boolean(false),
        _ => Literal::String(text.to_owned()),
    }
}

/// Elasticsearch's `field:>=1`.
fn comparison(text: &str) -> Option<(CompareOp, &str)> {
    [
        (">=", CompareOp::GreaterOrEqual),
        ("<=", CompareOp::LessOrEqual),
        (">", CompareOp::Greater),
        ("<", CompareOp::Less),
    ]
    .into_iter()
    .find_map(|(symbol, op)| text.strip_prefix(symbol).filter(|limit| !limit.is_empty()).map(|limit| (op, limit)))
}

fn field_expr(field: &Spanned<String>) -> Box<Expr> {
    Box::new(Expr::new(ExprKind::Field(field.value.clone()), field.span))
}

/// The field, or everything the event holds.
fn target(field: Option<&Spanned<String>>, span: Span) -> Box<Expr> {
    field.map_or_else(|| Box::new(Expr::new(ExprKind::EventText, span)), field_expr)
}

fn compare(field: &Spanned<String>, op: CompareOp, right: Expr, span: Span) -> Expr {
    let right = Box::new(right);
    any_value(ExprKind::Compare { op, left: field_expr(field), right, case: Case::Sensitive }, span)
}

fn matches(field: Option<&Spanned<String>>, kind: PatternKind, at: Span, span: Span) -> Expr {
    let patterns = vec![Pattern { kind, case: Case::Sensitive, span: at }];
    any_value(ExprKind::Matches { value: target(field, span), patterns }, span)
}

fn phrase(text: &Spanned<String>, field: Option<&Spanned<String>>, span: Span) -> Expr {
    match field {
        Some(field) => compare(field, CompareOp::Equal, literal(Literal::String(text.value.clone()), text.span), span),
        None => {
            let kind = PatternKind::Term { text: text.value.clone(), place: TermPlace::Whole };
            let patterns = vec![Pattern { kind, case: Case::Insensitive, span: text.span }];
            any_value(ExprKind::Matches { value: target(None, span), patterns }, span)
        }
    }
}

fn range(range: &Range, field: Option<&Spanned<String>>, span: Span) -> Expr {
    let limit = |limit: &Option<Spanned<String>>, included: bool, open: CompareOp, closed: CompareOp| {
        let limit = limit.as_ref()?;
        let op = if included { closed } else { open };
        let right = Box::new(range_value(&limit.value, op, limit.span));
        let left = target(field, range.span);
        Some(any_value(ExprKind::Compare { op, left, right, case: Case::Sensitive }, span))
    };
    let low = limit(&range.low, range.low_included, CompareOp::Greater, CompareOp::GreaterOrEqual);
    let high = limit(&range.high, range.high_included, CompareOp::Less, CompareOp::LessOrEqual);
    let tests: Vec<_> = low.into_iter().chain(high).collect();
    match (tests.is_empty(), field) {
        (false, _) => joined(tests, ExprKind::And, span),
        (true, Some(field)) => Expr::new(ExprKind::IsNull { value: field_expr(field), negated: true }, span),
        (true, None) => literal(Literal::Boolean(true), span),
    }
}

/// The term as one text; wildcards stay.
fn text(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Any => "*",
            Piece::One => "?",
            Piece::Text(text) => text,
        })
        .collect()
}

fn wildcard(pieces: &[Piece]) -> String {
    let mut pattern = String::new();
    for piece in pieces {
        match piece {
            Piece::Any => pattern.push('*'),
            Piece::One => pattern.push('?'),
            Piece::Text(text) => {
                for character in text.chars() {
                    if matches!(character, '*' | '?' | '\\') {
                        pattern.push('\\');
                    }
                    pattern.push(character);
                }
            }
        }
    }
    pattern
}
