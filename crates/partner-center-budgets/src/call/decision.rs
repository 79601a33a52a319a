//! What follows a failed attempt.

use std::time::Duration;

use super::CallOptions;
use crate::Error;

/// An attempt, as far as the decision needs it.
pub(super) struct Attempt {
    /// Counted from 1.
    pub(super) number: u32,
    /// Whether the call has renewed its token already.
    pub(super) token_renewed: bool,
    /// Time until the call's deadline.
    pub(super) time_left: Duration,
    /// A random number from 0 to 1.
    pub(super) jitter: f64,
}

#[derive(Debug, PartialEq)]
pub(super) enum Decision {
    /// Make another attempt after this time.
    Retry { after: Duration },
    /// Renew the token, and make another attempt at once.
    RenewToken,
    /// The call fails with the error of this attempt.
    GiveUp,
}

/// Decides what follows an attempt that failed with `error`.
pub(super) fn decide(attempt: &Attempt, error: &Error, options: &CallOptions) -> Decision {
    if error.is_expired_token() && !attempt.token_renewed {
        return Decision::RenewToken;
    }
    let is_guarded = (options.write_guard.is_some() || options.never_repeats) && error.may_have_taken_effect();
    if !error.is_retryable() || is_guarded {
        return Decision::GiveUp;
    }
    match options.policy.wait(attempt.number, error.retry_after(), attempt.jitter) {
        Some(after) if after < attempt.time_left => Decision::Retry { after },
        _ => Decision::GiveUp,
    }
}

#[cfg(test)]
mod tests;
