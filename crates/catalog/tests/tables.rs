//! Tables over a handful of rules, each written as vendor, id, technique and condition.

use catalog::{Corpus, Polarity, RuleFacts, Selection, TechniquePage, tables};
use ir::{Body, Rule, Status, Technique, Vendor};
use lang::esql::{self, Params};
use schema::Mappings;

/// The rules of a table, one a line: `vendor id technique condition`; ids of deprecated rules end in `-old`.
fn corpus(lines: &str, selection: &Selection) -> Corpus {
    Corpus::new(lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(rule).collect(), selection)
}

fn rule(line: &str) -> RuleFacts {
    let mut words = line.splitn(4, ' ');
    let mut next = || words.next().unwrap_or_else(|| panic!("{line}"));
    let (vendor, id, technique) = (next(), next(), next());
    let query = format!("FROM logs-* | WHERE {}", next());
    let pipeline = esql::compile(&query, &Params::none()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    let vendor: Vendor = vendor.parse().unwrap_or_else(|error| panic!("{error}"));
    let rule = Rule {
        status: if id.ends_with("-old") { Status::Deprecated } else { Status::Production },
        techniques: vec![Technique { id: technique.into(), name: String::new(), tactics: Vec::new() }],
        body: Some(Body::Pipeline(pipeline)),
        ..Rule::unread(vendor, "esql", id)
    };
    RuleFacts::new(rule, id.into(), &[&query], Mappings::built_in())
}

const RULES: &str = r#"
    elastic e1 T1059.001 process.name == "powershell.exe" AND process.args IN ("-enc", "-e") AND NOT user.name == "SYSTEM"
    elastic e2 T1059.001 process.name == "PowerShell.exe" OR process.name == "powershell.exe"
    elastic e3 T1059 process.name LIKE "*\\pwsh.exe" AND user.name != "system"
    sigma s1 T1086 process.name == "powershell.exe" AND process.args == "-enc" AND ends_with(process.executable, "x")
    sigma s2 T1003 process.name == "powershell.exe" AND user.name IS NOT NULL
    sigma s3-old T1059.001 process.name == "powershell.exe"
"#;

fn rows(rows: &[tables::IndicatorRow]) -> Vec<String> {
    let row = |row: &tables::IndicatorRow| {
        let reach = if row.is_specific() { "specific" } else { "common" };
        format!("{} {} {} {}/{} {reach}", row.field, row.op.name(), row.value, row.rules, row.corpus)
    };
    rows.iter().map(row).collect()
}

#[test]
fn a_rule_counts_once_in_a_row() {
    let corpus = corpus(RULES, &Selection::default());
    let page = TechniquePage::new(&corpus, "T1059", &Selection::default());
    assert_eq!(page.rules.iter().map(|facts| facts.rule.id.as_str()).collect::<Vec<_>>(), ["e1", "e2", "e3", "s1"]);
    assert_eq!(page.vendors.into_iter().collect::<Vec<_>>(), [(Vendor::Sigma, 1), (Vendor::Elastic, 3)]);
    let fields: Vec<_> = page.fields.iter().map(|row| (row.field.as_str(), row.rules)).collect();
    assert_eq!(fields, [("process.name", 4), ("process.args", 2), ("user.name", 2), ("process.executable", 1)]);
    assert_eq!(
        rows(&page.indicators),
        [
            "process.name eq powershell.exe 3/4 specific",
            "process.args eq -enc 2/2 specific",
            "process.args eq -e 1/1 specific",
            "process.executable ends_with x 1/1 specific",
            r"process.name wildcard *\pwsh.exe 1/1 specific",
        ]
    );
    assert_eq!(rows(&page.exclusions), ["user.name eq SYSTEM 2/2 specific"]);
}

#[test]
fn lists_show_as_such_among_the_operators() {
    let corpus = corpus(RULES, &Selection::default());
    let rules: Vec<_> = corpus.rules().iter().collect();
    let args = tables::fields(&rules).into_iter().find(|row| row.field == "process.args");
    let ops: Vec<_> = args.iter().flat_map(|row| &row.ops).map(|(op, rules)| (op.name(), *rules)).collect();
    assert_eq!(ops, [("eq", 1), ("in", 1)]);
}

#[test]
fn retired_rules_count_where_they_are_asked_for() {
    let with_deprecated = Selection { deprecated: true, ..Selection::default() };
    let corpus = corpus(RULES, &with_deprecated);
    let page = TechniquePage::new(&corpus, "T1059.001", &with_deprecated);
    assert_eq!(rows(&page.indicators)[0], "process.name eq powershell.exe 4/5 specific");
}

#[test]
fn common_values_reach_beyond_the_technique() {
    let corpus = corpus(RULES, &Selection::default());
    let page = TechniquePage::new(&corpus, "T1003", &Selection::default());
    assert_eq!(rows(&page.indicators), ["process.name eq powershell.exe 1/4 common"]);
}

#[test]
fn vendors_are_compared() {
    let lines = r#"
        elastic e1 T1 a LIKE "*x" AND b == "1" AND c == "2" AND NOT d == "quiet"
        splunk p1 T1 ends_with(a, "X") AND b == "1" AND c == "2"
        sigma s1 T2 NOT a == "noise"
        sigma s2 T2 NOT a == "noise"
        splunk p2 T2 NOT a == "noise"
    "#;
    let corpus = corpus(lines, &Selection::default());
    let comparison = TechniquePage::new(&corpus, "T1", &Selection::default()).comparison;
    let shared: Vec<_> = comparison.shared_values.iter().map(|(indicator, _)| indicator.value.as_str()).collect();
    assert_eq!(shared, ["x", "1", "2"]);
    assert_eq!(comparison.near_duplicates.len(), 1);
    assert_eq!(comparison.near_duplicates[0].rules, ["e1", "p1"]);
    let uneven = &comparison.uneven_exclusions[0];
    assert_eq!((uneven.exclusion.value.as_str(), uneven.not_by.contains(&Vendor::Splunk)), ("quiet", true));
    let unexcluded: Vec<_> = comparison.unexcluded.iter().map(|row| (row.field.as_str(), row.noise[0].1)).collect();
    assert_eq!(unexcluded, [("a", 3)]);
    assert_eq!(corpus.reach(&comparison.unexcluded[0].noise[0].0, Polarity::Exclude), 3);
}
