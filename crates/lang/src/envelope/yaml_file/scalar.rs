//! Scalars: decoded text, how it was written, and what that means to whom.

use std::borrow::Cow;

/// Which plain scalars are something else than strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::envelope) enum Schema {
    /// YAML 1.2's core schema, as ruamel.yaml (Panther), yaml.v3 and YamlDotNet (Sentinel) have it.
    Core,
    /// YAML 1.1 as PyYAML reads it (pySigma, Splunk's contentctl): `yes`, `no`, `on` and `off` are booleans, `010` is 8.
    Yaml11,
}

/// What a scalar means.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::envelope) enum Constant<'a> {
    Null,
    Boolean(bool),
    Integer(i128),
    Float(f64),
    String(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::envelope) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

#[derive(Clone, Debug)]
pub(in crate::envelope) struct Scalar<'a> {
    pub text: Cow<'a, str>,
    pub style: Style,
    /// Tagged `!!str` or `!`: a string, however it is written.
    pub tagged_string: bool,
}

impl Scalar<'_> {
    /// Without quotes or tags, so that it may be something else than a string.
    pub fn is_plain(&self) -> bool {
        self.style == Style::Plain && !self.tagged_string
    }

    pub fn constant(&self, schema: Schema) -> Constant<'_> {
        let text = self.text.as_ref();
        if self.is_plain() { resolve(text, schema) } else { Constant::String(text) }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.constant(Schema::Core) {
            Constant::Null => "nothing",
            Constant::Boolean(_) => "a boolean",
            Constant::Integer(_) | Constant::Float(_) => "a number",
            Constant::String(_) => "a string",
        }
    }
}

fn resolve(text: &str, schema: Schema) -> Constant<'_> {
    // Most scalars begin with a letter that no other constant begins with.
    let Some(first) = text.bytes().next() else { return Constant::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text, schema).unwrap_or(Constant::String(text)),
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O' => word(text, schema),
        _ => Constant::String(text),
    }
}

fn word(text: &str, schema: Schema) -> Constant<'_> {
    match text {
        "~" | "null" | "Null" | "NULL" => return Constant::Null,
        "true" | "True" | "TRUE" => return Constant::Boolean(true),
        "false" | "False" | "FALSE" => return Constant::Boolean(false),
        _ => {}
    }
    match text {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" if schema == Schema::Yaml11 => Constant::Boolean(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" if schema == Schema::Yaml11 => Constant::Boolean(false),
        _ => Constant::String(text),
    }
}

fn number(text: &str, schema: Schema) -> Option<Constant<'_>> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    match digits {
        ".inf" | ".Inf" | ".INF" => {
            return Some(Constant::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }));
        }
        ".nan" | ".NaN" | ".NAN" if digits == text => return Some(Constant::Float(f64::NAN)),
        _ => {}
    }
    match schema {
        Schema::Core => integer_core(text, digits),
        Schema::Yaml11 => integer_11(text, digits),
    }
    .map(Constant::Integer)
    .or_else(|| float(text, digits, schema).map(Constant::Float))
}

fn integer_core(text: &str, digits: &str) -> Option<i128> {
    // The core schema knows no sign before a base.
    match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(hexadecimal), _) => radix(hexadecimal, 16),
        (_, Some(octal)) => radix(octal, 8),
        _ => radix(digits, 10).map(|value| if text.starts_with('-') { -value } else { value }),
    }
}

fn integer_11(text: &str, digits: &str) -> Option<i128> {
    // `_` may separate digits, and `1:30` is one and a half hours.
    let plain: Cow<'_, str> = if digits.contains('_') { digits.replace('_', "").into() } else { digits.into() };
    let value = if let Some(binary) = plain.strip_prefix("0b") {
        radix(binary, 2)?
    } else if let Some(hexadecimal) = plain.strip_prefix("0x") {
        radix(hexadecimal, 16)?
    } else if plain.len() > 1 && plain.starts_with('0') {
        radix(&plain, 8)?
    } else if plain.contains(':') {
        let mut value: i128 = 0;
        for (at, part) in plain.split(':').enumerate() {
            let part = radix(part, 10).filter(|&part| at == 0 || part < 60)?;
            value = value.checked_mul(60)?.checked_add(part)?;
        }
        value
    } else {
        radix(&plain, 10)?
    };
    Some(if text.starts_with('-') { -value } else { value })
}

/// A number without sign.
fn radix(digits: &str, radix: u32) -> Option<i128> {
    if digits.starts_with(['+', '-']) {
        return None;
    }
    i128::from_str_radix(digits, radix).ok()
}

fn float(text: &str, digits: &str, schema: Schema) -> Option<f64> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let decimal = mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && mantissa.bytes().filter(|&byte| byte == b'.').count() <= 1
        && mantissa.bytes().any(|byte| byte.is_ascii_digit());
    let signless = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let exponent_fits = !signless.is_empty() && signless.bytes().all(|byte| byte.is_ascii_digit());
    // PyYAML wants a point, and a sign before the exponent.
    let strict = schema == Schema::Core
        || (mantissa.contains('.') && (!digits.contains(['e', 'E']) || signless.len() < exponent.len()));
    if decimal && exponent_fits && strict { text.parse().ok() } else { None }
}
