//! `iplocation prefix=x field`: where an address is, from a database that Splunk brings along.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

const COLUMNS: &[&str] = &["City", "Country", "Region", "lat", "lon"];
const ALL_COLUMNS: &[&str] = &["City", "Continent", "Country", "MetroCode", "Region", "Timezone", "lat", "lon"];

#[derive(Clone, Debug, PartialEq)]
pub struct IpLocation {
    pub settings: Vec<Setting>,
    pub field: Word,
}

impl Syntax for IpLocation {
    const NAMES: &'static [&'static str] = &["iplocation"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut settings = parser.settings()?;
        let field = parser.field()?;
        settings.extend(parser.settings()?);
        Ok(IpLocation { settings, field })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let setting = |name: &str| self.settings.iter().find(|setting| setting.name.value == name);
        let prefix = setting("prefix").map_or("", |setting| setting.value.text.as_str());
        let all = setting("allfields").is_some();
        let columns = if all { ALL_COLUMNS } else { COLUMNS };
        rows.other("iplocation", columns.iter().map(|column| format!("{prefix}{column}")).collect());
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.word(&self.field);
    }
}
