//! What calls the service: one function for each command.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::bail;
use partner_center_budgets::types::{Customer, CustomerMonthlyUsageRecord};
use partner_center_budgets::{Client, CustomerId, Decimal};
use serde::Serialize;

use crate::arguments::{Call, Output};
use crate::output::{self, exact, rounded};
use crate::table::{Align, Table};

pub(crate) async fn run(client: &Client, call: Call, output: Output) -> anyhow::Result<()> {
    match call {
        Call::Get { customer } => {
            let amount = client.get_budget(customer).await?;
            budget(output, customer, amount, |amount| amount)
        }
        Call::Set { customer, amount } => {
            client.set_budget(customer, amount).await?;
            budget(output, customer, Some(amount), |amount| format!("budget set to {amount}"))
        }
        Call::Clear { customer } => {
            client.clear_budget(customer).await?;
            budget(output, customer, None, |_| "budget cleared".to_owned())
        }
        Call::Usage => usage(client, output).await,
        Call::Customers => customers(client, output).await,
    }
}

/// One customer's budget, as programs read it.
#[derive(Serialize)]
struct BudgetLine {
    customer: String,
    amount: Option<Decimal>,
}

fn budget(
    output: Output,
    customer: CustomerId,
    amount: Option<Decimal>,
    say: impl FnOnce(String) -> String,
) -> anyhow::Result<()> {
    match output {
        Output::Json => output::json(&BudgetLine { customer: customer.to_string(), amount }),
        Output::Table => {
            let text = amount.map_or_else(|| "no budget".to_owned(), |amount| amount.to_string());
            Ok(writeln!(io::stdout(), "{}", say(text))?)
        }
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
            currency: record.currency_code.or(record.currency_locale),
            percent_used: record.percent_used,
        }
    }
}

async fn usage(client: &Client, output: Output) -> anyhow::Result<()> {
    let lines = usage_lines(client).await?;
    if output == Output::Json {
        return output::json(&lines);
    }
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
        table.row([
            line.customer.unwrap_or_default(),
            line.name.unwrap_or_default(),
            line.amount.map_or_else(|| "-".to_owned(), exact),
            line.total_cost.map_or_else(|| "-".to_owned(), rounded),
            line.currency.unwrap_or_default(),
            percent.map_or_else(|| "-".to_owned(), rounded),
        ]);
    }
    Ok(table.print()?)
}

/// A line for every customer: from the usage records in one call, and for customers without a record from the customer
/// itself.
async fn usage_lines(client: &Client) -> anyhow::Result<Vec<UsageLine>> {
    let page = client.list_customer_usage_records().await?;
    // Part of the customers must never pass for all of them.
    if page.continuation_token.is_some() || page.links.is_some_and(|links| links.next.is_some()) {
        bail!("the service split the usage records into pages, which this version cannot follow");
    }
    let key = |id: &Option<String>| id.as_deref().map(str::to_ascii_lowercase);
    let records = page.items.unwrap_or_default().into_iter().map(UsageLine::from);
    let mut records: BTreeMap<_, _> = records.map(|line| (key(&line.customer), line)).collect();
    let mut lines = Vec::new();
    for customer in all_customers(client).await? {
        let line = match records.remove(&key(&customer.customer)) {
            Some(line) => line,
            None => without_record(client, customer).await?,
        };
        lines.push(line);
    }
    lines.extend(records.into_values());
    Ok(lines)
}

async fn without_record(client: &Client, line: CustomerLine) -> anyhow::Result<UsageLine> {
    let id: CustomerId = line.customer.as_deref().unwrap_or_default().parse()?;
    let amount = client.get_budget(id).await?;
    let CustomerLine { customer, name, .. } = line;
    Ok(UsageLine { customer, name, amount, total_cost: None, currency: None, percent_used: None })
}

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

async fn customers(client: &Client, output: Output) -> anyhow::Result<()> {
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
    let mut token: Option<String> = None;
    loop {
        let page = client.list_customers(token.as_deref()).await?;
        lines.extend(page.items.unwrap_or_default().into_iter().map(CustomerLine::from));
        match page.continuation_token {
            None => return Ok(lines),
            next if next == token => {
                bail!("the service sent the same continuation token twice, so the list has no end")
            }
            next => token = next,
        }
    }
}
