//! `tstats aggregates FROM datamodel=Model.DataSet WHERE condition BY fields span=...`: `stats` over what Splunk has indexed
//! or a data model has accelerated.
//!
//! The log source is the model with its data set. Where the query names the model alone, the fields it uses say which data
//! set is meant: `Network_Resolution` with `DNS.query` is `Network_Resolution.DNS`. Fact: "tstats" in Splunk's Search Reference.

use super::Syntax;
use crate::dialect::spl::ast::{Aggregate, Argument, Search, SearchKind, Setting, Word};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{CompareOp, LogSource, LogSourceKind, Source, Span, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct TStats {
    pub settings: Vec<Setting>,
    pub aggregates: Vec<Aggregate>,
    pub from: Option<From>,
    pub condition: Option<Search>,
    pub by: Vec<Word>,
    /// Of `_time` in `by`.
    pub step: Option<Word>,
}

/// `datamodel=Model`, `datamodel Model`, or a namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct From {
    /// In small letters; empty for a namespace.
    pub kind: String,
    pub name: Word,
}

impl Syntax for TStats {
    const NAMES: &'static [&'static str] = &["tstats"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let (mut settings, mut aggregates) = (parser.settings()?, parser.aggregates()?);
        // Options may follow the aggregates too.
        settings.extend(parser.settings()?);
        aggregates.extend(parser.aggregates()?);
        let from = if parser.eat_keyword("from") { Some(from(parser)?) } else { None };
        // Aggregates may follow the data model too.
        aggregates.extend(parser.aggregates()?);
        let condition = if parser.eat_keyword("where") { Some(parser.search_condition(true)?) } else { None };
        let (mut by, mut step) = (Vec::new(), None);
        if parser.eat_by() {
            (by, step) = keys(parser)?;
        }
        Ok(TStats { settings, aggregates, from, condition, by, step })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let model = self.from.as_ref().map(|from| self.model(from));
        let appended = self.settings.iter().any(|setting| {
            setting.name.value == "append" && matches!(setting.value.text.to_ascii_lowercase().as_str(), "t" | "true" | "1")
        });
        let before = appended.then(|| rows.take());
        match &model {
            Some(model) => {
                let source = LogSource { kind: LogSourceKind::DataModel, name: model.value.clone(), span: model.span };
                rows.reads(&[source]);
                rows.start(Source::Table(model.clone()));
                self.condition.iter().for_each(|condition| rows.filter(&without_nodename(condition)));
            }
            // Over what is indexed the condition is a base search.
            None => match &self.condition {
                Some(condition) => rows.base_search(condition),
                None => rows.start(Source::Events(Vec::new())),
            },
        }
        let aggregates = rows.aggregates(&self.aggregates);
        let by = rows.keys(&self.by, self.step.as_ref());
        rows.push(StageKind::Aggregate(ir::Aggregate { aggregates, by, inline: false }));
        if let Some(before) = before {
            let own = rows.take();
            rows.restore(before);
            rows.push(StageKind::Append(vec![own]));
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        if !self.aggregates.is_empty() {
            out.push(" ");
            out.aggregates(&self.aggregates);
        }
        if let Some(from) = &self.from {
            out.push(" FROM ");
            out.push(&from.kind);
            out.push(if from.kind.is_empty() { "" } else { "=" });
            out.word(&from.name);
        }
        if let Some(condition) = &self.condition {
            out.push(" WHERE ");
            out.search(condition);
        }
        out.by(&self.by);
        if let Some(step) = &self.step {
            out.push(" span=");
            out.word(step);
        }
    }
}

fn from(parser: &mut Parser<'_>) -> Parse<From> {
    if let Some(setting) = parser.setting()? {
        return Ok(From { kind: setting.name.value, name: setting.value });
    }
    if parser.eat_keyword("datamodel") {
        return Ok(From { kind: "datamodel".to_owned(), name: parser.value()? });
    }
    Ok(From { kind: String::new(), name: parser.word("`datamodel=`")? })
}

/// Fields after BY, with the span that may stand anywhere among them.
pub(super) fn keys(parser: &mut Parser<'_>) -> Parse<(Vec<Word>, Option<Word>)> {
    let (mut by, mut step) = (Vec::new(), None);
    while parser.at_field() {
        match parser.setting()? {
            Some(setting) => step = Some(setting.value),
            None => by.push(parser.field()?),
        }
        while parser.eat(",") {}
    }
    Ok((by, step))
}

impl TStats {
    /// The model with its data set.
    fn model(&self, from: &From) -> Spanned<String> {
        let written = &from.name.text;
        let node = self.condition.as_ref().and_then(nodename);
        let value = match (written.contains('.') || from.kind.is_empty(), node) {
            (true, _) => written.clone(),
            (false, Some(node)) => format!("{written}.{}", node.text),
            (false, None) => match self.data_set() {
                Some(set) => format!("{written}.{set}"),
                None => written.clone(),
            },
        };
        Spanned { value, span: from.name.span }
    }

    /// What stands before the first dot of most fields that have one; the first of those that are used most.
    fn data_set(&self) -> Option<String> {
        let mut fields: Vec<&Word> = self.by.iter().collect();
        for aggregate in &self.aggregates {
            if let Argument::Field(name) = &aggregate.argument {
                fields.push(name);
            }
        }
        if let Some(condition) = &self.condition {
            each_field(condition, &mut |name| fields.push(name));
        }
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (set, _) in fields.into_iter().filter_map(|name| name.text.split_once('.')) {
            match counts.iter_mut().find(|(known, _)| *known == set) {
                Some((_, uses)) => *uses += 1,
                None => counts.push((set, 1)),
            }
        }
        counts.iter().rev().max_by_key(|(_, uses)| *uses).map(|(set, _)| (*set).to_owned())
    }
}

fn each_field<'s>(condition: &'s Search, visit: &mut dyn FnMut(&'s Word)) {
    match &condition.kind {
        SearchKind::And(operands) | SearchKind::Or(operands) => {
            operands.iter().for_each(|operand| each_field(operand, visit));
        }
        SearchKind::Not(operand) => each_field(operand, visit),
        SearchKind::Compare { field, .. } | SearchKind::In { field, .. } => visit(field),
        SearchKind::Directive { field, .. } => field.iter().for_each(visit),
        SearchKind::Keyword(_) | SearchKind::Subsearch(_) | SearchKind::Macro(_) => {}
    }
}

fn is_nodename(condition: &Search) -> Option<&Word> {
    match &condition.kind {
        SearchKind::Compare { field, op: CompareOp::Equal, value } if field.text == "nodename" => Some(value),
        _ => None,
    }
}

/// The data set that `nodename=` asks for.
fn nodename(condition: &Search) -> Option<&Word> {
    match &condition.kind {
        SearchKind::And(operands) => operands.iter().find_map(nodename),
        _ => is_nodename(condition),
    }
}

/// The condition without `nodename=`, which is a log source and no test.
fn without_nodename(condition: &Search) -> Search {
    let kind = match &condition.kind {
        SearchKind::And(operands) => {
            let kept = operands.iter().filter(|operand| is_nodename(operand).is_none());
            SearchKind::And(kept.map(without_nodename).collect())
        }
        _ if is_nodename(condition).is_some() => SearchKind::And(Vec::new()),
        kind => kind.clone(),
    };
    Search { kind, span: condition.span }
}

/// Where a data model that other commands name stands for its events.
pub(super) fn read_model(rows: &mut Rows<'_, '_>, name: &str, span: Span) {
    let model = Spanned { value: name.to_owned(), span };
    rows.reads(&[LogSource { kind: LogSourceKind::DataModel, name: name.to_owned(), span }]);
    rows.start(Source::Table(model));
}
