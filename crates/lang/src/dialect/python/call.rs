//! Calls: functions of the program are read in place of the call, with their parameters bound to the arguments.

use super::module::place;
use super::reader::{Frame, Reader};
use super::value::{Function, Item, Names, Ptr, Value};
use super::{Kind, MAX_CALLS};
use ir::Span;
use ruff_python_ast::{self as ast, Expr as Python, ParameterWithDefault, Parameters};
use std::rc::Rc;

/// The arguments of a call.
#[derive(Clone, Default)]
pub(super) struct Arguments<'a> {
    pub positional: Vec<Value<'a>>,
    pub named: Vec<(&'a str, Value<'a>)>,
}

impl<'a> Arguments<'a> {
    pub fn of(positional: Vec<Value<'a>>) -> Self {
        Arguments { positional, named: Vec::new() }
    }

    /// The argument at a position, or under a name.
    pub fn get(&self, position: usize, name: &str) -> Option<&Value<'a>> {
        self.positional.get(position).or_else(|| self.named(name))
    }

    pub fn named(&self, name: &str) -> Option<&Value<'a>> {
        self.named.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn call(&mut self, call: &'a ast::ExprCall, span: Span, frame: &mut Frame<'a>) -> Value<'a> {
        let function = self.value(&call.func, frame);
        let mut arguments = Arguments::default();
        for argument in &call.arguments.args {
            let value = self.value(argument, frame);
            match argument {
                Python::Starred(_) => match self.items(&value) {
                    Some(items) if items.iter().all(|item| item.guard.is_always()) => {
                        arguments.positional.extend(items.into_iter().map(|item| item.value));
                    }
                    _ => return self.unread_value(span, "a call with a number of arguments that depends on the event"),
                },
                _ => arguments.positional.push(value),
            }
        }
        for keyword in &call.arguments.keywords {
            let value = self.value(&keyword.value, frame);
            match &keyword.arg {
                Some(name) => arguments.named.push((name.as_str(), value)),
                None => return self.unread_value(span, "a call with arguments from a dictionary"),
            }
        }
        // A method that changes its object: the name gets the changed value.
        if let Python::Attribute(attribute) = call.func.as_ref()
            && let Python::Name(name) = attribute.value.as_ref()
            && let Some(old) = frame.names.get(name.id.as_str()).cloned()
            && let Some((new, result)) = self.mutate(&old, &attribute.attr, &arguments, span)
        {
            frame.names.insert(&name.id, new);
            return result;
        }
        self.apply(&function, &arguments, span)
    }

    /// The result of a function for arguments.
    pub(super) fn apply(&mut self, function: &Value<'a>, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        match function {
            Value::Function(Function::Defined(module, definition, around)) => {
                self.inline(module.0, definition.0, around, arguments, span)
            }
            Value::Function(Function::Lambda(module, lambda, around)) => {
                let mut frame = self.frame(module.0);
                frame.names = around.as_ref().clone();
                if let Some(parameters) = &lambda.0.parameters {
                    self.bind(parameters, arguments, &mut frame, span);
                }
                self.value(&lambda.0.body, &mut frame)
            }
            Value::Function(Function::Builtin(name)) => self.builtin(name, arguments, span),
            Value::Function(Function::Bound(of, method)) => self.method(of, method, arguments, span),
            Value::External(name) => self.external(name, arguments, span),
            Value::Unread(place) => Value::Unread(*place),
            _ => self.unread_value(span, "a call of this kind of value"),
        }
    }

    fn inline(
        &mut self,
        module: &'a super::module::Module,
        definition: &'a ast::StmtFunctionDef,
        around: &Rc<Names<'a>>,
        arguments: &Arguments<'a>,
        span: Span,
    ) -> Value<'a> {
        if self.calls.len() >= MAX_CALLS || self.calls.contains(&Ptr(definition)) {
            return self.unread_value(span, format!("`{}`, which calls itself or goes too deep", definition.name));
        }
        let mut frame = self.frame(module);
        frame.names = around.as_ref().clone();
        self.bind(&definition.parameters, arguments, &mut frame, span);
        self.calls.push(Ptr(definition));
        let flow = self.block(&definition.body, &mut frame);
        self.calls.pop();
        flow.returned(span).collapsed()
    }

    /// Gives the parameters of a function their values.
    pub(super) fn bind(
        &mut self,
        parameters: &'a Parameters,
        arguments: &Arguments<'a>,
        frame: &mut Frame<'a>,
        span: Span,
    ) {
        let positional = || parameters.posonlyargs.iter().chain(parameters.args.iter());
        for (at, parameter) in positional().enumerate() {
            let name = parameter.parameter.name.as_str();
            let value = arguments.positional.get(at).or_else(|| arguments.named(name)).cloned();
            self.bind_one(parameter, value, frame, span);
        }
        for parameter in &parameters.kwonlyargs {
            let value = arguments.named(&parameter.parameter.name).cloned();
            self.bind_one(parameter, value, frame, span);
        }
        if let Some(rest) = &parameters.vararg {
            let rest_of = arguments.positional.iter().skip(positional().count()).cloned();
            let value = Value::sequence(rest_of.map(Item::always).collect());
            frame.names.insert(rest.name.as_str(), value);
        }
        if let Some(rest) = &parameters.kwarg {
            let value = self.unread_value(place(&rest.name, frame.file), "a dictionary of arguments");
            frame.names.insert(rest.name.as_str(), value);
        }
    }

    fn bind_one(
        &mut self,
        parameter: &'a ParameterWithDefault,
        value: Option<Value<'a>>,
        frame: &mut Frame<'a>,
        span: Span,
    ) {
        let value = match (value, &parameter.default) {
            (Some(value), _) => value,
            (None, Some(default)) => self.value(default, frame),
            (None, None) => {
                self.unread_value(span, format!("a call without the argument `{}`", parameter.parameter.name))
            }
        };
        frame.names.insert(parameter.parameter.name.as_str(), value);
    }

    /// An expression as a statement: only what it does to names counts.
    pub(super) fn expression_statement(&mut self, expression: &'a Python, frame: &mut Frame<'a>) {
        if let Python::Call(_) | Python::Named(_) = expression {
            self.value(expression, frame);
        }
    }

    /// What the rule's event is called by its functions.
    pub(super) fn event(&self, span: Span) -> Value<'a> {
        Value::field("", Kind::Object, Value::none(span), span)
    }
}
