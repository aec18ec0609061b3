//! Names, values, and lists of them.

use super::{Parse, Parser};
use crate::dialect::spl::ast::{Renaming, Setting, Word};
use crate::dialect::spl::lexer::{self, Mode, Token, TokenKind, unescape};
use ir::Spanned;

impl Parser<'_> {
    /// The word that a token is; in that mode it has to be quoted if it would be no word bare.
    pub fn word_of(&self, token: Token, mode: Mode) -> Word {
        let raw = self.text_of(token);
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        let (text, quoted) = match token.kind {
            TokenKind::Text => (unescape(inside, '"'), true),
            TokenKind::Quoted => (unescape(inside, '\''), true),
            _ => {
                let text = unescape(raw, '|');
                // A name or value that looks like a comparison (`> 30`) must not become one where it is printed.
                let quoted = !lexer::is_bare(&text, mode)
                    || !lexer::is_bare(&text, Mode::Value)
                    || text.starts_with('=')
                    || (mode == Mode::Names && !lexer::is_bare(&text, Mode::Search));
                (text, quoted)
            }
        };
        Word { text, quoted, span: self.span_of(token) }
    }

    /// A bare or quoted word, in the present mode.
    pub fn word(&mut self, what: &str) -> Parse<Word> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word | TokenKind::Text | TokenKind::Quoted => {
                self.next();
                Ok(self.word_of(token, self.mode))
            }
            _ => Err(self.expected(what)),
        }
    }

    /// The value after `=`.
    pub fn value(&mut self) -> Parse<Word> {
        let mode = std::mem::replace(&mut self.mode, Mode::Value);
        let value = self.word("a value");
        self.mode = mode;
        value
    }

    /// The name of a field. A name may hold a call, as the unnamed columns of `stats` do: `count(x)`.
    pub fn field(&mut self) -> Parse<Word> {
        let start = self.start();
        let mut word = self.word("the name of a field")?;
        if word.quoted || !self.slice(self.end(), self.end() + 1).starts_with('(') {
            return Ok(word);
        }
        while !self.eat(")") {
            let token = self.next();
            if matches!(token.kind, TokenKind::End | TokenKind::Symbol("|" | "]")) {
                return Err(self.expected("`)`"));
            }
        }
        word.text = self.slice(start, self.end()).to_owned();
        word.quoted = true;
        word.span = self.span(start, self.end());
        Ok(word)
    }

    /// Whether a field's name can stand here.
    pub fn at_field(&mut self) -> bool {
        matches!(self.peek().kind, TokenKind::Word | TokenKind::Text | TokenKind::Quoted)
    }

    /// Fields up to the end of the command, between blanks or commas.
    pub fn fields(&mut self) -> Parse<Vec<Word>> {
        let mut fields = Vec::new();
        while self.at_field() {
            fields.push(self.field()?);
            while self.eat(",") {}
        }
        Ok(fields)
    }

    /// `name=value`, as often as it stands here; commas between them are optional.
    pub fn settings(&mut self) -> Parse<Vec<Setting>> {
        let mut settings = Vec::new();
        while let Some(setting) = self.setting()? {
            settings.push(setting);
            self.eat(",");
        }
        Ok(settings)
    }

    pub fn setting(&mut self) -> Parse<Option<Setting>> {
        let token = self.peek();
        if token.kind != TokenKind::Word || !self.followed_by(&["="]) {
            return Ok(None);
        }
        self.next();
        self.next();
        let name = Spanned { value: self.text_of(token).to_ascii_lowercase(), span: self.span_of(token) };
        Ok(Some(Setting { name, value: self.value()? }))
    }

    /// `field` or `field AS name`.
    pub fn renaming(&mut self) -> Parse<Renaming> {
        let from = self.field()?;
        let to = if self.eat_keyword("as") { Some(self.field()?) } else { None };
        Ok(Renaming { from, to })
    }

    /// Renamings up to a keyword or the end, between blanks or commas.
    pub fn renamings(&mut self, until: &[&str]) -> Parse<Vec<Renaming>> {
        let mut list = Vec::new();
        while self.at_field() && !until.iter().any(|keyword| self.at_keyword(keyword)) {
            list.push(self.renaming()?);
            while self.eat(",") {}
        }
        Ok(list)
    }

    /// The rest of the command as it is written.
    pub fn verbatim(&mut self) -> String {
        let start = self.start();
        self.skip_command();
        self.slice(start, self.end()).trim().to_owned()
    }
}
