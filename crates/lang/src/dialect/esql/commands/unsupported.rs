//! Commands that ES|QL has and Gannet does not run, so that they are refused by name; and the error for words that
//! are no command at all.

use super::{Command, Source};
use crate::dialect::esql::ast::Verbatim;
use crate::dialect::esql::lexer::TokenKind;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::similar::similar;
use ir::{Diagnostic, Spanned, StageKind, codes};

/// Keyword, and what to do instead.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("CHANGE_POINT", "machine learning commands are not supported"),
    ("COMPLETION", "commands that call a language model are not supported"),
    ("EXPLAIN", "`gannet explain` shows why a rule fired"),
    ("FORK", "run one query for each branch"),
    ("FUSE", "commands that rank search results are not supported"),
    ("INSIST", "fields outside the mapping are read without it"),
    ("LOOKUP", "the command is `LOOKUP JOIN table ON field`"),
    ("METRICS", "time series commands are not supported"),
    ("METRICS_INFO", "time series commands are not supported"),
    ("MMR", "commands that rank search results are not supported"),
    ("PROMQL", "time series commands are not supported"),
    ("REGISTERED_DOMAIN", "decoded events have `dns.question.registered_domain` already"),
    ("RERANK", "commands that call a language model are not supported"),
    ("SHOW", "`gannet --version` shows what runs"),
    ("TS", "time series commands are not supported; read the data stream with FROM"),
    ("TS_INFO", "time series commands are not supported"),
    ("URI_PARTS", "cut the address with GROK"),
    ("USER_AGENT", "cut the user agent with GROK"),
];

/// Reads a known unsupported command, whatever follows its keyword.
pub(super) fn parse(parser: &mut Parser<'_>, spellings: &[&[&'static str]]) -> Parse<Verbatim> {
    let token = parser.peek();
    if token.kind != TokenKind::Word {
        return Err(parser.expected("a command"));
    }
    let word = parser.text_of(token);
    let keyword = parser.span_of(token);
    let Some((name, _)) = UNSUPPORTED.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) else {
        let error = Diagnostic::refusal(codes::SYNTAX, format!("`{word}` is no command here")).at(keyword);
        return Err(error.hint(hint(word, spellings)));
    };
    parser.skip_command();
    let text = parser.slice(token.start, parser.end()).to_owned();
    Ok(Verbatim { name: (*name).to_owned(), text, keyword })
}

pub(super) fn source(verbatim: &Verbatim) -> Result<ir::Source, Diagnostic> {
    Err(refuse(verbatim))
}

/// `COMPLETION column = prompt WITH ...` makes a column and leaves all else as it is: what stands before and after it can
/// still be read, and whoever runs the pipeline refuses it.
pub(super) fn stage(verbatim: &Verbatim) -> Result<StageKind, Diagnostic> {
    if verbatim.name != "COMPLETION" {
        return Err(refuse(verbatim));
    }
    let after = verbatim.text.get(verbatim.name.len()..).unwrap_or("");
    let is_bare = |character: char| character.is_ascii_alphanumeric() || "._@".contains(character);
    let named = after.split_once('=').map(|(column, _)| column.trim());
    let column = named.filter(|column| !column.is_empty() && column.chars().all(is_bare)).unwrap_or("completion");
    let command = Spanned { value: verbatim.name.clone(), span: verbatim.keyword };
    Ok(StageKind::Other { command, creates: vec![column.to_owned()] })
}

fn refuse(verbatim: &Verbatim) -> Diagnostic {
    let error =
        Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, format!("the command {} is not supported", verbatim.name))
            .at(verbatim.keyword);
    match UNSUPPORTED.iter().find(|(name, _)| *name == verbatim.name) {
        Some((_, hint)) => error.hint(*hint),
        None => error,
    }
}

fn hint(word: &str, spellings: &[&[&'static str]]) -> String {
    let is = |list: &[&[&str]]| list.iter().flat_map(|names| names.iter()).any(|name| name.eq_ignore_ascii_case(word));
    if is(Source::SPELLINGS) {
        return format!("`{}` begins a query and stands nowhere else", word.to_ascii_uppercase());
    }
    if is(Command::SPELLINGS) {
        return format!("a query begins with FROM or ROW, then `| {}`", word.to_ascii_uppercase());
    }
    let known = spellings.iter().flat_map(|names| names.iter().copied());
    match similar(word, known.clone().chain(UNSUPPORTED.iter().map(|&(name, _)| name))) {
        Some(meant) => format!("a similar command is `{meant}`"),
        None => format!("commands here are {}", known.collect::<Vec<_>>().join(", ")),
    }
}
