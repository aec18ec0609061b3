//! Tactics and techniques of MITRE ATT&CK and, for attacks on machine learning, MITRE ATLAS.
//!
//! Rules of several years name techniques of several versions: what was revoked stays in the table and leads to what took
//! its place, so that rules filed under `T1562.001` and under `T1685` meet in one row. The tables are
//! `data/attack_tactics.csv`, in the order of the matrix, and `data/attack_techniques.csv`, in the order of the ids.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/attack.rs"));

/// A column of the matrix.
#[derive(Debug, PartialEq, Eq)]
pub struct Tactic {
    /// `TA0011`; those of ATLAS begin with `AML.`.
    pub id: &'static str,
    /// `command-and-control`; outside the enterprise matrix with the matrix before it: `mobile-impact`, `atlas-impact`.
    pub shortname: &'static str,
    /// `Command and Control`
    pub name: &'static str,
    /// The shortname before the tactic was renamed.
    pub former: Option<&'static str>,
}

/// A technique or sub-technique.
#[derive(Debug, PartialEq, Eq)]
pub struct Technique {
    /// `T1071.004`; those of ATLAS begin with `AML.`.
    pub id: &'static str,
    /// Without the name of the parent technique: `DNS`.
    pub name: &'static str,
    /// Shortnames, in the order of the matrix; none where the technique is no longer current.
    pub tactics: &'static [&'static str],
    /// As MITRE spells them; none where the technique is no longer current, and in ATLAS.
    pub platforms: &'static [&'static str],
    pub status: Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Current,
    /// Given up, without a successor.
    Deprecated,
    /// Revoked in favour of the technique with this id, which may itself have been revoked since.
    Replaced(&'static str),
}

impl Technique {
    /// The technique that this one is a part of, if it is a sub-technique.
    pub fn parent(&self) -> Option<&'static Technique> {
        technique(self.id.rsplit_once('.')?.0)
    }

    pub fn is_current(&self) -> bool {
        self.status == Status::Current
    }

    /// The technique that is current in its place; itself where it is current or has no successor.
    pub fn current(&'static self) -> &'static Technique {
        let mut technique = self;
        // A longer chain would be a mistake in the table, and a circle must not hang.
        for _ in 0..8 {
            let Status::Replaced(id) = technique.status else { break };
            technique = self::technique(id).unwrap_or(technique);
        }
        technique
    }
}

/// All tactics, in the order of the enterprise, the mobile and the ATLAS matrix.
pub fn tactics() -> impl ExactSizeIterator<Item = &'static Tactic> {
    TACTICS.iter()
}

/// All techniques, also revoked and deprecated ones, in the order of their ids.
pub fn techniques() -> impl ExactSizeIterator<Item = &'static Technique> {
    TECHNIQUES.iter()
}

static TECHNIQUES_BY_ID: LazyLock<FxHashMap<&'static str, &'static Technique>> =
    LazyLock::new(|| TECHNIQUES.iter().map(|technique| (technique.id, technique)).collect());

/// By id, shortname, former shortname; keys in small letters.
static TACTICS_BY_NAME: LazyLock<FxHashMap<String, &'static Tactic>> = LazyLock::new(|| {
    let names = |tactic: &'static Tactic| [Some(tactic.id), Some(tactic.shortname), tactic.former];
    TACTICS.iter().flat_map(|tactic| names(tactic).into_iter().flatten().map(move |name| (key(name), tactic))).collect()
});

/// The technique with this id, in letters of any case: `T1071.004`, `t1071.004`.
pub fn technique(id: &str) -> Option<&'static Technique> {
    TECHNIQUES_BY_ID.get(id).or_else(|| TECHNIQUES_BY_ID.get(id.to_ascii_uppercase().as_str())).copied()
}

/// The tactic with this id or name, as any vendor spells it: `TA0011`, `command-and-control`, `command_and_control`,
/// `Command and Control`, and former names such as `defense-evasion`.
pub fn tactic(name: &str) -> Option<&'static Tactic> {
    TACTICS_BY_NAME.get(key(name).as_str()).copied()
}

fn key(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack_rows;

    #[test]
    fn techniques_are_found_by_id() {
        let dns = technique("t1071.004").unwrap();
        assert_eq!((dns.name, dns.tactics, dns.status), ("DNS", &["command-and-control"][..], Status::Current));
        assert_eq!(dns.parent().map(|parent| parent.name), Some("Application Layer Protocol"));
        assert!(dns.platforms.contains(&"Windows"));
        assert_eq!(technique("AML.T0051").map(|technique| technique.name), Some("LLM Prompt Injection"));
        for absent in ["", "T9999", "T1071.", "T1071.099"] {
            assert_eq!(technique(absent), None, "{absent}");
        }
    }

    #[test]
    fn revoked_techniques_lead_to_what_is_current() {
        for (id, current) in [
            ("T1071", "T1071"),
            ("T1562.001", "T1685"),
            ("T1070.001", "T1685.005"),
            ("T1073", "T1574.001"),
            ("T1175", "T1175"),
            ("T1086", "T1059.001"),
        ] {
            assert_eq!(technique(id).map(|technique| technique.current().id), Some(current), "{id}");
        }
        for technique in techniques() {
            assert!(!matches!(technique.current().status, Status::Replaced(_)), "{}", technique.id);
        }
    }

    #[test]
    fn tactics_are_found_as_any_vendor_spells_them() {
        for (name, id) in [
            ("TA0011", "TA0011"),
            ("ta0011", "TA0011"),
            ("command-and-control", "TA0011"),
            ("command_and_control", "TA0011"),
            ("Command and Control", "TA0011"),
            ("defense-evasion", "TA0005"),
            ("stealth", "TA0005"),
            ("defense-impairment", "TA0112"),
        ] {
            assert_eq!(tactic(name).map(|tactic| tactic.id), Some(id), "{name}");
        }
        assert_eq!(tactic("c2"), None);
    }

    #[test]
    fn the_tables_hold_every_row_of_their_files() {
        let rows = attack_rows::tactics("", include_str!("../data/attack_tactics.csv")).unwrap();
        assert_eq!(rows.len(), tactics().len());
        for (row, tactic) in rows.iter().zip(tactics()) {
            let row = (row.id, row.shortname, row.name, row.former);
            assert_eq!(row, (tactic.id, tactic.shortname, tactic.name, tactic.former));
        }
        let rows = attack_rows::techniques("", include_str!("../data/attack_techniques.csv"), &rows).unwrap();
        assert_eq!(rows.len(), techniques().len());
        for (row, technique) in rows.iter().zip(techniques()) {
            assert_eq!(
                (row.id, row.name, row.status == "current"),
                (technique.id, technique.name, technique.is_current())
            );
            assert_eq!((&row.tactics[..], &row.platforms[..]), (technique.tactics, technique.platforms));
        }
    }

    #[test]
    fn a_malformed_row_is_an_error_with_its_line() {
        let tactics_text = "id,shortname,name,former,source\nTA1,a,A,-,s\n";
        let tactics = attack_rows::tactics("f", tactics_text).unwrap();
        let twice = attack_rows::tactics("f", "id,shortname,name,former,source\nTA1,a,A,-,s\nTA2,a,B,-,s\n");
        assert_eq!(twice.err().as_deref(), Some("f:3: \"a\" is a duplicate"));
        for (row, message) in [
            ("T2,X,b,-,current,s", "f:2: no such tactic: \"b\""),
            ("T2,X,a,-,T3,s", "f: T2: no such status or technique: \"T3\""),
            ("T2,X,a,-,current", "f:2: 6 columns expected, 5 found"),
        ] {
            let text = format!("id,name,tactics,platforms,status,source\n{row}\n");
            assert_eq!(attack_rows::techniques("f", &text, &tactics).err().as_deref(), Some(message), "{row}");
        }
    }
}
