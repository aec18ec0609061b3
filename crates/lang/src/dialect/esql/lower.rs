//! AST to IR: names joined, parameters filled in, aliases folded, and every default of ES|QL written out.
//!
//! What ES|QL leaves unsaid: comparisons and patterns heed case, patterns fit the whole value, null propagates, and a
//! column without a name is called by its source text. The commands lower themselves; here is what they share.

use super::ast::{
    Arguments, Expr, ExprKind, Field, FunctionName, Label, Name, NamePart, Param, Pattern, PatternPart, Piece, Query,
    Source, Text,
};
use super::{Params, embedded, functions, settings, types};
use crate::similar::similar;
use ir::{Assignment, Case, Diagnostic, Literal, NamePattern, Pipeline, Span, Spanned, Stage, UnknownFields, codes};

pub(super) type Lowered<T> = Result<T, Diagnostic>;

/// What lowering a command may ask for.
pub(super) struct Lowering<'a> {
    params: &'a Params,
    /// The names that FROM reads, which may qualify a column.
    indices: Vec<&'a str>,
}

pub(super) fn query(query: &Query, params: &Params) -> Result<Pipeline, Vec<Diagnostic>> {
    let indices = match &query.source.kind {
        Source::From(from) => from.patterns.iter().map(|pattern| pattern.index.name.value.as_str()).collect(),
        _ => Vec::new(),
    };
    let lowering = Lowering { params, indices };
    let mut errors = Vec::new();
    let mut unknown_fields = UnknownFields::Refused;
    for setting in &query.settings {
        match settings::lower(setting, &lowering) {
            Ok(None) => {}
            Ok(Some(found)) => unknown_fields = found,
            Err(error) => errors.push(error),
        }
    }
    let source = query.source.kind.lower(&lowering).map_err(|error| errors.push(error));
    let mut stages = Vec::with_capacity(query.commands.len());
    for command in &query.commands {
        match command.kind.lower(&lowering) {
            Ok(kind) => stages.push(Stage { kind, span: command.span }),
            Err(error) => errors.push(error),
        }
    }
    match source {
        Ok(source) if errors.is_empty() => Ok(Pipeline { source, stages, unknown_fields }),
        _ => Err(errors),
    }
}

impl Lowering<'_> {
    /// A dotted name, unquoted.
    pub fn name(&self, name: &Name) -> Lowered<Spanned<String>> {
        if let Some(qualifier) = &name.qualifier
            && !self.indices.contains(&qualifier.value.as_str())
        {
            let message = format!("`{}` is not what FROM reads", qualifier.value);
            return Err(Diagnostic::refusal(codes::UNKNOWN_FIELD, message).at(qualifier.span));
        }
        let mut value = String::new();
        for (position, part) in name.parts.iter().enumerate() {
            if position > 0 {
                value.push('.');
            }
            value.push_str(match part {
                NamePart::Plain(part) => part,
                NamePart::Param(param) => self.name_param(param)?,
            });
        }
        Ok(Spanned { value, span: name.span })
    }

    fn name_param(&self, param: &Param) -> Lowered<&str> {
        self.params.text(param, "the name of a column")
    }

    pub fn patterns(&self, patterns: &[Pattern]) -> Lowered<Vec<NamePattern>> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    fn pattern(&self, pattern: &Pattern) -> Lowered<NamePattern> {
        let mut text = String::new();
        let mut wildcard = false;
        let mut literal_star = false;
        for (position, part) in pattern.parts.iter().enumerate() {
            if position > 0 {
                text.push('.');
            }
            match part {
                PatternPart::Param(param) => {
                    let name = self.name_param(param)?;
                    // `?pattern` may hold wildcards, `??name` may not.
                    wildcard |= !param.is_name && name.contains('*');
                    literal_star |= param.is_name && name.contains('*');
                    text.push_str(name);
                }
                PatternPart::Pieces(pieces) => {
                    for piece in pieces {
                        match piece {
                            Piece::Any => {
                                wildcard = true;
                                text.push('*');
                            }
                            Piece::Text(piece) => {
                                literal_star |= piece.contains('*');
                                text.push_str(piece);
                            }
                        }
                    }
                }
            }
        }
        if wildcard && literal_star {
            let message = "a name with both a wildcard and a quoted `*` is not supported";
            return Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(pattern.span));
        }
        Ok(NamePattern { pattern: text, wildcard, span: pattern.span })
    }

    pub fn text(&self, text: &Text) -> Lowered<Spanned<String>> {
        match text {
            Text::Plain(text) => Ok(text.clone()),
            Text::Param(param) => {
                let value = self.params.text(param, "a pattern")?.to_owned();
                Ok(Spanned { value, span: param.span })
            }
        }
    }

    /// The value of an expression that the grammar only allows to be a literal or a parameter.
    pub fn constant(&self, expr: &Expr) -> Lowered<Literal> {
        match &expr.kind {
            ExprKind::Literal(literal) => Ok(literal.clone()),
            ExprKind::Param(param) => self.params.value(param).cloned(),
            _ => Err(Diagnostic::refusal(codes::NOT_CONSTANT, "a constant must stand here").at(expr.span)),
        }
    }

    pub fn fields(&self, fields: &[Field]) -> Lowered<Vec<Assignment>> {
        fields.iter().map(|field| self.field(field)).collect()
    }

    pub fn field(&self, field: &Field) -> Lowered<Assignment> {
        let name = match &field.label {
            Label::Name(name) => self.name(name)?,
            Label::Source(text) => text.clone(),
        };
        Ok(Assignment { name, expr: self.expr(&field.expr)? })
    }

    /// As [`Self::field`], but a plain column keeps its name even where it was written in backquotes.
    pub fn groupings(&self, fields: &[Field]) -> Lowered<Vec<Assignment>> {
        let grouping = |field: &Field| {
            let mut assignment = self.field(field)?;
            if let (Label::Source(_), ir::ExprKind::Field(column)) = (&field.label, &assignment.expr.kind) {
                assignment.name.value = column.clone();
            }
            Ok(assignment)
        };
        fields.iter().map(grouping).collect()
    }

    pub fn exprs(&self, exprs: &[Expr]) -> Lowered<Vec<ir::Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn boxed(&self, expr: &Expr) -> Lowered<Box<ir::Expr>> {
        self.expr(expr).map(Box::new)
    }

    pub fn expr(&self, expr: &Expr) -> Lowered<ir::Expr> {
        let kind = match &expr.kind {
            ExprKind::Literal(literal) => ir::ExprKind::Literal(literal.clone()),
            ExprKind::Param(param) => ir::ExprKind::Literal(self.params.value(param)?.clone()),
            ExprKind::Name(name) => ir::ExprKind::Field(self.name(name)?.value),
            ExprKind::Not(value) => ir::ExprKind::Not(self.boxed(value)?),
            ExprKind::Negate(value) => ir::ExprKind::Negate(self.boxed(value)?),
            ExprKind::And(operands) => ir::ExprKind::And(self.exprs(operands)?),
            ExprKind::Or(operands) => ir::ExprKind::Or(self.exprs(operands)?),
            ExprKind::Arithmetic { op, left, right } => {
                ir::ExprKind::Arithmetic { op: *op, left: self.boxed(left)?, right: self.boxed(right)? }
            }
            ExprKind::Compare { op, left, right } => ir::ExprKind::Compare {
                op: *op,
                left: self.boxed(left)?,
                right: self.boxed(right)?,
                case: Case::Sensitive,
            },
            ExprKind::In { value, list, negated } => {
                let list = self.exprs(list)?;
                negated_if(
                    *negated,
                    ir::ExprKind::In { value: self.boxed(value)?, list, case: Case::Sensitive },
                    expr.span,
                )
            }
            ExprKind::Like { value, patterns, regex, negated, .. } => {
                let patterns = patterns.iter().map(|pattern| self.like(pattern, *regex)).collect::<Lowered<_>>()?;
                negated_if(*negated, ir::ExprKind::Matches { value: self.boxed(value)?, patterns }, expr.span)
            }
            ExprKind::IsNull { value, negated } => {
                ir::ExprKind::IsNull { value: self.boxed(value)?, negated: *negated }
            }
            ExprKind::Match { field, query } => {
                ir::ExprKind::FullText { field: self.boxed(field)?, query: self.boxed(query)? }
            }
            ExprKind::Cast { value, to } => ir::ExprKind::Cast { value: self.boxed(value)?, to: type_name(to)? },
            ExprKind::Call { function, args, options } => self.call(function, args, options)?,
            ExprKind::Embedded(embedded) => return embedded::lower(embedded, self),
        };
        Ok(ir::Expr::new(kind, expr.span))
    }

    fn like(&self, pattern: &Text, regex: bool) -> Lowered<ir::Pattern> {
        let text = self.text(pattern)?;
        let kind = if regex { ir::PatternKind::LuceneRegex(text.value) } else { ir::PatternKind::Wildcard(text.value) };
        Ok(ir::Pattern { kind, case: Case::Sensitive, span: text.span })
    }

    fn call(
        &self,
        function: &FunctionName,
        args: &Arguments,
        options: &[(Spanned<String>, Expr)],
    ) -> Lowered<ir::ExprKind> {
        let (name, span) = match function {
            FunctionName::Plain(name) => (name.value.as_str(), name.span),
            FunctionName::Param(param) => (self.params.text(param, "the name of a function")?, param.span),
        };
        let function = Spanned { value: functions::canonical(name), span };
        let mut args = match args {
            Arguments::Star(span) => vec![ir::Expr::new(ir::ExprKind::Star, *span)],
            Arguments::List(args) => self.exprs(args)?,
        };
        if let (Some((first, _)), Some((_, last))) = (options.first(), options.last()) {
            let span = first.span.to(last.span);
            let options = options.iter().map(|(key, value)| Ok((key.value.clone(), self.constant(value)?)));
            let options = options.collect::<Lowered<Vec<_>>>()?;
            args.push(ir::Expr::new(ir::ExprKind::Options(options), span));
        }
        Ok(ir::ExprKind::Call { function, args, filter: None })
    }

    /// Puts the filter on the aggregates in `expr`, or on the call that `expr` is where none is known; false if it
    /// holds no call at all.
    pub fn restrict(&self, expr: &mut ir::Expr, filter: &ir::Expr) -> bool {
        if restrict_aggregates(expr, filter) {
            return true;
        }
        match &mut expr.kind {
            ir::ExprKind::Call { filter: place, .. } => {
                *place = Some(Box::new(filter.clone()));
                true
            }
            _ => false,
        }
    }
}

fn restrict_aggregates(expr: &mut ir::Expr, filter: &ir::Expr) -> bool {
    match &mut expr.kind {
        ir::ExprKind::Call { function, filter: place, .. } if functions::is_aggregate(&function.value) => {
            *place = Some(Box::new(filter.clone()));
            true
        }
        ir::ExprKind::Call { args: children, .. } | ir::ExprKind::And(children) | ir::ExprKind::Or(children) => {
            children.iter_mut().fold(false, |found, child| restrict_aggregates(child, filter) | found)
        }
        ir::ExprKind::Not(value)
        | ir::ExprKind::Negate(value)
        | ir::ExprKind::IsNull { value, .. }
        | ir::ExprKind::Matches { value, .. }
        | ir::ExprKind::Cast { value, .. } => restrict_aggregates(value, filter),
        ir::ExprKind::Arithmetic { left, right, .. } | ir::ExprKind::Compare { left, right, .. } => {
            restrict_aggregates(left, filter) | restrict_aggregates(right, filter)
        }
        ir::ExprKind::In { value, list, .. } => list
            .iter_mut()
            .fold(restrict_aggregates(value, filter), |found, item| restrict_aggregates(item, filter) | found),
        _ => false,
    }
}

fn negated_if(negated: bool, kind: ir::ExprKind, span: Span) -> ir::ExprKind {
    if negated { ir::ExprKind::Not(Box::new(ir::Expr::new(kind, span))) } else { kind }
}

fn type_name(written: &Spanned<String>) -> Lowered<Spanned<String>> {
    match types::canonical(&written.value) {
        Some(canonical) => Ok(Spanned { value: canonical.to_owned(), span: written.span }),
        None => {
            let message = format!("`{}` is no type", written.value);
            let error = Diagnostic::refusal(codes::UNSUPPORTED_TYPE, message).at(written.span);
            Err(match similar(&written.value, types::spellings()) {
                Some(meant) => error.hint(format!("a similar type is `{meant}`")),
                None => error.hint("types are boolean, date, double, integer, ip, keyword, long, version and others"),
            })
        }
    }
}
