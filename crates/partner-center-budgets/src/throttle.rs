//! Keeping to what the service allows.
//!
//! The service publishes no rates, and it counts the calls that it refuses. So a limiter between all calls of a client
//! and the service learns from refusals: it lets nobody through while the service is closed, estimates the rate from
//! what was answered between two refusals, and then spaces calls so that further ones are rare.

mod estimate;
mod evidence;
mod limiter;
mod mode;
mod pace;
mod scope;
mod settings;
mod stretch;
mod window;

#[cfg(test)]
mod going_on;
#[cfg(test)]
#[expect(clippy::print_stdout, reason = "tables for who tunes the limiter")]
mod simulation;
#[cfg(test)]
#[expect(clippy::print_stdout, reason = "a time for who tunes the queue")]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use self::evidence::{Evidence, Verdict};
use self::scope::{Place, Scope};
pub(crate) use self::settings::Settings;
pub use self::settings::{Known, Rate};

/// Limiters of single customers that are kept. A refusal of one customer more counts as one of the partner.
const MOST_CUSTOMERS: usize = 256;

/// Lets calls through at the rate that the service allows. Clones share what they learn.
#[derive(Debug, Clone)]
pub struct Throttle(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    start: Instant,
    partner: Arc<Scope>,
    judged: Mutex<Judged>,
    /// Calls whose turn has not come.
    waiting: AtomicUsize,
}

/// Counts a call for as long as it waits.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug, Default)]
struct Judged {
    evidence: Evidence,
    /// Customers with a limit of their own, and when it was last asked for.
    customers: HashMap<Uuid, (Arc<Scope>, Duration)>,
    /// Refused calls of which it is not known yet whom the refusal concerns. Nobody is let through meanwhile.
    undecided: Vec<Refusal>,
}

#[derive(Debug)]
struct Refusal {
    place: Place,
    at: Duration,
    retry_after: Option<Duration>,
}

impl Throttle {
    pub(crate) fn new(settings: Settings) -> Self {
        let start = Instant::now();
        let partner = Arc::new(Scope::new(start, settings));
        Self(Arc::new(Shared { settings, start, partner, judged: Mutex::default(), waiting: AtomicUsize::new(0) }))
    }

    /// What the service allows the partner, once that is known.
    pub(crate) fn learned(&self) -> Option<Rate> {
        let (per_second, burst) = self.0.partner.learned();
        Some(Rate { per_second: per_second?, burst })
    }

    /// What is known of the partner's limit, for a limiter that goes on where this one stops.
    pub fn known(&self) -> Option<Known> {
        self.0.partner.known()
    }

    /// Goes on where another limiter stopped so long ago. What this one knows itself counts more.
    pub fn go_on(&self, known: Known, idle: Duration) {
        self.0.partner.go_on(known, idle);
    }

    /// How much longer nobody is let through, as the service asked.
    pub fn closed_for(&self) -> Option<Duration> {
        self.0.partner.closed_for()
    }

    /// Calls whose turn has not come.
    pub fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::Relaxed)
    }

    /// The most calls on their way at the same time.
    pub fn most_in_flight(&self) -> usize {
        self.0.settings.max_in_flight.max(1) as usize
    }

    /// Waits until a call may be sent, first come, first served. `customer` is the one that the call is about, if any.
    ///
    /// Dropping the future gives the place in the queue up, dropping the permit ends the call without an outcome.
    pub(crate) async fn enter(&self, customer: Option<Uuid>) -> Permit {
        let _waiting = Waiting::new(&self.0.waiting);
        let own = customer.and_then(|customer| self.0.own_scope(customer));
        // Those who wait for their customer's limit must not hold up others, so this comes first.
        let own = match own {
            Some(scope) => Some(scope.enter().await),
            None => None,
        };
        let partner = self.0.partner.enter().await;
        self.permit(customer, own, partner)
    }

    /// As [`enter`](Self::enter), without waiting: `None` unless more than half of the places are free. So callers that do
    /// not go on with their calls can never hold up those that wait.
    pub(crate) fn try_enter(&self, customer: Option<Uuid>) -> Option<Permit> {
        if customer.and_then(|customer| self.0.own_scope(customer)).is_some() {
            return None;
        }
        let partner = self.0.partner.try_enter()?;
        Some(self.permit(customer, None, partner))
    }

    fn permit(&self, customer: Option<Uuid>, own: Option<Place>, partner: Place) -> Permit {
        let customer = customer.map(|id| Customer { id, own });
        let number = self.0.judged().evidence.sent(customer.as_ref().map(|customer| customer.id));
        Permit { shared: self.0.clone(), customer, partner: Some(partner), number }
    }
}

impl Shared {
    fn judged(&self) -> MutexGuard<'_, Judged> {
        // Whatever panicked, what was noted until then is still worth more than nothing.
        self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn own_scope(&self, customer: Uuid) -> Option<Arc<Scope>> {
        let mut judged = self.judged();
        if judged.customers.is_empty() {
            return None;
        }
        let now = self.now();
        let (scope, used) = judged.customers.get_mut(&customer)?;
        *used = now;
        Some(scope.clone())
    }

    /// Acts on what is known by now of whom the undecided refusals concern.
    fn judge(&self, judged: &mut Judged) {
        if judged.undecided.is_empty() {
            return;
        }
        let (in_flight, learned) = (self.partner.in_flight(), self.partner.learned().0.is_some());
        let outstanding = (in_flight as usize).saturating_sub(judged.undecided.len());
        let verdict = judged.evidence.verdict(outstanding, learned, self.now());
        let taught_wrongly = judged.evidence.takes_back();
        let concerned = match verdict {
            Verdict::Open => return,
            Verdict::Partner => None,
            Verdict::Customer(customer) => self.give_scope(judged, customer),
        };
        for refusal in judged.undecided.drain(..) {
            let sent = refusal.place.sent();
            match &concerned {
                Some(scope) => {
                    drop(refusal.place);
                    scope.was_refused(sent, refusal.at, refusal.retry_after);
                }
                None => refusal.place.refused(refusal.at, refusal.retry_after),
            }
        }
        if concerned.is_some() && taught_wrongly {
            self.partner.forget();
        }
        self.partner.hold(false);
    }

    /// Gives the customer a limiter of its own; `None` if there are too many in use.
    fn give_scope(&self, judged: &mut Judged, customer: Uuid) -> Option<Arc<Scope>> {
        if judged.customers.len() >= MOST_CUSTOMERS {
            let idle = judged.customers.iter().filter(|(_, (scope, _))| Arc::strong_count(scope) == 1);
            let oldest = *idle.min_by_key(|(_, (_, used))| *used)?.0;
            judged.customers.remove(&oldest);
        }
        let settings = Settings { remembered_rate: None, remembered_burst: None, ..self.settings };
        let fresh = || (Arc::new(Scope::new(self.start, settings)), self.now());
        Some(judged.customers.entry(customer).or_insert_with(fresh).0.clone())
    }
}

/// The right to send one call. Dropped without an outcome, the call counts as not answered.
#[derive(Debug)]
#[must_use = "dropping it ends the call"]
pub(crate) struct Permit {
    shared: Arc<Shared>,
    customer: Option<Customer>,
    /// There until the outcome.
    partner: Option<Place>,
    number: u64,
}

#[derive(Debug)]
struct Customer {
    id: Uuid,
    own: Option<Place>,
}

impl Permit {
    /// The call was answered, if only by an error other than 429.
    pub(crate) fn answered(mut self) {
        if let Some(partner) = self.partner.take() {
            partner.answered();
        }
        let own = self.customer.as_mut().and_then(|customer| customer.own.take());
        if let Some(own) = own {
            own.answered();
        }
        let mut judged = self.shared.judged();
        if !judged.undecided.is_empty() {
            judged.evidence.answered(self.customer.as_ref().map(|customer| customer.id), self.number);
            self.shared.judge(&mut judged);
        }
    }

    /// The call was refused with status 429.
    pub(crate) fn refused(mut self, retry_after: Option<Duration>) {
        // "Now" after a refusal is not meant, nor a date that lies in the past by our clock.
        let retry_after = retry_after.filter(|wait| !wait.is_zero());
        let at = self.shared.now();
        let own = self.customer.as_mut().and_then(|customer| customer.own.take());
        if let Some(own) = own {
            own.refused(at, retry_after);
            return;
        }
        let Some(place) = self.partner.take() else { return };
        let mut judged = self.shared.judged();
        judged.evidence.refused(self.customer.as_ref().map(|customer| customer.id), self.number, at);
        judged.undecided.push(Refusal { place, at, retry_after });
        self.shared.partner.hold(true);
        self.shared.judge(&mut judged);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // A call that ends without an outcome may be the last one that a decision waited for.
        if self.partner.take().is_some() {
            self.shared.judge(&mut self.shared.judged());
        }
    }
}
