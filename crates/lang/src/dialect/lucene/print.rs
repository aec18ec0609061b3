//! AST to text that parses to the same AST.

use super::ast::{Clause, Conjunction, Fuzzy, Modifier, Operand, Piece, Query, Range};
use super::lexer::{ends_word, keyword};
use ir::Spanned;

pub(super) fn query(query: &Query) -> String {
    let mut out = String::new();
    clauses(query, &mut out);
    out
}

fn clauses(query: &Query, out: &mut String) {
    for (position, clause) in query.clauses.iter().enumerate() {
        out.push_str(if position > 0 { " " } else { "" });
        self::clause(clause, out);
    }
}

fn clause(clause: &Clause, out: &mut String) {
    out.push_str(match clause.conjunction {
        Some(Conjunction::And) => "AND ",
        Some(Conjunction::Or) => "OR ",
        None => "",
    });
    out.push_str(match clause.modifier {
        Some(Modifier::Required) => "+",
        Some(Modifier::Prohibited) => "NOT ",
        None => "",
    });
    if let Some(field) = &clause.field {
        word(&field.value, out);
        out.push(':');
    }
    match &clause.operand {
        Operand::Group(query) => {
            out.push('(');
            clauses(query, out);
            out.push(')');
        }
        Operand::Term { pieces, fuzzy, .. } => {
            term(pieces, out);
            self::fuzzy(fuzzy, out);
        }
        Operand::Phrase { text, slop } => {
            quoted(&text.value, out);
            fuzzy(slop, out);
        }
        Operand::Regex(regex) => {
            out.push('/');
            out.push_str(&regex.value);
            out.push('/');
        }
        Operand::Range(range) => self::range(range, out),
    }
    if let Some(boost) = &clause.boost {
        out.push_str(&format!("^{}", boost.value));
    }
}

fn fuzzy(fuzzy: &Option<Spanned<Fuzzy>>, out: &mut String) {
    if let Some(Spanned { value: Fuzzy(distance), .. }) = fuzzy {
        out.push('~');
        out.push_str(&distance.map_or(String::new(), |distance| distance.to_string()));
    }
}

fn range(range: &Range, out: &mut String) {
    let limit = |limit: &Option<Spanned<String>>, out: &mut String| match limit {
        Some(limit) => quoted(&limit.value, out),
        None => out.push('*'),
    };
    out.push(if range.low_included { '[' } else { '{' });
    limit(&range.low, out);
    out.push_str(" TO ");
    limit(&range.high, out);
    out.push(if range.high_included { ']' } else { '}' });
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

fn word(text: &str, out: &mut String) {
    term(&[Piece::Text(text.to_owned())], out);
}

fn term(pieces: &[Piece], out: &mut String) {
    let mut raw = String::new();
    for piece in pieces {
        match piece {
            Piece::Any => raw.push('*'),
            Piece::One => raw.push('?'),
            Piece::Text(text) => {
                for character in text.chars() {
                    let first = raw.is_empty() && matches!(character, '+' | '-');
                    if first || ends_word(character) || matches!(character, '*' | '?' | '\\') {
                        raw.push('\\');
                    }
                    raw.push(character);
                }
            }
        }
    }
    if keyword(&raw).is_some() {
        out.push('\\');
    }
    out.push_str(&raw);
}
