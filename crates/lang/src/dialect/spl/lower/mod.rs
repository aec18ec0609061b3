//! AST to `ir`: what every command's `lower` uses.
//!
//! Nothing is refused half-way: a command without a form in `ir` becomes [`StageKind::Other`], an expression that cannot be
//! read [`ir::ExprKind::Unread`], and a diagnostic says so. So a rule that cannot run still tells the catalog what it looks
//! for.

mod aggregates;
mod columns;
mod eval;
mod search;
mod sources;

pub(super) use columns::of as columns_of;
pub(super) use eval::{regex, total};
pub(super) use search::pattern;

use super::Meaning;
use super::ast::{Assignment, Query, Search, SearchKind, Setting, Word};
use super::macros::Call;
use ir::{
    Diagnostic, Expr, Join, JoinKind, LogSource, LogSourceKind, NamePattern, Pipeline, Source, Span, Spanned, Stage,
    StageKind, UnknownFields, codes,
};

/// What is gathered over the whole query.
pub(super) struct Lowering<'a> {
    /// The macro calls of the rule's own text.
    calls: &'a [Call],
    pub diagnostics: Vec<Diagnostic>,
    log_sources: Vec<LogSource>,
}

pub(super) fn query(query: &Query, calls: &[Call]) -> Meaning {
    let mut lowering = Lowering { calls, diagnostics: Vec::new(), log_sources: Vec::new() };
    let (mut pipeline, own) = lowering.pipeline(query);
    // The rule's log sources are those of its subsearches too; where they are more, the pipeline has to name its own.
    if matches!(pipeline.source, Source::Events(_)) && own == lowering.log_sources {
        pipeline.source = Source::LogSources;
    }
    Meaning { pipeline, log_sources: lowering.log_sources, diagnostics: lowering.diagnostics }
}

impl Lowering<'_> {
    /// A query or subsearch, with the log sources of its base search.
    fn pipeline(&mut self, query: &Query) -> (Pipeline, Vec<LogSource>) {
        let mut rows = Rows { lowering: self, source: None, stages: Vec::new(), span: Span::default(), first: true };
        for command in &query.commands {
            rows.span = command.span;
            command.kind.lower(&mut rows);
            rows.first = false;
        }
        let (source, stages) = (rows.source.unwrap_or_else(|| Source::Events(Vec::new())), rows.stages);
        let own = match &source {
            Source::Events(of) => of.clone(),
            _ => Vec::new(),
        };
        (Pipeline { source, stages, unknown_fields: UnknownFields::Null }, own)
    }

    /// What a rule reads, each once.
    fn reads(&mut self, sources: &[LogSource]) {
        for source in sources {
            let known = |other: &LogSource| (other.kind, &other.name) == (source.kind, &source.name);
            if !self.log_sources.iter().any(known) {
                self.log_sources.push(source.clone());
            }
        }
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        // The same loss at the same place is worth one line, however often an expression is read.
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// A pipeline under construction.
pub(super) struct Rows<'a, 'b> {
    lowering: &'a mut Lowering<'b>,
    source: Option<Source>,
    stages: Vec<Stage>,
    /// Of the command that is lowered.
    pub span: Span,
    /// Whether that command is the first.
    pub first: bool,
}

impl Rows<'_, '_> {
    pub fn push(&mut self, kind: StageKind) {
        self.stages.push(Stage { kind, span: self.span });
    }

    pub fn say(&mut self, diagnostic: Diagnostic) {
        self.lowering.say(diagnostic);
    }

    /// Where the rows come from; a command in the middle of a query that makes rows of its own forgets those before it.
    pub fn start(&mut self, source: Source) {
        self.source = Some(source);
        self.stages.clear();
    }

    pub fn reads(&mut self, sources: &[LogSource]) {
        self.lowering.reads(sources);
    }

    /// The rows so far, taken away.
    pub fn take(&mut self) -> Pipeline {
        Pipeline {
            source: self.source.take().unwrap_or_else(|| Source::Events(Vec::new())),
            stages: std::mem::take(&mut self.stages),
            unknown_fields: UnknownFields::Null,
        }
    }

    /// Rows that were taken away before.
    pub fn restore(&mut self, pipeline: Pipeline) {
        self.source = Some(pipeline.source);
        self.stages = pipeline.stages;
    }

    pub fn subsearch(&mut self, query: &Query) -> Pipeline {
        self.lowering.pipeline(query).0
    }

    /// The rows so far through further commands. `None` where rows were appended before, since each time doubles them.
    pub fn pipe(&mut self, query: &Query) -> Option<Pipeline> {
        if self.stages.iter().any(|stage| matches!(stage.kind, StageKind::Append(_))) {
            return None;
        }
        let (source, stages) = (self.source.clone(), self.stages.clone());
        let mut rows = Rows { lowering: &mut *self.lowering, source, stages, span: self.span, first: false };
        for command in &query.commands {
            rows.span = command.span;
            command.kind.lower(&mut rows);
        }
        Some(rows.take())
    }

    /// The first condition of a query: what it reads, and what it tests.
    pub fn base_search(&mut self, condition: &Search) {
        let (sources, tests) = sources::split(condition, self.lowering.calls);
        for source in sources.iter().filter(|source| source.kind == LogSourceKind::Macro) {
            let unknown = tests_unknown(condition, source);
            if unknown {
                let message = format!("no such macro: `{}`; it is taken for a log source", source.name);
                self.say(Diagnostic::loss(codes::UNKNOWN_MACRO, message).at(source.span));
            }
        }
        self.reads(&sources);
        self.start(Source::Events(sources));
        let tests = tests.into_iter().cloned().collect();
        self.filter(&Search { kind: SearchKind::And(tests), span: condition.span });
    }

    /// Rows that pass all of these tests.
    pub fn keep_rows_with(&mut self, tests: Vec<Expr>) {
        let span = self.span;
        self.keep_where(tests, span);
    }

    /// A command that is read and has no form in `ir`.
    pub fn other(&mut self, name: &str, creates: Vec<String>) {
        let message = format!("the command `{name}` is not supported");
        self.say(Diagnostic::loss(codes::UNSUPPORTED_COMMAND, message).at(self.span));
        let command = Spanned { value: name.to_owned(), span: self.span };
        self.push(StageKind::Other { command, creates });
    }

    /// A command that changes neither the rows nor what is in them.
    pub fn without_effect(&mut self, name: &str, why: &str) {
        let message = format!("the command `{name}` has no effect: {why}");
        self.say(Diagnostic::note(codes::UNSUPPORTED_COMMAND, message).at(self.span));
    }

    /// An option that changes the result in a way that is not supported.
    pub fn ignored(&mut self, setting: &Setting) {
        let message = format!("the option `{}` has no effect", setting.name.value);
        self.say(Diagnostic::loss(codes::IGNORED_KEY, message).at(setting.name.span));
    }

    /// Keeps the rows that meet the condition. Subsearches that all rows must meet, or must not, are joins.
    pub fn filter(&mut self, condition: &Search) {
        let mut tests = Vec::new();
        let mut subsearches = Vec::new();
        for operand in conjuncts(condition) {
            match &operand.kind {
                SearchKind::Subsearch(query) => subsearches.push((JoinKind::LeftSemi, query, operand.span)),
                SearchKind::Not(inner) => match &inner.kind {
                    SearchKind::Subsearch(query) => subsearches.push((JoinKind::LeftAnti, query, operand.span)),
                    _ => tests.extend(self.search(operand)),
                },
                _ => tests.extend(self.search(operand)),
            }
        }
        self.keep_where(tests, condition.span);
        for (kind, query, span) in subsearches {
            self.restrict(kind, query, span);
        }
    }

    /// All of these tests.
    pub fn keep_where(&mut self, mut tests: Vec<Expr>, span: Span) {
        let condition = match tests.len() {
            0 => return,
            1 => tests.remove(0),
            _ => Expr::new(ir::ExprKind::And(tests), span),
        };
        let span = condition.span;
        self.stages.push(Stage { kind: StageKind::Filter(condition), span });
    }

    /// Rows that have, or have not, the values of a row of the subsearch.
    fn restrict(&mut self, kind: JoinKind, query: &Query, span: Span) {
        let right = self.subsearch(query);
        let Some(names) = columns::of(&right).filter(|names| !names.is_empty()) else {
            let message = "the columns of the subsearch are not known, so that it restricts nothing";
            let loss = Diagnostic::loss(codes::UNSUPPORTED_COMMAND, message).at(span);
            self.say(loss.hint("end the subsearch with `fields` or `table`"));
            let command = Spanned { value: "subsearch".to_owned(), span };
            return self.stages.push(Stage { kind: StageKind::Other { command, creates: Vec::new() }, span });
        };
        let on = pairs(&names, span);
        self.stages.push(Stage { kind: StageKind::Join(Join { kind, right: Box::new(right), on }), span });
    }

    /// The columns of the rows so far, where they are known.
    pub fn columns(&self) -> Option<Vec<String>> {
        columns::after(None, &self.stages)
    }

    pub fn extend(&mut self, name: &Word, expr: Expr) {
        let name = spanned(name);
        self.push(StageKind::Extend(vec![ir::Assignment { name, expr }]));
    }

    pub fn assignments(&mut self, list: &[Assignment]) {
        let list = list
            .iter()
            .map(|assignment| ir::Assignment { name: spanned(&assignment.name), expr: self.eval(&assignment.expr) });
        let list = list.collect();
        self.push(StageKind::Extend(list));
    }
}

/// Whether a log source is a macro that nobody defines.
fn tests_unknown(condition: &Search, source: &LogSource) -> bool {
    let is_call = |conjunct: &&Search| matches!(conjunct.kind, SearchKind::Macro(_)) && conjunct.span == source.span;
    conjuncts(condition).iter().any(is_call)
}

/// Columns of that name on both sides.
pub(super) fn pairs(names: &[String], span: Span) -> Vec<(Expr, Expr)> {
    let field = |name: &String| Expr::new(ir::ExprKind::Field(name.clone()), span);
    names.iter().map(|name| (field(name), field(name))).collect()
}

/// The operands of a conjunction, of nested ones too.
pub(super) fn conjuncts(condition: &Search) -> Vec<&Search> {
    match &condition.kind {
        SearchKind::And(operands) => operands.iter().flat_map(conjuncts).collect(),
        _ => vec![condition],
    }
}

pub(super) fn spanned(word: &Word) -> Spanned<String> {
    Spanned { value: word.text.clone(), span: word.span }
}

/// A field by its name.
pub(super) fn field(word: &Word) -> Expr {
    Expr::new(ir::ExprKind::Field(word.text.clone()), word.span)
}

/// A name in which `*` is a wildcard; quotes take nothing from it.
pub(super) fn name_pattern(word: &Word) -> NamePattern {
    NamePattern { pattern: word.text.clone(), wildcard: word.text.contains('*'), span: word.span }
}

pub(super) fn string(text: impl Into<String>, span: Span) -> Expr {
    Expr::new(ir::ExprKind::Literal(ir::Literal::String(text.into())), span)
}

/// A call of a function by its canonical name.
pub(super) fn call(function: &str, args: Vec<Expr>, span: Span) -> Expr {
    let function = Spanned { value: function.to_owned(), span };
    Expr::new(ir::ExprKind::Call { function, args, filter: None }, span)
}

/// A span of time such as `10m`, `1d` or `30s`; `None` for others.
pub(super) fn time_span(text: &str) -> Option<ir::Literal> {
    let digits = text.len() - text.trim_start_matches(|next: char| next.is_ascii_digit()).len();
    let (count, unit) = text.split_at(digits);
    let unit = match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => ir::TimeUnit::Second,
        // A capital M is a minute in some places and a month in others; only small letters are read.
        "m" if unit == "m" => ir::TimeUnit::Minute,
        "min" | "mins" | "minute" | "minutes" => ir::TimeUnit::Minute,
        "h" | "hr" | "hrs" | "hour" | "hours" => ir::TimeUnit::Hour,
        "d" | "day" | "days" => ir::TimeUnit::Day,
        "w" | "week" | "weeks" => ir::TimeUnit::Week,
        "mon" | "month" | "months" => ir::TimeUnit::Month,
        "ms" => ir::TimeUnit::Millisecond,
        _ => return None,
    };
    let count = if count.is_empty() { 1 } else { count.parse().ok()? };
    Some(ir::Literal::TimeSpan { count, unit })
}
