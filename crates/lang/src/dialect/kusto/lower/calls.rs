//! Calls of functions: those with a form of their own in the IR, those of the table, and those that the query defines.

use super::tests_of_text::text_of;
use super::{Bound, Env, Lowering, Rows, path};
use crate::dialect::kusto::ast::{Expr, ExprKind, Field, Function, Label, Name, ParameterKind, Statement};
use crate::dialect::kusto::functions;
use ir::{Case, CompareOp, Diagnostic, Pattern, PatternKind, Span, TermPlace, codes};

impl<'a> Lowering<'a> {
    pub(super) fn function(
        &mut self,
        scope: Option<&'a Expr>,
        function: &'a Name,
        args: &'a [Field],
        expr: &'a Expr,
        env: &Env<'a>,
    ) -> ir::Expr {
        let span = expr.span;
        let name = function.value.as_str();
        if scope.is_some() || matches!(name, "toscalar" | "totable" | "materialize") {
            return match args {
                [arg] if scope.is_none() && !self.is_table(&arg.expr, env) => self.value_in(&arg.expr, env),
                [arg] if scope.is_none() => self.subquery(&arg.expr, env),
                _ => self.subquery(expr, env),
            };
        }
        if let Some(Bound::Function { function: definition, env: inner }) = env.find(name).cloned() {
            return match self.enter(definition, &inner, args, env, function) {
                Some((result, inner)) if self.is_table(result, &inner) => self.subquery(result, &inner),
                Some((result, inner)) => self.value_in(result, &inner),
                None => Self::unread(span),
            };
        }
        if let Some(call) = self.aggregate_call(function, args, span, env) {
            return call;
        }
        if let Some(special) = self.special(name, args, span, env) {
            return special;
        }
        let meaning = self.known(function, args.len());
        let args = args.iter().map(|arg| self.value_in(&arg.expr, env)).collect();
        Self::call_of(meaning.unwrap_or(name), function, args, span)
    }

    fn call_of(meaning: &str, function: &Name, args: Vec<ir::Expr>, span: Span) -> ir::Expr {
        let function = ir::Spanned { value: meaning.to_owned(), span: function.span };
        ir::Expr::new(ir::ExprKind::Call { function, args, filter: None }, span)
    }

    /// The name in the IR of a scalar function, checked.
    fn known(&mut self, function: &Name, count: usize) -> Option<&'static str> {
        let name = function.value.as_str();
        if let Some(known) = functions::scalar(name) {
            self.check_count(function, count, known.least, known.most);
            return Some(known.meaning);
        }
        if functions::aggregate(name).is_some() {
            let message = format!("`{name}` is an aggregate, and here a value of one row must stand");
            let error = Diagnostic::refusal(codes::MISPLACED_AGGREGATE, message).at(function.span);
            self.report(error.hint("aggregates stand in `summarize` and `make-series`"));
            return None;
        }
        let error = Diagnostic::refusal(codes::UNKNOWN_FUNCTION, format!("`{name}` is no function")).at(function.span);
        self.report(match functions::similar_to(name) {
            Some(meant) => error.hint(format!("a similar function is `{meant}`")),
            None => error.hint("functions saved in a workspace are not read; define it with `let`"),
        });
        None
    }

    pub(super) fn check_count(&mut self, function: &Name, count: usize, least: usize, most: usize) {
        if (least..=most).contains(&count) || (most == 255 && count > 255) {
            return;
        }
        let wanted = match (least, most) {
            (least, 255) => format!("at least {least}"),
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least} to {most}"),
        };
        let plural = if wanted == "1" { "argument" } else { "arguments" };
        let message = format!("`{}` takes {wanted} {plural}, and here are {count}", function.value);
        self.report(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(function.span));
    }

    /// Functions that the IR has a form for.
    fn special(&mut self, name: &str, args: &'a [Field], span: Span, env: &Env<'a>) -> Option<ir::Expr> {
        let arg = |at: usize| args.get(at).map(|arg| &arg.expr);
        let kind = match (name, args.len()) {
            ("not", 1) => ir::ExprKind::Not(Box::new(self.value_in(arg(0)?, env))),
            // A string that is missing is empty in Kusto, and null here.
            ("isnull" | "isempty", 1) => {
                ir::ExprKind::IsNull { value: Box::new(self.value_in(arg(0)?, env)), negated: false }
            }
            ("isnotnull" | "isnotempty" | "notnull" | "notempty", 1) => {
                ir::ExprKind::IsNull { value: Box::new(self.value_in(arg(0)?, env)), negated: true }
            }
            ("ago", 1) => self.offset_now(ir::BinaryOp::Subtract, arg(0)?, span, env),
            ("now", 1) => self.offset_now(ir::BinaryOp::Add, arg(0)?, span, env),
            ("bin" | "floor", 2) => return Some(self.bin(arg(0)?, arg(1)?, span, env)),
            ("column_ifexists" | "columnifexists", 2) => {
                let name = self.value_in(arg(0)?, env);
                let column = match text_of(&name) {
                    Some(text) => ir::Expr::new(ir::ExprKind::Field(text), name.span),
                    None => name,
                };
                let default = self.value_in(arg(1)?, env);
                return Some(Self::call("kusto_column_ifexists", vec![column, default], span));
            }
            ("ipv4_is_private", 1) => {
                let networks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
                let networks =
                    networks.iter().map(|network| (PatternKind::Cidr((*network).to_owned()), span)).collect();
                self.matches(arg(0)?, networks, env)
            }
            ("ipv4_is_in_range" | "ipv4_is_in_any_range" | "ipv6_is_in_range" | "ipv6_is_in_any_range", 2..) => {
                let networks = self.constants(args.get(1..)?, env)?;
                let networks = networks.into_iter().map(|(text, span)| (PatternKind::Cidr(text), span)).collect();
                self.matches(arg(0)?, networks, env)
            }
            ("ipv4_is_match" | "ipv6_is_match", 2) => {
                let (text, at) = self.constants(args.get(1..)?, env)?.pop()?;
                if text.contains('/') {
                    self.matches(arg(0)?, vec![(PatternKind::Cidr(text), at)], env)
                } else {
                    let right = ir::Expr::new(ir::ExprKind::Literal(ir::Literal::String(text)), at);
                    ir::ExprKind::Compare {
                        op: CompareOp::Equal,
                        left: Box::new(self.value_in(arg(0)?, env)),
                        right: Box::new(right),
                        case: Case::Insensitive,
                    }
                }
            }
            ("has_ipv4" | "has_any_ipv4", 2..) => {
                let addresses = self.constants(args.get(1..)?, env)?;
                let term = |text| PatternKind::Term { text, place: TermPlace::Whole };
                let addresses = addresses.into_iter().map(|(text, span)| (term(text), span)).collect();
                self.matches(arg(0)?, addresses, env)
            }
            _ => return None,
        };
        Some(ir::Expr::new(kind, span))
    }

    fn offset_now(&mut self, op: ir::BinaryOp, by: &'a Expr, span: Span, env: &Env<'a>) -> ir::ExprKind {
        let now = Self::call("now", Vec::new(), span);
        ir::ExprKind::Arithmetic { op, left: Box::new(now), right: Box::new(self.value_in(by, env)) }
    }

    /// `bin(value, size)`. ES|QL's buckets begin at the same points for numbers, and for spans that a day is a multiple of.
    fn bin(&mut self, value: &'a Expr, size: &'a Expr, span: Span, env: &Env<'a>) -> ir::Expr {
        let args = vec![self.value_in(value, env), self.value_in(size, env)];
        let same = match args.get(1).map(|size| &size.kind) {
            Some(ir::ExprKind::Literal(ir::Literal::TimeSpan { count, unit })) => {
                let in_a_day = match unit {
                    ir::TimeUnit::Day => 1,
                    ir::TimeUnit::Hour => 24,
                    ir::TimeUnit::Minute => 24 * 60,
                    ir::TimeUnit::Second => 24 * 60 * 60,
                    ir::TimeUnit::Millisecond => 24 * 60 * 60 * 1000,
                    _ => 0,
                };
                *count > 0 && in_a_day % count == 0 && in_a_day > 0
            }
            Some(ir::ExprKind::Literal(ir::Literal::Integer(_) | ir::Literal::Long(_) | ir::Literal::Double(_))) => {
                true
            }
            _ => false,
        };
        Self::call(if same { "bucket" } else { "kusto_bin" }, args, span)
    }

    fn matches(&mut self, value: &'a Expr, patterns: Vec<(PatternKind, Span)>, env: &Env<'a>) -> ir::ExprKind {
        let pattern = |(kind, span)| Pattern { kind, case: Case::Insensitive, span };
        ir::ExprKind::Matches {
            value: Box::new(self.value_in(value, env)),
            patterns: patterns.into_iter().map(pattern).collect(),
        }
    }

    /// The texts of constant arguments, lists taken apart; `None` where one is no constant.
    fn constants(&mut self, args: &'a [Field], env: &Env<'a>) -> Option<Vec<(String, Span)>> {
        let mut values = Vec::new();
        for arg in args {
            if self.is_table(&arg.expr, env) {
                return None;
            }
            self.elements(&arg.expr, env, &mut values);
        }
        values.iter().map(|value| Some((text_of(value)?, value.span))).collect()
    }

    /// The result of a function of the query, and what its names mean: its parameters are the arguments.
    pub(super) fn enter(
        &mut self,
        function: &'a Function,
        definition: &Env<'a>,
        args: &'a [Field],
        caller: &Env<'a>,
        name: &Name,
    ) -> Option<(&'a Expr, Env<'a>)> {
        self.count += 1 + function.parameters.len() + function.body.len();
        let mut env = Env::of(definition.scope.clone());
        if args.len() > function.parameters.len() {
            self.check_count(name, args.len(), 0, function.parameters.len());
        }
        let mut unnamed = args.iter().filter(|arg| !matches!(arg.label, Label::Name(_)));
        for parameter in &function.parameters {
            let own = &parameter.name.value;
            let named = args.iter().find(|arg| matches!(&arg.label, Label::Name(name) if name.value == *own));
            let value = match (named.or_else(|| unnamed.next()), &parameter.kind) {
                (Some(arg), _) => Bound::Expr { expr: &arg.expr, env: caller.clone() },
                (None, ParameterKind::Scalar { default: Some(expr), .. }) => {
                    Bound::Expr { expr, env: Env::of(definition.scope.clone()) }
                }
                (None, _) => {
                    let message = format!("`{}` is called without its argument `{own}`", name.value);
                    self.report(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(name.span));
                    Bound::Unknown
                }
            };
            env.scope.add(own, value);
        }
        let mut result = None;
        for statement in &function.body {
            match &statement.kind {
                Statement::Query(expr) => result = Some(expr),
                other => self.bind(other, statement.span, &mut env.scope),
            }
        }
        if result.is_none() {
            let message = format!("the function `{}` gives nothing", name.value);
            self.report(Diagnostic::refusal(codes::SYNTAX, message).at(name.span));
        }
        result.map(|result| (result, env))
    }

    /// The name of the plugin that `evaluate` calls. What it is given counts as read.
    pub fn plugin(&mut self, call: &'a Expr, rows: &Rows<'a>) -> String {
        let ExprKind::Call { function, args, .. } = &call.kind else {
            let error = Diagnostic::refusal(codes::SYNTAX, "a plugin is called: `evaluate bag_unpack(column)`");
            self.report(error.at(call.span));
            return String::new();
        };
        let env = rows.env();
        for (at, arg) in args.iter().enumerate() {
            // The first argument of a look-up is its table.
            let table = at == 0 && function.value.ends_with("_lookup");
            if table || self.is_table(&arg.expr, &env) {
                self.table(&arg.expr, &env);
            } else {
                let aggregating = std::mem::replace(&mut self.aggregating, true);
                self.argument(&arg.expr, &env);
                self.aggregating = aggregating;
            }
        }
        function.value.clone()
    }

    /// Reads an argument for what is wrong in it.
    fn argument(&mut self, expr: &'a Expr, env: &Env<'a>) {
        let is_aggregate = match &expr.kind {
            ExprKind::Call { function, .. } => functions::aggregate(&function.value).is_some(),
            _ => false,
        };
        if !is_aggregate && path(expr).is_none() {
            self.value_in(expr, env);
        }
    }
}
