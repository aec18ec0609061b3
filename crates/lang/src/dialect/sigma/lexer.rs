//! The words and signs of a condition.

use crate::Origin;
use ir::{CompareOp, Diagnostic, Span, codes};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub kind: TokenKind<'a>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind<'a> {
    /// A name, a pattern of names, a keyword or a number.
    Word(&'a str),
    Open,
    Close,
    Comma,
    Pipe,
    Compare(CompareOp),
    End,
}

impl TokenKind<'_> {
    /// How a message names it.
    pub fn shown(&self) -> String {
        match self {
            TokenKind::Word(word) => format!("`{}`", word.chars().take(60).collect::<String>()),
            TokenKind::Open => "`(`".to_owned(),
            TokenKind::Close => "`)`".to_owned(),
            TokenKind::Comma => "`,`".to_owned(),
            TokenKind::Pipe => "`|`".to_owned(),
            TokenKind::Compare(_) => "a comparison".to_owned(),
            TokenKind::End => "the end of the condition".to_owned(),
        }
    }
}

/// Signs in the order in which they are tried.
const SIGNS: &[(&str, TokenKind<'static>)] = &[
    ("(", TokenKind::Open),
    (")", TokenKind::Close),
    (",", TokenKind::Comma),
    ("|", TokenKind::Pipe),
    (">=", TokenKind::Compare(CompareOp::GreaterOrEqual)),
    ("<=", TokenKind::Compare(CompareOp::LessOrEqual)),
    ("!=", TokenKind::Compare(CompareOp::NotEqual)),
    ("==", TokenKind::Compare(CompareOp::Equal)),
    (">", TokenKind::Compare(CompareOp::Greater)),
    ("<", TokenKind::Compare(CompareOp::Less)),
    ("=", TokenKind::Compare(CompareOp::Equal)),
];

/// The tokens of a condition, the last of which is its end.
pub(super) fn tokens<'a>(text: &'a str, origin: &Origin) -> Result<Vec<Token<'a>>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else { break };
        let word = trimmed.find(|character| !is_word(character)).unwrap_or(trimmed.len());
        let (kind, length) = if let Some(word) = trimmed.get(..word).filter(|word| !word.is_empty()) {
            (TokenKind::Word(word), word.len())
        } else if let Some((sign, kind)) = SIGNS.iter().find(|(sign, _)| trimmed.starts_with(sign)) {
            (*kind, sign.len())
        } else {
            let message = format!("`{first}` means nothing in a condition");
            return Err(Diagnostic::refusal(codes::SYNTAX, message).at(origin.span(at, at + first.len_utf8())));
        };
        tokens.push(Token { kind, span: origin.span(at, at + length) });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, span: origin.span(text.trim_end().len(), text.trim_end().len()) });
    Ok(tokens)
}

/// Characters of names: of selections, of patterns of them, and, in aggregations, of fields.
fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '*' | '.' | '@' | '$' | '?')
}
