//! The usage summaries of customers whose usage record is not enough to assess their budget.

use std::collections::{BTreeSet, HashMap};

use futures_util::stream;
use partner_center_budgets::{Client, CustomerId, CustomerUsageSummary};
use partner_center_budgets_fleet::{CustomerUsage, Thresholds, read_summaries};

use crate::commands::current_budgets::with_fleet_timeout;
use crate::error::{CliError, error_line};
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::output::progress::ProgressLine;

/// The outcome of [`complete`].
#[derive(Default)]
pub(crate) struct ReadSummaries {
    count: usize,
    failed: Vec<String>,
}

/// Adds summaries to the `customers` whose record is not enough. The calls are concurrent, one for each customer.
pub(crate) async fn complete(
    client: &Client,
    customers: Vec<CustomerUsage>,
    thresholds: &Thresholds,
) -> anyhow::Result<(Vec<CustomerUsage>, ReadSummaries)> {
    let insufficient = customers.iter().filter(|usage| usage.needs_summary(thresholds));
    let ids: BTreeSet<CustomerId> = insufficient.filter_map(|usage| usage.record().customer_id).collect();
    let mut outcome = ReadSummaries { count: ids.len(), failed: Vec::new() };
    if ids.is_empty() {
        return Ok((customers, outcome));
    }
    let mut summaries = outcome.read(client, ids).await?;
    let completed = customers.into_iter().map(|usage| {
        match usage.record().customer_id.and_then(|customer| summaries.remove(&customer)) {
            Some(summary) => usage.with_summary(summary),
            None => usage,
        }
    });
    Ok((completed.collect(), outcome))
}

impl ReadSummaries {
    async fn read(
        &mut self,
        client: &Client,
        customers: BTreeSet<CustomerId>,
    ) -> anyhow::Result<HashMap<CustomerId, CustomerUsageSummary>> {
        // Print this first, because the calls can take minutes.
        let calls = quantity(self.count, "call");
        notice(format_args!("reading usage summaries for billing periods and missing budgets: {calls}"));
        let client = with_fleet_timeout(client);
        let mut reads = read_summaries(&client, stream::iter(customers));
        let _progress = ProgressLine::start("reading summaries", reads.progress());
        let mut summaries = HashMap::new();
        while let Some(outcome) = reads.next().await {
            match outcome.result {
                Ok(Some(summary)) => drop(summaries.insert(outcome.customer, summary)),
                Ok(None) => {}
                // All other calls would fail for the same reason.
                Err(error) if error.is_unauthenticated() => return Err(error.into()),
                Err(error) => self.failed.push(format!("{}: {}", outcome.customer, error_line(&error))),
            }
        }
        Ok(summaries)
    }

    /// Fails with the customers whose summary could not be read.
    pub(crate) fn ensure_complete(mut self) -> anyhow::Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        self.failed.sort();
        let what = format!("{} of {} usage summaries could not be read", self.failed.len(), self.count);
        let next =
            "run it again; these customers are shown by their usage records alone, in some cases without a projection";
        Err(CliError::failed(what, "the reasons are listed above", next).items(self.failed).into())
    }
}
