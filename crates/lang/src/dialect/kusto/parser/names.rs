//! Names: bare, in brackets, with wildcards; and properties such as `kind=inner`.

use super::{Parse, Parser};
use crate::dialect::kusto::ast::{Column, Expr, ExprKind, Name, Property};
use crate::dialect::kusto::lexer::TokenKind;
use ir::Spanned;

/// Words that stand between values or end a list of them, and so are names only in brackets.
const RESERVED: &[&str] = &[
    "and",
    "between",
    "by",
    "contains",
    "contains_cs",
    "endswith",
    "endswith_cs",
    "has",
    "has_all",
    "has_any",
    "has_cs",
    "hasprefix",
    "hasprefix_cs",
    "hassuffix",
    "hassuffix_cs",
    "in",
    "like",
    "likecs",
    "matches",
    "notcontains",
    "notcontainscs",
    "notlike",
    "notlikecs",
    "or",
    "startswith",
    "startswith_cs",
];

/// Properties that operators have without a dot in their names.
const PROPERTIES: &[&str] = &[
    "bagexpansion",
    "decodeblocks",
    "flags",
    "isfuzzy",
    "kind",
    "with_itemindex",
    "with_match_id",
    "with_source",
    "with_step_name",
    "withsource",
];

/// Whether a word cannot be a name where a value may stand.
pub(in crate::dialect::kusto) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// Whether a name needs no brackets because of its characters.
pub(in crate::dialect::kusto) fn is_bare(name: &str) -> bool {
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$'));
    first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl Parser<'_> {
    /// Whether a name comes next, bare or in brackets.
    pub fn at_name(&mut self) -> bool {
        match self.peek().kind {
            TokenKind::Word => true,
            TokenKind::Symbol("[") => self.peek_second().kind == TokenKind::Text,
            _ => false,
        }
    }

    /// A name, bare or as `['name']`.
    pub fn name(&mut self) -> Parse<Name> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word => {
                self.next();
                Ok(self.spanned(self.text_of(token), token.start))
            }
            TokenKind::Symbol("[") => {
                self.next();
                let (text, _) = self.text("the name as a string")?;
                self.close("]", token.start)?;
                Ok(self.spanned(text.value, token.start))
            }
            _ => Err(self.expected("a name")),
        }
    }

    /// A name, or one with `*` in it, as [`ExprKind::Name`], [`ExprKind::Wildcard`] or [`ExprKind::Star`].
    pub fn name_or_wildcard(&mut self) -> Parse<Expr> {
        let start = self.start();
        let mut end = start;
        let mut wild = false;
        loop {
            let token = self.peek();
            let belongs = matches!(token.kind, TokenKind::Word | TokenKind::Integer | TokenKind::Symbol("*"));
            if !belongs || (end > start && token.start != end) || (token.kind == TokenKind::Integer && end == start) {
                break;
            }
            wild |= token.kind == TokenKind::Symbol("*");
            self.next();
            end = token.end;
            // A word is over unless `*` follows at once.
            if !wild && self.peek().kind != TokenKind::Symbol("*") {
                break;
            }
        }
        let kind = match self.slice(start, end) {
            "" => ExprKind::Name(self.name()?.value),
            "*" => ExprKind::Star,
            pattern if wild => ExprKind::Wildcard(pattern.to_owned()),
            name => ExprKind::Name(name.to_owned()),
        };
        Ok(Expr { kind, span: self.since(start) })
    }

    /// `name: type`
    pub fn column(&mut self) -> Parse<Column> {
        let name = self.name()?;
        self.expect(":")?;
        Ok(Column { name, type_name: self.type_name()? })
    }

    pub fn type_name(&mut self) -> Parse<Spanned<String>> {
        let token = self.peek();
        if token.kind != TokenKind::Word {
            return Err(self.expected("the name of a type"));
        }
        self.next();
        Ok(self.spanned(self.text_of(token), token.start))
    }

    /// `(name: type, ...)`, with or without a comma at the end.
    pub fn schema(&mut self) -> Parse<Vec<Column>> {
        let open = self.start();
        self.expect("(")?;
        let mut columns = Vec::new();
        while !self.at_symbol(")") {
            columns.push(self.column()?);
            if !self.eat(",") {
                break;
            }
        }
        self.close(")", open)?;
        Ok(columns)
    }

    /// Options of an operator before its operands: `kind=inner hint.strategy=shuffle`.
    pub fn properties(&mut self) -> Parse<Vec<Property>> {
        let mut properties = Vec::new();
        loop {
            let start = self.start();
            let token = self.peek();
            let word = self.text_of(token);
            if token.kind != TokenKind::Word || !(word == "hint" || PROPERTIES.contains(&word)) {
                return Ok(properties);
            }
            let before = self.checkpoint();
            self.next();
            while word == "hint" && self.eat(".") {
                self.next();
            }
            let name = self.spanned(self.slice(start, self.end()), start);
            if !self.eat("=") {
                self.rewind(before);
                return Ok(properties);
            }
            properties.push(Property { name, value: self.property_value()? });
        }
    }

    /// A name or a literal.
    pub fn property_value(&mut self) -> Parse<Expr> {
        let start = self.start();
        let kind = match self.literal()? {
            Some(literal) => ExprKind::Literal(literal),
            None if self.at_name() => ExprKind::Name(self.name()?.value),
            None => return Err(self.expected("a name or a constant")),
        };
        Ok(Expr { kind, span: self.since(start) })
    }

    /// `(name=value, ...)`
    pub fn property_list(&mut self) -> Parse<Vec<Property>> {
        let open = self.start();
        self.expect("(")?;
        let mut properties = Vec::new();
        while !self.at_symbol(")") {
            let name = self.name()?;
            self.expect("=")?;
            properties.push(Property { name, value: self.expression()? });
            if !self.eat(",") {
                break;
            }
        }
        self.close(")", open)?;
        Ok(properties)
    }
}
