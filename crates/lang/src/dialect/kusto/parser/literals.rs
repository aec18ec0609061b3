//! Constants: strings of all forms, numbers, spans of time, `datetime(...)` and its kin, `dynamic(...)`.

use super::{Parse, Parser, shorten};
use crate::dialect::kusto::ast::{Json, JsonKind, Literal};
use crate::dialect::kusto::lexer::{self, TokenKind};
use ir::{Diagnostic, Spanned, codes};

/// Types whose literals are written as `type(text)`.
pub(in crate::dialect::kusto) const TYPES: &[&str] = &[
    "bool", "boolean", "date", "datetime", "decimal", "double", "guid", "int", "int32", "int64", "long", "real",
    "time", "timespan", "typeof", "uniqueid", "uuid",
];

impl Parser<'_> {
    /// A literal, if one comes next; numbers may have a sign.
    pub fn literal(&mut self) -> Parse<Option<Literal>> {
        let token = self.peek();
        let text = self.text_of(token);
        Ok(Some(match token.kind {
            TokenKind::Symbol("-" | "+") => {
                let negative = token.kind == TokenKind::Symbol("-");
                let second = self.peek_second();
                if !matches!(second.kind, TokenKind::Integer | TokenKind::Decimal) {
                    return Ok(None);
                }
                self.next();
                match self.literal()? {
                    Some(Literal::Long(value)) if negative => Literal::Long(value.wrapping_neg()),
                    Some(Literal::Real(value)) if negative => Literal::Real(-value),
                    Some(other) => other,
                    None => return Ok(None),
                }
            }
            TokenKind::Text => {
                let (text, hidden) = self.text("a string")?;
                if hidden { Literal::HiddenText(text.value) } else { Literal::Text(text.value) }
            }
            TokenKind::Integer => {
                self.next();
                Literal::Long(self.integer(token)?)
            }
            TokenKind::Decimal => {
                self.next();
                let value: f64 = text.parse().unwrap_or(f64::INFINITY);
                if !value.is_finite() {
                    return Err(self.bad_literal(token, "the number is too large"));
                }
                Literal::Real(value)
            }
            TokenKind::Span => {
                self.next();
                Literal::Span(text.to_owned())
            }
            TokenKind::Word => match text {
                "true" | "True" | "TRUE" => {
                    self.next();
                    Literal::Boolean(true)
                }
                "false" | "False" | "FALSE" => {
                    self.next();
                    Literal::Boolean(false)
                }
                "dynamic" if self.peek_second().kind == TokenKind::Symbol("(") => {
                    self.next();
                    let open = self.start();
                    self.expect("(")?;
                    let value = self.json()?;
                    self.close(")", open)?;
                    Literal::Dynamic(value)
                }
                _ if TYPES.contains(&text) && self.peek_second().kind == TokenKind::Symbol("(") => {
                    self.next();
                    self.typed(text)?
                }
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    fn bad_literal(&self, token: lexer::Token, message: &str) -> Diagnostic {
        Diagnostic::refusal(codes::LITERAL, message).at(self.span_of(token))
    }

    fn integer(&self, token: lexer::Token) -> Parse<i64> {
        let text = self.text_of(token);
        let value = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => i64::from_str_radix(digits, 16),
            None => text.parse(),
        };
        value.map_err(|_| self.bad_literal(token, "the number is too large for 64 bits"))
    }

    /// `(text)` after the name of a type: everything up to the next closing bracket of this one.
    fn typed(&mut self, type_name: &str) -> Parse<Literal> {
        let open = self.start();
        self.expect("(")?;
        let start = self.end();
        let rest = self.slice(start, self.text.len());
        let mut depth = 0usize;
        for (offset, character) in rest.char_indices() {
            match character {
                '(' => depth += 1,
                ')' if depth == 0 => {
                    self.rewind(start + offset);
                    self.expect(")")?;
                    let text = rest.get(..offset).unwrap_or("").trim_matches(lexer::is_space).to_owned();
                    return Ok(Literal::Typed { type_name: type_name.to_owned(), text });
                }
                ')' => depth -= 1,
                // No such literal goes over lines, and a search for the bracket would swallow the query.
                '\n' => break,
                _ => {}
            }
        }
        self.rewind(start);
        let opened = shorten(self.slice(open, start));
        Err(self.expected("a literal and `)`").hint(format!("this bracket is still open: `{type_name}{opened}`")))
    }

    /// One string, or several side by side, and whether one of them is hidden.
    pub fn text(&mut self, what: &str) -> Parse<(Spanned<String>, bool)> {
        let start = self.start();
        let mut value = String::new();
        let mut hidden = false;
        let mut count = 0;
        while self.peek().kind == TokenKind::Text {
            let token = self.next();
            let written = self.text_of(token);
            hidden |= written.starts_with(['h', 'H']);
            match unescape(written) {
                Ok(text) => value.push_str(&text),
                Err(bad) => {
                    let at = self.span(token.start + bad.start, token.start + bad.end);
                    let message =
                        format!("`{}` is no escape", self.slice(token.start + bad.start, token.start + bad.end));
                    let hint = "a backslash is `\\\\`; in `@\"...\"` it is itself";
                    return Err(Diagnostic::refusal(codes::LITERAL, message).at(at).hint(hint));
                }
            }
            count += 1;
        }
        if count == 0 {
            return Err(self.expected(what));
        }
        Ok((self.spanned(value, start), hidden))
    }

    /// A value inside of `dynamic(...)`.
    fn json(&mut self) -> Parse<Json> {
        self.nested(|parser| {
            let start = parser.start();
            let token = parser.peek();
            let kind = match token.kind {
                TokenKind::Symbol("[") => JsonKind::Array(parser.json_array()?),
                TokenKind::Symbol("{") => JsonKind::Object(parser.json_object()?),
                TokenKind::Word if matches!(parser.text_of(token), "null" | "NULL" | "Null") => {
                    parser.next();
                    JsonKind::Null
                }
                _ => match parser.literal()? {
                    Some(Literal::Dynamic(inner)) => inner.kind,
                    Some(literal) => JsonKind::Literal(Box::new(literal)),
                    None => return Err(parser.expected("a JSON value")),
                },
            };
            Ok(Json { kind, span: parser.since(start) })
        })
    }

    fn json_array(&mut self) -> Parse<Vec<Json>> {
        let open = self.start();
        self.expect("[")?;
        let mut items = Vec::new();
        while !self.at_symbol("]") {
            items.push(self.json()?);
            if !self.eat(",") {
                break;
            }
        }
        self.close("]", open)?;
        Ok(items)
    }

    fn json_object(&mut self) -> Parse<Vec<(Spanned<String>, Json)>> {
        let open = self.start();
        self.expect("{")?;
        let mut pairs = Vec::new();
        while !self.at_symbol("}") {
            let (key, _) = self.text("the name as a string")?;
            self.expect(":")?;
            pairs.push((key, self.json()?));
            if !self.eat(",") {
                break;
            }
        }
        self.close("}", open)?;
        Ok(pairs)
    }
}

/// What a string literal of any form stands for, or which of its bytes are a bad escape.
pub(in crate::dialect::kusto) fn unescape(written: &str) -> Result<String, std::ops::Range<usize>> {
    let body = written.trim_start_matches(['h', 'H']);
    for fence in ["```", "~~~"] {
        if let Some(inside) = body.strip_prefix(fence).and_then(|rest| rest.strip_suffix(fence)) {
            return Ok(inside.to_owned());
        }
    }
    let verbatim = body.starts_with('@');
    let body = body.trim_start_matches('@');
    let quote = body.get(..1).unwrap_or("\"");
    let inside = body.get(1..body.len().saturating_sub(1)).unwrap_or("");
    if verbatim {
        return Ok(inside.replace(&quote.repeat(2), quote));
    }
    let offset = written.len() - body.len() + 1;
    let mut out = String::with_capacity(inside.len());
    let mut at = 0;
    while let Some(rest) = inside.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(escape) = rest.strip_prefix('\\') else {
            let plain = rest.find('\\').unwrap_or(rest.len());
            out.push_str(rest.get(..plain).unwrap_or(""));
            at += plain;
            continue;
        };
        let bad = |length: usize| offset + at..offset + at + length;
        let (character, length) = match escape.chars().next() {
            Some('n') => ('\n', 1),
            Some('r') => ('\r', 1),
            Some('t') => ('\t', 1),
            Some('a') => ('\u{7}', 1),
            Some('b') => ('\u{8}', 1),
            Some('f') => ('\u{c}', 1),
            Some('v') => ('\u{b}', 1),
            Some(quote @ ('\\' | '"' | '\'')) => (quote, 1),
            Some('x') => (hexadecimal(escape, 2).ok_or(bad(2))?, 3),
            Some('u') => (hexadecimal(escape, 4).ok_or(bad(2))?, 5),
            Some('U') => (hexadecimal(escape, 8).ok_or(bad(2))?, 9),
            Some('0'..='7') => {
                let digits = escape.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let code = u32::from_str_radix(escape.get(..digits).unwrap_or("0"), 8).unwrap_or(0);
                (char::from_u32(code).ok_or(bad(2))?, digits)
            }
            Some(other) => return Err(bad(1 + other.len_utf8())),
            None => return Err(bad(1)),
        };
        out.push(character);
        at += 1 + length;
    }
    Ok(out)
}

fn hexadecimal(escape: &str, digits: usize) -> Option<char> {
    let code = escape.get(1..1 + digits).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    char::from_u32(u32::from_str_radix(code, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_all_forms() {
        for (written, value) in [
            (r#""a\\b\"c\t\x41\u0042\103""#, Ok("a\\b\"c\tABC")),
            (r"'it''s'", Ok("it''s")),
            (r"@'it''s \d'", Ok(r"it's \d")),
            (r#"h@"a""b""#, Ok("a\"b")),
            ("```a\\\nb```", Ok("a\\\nb")),
            (r#""C:\Windows""#, Err(3..5)),
            (r#"h"\d""#, Err(2..4)),
            (r#""\x4""#, Err(1..3)),
        ] {
            assert_eq!(unescape(written), value.map(str::to_owned), "{written}");
        }
    }
}
