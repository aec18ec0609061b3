//! The commands, one file each: its AST node, its grammar, its meaning and its printed form stand together.
//!
//! Adding a command costs a file that implements [`Syntax`] and a line in the list here. A command that is known by name only
//! is a line in `other`.

use super::ast::MacroCall;
use super::lower::Rows;
use super::parser::{Parse, Parser};
use super::print::Printer;
use ir::{Diagnostic, Spanned, StageKind, codes};

pub mod other;

/// Words that end a list of aggregates or a condition of `tstats`.
pub(super) const CLAUSES: &[&str] = &["by", "groupby", "from", "where"];

/// Macros of Splunk's Enterprise Security that add columns about assets and people, which no repository holds.
const ENRICHING_MACROS: &[&str] = &["get_asset", "get_identity4events", "get_identity", "get_event_id"];

/// What each command knows of itself.
pub(super) trait Syntax: Sized {
    /// In small letters; several where commands share a grammar.
    const NAMES: &'static [&'static str];

    /// Reads what follows the name, which is one of [`Self::NAMES`].
    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self>;
    fn lower(&self, rows: &mut Rows<'_, '_>);
    /// Prints what follows the name, with a blank before it.
    fn print(&self, out: &mut Printer);

    /// The name it was called by.
    fn name(&self) -> &'static str {
        Self::NAMES.first().copied().unwrap_or_default()
    }
}

macro_rules! commands {
    ($($module:ident::$name:ident,)*) => {
        $(pub mod $module;)*

        /// A command.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command {
            $($name($module::$name),)*
            Other(other::Other),
            /// A macro that nobody defines.
            Macro(MacroCall),
        }

        /// Every name of a command that has a grammar of its own.
        const NAMES: &[&[&str]] = &[$(<$module::$name as Syntax>::NAMES),*];

        impl Command {
            pub(super) fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
                if let Some(call) = parser.eat_macro() {
                    return Ok(Command::Macro(call));
                }
                let (name, span) = parser.command_name()?;
                $(if let Some(name) = <$module::$name as Syntax>::NAMES.iter().find(|known| **known == name) {
                    return <$module::$name as Syntax>::parse(parser, name).map(Command::$name);
                })*
                other::parse(parser, name, span).map(Command::Other)
            }

            pub(super) fn lower(&self, rows: &mut Rows<'_, '_>) {
                match self {
                    $(Command::$name(command) => command.lower(rows),)*
                    Command::Other(command) => other::lower(command, rows),
                    Command::Macro(call) => unknown_macro(call, rows),
                }
            }

            pub(super) fn name(&self) -> &str {
                match self {
                    $(Command::$name(command) => command.name(),)*
                    Command::Other(command) => &command.name.value,
                    Command::Macro(_) => "",
                }
            }

            pub(super) fn print(&self, out: &mut Printer) {
                match self {
                    $(Command::$name(command) => {
                        out.push(command.name());
                        command.print(out);
                    })*
                    Command::Other(command) => {
                        out.push(&command.name.value);
                        out.then(&command.text);
                    }
                    Command::Macro(call) => {
                        out.push("`");
                        out.push(&call.text);
                        out.push("`");
                    }
                }
            }
        }
    };
}

commands! {
    addtotals::AddTotals,
    append::Append,
    bin::Bin,
    convert::Convert,
    datamodel::DataModel,
    dedup::Dedup,
    eval::Eval,
    fields::Fields,
    fillnull::FillNull,
    foreach::ForEach,
    from::From,
    inputlookup::InputLookup,
    iplocation::IpLocation,
    join::Join,
    limit::Limit,
    lookup::Lookup,
    makemv::MakeMv,
    makeresults::MakeResults,
    mstats::MStats,
    mvexpand::MvExpand,
    outputlookup::OutputLookup,
    regex::Regex,
    rename::Rename,
    replace::Replace,
    rex::Rex,
    search::Search,
    sort::Sort,
    spath::Spath,
    stats::Stats,
    timechart::TimeChart,
    top::Top,
    transaction::Transaction,
    tstats::TStats,
    union::Union,
    r#where::Where,
}

impl Command {
    /// The search that a query begins with that begins with terms.
    pub(super) fn implicit_search(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Command::Search(search::Search { condition: parser.search_condition(false)? }))
    }
}

/// Every name that begins a command with a grammar of its own.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    NAMES.iter().flat_map(|names| names.iter().copied())
}

fn unknown_macro(call: &MacroCall, rows: &mut Rows<'_, '_>) {
    let name = call.text.split('(').next().unwrap_or_default().trim();
    if ENRICHING_MACROS.contains(&name) {
        let message = format!("the macro `{name}` of Enterprise Security adds columns that are not there without it");
        return rows.say(Diagnostic::loss(codes::UNKNOWN_MACRO, message).at(call.span));
    }
    let message = format!("no such macro: `{}`", call.text);
    let hint = "macros are read from the `macros` folder of the rule's repository";
    rows.say(Diagnostic::refusal(codes::UNKNOWN_MACRO, message).at(call.span).hint(hint));
    let command = Spanned { value: format!("`{name}`"), span: call.span };
    rows.push(StageKind::Other { command, creates: Vec::new() });
}
