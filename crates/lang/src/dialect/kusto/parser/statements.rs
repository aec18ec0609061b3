//! Statements: `let`, `set`, `declare`, and queries.

use super::{Parse, Parser};
use crate::Origin;
use crate::dialect::kusto::ast::{Function, LetValue, Node, Parameter, ParameterKind, Script, Statement};
use crate::dialect::kusto::lexer::TokenKind;
use crate::dialect::kusto::{MAX_LENGTH, MAX_STATEMENTS};
use ir::{Diagnostic, codes};

/// Reads a whole text. What can be read of it is the script, whatever the errors are.
pub(in crate::dialect::kusto) fn script(text: &str, origin: &Origin) -> (Script, Vec<Diagnostic>) {
    let mut statements = Vec::new();
    let mut errors = Vec::new();
    if text.len() > MAX_LENGTH {
        let message = format!("the query has {} bytes; at most {MAX_LENGTH} are read", text.len());
        return (Script { statements }, vec![Diagnostic::refusal(codes::TOO_LARGE, message).at(origin.span(0, 0))]);
    }
    let mut parser = Parser::new(text, origin);
    loop {
        while parser.eat(";") {}
        let start = parser.start();
        if parser.peek().kind == TokenKind::End {
            break;
        }
        if statements.len() + errors.len() >= MAX_STATEMENTS {
            errors.push(parser.too_many("statements"));
            break;
        }
        if let Some(kind) = parser.top_statement(&mut errors) {
            statements.push(Node { kind, span: parser.since(start) });
        }
        // What is no operator and begins no statement either: the error was reported where it stands.
        if parser.start() == start {
            parser.next();
        }
    }
    if statements.is_empty() && errors.is_empty() {
        errors.push(parser.expected("a query"));
    }
    (Script { statements }, errors)
}

impl Parser<'_> {
    /// A statement of the text itself, going on after errors.
    fn top_statement(&mut self, errors: &mut Vec<Diagnostic>) -> Option<Statement> {
        if !self.at_special_statement() {
            return self.top_pipe(errors).map(Statement::Query);
        }
        let start = self.start();
        self.depth = 0;
        let statement = self.special_statement().and_then(|statement| {
            if self.at_statement_end() { Ok(statement) } else { Err(self.expected("`;` after the statement")) }
        });
        statement
            .map_err(|error| {
                errors.push(error);
                self.rewind(start);
                self.skip_statement();
            })
            .ok()
    }

    fn skip_statement(&mut self) {
        loop {
            self.skip_operator();
            if !self.eat("|") {
                return;
            }
        }
    }

    fn at_special_statement(&mut self) -> bool {
        let token = self.peek();
        let second = self.peek_second();
        token.kind == TokenKind::Word
            && matches!(second.kind, TokenKind::Word | TokenKind::Symbol("["))
            && matches!(self.text_of(token), "let" | "set" | "declare" | "alias" | "restrict")
    }

    fn special_statement(&mut self) -> Parse<Statement> {
        let token = self.next();
        match self.text_of(token) {
            "let" => {
                let name = self.name()?;
                self.expect("=")?;
                Ok(Statement::Let { name, value: self.let_value()? })
            }
            "set" => {
                let name = self.name()?;
                let value = if self.eat("=") { Some(self.property_value()?) } else { None };
                Ok(Statement::Set { name, value })
            }
            "declare" if self.eat_keyword("query_parameters") => {
                let open = self.start();
                self.expect("(")?;
                let parameters = if self.at_symbol(")") { Vec::new() } else { self.list(Self::parameter)? };
                self.close(")", open)?;
                Ok(Statement::Parameters(parameters))
            }
            _ => {
                let start = token.start;
                self.skip_operands()?;
                Ok(Statement::Verbatim(self.slice(start, self.end()).trim_end().to_owned()))
            }
        }
    }

    fn let_value(&mut self) -> Parse<LetValue> {
        let before = self.checkpoint();
        if let Some(function) = self.function()? {
            return Ok(LetValue::Function(function));
        }
        self.rewind(before);
        Ok(LetValue::Expr(self.expression()?))
    }

    /// A function, if one comes next: parameters in brackets, and `{` after them.
    fn function(&mut self) -> Parse<Option<Function>> {
        let view = self.at_keyword("view") && self.peek_second().kind == TokenKind::Symbol("(");
        if view {
            self.next();
        }
        if !self.at_parameters(view) {
            return Ok(None);
        }
        let open = self.start();
        self.expect("(")?;
        let parameters = if self.at_symbol(")") { Vec::new() } else { self.list(Self::parameter)? };
        self.close(")", open)?;
        let open = self.start();
        self.expect("{")?;
        let body = self.nested(Self::body)?;
        self.close("}", open)?;
        Ok(Some(Function { view, parameters, body }))
    }

    /// `(` with `)` or `name:` after it.
    fn at_parameters(&mut self, view: bool) -> bool {
        let before = self.checkpoint();
        let found = self.eat("(") && (view || self.eat(")") || (self.name().is_ok() && self.at_symbol(":")));
        self.rewind(before);
        found
    }

    /// The statements between the braces; the last one is an expression.
    fn body(&mut self) -> Parse<Vec<Node<Statement>>> {
        let mut statements = Vec::new();
        loop {
            while self.eat(";") {}
            if self.at_symbol("}") {
                return Ok(statements);
            }
            if statements.len() >= MAX_STATEMENTS {
                return Err(self.too_many("statements"));
            }
            let start = self.start();
            let kind = if self.at_special_statement() {
                self.special_statement()?
            } else {
                Statement::Query(self.expression()?)
            };
            statements.push(Node { kind, span: self.since(start) });
            if !self.at_symbol("}") {
                self.expect(";")?;
            }
        }
    }

    /// `name: type`, `name: type = default`, `name: (column: type, ...)` or `name: (*)`.
    pub fn parameter(&mut self) -> Parse<Parameter> {
        let name = self.name()?;
        self.expect(":")?;
        if !self.at_symbol("(") {
            let type_name = self.type_name()?;
            let default = if self.eat("=") { Some(self.value()?) } else { None };
            return Ok(Parameter { name, kind: ParameterKind::Scalar { type_name, default } });
        }
        let before = self.checkpoint();
        let open = self.start();
        self.next();
        if self.eat("*") {
            self.close(")", open)?;
            return Ok(Parameter { name, kind: ParameterKind::Table(Vec::new()) });
        }
        self.rewind(before);
        Ok(Parameter { name, kind: ParameterKind::Table(self.schema()?) })
    }
}
