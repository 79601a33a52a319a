use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::HeaderValue;
use tokio::sync::Mutex as AsyncMutex;

use super::{AccessToken, AuthError, Credential, Identity, SignIn, TokenClaims};

/// How long after a failed renewal the next one is tried, while the token is still good.
const RENEWED_AGAIN: Duration = Duration::from_secs(30);

/// The access token that all calls of a client share.
///
/// One sign-in is under way at a time, however many calls wait for it; they share what comes of it. A failure is told to
/// those who waited for it and kept for nobody else.
pub(crate) struct TokenCache {
    credential: Box<dyn Credential>,
    to: SignIn,
    current: Mutex<Option<Kept>>,
    /// How many sign-ins have ended.
    ended: AtomicU64,
    /// Held by whoever signs in, with how the last sign-in failed, if it did.
    signing_in: AsyncMutex<Option<Arc<AuthError>>>,
}

struct Kept {
    token: AccessToken,
    /// Not before is a renewal tried again that failed while the token was good.
    not_before: Option<Instant>,
    authorization: HeaderValue,
}

impl TokenCache {
    pub(crate) fn new(credential: Box<dyn Credential>, to: SignIn) -> Self {
        Self { credential, to, current: Mutex::default(), ended: AtomicU64::new(0), signing_in: AsyncMutex::default() }
    }

    pub(crate) fn identity(&self) -> Identity {
        self.credential.identity()
    }

    /// The value of `Authorization` for the next try.
    pub(crate) async fn authorization(&self) -> Result<HeaderValue, Arc<AuthError>> {
        if let Some(value) = self.fresh() {
            return Ok(value);
        }
        self.sign_in().await
    }

    /// What the token of the next try says of itself.
    pub(crate) async fn claims(&self) -> Result<Option<TokenClaims>, Arc<AuthError>> {
        self.authorization().await?;
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(current.as_ref().and_then(|kept| kept.token.claims()))
    }

    /// Signs in again, as the service no longer accepts `refused`; false where that gives the same token again.
    pub(crate) async fn renewed(&self, refused: &HeaderValue) -> Result<bool, Arc<AuthError>> {
        {
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            // Another call may have renewed it meanwhile.
            current.take_if(|kept| kept.authorization == *refused);
        }
        Ok(self.authorization().await? != *refused)
    }

    /// The value of `Authorization`, where nobody has to sign in for it.
    pub(crate) fn fresh(&self) -> Option<HeaderValue> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let is_fresh = |kept: &&Kept| {
            kept.token.is_fresh(now)
                || (kept.not_before.is_some_and(|not_before| now < not_before) && kept.token.is_good(now))
        };
        Some(current.as_ref().filter(is_fresh)?.authorization.clone())
    }

    /// The token that should have been renewed, while it is good. It is taken for some time before the next renewal.
    fn last_resort(&self) -> Option<HeaderValue> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let kept = current.as_mut().filter(|kept| kept.token.is_good(now))?;
        kept.not_before = now.checked_add(RENEWED_AGAIN);
        Some(kept.authorization.clone())
    }

    async fn sign_in(&self) -> Result<HeaderValue, Arc<AuthError>> {
        let ended = self.ended.load(Ordering::Acquire);
        let mut last_failure = self.signing_in.lock().await;
        if let Some(value) = self.fresh() {
            return Ok(value);
        }
        // A sign-in that ended while this call waited for it failed for this call too.
        if self.ended.load(Ordering::Acquire) != ended
            && let Some(failure) = last_failure.as_ref()
        {
            return Err(Arc::clone(failure));
        }
        let began = Instant::now();
        let signed_in = self.credential.sign_in(&self.to).await;
        let kept =
            signed_in.and_then(|token| Ok(Kept { authorization: token.authorization()?, token, not_before: None }));
        self.ended.fetch_add(1, Ordering::Release);
        let took_ms = began.elapsed().as_millis();
        match kept {
            Ok(kept) => {
                tracing::debug!(took_ms, "signed in");
                *last_failure = None;
                let value = kept.authorization.clone();
                *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
                Ok(value)
            }
            Err(error) => {
                tracing::warn!(took_ms, code = error.code(), "the sign-in failed");
                // It is renewed minutes before its end so that a failure in between hinders nobody.
                if let Some(value) = self.last_resort() {
                    *last_failure = None;
                    return Ok(value);
                }
                let failure = Arc::new(error);
                *last_failure = Some(Arc::clone(&failure));
                Err(failure)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::Cloud;
    use crate::auth::SigningIn;

    /// Grants a token that has been good for most of its life, and then fails.
    struct Aging {
        asked: Arc<AtomicUsize>,
        left: Duration,
    }

    impl Credential for Aging {
        fn sign_in<'a>(&'a self, _: &'a SignIn) -> SigningIn<'a> {
            Box::pin(async {
                let hour = Duration::from_secs(3600);
                match self.asked.fetch_add(1, Ordering::SeqCst) {
                    0 => Ok(AccessToken::aged("token", hour, hour - self.left)),
                    _ => Err(AuthError::new("the authority is away", "wait").retryable()),
                }
            })
        }
    }

    fn cache(left: u64) -> (TokenCache, Arc<AtomicUsize>) {
        let asked = Arc::<AtomicUsize>::default();
        let credential = Aging { asked: Arc::clone(&asked), left: Duration::from_secs(left) };
        let cloud = Cloud::custom("http://127.0.0.1:1", "http://127.0.0.1:1", "audience");
        (TokenCache::new(Box::new(credential), SignIn::to_cloud(cloud).unwrap()), asked)
    }

    #[tokio::test]
    async fn a_failed_renewal_leaves_the_token_that_is_good() {
        let (cache, asked) = cache(200);
        for _ in 0..5 {
            assert_eq!(cache.authorization().await.unwrap(), "Bearer token");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2, "the renewal is not tried with each call");
        // What the service no longer accepts is not good, whatever its lifetime.
        assert!(cache.renewed(&HeaderValue::from_static("Bearer token")).await.is_err());
        assert!(cache.authorization().await.is_err());
    }

    #[tokio::test]
    async fn a_token_that_has_ended_is_not_used() {
        let (cache, _) = cache(2);
        assert!(cache.authorization().await.is_ok(), "what was just granted is tried");
        assert!(cache.authorization().await.is_err());
    }
}
