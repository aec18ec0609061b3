//! Spellings of function names, and which names are aggregates.
//!
//! The engine owns the registry of functions; this table only folds the aliases that ES|QL has, so that every
//! language meets one name for one meaning. Facts: `EsqlFunctionRegistry` in elastic/elasticsearch.

/// Alias and canonical name.
const ALIASES: &[(&str, &str)] = &[
    ("bin", "bucket"),
    ("std_var", "variance"),
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

/// Functions that reduce a group of rows. Needed to place a per-aggregate `WHERE`: in `ROUND(AVG(x)) WHERE y` it
/// restricts the rows of `AVG`.
const AGGREGATES: &[&str] = &[
    "absent",
    "absent_over_time",
    "all_first",
    "all_last",
    "avg",
    "avg_over_time",
    "count",
    "count_distinct",
    "count_distinct_over_time",
    "count_over_time",
    "delta",
    "deriv",
    "first",
    "first_over_time",
    "idelta",
    "increase",
    "irate",
    "last",
    "last_over_time",
    "max",
    "max_over_time",
    "median",
    "median_absolute_deviation",
    "min",
    "min_over_time",
    "percentile",
    "percentile_over_time",
    "present",
    "present_over_time",
    "rate",
    "sample",
    "sparkline",
    "st_centroid_agg",
    "st_extent_agg",
    "std_dev",
    "stddev_over_time",
    "sum",
    "sum_over_time",
    "top",
    "values",
    "variance",
    "variance_over_time",
    "weighted_avg",
];

/// The canonical name, in lower case.
pub(super) fn canonical(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, canonical)| (*canonical).to_owned())
}

/// Whether a canonical name is that of an aggregate function.
pub(super) fn is_aggregate(name: &str) -> bool {
    AGGREGATES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregates_are_sorted() {
        assert!(AGGREGATES.is_sorted());
    }

    #[test]
    fn aliases_fold_in_any_case() {
        assert_eq!(canonical("TO_STR"), "to_string");
        assert_eq!(canonical("Length"), "length");
    }
}
