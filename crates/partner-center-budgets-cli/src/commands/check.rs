//! `pc-budgets check`: the customers whose budget needs attention.

mod arguments;
mod checked;
mod print;
mod prometheus;

use chrono::Utc;
use partner_center_budgets::{Client, CustomerUsageRecord, Decimal};
use partner_center_budgets_fleet::CustomerUsage;
use partner_center_budgets_fleet::history::PACE_DAYS;

use super::customer_arg::{CustomerSelector, Matching};
use super::preflight;
use super::summaries::{self, ReadSummaries};
use crate::error::CliError;
use crate::output::format::Output;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::session::connection::Connection;
pub(crate) use arguments::CheckArgs;
use checked::Checked;
pub(crate) use print::CheckRecord;

pub(crate) async fn run(connection: Connection, args: &CheckArgs, output: Output) -> anyhow::Result<()> {
    preflight::ensure_ordered_thresholds(args.near, args.over)?;
    let session = connection.open().await?;
    let client = &session.client;
    let past = args.history.read(&session, PACE_DAYS).await?;
    let thresholds = args.thresholds();
    let mut checked = Checked::new(args, Utc::now(), output == Output::Prometheus);
    let mut insufficient = Vec::new();
    if !args.customers.is_empty() {
        for selector in &args.customers {
            checked.add(past.with_pace(read_customer(client, selector).await?));
        }
        return finish(checked, output, ReadSummaries::default());
    }
    let mut records = client.list_customer_usage_records();
    while let Some(record) = records.try_next().await? {
        let usage = past.with_pace(CustomerUsage::new(record));
        match args.trending && usage.needs_summary(&thresholds) {
            true => insufficient.push(usage),
            false => checked.add(usage),
        }
    }
    let (completed, summaries) = summaries::complete(client, insufficient, &thresholds).await?;
    completed.into_iter().for_each(|usage| checked.add(usage));
    finish(checked, output, summaries)
}

/// The usage of one customer. A customer without Azure usage costs nothing.
async fn read_customer(client: &Client, selector: &CustomerSelector) -> anyhow::Result<CustomerUsage> {
    let customer = selector.resolve(client, Matching::UniqueStart).await?;
    let mut record = CustomerUsageRecord::default();
    (record.customer_id, record.customer_name) = (Some(customer.id), customer.name);
    match client.get_customer_usage_summary(customer.id).await? {
        Some(summary) => {
            record.customer_name = record.customer_name.or_else(|| summary.customer_name.clone());
            Ok(CustomerUsage::new(record).with_summary(summary))
        }
        None => {
            record.budget = client.get_budget(customer.id).await?;
            record.total_cost = Some(Decimal::default());
            Ok(CustomerUsage::new(record))
        }
    }
}

fn finish(mut checked: Checked<'_>, output: Output, summaries: ReadSummaries) -> anyhow::Result<()> {
    checked.sort();
    print::print(&checked, output)?;
    // Report unread summaries even if customers need attention: the list may be incomplete.
    summaries.ensure_complete()?;
    let result = checked.headline();
    if checked.needs_exit_code() {
        return Err(CliError::attention(result).into());
    }
    match checked.attention().is_empty() {
        true => notice(format_args!("nothing needs attention; checked {}", quantity(checked.customers(), "customer"))),
        false => notice(result),
    }
    Ok(())
}
