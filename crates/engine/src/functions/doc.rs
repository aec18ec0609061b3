//! What a function says of itself: the source of `--help-function`, of the reference page and of a test.

/// A function's documentation.
#[derive(Debug)]
pub struct Doc {
    /// The canonical name, in lower case.
    pub name: &'static str,
    /// What it returns, in one or two sentences.
    pub summary: &'static str,
    pub parameters: &'static [Parameter],
    /// The result type, or how it follows from the arguments'.
    pub returns: &'static str,
    /// Each example is run as a test.
    pub examples: &'static [Example],
}

#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    /// Accepted types as users write them: `keyword, text`.
    pub types: &'static str,
    pub summary: &'static str,
    pub optional: bool,
}

/// A query and the rows it gives, a value for each column separated by ` | `, as the conformance suites write them.
#[derive(Debug)]
pub struct Example {
    pub query: &'static str,
    pub rows: &'static [&'static str],
}

impl Parameter {
    pub const fn required(name: &'static str, types: &'static str, summary: &'static str) -> Self {
        Parameter { name, types, summary, optional: false }
    }

    pub const fn optional(name: &'static str, types: &'static str, summary: &'static str) -> Self {
        Parameter { name, types, summary, optional: true }
    }
}
