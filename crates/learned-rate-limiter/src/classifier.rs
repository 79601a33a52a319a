//! Decides whether throttling comes from the shared limit or from the limit of one key.

use std::collections::VecDeque;
use std::time::Duration;

use crate::tuning::{
    CANDIDATE_CALLS, CANDIDATE_CALLS_LIMITED, MAX_THROTTLED_KEYS, PROOF, REPETITIONS, STORED_KEYS, THROTTLED_MEMORY,
};

/// The limit that throttled the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Classification<K> {
    /// The outcomes of calls in flight will show.
    Pending,
    Shared,
    Key {
        key: K,
        /// The classifications before this one were wrong.
        revokes_earlier: bool,
    },
}

#[derive(Debug)]
pub(crate) struct ScopeClassifier<K> {
    /// The keys of the latest calls.
    calls: VecDeque<Option<K>>,
    /// All calls so far. Calls are numbered, since they may be sent at the same time.
    count: u64,
    /// The key of the latest classifications, and how many in a row concerned it.
    repeated: Option<(K, u32)>,
    throttled: VecDeque<(K, Duration)>,
    case: Option<Case<K>>,
}

/// Throttled calls that are not classified yet.
#[derive(Debug)]
struct Case<K> {
    /// The only key of these calls; `None` if there are several, or a call has none.
    key: Option<K>,
    /// The number of the first throttled call.
    first: u64,
    /// Later calls of other keys that were answered.
    answered_others: u32,
}

impl<K: Copy + Eq> ScopeClassifier<K> {
    pub(crate) fn new() -> Self {
        Self {
            calls: VecDeque::with_capacity(STORED_KEYS),
            count: 0,
            repeated: None,
            throttled: VecDeque::new(),
            case: None,
        }
    }

    /// Records a call, and returns its number.
    pub(crate) fn sent(&mut self, key: Option<K>) -> u64 {
        if self.calls.len() == STORED_KEYS {
            self.calls.pop_front();
        }
        self.calls.push_back(key);
        self.count += 1;
        self.count
    }

    pub(crate) fn answered(&mut self, key: Option<K>, number: u64) {
        if let Some(case) = &mut self.case
            && key != case.key
            && number > case.first
        {
            case.answered_others += 1;
        }
    }

    pub(crate) fn throttled(&mut self, key: Option<K>, number: u64, at: Duration) {
        let case = self.case.get_or_insert(Case { key, first: number, answered_others: 0 });
        if case.key != key {
            case.key = None;
        }
        case.first = case.first.min(number);
        self.throttled.retain(|(other, then)| at.saturating_sub(*then) < THROTTLED_MEMORY && Some(*other) != key);
        if let Some(key) = key {
            self.throttled.push_back((key, at));
            if self.throttled.len() > 2 * MAX_THROTTLED_KEYS {
                self.throttled.pop_front();
            }
        }
    }

    /// Classifies the throttled calls since the last classification. `outstanding` calls in flight may show more.
    pub(crate) fn classify(&mut self, outstanding: usize, is_shared_limited: bool) -> Classification<K> {
        let Some(case) = &self.case else { return Classification::Shared };
        let candidate = case.key.filter(|key| self.is_candidate(*key, is_shared_limited));
        let is_proved = case.answered_others >= PROOF;
        if candidate.is_some() && !is_proved && outstanding > 0 {
            return Classification::Pending;
        }
        let times = match (self.repeated, case.key) {
            (Some((repeated, times)), Some(key)) if repeated == key => times + 1,
            _ => 1,
        };
        self.repeated = case.key.map(|key| (key, times));
        self.case = None;
        match candidate {
            Some(key) if is_proved || times >= REPETITIONS => {
                Classification::Key { key, revokes_earlier: times == REPETITIONS }
            }
            _ => Classification::Shared,
        }
    }

    /// Whether the key made enough of the latest calls to have reached its own limit.
    fn is_candidate(&self, key: K, is_shared_limited: bool) -> bool {
        let calls = self.calls.iter().filter(|call| **call == Some(key)).count();
        let enough = if is_shared_limited { CANDIDATE_CALLS_LIMITED } else { CANDIDATE_CALLS };
        calls >= enough && self.throttled.len() <= MAX_THROTTLED_KEYS
    }
}
