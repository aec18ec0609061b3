//! `TO_IP(field, options)`.

use super::bind_first;
use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Input, Parameter,
        ip::address::{self, canonical, not_an_address},
        kernel::{Flat, rewrite, same},
    },
    warning::Reason,
};
use ir::{Diagnostic, Literal};
use schema::Type;
use std::borrow::Cow;

pub struct ToIp;

static DOC: Doc = Doc {
    name: "to_ip",
    summary: "Converts a string to an internet address. IPv4-mapped IPv6 addresses become IPv4.",
    parameters: &[
        Parameter::required("field", "ip, keyword, text", "The value, or values, to convert."),
        Parameter::optional(
            "options",
            "map",
            "`leading_zeros`: what zeros before the numbers of an IPv4 address mean: `reject` (the default), `octal` or `decimal`.",
        ),
    ],
    returns: "ip",
    examples: &[
        Example { query: r#"ROW ip = TO_IP("1.1.1.1")"#, rows: &["1.1.1.1"] },
        Example { query: r#"ROW ip = TO_IP("1.1.010.1", {"leading_zeros": "octal"})"#, rows: &["1.1.8.1"] },
    ],
};

impl Function for ToIp {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        let (options, args) = call.options(&["leading_zeros"])?;
        call.count(1, if args < call.args.len() { 2 } else { 1 })?;
        let from_text: fn() -> Flat = match options {
            [] => plain,
            [(_, Literal::String(zeros))] => match zeros.as_str() {
                "reject" => plain,
                "decimal" => || padded(false),
                "octal" => || padded(true),
                other => {
                    let message = format!("Illegal leading_zeros [{other}]; expected reject, octal or decimal");
                    return Err(call.bad_value(1, message));
                }
            },
            _ => return Err(call.bad_value(1, "leading_zeros must be one of the strings reject, octal and decimal")),
        };
        let mut bound = bind_first(call, Type::Ip, |from| match from {
            Type::Ip => Some(same()),
            Type::Keyword | Type::Text => Some(from_text()),
            _ => None,
        })?;
        bound.inputs.resize(call.args.len(), Input::Captured);
        Ok(bound)
    }
}

fn plain() -> Flat {
    rewrite(read)
}

fn read(text: &str) -> Result<Cow<'_, str>, Reason> {
    canonical(text).map(Cow::Owned)
}

fn padded(octal: bool) -> Flat {
    rewrite(move |text| {
        if text.contains(':') {
            return read(text);
        }
        let address = address::parse_padded(text, octal).ok_or_else(|| not_an_address(text))?;
        Ok(Cow::Owned(address.to_string()))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_ip(["1.1.1.1", "foo", "::FFFF:1.2.3.4"]) => [1.1.1.1, 1.2.3.4] ! 'foo' is not an IP string literal.
            to_ip("1.1.010.1") => null ! '1.1.010.1' is not an IP string literal.
            to_ip("1.1.010.1", {"leading_zeros": "reject"}) => null ! '1.1.010.1' is not an IP string literal.
            to_ip("1.1.010.1", {"leading_zeros": "decimal"}) => 1.1.10.1
            to_ip("1.1.010.1", {"leading_zeros": "octal"}) => 1.1.8.1
            to_ip("1.1.010.1", {"leading_zeros": "hex"}) => refused
            to_ip("1.1.010.1", {"zeros": "octal"}) => refused
            to_ip(1) => refused
            "#,
        );
    }
}
