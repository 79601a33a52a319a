//! The attempts of a call so far.

use std::mem;
use std::time::{Duration, Instant};

use http::HeaderValue;

use super::decision::Attempt;
use crate::Error;

/// The attempts of a call so far.
pub(super) struct History {
    pub(super) deadline: Instant,
    /// The call may change something.
    is_write: bool,
    /// Attempts so far, including sign-ins that failed before anything was sent.
    pub(super) attempts: u32,
    /// Attempts that were sent.
    pub(super) sent: u32,
    token_renewed: bool,
    next: Next,
    /// The error of the last attempt that may have taken effect.
    unknown_outcome: Option<Error>,
    /// The error of the last attempt, if it had no effect.
    last_without_effect: Option<Error>,
}

/// What comes before the next attempt.
pub(super) enum Next {
    Attempt,
    Wait(Duration),
    /// `error` is the refusal of the token `refused`.
    RenewToken {
        refused: HeaderValue,
        error: Error,
    },
}

impl History {
    pub(super) fn new(deadline: Instant, is_write: bool) -> Self {
        Self {
            deadline,
            is_write,
            attempts: 0,
            sent: 0,
            token_renewed: false,
            next: Next::Attempt,
            unknown_outcome: None,
            last_without_effect: None,
        }
    }

    pub(super) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    pub(super) fn attempt(&self) -> Attempt {
        let (number, token_renewed) = (self.attempts, self.token_renewed);
        Attempt { number, token_renewed, time_left: self.time_left(), jitter: fastrand::f64() }
    }

    pub(super) fn take_next(&mut self) -> Next {
        mem::replace(&mut self.next, Next::Attempt)
    }

    pub(super) fn renew_token(&mut self, refused: HeaderValue, error: Error) {
        self.token_renewed = true;
        self.next = Next::RenewToken { refused, error };
    }

    /// Another attempt follows the one that failed with `error`, after `wait`.
    pub(super) fn schedule_retry(&mut self, error: Error, wait: Duration) {
        self.next = Next::Wait(wait);
        if error.may_have_taken_effect() {
            (self.unknown_outcome, self.last_without_effect) = (Some(error), None);
        } else {
            self.last_without_effect = Some(error);
        }
    }

    /// The error of the call, whose last attempt failed with `error`. It must account for every attempt: an earlier one may
    /// have taken effect.
    pub(super) fn final_error(&mut self, error: Error) -> Error {
        match self.unknown_outcome.take() {
            // With these statuses, the service did not examine the request again. Every other refusal holds for the earlier
            // attempt, too.
            Some(unknown) if self.is_write && matches!(error.status(), Some(401 | 429)) => unknown,
            unknown => error.or_unknown(unknown),
        }
    }

    /// The error of a call whose next attempt cannot be sent.
    pub(super) fn final_error_unsent(&mut self, otherwise: impl FnOnce() -> Error) -> Error {
        match self.last_without_effect.take() {
            Some(last) => self.final_error(last),
            None => self.unknown_outcome.take().unwrap_or_else(otherwise),
        }
    }
}
