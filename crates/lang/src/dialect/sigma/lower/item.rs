//! A key with its values as tests of its field.

use super::super::ast::{Item, Value};
use super::super::glob::Glob;
use super::super::modifiers::{self, Form, Operand, Place, Placeholders, Regex, Subject};
use super::{Meaning, Truth, all, any, not};
use ir::{
    Case, CompareOp, Diagnostic, Expr, ExprKind, Literal, Pattern, PatternKind, RegexSyntax, Span, Spanned, codes,
};

pub(super) fn lower(
    item: &Item,
    placeholders: &Placeholders,
    unknown: &mut Vec<Spanned<String>>,
) -> Result<Meaning, Diagnostic> {
    let mut subject = Subject {
        has_field: item.key.field.is_some(),
        operands: item.values.iter().map(operand).collect(),
        all: false,
        negated: false,
        case: Case::Insensitive,
        placed: false,
        placeholders,
        unknown: Vec::new(),
    };
    modifiers::apply(&item.key.modifiers, &mut subject)?;
    unknown.append(&mut subject.unknown);
    let value = match &item.key.field {
        Some(field) => Expr::new(ExprKind::Field(field.value.clone()), field.span),
        None => Expr::new(ExprKind::EventText, item.key.span),
    };
    let span = subject.operands.last().map_or(item.key.span, |last| item.key.span.to(last.span));
    let negated = subject.negated;
    let tests = Tests { value, case: subject.case, placed: subject.placed };
    let meaning = tests.lower(subject, span)?;
    Ok(if negated { not(meaning, span) } else { meaning })
}

/// Words anywhere in the event: any of these.
pub(super) fn words(words: &[&Value]) -> Result<Meaning, Diagnostic> {
    let span = words.iter().map(|word| word.span).reduce(Span::to).unwrap_or_default();
    let tests = Tests { value: Expr::new(ExprKind::EventText, span), case: Case::Insensitive, placed: true };
    let operands: Vec<Operand> = words.iter().map(|word| operand(word)).collect();
    tests.any(&operands, span)
}

fn operand(value: &Value) -> Operand {
    let form = match &value.constant {
        Literal::Null => Form::Null,
        Literal::Boolean(value) => Form::Boolean(*value),
        Literal::String(text) => Form::Text(Glob::parse(text)),
        number => Form::Number(number.clone()),
    };
    Operand { forms: vec![form], span: value.span }
}

/// Tests of one value, a field's or the whole event's.
struct Tests {
    value: Expr,
    case: Case,
    placed: bool,
}

/// What is equal to a constant, what fits a pattern, and everything else, in the order they were written in.
#[derive(Default)]
struct Sorted {
    constants: Vec<Expr>,
    patterns: Vec<Pattern>,
    others: Vec<Meaning>,
    /// Some test may hold.
    hopeful: bool,
}

impl Tests {
    fn lower(&self, subject: Subject<'_>, span: Span) -> Result<Meaning, Diagnostic> {
        if !subject.all {
            return self.any(&subject.operands, span);
        }
        let each: Result<Vec<_>, _> =
            subject.operands.iter().map(|operand| self.any(std::slice::from_ref(operand), operand.span)).collect();
        Ok(all(each?, span))
    }

    fn any(&self, operands: &[Operand], span: Span) -> Result<Meaning, Diagnostic> {
        let mut sorted = Sorted::default();
        // Equal strings are compared like numbers, unless a pattern is among the values: then they are patterns too.
        let all_equal = operands.iter().flat_map(|operand| &operand.forms).all(|form| match form {
            Form::Text(glob) => glob.text().is_some(),
            _ => true,
        });
        for operand in operands {
            for form in &operand.forms {
                self.sort(form, operand.span, all_equal, &mut sorted)?;
            }
        }
        Ok(self.joined(sorted, span))
    }

    fn sort(&self, form: &Form, span: Span, all_equal: bool, sorted: &mut Sorted) -> Result<(), Diagnostic> {
        let is_event = self.value.kind == ExprKind::EventText;
        let refuse = |message: &str| Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message.to_owned()).at(span));
        let mut push_pattern = |kind: PatternKind, case: Case| sorted.patterns.push(Pattern { kind, case, span });
        match form {
            Form::Text(glob) => {
                sorted.hopeful |= !glob.open;
                if is_event {
                    let around = glob.surrounded(true, true);
                    match around.pattern(true) {
                        Some(kind) => push_pattern(kind, self.case),
                        None => return refuse("the bytes of the value are no text, so that nothing fits them"),
                    }
                } else if glob.fits_all() {
                    sorted.others.push(self.known(true, span));
                } else if let Some(text) = glob.text().filter(|_| all_equal) {
                    sorted.constants.push(literal(Literal::String(text.to_owned()), span));
                } else {
                    match glob.pattern(self.placed) {
                        Some(kind) => push_pattern(kind, self.case),
                        None => return refuse("the bytes of the value are no text, so that nothing fits them"),
                    }
                }
            }
            Form::Number(_) | Form::Boolean(_) if is_event => {
                sorted.hopeful = true;
                let text = match form {
                    Form::Number(number) => number.to_string(),
                    _ => (*form == Form::Boolean(true)).to_string(),
                };
                push_pattern(PatternKind::Contains(text), self.case);
            }
            Form::Number(number) => {
                sorted.hopeful = true;
                sorted.constants.push(literal(number.clone(), span));
            }
            Form::Boolean(value) => {
                sorted.hopeful = true;
                sorted.constants.push(literal(Literal::Boolean(*value), span));
            }
            Form::Regex(regex) => {
                sorted.hopeful |= !regex.open;
                push_pattern(self.regex(regex), if regex.ignore_case { Case::Insensitive } else { Case::Sensitive });
            }
            Form::Network(network) => {
                sorted.hopeful = true;
                push_pattern(PatternKind::Cidr(network.clone()), Case::Insensitive);
            }
            _ if is_event => return refuse("a word to be found anywhere in the event is a string"),
            Form::Null => sorted.others.push(self.known(false, span)),
            Form::Exists(exists) => sorted.others.push(self.known(*exists, span)),
            Form::Compared(op, number) => {
                let kind = ExprKind::Compare {
                    op: *op,
                    left: Box::new(self.value.clone()),
                    right: Box::new(literal(number.clone(), span)),
                    case: self.case,
                };
                sorted.others.push(self.any_value(kind, span));
            }
            Form::Field { name, place } => sorted.others.push(self.field(name, *place, span)),
            Form::TimePart { part, op, number } => sorted.others.push(self.time_part(part, *op, number, span)),
        }
        Ok(())
    }

    fn regex(&self, regex: &Regex) -> PatternKind {
        let flags = match (regex.multi_line, regex.single_line) {
            (true, true) => "(?ms)",
            (true, false) => "(?m)",
            (false, true) => "(?s)",
            (false, false) => "",
        };
        let pattern = format!("{flags}{}", regex.pattern);
        PatternKind::Regex { pattern, syntax: RegexSyntax::Pcre, anchor: regex.anchor }
    }

    fn joined(&self, sorted: Sorted, span: Span) -> Meaning {
        let truth = if sorted.hopeful { Truth::Maybe } else { Truth::Never };
        let mut meanings = sorted.others;
        let nodes = sorted.constants.len();
        let mut constants = sorted.constants.into_iter();
        match (constants.next(), constants.len()) {
            (None, _) => {}
            (Some(only), 0) => {
                let span = self.value.span.to(only.span);
                let (left, right) = (Box::new(self.value.clone()), Box::new(only));
                let kind = ExprKind::Compare { op: CompareOp::Equal, left, right, case: self.case };
                meanings.push(Meaning { truth, ..self.any_value(kind, span) });
            }
            (Some(first), _) => {
                let list = std::iter::once(first).chain(constants).collect();
                let kind = ExprKind::In { value: Box::new(self.value.clone()), list, case: self.case };
                meanings.push(Meaning { truth, nodes, ..self.any_value(kind, span) });
            }
        }
        if !sorted.patterns.is_empty() {
            let nodes = sorted.patterns.len();
            let kind = ExprKind::Matches { value: Box::new(self.value.clone()), patterns: sorted.patterns };
            meanings.push(Meaning { truth, nodes, ..self.any_value(kind, span) });
        }
        any(meanings, span)
    }

    fn any_value(&self, kind: ExprKind, span: Span) -> Meaning {
        let test = Expr::new(kind, span);
        Meaning { expr: Expr::new(ExprKind::AnyValue(Box::new(test)), span), truth: Truth::Maybe, nodes: 1 }
    }

    /// Whether the field is there. Not within `AnyValue`, which a missing field never passes.
    fn known(&self, known: bool, span: Span) -> Meaning {
        let span = self.value.span.to(span);
        let expr = Expr::new(ExprKind::IsNull { value: Box::new(self.value.clone()), negated: known }, span);
        Meaning { expr, truth: Truth::Maybe, nodes: 1 }
    }

    /// A comparison with another field.
    fn field(&self, name: &str, place: Place, span: Span) -> Meaning {
        let other = Expr::new(ExprKind::Field(name.to_owned()), span);
        let function = match place {
            Place::Whole => {
                let (left, right) = (Box::new(self.value.clone()), Box::new(other));
                let kind = ExprKind::Compare { op: CompareOp::Equal, left, right, case: self.case };
                return self.any_value(kind, span);
            }
            Place::Anywhere => "contains",
            Place::Start => "starts_with",
            Place::End => "ends_with",
        };
        let args = [self.value.clone(), other].map(|arg| match self.case {
            Case::Sensitive => arg,
            Case::Insensitive => call("to_lower", vec![arg], span),
        });
        self.any_value(call(function, args.to_vec(), span).kind, span)
    }

    fn time_part(&self, part: &str, op: CompareOp, number: &Literal, span: Span) -> Meaning {
        let part = literal(Literal::String(part.to_owned()), self.value.span);
        let time = call("to_datetime", vec![self.value.clone()], self.value.span);
        let kind = ExprKind::Compare {
            op,
            left: Box::new(call("date_extract", vec![part, time], self.value.span)),
            right: Box::new(literal(number.clone(), span)),
            case: Case::Sensitive,
        };
        self.any_value(kind, span)
    }
}

fn literal(literal: Literal, span: Span) -> Expr {
    Expr::new(ExprKind::Literal(literal), span)
}

fn call(function: &str, args: Vec<Expr>, span: Span) -> Expr {
    let function = Spanned { value: function.to_owned(), span };
    Expr::new(ExprKind::Call { function, args, filter: None }, span)
}
