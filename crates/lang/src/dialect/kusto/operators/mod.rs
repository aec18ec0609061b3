//! The operators, one file each: its AST node, its grammar, its meaning and its printed form stand together.
//!
//! Adding an operator costs a file that implements [`Syntax`] and a line in the list here. An operator that the language has
//! and that is only known by name is a line in `verbatim`.

pub mod verbatim;

use super::lexer::TokenKind;
use super::lower::{Lowering, Rows};
use super::parser::{Parse, Parser};
use super::print::Printer;
use crate::similar::similar;
use ir::{Diagnostic, codes};

/// What each operator knows of itself.
pub(super) trait Syntax: Sized {
    /// The keyword; several where the language has several, the one to print first.
    const SPELLINGS: &'static [&'static str];

    /// Reads what follows the keyword.
    fn parse(parser: &mut Parser<'_>) -> Parse<Self>;
    /// Adds the operator's stages to the rows; operators that stand first give them their source.
    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>);
    /// Prints what follows the keyword and a blank.
    fn print(&self, out: &mut Printer);
}

macro_rules! operators {
    ($($module:ident::$name:ident,)*) => {
        $(pub mod $module;)*

        #[derive(Clone, Debug, PartialEq)]
        pub enum Operator {
            $($name($module::$name),)*
            Verbatim(verbatim::Verbatim),
        }

        impl Operator {
            const SPELLINGS: &[&[&str]] = &[$(<$module::$name as Syntax>::SPELLINGS),*];

            pub(super) fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
                $(if <$module::$name as Syntax>::SPELLINGS.iter().any(|spelling| parser.eat_operator(spelling)) {
                    return <$module::$name as Syntax>::parse(parser).map(Operator::$name);
                })*
                match verbatim::parse(parser)? {
                    Some(verbatim) => Ok(Operator::Verbatim(verbatim)),
                    None => Err(unknown(parser)),
                }
            }

            pub(super) fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
                match self {
                    $(Operator::$name(operator) => operator.lower(rows, lowering),)*
                    Operator::Verbatim(verbatim) => rows.other(&verbatim.name, Vec::new(), lowering),
                }
            }

            pub(super) fn print(&self, out: &mut Printer) {
                match self {
                    $(Operator::$name(operator) => {
                        out.push(<$module::$name as Syntax>::SPELLINGS[0]);
                        out.operands(|out| operator.print(out));
                    })*
                    Operator::Verbatim(verbatim) => out.push(&verbatim.text),
                }
            }
        }
    };
}

operators! {
    r#as::As,
    assert_schema::AssertSchema,
    consume::Consume,
    count::Count,
    distinct::Distinct,
    evaluate::Evaluate,
    extend::Extend,
    facet::Facet,
    find::Find,
    fork::Fork,
    getschema::GetSchema,
    invoke::Invoke,
    join::Join,
    lookup::Lookup,
    make_series::MakeSeries,
    mv_apply::MvApply,
    mv_expand::MvExpand,
    parse::ParseInto,
    parse_kv::ParseKv,
    parse_where::ParseWhere,
    partition::Partition,
    print::Print,
    project::Project,
    project_away::ProjectAway,
    project_keep::ProjectKeep,
    project_rename::ProjectRename,
    project_reorder::ProjectReorder,
    range::Range,
    reduce::Reduce,
    render::Render,
    sample::Sample,
    sample_distinct::SampleDistinct,
    scan::Scan,
    search::Search,
    serialize::Serialize,
    sort::Sort,
    summarize::Summarize,
    take::Take,
    top::Top,
    top_hitters::TopHitters,
    top_nested::TopNested,
    union::Union,
    r#where::Where,
}

/// Operators that may stand first in a query, each with what must not follow the word, since it is also a good name.
pub(super) fn begins_rows(word: &str, second: TokenKind) -> bool {
    let is_name = matches!(
        second,
        TokenKind::End
            | TokenKind::WordOperator
            | TokenKind::Symbol(
                "|" | ")" | ";" | "," | "." | "=" | "==" | "!=" | "=~" | "!~" | "<" | ">" | "<=" | ">=" | ".."
            )
            | TokenKind::Symbol("+" | "/" | "%" | ":" | "}" | "]")
    );
    match word {
        "union" | "print" | "search" | "find" => !is_name,
        // `range(1, 3)` is a function.
        "range" | "evaluate" => second == TokenKind::Word,
        _ => false,
    }
}

/// Whether an operator begins with that word.
pub(super) fn begins_operator(word: &str) -> bool {
    let mut spellings = Operator::SPELLINGS.iter().copied().flatten();
    spellings.any(|spelling| spelling.split('-').next() == Some(word))
}

fn unknown(parser: &mut Parser<'_>) -> Diagnostic {
    let token = parser.peek();
    if token.kind != TokenKind::Word {
        return parser.expected("an operator");
    }
    let word = parser.text_of(token);
    let error = Diagnostic::refusal(codes::SYNTAX, format!("`{word}` is no operator")).at(parser.span_of(token));
    let known = Operator::SPELLINGS.iter().copied().flatten().copied();
    if let Some(name) = known.clone().find(|name| name.eq_ignore_ascii_case(word)) {
        return error.hint(format!("operators are in lower case: `{name}`"));
    }
    match similar(word, known) {
        Some(meant) => error.hint(format!("a similar operator is `{meant}`")),
        None => error.hint("operators are where, extend, project, summarize, join and others"),
    }
}
