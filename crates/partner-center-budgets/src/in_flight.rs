//! The requests without a response.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::lock;

/// The requests in flight of the clients and sign-ins that share it. A program can show which host it waits for.
///
/// Clones share their state. See [`ClientBuilder::in_flight`](crate::ClientBuilder::in_flight).
#[derive(Clone, Default)]
pub struct InFlight(Arc<Mutex<Requests>>);

/// The host and the start of each request by its number. The oldest has the lowest number.
type Requests = BTreeMap<u64, (Arc<str>, Instant)>;

/// A request in flight. Dropping it removes the request from the list.
pub(crate) struct Entry {
    in_flight: InFlight,
    number: u64,
}

impl InFlight {
    /// The host of the oldest request, and how long it has not responded.
    ///
    /// ```
    /// # use partner_center_budgets::InFlight;
    /// # let in_flight = InFlight::default();
    /// match in_flight.longest() {
    ///     Some((host, waiting)) if waiting.as_secs() >= 5 => println!("{host} has not responded for {waiting:.0?}"),
    ///     _ => {}
    /// }
    /// ```
    pub fn longest(&self) -> Option<(String, Duration)> {
        let requests = lock(&self.0);
        let (_, (host, start)) = requests.first_key_value()?;
        Some((host.to_string(), start.elapsed()))
    }

    pub(crate) fn begin(&self, host: &Arc<str>, start: Instant) -> Entry {
        let mut requests = lock(&self.0);
        let number = requests.last_key_value().map_or(0, |(last, _)| last + 1);
        requests.insert(number, (Arc::clone(host), start));
        Entry { in_flight: self.clone(), number }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        lock(&self.in_flight.0).remove(&self.number);
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").field("requests", &lock(&self.0).len()).finish()
    }
}
