//! The lists: `customers` and `usage`.

use std::collections::HashSet;
use std::io::{self, Write};

use anyhow::{Context, bail};
use partner_center_budgets::types::{Customer, CustomerMonthlyUsageRecord};
use partner_center_budgets::{Client, CustomerId, Decimal};
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
        let profile = customer.company_profile.unwrap_or_default();
        Self { customer: customer.id.or(profile.tenant_id), name: profile.company_name, domain: profile.domain }
    }
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
    let mut passed = HashSet::new();
    let mut next = None;
    loop {
        let page = client.list_customers_page(next.as_ref()).await?;
        lines.extend(page.items.into_iter().map(CustomerLine::from));
        let Some(token) = page.next else { return Ok(lines) };
        if !passed.insert(token.clone()) {
            bail!("the service leads back to a page that was read already, so the list has no end");
        }
        next = Some(token);
    }
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

impl From<CustomerMonthlyUsageRecord> for UsageLine {
    fn from(record: CustomerMonthlyUsageRecord) -> Self {
        let budget = record.budget.or(record.customer_spending_budget);
        Self {
            customer: record.resource_id.or(record.id),
            name: record.resource_name.or(record.name),
            amount: budget.and_then(|budget| budget.amount),
            total_cost: record.total_cost,
            currency: record.currency_code,
            currency_locale: record.currency_locale,
            percent_used: record.percent_used,
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
        // The service reports 0 % where there is no budget to be used.
        let percent = line.amount.and(line.percent_used);
        let shown = |value: Option<Decimal>, write: fn(Decimal) -> String| value.map_or_else(|| "-".to_owned(), write);
        table.row([
            line.customer.unwrap_or_default(),
            line.name.unwrap_or_default(),
            shown(line.amount, exact),
            shown(line.total_cost, rounded),
            line.currency.or(line.currency_locale).unwrap_or_default(),
            shown(percent, rounded),
        ]);
    }
    table
}

/// A line for every customer, and how many customers could not be read.
///
/// Lines come from the usage records in one call, and for customers without a record from the customer itself.
async fn usage_lines(client: &Client) -> anyhow::Result<(Vec<UsageLine>, usize)> {
    let page = client.list_customer_usage_records_page().await?;
    // Part of the customers must never pass for all of them.
    if page.next.is_some() {
        bail!("the service split the usage records into pages, which this version cannot follow");
    }
    let key = |id: &Option<String>| id.as_deref().map(str::to_ascii_lowercase);
    let mut lines: Vec<_> = page.items.into_iter().map(UsageLine::from).collect();
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
