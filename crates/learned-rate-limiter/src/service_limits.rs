//! All limits of a service: the shared one, and those of single keys.
//!
//! No method waits, and every time comes from the caller.

use std::sync::Arc;
use std::time::Duration;

use crate::classifier::{Classification, ScopeClassifier};
use crate::key::Key;
use crate::learner::{Admission, Decision};
use crate::limit::{KeyedLimits, Limit};
use crate::queue::Queue;
use crate::settings::Settings;
use crate::tuning::MAX_HOLD;

#[derive(Debug)]
pub(crate) struct ServiceLimits<K> {
    pub(crate) shared: Limit,
    pub(crate) keyed: KeyedLimits<K>,
    classifier: ScopeClassifier<K>,
    /// Throttled calls that are not classified yet. They keep their permits.
    unclassified: Vec<ThrottledCall>,
    /// Since when the shared limit admits no call because of them.
    held_since: Option<Duration>,
}

/// A call, and its admissions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<K> {
    pub(crate) key: Option<K>,
    /// In the order of sending.
    number: u64,
    shared: Option<Admission>,
    /// By the limit of the key.
    own: Option<Admission>,
}

impl<K> Call<K> {
    pub(crate) fn new(key: Option<K>) -> Self {
        Self { key, number: 0, shared: None, own: None }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Answered,
    Throttled { at: Duration, retry_after: Option<Duration> },
    Unknown,
}

#[derive(Debug)]
struct ThrottledCall {
    admission: Admission,
    at: Duration,
    retry_after: Option<Duration>,
}

impl<K: Key> ServiceLimits<K> {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            shared: Limit::new(settings),
            keyed: KeyedLimits::new(settings),
            classifier: ScopeClassifier::new(),
            unclassified: Vec::new(),
            held_since: None,
        }
    }

    /// Asks the shared limit, and numbers the call if it is admitted.
    pub(crate) fn admit(&mut self, call: &mut Call<K>, now: Duration) -> Decision {
        // One slow call must not hold back all others until it shows which limit throttled.
        if self.held_since.is_some_and(|since| now < since + MAX_HOLD) {
            return Decision::WaitForOutcome;
        }
        let decision = self.shared.admit(&mut call.shared, now);
        if let Decision::Admit(_) = decision {
            call.number = self.classifier.sent(call.key);
        }
        decision
    }

    /// Asks the limit of the key. It is not evicted meanwhile, because the waiting call holds its queue.
    pub(crate) fn admit_by_key(&mut self, key: K, call: &mut Call<K>, now: Duration) -> Decision {
        match self.keyed.get_or_create(key, now) {
            Some(limit) => limit.admit(&mut call.own, now),
            None => Decision::WaitForOutcome,
        }
    }

    /// Admits a call that does not wait, if there is capacity to spare.
    pub(crate) fn try_admit(&mut self, key: Option<K>, now: Duration) -> Option<Call<K>> {
        let has_capacity = self.held_since.is_none() && self.shared.learner.has_capacity();
        if !has_capacity || key.is_some_and(|key| self.keyed.contains(key)) {
            return None;
        }
        let mut call = Call::new(key);
        matches!(self.admit(&mut call, now), Decision::Admit(_)).then_some(call)
    }

    /// Ends a call. Returns the queue of its key, which the caller wakes like the shared one.
    pub(crate) fn finish(&mut self, call: &Call<K>, outcome: Outcome) -> Option<Arc<Queue>> {
        let own = call.own.and(call.key).and_then(|key| self.keyed.get_mut(key));
        let queue = own.as_ref().map(|limit| limit.queue.clone());
        let own = own.map(|limit| &mut limit.learner).zip(call.own);
        let shared = Some(&mut self.shared.learner).zip(call.shared);
        match (outcome, own, shared) {
            (Outcome::Answered, own, shared) => {
                for (learner, admission) in own.into_iter().chain(shared) {
                    learner.answered(admission);
                }
                self.classifier.answered(call.key, call.number);
            }
            (Outcome::Throttled { at, retry_after }, Some((own, admission)), shared) => {
                own.throttled(admission, at, retry_after);
                if let Some((learner, admission)) = shared {
                    learner.unknown(admission);
                }
            }
            (Outcome::Throttled { at, retry_after }, None, Some((_, admission))) => {
                self.classifier.throttled(call.key, call.number, at);
                self.unclassified.push(ThrottledCall { admission, at, retry_after });
                self.held_since.get_or_insert(at);
            }
            (_, own, shared) => {
                for (learner, admission) in own.into_iter().chain(shared) {
                    learner.unknown(admission);
                }
            }
        }
        self.classify();
        queue
    }

    /// Passes the throttled calls on to the limit that throttled them, once that is known.
    fn classify(&mut self) {
        let Some(latest) = self.unclassified.last() else { return };
        let now = latest.at;
        let shared = &mut self.shared.learner;
        let outstanding = (shared.in_flight() as usize).saturating_sub(self.unclassified.len());
        let (own, revokes_earlier) = match self.classifier.classify(outstanding, shared.rate().is_some()) {
            Classification::Pending => return,
            Classification::Shared => (None, false),
            Classification::Key { key, revokes_earlier } => (self.keyed.get_or_create(key, now), revokes_earlier),
        };
        let throttled = self.unclassified.drain(..);
        self.held_since = None;
        let Some(own) = own else {
            for ThrottledCall { admission, at, retry_after } in throttled {
                shared.throttled(admission, at, retry_after);
            }
            return;
        };
        for ThrottledCall { admission, at, retry_after } in throttled {
            shared.unknown(admission);
            own.learner.throttled_before_known(admission, at, retry_after);
        }
        if revokes_earlier {
            shared.forget();
        }
    }
}
