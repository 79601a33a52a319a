//! `pc-budgets usage CUSTOMER`: what the cost of one customer consists of.

mod costs;
mod item;
mod print;
mod read;

use chrono::Utc;
use clap::ValueEnum;
use partner_center_budgets::{
    Client, CustomerUsageRecord, CustomerUsageSummary, SubscriptionId, SubscriptionUsageRecord,
};
use partner_center_budgets_fleet::history::RecentCosts;
use partner_center_budgets_fleet::{Assessment, CustomerUsage, Thresholds};

use crate::commands::customer_arg::{CustomerSelector, Matching, SelectedCustomer};
use crate::error::CliError;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use costs::Costs;
pub(crate) use print::BreakdownRecord;
use read::{read_items, read_subscriptions};

/// How many cost items the table shows.
const SHOWN: usize = 20;

/// The options for a single customer.
#[derive(Debug, clap::Args)]
pub(super) struct CustomerOptions {
    /// Break the cost down by ITEM [default: subscription]
    #[arg(long, value_enum, value_name = "ITEM", requires = "customer")]
    by: Option<By>,
    /// Only the usage of the subscription with this id, which `usage CUSTOMER` shows
    #[arg(long, value_name = "ID", requires = "customer")]
    subscription: Option<SubscriptionId>,
}

/// The dimension of a breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Subscriptions; an Azure plan is one of them
    Subscription,
    /// Categories of services, such as Virtual Machines: the sum of their meters
    Category,
    /// Meters: what is counted, such as Compute Hours
    Meter,
    /// Resources: each one of an Azure plan; for legacy offers the kinds of resources
    Resource,
}

impl By {
    /// The plural for headings.
    fn items(self) -> &'static str {
        match self {
            Self::Subscription => "subscriptions",
            Self::Category => "categories",
            Self::Meter => "meters",
            Self::Resource => "resources",
        }
    }
}

/// The cost of one customer, broken down.
struct Breakdown {
    customer: SelectedCustomer,
    by: By,
    /// The record of the customer, completed by its summary.
    record: CustomerUsageRecord,
    summary: CustomerUsageSummary,
    assessment: Assessment,
    /// The subscription that was selected.
    subscription: Option<SubscriptionUsageRecord>,
    /// The operations that had the items.
    operations: Vec<&'static str>,
    costs: Costs,
}

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
