//! Rows through operators: `source | operator | operator ...`.

use super::expressions::{Level, Tree};
use super::{Parse, Parser};
use crate::dialect::kusto::MAX_STATEMENTS;
use crate::dialect::kusto::ast::{Datatable, Expr, ExprKind, Externaldata, Node, Operator, Pipe, Source};
use crate::dialect::kusto::lexer::TokenKind;
use crate::dialect::kusto::operators;
use ir::Diagnostic;

impl Parser<'_> {
    /// A value, or rows through operators where `|` follows or an operator stands first.
    pub(super) fn pipe_tree(&mut self) -> Parse<Tree> {
        self.nested(|parser| {
            let start = parser.start();
            let outer = std::mem::replace(&mut parser.tallest, 0);
            let result = parser.pipe();
            let height = std::mem::replace(&mut parser.tallest, outer);
            match result? {
                Found::Value(tree) => Ok(tree),
                Found::Pipe(pipe) => parser.grown(ExprKind::Pipe(Box::new(pipe)), Level::Or, start, height),
            }
        })
    }

    fn pipe(&mut self) -> Parse<Found> {
        let source = match self.source()? {
            Ok(source) => source,
            Err(tree) if !self.at_symbol("|") => return Ok(Found::Value(tree)),
            Err(tree) => {
                self.tallest = self.tallest.max(tree.height);
                Source::Expr(tree.expr)
            }
        };
        let mut operators = Vec::new();
        while self.eat("|") {
            if operators.len() >= MAX_STATEMENTS {
                return Err(self.too_many("operators in one pipe"));
            }
            operators.push(self.operator()?);
        }
        Ok(Found::Pipe(Pipe { source, operators }))
    }

    /// What stands before the first `|`: rows of its own making, or a value that may be a table.
    fn source(&mut self) -> Parse<Result<Source, Tree>> {
        let token = self.peek();
        let second = self.peek_second().kind;
        if token.kind == TokenKind::Word {
            match (self.text_of(token), second) {
                ("datatable", TokenKind::Symbol("(")) => {
                    return self.datatable().map(|found| Ok(Source::Datatable(found)));
                }
                ("externaldata" | "external_data", TokenKind::Symbol("(")) => {
                    return self.externaldata().map(|found| Ok(Source::Externaldata(found)));
                }
                (word, second) if operators::begins_rows(word, second) => {
                    return self.operator().map(|operator| Ok(Source::Operator(Box::new(operator))));
                }
                _ => {}
            }
        }
        Ok(Err(self.tree(Level::Or)?))
    }

    /// One operator with its operands.
    pub fn operator(&mut self) -> Parse<Node<Operator>> {
        let start = self.start();
        let kind = Operator::parse(self)?;
        Ok(Node { kind, span: self.since(start) })
    }

    /// The keyword of an operator, which may have hyphens.
    pub fn eat_operator(&mut self, spelling: &str) -> bool {
        let start = self.start();
        let rest = self.slice(start, self.text.len());
        let Some(after) = rest.strip_prefix(spelling) else { return false };
        let more = match after.as_bytes() {
            [b'-', next, ..] => next.is_ascii_alphabetic(),
            [next, ..] => next.is_ascii_alphanumeric() || *next == b'_',
            [] => false,
        };
        if !more {
            self.rewind(start + spelling.len());
        }
        !more
    }

    /// `(operator | operator ...)`: a query over the rows that are there already, as one expression without a source.
    pub fn inner_query(&mut self, open: &str, close: &str) -> Parse<Pipe> {
        let at = self.start();
        self.expect(open)?;
        let pipe = self.nested(|parser| {
            let mut operators = vec![parser.operator()?];
            while parser.eat("|") {
                if operators.len() >= MAX_STATEMENTS {
                    return Err(parser.too_many("operators in one pipe"));
                }
                operators.push(parser.operator()?);
            }
            Ok(Pipe { source: Source::Context, operators })
        })?;
        self.close(close, at)?;
        self.tallest += 1;
        Ok(pipe)
    }

    /// One operator over the rows that are there already, without brackets around it.
    pub fn single_operator(&mut self) -> Parse<Pipe> {
        Ok(Pipe { source: Source::Context, operators: vec![self.operator()?] })
    }

    /// `in (tables)`, if it comes next.
    pub fn tables_in(&mut self) -> Parse<Vec<Expr>> {
        if !self.eat_keyword("in") {
            return Ok(Vec::new());
        }
        let open = self.start();
        self.expect("(")?;
        let tables = self.list(Self::table)?;
        self.close(")", open)?;
        Ok(tables)
    }

    /// Whether a string comes next.
    pub fn at_text(&mut self) -> bool {
        self.peek().kind == TokenKind::Text
    }

    /// Whether an operand comes next, and not the end of the operator.
    pub fn at_operand(&mut self) -> bool {
        !matches!(self.peek().kind, TokenKind::End | TokenKind::Symbol("|" | ")" | "}" | ";"))
    }

    /// Whether a named query of `fork` comes next.
    pub fn at_leg(&mut self) -> bool {
        self.peek().kind == TokenKind::Word && self.peek_second().kind == TokenKind::Symbol("=")
    }

    /// `datatable (name: type, ...) [value, ...]`
    fn datatable(&mut self) -> Parse<Datatable> {
        let start = self.start();
        self.next();
        let columns = self.schema()?;
        let open = self.start();
        self.expect("[")?;
        let mut values = Vec::new();
        while !self.at_symbol("]") {
            values.push(self.value()?);
            if !self.eat(",") {
                break;
            }
        }
        self.close("]", open)?;
        Ok(Datatable { columns, values, span: self.since(start) })
    }

    /// `externaldata (name: type, ...) [address, ...] with (name=value, ...)`
    fn externaldata(&mut self) -> Parse<Externaldata> {
        let start = self.start();
        self.next();
        let columns = self.schema()?;
        let open = self.start();
        self.expect("[")?;
        let addresses: Vec<Expr> = self.list(Self::value)?;
        self.close("]", open)?;
        let properties = if self.eat_keyword("with") { self.property_list()? } else { Vec::new() };
        Ok(Externaldata { columns, addresses, properties, span: self.since(start) })
    }

    /// A table of a union or search: a name, one with `*`, or anything that gives rows.
    pub fn table(&mut self) -> Parse<Expr> {
        let before = self.checkpoint();
        if matches!(self.peek().kind, TokenKind::Word | TokenKind::Symbol("*"))
            && let Ok(expr) = self.name_or_wildcard()
            && matches!(expr.kind, ExprKind::Wildcard(_) | ExprKind::Star)
        {
            return Ok(expr);
        }
        self.rewind(before);
        self.primary_value()
    }

    /// Takes what follows, to the next `|` or `;` that stands in no bracket which opens on the way, or to the end of the
    /// bracket that all of it stands in.
    pub fn skip_operands(&mut self) -> Parse<()> {
        if self.skip(true) > 0 { Err(self.expected("the closing bracket")) } else { Ok(()) }
    }

    /// As [`Self::skip_operands`], but passes over closing brackets that nothing opened: after an error they mean nothing.
    pub(super) fn skip_operator(&mut self) {
        self.skip(false);
    }

    /// How many brackets are still open at the end.
    fn skip(&mut self, inside: bool) -> usize {
        let mut depth = 0usize;
        loop {
            match self.peek().kind {
                TokenKind::End => return depth,
                TokenKind::Symbol("|" | ";") if depth == 0 => return 0,
                TokenKind::Symbol(")" | "]" | "}") if depth == 0 && inside => return 0,
                TokenKind::Symbol("(" | "[" | "{") => depth += 1,
                TokenKind::Symbol(")" | "]" | "}") => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.next();
        }
    }

    /// Rows through operators at the top of a query, going on at the next `|` after an error.
    pub(super) fn top_pipe(&mut self, errors: &mut Vec<Diagnostic>) -> Option<Expr> {
        let start = self.start();
        let source = self.recover(errors, start, Self::source).map(|found| found.map_err(|tree| tree.expr));
        let mut operators = Vec::new();
        while self.at_symbol("|") {
            if operators.len() >= MAX_STATEMENTS {
                errors.push(self.too_many("operators in one pipe"));
                while self.peek().kind != TokenKind::End {
                    self.next();
                }
                break;
            }
            self.next();
            let from = self.start();
            operators.extend(self.recover(errors, from, Self::operator));
        }
        let source = match source? {
            Ok(source) => source,
            Err(expr) if operators.is_empty() => return Some(expr),
            Err(expr) => Source::Expr(expr),
        };
        Some(Expr { kind: ExprKind::Pipe(Box::new(Pipe { source, operators })), span: self.since(start) })
    }

    fn recover<T>(
        &mut self,
        errors: &mut Vec<Diagnostic>,
        from: usize,
        parse: impl FnOnce(&mut Self) -> Parse<T>,
    ) -> Option<T> {
        self.depth = 0;
        let found = parse(self).and_then(|found| {
            if self.at_statement_end() || self.at_symbol("|") {
                return Ok(found);
            }
            Err(self.expected("`|`, `;` or the end of the query"))
        });
        match found {
            Ok(found) => Some(found),
            Err(error) => {
                errors.push(error);
                self.rewind(from);
                self.skip_operator();
                None
            }
        }
    }

    /// Whether nothing more of a statement follows: the end, `;`, or the beginning of a line that goes on with no operator.
    /// Editors run the queries of a file one by one, and authors leave the `;` between them out.
    pub fn at_statement_end(&mut self) -> bool {
        let token = self.peek();
        let on_new_line = self.slice(self.end(), token.start).contains('\n');
        match token.kind {
            TokenKind::End | TokenKind::Symbol(";") => true,
            TokenKind::Word if on_new_line => {
                let word = self.text_of(token);
                // A `|` that was forgotten is more likely than a table of such a name.
                operators::begins_rows(word, self.peek_second().kind) || !operators::begins_operator(word)
            }
            TokenKind::Symbol("[") => on_new_line,
            _ => false,
        }
    }
}

/// What an expression turned out to be.
enum Found {
    Value(Tree),
    Pipe(Pipe),
}
