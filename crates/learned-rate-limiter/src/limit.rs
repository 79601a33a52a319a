//! One limit: its learner and its queue. And the limits of single keys.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::key::Key;
use crate::learner::{Admission, Decision, Learner};
use crate::queue::Queue;
use crate::settings::Settings;
use crate::tuning::MAX_KEYS;

#[derive(Debug)]
pub(crate) struct Limit {
    pub(crate) learner: Learner,
    pub(crate) queue: Arc<Queue>,
}

impl Limit {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { learner: Learner::new(settings), queue: Arc::default() }
    }

    /// Decides about a call, and stores its admission.
    pub(crate) fn admit(&mut self, admission: &mut Option<Admission>, now: Duration) -> Decision {
        let decision = self.learner.admit(now);
        if let Decision::Admit(admitted) = decision {
            *admission = Some(admitted);
        }
        decision
    }

    /// Whether no call waits for this limit, or is in flight.
    fn is_idle(&self) -> bool {
        self.learner.in_flight() == 0 && Arc::strong_count(&self.queue) == 1
    }
}

/// The limits of single keys, each with the time of its last use.
#[derive(Debug)]
pub(crate) struct KeyedLimits<K> {
    settings: Settings,
    limits: HashMap<K, (Limit, Duration)>,
}

impl<K: Key> KeyedLimits<K> {
    pub(crate) fn new(settings: Settings) -> Self {
        // An initial rate is the shared one.
        Self { settings: Settings { initial_rate: None, ..settings }, limits: HashMap::new() }
    }

    /// Cheap in the usual case: an empty map does not hash the key.
    pub(crate) fn contains(&self, key: K) -> bool {
        self.limits.contains_key(&key)
    }

    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut Limit> {
        self.limits.get_mut(&key).map(|(limit, _)| limit)
    }

    /// The calls that wait for a limit of a key.
    pub(crate) fn waiting(&self) -> usize {
        self.limits.values().map(|(limit, _)| limit.queue.waiting()).sum()
    }

    /// The limit of the key. If it has none, it gets one, except while too many others are in use.
    pub(crate) fn get_or_create(&mut self, key: K, now: Duration) -> Option<&mut Limit> {
        if self.limits.len() >= MAX_KEYS && !self.limits.contains_key(&key) {
            let idle = self.limits.iter().filter(|(_, (limit, _))| limit.is_idle());
            let (oldest, _) = idle.min_by_key(|(_, (_, last_used))| *last_used)?;
            self.limits.remove(&{ *oldest });
        }
        let (limit, last_used) = self.limits.entry(key).or_insert_with(|| (Limit::new(self.settings), now));
        *last_used = now;
        Some(limit)
    }
}
