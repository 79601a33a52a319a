//! The state that a client shares with its clones.

use std::sync::atomic::Ordering;

use super::Client;
use crate::auth::{TokenClaims, retry_sign_in};
use crate::{CustomerId, Error, Rate, RateLimiter};

/// State: the token, the number of attempts and the rate limit, which all clones share.
impl Client {
    /// The claims of the access token: tenant, app and user. Signs in first if there is no valid token. `None` if the token
    /// is not a JWT.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// if let Some(claims) = client.token_claims().await? {
    ///     println!("signed in as {:?} of the tenant {:?}", claims.user, claims.tenant);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Auth`] if the sign-in fails. A sign-in that may succeed later is retried, as in every call.
    pub async fn token_claims(&self) -> Result<Option<TokenClaims>, Error> {
        retry_sign_in(&self.options.policy, || self.state.tokens.claims()).await.map_err(Error::Auth)
    }

    /// The number of attempts that all calls of this client and its clones have made so far.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let budget = client.get_budget(customer).await?;
    /// println!("budget {budget:?} after {} attempts", client.attempts());
    /// # Ok(())
    /// # }
    /// ```
    pub fn attempts(&self) -> u64 {
        self.state.attempts.load(Ordering::Relaxed)
    }

    /// The rate of calls that the service allows the partner. `None` until throttling has shown it. Save it at the end of a
    /// job, and pass it to [`ClientBuilder::initial_rate`](crate::ClientBuilder::initial_rate) for the next one.
    ///
    /// ```no_run
    /// # use partner_center_budgets::Client;
    /// # fn example(client: Client, save: impl Fn(f64, Option<f64>)) {
    /// if let Some(rate) = client.learned_rate() {
    ///     save(rate.per_second, rate.burst);
    /// }
    /// # }
    /// ```
    pub fn learned_rate(&self) -> Option<Rate> {
        self.state.limiter.learned_rate()
    }

    /// The rate limiter that this client shares with its clones. Each attempt of a call waits for a permit of it.
    ///
    /// Its keys are customers, since a customer may have a limit of its own. To resume a job, pass
    /// [`RateLimiter::learned`] of the last client to [`RateLimiter::resume_with`] of the next.
    ///
    /// ```no_run
    /// # use partner_center_budgets::Client;
    /// # fn example(last: Client, next: Client, idle: std::time::Duration) {
    /// if let Some(learned) = last.rate_limiter().learned() {
    ///     next.rate_limiter().resume_with(learned, idle);
    /// }
    /// # }
    /// ```
    pub fn rate_limiter(&self) -> &RateLimiter<CustomerId> {
        &self.state.limiter
    }
}
