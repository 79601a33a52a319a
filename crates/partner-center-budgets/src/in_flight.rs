//! The requests without a response.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The requests in flight of the clients and sign-ins that share it. A program can show which host it waits for.
///
/// Clones share their state. See [`ClientBuilder::in_flight`](crate::ClientBuilder::in_flight).
#[derive(Clone, Default)]
pub struct InFlight(Arc<Mutex<Requests>>);

#[derive(Default)]
struct Requests {
    next: u64,
    /// The oldest first.
    open: VecDeque<OpenRequest>,
}

struct OpenRequest {
    number: u64,
    host: Arc<str>,
    start: Instant,
}

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
        let oldest = requests.open.front()?;
        Some((oldest.host.to_string(), oldest.start.elapsed()))
    }

    pub(crate) fn begin(&self, host: &Arc<str>, start: Instant) -> Entry {
        let mut requests = self.lock();
        let number = requests.next;
        requests.next += 1;
        requests.open.push_back(OpenRequest { number, host: Arc::clone(host), start });
        Entry { in_flight: self.clone(), number }
    }

    fn lock(&self) -> MutexGuard<'_, Requests> {
        // A panic cannot leave the list in an invalid state.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let open = &mut self.in_flight.lock().open;
        if let Ok(at) = open.binary_search_by_key(&self.number, |request| request.number) {
            open.remove(at);
        }
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").field("requests", &self.lock().open.len()).finish()
    }
}
