use std::sync::{Arc, Mutex};
use std::time::Instant;

use http::HeaderValue;
use tokio::sync::OnceCell;

use super::{AccessToken, AuthError, Credential, Identity, TokenClaims, TokenEndpoint};
use crate::{TRACING_TARGET, in_ms, lock};

/// The access token that all calls of a client share.
pub(crate) struct TokenCache {
    credential: Box<dyn Credential>,
    endpoint: TokenEndpoint,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The token and the value of the header `Authorization` with it.
    token: Option<(AccessToken, HeaderValue)>,
    /// The current or next sign-in. All calls that wait for it get its result; later calls get another one.
    sign_in: Arc<OnceCell<Result<HeaderValue, Arc<AuthError>>>>,
}

impl State {
    /// The header value, unless the token needs renewal.
    fn authorization(&self) -> Option<HeaderValue> {
        let (token, authorization) = self.token.as_ref()?;
        (!token.needs_renewal(Instant::now())).then(|| authorization.clone())
    }

    /// The header value after a failed renewal, if the token is still valid.
    fn postpone_renewal(&mut self) -> Option<HeaderValue> {
        let (token, authorization) = self.token.as_mut()?;
        token.postpone_renewal(Instant::now()).then(|| authorization.clone())
    }
}

impl TokenCache {
    pub(crate) fn new(credential: Box<dyn Credential>, endpoint: TokenEndpoint) -> Self {
        Self { credential, endpoint, state: Mutex::default() }
    }

    pub(crate) fn identity(&self) -> Identity {
        self.credential.identity()
    }

    /// The value of the header `Authorization`. Signs in if there is no usable token.
    pub(crate) async fn authorization(&self) -> Result<HeaderValue, Arc<AuthError>> {
        let sign_in = {
            let state = lock(&self.state);
            if let Some(authorization) = state.authorization() {
                return Ok(authorization);
            }
            Arc::clone(&state.sign_in)
        };
        // One of the waiting calls runs it. If that call is dropped, another one starts it again.
        sign_in.get_or_init(|| self.sign_in()).await.clone()
    }

    /// The claims of the token. Signs in if there is no usable token.
    pub(crate) async fn claims(&self) -> Result<Option<TokenClaims>, Arc<AuthError>> {
        self.authorization().await?;
        Ok(lock(&self.state).token.as_ref().and_then(|(token, _)| token.claims()))
    }

    /// Drops a token that the service refused, and signs in. Returns false if the new token is the same.
    pub(crate) async fn renew(&self, refused: &HeaderValue) -> Result<bool, Arc<AuthError>> {
        // Another call may have renewed it already.
        lock(&self.state).token.take_if(|(_, authorization)| authorization == refused);
        Ok(self.authorization().await? != *refused)
    }

    /// The value of the header `Authorization`, without a sign-in.
    pub(crate) fn cached(&self) -> Option<HeaderValue> {
        lock(&self.state).authorization()
    }

    async fn sign_in(&self) -> Result<HeaderValue, Arc<AuthError>> {
        let started = Instant::now();
        let result = self.credential.sign_in(&self.endpoint).await;
        let result = result.and_then(|token| Ok((token.authorization()?, token)));
        let took_ms = in_ms(started.elapsed());
        match &result {
            Ok(_) => tracing::info!(target: TRACING_TARGET, took_ms, "signed in"),
            Err(error) => tracing::warn!(target: TRACING_TARGET, took_ms, code = error.code(), "the sign-in failed"),
        }
        let mut state = lock(&self.state);
        state.sign_in = Arc::default();
        match result {
            Ok((authorization, token)) => {
                state.token = Some((token, authorization.clone()));
                Ok(authorization)
            }
            Err(error) => state.postpone_renewal().ok_or_else(|| Arc::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::Cloud;
    use crate::auth::SignInFuture;

    /// Grants one token with little time left, and then fails.
    struct Aging {
        sign_ins: Arc<AtomicUsize>,
        time_left: Duration,
    }

    impl Credential for Aging {
        fn sign_in<'a>(&'a self, _: &'a TokenEndpoint) -> SignInFuture<'a> {
            Box::pin(async {
                match self.sign_ins.fetch_add(1, Ordering::SeqCst) {
                    0 => Ok(AccessToken::aging("token", self.time_left)),
                    _ => Err(AuthError::new("the authority is away", "wait").retryable()),
                }
            })
        }
    }

    fn cache(time_left: u64) -> (TokenCache, Arc<AtomicUsize>) {
        let sign_ins = Arc::<AtomicUsize>::default();
        let credential = Aging { sign_ins: Arc::clone(&sign_ins), time_left: Duration::from_secs(time_left) };
        let cloud = Cloud::custom("http://127.0.0.1:1", "http://127.0.0.1:1", "audience");
        (TokenCache::new(Box::new(credential), TokenEndpoint::for_cloud(cloud).unwrap()), sign_ins)
    }

    #[tokio::test]
    async fn a_failed_renewal_keeps_a_valid_token() {
        let (cache, sign_ins) = cache(200);
        for _ in 0..5 {
            assert_eq!(cache.authorization().await.unwrap(), "Bearer token");
        }
        assert_eq!(sign_ins.load(Ordering::SeqCst), 2, "the calls after a failed renewal do not renew");
        // The service refused the token, so its lifetime does not matter.
        assert!(cache.renew(&HeaderValue::from_static("Bearer token")).await.is_err());
        assert!(cache.authorization().await.is_err());
    }

    #[tokio::test]
    async fn an_expired_token_is_not_used() {
        let (cache, _) = cache(2);
        assert!(cache.authorization().await.is_ok(), "a new token is used even if it expires soon");
        assert!(cache.authorization().await.is_err());
    }
}
