//! Event classes: what kinds of events there are, whoever records them.
//!
//! A class is concrete (`sysmon.1`, `zeek.dns`) or stands for others: a channel or data set for the events in it (`security`
//! for `security.4688`), an activity for every record of it (`process.creation` for `sysmon.1` and `security.4688`).
//! So a class has two parents at most: where its events are recorded, and what they tell. A rule that names a log source
//! gets the class of that source, and what else it demands of event code, data set or category leads from there to the
//! classes below ([`refine`]). The table is `data/event_classes.csv`; a class has the attributes of its parent where it
//! gives none itself.

use crate::stream::wildcard_matches;
use rustc_hash::FxHashMap;
use std::{fmt, sync::LazyLock};

include!(concat!(env!("OUT_DIR"), "/classes.rs"));

/// A kind of events.
pub struct EventClass {
    /// `sysmon.1`, `zeek.dns`, `process.creation`
    pub id: &'static str,
    /// `Sysmon 1: process creation`
    pub name: &'static str,
    /// `endpoint`, `network`, `cloud`, `identity`, `application`, `web`, `email`; empty where that differs below the class.
    pub domain: &'static str,
    /// `windows`, `linux`, `macos`, `aws`, ...; empty where the class is of none or several.
    pub platform: &'static str,
    /// Names of Windows providers.
    pub provider: &'static [&'static str],
    /// Names of Windows channels.
    pub channel: &'static [&'static str],
    /// Values of `event.code`.
    pub code: &'static [&'static str],
    /// Values of `data_stream.dataset` and `event.dataset`.
    pub dataset: &'static [&'static str],
    pub category: &'static [&'static str],
    pub kind: &'static [&'static str],
    pub action: &'static [&'static str],
    at: u16,
    parent: Option<u16>,
    activity: Option<u16>,
    /// A bit for each attribute that the class has of its own, in the order of [`Attribute`].
    own: u8,
}

impl PartialEq for EventClass {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for EventClass {}

impl fmt::Debug for EventClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl EventClass {
    /// The class of the channel or data set that the events are recorded in.
    pub fn parent(&self) -> Option<&'static EventClass> {
        at(self.parent?)
    }

    /// The class of all events that tell of the same activity.
    pub fn activity(&self) -> Option<&'static EventClass> {
        at(self.activity?)
    }

    /// Whether every event of the class `other` is also one of this class.
    pub fn covers(&self, other: &EventClass) -> bool {
        TREE.ancestors.get(usize::from(other.at)).is_some_and(|above| above.contains(&self.at))
    }

    /// How many classes stand above this one; the deeper, the more special.
    pub(crate) fn depth(&self) -> usize {
        TREE.ancestors.get(usize::from(self.at)).map_or(0, Vec::len)
    }

    fn values(&self, attribute: Attribute) -> &'static [&'static str] {
        match attribute {
            Attribute::Provider => self.provider,
            Attribute::Channel => self.channel,
            Attribute::Code => self.code,
            Attribute::Dataset => self.dataset,
            Attribute::Category => self.category,
            Attribute::Kind => self.kind,
            Attribute::Action => self.action,
        }
    }
}

/// What classes are told apart by. The build numbers the bits of [`EventClass::own`] in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attribute {
    Provider,
    Channel,
    Code,
    Dataset,
    Category,
    Kind,
    Action,
}

impl Attribute {
    /// The attribute that a canonical field holds.
    fn of_field(name: &str) -> Option<Attribute> {
        Some(match name {
            "event.provider" | "winlog.provider_name" => Attribute::Provider,
            "winlog.channel" => Attribute::Channel,
            "event.code" | "winlog.event_id" => Attribute::Code,
            "event.dataset" | "data_stream.dataset" => Attribute::Dataset,
            "event.category" => Attribute::Category,
            "event.type" => Attribute::Kind,
            "event.action" => Attribute::Action,
            _ => return None,
        })
    }
}

/// All event classes, parents before their children.
pub fn classes() -> impl ExactSizeIterator<Item = &'static EventClass> {
    CLASSES.iter()
}

/// The class with exactly this id.
pub fn class(id: &str) -> Option<&'static EventClass> {
    TREE.by_id.get(id).and_then(|index| at(*index))
}

fn at(index: u16) -> Option<&'static EventClass> {
    CLASSES.get(usize::from(index))
}

struct Tree {
    by_id: FxHashMap<&'static str, u16>,
    /// For each class the classes directly below it, by place or by activity.
    below: Vec<Vec<u16>>,
    /// For each class itself and every class above it.
    ancestors: Vec<Vec<u16>>,
}

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    let mut below = vec![Vec::new(); CLASSES.len()];
    let mut ancestors: Vec<Vec<u16>> = Vec::with_capacity(CLASSES.len());
    for class in CLASSES {
        let mut above = vec![class.at];
        for parent in [class.parent, class.activity].into_iter().flatten() {
            // The build has seen to it that parents come first.
            if let Some(known) = ancestors.get(usize::from(parent)) {
                above.extend(known);
            }
            if let Some(siblings) = below.get_mut(usize::from(parent)) {
                siblings.push(class.at);
            }
        }
        ancestors.push(above);
    }
    Tree { by_id: CLASSES.iter().map(|class| (class.id, class.at)).collect(), below, ancestors }
});

/// A demand on an event: the canonical field holds one of the values. Case does not count; `*` stands for anything.
pub type Condition<'a> = (&'a str, &'a [&'a str]);

/// The most special classes among and below `classes` whose events can meet the conditions.
///
/// Conditions on fields that tell no classes apart are ignored. A class leads to those below it that a condition names;
/// where none does, the class stays, and also where a category alone names more than a few: that a rule wants `iam` events
/// of the Windows event log says little of the sixty that are. A class that contradicts a condition goes, unless nothing would be left. Of what
/// is left, a class goes that covers another.
pub fn refine(classes: &[&'static EventClass], conditions: &[Condition]) -> Vec<&'static EventClass> {
    let conditions: Vec<(Attribute, &[&str])> = conditions
        .iter()
        .filter_map(|(field, values)| Attribute::of_field(field).map(|attribute| (attribute, *values)))
        .collect();
    let mut found = Vec::new();
    for class in classes {
        let before = found.len();
        descend(class, &conditions, &mut found);
        if found.len() == before && judge(class, &conditions) != Verdict::Contradicts {
            found.push(class);
        }
    }
    if found.is_empty() {
        found.extend_from_slice(classes);
    }
    most_special(found)
}

/// The classes without repetition, and without those that cover another.
pub fn most_special(mut classes: Vec<&'static EventClass>) -> Vec<&'static EventClass> {
    classes.sort_by_key(|class| class.at);
    classes.dedup();
    let covers_another = |class: &EventClass| classes.iter().any(|other| *other != class && class.covers(other));
    classes.iter().copied().filter(|class| !covers_another(class)).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// A condition names what this class, and not already the one above it, is known by.
    Named,
    Possible,
    Contradicts,
}

fn judge(class: &EventClass, conditions: &[(Attribute, &[&str])]) -> Verdict {
    let mut verdict = Verdict::Possible;
    for (attribute, wanted) in conditions {
        let values = class.values(*attribute);
        if values.is_empty() {
            continue;
        }
        if !values.iter().any(|value| wanted.iter().any(|wanted| glob(wanted, value))) {
            return Verdict::Contradicts;
        }
        if class.own & (1 << *attribute as u8) != 0 {
            verdict = Verdict::Named;
        }
    }
    verdict
}

/// Adds the named classes below `class`, and of each the most special ones.
fn descend(class: &'static EventClass, conditions: &[(Attribute, &[&str])], found: &mut Vec<&'static EventClass>) {
    let below = TREE.below.get(usize::from(class.at)).into_iter().flatten();
    let (start, mut vaguely_named) = (found.len(), 0);
    for child in below.filter_map(|index| at(*index)) {
        let verdict = judge(child, conditions);
        if verdict == Verdict::Contradicts {
            continue;
        }
        let before = found.len();
        descend(child, conditions, found);
        if found.len() == before && verdict == Verdict::Named {
            found.push(child);
            vaguely_named += usize::from(is_vague(child, conditions));
        }
    }
    if vaguely_named > FEW {
        found.truncate(start);
        found.push(class);
    }
}

/// How many classes below one a category may name.
const FEW: usize = 12;

/// Whether nothing but category and type names the class.
fn is_vague(class: &EventClass, conditions: &[(Attribute, &[&str])]) -> bool {
    let names = |attribute: &Attribute| !matches!(attribute, Attribute::Category | Attribute::Kind);
    let named_by =
        |attribute: Attribute| class.own & (1 << attribute as u8) != 0 && !class.values(attribute).is_empty();
    !conditions.iter().any(|(attribute, _)| names(attribute) && named_by(*attribute))
}

/// Whether the pattern, in which `*` stands for any characters, matches the whole text. Case does not count.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    if pattern.contains('*') {
        wildcard_matches(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
    } else {
        pattern.eq_ignore_ascii_case(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(classes: &[&EventClass]) -> Vec<&'static str> {
        classes.iter().map(|class| class.id).collect()
    }

    fn refined(from: &str, conditions: &[Condition]) -> Vec<&'static str> {
        let classes: Vec<_> = from.split(' ').map(|id| class(id).unwrap()).collect();
        ids(&refine(&classes, conditions))
    }

    #[test]
    fn a_class_has_what_stands_above_it() {
        let creation = class("sysmon.1").unwrap();
        assert_eq!(creation.channel, ["Microsoft-Windows-Sysmon/Operational"]);
        assert_eq!((creation.platform, creation.domain), ("windows", "endpoint"));
        assert_eq!((creation.category, creation.kind), (&["process"][..], &["start"][..]));
        assert_eq!(creation.parent().map(|class| class.id), Some("sysmon"));
        assert_eq!(creation.activity().map(|class| class.id), Some("process.creation"));
        for above in ["sysmon.1", "sysmon", "windows", "process.creation"] {
            assert!(class(above).unwrap().covers(creation), "{above}");
        }
        assert!(!creation.covers(class("sysmon").unwrap()));
        assert!(!class("security").unwrap().covers(creation));
    }

    #[test]
    fn conditions_lead_to_the_classes_they_name() {
        for (from, conditions, to) in [
            ("security", &[("event.code", &["4688"][..])][..], &["security.4688"][..]),
            ("security", &[("event.code", &["4728", "4732"])], &["security.4728", "security.4732"]),
            ("security", &[("event.code", &["9999"])], &["security"]),
            ("security", &[("process.name", &["x"])], &["security"]),
            ("windows", &[("event.code", &["4688"])], &["security.4688"]),
            ("windows", &[("data_stream.dataset", &["system.security"])], &["security"]),
            ("windows", &[("winlog.channel", &["security"]), ("event.code", &["1102"])], &["security.1102"]),
            (
                "windows",
                &[("event.category", &["process"]), ("event.type", &["start"])],
                &["sysmon.1", "security.4688"],
            ),
            ("security", &[("event.category", &["iam"])], &["security"]),
            ("zeek", &[("event.category", &["network"])], &["zeek"]),
            ("endpoint.process", &[("event.type", &["start"])], &["endpoint.process.start"]),
            ("endpoint.process endpoint.file", &[("event.category", &["file"])], &["endpoint.file"]),
            ("endpoint.process", &[("event.category", &["registry"])], &["endpoint.process"]),
            ("aws.cloudtrail", &[("event.provider", &["iam.amazonaws.com"])], &["aws.cloudtrail"]),
            ("windows security", &[], &["security"]),
        ] {
            assert_eq!(refined(from, conditions), to, "{from} {conditions:?}");
        }
    }
}
