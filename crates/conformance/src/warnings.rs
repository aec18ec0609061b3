//! Warnings in Elasticsearch's words, which the suite expects: places as `Line L:C`, reasons as Java exceptions.

use engine::warning::{Reason, Warning};
use ir::{Diagnostic, LineColumn, Span, codes};

/// The header lines that Elasticsearch would send.
pub fn rendered(query: &str, warnings: &[Warning], diagnostics: &[Diagnostic]) -> Vec<String> {
    let at = |span: Span| format!("Line {}", LineColumn::of(span.start, query));
    let mut lines = Vec::new();
    for diagnostic in diagnostics {
        if matches!(diagnostic.code, codes::ORDER_LOST | codes::SHADOWED) {
            lines.push(format!("{}: {}", at(diagnostic.span.unwrap_or_default()), diagnostic.message));
        }
    }
    for warning in warnings {
        let (place, text, treated_as) = (at(warning.span), &warning.text, warning.treated_as);
        lines.push(format!(
            "{place}: evaluation of [{text}] failed, treating result as {treated_as}. Only first 20 failures recorded."
        ));
        lines.push(format!("{place}: {}: {}", exception(&warning.reason), warning.reason));
    }
    let mut lines: Vec<String> = lines.iter().map(|line| encoded(line)).collect();
    lines.sort();
    lines.dedup();
    lines
}

/// The exception that Elasticsearch throws for a reason.
fn exception(reason: &Reason) -> &'static str {
    match reason {
        Reason::SeveralValues | Reason::Argument(_) => "java.lang.IllegalArgumentException",
        Reason::Arithmetic(_) => "java.lang.ArithmeticException",
        Reason::Range(_) => "org.elasticsearch.xpack.esql.core.InvalidArgumentException",
        Reason::Number(_) => "java.lang.NumberFormatException",
        Reason::Date(_) => "java.time.DateTimeException",
    }
}

/// As an HTTP header has it: quotes and backslashes escaped, percent signs and what is not ASCII in percent notation.
fn encoded(line: &str) -> String {
    let mut encoded = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '"' | '\\' => {
                encoded.push('\\');
                encoded.push(character);
            }
            ' '..='~' if character != '%' => encoded.push(character),
            other => other.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| encoded.push_str(&format!("%{byte:02X}"))),
        }
    }
    encoded
}
