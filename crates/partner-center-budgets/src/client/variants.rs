//! Clients with other options for their calls.

use super::Client;
use crate::call::CallOptions;
use crate::{CallLog, RetryPolicy, WriteGuard};

/// Variants: clients with other options, which share the connections, the token and the rate limit of this one.
impl Client {
    /// This client with another retry policy.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, RetryPolicy};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let budget = client.with_retry(RetryPolicy::never()).get_budget(customer).await?;
    /// println!("one attempt found the budget {budget:?}");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with_options(|options| options.policy = policy)
    }

    /// This client with a log of its own. The log collects a report of each call: ids, attempts, the answer to
    /// `ValidateMfa`.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let (client, log) = client.with_call_log();
    /// client.get_budget(customer).await?;
    /// for report in log.take() {
    ///     println!("{}: {} attempts in {:?}", report.operation, report.attempts, report.took);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_call_log(&self) -> (Self, CallLog) {
        let log = CallLog::default();
        (self.with_options(|options| options.log = Some(log.clone())), log)
    }

    /// This client for one write. The client retries it only after an attempt that definitely had no effect; see
    /// [`WriteGuard`].
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Decimal, Error, WriteGuard};
    /// # async fn example(client: Client, customer: CustomerId, amount: Decimal) -> Result<(), Error> {
    /// let guard = WriteGuard::new(tokio_util::sync::CancellationToken::new());
    /// let result = client.with_write_guard(guard.clone()).update_budget(customer, Some(amount)).await;
    /// if result.is_err() && !guard.outcome_unknown() {
    ///     println!("the budget is unchanged");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_write_guard(&self, guard: WriteGuard) -> Self {
        self.with_options(|options| options.write_guard = Some(guard))
    }

    fn with_options(&self, change: impl FnOnce(&mut CallOptions)) -> Self {
        let mut client = self.clone();
        change(&mut client.options);
        client
    }
}
