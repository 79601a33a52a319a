//! `pc-budgets summary`: the total cost of all customers on legacy offers.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use partner_center_budgets::{Client, Decimal, PartnerUsageSummary};
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::format::OutputFormat;
use crate::output::number::rounded;
use crate::output::records::{self, Record};
use crate::output::table::{Align, Table};
use crate::values::code_and_locale;

/// Show the total cost of all customers on legacy offers
///
/// Azure plans are not included. Microsoft plans to retire this summary. Needs a token of an app and a user.
///
/// Exit codes: 0 shown, 1 failed, 2 wrong usage, 3 sign-in.
///
/// Example: pc-budgets summary --output json
#[derive(Debug, clap::Args)]
pub(crate) struct SummaryArgs {}

#[derive(Serialize, JsonSchema)]
pub(crate) struct SummaryRecord {
    partner: Option<String>,
    name: Option<String>,
    total_cost: Option<Decimal>,
    currency: Option<String>,
    currency_locale: Option<String>,
    customers: Option<u64>,
    customers_over_budget: Option<u64>,
    customers_trending_over: Option<u64>,
    billing_start: Option<String>,
    billing_end: Option<String>,
    last_modified: Option<String>,
    emails_to_notify: Vec<String>,
}

impl From<PartnerUsageSummary> for SummaryRecord {
    fn from(summary: PartnerUsageSummary) -> Self {
        let date =
            |date: Option<DateTime<FixedOffset>>| date.map(|date| date.to_rfc3339_opts(SecondsFormat::Secs, true));
        let (currency, currency_locale) = code_and_locale(summary.currency);
        Self {
            partner: summary.partner_id,
            name: summary.partner_name,
            total_cost: summary.total_cost,
            currency,
            currency_locale,
            customers: summary.customers_with_usage_based_subscription,
            customers_over_budget: summary.customers_over_budget,
            customers_trending_over: summary.customers_trending_over,
            billing_start: date(summary.billing_start),
            billing_end: date(summary.billing_end),
            last_modified: date(summary.last_modified),
            emails_to_notify: summary.emails_to_notify,
        }
    }
}

impl Record for SummaryRecord {
    fn headers() -> Vec<&'static str> {
        vec![
            "partner",
            "name",
            "total_cost",
            "currency",
            "currency_locale",
            "customers",
            "customers_over_budget",
            "customers_trending_over",
            "billing_start",
            "billing_end",
            "last_modified",
            "emails_to_notify",
        ]
    }

    fn cells(&self) -> Vec<String> {
        let count = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
        vec![
            records::text(&self.partner),
            records::text(&self.name),
            records::number(self.total_cost),
            records::text(&self.currency),
            records::text(&self.currency_locale),
            count(self.customers),
            count(self.customers_over_budget),
            count(self.customers_trending_over),
            records::text(&self.billing_start),
            records::text(&self.billing_end),
            records::text(&self.last_modified),
            self.emails_to_notify.join(" "),
        ]
    }
}

pub(crate) async fn run(client: &Client, format: OutputFormat) -> anyhow::Result<()> {
    let summary = SummaryRecord::from(client.get_partner_usage_summary().await?);
    if format != OutputFormat::Table {
        return records::one(format, &summary);
    }
    let mut table = Table::new([("legacy offers", Align::Left), ("", Align::Left)]);
    let currency = summary.currency.or(summary.currency_locale).unwrap_or_default();
    let cost = summary.total_cost.map(|cost| format!("{} {currency}", rounded(cost)));
    for (header, value) in [
        ("partner", summary.name.or(summary.partner)),
        ("cost so far", cost),
        ("customers", summary.customers.map(|count| count.to_string())),
        ("over budget", summary.customers_over_budget.map(|count| count.to_string())),
        ("trending over", summary.customers_trending_over.map(|count| count.to_string())),
        ("from", summary.billing_start),
        ("until", summary.billing_end),
        ("figures of", summary.last_modified),
    ] {
        table.row([header.to_owned(), value.unwrap_or_else(|| "-".to_owned())]);
    }
    Ok(table.print()?)
}
