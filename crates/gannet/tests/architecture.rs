//! Which crate may depend on which, held over `cargo metadata`: the map of ARCHITECTURE.md, where a line only points
//! down. Dependencies of tests alone are free: a test may look sideways.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    process::Command,
};

/// Every crate of the workspace and the ones of ours it may use.
const MAP: [(&str, &[&str]); 9] = [
    ("ir", &[]),
    ("schema", &[]),
    ("lang", &["ir", "schema"]),
    ("catalog", &["ir", "schema"]),
    ("ingest", &["schema"]),
    ("engine", &["ir", "schema", "ingest"]),
    ("gannet", &["ir", "schema", "lang", "catalog", "ingest", "engine"]),
    // Not published: the external suites, and the traffic that tests and races run on.
    ("conformance", &["ir", "schema", "lang", "ingest", "engine"]),
    ("traffic", &["schema"]),
];

/// The crates of the language work, whose edit-test loop stays in seconds because they do without columns and plans.
const LIGHT: [&str; 4] = ["ir", "schema", "lang", "catalog"];
const HEAVY: [&str; 4] = ["arrow", "datafusion", "parquet", "tokio"];

#[test]
fn dependencies_point_down_the_map() {
    let graph = Graph::read();
    let map = BTreeMap::from(MAP);
    for member in &graph.members {
        let Some(allowed) = map.get(member.as_str()) else {
            panic!("`{member}` is not in the map of crates: say in MAP and in ARCHITECTURE.md what it may use");
        };
        for used in graph.uses(member).filter(|used| graph.members.contains(*used)) {
            assert!(allowed.contains(&used), "`{member}` may not use `{used}`");
        }
    }
}

#[test]
fn the_light_crates_stay_light() {
    let graph = Graph::read();
    for light in LIGHT {
        for used in graph.closure(light) {
            let heavy = HEAVY.iter().any(|heavy| used == *heavy || used.starts_with(&format!("{heavy}-")));
            assert!(!heavy, "`{light}` uses `{used}`");
        }
    }
    // The same question where the answer is known, so that the test above cannot pass by finding nothing.
    assert!(graph.closure("engine").contains("datafusion"));
}

/// The packages of the build by name, each with what it uses outside its tests.
struct Graph {
    members: BTreeSet<String>,
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn read() -> Graph {
        let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
        let run = Command::new(cargo)
            .args(["metadata", "--format-version=1", "--locked", "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .output()
            .expect("cargo runs");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let metadata: Value = serde_json::from_slice(&run.stdout).expect("cargo prints JSON");

        let names: BTreeMap<&str, &str> =
            list(&metadata["packages"]).map(|package| (text(&package["id"]), text(&package["name"]))).collect();
        let members = list(&metadata["workspace_members"]).map(|id| names[text(id)].to_owned()).collect();
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let used = list(&node["deps"])
                .filter(|dependency| list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev"))
                .map(|dependency| names[text(&dependency["pkg"])].to_owned());
            // Two versions of a package count as one.
            uses.entry(names[text(&node["id"])].to_owned()).or_default().extend(used);
        }
        Graph { members, uses }
    }

    fn uses(&self, package: &str) -> impl Iterator<Item = &str> {
        self.uses.get(package).into_iter().flatten().map(String::as_str)
    }

    /// All that a package uses, directly or not.
    fn closure<'a>(&'a self, package: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open = vec![package];
        while let Some(package) = open.pop() {
            open.extend(self.uses(package).filter(|used| found.insert(*used)));
        }
        found
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}
