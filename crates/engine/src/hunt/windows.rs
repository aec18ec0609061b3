//! The windows of a schedule, and the panes they are put together from.
//!
//! A rule runs at every multiple of its interval since the epoch and sees the events of `[run - look_back, run)`. Time is
//! cut into panes whose width divides both, so every window is a whole number of panes: each event is aggregated once, in
//! its pane, and a window's result is the merge of its panes' states. The lower edge is inclusive and the upper is not,
//! so that successive windows of a rule whose look-back equals its interval see each event once.

use crate::finding::Window;
use ir::{Diagnostic, Schedule, codes};
use std::ops::RangeInclusive;

/// A window of more panes than this is refused: its states could not be merged in bounded time. It allows a look-back of a
/// year at an interval of ten minutes.
pub const MOST_PANES: i64 = 60_000;

/// How a schedule cuts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panes {
    /// Width of a pane in milliseconds.
    width: i64,
    /// Panes from one run to the next.
    step: i64,
    /// Panes of a window.
    per_window: i64,
}

impl Panes {
    pub fn of(schedule: Schedule) -> Result<Panes, Diagnostic> {
        let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let (interval, look_back) = (millis(schedule.interval), millis(schedule.look_back));
        if interval == 0 || look_back == 0 {
            let message = "the rule's interval and look-back must be at least one millisecond";
            return Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message));
        }
        let width = greatest_common_divisor(interval, look_back);
        let panes = Panes { width, step: interval / width, per_window: look_back / width };
        if panes.per_window > MOST_PANES {
            let message = format!(
                "a look-back of {:?} at an interval of {:?} makes windows of {} panes; at most {MOST_PANES} are merged",
                schedule.look_back, schedule.interval, panes.per_window
            );
            let hint = "choose an interval that divides the look-back, or a shorter look-back";
            return Err(Diagnostic::refusal(codes::LIMIT_EXCEEDED, message).hint(hint));
        }
        Ok(panes)
    }

    /// Width of a pane in milliseconds.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// The pane of a moment in milliseconds since the epoch.
    pub fn pane(&self, millis: i64) -> i64 {
        millis.div_euclid(self.width)
    }

    /// The runs whose windows hold the pane; empty where the look-back is shorter than the interval and the pane falls
    /// between two windows.
    pub fn runs(&self, pane: i64) -> RangeInclusive<i64> {
        let first = (pane + self.step).div_euclid(self.step);
        let last = (pane + self.per_window).div_euclid(self.step);
        first..=last
    }

    /// The window of a run.
    pub fn window(&self, run: i64) -> Window {
        let to = run.saturating_mul(self.step);
        Window {
            from: to.saturating_sub(self.per_window).saturating_mul(self.width),
            to: to.saturating_mul(self.width),
        }
    }

    /// How many panes make a stretch. Windows are put together of whole stretches that overlap, which takes about as many
    /// steps as the root of a window's panes where it would take all of those.
    pub fn stretch(&self) -> i64 {
        (1..)
            .take_while(|panes| panes * panes <= self.per_window)
            .filter(|panes| self.per_window % panes == 0)
            .last()
            .unwrap_or(1)
    }

    /// The runs whose windows the stretch that begins at a pane is a part of.
    pub fn runs_of_stretch(&self, first: i64) -> impl Iterator<Item = i64> {
        let Panes { step, per_window, .. } = *self;
        let stretch = self.stretch();
        let behind = (0..per_window / stretch).map(move |before| first + per_window - before * stretch);
        behind.filter(move |to| to.rem_euclid(step) == 0).map(move |to| to.div_euclid(step))
    }

    /// The panes of a run's window.
    pub fn panes(&self, run: i64) -> std::ops::Range<i64> {
        let to = run * self.step;
        to - self.per_window..to
    }
}

fn greatest_common_divisor(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const MINUTE: i64 = 60_000;

    fn panes(interval: i64, look_back: i64) -> Result<Panes, Diagnostic> {
        let minutes = |count: i64| Duration::from_millis((count * MINUTE) as u64);
        Panes::of(Schedule { interval: minutes(interval), look_back: minutes(look_back) })
    }

    /// What the pane arithmetic must amount to.
    fn sees(interval: i64, look_back: i64, run: i64, millis: i64) -> bool {
        let to = run * interval * MINUTE;
        (to - look_back * MINUTE..to).contains(&millis)
    }

    #[test]
    fn a_pane_is_in_exactly_the_windows_that_see_its_events() -> Result<(), Diagnostic> {
        for (interval, look_back) in [(60, 1440), (5, 6), (8, 9), (5, 5), (10, 3), (7, 20)] {
            let panes = panes(interval, look_back)?;
            for millis in (-90 * MINUTE..90 * MINUTE).step_by(17_000) {
                let runs = panes.runs(panes.pane(millis));
                for run in -60..90 {
                    assert_eq!(
                        runs.contains(&run),
                        sees(interval, look_back, run, millis),
                        "every {interval} min over {look_back} min, run {run}, at {millis}"
                    );
                    let window = panes.window(run);
                    assert_eq!((window.from..window.to).contains(&millis), runs.contains(&run));
                    assert_eq!(panes.panes(run).contains(&panes.pane(millis)), runs.contains(&run));
                    let pane = panes.pane(millis);
                    let stretches = (pane - panes.stretch() + 1..=pane)
                        .filter(|first| panes.runs_of_stretch(*first).any(|other| other == run))
                        .count();
                    assert_eq!(stretches, usize::from(runs.contains(&run)), "each pane is in one stretch of a window");
                }
            }
        }
        Ok(())
    }

    #[test]
    fn a_window_of_ten_years_by_the_second_is_refused() {
        let schedule = Schedule { interval: Duration::from_secs(1), look_back: Duration::from_secs(315_360_000) };
        assert_eq!(Panes::of(schedule).map_err(|diagnostic| diagnostic.code), Err(codes::LIMIT_EXCEEDED));
    }
}
