//! Strings, numbers, `true`, `false` and `null`.

use super::{Parse, Parser};
use crate::dialect::eql::lexer::TokenKind;
use ir::{Diagnostic, Literal, Spanned, codes};

impl Parser<'_> {
    /// The literal that comes next, if one does.
    pub fn literal(&mut self) -> Parse<Option<Literal>> {
        let token = self.next;
        let literal = match token.kind {
            TokenKind::Text | TokenKind::RawText => Literal::String(self.string()?.value),
            TokenKind::Integer | TokenKind::Decimal => {
                self.take();
                self.number(token.start, token.end)?
            }
            TokenKind::Word => {
                let literal = match self.text_of(token) {
                    "true" => Literal::Boolean(true),
                    "false" => Literal::Boolean(false),
                    "null" => Literal::Null,
                    _ => return Ok(None),
                };
                self.take();
                literal
            }
            _ => return Ok(None),
        };
        Ok(Some(literal))
    }

    /// A constant after `:`, `like` or `regex`.
    pub fn constant(&mut self) -> Parse<Spanned<Literal>> {
        let start = self.next.start;
        match self.literal()? {
            Some(value) => Ok(Spanned { value, span: self.span(start) }),
            None => {
                let error = self.expected("a constant");
                Err(match error.hint {
                    None if self.next.kind == TokenKind::Word => error.hint("fields are compared with `==`"),
                    _ => error,
                })
            }
        }
    }

    fn number(&self, start: usize, end: usize) -> Parse<Literal> {
        let text = self.slice(start, end);
        if let Ok(value) = text.parse() {
            return Ok(Literal::Integer(value));
        }
        if let Ok(value) = text.parse() {
            return Ok(Literal::Long(value));
        }
        let decimal = text.contains(['.', 'e', 'E']);
        match text.parse::<f64>() {
            Ok(value) if decimal && value.is_finite() => Ok(Literal::Double(value)),
            _ => {
                let message = format!("the number `{}` is out of range", crate::dialect::excerpt::shorten(text));
                Err(Diagnostic::refusal(codes::LITERAL, message).at(self.origin.span(start, end)))
            }
        }
    }

    pub fn string(&mut self) -> Parse<Spanned<String>> {
        let token = self.next;
        let value = match token.kind {
            TokenKind::RawText => self.slice(token.start + 3, token.end.saturating_sub(3)).to_owned(),
            TokenKind::Text => self.unescaped(token.start + 1, token.end.saturating_sub(1))?,
            _ => return Err(self.expected("a string")),
        };
        self.take();
        Ok(Spanned { value, span: self.span_of(token) })
    }

    fn unescaped(&self, start: usize, end: usize) -> Parse<String> {
        let raw = self.slice(start, end);
        let mut text = String::with_capacity(raw.len());
        let mut at = 0;
        while let Some(tail) = raw.get(at..)
            && let Some(character) = tail.chars().next()
        {
            let (found, length) = if character == '\\' {
                escape(tail).ok_or_else(|| self.bad_escape(start + at, tail))?
            } else {
                (character, character.len_utf8())
            };
            text.push(found);
            at += length;
        }
        Ok(text)
    }

    fn bad_escape(&self, at: usize, tail: &str) -> Diagnostic {
        let length = 1 + tail.chars().nth(1).map_or(0, char::len_utf8);
        let written = tail.get(..length).unwrap_or("\\");
        let hint = match written {
            "\\u" => "a character by its number is `\\u{200f}`, with 2 to 8 hexadecimal digits",
            _ => "a backslash is written `\\\\`, or the string as `\"\"\"text\"\"\"`",
        };
        Diagnostic::refusal(codes::LITERAL, format!("`{written}` is no escape"))
            .at(self.origin.span(at, at + length))
            .hint(hint)
    }
}

/// The character of an escape and the escape's length in bytes.
fn escape(tail: &str) -> Option<(char, usize)> {
    let after = tail.strip_prefix('\\')?;
    let simple = match after.chars().next()? {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        '"' => '"',
        '\'' => '\'',
        '\\' => '\\',
        'u' => {
            let digits = after.strip_prefix("u{")?;
            let digits = digits.get(..digits.find('}')?).filter(|digits| (2..=8).contains(&digits.len()))?;
            // `from_str_radix` alone would take a sign.
            let digits = Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
            let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            return Some((character, digits.len() + 4));
        }
        _ => return None,
    };
    Some((simple, 2))
}
