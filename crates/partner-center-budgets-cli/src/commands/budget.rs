//! `pc-budgets get`, `set` and `clear`: the budget of one customer.

use std::io::{self, Write};

use partner_center_budgets::{Client, Decimal};
use serde::Serialize;

use super::customer_arg::{CustomerArg, Matching, SelectedCustomer};
use crate::error::output_failed_after;
use crate::output::format::OutputFormat;
use crate::output::records::{self, Record};

/// Show the budget of a customer
///
/// The amount is in the currency of the customer's usage, which `usage` shows. The budget itself has no currency.
///
/// Exit codes: 0 shown, also without a budget; 1 failed; 2 wrong usage, or no customer or several have the name; 3 sign-in.
///
/// Example: pc-budgets get contoso.onmicrosoft.com
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
/// Exit codes: 0 set; 1 failed; 2 wrong usage, or no customer or several have the name; 3 sign-in.
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
/// Exit codes: 0 cleared; 1 failed; 2 wrong usage, or no customer or several have the name; 3 sign-in.
///
/// Example: pc-budgets clear 11111111-1843-4b3b-872f-206e08a08e51
#[derive(Debug, clap::Args)]
pub(crate) struct ClearArgs {
    #[command(flatten)]
    customer: CustomerArg,
}

pub(crate) async fn get(client: &Client, args: GetArgs, format: OutputFormat) -> anyhow::Result<()> {
    let customer = args.customer.customer.resolve(client, Matching::UniqueStart).await?;
    let amount = client.get_budget(customer.id).await?;
    print(format, &customer, amount, &amount.map_or_else(|| "no budget".to_owned(), |amount| amount.to_string()))
}

pub(crate) async fn set(client: &Client, args: SetArgs, format: OutputFormat) -> anyhow::Result<()> {
    let SetArgs { customer, amount } = args;
    let customer = customer.customer.resolve(client, Matching::Exact).await?;
    client.set_budget(customer.id, amount).await?;
    print(format, &customer, Some(amount), &format!("budget set to {amount}"))
        .map_err(|error| output_failed_after(error, "the budget was set"))
}

pub(crate) async fn clear(client: &Client, args: ClearArgs, format: OutputFormat) -> anyhow::Result<()> {
    let customer = args.customer.customer.resolve(client, Matching::Exact).await?;
    client.clear_budget(customer.id).await?;
    print(format, &customer, None, "budget cleared")
        .map_err(|error| output_failed_after(error, "the budget was cleared"))
}

#[derive(Serialize)]
struct BudgetRecord {
    customer: String,
    /// Null if the customer was named by its id, because that needs no call.
    name: Option<String>,
    amount: Option<Decimal>,
}

impl Record for BudgetRecord {
    fn headers() -> Vec<&'static str> {
        vec!["customer", "name", "amount"]
    }

    fn cells(&self) -> Vec<String> {
        vec![self.customer.clone(), records::text(&self.name), records::number(self.amount)]
    }
}

/// Prints the `line` for people, or the amount for programs.
fn print(format: OutputFormat, customer: &SelectedCustomer, amount: Option<Decimal>, line: &str) -> anyhow::Result<()> {
    match format {
        OutputFormat::Table => Ok(writeln!(io::stdout(), "{line}")?),
        _ => {
            let record = BudgetRecord { customer: customer.id.to_string(), name: customer.name.clone(), amount };
            records::one(format, &record)
        }
    }
}
