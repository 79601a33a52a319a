//! Where the client sends its calls, with which headers, how often and how fast.

use std::num::NonZeroU32;
use std::time::Duration;

use super::ClientBuilder;
use crate::{Cloud, InFlight, Rate, RetryPolicy};

impl ClientBuilder {
    /// The cloud of the partner. The default is [`Cloud::Global`].
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Cloud, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let client = Client::builder(FixedToken::new(token)).cloud(Cloud::China).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// The base URL of the service, such as that of a gateway. The default is the one of the cloud. The sign-in stays that of
    /// the cloud.
    ///
    /// It must be https, because the token is sent there. Plain http is accepted for loopback addresses only.
    ///
    /// A stand-in for the service, such as the sandbox, has an authority and an audience of its own. Use
    /// [`Cloud::custom`] for it, so that no secret of it goes to Microsoft, and none of yours to it:
    ///
    /// ```
    /// # use partner_center_budgets::Error;
    /// use partner_center_budgets::{Client, Cloud, auth::ClientSecret};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let url = "http://127.0.0.1:7780";
    /// let secret = ClientSecret::new("contoso.onmicrosoft.com", "22222222-2222-2222-2222-222222222222", "a-secret");
    /// let client = Client::builder(secret).cloud(Cloud::custom(url, url, url)).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The language of texts in responses, sent as `X-Locale`. The default is `en-US`.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let client = Client::builder(FixedToken::new(token)).locale("de-DE").build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn locale(self, locale: impl Into<String>) -> Self {
        self.header("X-Locale", locale)
    }

    /// The name of the program, sent as `MS-PartnerCenter-Application`.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let client = Client::builder(FixedToken::new(token)).application_name("budget-report").build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn application_name(self, name: impl Into<String>) -> Self {
        self.header("MS-PartnerCenter-Application", name)
    }

    /// Asks the service with every call whether the token passed multi-factor authentication. The answer is in the
    /// [`CallReport`](crate::CallReport) of each call, see
    /// [`Client::with_call_log`](crate::Client::with_call_log).
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, auth::FixedToken};
    /// # async fn example(token: String, customer: CustomerId) -> Result<(), Error> {
    /// let (client, log) = Client::builder(FixedToken::new(token)).validate_mfa().build()?.with_call_log();
    /// client.get_budget(customer).await?;
    /// for report in log.take() {
    ///     println!("multi-factor authentication: {:?}", report.is_mfa_compliant);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn validate_mfa(self) -> Self {
        self.header("ValidateMfa", "true")
    }

    /// Adds a header to every call. It replaces a header of the same name.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let client = Client::builder(FixedToken::new(token)).header("X-Gateway-Tenant", "contoso").build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// When and how often the client retries a call.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, RetryPolicy, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let policy = RetryPolicy::default().total(std::time::Duration::from_secs(20));
    /// let client = Client::builder(FixedToken::new(token)).retry(policy).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The timeout of one attempt. The default is 60 seconds. [`RetryPolicy::total`] limits all attempts together.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let timeout = std::time::Duration::from_secs(15);
    /// let client = Client::builder(FixedToken::new(token)).attempt_timeout(timeout).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The maximum size of a page of a list, in bytes. The default is 64 MiB.
    ///
    /// Fixed limits apply, too, because decoding takes many times the memory of the text: 250,000 items per page, and 1 MiB
    /// for a single object, an item, and a page without its items. A larger response is an
    /// [`Error::Decode`](crate::Error::Decode).
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let client = Client::builder(FixedToken::new(token)).response_limit(8 * 1024 * 1024).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// The rate that an earlier client of the same partner learned, see
    /// [`Client::learned_rate`](crate::Client::learned_rate).
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, Rate, auth::FixedToken};
    /// # fn example(token: String, saved_per_second: f64) -> Result<Client, Error> {
    /// let rate = Rate::per_second(saved_per_second);
    /// let client = Client::builder(FixedToken::new(token)).initial_rate(rate).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn initial_rate(mut self, rate: Rate) -> Self {
        self.limiter = self.limiter.initial_rate(rate);
        self
    }

    /// The maximum number of calls in flight, and about as many connections. The default is 56, which keeps the number of
    /// connections at 64 or less: the HTTP library sometimes opens one that it does not need.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Box<dyn std::error::Error>> {
    /// let client = Client::builder(FixedToken::new(token)).max_in_flight(8.try_into()?).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn max_in_flight(mut self, max: NonZeroU32) -> Self {
        self.limiter = self.limiter.max_in_flight(max.get());
        self
    }

    /// Lists the requests in flight of the client and of its sign-ins, so that a program can show them.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, InFlight, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let in_flight = InFlight::default();
    /// let client = Client::builder(FixedToken::new(token)).in_flight(in_flight.clone()).build()?;
    /// // In the task that shows the progress:
    /// if let Some((host, waiting)) = in_flight.longest() {
    ///     println!("waiting for {host} for {} s", waiting.as_secs());
    /// }
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn in_flight(mut self, in_flight: InFlight) -> Self {
        self.in_flight = in_flight;
        self
    }
}
