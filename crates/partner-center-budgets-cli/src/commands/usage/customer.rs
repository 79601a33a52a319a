//! `pc-budgets usage CUSTOMER`: what the cost of one customer consists of.

mod breakdown;
mod costs;
mod item;
mod options;
mod print;
mod read;

use chrono::Utc;
use partner_center_budgets::{Client, CustomerUsageRecord};
use partner_center_budgets_fleet::history::RecentCosts;
use partner_center_budgets_fleet::{CustomerUsage, Thresholds};

use crate::commands::customer_arg::{CustomerSelector, Matching};
use crate::error::CliError;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use breakdown::Breakdown;
use costs::Costs;
use options::By;
pub(super) use options::CustomerOptions;
pub(crate) use print::BreakdownRecord;
use read::{read_items, read_subscriptions};

/// How many cost items the table shows.
const SHOWN: usize = 20;

pub(super) async fn run(
    client: &Client,
    selector: &CustomerSelector,
    options: &CustomerOptions,
    past: &RecentCosts,
    top: Option<usize>,
    format: OutputFormat,
) -> anyhow::Result<()> {
    let customer = selector.resolve(client, Matching::UniqueStart).await?;
    let Some(summary) = client.get_customer_usage_summary(customer.id).await? else {
        return Err(CliError::nothing_to_do(format!("the customer {} has no Azure usage", customer.id)).into());
    };
    let mut subscriptions = read_subscriptions(client, customer.id).await?;
    if let Some(id) = options.subscription {
        subscriptions = read::select(client, customer.id, subscriptions, id).await?;
    }
    let by = options.by.unwrap_or(By::Subscription);
    let is_for_people = matches!(format, OutputFormat::Table | OutputFormat::Markdown);
    let limit = top.unwrap_or(if is_for_people { SHOWN } else { usize::MAX });
    let total = match (&options.subscription, subscriptions.as_slice()) {
        (Some(_), [subscription]) => subscription.total_cost,
        _ => summary.total_cost,
    };
    let mut costs = Costs::new(limit, total);
    let operations = read_items(client, customer.id, &subscriptions, by, &mut costs).await?;
    let mut record = CustomerUsageRecord::default();
    record.customer_id = Some(customer.id);
    let usage = past.with_pace(CustomerUsage::new(record).with_summary(summary.clone()));
    let assessment = usage.assess(Utc::now(), &Thresholds::default());
    let breakdown = Breakdown {
        customer,
        by,
        record: usage.into_record(),
        summary,
        assessment,
        subscription: options.subscription.and_then(|_| subscriptions.pop()),
        operations,
        costs: costs.sorted(),
    };
    print::print(&breakdown, format)?;
    if !is_for_people && breakdown.costs.other_count() > 0 {
        notice(format_args!("{} smaller {} left out", breakdown.costs.other_count(), by.items()));
    }
    Ok(())
}
