//! The commands, one file each: its AST node, its grammar, its meaning and its printed form stand together.
//!
//! Adding a command costs a file that implements [`Syntax`] and a line in one of the two lists here. A command that
//! the language has and Gannet does not run is a line in `unsupported`.

use super::ast::Verbatim;
use super::lexer::Mode;
use super::lower::Lowering;
use super::parser::{Parse, Parser};
use super::print::Printer;
use ir::Diagnostic;

mod unsupported;

/// What each command knows of itself.
pub(super) trait Syntax: Sized {
    /// A source or a stage of the pipeline.
    type Meaning;
    /// The keyword; several where the language has several, the one to print first.
    const SPELLINGS: &'static [&'static str];
    /// How the words after the keyword are read.
    const MODE: Mode;

    /// Reads what follows the keyword.
    fn parse(parser: &mut Parser<'_>) -> Parse<Self>;
    fn lower(&self, lowering: &Lowering<'_>) -> Result<Self::Meaning, Diagnostic>;
    /// Prints what follows the keyword and a blank.
    fn print(&self, out: &mut Printer);
}

/// Whether a command's keyword begins with that word.
pub(super) fn begins_command(word: &str) -> bool {
    let spellings = Source::SPELLINGS.iter().chain(Command::SPELLINGS).copied().flatten();
    let mut first_words = spellings.filter_map(|spelling| spelling.split(' ').next());
    first_words.any(|first| first.eq_ignore_ascii_case(word))
}

macro_rules! commands {
    ($(#[$doc:meta])* $list:ident: $meaning:ty, else $unsupported:ident { $($module:ident::$name:ident,)* }) => {
        $(pub mod $module;)*

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $list {
            $($name($module::$name),)*
            Unsupported(Verbatim),
        }

        impl $list {
            const SPELLINGS: &[&[&str]] = &[$(<$module::$name as Syntax>::SPELLINGS),*];

            pub(super) fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
                $(if parser.eat_spelling(<$module::$name as Syntax>::SPELLINGS) {
                    parser.set_mode(<$module::$name as Syntax>::MODE);
                    return <$module::$name as Syntax>::parse(parser).map($list::$name);
                })*
                unsupported::parse(parser, Self::SPELLINGS).map($list::Unsupported)
            }

            pub(super) fn lower(&self, lowering: &Lowering<'_>) -> Result<$meaning, Diagnostic> {
                match self {
                    $($list::$name(command) => command.lower(lowering),)*
                    $list::Unsupported(verbatim) => unsupported::$unsupported(verbatim),
                }
            }

            pub(super) fn print(&self, out: &mut Printer) {
                match self {
                    $($list::$name(command) => {
                        out.push(<$module::$name as Syntax>::SPELLINGS[0]);
                        out.push(" ");
                        command.print(out);
                    })*
                    $list::Unsupported(verbatim) => out.push(&verbatim.text),
                }
            }
        }
    };
}

commands! {
    /// The first command of a query.
    Source: ir::Source, else source {
        from::From,
        row::Row,
    }
}

commands! {
    /// A command after a pipe.
    Command: ir::StageKind, else stage {
        dissect::Dissect,
        drop::Drop,
        enrich::Enrich,
        eval::Eval,
        grok::Grok,
        inline_stats::InlineStats,
        keep::Keep,
        limit::Limit,
        lookup_join::LookupJoin,
        mv_expand::MvExpand,
        rename::Rename,
        sample::Sample,
        sort::Sort,
        stats::Stats,
        r#where::Where,
    }
}
