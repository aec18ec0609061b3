//! `top 20 fields BY field` and `rare`: the most or least frequent combinations of values, with count and share.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, call, field};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{BinaryOp, Expr, ExprKind, Literal, NamePattern, SortKey, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Top {
    pub name: &'static str,
    pub count: Option<u64>,
    pub settings: Vec<Setting>,
    pub fields: Vec<Word>,
    pub by: Vec<Word>,
}

impl Syntax for Top {
    const NAMES: &'static [&'static str] = &["top", "rare"];

    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self> {
        let (mut count, mut settings, mut fields) = (None, Vec::new(), Vec::new());
        while parser.at_field() && !parser.at_keyword("by") {
            if let Some(setting) = parser.setting()? {
                settings.push(setting);
                continue;
            }
            let word = parser.field()?;
            match word.text.parse().ok().filter(|_| !word.quoted && fields.is_empty() && count.is_none()) {
                Some(number) => count = Some(number),
                None => fields.push(word),
            }
            while parser.eat(",") {}
        }
        let by = if parser.eat_by() { parser.fields()? } else { Vec::new() };
        if fields.is_empty() {
            return Err(parser.expected("the name of a field"));
        }
        Ok(Top { name, count, settings, fields, by })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let limit = self.settings.iter().find(|setting| setting.name.value == "limit");
        let limit = limit.and_then(|setting| setting.value.text.parse().ok());
        let span = rows.span;
        let name = Spanned { value: "count".to_owned(), span };
        let star = Expr::new(ExprKind::Star, span);
        let expr = call("count", vec![star], span);
        let aggregates = vec![ir::Assignment { name, expr }];
        let keys: Vec<_> = self.by.iter().chain(&self.fields).cloned().collect();
        let by = rows.keys(&keys, None);
        rows.push(StageKind::Aggregate(ir::Aggregate { aggregates, by, inline: false }));
        let shows = |setting: &Setting| setting.name.value == "showperc" && setting.value.text.starts_with(['f', 'F', '0']);
        if !self.settings.iter().any(shows) {
            self.share(rows);
        }
        let expr = Expr::new(ExprKind::Field("count".to_owned()), span);
        rows.push(StageKind::Sort(vec![SortKey { expr, descending: self.name == "top", nulls_first: false }]));
        // Splunk's default is 10; 0 is no limit.
        let count = self.count.or(limit).unwrap_or(10);
        if count > 0 {
            rows.push(StageKind::Limit { count, by: self.by.iter().map(field).collect() });
        }
    }

    fn print(&self, out: &mut Printer) {
        if let Some(count) = self.count {
            out.then(&count.to_string());
        }
        out.settings(&self.settings);
        out.push(" ");
        out.words(&self.fields, " ");
        out.by(&self.by);
    }

    fn name(&self) -> &'static str {
        self.name
    }
}

impl Top {
    /// `percent`: the count's share of all rows, or of those with the same values of BY.
    fn share(&self, rows: &mut Rows<'_, '_>) {
        const TOTAL: &str = "_total";
        let span = rows.span;
        let column = |name: &str| Expr::new(ExprKind::Field(name.to_owned()), span);
        let assignment = |name: &str, expr| ir::Assignment { name: Spanned { value: name.to_owned(), span }, expr };
        let aggregates = vec![assignment(TOTAL, call("sum", vec![column("count")], span))];
        let by = rows.keys(&self.by, None);
        rows.push(StageKind::Aggregate(ir::Aggregate { aggregates, by, inline: true }));
        let hundred = Expr::new(ExprKind::Literal(Literal::Double(100.0)), span);
        let operation = |op, left, right| {
            Expr::new(ExprKind::Arithmetic { op, left: Box::new(left), right: Box::new(right) }, span)
        };
        let hundredfold = operation(BinaryOp::Multiply, hundred, column("count"));
        let share = operation(BinaryOp::Divide, hundredfold, column(TOTAL));
        rows.push(StageKind::Extend(vec![assignment("percent", share)]));
        rows.push(StageKind::Drop(vec![NamePattern { pattern: TOTAL.to_owned(), wildcard: false, span }]));
    }
}