//! What follows a failed attempt.

use std::sync::Arc;
use std::time::Duration;

use super::CallOptions;
use crate::Error;
use crate::auth::AuthError;

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

/// Why an attempt failed.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether another attempt may succeed.
    pub(super) is_transient: bool,
    pub(super) retry_after: Option<Duration>,
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

/// Decides what follows an attempt that failed.
pub(super) fn decide(attempt: &Attempt, failure: &Failure, options: &CallOptions) -> Decision {
    if failure.error.is_expired_token() && !attempt.token_renewed {
        return Decision::RenewToken;
    }
    let is_guarded = (options.write_guard.is_some() || options.never_repeats) && failure.error.may_have_taken_effect();
    if !failure.is_transient || is_guarded {
        return Decision::GiveUp;
    }
    match options.policy.wait(attempt.number, failure.retry_after, attempt.jitter) {
        Some(after) if after < attempt.time_left => Decision::Retry { after },
        _ => Decision::GiveUp,
    }
}

impl Failure {
    /// A failed sign-in fails the attempt.
    pub(super) fn sign_in(error: Arc<AuthError>) -> Self {
        Self { is_transient: error.is_retryable(), error: Error::Auth(error), retry_after: None }
    }

    /// No other attempt would end in another way.
    pub(super) fn permanent(error: Error) -> Self {
        Self { error, is_transient: false, retry_after: None }
    }
}

#[cfg(test)]
mod tests;
