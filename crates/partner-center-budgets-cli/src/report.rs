//! `pc-budgets report`: a page for a browser, in one file.

mod customer;
mod escape;
mod page;
mod summaries;
mod totals;

use std::path::PathBuf;

use anyhow::Context;
use chrono::Utc;
use clap::Args;
use partner_center_budgets::{Client, Decimal};

use self::customer::Customer;
use self::page::Page;
use self::summaries::Summaries;
use crate::arguments::percent;
use crate::output::notice;
use crate::place::Place;

/// Where to write the report, and what it warns of.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where to write the page; - is standard output. A file that is there is replaced in one step; only you may read a new one
    #[arg(long, value_name = "FILE")]
    html: PathBuf,
    /// From which share of the budget on a customer is near it; from 100 on it is over
    #[arg(long, value_name = "PERCENT", default_value = "80", value_parser = percent, allow_hyphen_values = true)]
    near: Decimal,
}

pub(crate) async fn run(client: &Client, options: &Options) -> anyhow::Result<()> {
    // Before minutes of reading, and not after them.
    let place = Place::find(&options.html)?;
    let written = Utc::now();
    let (mut all, mut renewed) = (Vec::new(), None);
    let mut records = client.list_customer_usage_records();
    while let Some(record) = records.try_next().await? {
        renewed = renewed.max(record.last_modified);
        all.push(record);
    }
    let mut summaries = Summaries::read(client, &all).await?;
    let customers: Vec<_> = all
        .into_iter()
        .map(|record| {
            let summary = summaries.take(record.customer_id);
            Customer::new(record, summary, written, options.near)
        })
        .collect();
    // Only for the name: a service that does not tell it any more spoils no report.
    let partner = client.get_partner_usage_summary().await.ok().and_then(|summary| summary.partner_name);
    let count = customers.len();
    let page = Page::new(written, partner, options.near, renewed, customers).to_string();
    let failed = || format!("cannot write `{}`; {}", options.html.display(), place.after_failure());
    place.write(&page).with_context(failed)?;
    notice(format_args!("report of {count} customers written to {}", options.html.display()));
    summaries.finish()
}
