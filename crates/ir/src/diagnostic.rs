//! Errors as data: drawn for a terminal, JSON or a page only at the edge.

use crate::Span;
use std::fmt;

/// What a diagnostic means for the rule or query it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; the result is unaffected.
    Note,
    /// The rule runs, but its result lacks something.
    Loss,
    /// The rule does not run.
    Refusal,
}

/// A stable name for one kind of problem, such as `E0312`. Codes are listed in [`codes`] and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One problem of one rule or query.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub code: Code,
    pub level: Level,
    /// What was found and what was expected: one sentence, lower case, no full stop.
    pub message: String,
    /// Where, in the text the rule was read from.
    pub span: Option<Span>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    pub fn refusal(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { code, level: Level::Refusal, message: message.into(), span: None, hint: None }
    }

    pub fn loss(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Loss, ..Diagnostic::refusal(code, message) }
    }

    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Note, ..Diagnostic::refusal(code, message) }
    }

    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Diagnostic {}

/// Every code, with what it means. A code is never given a second meaning.
pub mod codes {
    use super::Code;

    macro_rules! codes {
        ($($name:ident = $code:literal, $meaning:literal;)*) => {
            $(#[doc = $meaning] pub const $name: Code = Code($code);)*

            /// Each code with its meaning, in order.
            pub const ALL: &[(Code, &str)] = &[$(($name, $meaning)),*];
        };
    }

    codes! {
        // E01xx: the text cannot be read.
        ENVELOPE = "E0101", "the rule file is not well-formed or lacks a required key";
        SYNTAX = "E0102", "the query does not follow its language's grammar";
        TOO_LARGE = "E0103", "the rule or query exceeds a documented size or nesting limit";
        LITERAL = "E0104", "a literal is malformed or out of range";
        NO_RULE = "E0105", "the file holds no rule that Gannet can read";
        // E02xx: the text is understood, and Gannet does not run it.
        UNSUPPORTED_COMMAND = "E0201", "the command is known and not supported";
        UNSUPPORTED_FUNCTION = "E0202", "the function is known and not supported";
        UNSUPPORTED_TYPE = "E0203", "the field or literal type is known and not supported";
        UNSUPPORTED_LANGUAGE = "E0204", "the rule's language or type is known and not supported";
        UNSUPPORTED_SOURCE = "E0205", "the index pattern is known and not supported";
        UNSUPPORTED_BODY = "E0206", "rules of this kind are read and not run";
        UNSUPPORTED_PATTERN = "E0207", "the pattern or regular expression is known and not supported";
        UNREAD_CODE = "E0208", "a part of the rule's program cannot be read without running it";
        EXTERNAL_DATA = "E0209", "the rule needs data that is not in its repository";
        // E03xx: names and types do not fit the data.
        UNKNOWN_FUNCTION = "E0301", "no such function";
        ARGUMENT_COUNT = "E0302", "the function takes another number of arguments";
        ARGUMENT_TYPE = "E0303", "an argument or operand has the wrong type";
        ARGUMENT_VALUE = "E0304", "an argument has a value that the function does not take";
        NOT_CONSTANT = "E0305", "the argument must be a constant";
        UNKNOWN_FIELD = "E0312", "no such field in the data";
        UNKNOWN_STREAM = "E0313", "no data stream matches the pattern";
        UNKNOWN_TABLE = "E0314", "no such lookup table or enrich policy";
        CONFLICTING_TYPE = "E0315", "the field has different types in different data streams";
        MISPLACED_AGGREGATE = "E0316", "an aggregate function stands where only a scalar one may, or the reverse";
        UNKNOWN_PARAMETER = "E0317", "a query parameter has no value";
        UNKNOWN_MACRO = "E0318", "no such macro, or it calls itself";
        UNKNOWN_MODIFIER = "E0319", "no such field modifier";
        UNKNOWN_SELECTION = "E0320", "the condition names a selection that the rule does not have";
        UNKNOWN_RULE = "E0321", "the rule refers to another that is not there";
        UNKNOWN_PLACEHOLDER = "E0322", "a placeholder has no values";
        // E04xx: the plan cannot run.
        EXECUTION = "E0401", "the query failed while running";
        LIMIT_EXCEEDED = "E0402", "a documented resource limit was reached";
        // W0xxx: the rule runs.
        LOSSY_VALUE = "W0001", "a value could not be evaluated and became null";
        FIELD_ABSENT = "W0002", "a field that the rule needs is not in the data";
        STREAM_ABSENT = "W0003", "a data stream that the rule needs is not among the inputs";
        SEVERAL_VALUES = "W0004", "a field of single values held several";
        ORDER_LOST = "W0005", "a command does not keep the order of the one before it";
        SHADOWED = "W0006", "a column hides an earlier one of the same name";
        IGNORED_KEY = "W0007", "a key of the rule file has no effect here";
        SCHEDULE = "W0008", "the rule's schedule is approximated";
        UNKNOWN_KEY = "W0009", "the rule file has a key that its format does not have";
        UNMAPPED_FIELD = "W0010", "the vendor's field has no canonical field";
        UNMAPPED_SOURCE = "W0011", "the vendor's log source has no event class";
        DUPLICATE_ID = "W0012", "another rule has the same id";
        INPUT_CHANGED = "W0013", "an input could not be read a second time, or was another one then";
        RELEVANCE_ONLY = "W0014", "a part of the query changes the order of results only";
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn no_code_is_used_twice() {
            let mut codes: Vec<_> = super::ALL.iter().map(|(code, _)| code).collect();
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), super::ALL.len());
        }
    }
}
