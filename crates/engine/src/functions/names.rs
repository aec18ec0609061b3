//! From a name to its function: aliases, functions that are known and not supported, near names.

use super::{FAMILIES, Function, unsupported};
use ir::{Diagnostic, Span, codes};

/// Other names of functions.
const ALIASES: &[(&str, &str)] = &[
    ("auto_bucket", "bucket"),
    ("mv_contains_all", "mv_contains"),
    ("to_bool", "to_boolean"),
    ("to_datenanos", "to_date_nanos"),
    ("to_dbl", "to_double"),
    ("to_dt", "to_datetime"),
    ("to_int", "to_integer"),
    ("to_str", "to_string"),
    ("to_ul", "to_unsigned_long"),
    ("to_ulong", "to_unsigned_long"),
    ("to_ver", "to_version"),
];

/// The function of that name or alias, in any case.
pub fn find(name: &str) -> Option<&'static dyn Function> {
    let name = name.to_ascii_lowercase();
    let canonical = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name.as_str(), |(_, canonical)| canonical);
    FAMILIES.iter().flat_map(|family| family.iter()).copied().find(|function| function.doc().name == canonical)
}

/// Why there is no function of that name. `others` are names that are no scalar functions and may have been meant:
/// aggregates.
pub fn missing(name: &str, span: Span, others: &[&str]) -> Diagnostic {
    let lower = name.to_ascii_lowercase();
    if let Some(family) = unsupported::family(&lower) {
        let message = format!("function [{name}] is not supported: it is one of the {family} functions");
        return Diagnostic::refusal(codes::UNSUPPORTED_FUNCTION, message).at(span);
    }
    let refusal = Diagnostic::refusal(codes::UNKNOWN_FUNCTION, format!("Unknown function [{name}]")).at(span);
    match nearest(&lower, others) {
        Some(near) => refusal.hint(format!("a function with a similar name exists: {near}")),
        None => refusal,
    }
}

fn nearest(name: &str, others: &[&str]) -> Option<String> {
    let functions = FAMILIES.iter().flat_map(|family| family.iter()).map(|function| function.doc().name);
    let aliases = ALIASES.iter().map(|(alias, _)| *alias);
    let names = functions.chain(aliases).chain(others.iter().copied());
    let distances = names.map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate));
    distances
        .filter(|(distance, candidate)| *distance <= 2.min(candidate.len() / 2) || *distance <= candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_aliases_lead_somewhere() {
        let mut names: Vec<_> = FAMILIES.iter().flat_map(|family| family.iter()).map(|f| f.doc().name).collect();
        names.extend(ALIASES.iter().map(|(alias, _)| *alias));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for (alias, _) in ALIASES {
            assert!(find(alias).is_some(), "{alias}");
        }
    }

    #[test]
    fn no_supported_function_is_listed_as_unsupported() {
        for function in FAMILIES.iter().flat_map(|family| family.iter()) {
            assert_eq!(unsupported::family(function.doc().name), None, "{}", function.doc().name);
        }
    }

    #[test]
    fn a_missing_function_names_its_family_or_a_near_name() {
        let found = |name| missing(name, Span::default(), &["count_distinct"]);
        let refusal = found("ST_DISTANCE");
        assert_eq!(refusal.code, codes::UNSUPPORTED_FUNCTION);
        assert!(refusal.message.contains("geographic"));
        let hint = |name| found(name).hint;
        assert_eq!(hint("lenght").as_deref(), Some("a function with a similar name exists: length"));
        assert_eq!(hint("count_distint").as_deref(), Some("a function with a similar name exists: count_distinct"));
        assert_eq!(hint("xyzzy"), None);
    }
}
