//! Errors we are ashamed of. When one gets better, its case moves to `errors.rs`.

mod render;

use lang::esql::{self, Params};
use render::render;

#[test]
fn bad() {
    let report =
        |query: &str| format!("{query}\n{}", render(query, &esql::compile(query, &Params::none()).unwrap_err()));
    snapshot!(
        [
            // The hyphen is a minus, so this is about names the author never wrote.
            "FROM a | EVAL user-agent = b",
            // AND is what is missing, not a unit of time.
            "FROM a | WHERE b == 1 c == 2",
            // The first `]` belongs to a list, and a list may not be empty.
            "FROM a | WHERE b IN []",
            // The quote that is missing is the one after `x`, not the one at the end.
            "FROM a | WHERE b == \"x AND c == \"y\"",
        ]
        .map(report)
        .join("\n")
    );
}
