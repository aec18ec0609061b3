//! Methods of values: of the event, of texts, lists and dictionaries, of compiled regular expressions.

use super::call::Arguments;
use super::reader::Reader;
use super::value::{Const, Entry, Fold, Found, Guard, Item, Symbol, Value};
use super::{Kind, condition, expression, logic};
use ir::{Anchor, Case, Expr, ExprKind, Literal, PatternKind, RegexSyntax, Span};
use std::rc::Rc;

impl<'a> Reader<'a> {
    pub(super) fn method(&mut self, of: &Value<'a>, name: &'a str, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        match name {
            "get" => {
                let default = arguments.get(1, "default").cloned().unwrap_or(Value::none(span));
                return match arguments.get(0, "key") {
                    Some(key) => self.get(of, &key.clone(), default, span),
                    None => self.unread_value(span, "a `get` without a name"),
                };
            }
            "deep_get" => return self.deep_get(of, arguments, span),
            "deep_walk" => return self.deep_walk(of, arguments, span),
            "udm" => {
                let default = arguments.named("default").cloned().unwrap_or(Value::none(span));
                return match arguments.positional.first().and_then(Value::as_str) {
                    Some(name) => self.udm(name, default, span),
                    None => self.unread_value(span, "a name of a data model that depends on the event"),
                };
            }
            "search" | "match" | "fullmatch" | "findall" | "finditer" | "sub" if matches!(of, Value::Regex(..)) => {
                return self.regex_method(of, name, arguments, span);
            }
            _ => {}
        }
        // Iterators over a dictionary or list that may be one or another go through `items`.
        if let Some(value) = self.view(of, name, span) {
            return value;
        }
        if let Some(value) = self.set_method(of, name, arguments, span) {
            return value;
        }
        self.map(of, &mut |reader, of| reader.plain_method(of, name, arguments, span))
    }

    fn plain_method(&mut self, of: &Value<'a>, name: &str, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        match of {
            Value::Const(Const::Str(_), _) | Value::Symbol(_) | Value::Test(_) => {
                self.text_method(of, name, arguments, span)
            }
            Value::Found(found) => match name {
                "group" | "groups" | "groupdict" => found_group(found, arguments, span),
                _ => self.unread_value(span, format!("the method `{name}` of a match")),
            },
            // A method of what is not there is an error, which ends the rule without a match.
            Value::Const(Const::None, _) => Value::none(span),
            Value::Sequence(_) if matches!(name, "index" | "count") => {
                self.unread_value(span, format!("the method `{name}` of a list"))
            }
            Value::Network(..) if name == "supernet_of" => self.unread_value(span, "a comparison of networks"),
            _ => self.unread_value(span, format!("the method `{name}` of this kind of value")),
        }
    }

    /// `keys()`, `values()`, `items()`, `copy()`.
    fn view(&mut self, of: &Value<'a>, name: &str, span: Span) -> Option<Value<'a>> {
        match (of, name) {
            (Value::Symbol(symbol), "keys") => {
                Some(Value::Symbol(Rc::new(Symbol { kind: Kind::Object, ..symbol.as_ref().clone() })))
            }
            (_, "copy" | "to_dict" | "keys")
                if matches!(of, Value::Sequence(_) | Value::Dict(_) | Value::Symbol(_)) =>
            {
                Some(of.clone())
            }
            (Value::Dict(entries), "values" | "items") => {
                let item = |entry: &Entry<'a>| {
                    let value = match name {
                        "values" => entry.value.clone(),
                        _ => Value::values(vec![entry.key.clone(), entry.value.clone()]),
                    };
                    Item { guard: entry.guard.clone(), value }
                };
                Some(Value::sequence(entries.iter().map(item).collect()))
            }
            (Value::Symbol(symbol), "values" | "items") => {
                let Some(path) = &symbol.path else {
                    return Some(self.unread_value(span, "the entries of a computed value"));
                };
                let path = condition::join(path, "*");
                let element = Value::field(&path, Kind::Unknown, Value::none(span), span);
                let value = match name {
                    "values" => element,
                    _ => {
                        let key = self.unread_value(span, "the names of an object's fields");
                        Value::values(vec![key, element])
                    }
                };
                let always = logic::constant(true, span);
                let guard = Guard { condition: always.clone(), each: vec![(Some(path.into()), always)] };
                Some(Value::sequence(vec![Item { guard, value }]))
            }
            (Value::Choice(choice), "values" | "items" | "keys" | "copy") => {
                let mut arms = Vec::new();
                for arm in &choice.arms {
                    arms.push(Item { guard: arm.guard.clone(), value: self.view(&arm.value, name, span)? });
                }
                let otherwise = self.view(&choice.otherwise, name, span)?;
                Some(Value::choice(arms, otherwise))
            }
            (Value::Const(Const::None, _), "values" | "items" | "keys") => Some(Value::sequence(Vec::new())),
            _ => None,
        }
    }

    fn set_method(&mut self, of: &Value<'a>, name: &str, arguments: &Arguments<'a>, span: Span) -> Option<Value<'a>> {
        let other = arguments.positional.first()?.clone();
        match name {
            "intersection" => self.filtered(of, &other, true, span),
            "difference" => self.filtered(of, &other, false, span),
            "union" => {
                let mut items = self.items(of)?;
                for other in &arguments.positional {
                    items.extend(self.items(other)?);
                }
                Some(Value::sequence(items))
            }
            "issubset" => Some(Value::test(self.subset(of, &other, span))),
            "issuperset" => Some(Value::test(self.subset(&other, of, span))),
            "isdisjoint" => {
                let common = self.filtered(of, &other, true, span)?;
                Some(Value::test(logic::not(self.truth(&common))))
            }
            _ => None,
        }
    }

    /// A method that changes its object: the object afterwards, and what the call returns.
    pub(super) fn mutate(
        &mut self,
        old: &Value<'a>,
        name: &str,
        arguments: &Arguments<'a>,
        span: Span,
    ) -> Option<(Value<'a>, Value<'a>)> {
        let first = arguments.positional.first().cloned();
        let none = Value::none(span);
        match (old, name) {
            (Value::Sequence(items), "append" | "add") => {
                let mut items = items.as_ref().clone();
                items.push(Item::always(first?));
                Some((Value::sequence(items), none))
            }
            (Value::Sequence(_) | Value::Symbol(_), "extend") | (Value::Sequence(_), "update") => {
                let mut items = self.items(old)?;
                items.extend(self.items(&first?)?);
                Some((Value::sequence(items), none))
            }
            (Value::Sequence(_), "sort" | "reverse") => Some((old.clone(), none)),
            (Value::Sequence(items), "pop") if first.is_none() && items.iter().all(|item| item.guard.is_always()) => {
                let mut items = items.as_ref().clone();
                let last = items.pop()?;
                Some((Value::sequence(items), last.value))
            }
            (Value::Sequence(_), "remove" | "discard") => {
                let gone = Value::values(vec![first?]);
                Some((self.filtered(old, &gone, false, span)?, none))
            }
            (Value::Dict(entries), "update") => match first? {
                Value::Dict(more) => {
                    Some((Value::Dict(Rc::new(entries.iter().chain(more.iter()).cloned().collect())), none))
                }
                _ => None,
            },
            (Value::Dict(entries), "pop") => {
                let default = arguments.positional.get(1).cloned().unwrap_or(none);
                let found = self.entry(entries, &first?, default, span);
                Some((old.clone(), found))
            }
            _ => None,
        }
    }

    fn text_method(&mut self, of: &Value<'a>, name: &str, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        match name {
            "lower" | "casefold" => self.convert(of, Fold::Lower),
            "upper" => self.convert(of, Fold::Upper),
            "strip" | "lstrip" | "rstrip" => self.strip(of, name, arguments, span),
            "startswith" => self.affix(of, arguments, PatternKind::StartsWith, "starts_with", span),
            "endswith" => self.affix(of, arguments, PatternKind::EndsWith, "ends_with", span),
            "split" | "rsplit" => self.split(of, name == "rsplit", arguments, span),
            "splitlines" => {
                let newline = Arguments::of(vec![Value::str("\n", span)]);
                self.split(of, false, &newline, span)
            }
            "replace" => match arguments.positional.as_slice() {
                [old, new, ..] => match (of, old.as_str(), new.as_str()) {
                    (Value::Const(Const::Str(text), _), Some(old), Some(new))
                        if text.len() * new.len().max(1) < super::MAX_TEXT =>
                    {
                        Value::str(&text.replace(old, new), span)
                    }
                    _ => self.text_call("replace_text", of, &[old, new], Kind::Text, span),
                },
                _ => self.unread_value(span, "a `replace` without two texts"),
            },
            "join" => self.join_texts(of, arguments, span),
            "format" => self.format(of, arguments, span),
            "find" | "index" | "rfind" => match arguments.positional.first() {
                Some(part) => self.text_call("find_text", of, &[part], Kind::Number, span),
                None => self.unread_value(span, "a `find` without a text"),
            },
            "count" => match arguments.positional.first() {
                Some(part) => self.text_call("count_text", of, &[part], Kind::Number, span),
                None => self.unread_value(span, "a `count` without a text"),
            },
            "removeprefix" | "removesuffix" => match arguments.positional.first() {
                Some(part) => {
                    let function = if name == "removeprefix" { "remove_prefix" } else { "remove_suffix" };
                    self.text_call(function, of, &[part], Kind::Text, span)
                }
                None => self.unread_value(span, "a removal without a text"),
            },
            "encode" | "decode" => of.clone(),
            "isdigit" | "isnumeric" | "isdecimal" => self.whole(of, "[0-9]+", span),
            "isalpha" => self.whole(of, "[^\\W\\d_]+", span),
            "isalnum" => self.whole(of, "[^\\W_]+", span),
            "isspace" => self.whole(of, "\\s+", span),
            "isascii" => self.whole(of, "[\\x00-\\x7f]*", span),
            _ => self.unread_value(span, format!("the method `{name}`")),
        }
    }

    fn convert(&mut self, of: &Value<'a>, fold: Fold) -> Value<'a> {
        match of {
            Value::Const(Const::Str(text), span) => {
                let text = if fold == Fold::Lower { text.to_lowercase() } else { text.to_uppercase() };
                Value::str(&text, *span)
            }
            Value::Symbol(symbol) => Value::Symbol(Rc::new(expression::folded(symbol, fold))),
            _ => of.clone(),
        }
    }

    fn strip(&mut self, of: &Value<'a>, name: &str, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let characters = arguments.positional.first();
        if let Value::Const(Const::Str(text), _) = of {
            let set = characters.and_then(Value::as_str);
            let is_in = |character: char| set.map_or(character.is_whitespace(), |set| set.contains(character));
            let text = if name == "rstrip" { text } else { text.trim_start_matches(is_in) };
            let text = if name == "lstrip" { text } else { text.trim_end_matches(is_in) };
            return Value::str(text, span);
        }
        let function = match name {
            "lstrip" => "ltrim",
            "rstrip" => "rtrim",
            _ => "trim",
        };
        let more: Vec<&Value<'a>> = characters.into_iter().collect();
        self.text_call(function, of, &more, Kind::Text, span)
    }

    /// A function of a text. Where letters' case was converted first, it stays so.
    fn text_call(&mut self, function: &str, of: &Value<'a>, more: &[&Value<'a>], kind: Kind, span: Span) -> Value<'a> {
        let Some(first) = expression::scalar(of) else { return self.unread_value(span, "a text of this kind") };
        let mut args = vec![first];
        for value in more {
            match expression::scalar(value) {
                Some(expr) => args.push(expr),
                None => return self.unread_value(span, "a text that depends on the event in this way"),
            }
        }
        Value::computed(logic::call(function, args, span), kind)
    }

    /// `startswith` and `endswith`, with one text or several.
    fn affix(
        &mut self,
        of: &Value<'a>,
        arguments: &Arguments<'a>,
        make: fn(String) -> PatternKind,
        function: &str,
        span: Span,
    ) -> Value<'a> {
        let Some(operand) = arguments.positional.first() else {
            return self.unread_value(span, "an affix without a text");
        };
        let test = self.test_each(&operand.clone(), &mut |reader, operand| match operand {
            Value::Const(Const::Str(text), place) => reader.fits_texts(of, &[(text.clone(), *place)], make, span),
            Value::Sequence(items) => {
                let texts: Option<Vec<_>> = items
                    .iter()
                    .map(|item| match &item.value {
                        Value::Const(Const::Str(text), place) if item.guard.is_always() => Some((text.clone(), *place)),
                        _ => None,
                    })
                    .collect();
                match texts {
                    Some(texts) if texts.is_empty() => logic::constant(false, span),
                    Some(texts) => reader.fits_texts(of, &texts, make, span),
                    None => reader.unread(span, "an affix that depends on the event"),
                }
            }
            Value::Symbol(symbol) => match expression::scalar(of) {
                Some(text) => condition::holds(logic::call(function, vec![text, symbol.exact()], span), span),
                None => reader.unread(span, "an affix of this kind of value"),
            },
            Value::Unread(place) => logic::unread(*place),
            _ => logic::constant(false, span),
        });
        Value::test(test)
    }

    fn split(&mut self, of: &Value<'a>, from_end: bool, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let separator = arguments.get(0, "sep").cloned();
        let limit = arguments.get(1, "maxsplit").cloned();
        if let (Value::Const(Const::Str(text), _), None) = (of, &limit) {
            let parts: Vec<Value<'a>> = match separator.as_ref().and_then(Value::as_str) {
                Some("") => return self.unread_value(span, "a `split` by nothing"),
                Some(separator) => text.split(separator).map(|part| Value::str(part, span)).collect(),
                None => text.split_whitespace().map(|part| Value::str(part, span)).collect(),
            };
            return Value::values(parts);
        }
        if let (Value::Const(Const::Str(text), _), Some(separator), Some(limit)) =
            (of, separator.as_ref().and_then(Value::as_str), limit.as_ref().and_then(Value::as_int))
        {
            let count = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
            let mut parts: Vec<&str> = if from_end {
                text.rsplitn(count, separator).collect()
            } else {
                text.splitn(count, separator).collect()
            };
            if from_end {
                parts.reverse();
            }
            return Value::values(parts.into_iter().map(|part| Value::str(part, span)).collect());
        }
        let more: Vec<&Value<'a>> = separator.iter().chain(limit.iter()).collect();
        let function = if from_end && limit.is_some() { "split_text_from_end" } else { "split_text" };
        self.text_call(function, of, &more, Kind::List, span)
    }

    /// `separator.join(list)`
    fn join_texts(&mut self, of: &Value<'a>, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let Some(list) = arguments.positional.first() else {
            return self.unread_value(span, "a `join` without a list");
        };
        if let Some(values) = list.fixed() {
            let mut result: Option<Value<'a>> = None;
            for value in values {
                result = Some(match result {
                    None => value.clone(),
                    Some(before) => {
                        let before = self.operate(ruff_python_ast::Operator::Add, &before, of, span);
                        self.operate(ruff_python_ast::Operator::Add, &before, value, span)
                    }
                });
            }
            return result.unwrap_or_else(|| Value::str("", span));
        }
        // `str(x) for x in list` is the list.
        let list = match list {
            Value::Sequence(items) => match items.as_slice() {
                [Item { guard, value: whole @ Value::Symbol(symbol) }]
                    if guard.each.len() == 1
                        && guard
                            .each
                            .iter()
                            .all(|(of, test)| *of == symbol.path && logic::known(test) == Some(true)) =>
                {
                    whole
                }
                _ => list,
            },
            _ => list,
        };
        match list {
            Value::Symbol(symbol) => match expression::scalar(of) {
                Some(separator) => {
                    Value::computed(logic::call("join_text", vec![symbol.exact(), separator], span), Kind::Text)
                }
                None => self.unread_value(span, "a `join` of this kind of value"),
            },
            _ => self.unread_value(span, "a `join` of this kind of value"),
        }
    }

    /// `"...{}...".format(value)` with plain places only.
    fn format(&mut self, of: &Value<'a>, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let Some(text) = of.as_str().map(str::to_owned) else {
            return self.unread_value(span, "a format that is no constant");
        };
        let mut result = Value::str("", span);
        let mut rest = text.as_str();
        let mut next = 0;
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            let Some(close) = after.find('}') else { break };
            let name = after.get(1..close).unwrap_or("");
            let value = match name.parse::<usize>() {
                Ok(at) => arguments.positional.get(at),
                Err(_) if name.is_empty() => {
                    next += 1;
                    arguments.positional.get(next - 1)
                }
                Err(_) => arguments.named(name),
            };
            let Some(value) = value.cloned() else { return self.unread_value(span, "a format of this kind") };
            result = self.operate(ruff_python_ast::Operator::Add, &result, &Value::str(before, span), span);
            let value = self.as_text(&value, span);
            result = self.operate(ruff_python_ast::Operator::Add, &result, &value, span);
            rest = after.get(close + 1..).unwrap_or("");
        }
        self.operate(ruff_python_ast::Operator::Add, &result, &Value::str(rest, span), span)
    }

    fn whole(&mut self, of: &Value<'a>, pattern: &str, span: Span) -> Value<'a> {
        let pattern = regex(pattern, false, Anchor::Whole, span);
        Value::test(self.fits(of, &[pattern], span))
    }

    /// As `str()` makes a text of it.
    pub(super) fn as_text(&mut self, value: &Value<'a>, span: Span) -> Value<'a> {
        self.map(value, &mut |reader, value| match value {
            Value::Const(constant, place) => Value::str(&constant.text(), *place),
            Value::Symbol(symbol) => {
                let kind = if symbol.kind == Kind::Unknown { Kind::Text } else { symbol.kind };
                Value::Symbol(Rc::new(Symbol { kind, ..symbol.as_ref().clone() }))
            }
            Value::Test(test) => {
                let arm = Item { guard: Guard::when(test.as_ref().clone()), value: Value::str("True", span) };
                Value::choice(vec![arm], Value::str("False", span))
            }
            _ => reader.unread_value(span, "a text made of this kind of value"),
        })
    }

    /// A search with a regular expression.
    pub(super) fn search(
        &mut self,
        pattern: &Value<'a>,
        subject: &Value<'a>,
        anchor: Anchor,
        all: bool,
        span: Span,
    ) -> Value<'a> {
        let subject = subject.clone();
        self.map(pattern, &mut |reader, pattern| {
            let (text, insensitive, place) = match pattern {
                Value::Regex(text, insensitive, place) => (text.clone(), *insensitive, *place),
                Value::Const(Const::Str(text), place) => (text.clone(), false, *place),
                _ => return reader.unread_value(span, "a regular expression that depends on the event"),
            };
            let test = reader.fits(&subject, &[regex(&text, insensitive, anchor, place)], span);
            Value::Found(Rc::new(Found { test, subject: subject.clone(), pattern: text, all, span }))
        })
    }

    fn regex_method(&mut self, of: &Value<'a>, name: &str, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let mut with_pattern = arguments.clone();
        with_pattern.positional.insert(0, of.clone());
        self.external(&format!("re.{name}"), &with_pattern, span)
    }
}

pub(super) fn regex(pattern: &str, insensitive: bool, anchor: Anchor, span: Span) -> ir::Pattern {
    let kind = PatternKind::Regex { pattern: pattern.to_owned(), syntax: RegexSyntax::Python, anchor };
    condition::pattern(kind, if insensitive { Case::Insensitive } else { Case::Sensitive }, span)
}

/// A part of what a regular expression found; null where it found nothing.
fn found_group<'a>(found: &Found<'a>, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
    let group = match arguments.positional.first() {
        Some(Value::Const(constant, _)) => constant.literal(),
        _ => Literal::Integer(0),
    };
    group_of(found, group, span)
}

fn group_of<'a>(found: &Found<'a>, group: Literal, span: Span) -> Value<'a> {
    let literal = |literal: Literal| Expr::new(ExprKind::Literal(literal), span);
    match expression::scalar(&found.subject) {
        Some(subject) => {
            let args = vec![subject, literal(Literal::String(found.pattern.to_string())), literal(group)];
            Value::computed(logic::call("regex_group", args, span), Kind::Text)
        }
        None => Value::Unread(span),
    }
}

/// An element of a match is a group; of all that was found, the first is the text or the groups of the first match.
pub(super) fn found_element<'a>(found: &Found<'a>, at: i64, span: Span) -> Value<'a> {
    let number = |group: i64| Literal::Integer(i32::try_from(group).unwrap_or(i32::MAX));
    if !found.all {
        return group_of(found, number(at), span);
    }
    if at != 0 {
        return Value::Unread(span);
    }
    match groups(&found.pattern) {
        0 => group_of(found, number(0), span),
        1 => group_of(found, number(1), span),
        several => Value::values((1..=several).map(|group| group_of(found, number(group), span)).collect()),
    }
}

/// How many groups a regular expression captures.
fn groups(pattern: &str) -> i64 {
    let mut count = 0;
    let mut class = false;
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => _ = rest.next(),
            '[' => class = true,
            ']' => class = false,
            '(' if !class && rest.peek() != Some(&'?') => count += 1,
            '(' if !class && rest.clone().nth(1) == Some('P') && rest.clone().nth(2) == Some('<') => count += 1,
            _ => {}
        }
    }
    count
}
