//! Type names after `::` and their aliases.
//!
//! Fact: `EsqlDataTypeRegistry`/`DataType` in elastic/elasticsearch and the documentation of the `TO_*` functions.

/// Each spelling with the canonical name of its type.
const TYPES: &[(&str, &str)] = &[
    ("aggregate_metric_double", "aggregate_metric_double"),
    ("bool", "boolean"),
    ("boolean", "boolean"),
    ("cartesian_point", "cartesian_point"),
    ("cartesian_shape", "cartesian_shape"),
    ("date", "datetime"),
    ("date_nanos", "date_nanos"),
    ("date_period", "date_period"),
    ("datetime", "datetime"),
    ("dense_vector", "dense_vector"),
    ("double", "double"),
    ("geo_point", "geo_point"),
    ("geo_shape", "geo_shape"),
    ("geohash", "geohash"),
    ("geohex", "geohex"),
    ("geotile", "geotile"),
    ("int", "integer"),
    ("integer", "integer"),
    ("ip", "ip"),
    ("keyword", "keyword"),
    ("long", "long"),
    ("string", "keyword"),
    ("text", "text"),
    ("time_duration", "time_duration"),
    ("ul", "unsigned_long"),
    ("ulong", "unsigned_long"),
    ("unsigned_long", "unsigned_long"),
    ("version", "version"),
    ("ver", "version"),
];

/// The canonical name of a type; `None` if there is no such type.
pub(super) fn canonical(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(name)).map(|&(_, canonical)| canonical)
}

/// Every spelling.
pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|&(spelling, _)| spelling)
}
