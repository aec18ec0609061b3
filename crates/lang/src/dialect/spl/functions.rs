//! The functions of `eval` and `where`, and those of `stats`: how many arguments they take, and their canonical names.
//!
//! A function with the meaning that one of the engine has takes its name; one that merely shares a name with another is
//! called `spl_...`. Those that are tests or choices have no entry for a name: the lowering makes expressions of them. Facts:
//! "Evaluation functions" and "Statistical and charting functions" in Splunk's Search Reference.

use crate::similar::similar;
use ir::{Diagnostic, Spanned, codes};

/// Name, least and most arguments, canonical name.
type Row = (&'static str, usize, usize, &'static str);

const MANY: usize = usize::MAX;

/// By name.
const EVAL: &[Row] = &[
    ("abs", 1, 1, "abs"),
    ("acos", 1, 1, "acos"),
    ("acosh", 1, 1, "acosh"),
    ("asin", 1, 1, "asin"),
    ("asinh", 1, 1, "asinh"),
    ("atan", 1, 1, "atan"),
    ("atan2", 2, 2, "atan2"),
    ("atanh", 1, 1, "atanh"),
    ("avg", 1, MANY, "spl_avg"),
    ("bit_and", 1, MANY, "bit_and"),
    ("bit_not", 1, 2, "bit_not"),
    ("bit_or", 1, MANY, "bit_or"),
    ("bit_shift_left", 2, 2, "bit_shift_left"),
    ("bit_shift_right", 2, 2, "bit_shift_right"),
    ("bit_xor", 1, MANY, "bit_xor"),
    ("case", 2, MANY, "case"),
    ("ceil", 1, 1, "ceil"),
    ("ceiling", 1, 1, "ceil"),
    ("cidrmatch", 2, 2, "cidr_match"),
    ("cluster", 2, 4, "cluster"),
    ("coalesce", 1, MANY, "coalesce"),
    ("commands", 1, 1, "commands"),
    ("cos", 1, 1, "cos"),
    ("cosh", 1, 1, "cosh"),
    ("exact", 1, 1, "exact"),
    ("exp", 1, 1, "exp"),
    ("false", 0, 0, ""),
    ("floor", 1, 1, "floor"),
    ("getfields", 0, 1, "getfields"),
    ("hypot", 2, 2, "hypot"),
    ("if", 3, 3, "case"),
    ("in", 2, MANY, ""),
    ("ipmask", 2, 2, "ipmask"),
    ("isarray", 1, 1, "is_array"),
    ("isbool", 1, 1, "is_boolean"),
    ("isdouble", 1, 1, "is_double"),
    ("isint", 1, 1, "is_integer"),
    ("ismv", 1, 1, "is_multivalue"),
    ("isnotnull", 1, 1, ""),
    ("isnull", 1, 1, ""),
    ("isnum", 1, 1, "is_number"),
    ("isobject", 1, 1, "is_object"),
    ("isstr", 1, 1, "is_string"),
    ("json", 1, 1, "json"),
    ("json_append", 3, MANY, "json_append"),
    ("json_array", 0, MANY, "json_array"),
    ("json_array_to_mv", 1, 2, "json_array_to_mv"),
    ("json_delete", 2, MANY, "json_delete"),
    ("json_entries", 1, 1, "json_entries"),
    ("json_extend", 3, MANY, "json_extend"),
    ("json_extract", 1, MANY, "spl_json_extract"),
    ("json_extract_exact", 1, MANY, "json_extract_exact"),
    ("json_has_key_exact", 2, 2, "json_has_key_exact"),
    ("json_keys", 1, 1, "json_keys"),
    ("json_object", 0, MANY, "json_object"),
    ("json_set", 3, MANY, "json_set"),
    ("json_set_exact", 3, MANY, "json_set_exact"),
    ("json_valid", 1, 1, "json_valid"),
    ("len", 1, 1, "length"),
    ("like", 2, 2, "spl_like"),
    ("ln", 1, 1, "log"),
    ("log", 1, 2, "spl_log"),
    ("lookup", 3, 4, "lookup"),
    ("lower", 1, 1, "to_lower"),
    ("ltrim", 1, 2, "spl_ltrim"),
    ("match", 2, 2, "spl_match"),
    ("max", 1, MANY, "greatest"),
    ("md5", 1, 1, "md5"),
    ("min", 1, MANY, "least"),
    ("mv_to_json_array", 1, 2, "mv_to_json_array"),
    ("mvappend", 1, MANY, "mv_append"),
    ("mvcount", 1, 1, "mv_count"),
    ("mvdedup", 1, 1, "mv_dedupe"),
    ("mvfilter", 1, 1, "mvfilter"),
    ("mvfind", 2, 2, "mvfind"),
    ("mvindex", 2, 3, "mv_slice"),
    ("mvjoin", 2, 2, "mv_concat"),
    ("mvmap", 2, 3, "mvmap"),
    ("mvrange", 2, 3, "mvrange"),
    ("mvreverse", 1, 1, "mvreverse"),
    ("mvsort", 1, 1, "mv_sort"),
    ("mvzip", 2, 3, "spl_mvzip"),
    ("now", 0, 0, "now"),
    ("null", 0, 0, ""),
    ("nullif", 2, 2, "nullif"),
    ("pi", 0, 0, "pi"),
    ("pow", 2, 2, "pow"),
    ("printf", 1, MANY, "printf"),
    ("random", 0, 0, "random"),
    ("relative_time", 2, 2, "relative_time"),
    ("replace", 3, 3, "spl_replace"),
    ("round", 1, 2, "round"),
    ("rtrim", 1, 2, "spl_rtrim"),
    ("searchmatch", 1, 1, ""),
    ("sha1", 1, 1, "sha1"),
    ("sha256", 1, 1, "sha256"),
    ("sha512", 1, 1, "sha512"),
    ("sigfig", 1, 1, "sigfig"),
    ("sin", 1, 1, "sin"),
    ("sinh", 1, 1, "sinh"),
    ("spath", 2, 2, "spath"),
    ("split", 2, 2, "spl_split"),
    ("sqrt", 1, 1, "sqrt"),
    ("strftime", 2, 2, "strftime"),
    ("strptime", 2, 2, "strptime"),
    ("substr", 2, 3, "substring"),
    ("sum", 1, MANY, "spl_sum"),
    ("tan", 1, 1, "tan"),
    ("tanh", 1, 1, "tanh"),
    ("time", 0, 0, "spl_time"),
    ("toarray", 1, 1, "toarray"),
    ("tobool", 1, 1, "to_boolean"),
    ("todouble", 1, 2, "to_double"),
    ("toint", 1, 2, "to_long"),
    ("tojson", 0, 1, "tojson"),
    ("tomv", 1, 1, "tomv"),
    ("tonumber", 1, 2, "spl_tonumber"),
    ("toobject", 1, 1, "toobject"),
    ("tostring", 1, 2, "spl_tostring"),
    ("trim", 1, 2, "spl_trim"),
    ("true", 0, 0, ""),
    ("typeof", 1, 1, "typeof"),
    ("upper", 1, 1, "to_upper"),
    ("urldecode", 1, 1, "url_decode"),
    ("urlencode", 1, 1, "url_encode"),
    ("validate", 2, MANY, "validate"),
];

/// Aggregate functions with their canonical names, by name.
const AGGREGATES: &[(&str, &str)] = &[
    ("avg", "avg"),
    ("c", "count"),
    ("count", "count"),
    ("dc", "count_distinct"),
    ("distinct_count", "count_distinct"),
    ("earliest", "earliest"),
    ("earliest_time", "earliest_time"),
    ("estdc", "count_distinct"),
    ("estdc_error", "estdc_error"),
    ("first", "spl_first"),
    ("last", "spl_last"),
    ("latest", "latest"),
    ("latest_time", "latest_time"),
    ("list", "list"),
    ("max", "max"),
    ("mean", "avg"),
    ("median", "median"),
    ("min", "min"),
    ("mode", "mode"),
    ("per_day", "per_day"),
    ("per_hour", "per_hour"),
    ("per_minute", "per_minute"),
    ("per_second", "per_second"),
    ("range", "range"),
    ("rate", "rate"),
    ("rate_avg", "rate_avg"),
    ("rate_sum", "rate_sum"),
    ("sparkline", "sparkline"),
    // Over a sample; the functions that end in `p` are over the population, as the engine's are.
    ("stdev", "stdev_sample"),
    ("stdevp", "std_dev"),
    ("sum", "sum"),
    ("sumsq", "sumsq"),
    ("values", "values"),
    ("var", "variance_sample"),
    ("varp", "variance"),
];

/// Beginnings of functions that end in a percentage: `perc95`.
const PERCENTILES: &[&str] = &["exactperc", "upperperc", "perc", "p"];

/// The canonical name of a function of `eval`; empty where it has none.
///
/// # Errors
/// No such function, or another number of arguments.
pub(super) fn canonical(function: &Spanned<String>, arguments: usize) -> Result<&'static str, Diagnostic> {
    let name = function.value.as_str();
    let Some((_, least, most, canonical)) = EVAL.iter().find(|(known, ..)| *known == name) else {
        let error = Diagnostic::refusal(codes::UNKNOWN_FUNCTION, format!("no such function: `{name}`"));
        let known = EVAL.iter().map(|(known, ..)| *known);
        return Err(match similar(name, known) {
            Some(meant) => error.at(function.span).hint(format!("a similar function is `{meant}`")),
            None => error.at(function.span),
        });
    };
    if arguments < *least || arguments > *most {
        let takes = match (*least, *most) {
            (0, 0) => "no argument".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, MANY) => format!("at least {least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let message = format!("`{name}` takes {takes}, and here are {arguments}");
        return Err(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(function.span));
    }
    Ok(canonical)
}

/// The percentage of a function such as `perc95`.
pub(super) fn percentile(name: &str) -> Option<f64> {
    let digits = PERCENTILES.iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let begins = digits.starts_with(|first: char| first.is_ascii_digit());
    digits.parse::<f64>().ok().filter(|percentage| begins && (0.0..=100.0).contains(percentage))
}

/// The canonical name of an aggregate function, percentiles aside.
pub(super) fn aggregate(name: &str) -> Option<&'static str> {
    AGGREGATES.iter().find(|(known, _)| *known == name).map(|(_, canonical)| *canonical)
}

pub(super) fn is_aggregate(name: &str) -> bool {
    aggregate(name).is_some() || percentile(name).is_some()
}

pub(super) fn unknown_aggregate(function: &Spanned<String>) -> Diagnostic {
    let name = &function.value;
    let error =
        Diagnostic::refusal(codes::UNKNOWN_FUNCTION, format!("no such aggregate function: `{name}`")).at(function.span);
    match similar(name, AGGREGATES.iter().map(|(known, _)| *known)) {
        Some(meant) => error.hint(format!("a similar function is `{meant}`")),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_without_doubles() {
        assert!(EVAL.is_sorted_by(|a, b| a.0 < b.0));
        assert!(AGGREGATES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn percentages_are_read() {
        let cases = [("perc95", Some(95.0)), ("p99.5", Some(99.5)), ("per_day", None), ("p101", None), ("p", None)];
        for (name, expected) in cases {
            assert_eq!(percentile(name), expected, "{name}");
        }
    }
}
