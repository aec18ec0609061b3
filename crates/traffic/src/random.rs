//! A small random number generator: splitmix64 (Steele, Lea, Flood 2014). Its whole state is one word, the sequence
//! is fixed by the seed on every machine and release, and no dependency can change it, which the shipped sample and
//! the dated results rely on.

/// A seeded stream of pseudo-random numbers. Not for secrets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// An independent stream for one purpose (`label`), so that adding a purpose does not shift the others.
    pub fn fork(&self, label: u64) -> Self {
        Random(mix(self.0 ^ mix(label)))
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// Evenly from `0..limit`; 0 where `limit` is 0. The bias is below 2^-32 for limits under 2^32.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.word()) * u128::from(limit)) >> 64) as u64
    }

    /// Evenly from `0..limit`, as an index.
    pub fn index(&mut self, limit: usize) -> usize {
        self.below(limit as u64) as usize
    }

    /// Evenly from `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `choices`, which must not be empty.
    pub fn pick<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.index(choices.len())]
    }

    /// Appends `count` characters of `alphabet`.
    pub fn characters(&mut self, alphabet: &[u8], count: usize, out: &mut Vec<u8>) {
        for _ in 0..count {
            out.push(*self.pick(alphabet));
        }
    }
}

/// The finalizer of splitmix64: a good hash of one word.
pub fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// Draws indices with given weights in constant time (Walker 1977, Vose's construction).
#[derive(Clone, Debug)]
pub struct Weighted {
    keep: Vec<f64>,
    other: Vec<u32>,
}

impl Weighted {
    /// `weights` must be positive and not empty.
    pub fn new(weights: &[f64]) -> Self {
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        let mut keep: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let mut other: Vec<u32> = (0..weights.len() as u32).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..weights.len()).partition(|&i| keep[i] < 1.0);
        while let (Some(less), Some(&more)) = (small.pop(), large.last()) {
            other[less] = more as u32;
            keep[more] -= 1.0 - keep[less];
            if keep[more] < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        for rest in small.into_iter().chain(large) {
            keep[rest] = 1.0;
        }
        Weighted { keep, other }
    }

    pub fn draw(&self, random: &mut Random) -> usize {
        let at = random.index(self.keep.len());
        if random.unit() < self.keep[at] { at } else { self.other[at] as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_of_a_seed_is_fixed() {
        let mut random = Random::new(1234567);
        let words: Vec<u64> = (0..3).map(|_| random.word()).collect();
        assert_eq!(words, [6457827717110365317, 3203168211198807973, 9817491932198370423]);
    }

    #[test]
    fn weighted_draws_follow_the_weights() {
        let weighted = Weighted::new(&[1.0, 2.0, 5.0]);
        let mut random = Random::new(1);
        let mut counts = [0u32; 3];
        for _ in 0..80_000 {
            counts[weighted.draw(&mut random)] += 1;
        }
        for (count, expected) in counts.iter().zip([10_000.0, 20_000.0, 50_000.0]) {
            assert!((f64::from(*count) / expected - 1.0).abs() < 0.05, "{counts:?}");
        }
    }
}
