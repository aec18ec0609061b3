//! Strings, numbers, time spans and lists.

use super::names::is_keyword;
use super::{Parse, Parser};
use crate::dialect::esql::commands;
use crate::dialect::esql::lexer::{Token, TokenKind};
use crate::similar::similar;
use ir::{Diagnostic, Literal, Spanned, TimeUnit, codes};

/// Every spelling of a unit. Facts: "Time spans" in the ES|QL reference; `EsqlDataTypeConverter` also knows `m`.
const UNITS: &[(&str, TimeUnit)] = &[
    ("millisecond", TimeUnit::Millisecond),
    ("milliseconds", TimeUnit::Millisecond),
    ("ms", TimeUnit::Millisecond),
    ("second", TimeUnit::Second),
    ("seconds", TimeUnit::Second),
    ("sec", TimeUnit::Second),
    ("s", TimeUnit::Second),
    ("minute", TimeUnit::Minute),
    ("minutes", TimeUnit::Minute),
    ("min", TimeUnit::Minute),
    ("m", TimeUnit::Minute),
    ("hour", TimeUnit::Hour),
    ("hours", TimeUnit::Hour),
    ("h", TimeUnit::Hour),
    ("day", TimeUnit::Day),
    ("days", TimeUnit::Day),
    ("d", TimeUnit::Day),
    ("week", TimeUnit::Week),
    ("weeks", TimeUnit::Week),
    ("w", TimeUnit::Week),
    ("month", TimeUnit::Month),
    ("months", TimeUnit::Month),
    ("mo", TimeUnit::Month),
    ("quarter", TimeUnit::Quarter),
    ("quarters", TimeUnit::Quarter),
    ("q", TimeUnit::Quarter),
    ("year", TimeUnit::Year),
    ("years", TimeUnit::Year),
    ("yr", TimeUnit::Year),
    ("y", TimeUnit::Year),
];

impl Parser<'_> {
    /// A constant other than a parameter, if one comes next.
    pub fn literal(&mut self) -> Parse<Option<Literal>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Text | TokenKind::RawText => Ok(Some(Literal::String(self.string()?.value))),
            TokenKind::Integer | TokenKind::Decimal => self.number(false).map(Some),
            TokenKind::Symbol("-" | "+") => self.signed_number(),
            TokenKind::Symbol("[") if !self.at_qualified_name() => self.literal_list().map(Some),
            TokenKind::Word => {
                let literal = match self.text_of(token).to_ascii_lowercase().as_str() {
                    "true" => Literal::Boolean(true),
                    "false" => Literal::Boolean(false),
                    "null" => Literal::Null,
                    _ => return Ok(None),
                };
                self.next();
                Ok(Some(literal))
            }
            _ => Ok(None),
        }
    }

    /// A sign and a number; nothing is taken if no number follows the sign.
    fn signed_number(&mut self) -> Parse<Option<Literal>> {
        let before = self.checkpoint();
        let sign = self.next();
        if matches!(self.peek().kind, TokenKind::Integer | TokenKind::Decimal) {
            return self.number(sign.kind == TokenKind::Symbol("-")).map(Some);
        }
        self.rewind(before);
        Ok(None)
    }

    fn number(&mut self, negative: bool) -> Parse<Literal> {
        let token = self.next();
        let digits = self.text_of(token);
        if token.kind == TokenKind::Decimal {
            return self.double(token, negative);
        }
        let unit = self.peek();
        if unit.kind == TokenKind::Word && !is_keyword(self.text_of(unit)) {
            return self.time_span(token, negative);
        }
        // Elastic's order: the narrowest integer, then unsigned, then a double that loses digits.
        let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
        if let Ok(value) = signed.parse::<i32>() {
            Ok(Literal::Integer(value))
        } else if let Ok(value) = signed.parse::<i64>() {
            Ok(Literal::Long(value))
        } else if let Ok(value) = signed.parse::<u64>() {
            Ok(Literal::UnsignedLong(value))
        } else {
            self.double(token, negative)
        }
    }

    fn double(&mut self, token: Token, negative: bool) -> Parse<Literal> {
        match self.text_of(token).parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Literal::Double(if negative { -value } else { value })),
            _ => Err(self.too_large(token)),
        }
    }

    fn too_large(&self, token: Token) -> Diagnostic {
        Diagnostic::refusal(codes::LITERAL, "the number is too large").at(self.span_of(token))
    }

    fn time_span(&mut self, number: Token, negative: bool) -> Parse<Literal> {
        let token = self.next();
        let word = self.text_of(token);
        let Some(&(_, unit)) = UNITS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(word)) else {
            let message = format!("`{word}` after a number is no unit of time");
            let error = Diagnostic::refusal(codes::SYNTAX, message).at(self.span_of(token));
            if commands::begins_command(word) {
                return Err(error.hint(format!("a command begins with `|`: `| {}`", word.to_ascii_uppercase())));
            }
            return Err(match similar(word, UNITS.iter().map(|&(spelling, _)| spelling)) {
                Some(meant) => error.hint(format!("a similar unit is `{meant}`")),
                None => error.hint("units run from `ms` to `years`; between two conditions stands `AND` or `OR`"),
            });
        };
        let count: i64 = self.text_of(number).parse().map_err(|_| self.too_large(number))?;
        Ok(Literal::TimeSpan { count: if negative { -count } else { count }, unit })
    }

    /// `[1, 2]`: constants of one kind.
    fn literal_list(&mut self) -> Parse<Literal> {
        let open = self.expect("[")?;
        let mut values: Vec<Literal> = Vec::new();
        loop {
            let span = self.here();
            match self.literal_in_list()? {
                Some(value) if values.first().is_none_or(|first| same_kind(first, &value)) => values.push(value),
                Some(_) => {
                    let message = "the values of a list must all be strings, all numbers or all booleans";
                    return Err(Diagnostic::refusal(codes::SYNTAX, message).at(open.to(span)));
                }
                None => return Err(self.expected("a string, number or boolean")),
            }
            if !self.eat(",") {
                break;
            }
        }
        self.expect("]")?;
        Ok(Literal::List(values))
    }

    fn literal_in_list(&mut self) -> Parse<Option<Literal>> {
        if self.at_symbol("[") || self.at_keyword("NULL") {
            return Ok(None);
        }
        self.literal()
    }

    /// A string, escapes resolved.
    pub fn string(&mut self) -> Parse<Spanned<String>> {
        let token = self.peek();
        let text = self.text_of(token);
        let value = match token.kind {
            TokenKind::RawText => text.get(3..text.len().saturating_sub(3)).unwrap_or("").to_owned(),
            TokenKind::Text => self.unescape(token)?,
            _ => return Err(self.expected("a string")),
        };
        self.next();
        Ok(Spanned { value, span: self.span_of(token) })
    }

    fn unescape(&self, token: Token) -> Parse<String> {
        let inner = self.slice(token.start + 1, token.end.saturating_sub(1));
        let mut value = String::with_capacity(inner.len());
        let mut characters = inner.char_indices();
        while let Some((at, character)) = characters.next() {
            if character != '\\' {
                value.push(character);
                continue;
            }
            let escaped = characters.next().map_or('\\', |(_, escaped)| escaped);
            value.push(match escaped {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '"' | '\\' => escaped,
                _ => {
                    let start = token.start + 1 + at;
                    let message = format!("`\\{escaped}` is no escape of a string");
                    return Err(Diagnostic::refusal(codes::LITERAL, message)
                        .at(self.span(start, start + 1 + escaped.len_utf8()))
                        .hint(r#"a backslash is `\\`, or stands as itself in `"""a string like this"""`"#));
                }
            });
        }
        Ok(value)
    }
}

fn same_kind(left: &Literal, right: &Literal) -> bool {
    fn kind(literal: &Literal) -> Option<u8> {
        match literal {
            Literal::String(_) => Some(0),
            Literal::Boolean(_) => Some(1),
            Literal::Integer(_) | Literal::Long(_) | Literal::UnsignedLong(_) | Literal::Double(_) => Some(2),
            Literal::Null | Literal::TimeSpan { .. } | Literal::List(_) => None,
        }
    }
    kind(left).is_some() && kind(left) == kind(right)
}
