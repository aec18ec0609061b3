//! Sums of doubles whose rounding errors do not pile up, whatever the order of the values.

/// A sum in two parts (Neumaier 1974): the rounded one, and what rounding has lost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    sum: f64,
    lost: f64,
}

impl Total {
    pub fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    pub fn merge(&mut self, other: Total) {
        self.add(other.sum);
        self.lost += other.lost;
    }

    pub fn value(self) -> f64 {
        // What an infinite sum lost is not a number.
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }

    pub fn save(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.sum.to_le_bytes());
        out.extend_from_slice(&self.lost.to_le_bytes());
    }

    pub fn load(bytes: &[u8; 16]) -> Self {
        let part = |at: usize| f64::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        Total { sum: part(0), lost: part(8) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_are_not_lost_beside_great_ones() {
        let mut total = Total::default();
        [1e16, 1.0, 1.0, -1e16].into_iter().for_each(|value| total.add(value));
        assert_eq!(total.value(), 2.0);
        total.add(f64::INFINITY);
        total.add(1.0);
        assert_eq!(total.value(), f64::INFINITY);
    }
}
