//! When look-ups happen: as many as asked for, spread over the span with the rhythm of an office day, in order.

use crate::random::Random;

/// The share of an office's look-ups in each hour of the day (UTC), in no unit.
const RHYTHM: [f64; 24] = [
    2.0, 1.6, 1.4, 1.4, 1.5, 2.0, 3.2, 5.5, 8.0, 9.2, 9.0, 8.4, 7.6, 8.6, 8.8, 8.2, 7.0, 5.4, 4.2, 3.6, 3.2, 3.0, 2.6,
    2.2,
];

const STEP: i64 = 300 * 1_000_000_000;
const DAY: i64 = 86_400 * 1_000_000_000;

/// Times in nanoseconds since 1970, ascending.
pub struct Clock {
    start: i64,
    span: i64,
    count: u64,
    made: u64,
    /// Where each step begins on the scale of look-ups; one more than there are steps.
    steps: Vec<f64>,
    at: usize,
    /// How far from even each time may lie within its share: 1 is random arrivals, 0 a metronome.
    jitter: f64,
}

impl Clock {
    /// `count` times from `start` over `span` nanoseconds with the rhythm of a day.
    pub fn daily(start: i64, span: i64, count: u64) -> Self {
        Clock::new(start, span, count, 1.0, |time| RHYTHM[(time.rem_euclid(DAY) / (DAY / 24)) as usize])
    }

    /// `count` times from `start` over `span` nanoseconds at one pace, with some jitter (0 to 1).
    pub fn steady(start: i64, span: i64, count: u64, jitter: f64) -> Self {
        Clock::new(start, span, count, jitter, |_| 1.0)
    }

    fn new(start: i64, span: i64, count: u64, jitter: f64, weight: impl Fn(i64) -> f64) -> Self {
        let span = span.max(1);
        let weights: Vec<f64> = (0..(span + STEP - 1) / STEP)
            .map(|step| weight(start + step * STEP) * ((span - step * STEP).min(STEP) as f64))
            .collect();
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let mut steps = vec![0.0];
        for weight in weights {
            sum += weight;
            steps.push(sum / total * count as f64);
        }
        Clock { start, span, count, made: 0, steps, at: 0, jitter }
    }

    /// The next time, `None` after `count` of them.
    pub fn next(&mut self, random: &mut Random) -> Option<i64> {
        if self.made == self.count {
            return None;
        }
        let place = self.made as f64 + 0.5 + self.jitter * (random.unit() - 0.5);
        self.made += 1;
        while self.at + 2 < self.steps.len() && self.steps[self.at + 1] <= place {
            self.at += 1;
        }
        let (from, to) = (self.steps[self.at], self.steps[self.at + 1]);
        let begin = self.at as i64 * STEP;
        let length = (self.span - begin).min(STEP);
        let within = ((place - from) / (to - from)).clamp(0.0, 1.0);
        Some(self.start + begin + ((length - 1) as f64 * within) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_ascend_and_stay_in_the_span() {
        let start = 1_780_272_000_000_000_000;
        for (span, count) in [(DAY, 5_000), (90 * 1_000_000_000, 40), (DAY, 3)] {
            for mut clock in [Clock::daily(start, span, count), Clock::steady(start, span, count, 0.2)] {
                let mut random = Random::new(5);
                let times: Vec<i64> = std::iter::from_fn(|| clock.next(&mut random)).collect();
                assert_eq!(times.len() as u64, count);
                assert!(times.is_sorted());
                assert!(times[0] >= start && times[times.len() - 1] < start + span);
            }
        }
    }
}
