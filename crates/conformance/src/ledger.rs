//! What became of each case.

/// The number of cases of each suite that must pass.
const FLOORS: &str = include_str!("../floor.toml");

/// The result of one case.
#[derive(Debug)]
pub enum Outcome {
    Passed,
    Failed(String),
    /// Not run, and why.
    Skipped(String),
}

#[derive(Debug, Default)]
pub struct Ledger {
    cases: Vec<(String, Outcome)>,
}

impl Ledger {
    pub fn add(&mut self, case: String, outcome: Outcome) {
        self.cases.push((case, outcome));
    }

    fn count(&self, is: fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|(_, outcome)| is(outcome)).count()
    }

    fn passed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Passed))
    }

    fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// Prints failures, or with `list` every case, and the totals as the last line.
    pub fn print(&self, list: bool) {
        for (case, outcome) in &self.cases {
            match outcome {
                Outcome::Passed if list => println!("PASS {case}"),
                Outcome::Skipped(reason) if list => println!("SKIP {case}: {reason}"),
                Outcome::Failed(reason) => println!("FAIL {case}: {reason}"),
                _ => {}
            }
        }
        let skipped = self.count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        println!("{} passed, {} failed, {skipped} skipped", self.passed(), self.failed());
    }

    /// Whether nothing failed, or as many cases passed as the suite's floor asks for.
    pub fn holds(&self, suite: &str) -> bool {
        let floors: toml::Table = FLOORS.parse().unwrap_or_default();
        let floor = floors.get(suite).and_then(toml::Value::as_integer).and_then(|floor| usize::try_from(floor).ok());
        self.failed() == 0 || floor.is_some_and(|floor| self.passed() >= floor)
    }
}
