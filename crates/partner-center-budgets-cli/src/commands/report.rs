//! `pc-budgets report`: an HTML report in one file.

mod customer;
mod overview;
mod page;
mod sparkline;
mod table;
mod totals;

use std::path::PathBuf;

use chrono::Utc;
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{CustomerUsage, Thresholds};

use super::history::HistoryArgs;
use super::{preflight, summaries};
use crate::error::write_failed;
use crate::output::notice::notice;
use crate::session::connection::Connection;
use crate::values::percent;
use customer::ReportedCustomer;
use page::Page;

/// Write an HTML report: customers over their budget, near it, or soon over it, and totals by currency
///
/// The report is one file that needs no network, with all customers that have usage in this period. To link to a customer,
/// add # and its id to the address of the page. For legacy offers the service sends a locale instead of a currency: the
/// report uses the currency of its country today, and marks it. With a history, it has the costs of the last 30 days.
///
/// Usage records have no billing period, so customers on legacy offers that are below their budget take one more call each,
/// and so do customers with a cost and no budget. The number of calls is printed first. Needs a token of an app and a user.
///
/// Exit codes: 0 written; 1 failed, or the calls for some customers failed (they are listed on standard error, and the report
/// is written); 2 wrong usage; 3 sign-in.
///
/// Example: pc-budgets report --html report.html
#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// The file to write; - is standard output. An existing file is replaced in one step; a new one is readable for you only
    #[arg(long, value_name = "FILE")]
    html: PathBuf,
    /// A customer is near the budget from this percentage on, and over it from 100 on
    #[arg(long, value_name = "PERCENT", default_value = "80", value_parser = percent, allow_hyphen_values = true)]
    near: Decimal,
    #[command(flatten)]
    history: HistoryArgs,
}

/// The days in the small line of each customer.
const DAYS: u32 = 30;

pub(crate) async fn run(connection: Connection, args: &ReportArgs) -> anyhow::Result<()> {
    preflight::ensure_ordered_thresholds(args.near, Thresholds::default().over)?;
    let file = preflight::ensure_writable(&args.html)?;
    let session = connection.open().await?;
    let client = &session.client;
    let past = args.history.read(&session, DAYS).await?;
    let written = Utc::now();
    let mut recorded = Vec::new();
    let mut records = client.list_customer_usage_records();
    while let Some(record) = records.try_next().await? {
        recorded.push(past.with_pace(CustomerUsage::new(record)));
    }
    let thresholds = Thresholds::default().near(args.near);
    let (recorded, summaries) = summaries::complete(client, recorded, &thresholds).await?;
    let customers: Vec<_> =
        recorded.into_iter().map(|usage| ReportedCustomer::new(usage, written, &thresholds, &past)).collect();
    // Only the name is needed, so the report does not depend on this call.
    let partner = client.get_partner_usage_summary().await.ok().and_then(|summary| summary.partner_name);
    let count = customers.len();
    let page = Page { written, partner, near: args.near, customers }.into_html();
    file.write(&page).map_err(|error| write_failed(error, &args.html, file.after_failure()))?;
    notice(format_args!("report of {count} customers written to {}", args.html.display()));
    summaries.ensure_complete()
}
