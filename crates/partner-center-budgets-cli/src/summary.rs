//! `pc-budgets summary`: what all customers have consumed together.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use partner_center_budgets::{Client, Currency, Decimal, PartnerUsageSummary};
use serde::Serialize;

use crate::arguments::Output;
use crate::output::rounded;
use crate::rows::{self, Row};
use crate::table::{Align, Table};

/// The summary, as programs read it.
#[derive(Serialize)]
struct SummaryLine {
    partner: Option<String>,
    name: Option<String>,
    total_cost: Option<Decimal>,
    currency: Option<String>,
    /// What the service tells instead of a currency.
    currency_locale: Option<String>,
    customers: Option<u64>,
    customers_over_budget: Option<u64>,
    customers_trending_over: Option<u64>,
    billing_start: Option<String>,
    billing_end: Option<String>,
    last_modified: Option<String>,
    emails_to_notify: Vec<String>,
}

impl From<PartnerUsageSummary> for SummaryLine {
    fn from(summary: PartnerUsageSummary) -> Self {
        let date =
            |date: Option<DateTime<FixedOffset>>| date.map(|date| date.to_rfc3339_opts(SecondsFormat::Secs, true));
        let (currency, currency_locale) = match summary.currency {
            Some(Currency::Locale(locale)) => (None, Some(locale)),
            other => (other.map(|currency| currency.to_string()), None),
        };
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

impl Row for SummaryLine {
    const HEADS: &'static [&'static str] = &[
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
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            rows::text(&self.partner),
            rows::text(&self.name),
            rows::number(self.total_cost),
            rows::text(&self.currency),
            rows::text(&self.currency_locale),
            count(self.customers),
            count(self.customers_over_budget),
            count(self.customers_trending_over),
            rows::text(&self.billing_start),
            rows::text(&self.billing_end),
            rows::text(&self.last_modified),
            self.emails_to_notify.join(" "),
        ]
    }
}

fn count(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

pub(crate) async fn run(client: &Client, output: Output) -> anyhow::Result<()> {
    let line = SummaryLine::from(client.get_partner_usage_summary().await?);
    if output != Output::Table {
        return rows::one(output, &line);
    }
    let mut table = Table::new([("legacy offers", Align::Left), ("", Align::Left)]);
    let currency = line.currency.or(line.currency_locale).unwrap_or_default();
    let cost = line.total_cost.map(|cost| format!("{} {currency}", rounded(cost)));
    for (head, value) in [
        ("partner", line.name.or(line.partner)),
        ("cost so far", cost),
        ("customers", line.customers.map(|count| count.to_string())),
        ("over budget", line.customers_over_budget.map(|count| count.to_string())),
        ("trending over", line.customers_trending_over.map(|count| count.to_string())),
        ("from", line.billing_start),
        ("until", line.billing_end),
        ("figures of", line.last_modified),
    ] {
        table.row([head.to_owned(), value.unwrap_or_else(|| "-".to_owned())]);
    }
    Ok(table.print()?)
}
