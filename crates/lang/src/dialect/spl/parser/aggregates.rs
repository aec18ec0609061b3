//! `function(argument) AS name`, as `stats`, `tstats`, `chart` and their kin have it.

use super::{Parse, Parser, ends_where};
use crate::dialect::spl::ast::{Aggregate, Argument};
use crate::dialect::spl::functions;
use crate::dialect::spl::lexer::{Mode, TokenKind};
use ir::Spanned;

impl Parser<'_> {
    /// Aggregates up to BY, another clause, or the end of the command; between blanks or commas.
    pub fn aggregates(&mut self) -> Parse<Vec<Aggregate>> {
        let mut list = Vec::new();
        while self.eat(",") {}
        while self.at_aggregate() {
            list.push(self.aggregate()?);
            while self.eat(",") {}
        }
        Ok(list)
    }

    fn at_aggregate(&mut self) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Word && !ends_where(self.text_of(token)) && !self.followed_by(&["="])
    }

    fn aggregate(&mut self) -> Parse<Aggregate> {
        let token = self.peek();
        let word = self.word("an aggregate function")?;
        let function = Spanned { value: word.text.to_ascii_lowercase(), span: word.span };
        if !functions::is_aggregate(&function.value) {
            return Err(functions::unknown_aggregate(&function));
        }
        let argument = if self.eat("(") { self.argument()? } else { Argument::None };
        let span = self.span(token.start, self.end());
        let name = if self.eat_keyword("as") { Some(self.field()?) } else { None };
        Ok(Aggregate { function, argument, name, span })
    }

    /// What stands between the parentheses; the closing one is taken.
    fn argument(&mut self) -> Parse<Argument> {
        if self.eat(")") {
            return Ok(Argument::None);
        }
        let back = self.checkpoint();
        if self.eat_keyword("eval") && self.eat("(") {
            let expr = self.expression()?;
            self.expect(")")?;
            self.expect(")")?;
            return Ok(Argument::Eval(expr));
        }
        self.rewind(back);
        if self.at_field() {
            let field = self.word("the name of a field")?;
            if self.eat(")") {
                return Ok(Argument::Field(field));
            }
            self.rewind(back);
        }
        if let Ok(expr) = self.expression()
            && self.eat(")")
        {
            return Ok(Argument::Eval(expr));
        }
        self.rewind(back);
        self.verbatim_argument()
    }

    fn verbatim_argument(&mut self) -> Parse<Argument> {
        self.set_mode(Mode::Names);
        let (start, mut depth) = (self.start(), 1usize);
        loop {
            let token = self.next();
            match token.kind {
                TokenKind::Symbol("(") => depth += 1,
                TokenKind::Symbol(")") => depth -= 1,
                TokenKind::End | TokenKind::Symbol("|") | TokenKind::Bad(_) => return Err(self.expected("`)`")),
                _ => {}
            }
            if depth == 0 {
                return Ok(Argument::Verbatim(self.slice(start, token.start).trim().to_owned()));
            }
        }
    }
}
