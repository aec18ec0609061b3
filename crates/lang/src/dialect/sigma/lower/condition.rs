//! Conditions over selections. Each selection is lowered once, when the condition first names it.

use super::super::MAX_NODES;
use super::super::ast::{ConditionExpr, ConditionKind, Detection, Quantifier, Selection};
use super::super::modifiers::Placeholders;
use super::{Meaning, all, any, not, search};
use crate::similar::similar;
use ir::{Diagnostic, Span, Spanned, codes};

pub(super) struct Selections<'a> {
    selections: &'a [Selection],
    placeholders: &'a Placeholders,
    /// By the selection's place; `None` until it is needed.
    lowered: Vec<Option<Result<Meaning, ()>>>,
    /// Placeholders without values.
    pub unknown: Vec<Spanned<String>>,
    pub errors: Vec<Diagnostic>,
    nodes: usize,
}

impl<'a> Selections<'a> {
    pub fn new(detection: &'a Detection, placeholders: &'a Placeholders) -> Self {
        Selections {
            selections: &detection.selections,
            placeholders,
            lowered: vec![None; detection.selections.len()],
            unknown: Vec::new(),
            errors: Vec::new(),
            nodes: 0,
        }
    }

    /// Notes on selections that no condition names.
    pub fn unused(&self) -> Vec<Diagnostic> {
        let unused = self.selections.iter().zip(&self.lowered).filter(|(_, lowered)| lowered.is_none());
        unused
            .map(|(selection, _)| {
                let message = format!("the condition does not name `{}`", selection.name.value);
                Diagnostic::note(codes::IGNORED_KEY, message).at(selection.name.span)
            })
            .collect()
    }

    /// `None` where a diagnostic says why.
    pub fn lower(&mut self, expr: &ConditionExpr) -> Option<Meaning> {
        match &expr.kind {
            ConditionKind::Selection(name) => {
                match self.selections.iter().position(|found| found.name.value == *name) {
                    Some(at) => self.selection(at, expr.span),
                    None => self.unknown_selection(name, expr.span),
                }
            }
            ConditionKind::Of { quantifier, pattern } => self.of(*quantifier, pattern, expr.span),
            ConditionKind::Not(inner) => Some(not(self.lower(inner)?, expr.span)),
            // All are lowered, so that all mistakes are found.
            ConditionKind::And(parts) => Some(all(self.each(parts)?, expr.span)),
            ConditionKind::Or(parts) => Some(any(self.each(parts)?, expr.span)),
        }
    }

    fn each(&mut self, parts: &[ConditionExpr]) -> Option<Vec<Meaning>> {
        let lowered: Vec<_> = parts.iter().map(|part| self.lower(part)).collect();
        lowered.into_iter().collect()
    }

    fn refuse(&mut self, diagnostic: Diagnostic) -> Option<Meaning> {
        self.errors.push(diagnostic);
        None
    }

    fn unknown_selection(&mut self, name: &str, span: Span) -> Option<Meaning> {
        let shown: String = name.chars().take(60).collect();
        let error =
            Diagnostic::refusal(codes::UNKNOWN_SELECTION, format!("the rule has no selection `{shown}`")).at(span);
        let meant = similar(name, self.selections.iter().map(|selection| selection.name.value.as_str()));
        let error = match meant {
            Some(meant) => error.hint(format!("`{meant}` is similar")),
            None => error,
        };
        self.refuse(error)
    }

    fn selection(&mut self, at: usize, span: Span) -> Option<Meaning> {
        let selection = self.selections.get(at)?;
        let slot = self.lowered.get_mut(at)?;
        if slot.is_none() {
            let found = search(&selection.search, self.placeholders, &mut self.unknown, selection.name.span);
            *slot = Some(found.map_err(|error| self.errors.push(error)));
        }
        let meaning = slot.as_ref()?.as_ref().ok()?;
        self.nodes += meaning.nodes;
        if self.nodes > MAX_NODES {
            let message = format!("the condition comes to more than {MAX_NODES} tests");
            // Once is enough: every further selection is too much as well.
            let said = self.errors.iter().any(|error| error.code == codes::TOO_LARGE);
            return if said { None } else { self.refuse(Diagnostic::refusal(codes::TOO_LARGE, message).at(span)) };
        }
        Some(meaning.clone())
    }

    fn of(&mut self, quantifier: Quantifier, pattern: &Spanned<String>, span: Span) -> Option<Meaning> {
        let named = self.matching(&pattern.value);
        if named.is_empty() {
            let message = format!("no selection fits `{}`", pattern.value.chars().take(60).collect::<String>());
            return self.refuse(Diagnostic::refusal(codes::UNKNOWN_SELECTION, message).at(pattern.span));
        }
        let meanings: Vec<_> = named.iter().map(|&at| self.selection(at, span)).collect();
        let meanings: Vec<Meaning> = meanings.into_iter().collect::<Option<_>>()?;
        match quantifier {
            Quantifier::All => Some(all(meanings, span)),
            Quantifier::Any | Quantifier::AtLeast(1) => Some(any(meanings, span)),
            Quantifier::AtLeast(count) => self.at_least(count as usize, meanings, span),
        }
    }

    /// Selections that a pattern names, by their places.
    fn matching(&self, pattern: &str) -> Vec<usize> {
        let them = pattern == "them";
        let fits = |name: &str| {
            // Names with `_` in front are meant to be left out.
            let hidden = name.starts_with('_') && !pattern.starts_with('_');
            !hidden && (them || fits(pattern, name))
        };
        let all = self.selections.iter().enumerate();
        all.filter(|(_, selection)| fits(&selection.name.value)).map(|(at, _)| at).collect()
    }

    /// At least `count` of these: any of all choices of that many.
    fn at_least(&mut self, count: usize, meanings: Vec<Meaning>, span: Span) -> Option<Meaning> {
        if count > meanings.len() {
            let message = format!("{count} selections are asked for, and {} fit", meanings.len());
            return self.refuse(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(span));
        }
        let largest = meanings.iter().map(|meaning| meaning.nodes).max().unwrap_or(1);
        let choices = binomial(meanings.len(), count);
        let nodes = choices.saturating_mul(count).saturating_mul(largest);
        if nodes > MAX_NODES {
            let message = format!("choosing {count} of {} selections comes to too many tests", meanings.len());
            return self.refuse(Diagnostic::refusal(codes::TOO_LARGE, message).at(span));
        }
        self.nodes += nodes;
        let mut chosen: Vec<usize> = (0..count).collect();
        let mut alternatives = Vec::with_capacity(choices);
        loop {
            let choice = chosen.iter().filter_map(|&at| meanings.get(at).cloned()).collect();
            alternatives.push(all(choice, span));
            // The next choice in order: the last place that can move on does, and those after it follow closely.
            let can_move = |(place, at): &(usize, &usize)| **at + count - place < meanings.len();
            let Some((moved, at)) = chosen.iter().enumerate().rev().find(can_move) else {
                return Some(any(alternatives, span));
            };
            let first = at + 1;
            chosen.iter_mut().skip(moved).zip(first..).for_each(|(at, next)| *at = next);
        }
    }
}

/// How many ways there are to choose `count` of `all`.
fn binomial(all: usize, count: usize) -> usize {
    let mut ways: usize = 1;
    for step in 1..=count.min(all - count) {
        ways = match ways.checked_mul(all - step + 1) {
            Some(product) => product / step,
            None => return usize::MAX,
        };
    }
    ways
}

/// Whether a name fits a pattern with `*` for any run of characters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or("");
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or(""),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_names() {
        for (pattern, name, expected) in [
            ("selection*", "selection", true),
            ("selection*", "selection_img", true),
            ("*_img", "selection_img", true),
            ("s*_*g", "selection_img", true),
            ("s*x*g", "selection_img", false),
            ("ab*ba", "aba", false),
            ("selection", "selection", true),
            ("selection", "selection_img", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn ways_to_choose() {
        for (all, count, ways) in [(5, 2, 10), (5, 5, 1), (60, 30, 118_264_581_564_861_424), (1000, 500, usize::MAX)] {
            assert_eq!(binomial(all, count), ways);
        }
    }
}
