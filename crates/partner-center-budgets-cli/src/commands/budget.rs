//! `pc-budgets get`, `set` and `clear`: the budget of one customer.

use std::io::{self, Write};

use partner_center_budgets::{Client, CustomerId, Decimal};
use serde::Serialize;

use crate::error::output_failed_after;
use crate::output::format::OutputFormat;
use crate::output::records::{self, Record};

/// Show the budget of a customer
///
/// The amount is in the currency of the customer's usage, which `usage` shows. The budget itself has no currency.
///
/// Exit codes: 0 shown, also without a budget; 1 failed; 2 wrong usage; 3 sign-in.
///
/// Example: pc-budgets get 11111111-1843-4b3b-872f-206e08a08e51
#[derive(Debug, clap::Args)]
pub(crate) struct GetArgs {
    #[command(flatten)]
    customer: CustomerArg,
}

/// Set the budget of a customer
///
/// The amount is in the currency of the customer's usage. The service publishes no rule for amounts, so zero and negative
/// amounts are sent as they are.
///
/// Exit codes: 0 set, 1 failed, 2 wrong usage, 3 sign-in.
///
/// Example: pc-budgets set 11111111-1843-4b3b-872f-206e08a08e51 2500.50
#[derive(Debug, clap::Args)]
pub(crate) struct SetArgs {
    #[command(flatten)]
    customer: CustomerArg,
    /// Digits with at most one point, such as 2500.50
    // Accept a hyphen, so that the message for `-1,5` is about the amount and not about an unknown option.
    #[arg(allow_hyphen_values = true)]
    amount: Decimal,
}

/// Clear the budget of a customer, so that it has none
///
/// Exit codes: 0 cleared, 1 failed, 2 wrong usage, 3 sign-in.
///
/// Example: pc-budgets clear 11111111-1843-4b3b-872f-206e08a08e51
#[derive(Debug, clap::Args)]
pub(crate) struct ClearArgs {
    #[command(flatten)]
    customer: CustomerArg,
}

#[derive(Debug, clap::Args)]
struct CustomerArg {
    /// Id of the customer: the GUID of its tenant, as `customers` shows it
    #[arg(value_name = "ID")]
    customer: CustomerId,
}

pub(crate) async fn get(client: &Client, args: GetArgs, format: OutputFormat) -> anyhow::Result<()> {
    let GetArgs { customer: CustomerArg { customer } } = args;
    let amount = client.get_budget(customer).await?;
    print(format, customer, amount, &amount.map_or_else(|| "no budget".to_owned(), |amount| amount.to_string()))
}

pub(crate) async fn set(client: &Client, args: SetArgs, format: OutputFormat) -> anyhow::Result<()> {
    let SetArgs { customer: CustomerArg { customer }, amount } = args;
    client.set_budget(customer, amount).await?;
    print(format, customer, Some(amount), &format!("budget set to {amount}"))
        .map_err(|error| output_failed_after(error, "the budget was set"))
}

pub(crate) async fn clear(client: &Client, args: ClearArgs, format: OutputFormat) -> anyhow::Result<()> {
    let ClearArgs { customer: CustomerArg { customer } } = args;
    client.clear_budget(customer).await?;
    print(format, customer, None, "budget cleared")
        .map_err(|error| output_failed_after(error, "the budget was cleared"))
}

#[derive(Serialize)]
struct BudgetRecord {
    customer: String,
    amount: Option<Decimal>,
}

impl Record for BudgetRecord {
    fn headers() -> Vec<&'static str> {
        vec!["customer", "amount"]
    }

    fn cells(&self) -> Vec<String> {
        vec![self.customer.clone(), records::number(self.amount)]
    }
}

/// Prints the `line` for people, or the amount for programs.
fn print(format: OutputFormat, customer: CustomerId, amount: Option<Decimal>, line: &str) -> anyhow::Result<()> {
    match format {
        OutputFormat::Table => Ok(writeln!(io::stdout(), "{line}")?),
        _ => records::one(format, &BudgetRecord { customer: customer.to_string(), amount }),
    }
}
