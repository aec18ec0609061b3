//! Diagnostics as text, for snapshots.

use ir::{Diagnostic, LineColumn};

/// Each diagnostic with the line it points at.
pub fn render(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&format!("{diagnostic}\n"));
        if let Some(span) = diagnostic.span {
            let LineColumn { line, column } = LineColumn::of(span.start, text);
            let source = text.lines().nth(line - 1).unwrap_or("");
            let width = span.of(text).lines().next().unwrap_or("").chars().count().max(1);
            out.push_str(&format!("{line:>3} | {source}\n    | {}{}\n", " ".repeat(column - 1), "^".repeat(width)));
        }
        if let Some(hint) = &diagnostic.hint {
            out.push_str(&format!("    = hint: {hint}\n"));
        }
    }
    out
}

/// A snapshot without the source code of its expression, which says nothing more.
#[macro_export]
macro_rules! snapshot {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($text) })
    };
}
