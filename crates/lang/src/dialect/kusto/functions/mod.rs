//! What is known of functions: their names in Kusto and in `ir`, and how many arguments they take.
//!
//! A name in `ir` without the prefix `kusto_` means what ES|QL's function of that name means; everything else keeps its own
//! name behind the prefix. So a misspelt name is told from a function that no engine has yet.

mod aggregate;
mod scalar;

pub(super) use aggregate::Aggregate;

use crate::similar::similar;
use aggregate::AGGREGATES;
use scalar::SCALARS;

/// How the column is called that holds the call's value and has no name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// As the first argument would be.
    First,
    /// The function's name, `_`, and what the first argument would be.
    Prefixed,
    /// `Column1` and so on.
    None,
}

/// A scalar function.
pub(super) struct Function {
    pub name: &'static str,
    /// Its name in `ir`.
    pub meaning: &'static str,
    pub least: usize,
    /// 255 where there is no limit.
    pub most: usize,
    pub naming: Naming,
}

impl Function {
    const fn new(name: &'static str, meaning: &'static str, least: usize, most: usize, naming: Naming) -> Self {
        Function { name, meaning, least, most, naming }
    }
}

/// The scalar function of that name; names are case-sensitive.
pub(super) fn scalar(name: &str) -> Option<&'static Function> {
    SCALARS.binary_search_by_key(&name, |function| function.name).ok().and_then(|at| SCALARS.get(at))
}

/// The aggregate of that name.
pub(super) fn aggregate(name: &str) -> Option<&'static Aggregate> {
    AGGREGATES.binary_search_by_key(&name, |aggregate| aggregate.name).ok().and_then(|at| AGGREGATES.get(at))
}

/// A function or aggregate with a similar name.
pub(super) fn similar_to(name: &str) -> Option<&'static str> {
    let scalars = SCALARS.iter().map(|function| function.name);
    similar(name, scalars.chain(AGGREGATES.iter().map(|aggregate| aggregate.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(SCALARS.is_sorted_by_key(|function| function.name));
        assert!(AGGREGATES.is_sorted_by_key(|aggregate| aggregate.name));
    }

    #[test]
    fn one_meaning_has_one_name() {
        for (name, meaning) in
            [("todynamic", "kusto_parse_json"), ("parsejson", "kusto_parse_json"), ("strlen", "length")]
        {
            assert_eq!(scalar(name).map(|function| function.meaning), Some(meaning));
        }
        assert_eq!(
            aggregate("dcountif").map(|found| (found.meaning, found.condition)),
            Some(("count_distinct", Some(1)))
        );
        assert_eq!(similar_to("strlne"), Some("strlen"));
    }
}
