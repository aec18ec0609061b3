//! Functions of modules that are not in the repository: Python's standard library, as far as rules use it, and the walk
//! through the event that Panther provides.

use super::call::Arguments;
use super::reader::Reader;
use super::value::{Const, Symbol, Value};
use super::{Kind, condition, expression, logic, method, networks};
use ir::{Anchor, Case, PatternKind, Span};
use std::rc::Rc;

/// What a name of such a module stands for.
pub(super) fn named<'a>(name: &str, span: Span) -> Value<'a> {
    let flag = |flag: i64| Value::Const(Const::Int(flag), span);
    match name {
        "re.IGNORECASE" | "re.I" => flag(IGNORE_CASE),
        "re.MULTILINE" | "re.M" => flag(MULTI_LINE),
        "re.DOTALL" | "re.S" => flag(DOT_ALL),
        "re.VERBOSE" | "re.X" => flag(VERBOSE),
        "re.ASCII" | "re.A" | "re.UNICODE" | "re.U" => flag(0),
        _ => Value::External(name.into()),
    }
}

/// What a text of JSON says; anything else is itself.
const PARSE_JSON: &str = "parse_json";

const IGNORE_CASE: i64 = 2;
const MULTI_LINE: i64 = 8;
const DOT_ALL: i64 = 16;
const VERBOSE: i64 = 64;

impl<'a> Reader<'a> {
    pub(super) fn external(&mut self, name: &str, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let first = arguments.positional.first().cloned();
        let second = arguments.positional.get(1).cloned();
        let function = name.rsplit('.').next().unwrap_or(name);
        match (name, first, second) {
            (_, Some(of), _) if function == "deep_get" || function == "deep_walk" => {
                let mut keys = arguments.clone();
                keys.positional.remove(0);
                if function == "deep_get" { self.deep_get(&of, &keys, span) } else { self.deep_walk(&of, &keys, span) }
            }
            ("re.compile", Some(pattern), flags) => {
                let flags = flags.or_else(|| arguments.named("flags").cloned());
                self.compile(&pattern, flags.as_ref(), span)
            }
            (
                "re.search" | "re.match" | "re.fullmatch" | "re.findall" | "re.finditer",
                Some(pattern),
                Some(subject),
            ) => {
                let anchor = match function {
                    "match" => Anchor::Start,
                    "fullmatch" => Anchor::Whole,
                    _ => Anchor::Anywhere,
                };
                let flags = arguments.get(2, "flags").cloned();
                let pattern = self.compile(&pattern, flags.as_ref(), span);
                self.search(&pattern, &subject, anchor, function.starts_with("find"), span)
            }
            ("re.sub", Some(pattern), Some(new)) => match arguments.positional.get(2).cloned() {
                Some(subject) => self.map(&subject, &mut |reader, subject| {
                    let pattern = match &pattern {
                        Value::Regex(text, _, place) => Value::Const(Const::Str(text.clone()), *place),
                        other => other.clone(),
                    };
                    let args: Option<Vec<_>> = [subject, &pattern, &new].into_iter().map(expression::scalar).collect();
                    match args {
                        Some(args) => Value::computed(logic::call("replace_regex", args, span), Kind::Text),
                        None => reader.unread_value(span, "`re.sub` of these kinds of values"),
                    }
                }),
                None => self.unread_value(span, "`re.sub` without a text"),
            },
            ("re.escape", Some(Value::Const(Const::Str(text), place)), _) => Value::str(&escaped(&text), place),
            ("fnmatch.fnmatch" | "fnmatch.fnmatchcase", Some(subject), Some(pattern)) => {
                Value::test(self.glob(&subject, &pattern, span))
            }
            ("ipaddress.ip_address" | "ipaddress.IPv4Address" | "ipaddress.IPv6Address", Some(subject), _) => {
                self.note_no_address(&subject, span);
                self.map(&subject, &mut |reader, subject| match subject {
                    Value::Symbol(symbol) => {
                        Value::Symbol(Rc::new(Symbol { kind: Kind::Address, ..symbol.as_ref().clone() }))
                    }
                    Value::Const(Const::Str(text), place) if networks::holds(text, text).is_some() => {
                        Value::Network(text.clone(), *place)
                    }
                    // An error, which ends the rule without a match.
                    Value::Const(..) => Value::none(span),
                    _ => reader.unread_value(span, "an address from this kind of value"),
                })
            }
            ("ipaddress.ip_network" | "ipaddress.IPv4Network" | "ipaddress.IPv6Network", Some(network), _) => {
                self.map(&network, &mut |reader, network| match network {
                    Value::Const(Const::Str(text), place) => Value::Network(text.clone(), *place),
                    // A network of the event is one address in the rules that there are.
                    Value::Symbol(symbol) => {
                        Value::Symbol(Rc::new(Symbol { kind: Kind::Address, ..symbol.as_ref().clone() }))
                    }
                    _ => reader.unread_value(span, "a network that depends on the event"),
                })
            }
            ("urllib.parse.unquote" | "urllib.parse.unquote_plus", Some(text), _) => {
                self.map(&text, &mut |reader, text| match expression::scalar(text) {
                    Some(text) => Value::computed(logic::call("url_decode", vec![text], span), Kind::Text),
                    None => reader.unread_value(span, "a text of this kind"),
                })
            }
            // What is read below it is read through the text: a name behind it is one of the parsed object.
            ("json.loads", Some(text), _) => self.parsed(&text, span),
            ("json.dumps", Some(value), _) => self.as_text(&value, span),
            ("collections.OrderedDict" | "copy.copy" | "copy.deepcopy", Some(value), _) => value,
            _ => self.unread_value(span, format!("`{name}`, which is not in the repository")),
        }
    }

    /// Inside of a `try`: what is no address raises an exception.
    fn note_no_address(&mut self, subject: &Value<'a>, span: Span) {
        if self.raised.is_empty() {
            return;
        }
        let raises = self.test_each(subject, &mut |_, subject| match subject {
            Value::Symbol(symbol) => logic::not(expression::kind_test(symbol, "is_ip", span)),
            Value::Const(Const::Str(text), _) => logic::constant(networks::holds(text, text).is_none(), span),
            Value::Unread(place) => logic::unread(*place),
            _ => logic::constant(false, span),
        });
        if let Some(raised) = self.raised.last_mut() {
            raised.push(raises);
        }
    }

    fn parsed(&mut self, text: &Value<'a>, span: Span) -> Value<'a> {
        match text {
            Value::Symbol(symbol) if symbol.path.is_some() => {
                let default = match &symbol.default {
                    Value::Const(Const::Str(text), _) if text.trim() == "[]" => Value::sequence(Vec::new()),
                    Value::Const(Const::Str(_), _) => Value::Dict(Rc::new(Vec::new())),
                    other => other.clone(),
                };
                let expr = logic::call(PARSE_JSON, vec![logic::unparsed(&symbol.expr).clone()], span);
                Value::Symbol(Rc::new(Symbol { expr, kind: Kind::Unknown, default, ..symbol.as_ref().clone() }))
            }
            Value::Choice(_) => self.map(text, &mut |reader, text| reader.parsed(text, span)),
            Value::Const(..) => Value::Dict(Rc::new(Vec::new())),
            Value::Dict(_) | Value::Unread(_) => text.clone(),
            _ => self.unread_value(span, "JSON in a computed text"),
        }
    }

    fn compile(&mut self, pattern: &Value<'a>, flags: Option<&Value<'a>>, span: Span) -> Value<'a> {
        let flags = match flags {
            None => 0,
            Some(value) => match value.as_int() {
                Some(flags) => flags,
                None => return self.unread_value(span, "flags of a regular expression that are no constant"),
            },
        };
        self.map(pattern, &mut |reader, pattern| match pattern {
            Value::Regex(..) => pattern.clone(),
            Value::Const(Const::Str(text), place) => {
                let letters: String = [(MULTI_LINE, 'm'), (DOT_ALL, 's'), (VERBOSE, 'x')]
                    .into_iter()
                    .filter(|(flag, _)| flags & flag != 0)
                    .map(|(_, letter)| letter)
                    .collect();
                let text = if letters.is_empty() { text.to_string() } else { format!("(?{letters}){text}") };
                Value::Regex(text.into(), flags & IGNORE_CASE != 0, *place)
            }
            _ => reader.unread_value(span, "a regular expression that depends on the event"),
        })
    }

    /// `fnmatch`, which on the systems that run rules tells letters of different case apart.
    fn glob(&mut self, subject: &Value<'a>, pattern: &Value<'a>, span: Span) -> ir::Expr {
        self.test_each(pattern, &mut |reader, pattern| match pattern {
            Value::Const(Const::Str(text), place) if text.contains('[') => {
                let regex = method::regex(&glob_as_regex(text), false, Anchor::Whole, *place);
                reader.fits(subject, &[regex], span)
            }
            Value::Const(Const::Str(text), place) => {
                let kind = PatternKind::Wildcard(text.replace('\\', "\\\\"));
                reader.fits(subject, &[condition::pattern(kind, Case::Sensitive, *place)], span)
            }
            Value::Unread(place) => logic::unread(*place),
            _ => reader.unread(span, "a file name pattern that depends on the event"),
        })
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_alphanumeric() && character != '_' {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A file name pattern with character classes as a regular expression.
fn glob_as_regex(glob: &str) -> String {
    let mut regex = String::from("(?s)");
    let mut rest = glob.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' if rest.clone().skip(1).any(|other| other == ']') => {
                regex.push('[');
                if rest.next_if_eq(&'!').is_some() {
                    regex.push('^');
                }
                for inner in rest.by_ref() {
                    if inner == '\\' {
                        regex.push('\\');
                    }
                    regex.push(inner);
                    if inner == ']' {
                        break;
                    }
                }
            }
            other => regex.push_str(&escaped(&other.to_string())),
        }
    }
    regex
}
