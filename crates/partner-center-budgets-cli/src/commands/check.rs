//! `pc-budgets check`: the customers whose budget needs attention.

mod checked;
mod print;
mod prometheus;

use chrono::Utc;
use clap::ValueEnum;
use partner_center_budgets::{Client, CustomerUsageRecord, Decimal};
use partner_center_budgets_fleet::history::PACE_DAYS;
use partner_center_budgets_fleet::{CustomerUsage, Thresholds};

use super::customer_arg::{CustomerSelector, Matching};
use super::history::HistoryArgs;
use super::preflight;
use super::summaries::{self, ReadSummaries};
use crate::error::CliError;
use crate::output::format::Output;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::session::connection::Session;
use crate::values::percent;
use checked::Checked;
pub(crate) use print::CheckRecord;

/// Show the customers whose budget needs attention, and exit with 5 if there are any
///
/// For unattended use. Shows customers over their budget and near it; --trending adds those that will be over it before
/// their billing period ends, and --no-budget those without one. Customers without Azure usage are not checked. Needs a
/// token of an app and a user.
///
/// --output json has the thresholds, the counts and the customers; ndjson and csv have the customers as `usage` does;
/// markdown is for job summaries and mails; prometheus has the figures of all customers for a textfile collector.
///
/// Exit codes: 0 nothing needs attention; 1 failed, or some summaries could not be read; 2 wrong usage; 3 sign-in; 5 some
/// customers need attention, see --fail-on.
///
/// Example: pc-budgets check --trending --output markdown
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// A customer is over its budget from this percentage on
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = percent, allow_hyphen_values = true)]
    over: Decimal,
    /// A customer is near its budget from this percentage on
    #[arg(long, value_name = "PERCENT", default_value = "80", value_parser = percent, allow_hyphen_values = true)]
    near: Decimal,
    /// Also show customers that will be over their budget before their billing period ends
    ///
    /// Reads the usage summaries of customers on legacy offers, whose billing period is not in the usage records: a call for
    /// each. The number of calls is printed first.
    #[arg(long)]
    trending: bool,
    /// Also show customers without a budget
    #[arg(long)]
    no_budget: bool,
    /// Only this customer, named by id, name or domain; can be given several times
    ///
    /// Takes two calls for each customer and a lookup for a name, instead of the list of all usage records.
    #[arg(long = "customer", value_name = "CUSTOMER")]
    customers: Vec<CustomerSelector>,
    #[command(flatten)]
    history: HistoryArgs,
    /// Which of the shown customers make the exit code 5
    #[arg(
        long,
        value_name = "STATUS",
        value_enum,
        default_value_t = FailOn::Any,
        requires_if("trending", "trending")
    )]
    fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// All of them
    Any,
    /// Customers over their budget
    Over,
    /// Customers over their budget or near it
    Near,
    /// Customers over their budget, near it or trending over; needs --trending
    Trending,
    /// None: the exit code is 0
    None,
}

impl CheckArgs {
    fn thresholds(&self) -> Thresholds {
        Thresholds::default().over(self.over).near(self.near)
    }
}

pub(crate) async fn run(session: &Session, args: &CheckArgs, output: Output) -> anyhow::Result<()> {
    preflight::ensure_ordered_thresholds(args.near, args.over)?;
    let client = &session.client;
    let past = args.history.read(session, PACE_DAYS).await?;
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
