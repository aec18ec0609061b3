//! The progress bar: bytes, rate and time left, on standard error and only on a terminal.

use engine::table::Tables;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::IsTerminal,
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

const TEMPLATE: &str = "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
const TICK: Duration = Duration::from_millis(100);

/// Shows how far the scans of `tables` are while `work` makes them.
pub fn over<T>(tables: &Tables, work: impl FnOnce() -> T) -> T {
    let Some(events) = tables.events.as_ref().filter(|_| std::io::stderr().is_terminal()) else { return work() };
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        bar.set_style(style);
    }
    let (done, waiting) = channel::<()>();
    thread::scope(|scope| {
        let bar = &bar;
        scope.spawn(move || {
            // Ends when the sender is dropped, also by a panic of the work.
            while waiting.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                if let Some(scan) = events.scans().last() {
                    let (read, all) = scan.progress();
                    bar.set_length(all);
                    bar.set_position(read);
                }
            }
            bar.finish_and_clear();
        });
        let result = work();
        drop(done);
        result
    })
}
