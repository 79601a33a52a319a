//! The commands that call the service.

use std::io::{self, Write};

use partner_center_budgets::{Client, CustomerId, Decimal};
use serde::Serialize;

use crate::arguments::{Call, Output};
use crate::failure::unprinted;
use crate::rows::{self, Row};
use crate::{lists, report, summary, usage};

pub(crate) async fn run(client: &Client, call: Call, output: Output) -> anyhow::Result<()> {
    match call {
        Call::Get { customer } => {
            let amount = client.get_budget(customer).await?;
            budget(output, customer, amount, |amount| amount)
        }
        Call::Set { customer, amount } => {
            client.set_budget(customer, amount).await?;
            budget(output, customer, Some(amount), |amount| format!("budget set to {amount}"))
                .map_err(|error| unprinted(error, "the budget was set"))
        }
        Call::Clear { customer } => {
            client.clear_budget(customer).await?;
            budget(output, customer, None, |_| "budget cleared".to_owned())
                .map_err(|error| unprinted(error, "the budget was cleared"))
        }
        Call::Usage(filter) => usage::run(client, output, &filter).await,
        Call::Summary => summary::run(client, output).await,
        Call::Report(options) => report::run(client, &options).await,
        Call::Customers(search) => lists::customers(client, output, &search).await,
    }
}

/// One customer's budget, as programs read it.
#[derive(Serialize)]
struct BudgetLine {
    customer: String,
    amount: Option<Decimal>,
}

impl Row for BudgetLine {
    const HEADS: &'static [&'static str] = &["customer", "amount"];

    fn cells(&self) -> Vec<String> {
        vec![self.customer.clone(), rows::number(self.amount)]
    }
}

fn budget(
    output: Output,
    customer: CustomerId,
    amount: Option<Decimal>,
    say: impl FnOnce(String) -> String,
) -> anyhow::Result<()> {
    match output {
        Output::Table => {
            let text = amount.map_or_else(|| "no budget".to_owned(), |amount| amount.to_string());
            Ok(writeln!(io::stdout(), "{}", say(text))?)
        }
        _ => rows::one(output, &BudgetLine { customer: customer.to_string(), amount }),
    }
}
