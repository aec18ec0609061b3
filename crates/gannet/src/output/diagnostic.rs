//! Diagnostics drawn under the text they are about.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use ir::Diagnostic;

/// A diagnostic as a terminal shows it: code, message, the line with the offending text marked, the hint.
pub fn draw(diagnostic: &Diagnostic, path: &str, source: &str, color: bool) -> String {
    let level = match diagnostic.level {
        ir::Level::Refusal => Level::ERROR,
        ir::Level::Loss => Level::WARNING,
        ir::Level::Note => Level::NOTE,
    };
    let mut group = Group::with_title(level.primary_title(&diagnostic.message).id(diagnostic.code.0));
    if let Some(span) = diagnostic.span {
        let end = source.len();
        let from = floor(source, (span.start as usize).min(end));
        let to = floor(source, (span.end as usize).clamp(from, end));
        let marked = AnnotationKind::Primary.span(from..to);
        group = group.element(Snippet::source(source).path(path).annotation(marked));
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

fn floor(source: &str, mut at: usize) -> usize {
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Draws on standard error.
pub fn print(diagnostic: &Diagnostic, path: &str, source: &str) {
    // The stream removes the colours where they are not wanted.
    anstream::eprintln!("{}", draw(diagnostic, path, source, true));
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{Span, codes};

    #[test]
    fn the_offending_text_is_marked() {
        let source = "FROM logs\n| WHERE nam == 1";
        let diagnostic = Diagnostic::refusal(codes::UNKNOWN_FIELD, "no field `nam` in the data")
            .at(Span::new(18, 21))
            .hint("a field with a similar name exists: `name`");
        let drawn = draw(&diagnostic, "query", source, false);
        assert!(drawn.contains("error[E0312]: no field `nam` in the data"), "{drawn}");
        assert!(drawn.contains("--> query:2:9"), "{drawn}");
        assert!(drawn.contains("similar name exists"), "{drawn}");
    }

    #[test]
    fn a_span_beyond_the_text_is_drawn_at_its_end() {
        let diagnostic = Diagnostic::refusal(codes::SYNTAX, "x").at(Span::new(90, 95));
        assert!(draw(&diagnostic, "query", "é", false).contains("E0102"));
    }
}
