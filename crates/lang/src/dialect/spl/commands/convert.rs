//! `convert timeformat="..." ctime(field) AS name`: other forms of the values of fields.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, call, field, string};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::Expr;

/// Splunk's default for times as text.
const TIME_FORMAT: &str = "%m/%d/%Y %H:%M:%S";

#[derive(Clone, Debug, PartialEq)]
pub struct Convert {
    pub settings: Vec<Setting>,
    pub conversions: Vec<Conversion>,
}

/// `function(field) AS name`
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// In small letters.
    pub function: String,
    pub field: Word,
    pub to: Option<Word>,
}

impl Syntax for Convert {
    const NAMES: &'static [&'static str] = &["convert"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        let mut conversions = Vec::new();
        while parser.at_field() {
            let function = parser.word("a function")?.text.to_ascii_lowercase();
            parser.expect("(")?;
            let field = parser.word("the name of a field")?;
            parser.expect(")")?;
            let to = if parser.eat_keyword("as") { Some(parser.field()?) } else { None };
            conversions.push(Conversion { function, field, to });
            while parser.eat(",") {}
        }
        Ok(Convert { settings, conversions })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let format = self.settings.iter().find(|setting| setting.name.value == "timeformat");
        for conversion in &self.conversions {
            let name = conversion.to.as_ref().unwrap_or(&conversion.field);
            if conversion.field.text.contains('*') {
                rows.other("convert", Vec::new());
            } else if conversion.function != "none" {
                let expr = conversion.expr(format);
                rows.extend(name, expr);
            }
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        for conversion in &self.conversions {
            out.push(" ");
            out.push(&conversion.function);
            out.push("(");
            out.word(&conversion.field);
            out.push(")");
            if let Some(to) = &conversion.to {
                out.push(" AS ");
                out.word(to);
            }
        }
    }
}

impl Conversion {
    fn expr(&self, format: Option<&Setting>) -> Expr {
        let (value, span) = (field(&self.field), self.field.span);
        let format = || match format {
            Some(setting) => string(&setting.value.text, setting.value.span),
            None => string(TIME_FORMAT, span),
        };
        match self.function.as_str() {
            "ctime" => call("strftime", vec![value, format()], span),
            "mktime" => call("strptime", vec![value, format()], span),
            // Numbers as far as the text is one; each function reads another form of them.
            function => call(&format!("convert_{function}"), vec![value], span),
        }
    }
}
