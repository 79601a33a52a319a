//! The requests without a response.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
        let requests = self.lock();
        let (_, (host, start)) = requests.first_key_value()?;
        Some((host.to_string(), start.elapsed()))
    }

    pub(crate) fn begin(&self, host: &Arc<str>, start: Instant) -> Entry {
        let mut requests = self.lock();
        let number = requests.last_key_value().map_or(0, |(last, _)| last + 1);
        requests.insert(number, (Arc::clone(host), start));
        Entry { in_flight: self.clone(), number }
    }

    fn lock(&self) -> MutexGuard<'_, Requests> {
        // A panic cannot leave the list in an invalid state.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.in_flight.lock().remove(&self.number);
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").field("requests", &self.lock().len()).finish()
    }
}
