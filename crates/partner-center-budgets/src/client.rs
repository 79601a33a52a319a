//! The client.

mod lists;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use crate::auth::FixedToken;
use crate::base_url::BaseUrl;
use crate::call::{Call, Common};
use crate::records::{self, CustomerUsageSummary, PartnerUsageSummary, SubscriptionUsageSummary};
use crate::{CustomerId, Decimal, Error, SubscriptionId, generated, tls};

/// A client of Partner Center's usage budget operations.
///
/// Clones are cheap and share their connections. Dropping a method's future cancels the call.
#[derive(Clone)]
pub struct Client {
    base_url: BaseUrl,
    http: reqwest::Client,
    common: Arc<Common>,
}

impl Client {
    /// Starts building a client that signs in with `credential`.
    pub fn builder(credential: FixedToken) -> ClientBuilder {
        ClientBuilder { credential, base_url: None, locale: "en-US".to_owned(), timeout: Duration::from_secs(60) }
    }

    /// The usage spending budget of a customer, in the currency of the customer's usage; `None` where no budget is set.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] where the service refuses, among it an unknown customer (404, code 60003).
    pub async fn get_budget(&self, customer: CustomerId) -> Result<Option<Decimal>, Error> {
        let api = self.api();
        let result = api.get_usage_budget(&customer.into()).await;
        Ok(records::amount(api.inner.finish(result)?))
    }

    /// Sets the usage spending budget of a customer to `amount`, in the currency of the customer's usage.
    ///
    /// A budget is a threshold for reports and notifications: it never stops consumption. The service publishes no rule
    /// for amounts, so zero, negative and very precise ones are passed on as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] where the service refuses, and [`Error::Unconfirmed`] where it accepts the amount and then reports
    /// another one. After [`Error::Transport`] and [`Error::Decode`] the budget may be set or not; setting it again does
    /// no harm.
    pub async fn set_budget(&self, customer: CustomerId, amount: Decimal) -> Result<(), Error> {
        self.update_budget(customer, Some(amount)).await
    }

    /// Clears the usage spending budget of a customer, so that the customer has none.
    ///
    /// # Errors
    ///
    /// As [`set_budget`](Self::set_budget).
    pub async fn clear_budget(&self, customer: CustomerId) -> Result<(), Error> {
        self.update_budget(customer, None).await
    }

    async fn update_budget(&self, customer: CustomerId, asked: Option<Decimal>) -> Result<(), Error> {
        let body = generated::types::SpendingBudgetUpdate {
            amount: asked,
            attributes: generated::types::SpendingBudgetUpdateAttributes { object_type: "SpendingBudget".to_owned() },
        };
        let api = self.api();
        let result = api.update_usage_budget(&customer.into(), &body).await;
        let found = records::amount(api.inner.finish(result)?);
        match asked == found {
            true => Ok(()),
            false => Err(Error::Unconfirmed { asked, found, ids: api.inner.ids() }),
        }
    }

    /// What a customer has consumed in the current billing period, beside its budget; `None` for a customer who has not
    /// used Azure. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] where the service refuses, among it an unknown customer (404, code 60003).
    pub async fn get_customer_usage_summary(
        &self,
        customer: CustomerId,
    ) -> Result<Option<CustomerUsageSummary>, Error> {
        let api = self.api();
        let result = api.get_customer_usage_summary(&customer.into()).await;
        match api.inner.finish(result) {
            Ok(summary) => Ok(Some(summary.into())),
            Err(Error::Api(fault)) if fault.is_without_usage() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What all customers on legacy offers have consumed in the current billing period. Needs a token of an app and a user.
    ///
    /// Azure plans are not part of it, and Microsoft plans to retire it.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] where the service refuses.
    pub async fn get_partner_usage_summary(&self) -> Result<PartnerUsageSummary, Error> {
        let api = self.api();
        let result = api.get_partner_usage_summary().await;
        api.inner.finish(result).map(PartnerUsageSummary::from)
    }

    /// What one subscription has consumed in the current billing period. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] where the service refuses.
    pub async fn get_subscription_usage_summary(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> Result<SubscriptionUsageSummary, Error> {
        let api = self.api();
        let result = api.get_subscription_usage_summary(&customer.into(), &subscription.into()).await;
        api.inner.finish(result).map(SubscriptionUsageSummary::from)
    }

    /// The generated client with the context of one call.
    fn api(&self) -> generated::Client {
        let call = Call::new(Arc::clone(&self.common));
        generated::Client::new_with_client(self.base_url.as_str(), self.http.clone(), call)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url.as_str()).finish_non_exhaustive()
    }
}

/// The settings of a [`Client`] to be.
#[derive(Clone)]
pub struct ClientBuilder {
    credential: FixedToken,
    base_url: Option<String>,
    locale: String,
    timeout: Duration,
}

impl ClientBuilder {
    /// Where the service is. The default is `https://api.partnercenter.microsoft.com`.
    ///
    /// Must be https, since a token goes there; plain http is accepted for loopback addresses only.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Language of texts in answers, sent as `X-Locale`. The default is `en-US`.
    #[must_use]
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = locale.into();
        self
    }

    /// How long one call may take in all. The default is 60 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for a base URL, token or locale that cannot be used, [`Error::Setup`] where TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = BaseUrl::parse(self.base_url.as_deref())?;
        let authorization = self.credential.authorization()?;
        let locale = HeaderValue::try_from(&self.locale).map_err(|_| {
            Error::input(format!("`{}` is not a locale", self.locale), "write a language tag such as en-US")
        })?;
        let http = reqwest::Client::builder()
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .timeout(self.timeout)
            // The token is for the base URL alone.
            .redirect(reqwest::redirect::Policy::none());
        // Over plain http a proxy would read the token; https goes through it unread.
        let http = if base_url.is_https() { http } else { http.no_proxy() };
        let http = tls::configure(http, &base_url)?.build().map_err(|error| Error::Setup { source: error.into() })?;
        Ok(Client { base_url, http, common: Arc::new(Common { authorization, locale }) })
    }
}

/// Leaves out the credential and the base URL, which may hold what is not meant for logs.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("locale", &self.locale)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
