//! Queries from text to rows: what the engine promises beyond the external suite.

use arrow::{
    array::{ArrayRef, Int64Array, ListBuilder, RecordBatch, StringViewArray, StringViewBuilder},
    datatypes::Schema,
    util::display::{ArrayFormatter, FormatOptions},
};
use engine::{
    bind::Scope,
    plan::Frame,
    session::{Answer, Session, Settings},
    table::{Policy, Table, Tables},
};
use ingest::physical;
use ir::Diagnostic;
use schema::{Field, Type};
use std::sync::Arc;

/// Three events of an index `events`, and a table of owners for lookups and enrichment.
fn tables() -> Tables {
    let mut answers = ListBuilder::new(StringViewBuilder::new());
    answers.append_value([Some("b"), Some("a")]);
    answers.append_null();
    answers.append_value([Some("c")]);
    let events = table(
        vec![Field::one("n", Type::Long), Field::one("host", Type::Keyword), Field::many("answers", Type::Keyword)],
        vec![
            Arc::new(Int64Array::from(vec![Some(1), Some(2), None])),
            Arc::new(StringViewArray::from(vec![Some("x"), Some("y"), Some("x")])),
            Arc::new(answers.finish()),
        ],
    );
    let owners = table(
        vec![Field::one("host", Type::Keyword), Field::one("owner", Type::Keyword)],
        vec![
            Arc::new(StringViewArray::from(vec!["x", "x", "z"])),
            Arc::new(StringViewArray::from(vec!["ann", "bob", "cyd"])),
        ],
    );
    let mut tables = Tables::default();
    tables.indices.insert("events".to_string(), events);
    tables.lookups.insert("owners".to_string(), owners.clone());
    let policy = Policy { table: owners, match_field: "host".to_string(), enrich_fields: vec!["owner".to_string()] };
    tables.policies.insert("owners".to_string(), policy);
    tables
}

fn table(fields: Vec<Field>, columns: Vec<ArrayRef>) -> Table {
    let schema = Arc::new(Schema::new(fields.iter().map(physical::field).collect::<Vec<_>>()));
    let batch = RecordBatch::try_new(schema, columns).expect("columns fit their fields");
    Table { fields, batches: vec![batch] }
}

fn ask(query: &str) -> Result<Answer, Vec<Diagnostic>> {
    let pipeline = lang::esql::compile(query, &lang::esql::Params::none())?;
    let session = Session::new(&Settings { partitions: 2, ..Settings::default() }).map_err(|error| vec![error])?;
    session.query(&pipeline, query, &tables())
}

/// Column names, then a line for each row.
fn shown(answer: &Answer) -> String {
    let names: Vec<&str> = answer.fields.iter().map(|field| field.name.as_ref()).collect();
    let mut lines = vec![names.join(" | ")];
    let options = FormatOptions::default().with_null("null");
    for batch in &answer.batches {
        let columns: Vec<ArrayFormatter<'_>> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options).expect("displayable"))
            .collect();
        for row in 0..batch.num_rows() {
            lines.push(columns.iter().map(|column| column.value(row).to_string()).collect::<Vec<_>>().join(" | "));
        }
    }
    lines.join("\n")
}

#[test]
fn queries_give_rows() {
    for (query, expected) in [
        ("FROM events | WHERE n > 1 | KEEP n, host", "n | host\n2 | y"),
        (
            "FROM events | EVAL n = n + 1, m = n * 2 | KEEP n, m | SORT n DESC NULLS LAST",
            "n | m\n3 | 6\n2 | 4\nnull | null",
        ),
        ("FROM events | STATS c = COUNT(*), s = SUM(n) BY host | SORT host", "c | s | host\n2 | 1 | x\n1 | 2 | y"),
        ("FROM events | STATS c = COUNT(*) WHERE n > 1 BY host | SORT host", "c | host\n0 | x\n1 | y"),
        ("FROM events | STATS r = MAX(n) - MIN(n)", "r\n1"),
        ("FROM events | WHERE n IS NULL | KEEP host", "host\nx"),
        (
            "FROM events | INLINE STATS m = MAX(n) BY host | KEEP n, m | SORT n NULLS FIRST",
            "n | m\nnull | 1\n1 | 1\n2 | 2",
        ),
        ("FROM events | SORT n DESC NULLS LAST | LIMIT 1 BY host | KEEP n, host", "n | host\n2 | y\n1 | x"),
        (
            "FROM events | SORT n DESC NULLS LAST | MV_EXPAND answers | KEEP n, answers",
            "n | answers\n2 | null\n1 | b\n1 | a\nnull | c",
        ),
        (
            "FROM events | WHERE n == 1 | LOOKUP JOIN owners ON host | KEEP n, owner | SORT owner",
            "n | owner\n1 | ann\n1 | bob",
        ),
        ("FROM events | WHERE n < 3 | ENRICH owners | KEEP n, owner | SORT n", "n | owner\n1 | [ann, bob]\n2 | null"),
        ("ROW a = \"k=v\" | DISSECT a \"%{k}=%{v}\" | KEEP k, v", "k | v\nk | v"),
        ("ROW a = \"id 42\" | GROK a \"%{WORD} %{NUMBER:id:int}\" | KEEP id", "id\n42"),
        ("FROM events METADATA _index | KEEP _index | LIMIT 1", "_index\nevents"),
        ("FROM events | KEEP n, dns.question.name | WHERE n == 1", "n | dns.question.name\n1 | null"),
        ("ROW x = 2147483647 | EVAL y = x + 1", "x | y\n2147483647 | null"),
    ] {
        match ask(query) {
            Ok(answer) => assert_eq!(shown(&answer), expected, "{query}"),
            Err(problems) => panic!("{query}: {problems:?}"),
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    for (query, code, place, part) in [
        ("FROM events | WHERE nn > 1", "E0312", "nn", "did you mean [n]"),
        ("FROM nope", "E0313", "nope", "Unknown index [nope]"),
        ("FROM events | EVAL x = host + 1", "E0303", "host + 1", "must be [numeric]"),
        (
            "FROM events | WHERE n == \"a\"",
            "E0303",
            "n == \"a\"",
            "so second argument must also be [numeric] but was [keyword]",
        ),
        ("FROM events | STATS x = n", "E0316", "n", "must appear in the STATS BY clause"),
        ("FROM events | STATS x = MAX(MIN(n))", "E0316", "MIN(n)", "nested aggregations"),
        ("FROM events | LOOKUP JOIN nope ON host", "E0314", "nope", "Unknown index [nope]"),
        ("FROM events | WHERE host RLIKE \"(\"", "E0304", "host RLIKE \"(\"", "invalid regex"),
        ("FROM events | GROK host \"%{NOPE:x}\"", "E0304", "\"%{NOPE:x}\"", "NOPE"),
    ] {
        let problems = ask(query).err().unwrap_or_default();
        let problem = problems.first().unwrap_or_else(|| panic!("{query} is not refused"));
        assert_eq!(problem.code.0, code, "{query}: {problem}");
        assert!(problem.message.contains(part), "{query}: {problem}");
        assert_eq!(problem.span.map(|span| span.of(query)), Some(place), "{query}: {problem}");
    }
}

#[test]
fn what_cannot_be_computed_is_told() {
    let answer = ask("FROM events | EVAL x = answers == \"a\" | KEEP x").expect("the query runs");
    let told: Vec<String> =
        answer.warnings.iter().map(|warning| format!("{}: {}", warning.text, warning.reason)).collect();
    assert_eq!(told, ["answers == \"a\": single-value function encountered multi-value"]);
}

#[test]
fn an_absent_canonical_field_is_a_loss() {
    let answer = ask("FROM events | WHERE dns.question.name == \"a\"").expect("the query runs");
    let codes: Vec<&str> = answer.diagnostics.iter().map(|diagnostic| diagnostic.code.0).collect();
    assert_eq!(codes, ["W0002"]);
}

#[test]
fn grouping_is_split_between_partial_and_final() {
    let query = "FROM events | WHERE n > 0 | STATS c = COUNT(*) BY host";
    let pipeline = lang::esql::compile(query, &lang::esql::Params::none()).expect("the query parses");
    let session = Session::new(&Settings { partitions: 2, ..Settings::default() }).expect("a session");
    let split = session.split(&pipeline, &session.binding(query), &tables(), &[]).expect("the query binds");
    let grouping = split.grouping.expect("there is a STATS");
    assert_eq!(grouping.keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["host"]);
    assert_eq!(grouping.aggregates.len(), 1);
    assert!(split.rest.is_empty());
}

#[test]
fn plans_aggregate_in_each_partition() {
    let query = "FROM events | WHERE n > 0 AND host LIKE \"x*\" | EVAL l = LENGTH(host) | WHERE l > 0 | STATS c = COUNT(*), m = MAX(l) BY host";
    let pipeline = lang::esql::compile(query, &lang::esql::Params::none()).expect("the query parses");
    let session = Session::new(&Settings { partitions: 2, ..Settings::default() }).expect("a session");
    let prepared = session.prepare(&pipeline, query, &tables()).expect("the query plans");
    // As a hunt plans it: over logs, not over a small table.
    let frame = Frame { plan: prepared.logical, scope: Scope::default() };
    let physical = session.physical(&frame).expect("the query plans");
    let plan = datafusion::physical_plan::displayable(physical.as_ref()).indent(true).to_string();
    assert!(plan.contains("mode=Partial"), "{plan}");
}
