//! The usage summaries of the customers whose usage record is not enough for the report.

use std::collections::{BTreeSet, HashMap};

use futures_util::stream;
use partner_center_budgets::{Client, CustomerId, CustomerUsageRecord, CustomerUsageSummary};
use partner_center_budgets_fleet::{needs_summary, read_summaries};

use crate::failure::Told;
use crate::output::counted;
use crate::output::notice;
use crate::plan::{lines, patient};
use crate::progress::Display;
use crate::steering::harmless;

#[derive(Default)]
pub(super) struct Summaries {
    count: usize,
    read: HashMap<CustomerId, CustomerUsageSummary>,
    failed: Vec<String>,
}

impl Summaries {
    /// One call for each of those customers, many at a time.
    pub(super) async fn read(client: &Client, records: &[CustomerUsageRecord]) -> anyhow::Result<Self> {
        let customers = records.iter().filter(|record| needs_summary(record)).filter_map(|record| record.customer_id);
        let customers: BTreeSet<CustomerId> = customers.collect();
        let mut summaries = Self { count: customers.len(), ..Self::default() };
        if summaries.count == 0 {
            return Ok(summaries);
        }
        // Before the first call, because it can take minutes.
        let calls = counted(summaries.count, "call");
        notice(format_args!("reading usage summaries for billing periods and missing budgets: {calls}"));
        let client = patient(client);
        let mut reads = read_summaries(&client, stream::iter(customers));
        let _display = Display::of("reading summaries", reads.progress());
        while let Some(outcome) = reads.next().await {
            match outcome.result {
                Ok(Some(summary)) => drop(summaries.read.insert(outcome.customer, summary)),
                Ok(None) => {}
                // No other call would succeed either.
                Err(error) if error.is_unauthenticated() => {
                    return Err(error.into());
                }
                Err(error) => {
                    let why = format!("{:#}", anyhow::Error::from(error));
                    summaries.failed.push(format!("{}: {}", outcome.customer, harmless(&why)));
                }
            }
        }
        Ok(summaries)
    }

    pub(super) fn take(&mut self, customer: Option<CustomerId>) -> Option<CustomerUsageSummary> {
        self.read.remove(&customer?)
    }

    /// Reports the customers whose summary could not be read.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        self.failed.sort();
        let what = format!("{} of {} usage summaries could not be read", self.failed.len(), self.count);
        let text = Told::lines(
            what,
            "the reasons are listed above",
            "run it again; the report has these customers as their usage records do, without a trend where that needs a summary",
        );
        Err(Told::failed(lines(&self.failed) + &text).into())
    }
}
