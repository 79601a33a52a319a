//! Builds a sandbox with customers of one's own.

use std::fmt::Display;
use std::io;

use crate::config::Config;
use crate::fault::Fault;
use crate::rule_syntax::RuleError;
use crate::sandbox::Sandbox;
use crate::world::CustomerSpec;

/// Builds a [`Sandbox`] with customers and figures of your own, for tests.
///
/// [`budget`](Self::budget), [`usage`](Self::usage), [`currency`](Self::currency) and [`legacy_offer`](Self::legacy_offer)
/// apply to the customer that was added last. Ids and amounts are texts or any type that prints as one, such as `CustomerId`
/// and `Decimal` of the client, or integers. Amounts keep their digits. [`start`](Self::start) reports what is invalid.
///
/// ```
/// # async fn example() -> std::io::Result<()> {
/// use partner_center_budgets_sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder()
///     .customer("11111111-1843-4b3b-872f-206e08a08e51", "Contoso")
///     .budget(100)
///     .usage("120.50")
///     .currency("EUR")
///     .customer("22222222-1843-4b3b-872f-206e08a08e51", "Fabrikam")
///     .fault("status=503@get_usage_budget:first=2")
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    config: Config,
    customers: Vec<CustomerSpec>,
    faults: Vec<Fault>,
    /// The first mistake.
    error: Option<RuleError>,
}

impl Sandbox {
    /// Starts building a sandbox with customers and figures of your own.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let sandbox = Sandbox::builder().customer(contoso, "Contoso").budget(100).start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// assert_eq!(client.get_budget(contoso).await?, Some(100.into()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn builder() -> Builder {
        let config = Config { customers: 0, ..Config::default() };
        Builder { config, customers: Vec::new(), faults: Vec::new(), error: None }
    }
}

impl Builder {
    /// Adds a customer on an Azure plan in US dollars, without a budget and without Azure usage. The id is a GUID.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// assert_eq!(client.get_budget(contoso).await?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn customer(mut self, id: impl Display, name: impl Into<String>) -> Self {
        self.customers.push(CustomerSpec::new(id.to_string(), name.into()));
        self
    }

    /// Sets the budget of the customer.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let sandbox = Sandbox::builder().customer(contoso, "Contoso").budget("2500.50").start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// assert_eq!(client.get_budget(contoso).await?, Some("2500.50".parse()?));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn budget(self, amount: impl Display) -> Self {
        self.change("budget", |customer| customer.budget = Some(amount.to_string()))
    }

    /// Adds a subscription with this cost in the current billing period, in the currency of the customer. The costs of its
    /// meters and resources are generated, and add up to it.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// // Two subscriptions.
    /// let sandbox = Sandbox::builder().customer(contoso, "Contoso").usage("120.50").usage(7).start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// let summary = client.get_customer_usage_summary(contoso).await?;
    /// assert_eq!(summary.and_then(|summary| summary.total_cost), Some("127.50".parse()?));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn usage(self, cost: impl Display) -> Self {
        self.change("usage", |customer| customer.costs.push(cost.to_string()))
    }

    /// Sets the currency of the customer: `EUR`, `GBP`, `SEK` or `USD`.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, Currency, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let sandbox = Sandbox::builder().customer(contoso, "Contoso").usage(7).currency("EUR").start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// let summary = client.get_customer_usage_summary(contoso).await?;
    /// assert_eq!(summary.and_then(|summary| summary.currency), Some(Currency::Code("EUR".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn currency(self, code: impl Into<String>) -> Self {
        self.change("currency", |customer| customer.currency = code.into())
    }

    /// Puts the customer on the legacy offer MS-AZR-0145P: its currency appears as a locale, and its billing period begins on
    /// the 28th.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, Currency, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let builder = Sandbox::builder().customer(contoso, "Contoso").usage(7).currency("GBP");
    /// let sandbox = builder.legacy_offer().start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// let summary = client.get_customer_usage_summary(contoso).await?;
    /// assert_eq!(summary.and_then(|summary| summary.currency), Some(Currency::Locale("en-GB".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn legacy_offer(self) -> Self {
        self.change("legacy_offer", |customer| customer.is_legacy = true)
    }

    /// Adds a rule that injects faults, in the syntax of [`Fault`]: after those of the [`config`](Self::config).
    /// [`Sandbox::set_faults`] replaces the rules later.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let builder = Sandbox::builder().customer(contoso, "Contoso").fault("status=503@get_usage_budget:first=1");
    /// let sandbox = builder.start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// client.get_budget(contoso).await?;
    /// assert_eq!(client.attempts(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fault(mut self, rule: &str) -> Self {
        match rule.parse() {
            Ok(fault) => self.faults.push(fault),
            Err(error) => self = self.with_error(error),
        }
        self
    }

    /// Changes the configuration, which is [`Config::default`] without generated customers. Generated customers come first in
    /// lists.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let builder = Sandbox::builder().customer(contoso, "Contoso");
    /// let sandbox = builder.config(|config| config.customers = 1).start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// # let mut names = Vec::new();
    /// # let mut customers = client.list_customers(Default::default());
    /// # while let Some(customer) = customers.try_next().await? {
    /// #     names.extend(customer.company_name);
    /// # }
    /// assert_eq!(names, ["Blue Harbor Logistics", "Contoso"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn config(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Starts the sandbox.
    ///
    /// ```
    /// # use partner_center_budgets_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let builder = Sandbox::builder().customer("11111111-1843-4b3b-872f-206e08a08e51", "Contoso").budget("12,50");
    /// let error = builder.start().await.unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) for an invalid id, amount, currency or rule, for an id that another
    /// customer has, and for a budget or usage before the first customer. Otherwise as [`Sandbox::with`].
    ///
    /// # Panics
    ///
    /// As [`Sandbox::start`].
    pub async fn start(mut self) -> io::Result<Sandbox> {
        if let Some(error) = self.error {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
        }
        self.config.faults.append(&mut self.faults);
        Sandbox::with_customers(self.config, &self.customers).await
    }

    fn change(mut self, method: &str, change: impl FnOnce(&mut CustomerSpec)) -> Self {
        match self.customers.last_mut() {
            Some(customer) => change(customer),
            None => self = self.with_error(RuleError::new(format!("call `customer` before `{method}`"))),
        }
        self
    }

    fn with_error(mut self, error: RuleError) -> Self {
        self.error.get_or_insert(error);
        self
    }
}
