//! The median of each numeric type. Of an even count it is the mean of the two in the middle, which whole numbers round
//! down.

macro_rules! whole {
    ($name:ident, $type:ty, $wide:ty) => {
        /// The median; zero of no numbers.
        pub(super) fn $name(mut numbers: Vec<$type>) -> $type {
            numbers.sort_unstable();
            let middle = numbers.len() / 2;
            match (numbers.get(middle.wrapping_sub(1)), numbers.get(middle)) {
                // The mean lies between two values of the type.
                (Some(low), Some(high)) if numbers.len() % 2 == 0 => {
                    ((<$wide>::from(*low) + <$wide>::from(*high)) >> 1) as $type
                }
                (_, Some(middle)) => *middle,
                _ => 0,
            }
        }
    };
}

whole!(integer, i32, i64);
whole!(long, i64, i128);
whole!(unsigned_long, u64, u128);

/// The median; zero of no numbers.
pub(super) fn double(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match (numbers.get(middle.wrapping_sub(1)), numbers.get(middle)) {
        (Some(low), Some(high)) if numbers.len().is_multiple_of(2) => (low + high) / 2.0,
        (_, Some(middle)) => *middle,
        _ => 0.0,
    }
}
