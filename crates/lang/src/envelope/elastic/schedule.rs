//! When a rule runs, and how far back it looks.

use super::Reader;
use crate::envelope::date_math;
use crate::envelope::toml_file::Table;
use ir::{Diagnostic, Schedule, codes};
use std::time::Duration;

/// Kibana's defaults: every 5 minutes, over the last 6.
pub(super) const DEFAULT: Schedule =
    Schedule { interval: Duration::from_secs(5 * 60), look_back: Duration::from_secs(6 * 60) };

impl Reader<'_> {
    pub fn schedule(&mut self, table: Table<'_>) -> Schedule {
        let mut schedule = DEFAULT;
        if let (Some(text), Some(value)) = (self.string(table, "interval"), table.get("interval")) {
            match date_math::interval(&text) {
                Some(interval) => schedule.interval = interval,
                None => self.envelope(format!("`{text}` is no interval such as `5m` or `1h`"), value.span),
            }
        }
        if let Some(look_back) = self.look_back(table, "from") {
            schedule.look_back = look_back;
        }
        schedule
    }

    /// The date math under a key that may be absent.
    pub fn look_back(&mut self, table: Table<'_>, key: &str) -> Option<Duration> {
        let text = self.string(table, key)?;
        let span = table.get(key).map_or(table.span, |value| value.span);
        let Some(found) = date_math::look_back(&text) else {
            self.envelope(format!("`{text}` is no look-back such as `now-9m`"), span);
            return None;
        };
        if found.widened {
            let message = format!("the look-back `{text}` varies; the longest it can be is always used");
            self.diagnostics.push(Diagnostic::loss(codes::SCHEDULE, message).at(span));
        }
        Some(found.length)
    }
}
