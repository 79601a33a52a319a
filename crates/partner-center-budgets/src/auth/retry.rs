//! Retries of sign-ins outside of a call.

use std::borrow::Borrow;
use std::time::Instant;

use super::AuthError;
use crate::RetryPolicy;

/// Retries a sign-in as calls retry theirs.
pub(crate) async fn retry_sign_in<T, E: Borrow<AuthError>, F: Future<Output = Result<T, E>>>(
    policy: &RetryPolicy,
    sign_in: impl Fn() -> F,
) -> Result<T, E> {
    let start = Instant::now();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let error = match sign_in().await {
            Err(error) if error.borrow().is_retryable() => error,
            result => return result,
        };
        match policy.wait(attempts, None, fastrand::f64()) {
            Some(wait) if start.elapsed().saturating_add(wait) < policy.total => tokio::time::sleep(wait).await,
            _ => return Err(error),
        }
    }
}
