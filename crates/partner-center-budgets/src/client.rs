//! The client.

mod builder;
mod lists;
mod request;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use progenitor_client::ResponseValue;

use crate::auth::{Credential, TokenClaims, retry_sign_in};
use crate::call::{Call, CallOptions, Shared};
use crate::records::{self, CustomerUsageSummary, PartnerUsageSummary, SubscriptionUsageSummary};
use crate::request::{Request, RequestSlot};
use crate::{
    CallLog, CustomerId, Decimal, Error, Rate, RateLimiter, RetryPolicy, SubscriptionId, WriteGuard, generated,
};

pub use builder::ClientBuilder;
pub use request::{RequestBuilder, Response};

/// A client of Partner Center's usage budget operations.
///
/// Clones are cheap and share their connections. Dropping a method's future cancels the call.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    options: CallOptions,
}

impl Client {
    /// Starts building a client that signs in with `credential`.
    pub fn builder(credential: impl Credential) -> ClientBuilder {
        ClientBuilder::new(Box::new(credential))
    }

    /// This client with another retry policy: `client.with_retry(RetryPolicy::never()).get_budget(customer)`.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with_options(|options| options.policy = policy)
    }

    /// This client with a log of its own. The log collects a report of each call: ids, attempts, the answer to
    /// `ValidateMfa`.
    #[must_use]
    pub fn with_call_log(&self) -> (Self, CallLog) {
        let log = CallLog::default();
        (self.with_options(|options| options.log = Some(log.clone())), log)
    }

    /// This client for one write. The client retries it only after an attempt that definitely had no effect; see
    /// [`WriteGuard`].
    #[must_use]
    pub fn with_write_guard(&self, guard: WriteGuard) -> Self {
        self.with_options(|options| options.write_guard = Some(guard))
    }

    /// The claims of the access token: tenant, app and user. Signs in first if there is no valid token. `None` if the token
    /// is not a JWT.
    ///
    /// # Errors
    ///
    /// [`Error::Auth`] if the sign-in fails. A sign-in that may succeed later is retried, as in every call.
    pub async fn token_claims(&self) -> Result<Option<TokenClaims>, Error> {
        retry_sign_in(&self.options.policy, || self.shared.tokens.claims()).await.map_err(Error::Auth)
    }

    /// The number of attempts that all calls of this client and its clones have made so far.
    pub fn attempts(&self) -> u64 {
        self.shared.attempts.load(Ordering::Relaxed)
    }

    /// The rate of calls that the service allows the partner. `None` until throttling has shown it. Save it at the end of a
    /// job, and pass it to [`ClientBuilder::initial_rate`] for the next one.
    pub fn learned_rate(&self) -> Option<Rate> {
        self.shared.limiter.learned_rate()
    }

    /// The rate limiter that this client shares with its clones. Each attempt of a call waits for a permit of it.
    ///
    /// Its keys are customers, since a customer may have a limit of its own. To resume a job, pass
    /// [`RateLimiter::learned`] of the last client to [`RateLimiter::resume_with`] of the next.
    pub fn rate_limiter(&self) -> &RateLimiter<CustomerId> {
        &self.shared.limiter
    }

    /// The usage spending budget of a customer, in the currency of the customer's usage; `None` if no budget is set.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call, for example for an unknown customer (404, code 60003).
    pub async fn get_budget(&self, customer: CustomerId) -> Result<Option<Decimal>, Error> {
        let call = self.call(Some(customer), async |api| api.get_usage_budget(&customer.into()).await)?;
        Ok(records::amount(call.send().await?))
    }

    /// Sets the usage spending budget of a customer to `amount`, in the currency of the customer's usage.
    ///
    /// A budget is a threshold for reports and notifications: it never stops consumption. The service publishes no rule
    /// for amounts, so the client sends zero, negative and very precise amounts unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call. [`Error::NotConfirmed`] if the service accepts the amount but reports
    /// another one, or if neither its response nor a read afterwards shows the budget. After [`Error::Transport`] and the
    /// statuses 408 and 5xx the budget may or may not be set. Setting it again is safe unless another program changed it in
    /// the meantime.
    pub async fn set_budget(&self, customer: CustomerId, amount: Decimal) -> Result<(), Error> {
        self.update_confirmed_budget(customer, Some(amount)).await
    }

    /// Clears the usage spending budget of a customer: afterwards the customer has no budget.
    ///
    /// # Errors
    ///
    /// As [`set_budget`](Self::set_budget).
    pub async fn clear_budget(&self, customer: CustomerId) -> Result<(), Error> {
        self.update_confirmed_budget(customer, None).await
    }

    /// Updates a budget, and reads it back if the response is not a budget.
    async fn update_confirmed_budget(&self, customer: CustomerId, requested: Option<Decimal>) -> Result<(), Error> {
        let Err(error) = self.update_budget(customer, requested).await else { return Ok(()) };
        let Some(ids) = error.ids_of_unclear_success() else { return Err(error) };
        let found = match self.get_budget(customer).await {
            Ok(found) if found == requested => return Ok(()),
            // The fault is the reason why the budget is unchanged.
            Ok(_) if matches!(error, Error::Api(_)) => return Err(error),
            found => found.map_err(Box::new),
        };
        Err(Error::NotConfirmed { requested, found, ids })
    }

    /// Sets a budget, or clears it with `None`, in one request and without the read that confirms it.
    ///
    /// [`set_budget`](Self::set_budget) and [`clear_budget`](Self::clear_budget) also read the budget back if the response
    /// leaves the outcome open. This method is for callers that read it back themselves.
    ///
    /// # Errors
    ///
    /// As for [`set_budget`](Self::set_budget). A success without a budget in its body is an [`Error::Decode`] or an
    /// [`Error::Api`]. In that case the budget may be set.
    pub async fn update_budget(&self, customer: CustomerId, requested: Option<Decimal>) -> Result<(), Error> {
        let body = generated::types::SpendingBudgetUpdate {
            amount: requested,
            attributes: generated::types::SpendingBudgetUpdateAttributes { object_type: "SpendingBudget".to_owned() },
        };
        let call = self.call(Some(customer), async |api| api.update_usage_budget(&customer.into(), &body).await)?;
        let ids = call.ids();
        let found = records::amount(call.send().await?);
        match requested == found {
            true => Ok(()),
            false => Err(Error::NotConfirmed { requested, found: Ok(found), ids }),
        }
    }

    /// The cost of a customer in the current billing period, with the budget; `None` for a customer without Azure usage.
    /// Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call, for example for an unknown customer (404, code 60003).
    pub async fn get_customer_usage_summary(
        &self,
        customer: CustomerId,
    ) -> Result<Option<CustomerUsageSummary>, Error> {
        let call = self.call(Some(customer), async |api| api.get_customer_usage_summary(&customer.into()).await)?;
        match call.send().await {
            Ok(summary) => Ok(Some(summary.into())),
            Err(Error::Api(fault)) if fault.is_without_usage() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The cost of all customers on legacy offers in the current billing period. Needs a token of an app and a user.
    ///
    /// Azure plans are not included. Microsoft plans to retire this operation.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call.
    pub async fn get_partner_usage_summary(&self) -> Result<PartnerUsageSummary, Error> {
        let call = self.call(None, async |api| api.get_partner_usage_summary().await)?;
        call.send().await.map(PartnerUsageSummary::from)
    }

    /// The cost of one subscription in the current billing period; `None` for a subscription without usage. Needs a token of
    /// an app and a user.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call.
    pub async fn get_subscription_usage_summary(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> Result<Option<SubscriptionUsageSummary>, Error> {
        let call = self.call(Some(customer), async |api| {
            api.get_subscription_usage_summary(&customer.into(), &subscription.into()).await
        })?;
        match call.send().await {
            Ok(summary) => Ok(Some(summary.into())),
            Err(Error::Api(fault)) if fault.is_without_usage() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The call of the operation whose generated `method` builds the request.
    fn call<T, E>(
        &self,
        customer: Option<CustomerId>,
        method: impl AsyncFnOnce(&generated::Client) -> Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<Call<T>, Error> {
        let options = CallOptions { customer, ..self.options.clone() };
        Ok(Call::new(Arc::clone(&self.shared), options, self.build_request(method)?))
    }

    fn build_request<T, E>(
        &self,
        method: impl AsyncFnOnce(&generated::Client) -> Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<Request<T>, Error> {
        let base_url = self.shared.base_url.as_str();
        Request::build(
            &generated::Client::new_with_client(base_url, self.shared.http.clone(), RequestSlot::default()),
            method,
        )
    }

    fn with_options(&self, change: impl FnOnce(&mut CallOptions)) -> Self {
        let mut client = self.clone();
        change(&mut client.options);
        client
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.shared.base_url.as_str()).finish_non_exhaustive()
    }
}
