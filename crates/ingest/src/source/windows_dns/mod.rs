//! The DNS server of Windows: its debug log, and the analytical channel as Elastic Agent ships it.
//!
//! Elastic has an integration for the channel only (`microsoft_dnsserver.analytical`); events of the debug log go to
//! `logs-microsoft_dnsserver.debug-default` and tell of the ends as that integration does: what was received comes from
//! the remote address, what was sent goes to it. Query and response are events of their own, since the log does not say
//! which belong together.

mod analytical;
mod date;
mod debug;
mod details;
mod names;

use super::{
    Head, Log, Options, Source,
    lines::{self, LineLog},
};
use std::sync::Arc;

/// Debug logs.
pub struct WindowsDnsDebug;

impl Source for WindowsDnsDebug {
    fn name(&self) -> &'static str {
        "windows-dns-debug"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        lines::head_lines(head)
            .any(|line| line.starts_with(b"DNS Server log file creation at") || debug::is_packet(line))
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let (order, mut notes) = date::Order::infer(head);
        if options.zone.is_assumed() {
            notes.push(lines::NO_ZONE.to_owned());
        }
        let detailed = lines::head_lines(head).any(details::begins);
        let format = debug::Packets::new(order, options.zone.clone(), detailed);
        Ok(Arc::new(LineLog::new(format, options, notes)))
    }
}

pub use analytical::WindowsDnsAnalytical;
