//! The commands that call the service.

use std::io::{self, Write};

use partner_center_budgets::{Client, CustomerId, Decimal};
use serde::Serialize;

use crate::arguments::{Call, Output};
use crate::{lists, output};

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
        Call::Usage => lists::usage(client, output).await,
        Call::Customers => lists::customers(client, output).await,
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
