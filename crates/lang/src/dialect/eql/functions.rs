//! Which functions EQL has, and the canonical function that each stands for.
//!
//! Names are in any case (`cidrmatch`). Functions that mean what an ES|QL function means share its name; the others have
//! names of their own:
//!
//! | canonical | meaning |
//! |---|---|
//! | `between(text, left, right, greedy)` | what stands between the first `left` and the next `right` (`greedy`: the last one); empty where there is none |
//! | `between_any_case(...)` | the same, finding `left` and `right` in any case |
//! | `index_of(text, part, from)` | the position of `part` at or after `from`, from 0; null where there is none |
//! | `number(text, base)` | the number that the text is, `0x` marking base 16; null where it is none |
//! | `slice(text, start, end)` | code points from `start` up to `end`, from 0, negative from the end of the text |

use ir::BinaryOp;

/// What a call means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Arithmetic(BinaryOp),
    StartsWith,
    EndsWith,
    Contains,
    CidrMatch,
    Concat,
    /// The canonical function of that name.
    Call(&'static str),
}

pub(super) struct Function {
    /// As Elastic's reference writes it.
    pub name: &'static str,
    pub meaning: Meaning,
    /// Where it stands with `~`; `None` for functions that do not.
    pub insensitive: Option<Meaning>,
    pub least: usize,
    pub most: usize,
}

const fn function(name: &'static str, meaning: Meaning, least: usize, most: usize) -> Function {
    Function { name, meaning, insensitive: None, least, most }
}

const fn with_case(name: &'static str, meaning: Meaning, any: Meaning, least: usize, most: usize) -> Function {
    Function { name, meaning, insensitive: Some(any), least, most }
}

pub(super) const ALL: &[Function] = &[
    function("add", Meaning::Arithmetic(BinaryOp::Add), 2, 2),
    with_case("between", Meaning::Call("between"), Meaning::Call("between_any_case"), 3, 4),
    function("cidrMatch", Meaning::CidrMatch, 2, usize::MAX),
    function("concat", Meaning::Concat, 1, usize::MAX),
    function("divide", Meaning::Arithmetic(BinaryOp::Divide), 2, 2),
    with_case("endsWith", Meaning::EndsWith, Meaning::EndsWith, 2, 2),
    with_case("indexOf", Meaning::Call("index_of"), Meaning::Call("index_of"), 2, 3),
    function("length", Meaning::Call("length"), 1, 1),
    function("modulo", Meaning::Arithmetic(BinaryOp::Remainder), 2, 2),
    function("multiply", Meaning::Arithmetic(BinaryOp::Multiply), 2, 2),
    function("number", Meaning::Call("number"), 1, 2),
    with_case("startsWith", Meaning::StartsWith, Meaning::StartsWith, 2, 2),
    function("string", Meaning::Call("to_string"), 1, 1),
    with_case("stringContains", Meaning::Contains, Meaning::Contains, 2, 2),
    function("substring", Meaning::Call("slice"), 2, 3),
    function("subtract", Meaning::Arithmetic(BinaryOp::Subtract), 2, 2),
];

/// The function of that name in any case.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}
