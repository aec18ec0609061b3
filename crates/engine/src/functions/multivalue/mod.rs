//! Functions of fields with several values.

mod median;
mod mv_append;
mod mv_avg;
mod mv_concat;
mod mv_contains;
mod mv_count;
mod mv_dedupe;
mod mv_difference;
mod mv_first;
mod mv_intersection;
mod mv_intersects;
mod mv_last;
mod mv_max;
mod mv_median;
mod mv_median_absolute_deviation;
mod mv_min;
mod mv_percentile;
mod mv_pseries_weighted_sum;
mod mv_slice;
mod mv_sort;
mod mv_sum;
mod mv_union;
mod mv_zip;
mod number;
mod pick;
mod reshape;
mod sets;

use super::Function;

pub const ALL: &[&dyn Function] = &[
    &mv_append::MvAppend,
    &mv_avg::MvAvg,
    &mv_concat::MvConcat,
    &mv_contains::MvContains,
    &mv_count::MvCount,
    &mv_dedupe::MvDedupe,
    &mv_difference::MvDifference,
    &mv_first::MvFirst,
    &mv_intersection::MvIntersection,
    &mv_intersects::MvIntersects,
    &mv_last::MvLast,
    &mv_max::MvMax,
    &mv_median::MvMedian,
    &mv_median_absolute_deviation::MvMedianAbsoluteDeviation,
    &mv_min::MvMin,
    &mv_percentile::MvPercentile,
    &mv_pseries_weighted_sum::MvPseriesWeightedSum,
    &mv_slice::MvSlice,
    &mv_sort::MvSort,
    &mv_sum::MvSum,
    &mv_union::MvUnion,
    &mv_zip::MvZip,
];
