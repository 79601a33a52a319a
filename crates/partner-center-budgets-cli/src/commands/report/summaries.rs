//! The usage summaries that the report needs in addition to the usage records.

use std::collections::{BTreeSet, HashMap};

use futures_util::stream;
use partner_center_budgets::{Client, CustomerId, CustomerUsageRecord, CustomerUsageSummary};
use partner_center_budgets_fleet::{needs_summary, read_summaries};

use crate::commands::current_budgets::with_fleet_timeout;
use crate::error::CliError;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::output::progress::ProgressLine;

#[derive(Default)]
pub(super) struct Summaries {
    count: usize,
    read: HashMap<CustomerId, CustomerUsageSummary>,
    failed: Vec<String>,
}

impl Summaries {
    /// Reads the summaries of the customers whose record is not enough, concurrently.
    pub(super) async fn read(client: &Client, records: &[CustomerUsageRecord]) -> anyhow::Result<Self> {
        let customers = records.iter().filter(|record| needs_summary(record)).filter_map(|record| record.customer_id);
        let customers: BTreeSet<CustomerId> = customers.collect();
        let mut summaries = Self { count: customers.len(), ..Self::default() };
        if summaries.count == 0 {
            return Ok(summaries);
        }
        // Print this first, because the calls can take minutes.
        let calls = quantity(summaries.count, "call");
        notice(format_args!("reading usage summaries for billing periods and missing budgets: {calls}"));
        let client = with_fleet_timeout(client);
        let mut reads = read_summaries(&client, stream::iter(customers));
        let _progress = ProgressLine::start("reading summaries", reads.progress());
        while let Some(outcome) = reads.next().await {
            match outcome.result {
                Ok(Some(summary)) => drop(summaries.read.insert(outcome.customer, summary)),
                Ok(None) => {}
                // All other calls would fail for the same reason.
                Err(error) if error.is_unauthenticated() => return Err(error.into()),
                Err(error) => {
                    let why = format!("{:#}", anyhow::Error::from(error));
                    summaries.failed.push(format!("{}: {why}", outcome.customer));
                }
            }
        }
        Ok(summaries)
    }

    pub(super) fn take(&mut self, customer: Option<CustomerId>) -> Option<CustomerUsageSummary> {
        self.read.remove(&customer?)
    }

    /// Fails with the customers whose summary could not be read.
    pub(super) fn ensure_complete(mut self) -> anyhow::Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        self.failed.sort();
        let what = format!("{} of {} usage summaries could not be read", self.failed.len(), self.count);
        let next =
            "run it again; for these customers the report uses the usage records alone, in some cases without a trend";
        Err(CliError::failed(what, "the reasons are listed above", next).items(self.failed).into())
    }
}
