//! What SPL means: conditions of `search` and of `where` as terms, pipelines as stages, log sources, macros, and errors.

use ir::{Diagnostic, JoinKind, Level, LogSourceKind, Source, Span, StageKind, codes};
use lang::spl::{self, Macros, Meaning};

fn macros() -> Macros {
    let mut macros = Macros::default();
    macros.define("sysmon", Vec::new(), "sourcetype=xmlwineventlog OR source=XmlWinEventLog:Sysmon/Operational");
    macros.define("zscaler", Vec::new(), "source=zscaler sourcetype=zscalernss-web");
    macros.define("process_net", Vec::new(), "(Processes.process_name=net.exe OR Processes.process_name=net1.exe)");
    macros.define("execve", Vec::new(), "type=EXECVE | eval exec=mvjoin(args, \" \")");
    macros.define("pair(2)", vec!["a".to_owned(), "b".to_owned()], "$a$=\"$b$\" NOT `inner($b$)`");
    macros.define("inner", vec!["x".to_owned()], "y=$x$*");
    macros.define("loop", Vec::new(), "a=1 `round`");
    macros.define("round", Vec::new(), "b=2 `loop`");
    macros
}

fn compile(query: &str) -> Meaning {
    spl::compile(query, &macros()).unwrap_or_else(|errors| panic!("{query}\n{errors:#?}"))
}

/// The conditions of the pipeline, one a line.
fn conditions(meaning: &Meaning) -> String {
    let conditions = meaning.pipeline.stages.iter().filter_map(|stage| match &stage.kind {
        StageKind::Filter(condition) => Some(condition.to_string()),
        _ => None,
    });
    conditions.collect::<Vec<_>>().join("\n")
}

fn check(cases: &[(&str, &str)], query: impl Fn(&str) -> String) {
    for (text, expected) in cases {
        let meaning = compile(&query(text));
        assert_eq!(conditions(&meaning), *expected, "{text}\n{:?}", meaning.diagnostics);
    }
}

#[test]
fn search_binds_or_tighter_than_and() {
    check(
        &[
            ("a=1 b=2 OR c=3", "(and (any (==~ a 1)) (or (any (==~ b 2)) (any (==~ c 3))))"),
            (
                "a=1 AND b=2 OR c=3 AND d=4",
                "(and (any (==~ a 1)) (or (any (==~ b 2)) (any (==~ c 3))) (any (==~ d 4)))",
            ),
            ("NOT a=1 OR b=2", "(or (not (any (==~ a 1))) (any (==~ b 2)))"),
            ("(a=1 b=2) OR c=3", "(or (and (any (==~ a 1)) (any (==~ b 2))) (any (==~ c 3)))"),
            ("NOT (a=1 OR b=2)", "(not (or (any (==~ a 1)) (any (==~ b 2))))"),
            // Small letters are words to look for.
            ("x=a or y=b", "(and (any (==~ x \"a\")) (any (matches <event> term/Whole~:\"or\")) (any (==~ y \"b\")))"),
        ],
        str::to_owned,
    );
}

#[test]
fn tests_of_search_ask_for_any_value() {
    check(
        &[
            ("EventCode=4688", "(any (==~ EventCode 4688))"),
            ("EventCode=\"4688\"", "(any (==~ EventCode \"4688\"))"),
            ("x=0x10", "(any (==~ x \"0x10\"))"),
            ("user = \"NT AUTHORITY\\\\SYSTEM\"", "(any (==~ user \"NT AUTHORITY\\\\SYSTEM\"))"),
            ("process=*\\\\temp\\\\?.exe", "(any (matches process wildcard~:\"*\\\\\\\\temp\\\\\\\\\\\\?.exe\"))"),
            ("user=*", "(known user)"),
            ("user!=*", "false"),
            ("user!=root", "(any (!=~ user \"root\"))"),
            ("NOT user=root", "(not (any (==~ user \"root\")))"),
            ("user!=adm*", "(any (not (matches user wildcard~:\"adm*\")))"),
            ("\"DNS.reply_code\"!=\"No Error\"", "(any (!=~ DNS.reply_code \"No Error\"))"),
            ("a IN (1, \"b c\" d)", "(any (in~ a 1 \"b c\" \"d\"))"),
            ("NOT a IN (1,2)", "(not (any (in~ a 1 2)))"),
            ("a NOT IN (1,2)", "(not (any (in~ a 1 2)))"),
            ("a IN (x*, y)", "(or (any (matches a wildcard~:\"x*\")) (any (==~ a \"y\")))"),
            ("a IN (x*)", "(any (matches a wildcard~:\"x*\"))"),
            ("count>10 size<=\"2.5\"", "(and (any (>~ count 10)) (any (<=~ size 2.5)))"),
            ("a{}.b.c=x", "(any (==~ a{}.b.c \"x\"))"),
            ("process=*GetCurrent()*", "(any (matches process wildcard~:\"*GetCurrent()*\"))"),
            ("url=*?id=1&x=*", "(any (matches url wildcard~:\"*\\\\?id=1&x=*\"))"),
            (
                "a=CASE(Admin) TERM(10.0.0.1)",
                "(and (any (== a \"Admin\")) (any (matches <event> term/Whole~:\"10.0.0.1\")))",
            ),
        ],
        str::to_owned,
    );
}

#[test]
fn words_are_looked_for_in_the_whole_event() {
    check(
        &[
            ("mimikatz", "(any (matches <event> term/Whole~:\"mimikatz\"))"),
            ("\"net user\"", "(any (matches <event> term/Whole~:\"net user\"))"),
            ("*mimi*", "(any (matches <event> contains~:\"mimi\"))"),
            ("mimi*", "(any (matches <event> term/Start~:\"mimi\"))"),
            ("*katz", "(any (matches <event> term/End~:\"katz\"))"),
            ("a*b", "(any (matches <event> wildcard~:\"*a*b*\"))"),
            ("\" -enc \"", "(any (matches <event> contains~:\" -enc \"))"),
            ("* x=1", "(any (==~ x 1))"),
        ],
        str::to_owned,
    );
}

#[test]
fn where_is_three_valued_and_minds_case() {
    check(
        &[
            ("a=1 AND b=\"x\" OR c!=d", "(or (and (== a 1) (== b \"x\")) (!= c d))"),
            ("not a=\"x\" and b<2", "(and (not (== a \"x\")) (< b 2))"),
            ("like(process, \"%a_b*\\\\%\")", "(matches process wildcard:\"*a?b\\\\*\\\\\\\\*\")"),
            ("process LIKE \"%x\"", "(matches process wildcard:\"*x\")"),
            ("match(x, \"(?i)\\\\d+\\.exe$\")", "(matches x Pcre/Anywhere:\"(?i)\\\\d+\\\\.exe$\")"),
            ("cidrmatch(\"10.0.0.0/8\", src)", "(matches src cidr:\"10.0.0.0/8\")"),
            ("isnull(x) OR isnotnull('a b')", "(or (null x) (known a b))"),
            ("x IN (\"a\", \"b\") AND in(y, 1, 2)", "(and (in x \"a\" \"b\") (in y 1 2))"),
            ("len(query) > avg + 2*sd", "(> [length query] (+ avg (* 2 sd)))"),
            ("a . \"-\" . b == c", "(== [concat [concat a \"-\"] b] c)"),
            ("if(match(a, \"x\"), 1, 0) = 1", "(== [case (matches a Pcre/Anywhere:\"x\") 1 0] 1)"),
            ("requestParameters.userName == 'user.name'", "(== requestParameters.userName user.name)"),
            ("mvindex(x, -1) = null()", "(== [mv_slice x (neg 1)] null)"),
            ("searchmatch(\"a=1 OR b=2*\")", "(or (any (==~ a 1)) (any (matches b wildcard~:\"2*\")))"),
            ("a=1 XOR b=2", "(!= (== a 1) (== b 2))"),
        ],
        |text| format!("* | where {text}"),
    );
}

#[test]
fn macros_of_log_sources_are_no_predicates() {
    let cases = [
        (
            "`sysmon` EventCode=1",
            "(any (==~ EventCode 1))",
            "macro:sysmon search:sourcetype=xmlwineventlog search:source=XmlWinEventLog:Sysmon/Operational",
        ),
        (
            "`zscaler` action=x",
            "(any (==~ action \"x\"))",
            "macro:zscaler search:source=zscaler search:sourcetype=zscalernss-web",
        ),
        // In the rule's own text a reader sees a test.
        (
            "sourcetype=dns query=x",
            "(and (any (==~ sourcetype \"dns\")) (any (==~ query \"x\")))",
            "search:sourcetype=dns",
        ),
        (
            "| tstats count from datamodel=Network_Resolution where DNS.query=x by DNS.src",
            "(any (==~ DNS.query \"x\"))",
            "datamodel:Network_Resolution.DNS",
        ),
        (
            "| tstats count from datamodel=Risk.All_Risk where nodename=x All_Risk.a=1",
            "(any (==~ All_Risk.a 1))",
            "datamodel:Risk.All_Risk",
        ),
        (
            "| tstats count from datamodel=Endpoint where nodename=Processes a=1",
            "(any (==~ a 1))",
            "datamodel:Endpoint.Processes",
        ),
        ("| from datamodel Web.Web | search url=x", "(any (==~ url \"x\"))", "datamodel:Web.Web"),
        ("`nobody_knows` a=1", "(any (==~ a 1))", "macro:nobody_knows"),
    ];
    for (query, condition, sources) in cases {
        let meaning = compile(query);
        assert_eq!(conditions(&meaning), condition, "{query}");
        let found: Vec<_> =
            meaning.log_sources.iter().map(|source| format!("{}:{}", source.kind, source.name)).collect();
        assert_eq!(found.join(" "), sources, "{query}");
    }
}

#[test]
fn a_subsearch_has_log_sources_of_its_own() {
    let meaning = compile("`sysmon` a=1 | join id [search `zscaler` b=2 | fields id]");
    let Source::Events(own) = &meaning.pipeline.source else { panic!("{:?}", meaning.pipeline.source) };
    assert_eq!(own.iter().filter(|source| source.kind == LogSourceKind::Macro).count(), 1);
    assert_eq!(meaning.log_sources.len(), 6);
    assert_eq!(compile("`sysmon` a=1").pipeline.source, Source::LogSources);
}

#[test]
fn macros_are_expanded_before_pipes_are_seen() {
    let meaning = compile(
        "`sysmon` `execve` | search exec=x `pair(user, \"a b\")` | `drop_dm_object_name(\"Web\")` | `my_rule_filter`",
    );
    assert_eq!(
        conditions(&meaning),
        "(any (==~ type \"EXECVE\"))\n(and (any (==~ exec \"x\")) (any (==~ user \"a b\")) (not (any (==~ y \"a\"))) (any (matches <event> term/Start~:\"b\")))"
    );
    let renames = meaning.pipeline.stages.iter().find_map(|stage| match &stage.kind {
        StageKind::Rename(renames) => Some((renames[0].from.value.as_str(), renames[0].to.value.as_str())),
        _ => None,
    });
    assert_eq!(renames, Some(("Web.*", "*")));
    assert_eq!(meaning.diagnostics, Vec::new());
}

#[test]
fn expanded_text_stands_for_the_call() {
    let query = "| tstats count from datamodel=Endpoint.Processes where `process_net` Processes.process=*user*";
    let meaning = compile(query);
    let StageKind::Filter(condition) = &meaning.pipeline.stages[0].kind else { panic!() };
    let mut spans = Vec::new();
    condition.walk(&mut |expr| {
        if let ir::ExprKind::Field(name) = &expr.kind {
            spans.push((name.clone(), expr.span.of(query)));
        }
    });
    let call = "`process_net`";
    let name = "Processes.process_name".to_owned();
    assert_eq!(spans, [(name.clone(), call), (name, call), ("Processes.process".to_owned(), "Processes.process")]);
}

#[test]
fn subsearches_are_joins() {
    let cases = [
        ("a=1 [| inputlookup x | fields a b]", Some(JoinKind::LeftSemi), 2),
        ("a=1 NOT [search b=2 | stats count by c | fields c]", Some(JoinKind::LeftAnti), 1),
        ("a=1 NOT [search b=2 | rename c AS d | table d e]", Some(JoinKind::LeftAnti), 2),
        // The columns depend on the table.
        ("a=1 NOT [| inputlookup x]", None, 0),
    ];
    for (query, kind, on) in cases {
        let meaning = compile(query);
        let join = meaning.pipeline.stages.iter().find_map(|stage| match &stage.kind {
            StageKind::Join(join) => Some(join),
            _ => None,
        });
        assert_eq!(join.map(|join| join.kind), kind, "{query}");
        assert_eq!(join.map_or(0, |join| join.on.len()), on, "{query}");
        assert_eq!(meaning.diagnostics.len(), usize::from(kind.is_none()), "{query}");
    }
}

#[test]
fn commands_become_stages() {
    let cases = [
        ("stats count min(_time) AS first values(a.b) by c d", "Aggregate"),
        ("eventstats avg(x) as m by y", "Aggregate"),
        ("stats count(eval(a=1 OR b=2)) as n dc(x) p95(y) by z", "Aggregate"),
        ("rename \"a b\" as c, d.* as e.*", "Rename"),
        ("table a b", "Keep"),
        ("fields - a*", "Drop"),
        ("rex field=a max_match=0 \"(?<b>x)\"", "Extract"),
        ("rex mode=sed field=a \"s/x/y/g\"", "Extend"),
        ("regex a!=\"x\"", "Filter"),
        ("lookup t k AS a OUTPUT v AS b", "Join"),
        ("bucket _time span=10m", "Extend"),
        ("append [search b=2]", "Append"),
        ("fillnull value=x a b", "Extend"),
        ("spath input=a output=b path=c{}.d", "Extend"),
        ("dedup 2 a b", "Filter Limit"),
        ("mvexpand a", "Expand"),
        ("makemv delim=\",\" a", "Extend"),
        ("sort 5 - a, +b", "Sort Limit"),
        ("head 3", "Limit"),
        ("top limit=3 a by b", "Aggregate Aggregate Extend Drop Sort Limit"),
        ("convert timeformat=\"%Y\" ctime(a) AS b", "Extend"),
        ("addtotals fieldname=s a, b", "Extend"),
        ("replace x* WITH y IN a", "Extend"),
        ("timechart span=1h count", "Aggregate"),
        ("outputlookup t", ""),
        ("spath", ""),
        ("transaction a maxspan=5m startswith=(b=1)", "Other"),
        ("foreach a* [eval b=b+'<<FIELD>>']", "Other"),
        ("iplocation a", "Other"),
        ("frobnicate a b=\"|\"", "Other"),
    ];
    for (command, stages) in cases {
        let meaning = compile(&format!("a=1 | {command}"));
        let kinds: Vec<_> = meaning.pipeline.stages[1..].iter().map(|stage| kind(&stage.kind)).collect();
        assert_eq!(kinds.join(" "), stages, "{command}");
        let told = meaning.diagnostics.iter().any(|diagnostic| diagnostic.code == codes::UNSUPPORTED_COMMAND);
        assert_eq!(told, stages.contains("Other") || stages.is_empty(), "{command}: {:?}", meaning.diagnostics);
    }
}

fn kind(stage: &StageKind) -> String {
    let text = format!("{stage:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

fn errors(query: &str) -> Vec<Diagnostic> {
    match spl::compile(query, &macros()) {
        Ok(meaning) => meaning.diagnostics.into_iter().filter(|found| found.level == Level::Refusal).collect(),
        Err(errors) => errors,
    }
}

#[test]
fn errors_stand_at_the_right_character() {
    let cases = [
        ("a=1 | where b=", "", "the query ends where an expression is expected"),
        ("a=1 b=) c=2", ")", "found `)` where a value is expected"),
        ("a=1 AND OR b=2", "OR", "found `OR` where a term is expected"),
        ("(a=1 OR b=2", "", "the query ends where `)` is expected"),
        ("a=1 | where x=\"abc", "\"", "the string has no end: a double quote is missing"),
        ("a=1 | where x=\u{60f}", "\u{60f}", "found `\u{60f}` where an expression is expected"),
        ("a=1 | eval x=nosuch(y)", "nosuch", "no such function: `nosuch`"),
        ("a=1 | eval x=len(y, z)", "len", "`len` takes 1 argument, and here are 2"),
        ("a=1 | stats cuont by x", "cuont", "no such aggregate function: `cuont`"),
        ("a=1 | rename b c", "c", "found `c` where `AS` is expected"),
        ("a=1 | b=2", "b", "`b` is no command"),
        ("a=1 | where x=`missing`", "`missing`", "no such macro: `missing`"),
        ("a=1 | `missing`", "`missing`", "no such macro: `missing`"),
        ("a=1 `sysmon", "`", "the macro call has no end: a backquote is missing"),
        ("a=1 `loop`", "`loop`", "the macro `loop` calls itself"),
        ("a=1 | where a==1 b==2", "b", "found `b` where `|` or the end of the query is expected"),
    ];
    for (query, at, message) in cases {
        let errors = errors(query);
        assert_eq!(errors.len(), 1, "{query}: {errors:?}");
        assert_eq!(errors[0].message, message, "{query}");
        assert_eq!(errors[0].span.unwrap_or_default().of(query), at, "{query}");
    }
}

#[test]
fn every_command_with_an_error_is_reported() {
    assert_eq!(errors("a=1 | where b= | eval c=nosuch(1) | rename x y | table z").len(), 2);
    let places: Vec<_> = errors("a= | rename b c | where )").iter().map(|error| error.span).collect();
    assert_eq!(places, [Some(Span::new(3, 4)), Some(Span::new(14, 15)), Some(Span::new(24, 25))]);
}

#[test]
fn hostile_queries_are_refused_in_time() {
    let deep = |open: &str, close: &str| format!("{}x=1{}", open.repeat(10_000), close.repeat(10_000));
    let mut hostile = Macros::default();
    hostile.define("a0", Vec::new(), "x=1 ".repeat(100));
    for level in 1..20 {
        hostile.define(&format!("a{level}"), Vec::new(), format!("`a{}`", level - 1).repeat(10));
    }
    let queries = [
        deep("(", ")"),
        deep("NOT ", ""),
        deep("[search ", "]"),
        format!("a=1 | where {}", deep("(", ")")),
        format!("a=1 | where {}", deep("not ", "")),
        format!("a=1 | where {}", deep("-", "")),
        format!("a=1 | eval y={}", deep("len(", ")")),
        format!("a=1 | where {}1", "1+".repeat(10_000)),
        format!("a=1 | where x{}", "=x".repeat(10_000)),
        "a=1 | head 1 ".repeat(10_000).replace("1 a=1", "1 "),
        "`a19`".to_owned(),
    ];
    for query in &queries {
        let errors = spl::compile(query, &hostile).expect_err(query);
        assert!(errors.iter().any(|error| error.code == codes::TOO_LARGE), "{:?}", &errors[0]);
    }
    // Long but flat is no offence.
    assert!(spl::compile(&"x=1 ".repeat(50_000), &hostile).is_ok());
    assert!(spl::compile(&format!("x IN ({})", "a*, ".repeat(50_000)), &hostile).is_ok());
}
