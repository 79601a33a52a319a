//! Reports of calls, for support cases and measurements.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::{CallIds, lock};

/// The report of one call.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CallReport {
    /// The operation of the OpenAPI document, or for instance `GET request`.
    pub operation: &'static str,
    /// The ids that were sent, the same with all attempts.
    pub ids: CallIds,
    /// `MS-RequestId` of the response, if it has one.
    pub answered_request_id: Option<String>,
    /// `MS-CorrelationId` of the response, if it has one.
    pub answered_correlation_id: Option<String>,
    /// HTTP status of the last response; `None` if none arrived.
    pub status: Option<u16>,
    /// The number of attempts.
    pub attempts: u32,
    /// The duration of the call, waits included.
    pub took: Duration,
    /// Whether the token passed multi-factor authentication. `None` if the service did not say; see
    /// [`ClientBuilder::validate_mfa`](crate::ClientBuilder::validate_mfa).
    pub is_mfa_compliant: Option<bool>,
}

/// The reports of all calls of one client and its clones. Made by [`Client::with_call_log`](crate::Client::with_call_log).
///
/// ```no_run
/// # use partner_center_budgets::{Client, CustomerId, Error};
/// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
/// let (client, log) = client.with_call_log();
/// if client.get_budget(customer).await.is_err() {
///     for report in log.take() {
///         println!("{}: MS-CorrelationId {}", report.operation, report.ids.correlation);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct CallLog(Arc<Mutex<VecDeque<CallReport>>>);

impl CallLog {
    /// Removes and returns the reports, in the order in which the calls ended. The log holds the last 10,000: a log that is
    /// never read must not grow without limit.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let (client, log) = client.with_call_log();
    /// client.get_budget(customer).await?;
    /// let retries: u32 = log.take().iter().map(|report| report.attempts - 1).sum();
    /// assert!(log.take().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&self) -> Vec<CallReport> {
        std::mem::take(&mut *lock(&self.0)).into()
    }

    pub(crate) fn add(&self, report: CallReport) {
        let mut reports = lock(&self.0);
        if reports.len() == 10_000 {
            reports.pop_front();
        }
        reports.push_back(report);
    }
}
