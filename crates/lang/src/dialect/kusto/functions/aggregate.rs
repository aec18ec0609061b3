//! Every aggregate function, in the order of their names.
//!
//! Those whose name ends in `if` are the others with a condition on the rows. Facts: `Aggregates.cs` in
//! microsoft/Kusto-Query-Language. `stdev` and `variance` are those of a sample; ES|QL has those of the population.

pub(in super::super) struct Aggregate {
    pub name: &'static str,
    /// Its name in `ir`.
    pub meaning: &'static str,
    pub least: usize,
    /// 255 where there is no limit.
    pub most: usize,
    /// What stands before `_` and the first argument in the name of an unnamed column; empty where nothing does.
    pub prefix: &'static str,
    /// Which argument is the condition.
    pub condition: Option<usize>,
}

const fn plain(
    name: &'static str,
    meaning: &'static str,
    least: usize,
    most: usize,
    prefix: &'static str,
) -> Aggregate {
    Aggregate { name, meaning, least, most, prefix, condition: None }
}

const fn conditional(
    name: &'static str,
    meaning: &'static str,
    least: usize,
    most: usize,
    prefix: &'static str,
    condition: usize,
) -> Aggregate {
    Aggregate { name, meaning, least, most, prefix, condition: Some(condition) }
}

#[rustfmt::skip]
pub(super) const AGGREGATES: &[Aggregate] = &[
    plain("any", "kusto_take_any", 1, 255, "any"),
    conditional("anyif", "kusto_take_any", 2, 2, "anyif", 1),
    plain("arg_max", "kusto_arg_max", 1, 255, ""),
    plain("arg_min", "kusto_arg_min", 1, 255, ""),
    plain("argmax", "kusto_arg_max", 1, 255, ""),
    plain("argmin", "kusto_arg_min", 1, 255, ""),
    plain("avg", "avg", 1, 1, "avg"),
    conditional("avgif", "avg", 2, 2, "avgif", 1),
    plain("binary_all_and", "kusto_binary_all_and", 1, 1, ""),
    plain("binary_all_or", "kusto_binary_all_or", 1, 1, ""),
    plain("binary_all_xor", "kusto_binary_all_xor", 1, 1, ""),
    plain("buildschema", "kusto_buildschema", 1, 1, "schema"),
    plain("cnt", "count", 0, 0, "cnt"),
    plain("count", "count", 0, 1, "count"),
    plain("count_distinct", "count_distinct", 1, 1, "count_distinct"),
    conditional("count_distinctif", "count_distinct", 2, 2, "count_distinctif", 1),
    conditional("countif", "count", 1, 1, "countif", 0),
    plain("covariance", "kusto_covariance", 2, 2, "covariance"),
    conditional("covarianceif", "kusto_covariance", 3, 3, "covarianceif", 2),
    plain("covariancep", "kusto_covariancep", 2, 2, "covariancep"),
    conditional("covariancepif", "kusto_covariancep", 3, 3, "covariancepif", 2),
    plain("dcount", "count_distinct", 1, 2, "dcount"),
    conditional("dcountif", "count_distinct", 2, 3, "dcountif", 1),
    plain("hll", "kusto_hll", 1, 2, "hll"),
    conditional("hll_if", "kusto_hll", 2, 3, "hll_if", 1),
    plain("hll_merge", "kusto_hll_merge", 1, 1, "hll_merge"),
    plain("make_bag", "kusto_make_bag", 1, 2, "bag"),
    conditional("make_bag_if", "kusto_make_bag", 2, 3, "bag", 1),
    plain("make_dictionary", "kusto_make_bag", 1, 2, "dictionary"),
    plain("make_list", "kusto_make_list", 1, 2, "list"),
    conditional("make_list_if", "kusto_make_list", 2, 3, "list", 1),
    plain("make_list_with_nulls", "kusto_make_list_with_nulls", 1, 1, "list"),
    plain("make_set", "values", 1, 2, "set"),
    conditional("make_set_if", "values", 2, 3, "set", 1),
    plain("makelist", "kusto_make_list", 1, 2, "list"),
    plain("makeset", "values", 1, 2, "set"),
    plain("max", "max", 1, 1, "max"),
    conditional("maxif", "max", 2, 2, "maxif", 1),
    plain("merge_tdigest", "kusto_merge_tdigest", 1, 1, "merge_tdigests"),
    plain("min", "min", 1, 1, "min"),
    conditional("minif", "min", 2, 2, "minif", 1),
    plain("passthrough", "kusto_passthrough", 1, 1, ""),
    plain("percentile", "percentile", 2, 2, "percentile"),
    plain("percentiles", "kusto_percentiles", 2, 255, "percentile"),
    plain("percentiles_array", "kusto_percentiles_array", 2, 255, "percentiles"),
    plain("percentilesw", "kusto_percentilesw", 3, 255, "percentile"),
    plain("percentilesw_array", "kusto_percentilesw_array", 3, 255, "percentiles"),
    plain("percentilew", "kusto_percentilew", 3, 3, "percentile"),
    plain("stdev", "kusto_stdev", 1, 1, "stdev"),
    conditional("stdevif", "kusto_stdev", 2, 2, "stdevif", 1),
    plain("stdevp", "std_dev", 1, 1, "stdevp"),
    plain("sum", "sum", 1, 1, "sum"),
    conditional("sumif", "sum", 2, 2, "sumif", 1),
    plain("take_any", "kusto_take_any", 1, 255, ""),
    conditional("take_anyif", "kusto_take_any", 2, 2, "", 1),
    plain("tdigest", "kusto_tdigest", 1, 2, "tdigest"),
    plain("tdigest_merge", "kusto_merge_tdigest", 1, 1, "merge_tdigests"),
    plain("variance", "kusto_variance", 1, 1, "variance"),
    conditional("varianceif", "kusto_variance", 2, 2, "varianceif", 1),
    plain("variancep", "variance", 1, 1, "variancep"),
    conditional("variancepif", "variance", 2, 2, "variancepif", 1),
];
