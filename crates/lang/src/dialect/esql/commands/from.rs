//! `FROM pattern, -exclusion METADATA _id`: the events of data streams.

use super::Syntax;
use crate::dialect::esql::lexer::{Mode, TokenKind};
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::{self, Printer};
use ir::{Diagnostic, Span, Spanned, StreamPattern, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct From {
    pub patterns: Vec<IndexPattern>,
    pub metadata: Vec<Spanned<String>>,
}

/// `cluster:index::selector`
#[derive(Clone, Debug, PartialEq)]
pub struct IndexPattern {
    pub cluster: Option<Spanned<String>>,
    pub index: IndexName,
    pub selector: Option<Spanned<String>>,
}

/// A quoted name may hold several patterns with commas between them, and a cluster or a selector.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexName {
    pub name: Spanned<String>,
    pub quoted: bool,
}

impl Syntax for From {
    type Meaning = ir::Source;
    const SPELLINGS: &'static [&'static str] = &["FROM"];
    const MODE: Mode = Mode::Sources;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let patterns = parser.list(index_pattern)?;
        let mut metadata = Vec::new();
        if parser.at_symbol("[") {
            return Err(parser.expected("`METADATA`, `|` or `,`").hint("write METADATA without brackets"));
        }
        if parser.eat_keyword("METADATA") {
            metadata = parser.list(|parser| parser.source_name("a metadata field such as `_id`"))?;
        }
        Ok(From { patterns, metadata })
    }

    fn lower(&self, _: &Lowering<'_>) -> Result<ir::Source, Diagnostic> {
        let mut patterns = Vec::new();
        for pattern in &self.patterns {
            lower_pattern(pattern, &mut patterns)?;
        }
        Ok(ir::Source::Streams { patterns, metadata: self.metadata.clone() })
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.patterns, |pattern, out| {
            if let Some(cluster) = &pattern.cluster {
                out.push(&cluster.value);
                out.push(":");
            }
            if pattern.index.quoted {
                out.string(&pattern.index.name.value);
            } else {
                out.push(&pattern.index.name.value);
            }
            if let Some(selector) = &pattern.selector {
                out.push("::");
                out.push(&selector.value);
            }
        });
        if !self.metadata.is_empty() {
            out.push(" METADATA ");
            out.list(&self.metadata, |name, out| out.push(&print::source(&name.value)));
        }
    }
}

fn index_pattern(parser: &mut Parser<'_>) -> Parse<IndexPattern> {
    if parser.at_symbol("(") {
        let span = parser.here();
        return Err(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, "a subquery in FROM is not supported")
            .at(span)
            .hint("run one query for each branch"));
    }
    let mut index = index_name(parser)?;
    let mut cluster = None;
    if !index.quoted && parser.eat(":") {
        cluster = Some(index.name);
        index = index_name(parser)?;
    }
    let mut selector = None;
    if parser.eat("::") {
        selector = Some(parser.source_name("a selector such as `data`")?);
    }
    Ok(IndexPattern { cluster, index, selector })
}

fn index_name(parser: &mut Parser<'_>) -> Parse<IndexName> {
    let quoted = matches!(parser.peek().kind, TokenKind::Text | TokenKind::RawText);
    Ok(IndexName { name: parser.source_name("an index pattern")?, quoted })
}

fn lower_pattern(pattern: &IndexPattern, patterns: &mut Vec<StreamPattern>) -> Result<(), Diagnostic> {
    if let Some(cluster) = &pattern.cluster {
        return Err(remote(cluster.span));
    }
    if let Some(selector) = &pattern.selector {
        check_selector(&selector.value, selector.span)?;
    }
    let span = pattern.index.name.span;
    for name in pattern.index.name.value.split(',') {
        let name = name.trim();
        let (name, excluded) = name.strip_prefix('-').map_or((name, false), |rest| (rest, true));
        let name = match name.split_once("::") {
            Some((name, selector)) if pattern.index.quoted => {
                check_selector(selector, span)?;
                name
            }
            _ => name,
        };
        if name.starts_with('<') {
            let message = format!("the date math in `{name}` is not supported");
            return Err(Diagnostic::refusal(codes::UNSUPPORTED_SOURCE, message)
                .at(span)
                .hint("put `*` in place of the date; `--since` limits the time"));
        }
        if name.contains(':') {
            return Err(remote(span));
        }
        if name.is_empty() {
            return Err(Diagnostic::refusal(codes::SYNTAX, "the index pattern is empty").at(span));
        }
        patterns.push(StreamPattern { pattern: name.to_owned(), excluded, span });
    }
    Ok(())
}

/// `::data` is what is read anyway.
fn check_selector(selector: &str, span: Span) -> Result<(), Diagnostic> {
    if selector == "data" {
        return Ok(());
    }
    let message = format!("the selector `::{selector}` is not supported");
    Err(Diagnostic::refusal(codes::UNSUPPORTED_SOURCE, message).at(span).hint("only `::data` is read"))
}

fn remote(span: Span) -> Diagnostic {
    Diagnostic::refusal(codes::UNSUPPORTED_SOURCE, "data of a remote cluster is not supported")
        .at(span)
        .hint("copy the data here, and name it without the cluster")
}
