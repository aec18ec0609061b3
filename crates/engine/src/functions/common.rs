//! The type that values of two types share.

use schema::Type;

/// The type that holds values of both: null fits all, strings are keywords together, numbers take the wider type.
/// `None` where ES|QL has no such type.
pub fn common_type(left: Type, right: Type) -> Option<Type> {
    use Type::{DateNanos, Double, Integer, Keyword, Long, Null, UnsignedLong};
    match (left, right) {
        (left, right) if left == right => Some(left),
        (Null, other) | (other, Null) => Some(other),
        (left, right) if left.is_string() && right.is_string() => Some(Keyword),
        (left, right) if left.is_date() && right.is_date() => Some(DateNanos),
        (left, right) if left.is_numeric() && right.is_numeric() => Some(match (left, right) {
            (Double, _) | (_, Double) => Double,
            (UnsignedLong, _) | (_, UnsignedLong) => UnsignedLong,
            (Long, _) | (_, Long) => Long,
            _ => Integer,
        }),
        _ => None,
    }
}
