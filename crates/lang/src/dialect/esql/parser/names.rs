//! Column names, name patterns, sources and parameters.

use super::{Parse, Parser};
use crate::dialect::esql::ast::{Name, NamePart, Param, Pattern, PatternPart, Piece, Text, Which};
use crate::dialect::esql::lexer::{Mode, Token, TokenKind};
use ir::{Diagnostic, Spanned, codes};

/// Words that are names only in backquotes, or after a dot.
const KEYWORDS: &[&str] = &[
    "AND", "ASC", "BY", "DESC", "FALSE", "FIRST", "IN", "IS", "LAST", "LIKE", "NOT", "NULL", "NULLS", "OR", "RLIKE",
    "TRUE", "WHERE",
];

/// Whether a bare word is a keyword of expressions.
pub(in crate::dialect::esql) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// The name inside backquotes.
fn unquote(quoted: &str) -> String {
    let inner = quoted.strip_prefix('`').unwrap_or(quoted);
    inner.strip_suffix('`').unwrap_or(inner).replace("``", "`")
}

impl Parser<'_> {
    /// A dotted column name.
    pub fn name(&mut self) -> Parse<Name> {
        self.set_mode(Mode::Expression);
        let start = self.start();
        let mut parts = vec![self.name_part(true)?];
        while self.eat(".") {
            parts.push(self.name_part(false)?);
        }
        Ok(Name { qualifier: None, parts, span: self.span(start, self.end()) })
    }

    /// `[index].[name]`, a form that Elasticsearch has in its development builds.
    pub fn qualified_name(&mut self) -> Parse<Name> {
        let start = self.start();
        self.expect("[")?;
        let qualifier = self.name()?;
        let qualifier = Spanned { value: self.slice(start + 1, self.end()).trim().to_owned(), span: qualifier.span };
        self.expect("]")?;
        self.expect(".")?;
        self.expect("[")?;
        let name = self.name()?;
        self.expect("]")?;
        Ok(Name { qualifier: Some(qualifier), parts: name.parts, span: self.span(start, self.end()) })
    }

    /// Whether a `[` that comes next begins a qualified name and not a list.
    pub fn at_qualified_name(&mut self) -> bool {
        let before = self.checkpoint();
        let found = self.eat("[") && {
            let token = self.peek();
            token.kind == TokenKind::Quoted || token.kind == TokenKind::Word && !is_keyword(self.text_of(token))
        };
        self.rewind(before);
        found
    }

    fn name_part(&mut self, first: bool) -> Parse<NamePart> {
        let token = self.peek();
        let text = self.text_of(token);
        let part = match token.kind {
            TokenKind::Word if first && is_keyword(text) => return Err(self.keyword_as_name(token)),
            TokenKind::Word => NamePart::Plain(text.to_owned()),
            TokenKind::Quoted => NamePart::Plain(unquote(text)),
            TokenKind::NameParam => return Ok(NamePart::Param(self.param()?)),
            _ => return Err(self.expected("a column name")),
        };
        self.next();
        Ok(part)
    }

    /// The error for a keyword where an operand or a name must stand.
    pub fn keyword_as_name(&mut self, token: Token) -> Diagnostic {
        let word = self.text_of(token);
        let error = self.expected("an expression");
        if word.eq_ignore_ascii_case("NOT") {
            return error.hint("`NOT` binds more loosely than this operator: put it and its operand in parentheses");
        }
        error.hint(format!("`{word}` is a keyword; as a name it stands in backquotes"))
    }

    /// A dotted column name with wildcards.
    pub fn pattern(&mut self) -> Parse<Pattern> {
        self.set_mode(Mode::Names);
        let start = self.start();
        let mut parts = vec![self.pattern_part()?];
        while self.eat(".") {
            parts.push(self.pattern_part()?);
        }
        Ok(Pattern { parts, span: self.span(start, self.end()) })
    }

    fn pattern_part(&mut self) -> Parse<PatternPart> {
        let token = self.peek();
        match token.kind {
            TokenKind::Pattern => {
                self.next();
                Ok(PatternPart::Pieces(pieces(self.text_of(token))))
            }
            TokenKind::NameParam | TokenKind::Param => Ok(PatternPart::Param(self.param()?)),
            _ => Err(self.expected("a column name")),
        }
    }

    /// A column name where names may hold wildcards by the grammar, but this command takes none.
    pub fn plain_name(&mut self, command: &str) -> Parse<Name> {
        let pattern = self.pattern()?;
        let mut parts = Vec::new();
        for part in pattern.parts {
            parts.push(match part {
                PatternPart::Param(param) => NamePart::Param(param),
                PatternPart::Pieces(pieces) => {
                    let mut text = String::new();
                    for piece in pieces {
                        match piece {
                            Piece::Text(piece) => text.push_str(&piece),
                            Piece::Any => {
                                let message = format!("{command} takes no wildcards in names");
                                return Err(Diagnostic::refusal(codes::SYNTAX, message).at(pattern.span));
                            }
                        }
                    }
                    NamePart::Plain(text)
                }
            });
        }
        Ok(Name { qualifier: None, parts, span: pattern.span })
    }

    /// A bare or quoted name of an index, table or policy.
    pub fn source_name(&mut self, what: &str) -> Parse<Spanned<String>> {
        self.set_mode(Mode::Sources);
        let token = self.peek();
        match token.kind {
            TokenKind::Source => {
                self.next();
                Ok(self.spanned(self.text_of(token), token.start))
            }
            TokenKind::Text | TokenKind::RawText => self.string(),
            _ => Err(self.expected(what)),
        }
    }

    /// A `?` parameter, which is the next token.
    pub fn param(&mut self) -> Parse<Param> {
        let token = self.next();
        let text = self.text_of(token);
        let is_name = token.kind == TokenKind::NameParam;
        let name = text.trim_start_matches('?');
        let which = if name.is_empty() {
            self.anonymous += 1;
            Which::Next(self.anonymous)
        } else if name.starts_with(|first: char| first.is_ascii_digit()) {
            match name.parse() {
                Ok(position) if position > 0 => Which::Position(position),
                _ => {
                    let message = format!("`{text}` is no parameter: they are counted from 1");
                    return Err(Diagnostic::refusal(codes::LITERAL, message).at(self.span_of(token)));
                }
            }
        } else {
            Which::Named(name.to_owned())
        };
        Ok(Param { which, is_name, span: self.span_of(token) })
    }

    /// A string or a parameter.
    pub fn text_or_param(&mut self) -> Parse<Text> {
        match self.peek().kind {
            TokenKind::Param => Ok(Text::Param(self.param()?)),
            _ => Ok(Text::Plain(self.string()?)),
        }
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '`' if quoted && characters.peek() == Some(&'`') => {
                characters.next();
                plain.push('`');
            }
            '`' => quoted = !quoted,
            '*' if !quoted => {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Any);
            }
            _ => plain.push(character),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}
