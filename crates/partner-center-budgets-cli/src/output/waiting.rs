//! The host that a command waits for.

use std::sync::LazyLock;
use std::time::Duration;

use partner_center_budgets::InFlight;

/// The requests of all clients of this process.
pub(crate) static IN_FLIGHT: LazyLock<InFlight> = LazyLock::new(InFlight::default);

/// How long a request may take before it is reported.
const REPORTED_AFTER: Duration = Duration::from_secs(5);

/// The host that has not answered for some seconds.
pub(crate) fn text() -> Option<String> {
    let (host, waited) = IN_FLIGHT.longest()?;
    (waited >= REPORTED_AFTER).then(|| format!("waiting for {host}, {} so far", duration(waited.as_secs())))
}

/// Seconds as people read them.
pub(crate) fn duration(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        _ => format!("{} min", seconds.div_ceil(60)),
    }
}
