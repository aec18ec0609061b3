//! Facts of Splunk's searches: what is a test of an event's field, and what tests reference data or what a rule computes.

use catalog::RuleFacts;
use ir::{Body, Rule, Vendor};
use lang::spl;
use schema::mapping::Mappings;

fn facts(query: &str) -> Vec<String> {
    let meaning = spl::compile(query, &spl::Macros::default()).expect(query);
    let mut rule = Rule::unread(Vendor::Splunk, "spl", "test");
    rule.log_sources = meaning.log_sources;
    rule.body = Some(Body::Pipeline(meaning.pipeline));
    let facts = RuleFacts::new(rule, "test".into(), &[query], Mappings::built_in());
    facts.predicates.iter().map(|found| format!("{} {}", found.vendor_field, found.op.name())).collect()
}

#[test]
fn only_tests_of_events_are_facts() {
    let model = "| tstats count from datamodel=Network_Resolution where DNS.query=*.top by DNS.src DNS.query";
    let cases = [
        (
            "| `drop_dm_object_name(DNS)` | search query!=a src=10.*",
            vec!["DNS.query wildcard", "DNS.query ne", "DNS.src wildcard"],
        ),
        // Columns of a lookup table, and of a command whose columns nobody knows.
        ("| lookup ranks domain AS DNS.query OUTPUT rank | where isnull(rank)", vec!["DNS.query wildcard"]),
        ("| apply model | rename \"IsOutlier(x)\" as outlier | search outlier>0", vec!["DNS.query wildcard"]),
        ("| eval n=mvfind('DNS.src', 'DNS.query') | where isnull(n) | where count>5", vec!["DNS.query wildcard"]),
        // What is cut out of a field is about that field.
        ("| rex field=DNS.query \"(?<tld>\\w+)$\" | search tld=top", vec!["DNS.query wildcard", "DNS.query eq"]),
        // Columns of other events.
        (
            "| join DNS.src [search sourcetype=x a=1 | table DNS.src b] | search b=2",
            vec!["DNS.query wildcard", "sourcetype eq", "a eq", "b eq"],
        ),
    ];
    for (rest, expected) in cases {
        assert_eq!(facts(&format!("{model} {rest}")), expected, "{rest}");
    }
}
