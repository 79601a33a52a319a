//! The lists: `customers` and `usage`.

use std::collections::HashSet;
use std::io::{self, Write};

use anyhow::{Context, bail};
use partner_center_budgets::{Client, Currency, Customer, CustomerId, CustomerQuery, CustomerUsageRecord, Decimal};
use serde::Serialize;

use crate::arguments::Output;
use crate::output::{self, exact, rounded};
use crate::table::{Align, Table};

/// One customer, as programs read it.
#[derive(Serialize)]
struct CustomerLine {
    customer: Option<String>,
    name: Option<String>,
    domain: Option<String>,
}

impl From<Customer> for CustomerLine {
    fn from(customer: Customer) -> Self {
        Self {
            customer: shown(customer.customer_id, customer.customer_id_text),
            name: customer.company_name,
            domain: customer.domain,
        }
    }
}

/// The id of a customer, or what the service sent in its place.
fn shown(id: Option<CustomerId>, text: Option<String>) -> Option<String> {
    id.map(|id| id.to_string()).or(text)
}

pub(crate) async fn customers(client: &Client, output: Output) -> anyhow::Result<()> {
    let lines = all_customers(client).await?;
    if output == Output::Json {
        return output::json(&lines);
    }
    let mut table = Table::new([("customer", Align::Left), ("name", Align::Left), ("domain", Align::Left)]);
    for line in lines {
        table.row([line.customer, line.name, line.domain].map(Option::unwrap_or_default));
    }
    Ok(table.print()?)
}

async fn all_customers(client: &Client) -> anyhow::Result<Vec<CustomerLine>> {
    let mut lines = Vec::new();
    let mut customers = client.list_customers(CustomerQuery::new());
    while let Some(customer) = customers.try_next().await? {
        lines.push(customer.into());
    }
    Ok(lines)
}

/// One customer's usage, as programs read it.
#[derive(Serialize)]
struct UsageLine {
    customer: Option<String>,
    name: Option<String>,
    amount: Option<Decimal>,
    total_cost: Option<Decimal>,
    currency: Option<String>,
    /// What the service tells instead of a currency for legacy offers.
    currency_locale: Option<String>,
    percent_used: Option<Decimal>,
}

impl From<CustomerUsageRecord> for UsageLine {
    fn from(record: CustomerUsageRecord) -> Self {
        let percent_used = record.percent_used();
        let (currency, currency_locale) = match record.currency {
            Some(Currency::Locale(locale)) => (None, Some(locale)),
            other => (other.map(|currency| currency.to_string()), None),
        };
        Self {
            customer: shown(record.customer_id, record.customer_id_text),
            name: record.customer_name,
            amount: record.budget,
            total_cost: record.total_cost,
            currency,
            currency_locale,
            percent_used,
        }
    }
}

pub(crate) async fn usage(client: &Client, output: Output) -> anyhow::Result<()> {
    let (lines, unread) = usage_lines(client).await?;
    match output {
        Output::Json => output::json(&lines)?,
        Output::Table => usage_table(lines).print()?,
    }
    match unread {
        0 => Ok(()),
        count => bail!("{count} of the customers could not be read and are not in the list"),
    }
}

fn usage_table(lines: Vec<UsageLine>) -> Table<6> {
    let mut table = Table::new([
        ("customer", Align::Left),
        ("name", Align::Left),
        ("budget", Align::Point),
        ("cost", Align::Point),
        ("currency", Align::Left),
        ("% used", Align::Point),
    ]);
    for line in lines {
        let number = |value: Option<Decimal>, write: fn(Decimal) -> String| value.map_or_else(|| "-".to_owned(), write);
        table.row([
            line.customer.unwrap_or_default(),
            line.name.unwrap_or_default(),
            number(line.amount, exact),
            number(line.total_cost, rounded),
            line.currency.or(line.currency_locale).unwrap_or_default(),
            number(line.percent_used, rounded),
        ]);
    }
    table
}

/// A line for every customer, and how many customers could not be read.
///
/// Lines come from the usage records, and for customers without a record from the customer itself.
async fn usage_lines(client: &Client) -> anyhow::Result<(Vec<UsageLine>, usize)> {
    let key = |id: &Option<String>| id.as_deref().map(str::to_ascii_lowercase);
    let mut lines: Vec<UsageLine> = Vec::new();
    let mut records = client.list_customer_usage_records();
    while let Some(record) = records.try_next().await? {
        lines.push(record.into());
    }
    let recorded: HashSet<_> = lines.iter().filter_map(|line| key(&line.customer)).collect();
    let customers = all_customers(client).await?;
    let mut unread = 0;
    for customer in customers.into_iter().filter(|one| !key(&one.customer).is_some_and(|id| recorded.contains(&id))) {
        let name = customer.customer.clone().unwrap_or_else(|| "a customer without id".to_owned());
        match without_record(client, customer).await {
            Ok(line) => lines.push(line),
            Err(error) => {
                unread += 1;
                writeln!(io::stderr(), "warning: {name} left out: {error:#}")?;
            }
        }
    }
    lines.sort_by_key(|line| key(&line.customer));
    Ok((lines, unread))
}

async fn without_record(client: &Client, line: CustomerLine) -> anyhow::Result<UsageLine> {
    let CustomerLine { customer, name, .. } = line;
    let id: CustomerId = customer.as_deref().context("the service gave no id")?.parse()?;
    let amount = client.get_budget(id).await?;
    Ok(UsageLine {
        customer,
        name,
        amount,
        total_cost: None,
        currency: None,
        currency_locale: None,
        percent_used: None,
    })
}
