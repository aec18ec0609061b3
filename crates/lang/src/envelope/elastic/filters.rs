//! Kibana's filters: queries of Elasticsearch (Query DSL) as tables, joined to the rule's own query by "and".
//!
//! `meta.negate` turns a filter around and `meta.disabled` takes it out. What the filter looks for stands under `query`;
//! filters of older exports have `exists`, `range` and others at the top. A clause that is not read is an error: to leave
//! it out would change what the rule selects.

use super::Reader;
use crate::dialect::lucene;
use crate::envelope::toml_file::{Table, Value, origin};
use ir::{Case, CompareOp, Diagnostic, Expr, ExprKind, Literal, Pattern, PatternKind, Span, Spanned, codes};

/// Deepest nesting of clauses.
const MAX_DEPTH: usize = 50;

/// Keys of a filter that are no clause.
const NO_CLAUSE: &[&str] = &["$state", "meta"];

impl Reader<'_> {
    /// What all filters under a key ask for, each in its place; those that cannot be read are reported.
    pub fn filters(&mut self, table: Table<'_>, key: &str) -> Vec<Expr> {
        let filters = self.tables(table, key);
        filters.into_iter().filter_map(|filter| self.filter(filter)).collect()
    }

    fn filter(&mut self, filter: Table<'_>) -> Option<Expr> {
        let meta = self.table(filter, "meta");
        let flag = |key| meta.and_then(|meta| meta.get(key)).and_then(Value::as_bool).unwrap_or(false);
        if flag("disabled") {
            let note = Diagnostic::note(codes::IGNORED_KEY, "the filter is disabled").at(filter.span);
            self.diagnostics.push(note);
            return None;
        }
        let clauses = match filter.get("query") {
            Some(query) => match query.as_table() {
                Some(query) => query,
                None => {
                    self.envelope("`query` of a filter is a table", query.span);
                    return None;
                }
            },
            None => filter,
        };
        let result = clause_of(clauses, self.file, 0);
        match result {
            Ok(condition) if flag("negate") => {
                let span = condition.span;
                Some(Expr::new(ExprKind::Not(Box::new(condition)), span))
            }
            Ok(condition) => Some(condition),
            Err(error) => {
                self.diagnostics.push(error);
                None
            }
        }
    }
}

type Read<T> = Result<T, Diagnostic>;

fn malformed(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::refusal(codes::ENVELOPE, message).at(span)
}

/// The one clause of a query.
fn clause_of(query: Table<'_>, file: &str, depth: usize) -> Read<Expr> {
    if depth >= MAX_DEPTH {
        let message = format!("clauses are nested more than {MAX_DEPTH} deep here");
        return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(query.span));
    }
    let mut clauses = query.entries().filter(|(key, _)| !NO_CLAUSE.contains(&key.value));
    match (clauses.next(), clauses.next()) {
        (Some((name, value)), None) => clause(name, value, file, depth),
        (Some(_), Some((second, _))) => Err(malformed("a query has one clause, and here is another", second.span)),
        (None, _) => Err(malformed("the filter has no query", query.span)),
    }
}

fn clause(name: Spanned<&str>, value: Value<'_>, file: &str, depth: usize) -> Read<Expr> {
    let table = value.as_table().ok_or_else(|| malformed(format!("`{}` is a table", name.value), value.span));
    match name.value {
        "match_all" => Ok(literal(Literal::Boolean(true), name.span)),
        "match_none" => Ok(literal(Literal::Boolean(false), name.span)),
        "exists" => {
            let (field, span) = text_under(table?, "field")?;
            Ok(Expr::new(ExprKind::IsNull { value: field_expr(field, span), negated: true }, span))
        }
        "term" => equality(field_clause(table?, "value")?),
        "match" | "match_phrase" => equality(field_clause(table?, "query")?),
        "terms" => terms(table?),
        "wildcard" => pattern(field_clause(table?, "value")?, |text| PatternKind::Wildcard(wildcard(text))),
        "prefix" => pattern(field_clause(table?, "value")?, |text| PatternKind::StartsWith(text.to_owned())),
        "regexp" => pattern(field_clause(table?, "value")?, |text| PatternKind::LuceneRegex(text.to_owned())),
        "range" => range(table?),
        "bool" => boolean(table?, file, depth),
        "query_string" => query_string(table?, file),
        "nested" => nested(table?, file, depth),
        _ => {
            let message = format!("filters with `{}` are not supported", name.value);
            Err(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(name.span).hint("write it into the query"))
        }
    }
}

/// `{ field = value }` or `{ field = { value = ..., case_insensitive = ... } }`.
struct FieldClause<'a> {
    field: Box<Expr>,
    value: Value<'a>,
    case: Case,
}

fn field_clause<'a>(table: Table<'a>, key: &str) -> Read<FieldClause<'a>> {
    let (name, value) =
        table.entries().next().ok_or_else(|| malformed("a field and its value are missing", table.span))?;
    let field = field_expr(name.value, name.span);
    let Some(inner) = value.as_table() else { return Ok(FieldClause { field, value, case: Case::Sensitive }) };
    // Elasticsearch takes `wildcard` for `value` in wildcard queries.
    let value = inner.get(key).or_else(|| inner.get("wildcard"));
    let value = value.ok_or_else(|| malformed(format!("`{key}` is missing"), inner.span))?;
    let insensitive = inner.get("case_insensitive").and_then(Value::as_bool).unwrap_or(false);
    Ok(FieldClause { field, value, case: if insensitive { Case::Insensitive } else { Case::Sensitive } })
}

fn equality(clause: FieldClause<'_>) -> Read<Expr> {
    let right = Box::new(constant(clause.value)?);
    let span = right.span;
    let test = ExprKind::Compare { op: CompareOp::Equal, left: clause.field, right, case: clause.case };
    Ok(any_value(test, span))
}

fn terms(table: Table<'_>) -> Read<Expr> {
    let (name, value) =
        table.entries().next().ok_or_else(|| malformed("a field and its values are missing", table.span))?;
    let items = value.items().ok_or_else(|| malformed("`terms` holds a list", value.span))?;
    let list = items.map(constant).collect::<Read<_>>()?;
    let test = ExprKind::In { value: field_expr(name.value, name.span), list, case: Case::Sensitive };
    Ok(any_value(test, value.span))
}

fn pattern(clause: FieldClause<'_>, kind: impl Fn(&str) -> PatternKind) -> Read<Expr> {
    let span = clause.value.span;
    let text = clause.value.as_str().ok_or_else(|| malformed("a pattern is a string", span))?;
    let patterns = vec![Pattern { kind: kind(text), case: clause.case, span }];
    Ok(any_value(ExprKind::Matches { value: clause.field, patterns }, span))
}

/// In Elasticsearch a backslash makes any character an ordinary one, here only wildcards and itself.
fn wildcard(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' { characters.next() } else { None };
        match escaped {
            Some(escaped @ ('*' | '?' | '\\')) => out.extend(['\\', escaped]),
            Some(other) => out.push(other),
            None if character == '\\' => out.push_str("\\\\"),
            None => out.push(character),
        }
    }
    out
}

fn range(table: Table<'_>) -> Read<Expr> {
    let (name, value) =
        table.entries().next().ok_or_else(|| malformed("a field and its limits are missing", table.span))?;
    let limits = value.as_table().ok_or_else(|| malformed("`range` holds limits", value.span))?;
    let mut tests = Vec::new();
    for (key, limit) in limits.entries() {
        let op = match key.value {
            "gt" => CompareOp::Greater,
            "gte" => CompareOp::GreaterOrEqual,
            "lt" => CompareOp::Less,
            "lte" => CompareOp::LessOrEqual,
            _ => continue,
        };
        let right = match limit.as_str() {
            Some(text) => crate::dialect::range_value(text, op, limit.span),
            None => constant(limit)?,
        };
        let left = field_expr(name.value, name.span);
        tests
            .push(any_value(ExprKind::Compare { op, left, right: Box::new(right), case: Case::Sensitive }, limit.span));
    }
    match tests.len() {
        0 => Err(malformed("`range` has no limit", value.span)),
        1 => Ok(tests.swap_remove(0)),
        _ => Ok(Expr::new(ExprKind::And(tests), value.span)),
    }
}

fn boolean(table: Table<'_>, file: &str, depth: usize) -> Read<Expr> {
    let clauses = |key: &str| match table.get(key) {
        None => Ok(Vec::new()),
        Some(value) => match (value.as_table(), value.items()) {
            (Some(one), _) => Ok(vec![clause_of(one, file, depth + 1)?]),
            (None, Some(items)) => items
                .map(|item| match item.as_table() {
                    Some(one) => clause_of(one, file, depth + 1),
                    None => Err(malformed("a clause is a table", item.span)),
                })
                .collect(),
            (None, None) => Err(malformed(format!("`{key}` holds clauses"), value.span)),
        },
    };
    let mut all = clauses("must")?;
    all.extend(clauses("filter")?);
    let any = clauses("should")?;
    let least = table.get("minimum_should_match").and_then(Value::as_integer);
    // With other clauses beside it, `should` only ranks, unless the rule asks for a number.
    let needed = least.unwrap_or(i64::from(all.is_empty()));
    if needed > 1 {
        let message = "`minimum_should_match` above 1 is not supported";
        return Err(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(table.span));
    }
    if needed == 1 && !any.is_empty() {
        all.push(joined(any, ExprKind::Or, table.span));
    }
    for excluded in clauses("must_not")? {
        let span = excluded.span;
        all.push(Expr::new(ExprKind::Not(Box::new(excluded)), span));
    }
    Ok(match all.is_empty() {
        true => literal(Literal::Boolean(true), table.span),
        false => joined(all, ExprKind::And, table.span),
    })
}

fn joined(mut operands: Vec<Expr>, join: impl Fn(Vec<Expr>) -> ExprKind, span: Span) -> Expr {
    if operands.len() == 1 { operands.swap_remove(0) } else { Expr::new(join(operands), span) }
}

fn query_string(table: Table<'_>, file: &str) -> Read<Expr> {
    let (query, span) = text_under(table, "query")?;
    let compiled = lucene::compile_in(query, &origin(file, span, query));
    compiled
        .map(|(condition, _)| condition)
        .map_err(|errors| errors.into_iter().next().unwrap_or_else(|| malformed("the query cannot be read", span)))
}

fn nested(table: Table<'_>, file: &str, depth: usize) -> Read<Expr> {
    let (path, span) = text_under(table, "path")?;
    let query = table.get("query").and_then(Value::as_table);
    let query = query.ok_or_else(|| malformed("`nested` has no `query`", table.span))?;
    let test = Box::new(clause_of(query, file, depth + 1)?);
    let of = Spanned { value: path.to_owned(), span };
    Ok(Expr::new(ExprKind::AnyElement { of, test }, span))
}

fn text_under<'a>(table: Table<'a>, key: &str) -> Read<(&'a str, Span)> {
    let value = table.get(key).ok_or_else(|| malformed(format!("`{key}` is missing"), table.span))?;
    let text = value.as_str().ok_or_else(|| malformed(format!("`{key}` is a string"), value.span))?;
    Ok((text, value.span))
}

fn constant(value: Value<'_>) -> Read<Expr> {
    let found = if let Some(text) = value.as_str() {
        Literal::String(text.to_owned())
    } else if let Some(truth) = value.as_bool() {
        Literal::Boolean(truth)
    } else if let Some(number) = value.as_integer() {
        i32::try_from(number).map_or(Literal::Long(number), Literal::Integer)
    } else if let Some(number) = value.as_float() {
        Literal::Double(number)
    } else {
        return Err(malformed("a value is a string, a number, `true` or `false`", value.span));
    };
    Ok(literal(found, value.span))
}

fn literal(value: Literal, span: Span) -> Expr {
    Expr::new(ExprKind::Literal(value), span)
}

fn field_expr(name: &str, span: Span) -> Box<Expr> {
    Box::new(Expr::new(ExprKind::Field(name.to_owned()), span))
}

fn any_value(test: ExprKind, span: Span) -> Expr {
    Expr::new(ExprKind::AnyValue(Box::new(Expr::new(test, span))), span)
}
