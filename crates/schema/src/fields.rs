//! The canonical fields: what an event may hold, by name.
//!
//! The list is `data/fields.csv`, where a row is a field; the build turns it into a table and fails on a malformed row.
//! A field that is not in the list is not an error here: logs carry more than any schema knows, so the reader of an
//! event decides what to do with it, and a rule that asks for it gets the nearest name as a hint.

use crate::{Field, Type};
use rustc_hash::FxHashMap;
use std::{borrow::Cow, sync::LazyLock};

include!(concat!(env!("OUT_DIR"), "/fields.rs"));

/// By name. The keys are our own, so a hash that resists crafted keys would buy nothing.
static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Field>> =
    LazyLock::new(|| FIELDS.iter().map(|field| (field.name.as_ref(), field)).collect());

/// The canonical field of exactly this name (names are case-sensitive, as in Elasticsearch).
pub fn field(name: &str) -> Option<&'static Field> {
    BY_NAME.get(name).copied()
}

/// Whether a name is one that events may have: that of a canonical field, or below the namespace of one of Elastic's
/// integrations (`data/namespaces.csv`), whose fields are not all listed: `winlog.event_data.ServiceName`.
pub fn is_canonical(name: &str) -> bool {
    let namespace = |(at, _)| name.get(..at).is_some_and(|path| NAMESPACES.binary_search(&path).is_ok());
    field(name).is_some() || name.match_indices('.').any(namespace)
}

/// Whether the names of canonical fields begin with this path.
pub(crate) fn has_fields_below(path: &str) -> bool {
    let below = |field: &Field| field.name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    let from = FIELDS.partition_point(|field| field.name.as_ref() < path);
    FIELDS.get(from..).is_some_and(|fields| fields.iter().take_while(|field| field.name.starts_with(path)).any(below))
}

/// All canonical fields in the order of their names.
pub fn fields() -> impl ExactSizeIterator<Item = &'static Field> {
    FIELDS.iter()
}

/// The canonical field whose name is nearest to one that is not in the list, for a hint; none where nothing is near.
///
/// Near means: the same but for case, the end of exactly one name (`question.name` for `dns.question.name`), or at most
/// one edit in four characters and four in all. Of equally near names the first in order is taken.
pub fn similar_field(name: &str) -> Option<&'static str> {
    // Edit distance takes time with the product of the lengths, and no field name is near a longer one.
    if name.is_empty() || name.len() > 128 {
        return None;
    }
    let names = || FIELDS.iter().map(|field| field.name.as_ref());
    names()
        .find(|known| known.eq_ignore_ascii_case(name))
        .or_else(|| only_ending(names(), name))
        .or_else(|| nearest(names(), name))
}

/// The one name that ends in all parts of `name`, if there is exactly one.
fn only_ending(names: impl Iterator<Item = &'static str>, name: &str) -> Option<&'static str> {
    let mut found = names.filter(|known| known.strip_suffix(name).is_some_and(|head| head.ends_with('.')));
    found.next().filter(|_| found.next().is_none())
}

fn nearest(names: impl Iterator<Item = &'static str>, name: &str) -> Option<&'static str> {
    let length = name.chars().count();
    let most = (length / 4).min(4);
    let lower = name.to_ascii_lowercase();
    names
        .filter(|known| known.len().abs_diff(length) <= most)
        .map(|known| (strsim::osa_distance(known, &lower), known))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_under_its_name() {
        for known in fields() {
            assert_eq!(field(&known.name), Some(known));
        }
        assert_eq!(field("dns.question.nam"), None);
        assert_eq!(field(""), None);
    }

    #[test]
    fn types_are_those_of_the_common_schema() {
        for (name, ty, many) in [
            ("@timestamp", Type::Date, false),
            ("source.ip", Type::Ip, false),
            ("source.port", Type::Long, false),
            ("event.category", Type::Keyword, true),
            ("event.duration", Type::Long, false),
            ("message", Type::Text, false),
            ("dns.id", Type::Keyword, false),
            ("dns.answers.data", Type::Keyword, true),
            ("dns.answers.ttl", Type::Long, true),
            ("dns.resolved_ip", Type::Ip, true),
            ("dns.flags.authoritative", Type::Boolean, false),
            ("dns.question.etld_plus_one", Type::Keyword, false),
            ("email.attachments.file.name", Type::Keyword, true),
            ("host.cpu.usage", Type::Double, false),
            ("process.command_line", Type::Keyword, false),
            ("process.command_line.text", Type::Text, false),
        ] {
            assert_eq!(field(name), Some(&Field { name: name.into(), ty, many }), "{name}");
        }
    }

    #[test]
    fn no_field_is_also_the_parent_of_another() {
        for known in fields() {
            let parents = known.name.match_indices('.').filter_map(|(at, _)| field(&known.name[..at]));
            for parent in parents {
                let variant = known.ty.is_string() && parent.ty.is_string();
                assert!(variant, "{} is below {}, which holds values", known.name, parent.name);
            }
        }
    }

    #[test]
    fn a_near_name_is_suggested() {
        for (name, similar) in [
            ("dns.question.nam", Some("dns.question.name")),
            ("dns.qeustion.name", Some("dns.question.name")),
            ("DNS.Question.Name", Some("dns.question.name")),
            ("question.name", Some("dns.question.name")),
            ("souce.ip", Some("source.ip")),
            ("event.catagory", Some("event.category")),
            ("ip", None),
            ("wholly.unlike.any.field.there.is", None),
            ("", None),
        ] {
            assert_eq!(similar_field(name), similar, "{name}");
        }
        assert_eq!(similar_field(&"a".repeat(1 << 20)), None);
    }
}
