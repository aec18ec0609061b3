//! What queries mean.

use ir::{LogSource, Pipeline, Source, StageKind};
use lang::dialect::kusto::{self, Meaning};

fn meaning(query: &str) -> Meaning {
    let script = kusto::parse(query).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    kusto::lower(&script).unwrap_or_else(|| panic!("no query in {query}"))
}

/// A pipeline in one line, stage by stage.
fn shown(pipeline: &Pipeline) -> String {
    let source = match &pipeline.source {
        Source::Table(name) => name.value.clone(),
        Source::Union(parts) => format!("union({})", parts.iter().map(shown).collect::<Vec<_>>().join("; ")),
        Source::Row(assignments) => format!("row({})", assigned(assignments)),
        Source::Values { columns, rows } => {
            let names: Vec<_> = columns.iter().map(|column| column.value.as_str()).collect();
            let rows: Vec<_> =
                rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")).collect();
            format!("values({}: {})", names.join(","), rows.join(" / "))
        }
        other => format!("{other:?}"),
    };
    let stages = pipeline.stages.iter().map(|stage| format!(" | {}", stage_shown(&stage.kind)));
    std::iter::once(source).chain(stages).collect()
}

fn assigned(assignments: &[ir::Assignment]) -> String {
    assignments.iter().map(|found| format!("{}={}", found.name.value, found.expr)).collect::<Vec<_>>().join(", ")
}

fn names(patterns: &[ir::NamePattern]) -> String {
    patterns.iter().map(|name| name.pattern.as_str()).collect::<Vec<_>>().join(", ")
}

fn stage_shown(kind: &StageKind) -> String {
    match kind {
        StageKind::Filter(condition) => condition.to_string(),
        StageKind::Extend(assignments) => format!("extend {}", assigned(assignments)),
        StageKind::Aggregate(found) => format!("stats {} by {}", assigned(&found.aggregates), assigned(&found.by)),
        StageKind::Keep(patterns) => format!("keep {}", names(patterns)),
        StageKind::Drop(patterns) => format!("drop {}", names(patterns)),
        StageKind::Rename(renames) => {
            let renames: Vec<_> =
                renames.iter().map(|found| format!("{}={}", found.to.value, found.from.value)).collect();
            format!("rename {}", renames.join(", "))
        }
        StageKind::Sort(keys) => {
            let key = |key: &ir::SortKey| {
                format!(
                    "{} {} {}",
                    key.expr,
                    if key.descending { "desc" } else { "asc" },
                    if key.nulls_first { "first" } else { "last" }
                )
            };
            format!("sort {}", keys.iter().map(key).collect::<Vec<_>>().join(", "))
        }
        StageKind::Limit { count, .. } => format!("limit {count}"),
        StageKind::Expand(name) => format!("expand {}", name.value),
        StageKind::Dissect { input, pattern, .. } => format!("dissect {input} {:?}", pattern.value),
        StageKind::Extract { input, pattern, .. } => format!("extract {input} {:?}", pattern.value),
        StageKind::Join(join) => {
            let on: Vec<_> = join.on.iter().map(|(left, right)| format!("{left}={right}")).collect();
            format!("{:?} ({}) on {}", join.kind, shown(&join.right), on.join(", "))
        }
        StageKind::Append(parts) => format!("append({})", parts.iter().map(shown).collect::<Vec<_>>().join("; ")),
        StageKind::Other { command, creates } => format!("other {} [{}]", command.value, creates.join(", ")),
        other => format!("{other:?}"),
    }
}

/// Each query with its meaning.
fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (query, expected) in cases {
        let found = shown(&meaning(query).pipeline);
        if found != *expected {
            wrong.push(format!("{query}\n   found {found}\nexpected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Each condition with its meaning.
fn check_conditions(cases: &[(&str, &str)]) {
    let cases: Vec<_> =
        cases.iter().map(|(condition, meaning)| (format!("T | where {condition}"), format!("T | {meaning}"))).collect();
    check(&cases.iter().map(|(query, meaning)| (query.as_str(), meaning.as_str())).collect::<Vec<_>>());
}

#[test]
fn operators_on_strings_have_their_rules_of_case() {
    check_conditions(&[
        (r#"a == "x""#, r#"(== a "x")"#),
        (r#"a != "x""#, r#"(!= a "x")"#),
        (r#"a =~ "x""#, r#"(==~ a "x")"#),
        (r#"a !~ "x""#, r#"(!=~ a "x")"#),
        (r#"a has "x""#, r#"(matches a term/Whole~:"x")"#),
        (r#"a !has "x""#, r#"(not (matches a term/Whole~:"x"))"#),
        (r#"a has_cs "x""#, r#"(matches a term/Whole:"x")"#),
        (r#"a hasprefix "x""#, r#"(matches a term/Start~:"x")"#),
        (r#"a !hassuffix_cs "x""#, r#"(not (matches a term/End:"x"))"#),
        (r#"a contains "x""#, r#"(matches a contains~:"x")"#),
        (r#"a contains_cs "x""#, r#"(matches a contains:"x")"#),
        (r#"a !contains "x""#, r#"(not (matches a contains~:"x"))"#),
        (r#"a startswith "x""#, r#"(matches a starts~:"x")"#),
        (r#"a endswith_cs "x""#, r#"(matches a ends:"x")"#),
        (r#"a matches regex @"^\d+$""#, r#"(matches a Re2/Anywhere:"^\\d+$")"#),
        (r#"a contains b"#, "[contains [to_lower a] [to_lower b]]"),
        (r#"a has b"#, "[kusto_has a b]"),
        (r#"* has "x""#, r#"(any (matches <event> term/Whole~:"x"))"#),
    ]);
}

#[test]
fn lists() {
    check_conditions(&[
        (r#"a in ("x", "y")"#, r#"(in a "x" "y")"#),
        (r#"a in~ ("x")"#, r#"(in~ a "x")"#),
        (r#"a !in ("x")"#, r#"(not (in a "x"))"#),
        (r#"a in (dynamic(["x", 1]), "y")"#, r#"(in a "x" 1 "y")"#),
        (r#"a has_any ("x", "y")"#, r#"(matches a term/Whole~:"x" term/Whole~:"y")"#),
        (r#"a has_all ("x", "y")"#, r#"(and (matches a term/Whole~:"x") (matches a term/Whole~:"y"))"#),
        (r#"a between (1 .. 5)"#, "(and (>= a 1) (<= a 5))"),
        (r#"a !between (1 .. 5)"#, "(or (< a 1) (> a 5))"),
        (
            "a between (datetime(2024-01-01) .. 1d)",
            r#"(and (>= a (datetime "2024-01-01")) (<= a (+ (datetime "2024-01-01") 1 days)))"#,
        ),
        ("(b - a) between (0min .. 4h)", "(and (>= (- b a) 0 minutes) (<= (- b a) 4 hours))"),
    ]);
}

#[test]
fn values() {
    check_conditions(&[
        ("not(a == 1)", "(not (== a 1))"),
        ("isempty(a) or isnotempty(b)", "(or (null a) (known b))"),
        ("isnull(a.b.c)", "(null a.b.c)"),
        (r#"tostring(a.b["c d"][0].e) == "x""#, r#"(== [to_string a.b.c d[0].e] "x")"#),
        (r#"parse_json(tostring(a.b)).c == "x""#, r#"(== a.b.c "x")"#),
        (r#"todynamic(a)[0].c =~ "x""#, r#"(==~ a[0].c "x")"#),
        (r#"split(a, "@")[-1] == "x""#, r#"(== [member [kusto_split a "@"] -1] "x")"#),
        ("t > ago(7d)", "(> t (- [now] 7 days))"),
        ("t > ago(1.5h) and t < now()", "(and (> t (- [now] 90 minutes)) (< t [now]))"),
        ("a > timespan(1.02:03:04)", "(> a 93784 seconds)"),
        ("a == long(5) or b == real(1.5) or c == guid(12-ab)", r#"(or (== a 5) (== b 1.5) (== c "12-ab"))"#),
        ("a == h'secret' 'er'", r#"(== a "secreter")"#),
        ("ipv4_is_private(a)", r#"(matches a cidr:"10.0.0.0/8" cidr:"172.16.0.0/12" cidr:"192.168.0.0/16")"#),
        (r#"ipv4_is_in_range(a, "10.1.0.0/16")"#, r#"(matches a cidr:"10.1.0.0/16")"#),
        (r#"strlen(a) > 50 and tolower(b) == "x""#, r#"(and (> [length a] 50) (== [to_lower b] "x"))"#),
        (r#"iff(a == 1, "x", "y") == "x""#, r#"(== [case (== a 1) "x" "y"] "x")"#),
        ("-a < -1 and +b == 2", "(and (< (neg a) -1) (== b 2))"),
        ("1 + 2 * 3 % 4 == a / 2", "(== (+ 1 (% (* 2 3) 4)) (/ a 2))"),
    ]);
}

#[test]
fn definitions_stand_where_they_are_used() {
    check(&[
        (r#"let l = dynamic(["x", "y"]); T | where a in (l)"#, r#"T | (in a "x" "y")"#),
        (r#"let l = dynamic(["x"]); let m = l; T | where a has_any (m)"#, r#"T | (matches a term/Whole~:"x")"#),
        ("let n = 5; let m = n + 1; T | where a > m", "T | (> a (+ 5 1))"),
        ("let T2 = T | where a == 1; T2 | count", "T | (== a 1) | stats Count=[count *] by "),
        ("let f = (x: string, n: long = 3) { T | where a == x | take n }; f(\"y\")", r#"T | (== a "y") | limit 3"#),
        (
            "let f = (x: string, n: long = 3) { T | where a == x | take n }; f(n=4, x=\"y\")",
            r#"T | (== a "y") | limit 4"#,
        ),
        ("let up = (s: string) { toupper(s) }; T | where up(a) == \"X\"", r#"T | (== [to_upper a] "X")"#),
        ("let f = (t: (*), n: long) { t | where a > n }; T | invoke f(7)", "T | (> a 7)"),
        ("let v = view () { T | where a == 1 }; union v, U", "union(T | (== a 1); U)"),
        ("let a = 1; T | extend a = 2 | where a == 2", "T | extend a=2 | (== a 2)"),
        ("declare query_parameters(x: long = 5); T | where a == x", "T | (== a 5)"),
        (
            "let x = materialize(T | where a == 1); x | union (x | where b == 2)",
            "T | (== a 1) | append(T | (== a 1) | (== b 2))",
        ),
    ]);
}

#[test]
fn membership_in_a_table_is_a_join() {
    check(&[
        (
            "let l = U | where b == 1 | distinct x; T | where a == 1 and a in (l) and c == 2",
            "T | (== a 1) | LeftSemi (U | (== b 1) | stats  by x=x) on a=x | (== c 2)",
        ),
        ("T | where a !in ((U | project x, y))", "T | LeftAnti (U | keep x, y) on a=x"),
        ("T | where a in~ (U | project x)", "T | LeftSemi (U | keep x) on [to_lower a]=[to_lower x]"),
    ]);
}

#[test]
fn stages() {
    check(&[
        ("T | project a, b = c, tostring(d.e)", "T | extend b=c, d_e=[to_string d.e] | keep a, b, d_e"),
        ("T | extend a = b, b = a", "T | extend a=b, b=a"),
        ("T | project b = a, a = c", "T | extend b=a, a=c | keep b, a"),
        ("T | project a = c, b = a", "T | extend b=a, a=c | keep a, b"),
        ("T | project-away a, b* | project-keep c | project-rename d = c", "T | drop a, b* | keep c | rename d=c"),
        ("T | project-reorder a, b* asc", "T | keep a, b*, *"),
        (
            "T | summarize count(), n = dcount(a), countif(b == 1), make_set_if(c, d == 2), round(avg(e), 2) by f, bin(t, 1h)",
            "T | stats count_=[count *], n=[count_distinct a], countif_=[count * if (== b 1)], set_c=[values c if (== d 2)], \
             avg_e=[round [avg e] 2] by f=f, t=[bucket t 1 hours]",
        ),
        ("T | summarize arg_max(t, *) by a", "T | stats t=[max t], *=[kusto_arg_max t *] by a=a"),
        ("T | summarize arg_max(t, b, c) by a", "T | stats t=[max t], b=[last b t], c=[last c t] by a=a"),
        (
            "T | distinct a, b | sort by a, b asc | top 5 by a asc",
            "T | stats  by a=a, b=b | sort a desc last, b asc first | sort a asc first | limit 5",
        ),
        ("T | mv-expand a = todynamic(b) to typeof(string)", "T | extend a=b | expand a | extend a=(keyword a)"),
        (
            "T | mv-apply x = a on (where x.n == 1 | extend y = x.v)",
            r#"T | extend x=a | expand x | (== [member x "n"] 1) | extend y=[member x "v"]"#,
        ),
        (r#"T | parse a with * "from " b:long "/" c"#, r#"T | dissect a "%{}from %{b}/%{c}" | extend b=(long b)"#),
        (r#"T | parse-where a with "x" b *"#, r#"T | dissect a "x%{b}%{}" | (known b)"#),
        ("T | join kind=inner (U | where b == 1) on a, $left.c == $right.d", "T | Inner (U | (== b 1)) on a=a, c=d"),
        ("T | join (U) on a | lookup (V) on b", "T | InnerUnique (U) on a=a | Left (V) on b=b"),
        ("union withsource=S T, U | where S == \"T\"", r#"union(T | extend S="T"; U | extend S="U") | (== S "T")"#),
        ("T | as X | extend p = n / toscalar(X | count)", "T | extend p=(/ n <unread>)"),
        ("datatable(a: string, b: long) [\"x\", 1, \"y\", 2] | where b > 1", r#"values(a,b: "x",1 / "y",2) | (> b 1)"#),
        ("range x from 1 to 5 step 1", "row(x=[kusto_range 1 5 1]) | expand x"),
        (
            "search in (T, U) \"err*\" and a == 1",
            r#"union(T; U) | (and (any (matches <event> term/Start~:"err")) (== a 1))"#,
        ),
        ("find in (T) where a == 1 project a", "T | (== a 1) | keep a"),
        ("T | fork (where a == 1) (where a == 2)", "union(T | (== a 1); T | (== a 2))"),
        (
            "T | extend (a, b) = series_fit_line(c)",
            "T | extend a=[kusto_output [kusto_series_fit_line c] 0], b=[kusto_output [kusto_series_fit_line c] 1]",
        ),
        (
            "T | make-series n = count() on t step 1d by a | render timechart with (title=\"x\")",
            "T | other make-series [n, t, a]",
        ),
        ("T; U", "union(T; U)"),
        ("T | where a == 1\n\n// another\nU | where b == 2", "union(T | (== a 1); U | (== b 2))"),
    ]);
}

#[test]
fn the_parameters_of_asim_parsers_are_conditions() {
    check(&[
        (
            r#"_Im_Dns(starttime=ago(1d), domain_has_any=dynamic(["evil.example"])) | where DnsQueryTypeName == "TXT""#,
            r#"_Im_Dns | (>= TimeGenerated (- [now] 1 days)) | (matches DnsQuery term/Whole~:"evil.example") | (== DnsQueryTypeName "TXT")"#,
        ),
        (r#"let bad = dynamic(["x"]); imDns(domain_has_any=bad)"#, r#"imDns | (matches DnsQuery term/Whole~:"x")"#),
    ]);
}

#[test]
fn every_table_is_a_log_source_and_unused_definitions_are_none() {
    for (query, expected) in [
        ("let u = Unused | take 1; T | join (U) on a | where b in ((V | project c)) | union W", "T U V W"),
        ("T | extend a = toscalar(U | count) | where b == 1 or c in (V | project d)", "T U V"),
        ("union isfuzzy=true Security*, workspace('w').Event, table(\"Syslog\")", "Security* Event Syslog"),
        ("_GetWatchlist('vips') | join (imDns) on a", "imDns"),
        ("externaldata(a: string)[@'https://example.org/a.csv'] | join (T) on a", "T"),
        ("T | evaluate ipv4_lookup(U, a, b)", "T U"),
    ] {
        let names: Vec<_> = meaning(query).log_sources.into_iter().map(|LogSource { name, .. }| name).collect();
        assert_eq!(names.join(" "), expected, "{query}");
    }
}

#[test]
fn constants_of_definitions_keep_their_places() {
    let query = "let bad = dynamic([\"x\", \"yy\"]);\nT | where a in (bad)";
    let pipeline = meaning(query).pipeline;
    let StageKind::Filter(condition) = &pipeline.stages[0].kind else { panic!("no filter") };
    let mut places = Vec::new();
    condition.walk(&mut |expr| places.push(expr.span.of(query)));
    assert_eq!(places, ["a in (bad)", "a", "\"x\"", "\"yy\""]);
}

#[test]
fn definitions_that_double_each_other_end() {
    let mut query = "let x0 = 1;".to_owned();
    for n in 1..60 {
        query.push_str(&format!("let x{n} = x{0} + x{0};", n - 1));
    }
    let meaning = meaning(&format!("{query} T | where a == x59"));
    assert_eq!(meaning.diagnostics[0].code, ir::codes::TOO_LARGE);
}
