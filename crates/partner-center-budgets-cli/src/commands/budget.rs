//! `pc-budgets get`, `set` and `clear`: the budget of one customer.

mod change;

use std::io::{self, IsTerminal, Write};

use partner_center_budgets::{Client, Decimal};
use schemars::JsonSchema;
use serde::Serialize;

use super::customer_arg::{CustomerArg, Matching, SelectedCustomer};
use super::preflight;
use crate::error::output_failed_after;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::records::{self, Record};
use crate::session::connection::{Connection, Session};
use change::BudgetChange;

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
/// The amount is in the currency of the customer's usage. Shows the customer, the old and the new amount on standard error.
/// If the budget would become more than ten times larger or smaller, the command asks; without a terminal it needs --yes. A
/// first budget has nothing to compare with.
///
/// Makes three calls: it reads the budget and the usage, then writes. The usage has the name and the currency; an app without
/// a user cannot read it, and does without.
///
/// Exit codes: 0 set; 1 failed; 2 wrong usage, no customer or several have the name, or nothing was changed because of the
/// amount; 3 sign-in.
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
    /// Do not ask, whatever the old amount is
    #[arg(long)]
    yes: bool,
    /// Allow an amount below 0; the service publishes no rule for it
    #[arg(long)]
    allow_negative: bool,
}

/// Clear the budget of a customer, so that it has none
///
/// Shows the customer and the old amount on standard error. Makes three calls, as `set` does.
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

pub(crate) async fn set(connection: Connection, args: SetArgs, format: OutputFormat) -> anyhow::Result<()> {
    preflight::ensure_not_negative(args.amount, args.allow_negative)?;
    set_with(&open_for_write(connection).await?.client, args, format).await
}

pub(super) async fn set_with(client: &Client, args: SetArgs, format: OutputFormat) -> anyhow::Result<()> {
    let SetArgs { customer, amount, yes, .. } = args;
    let customer = customer.customer.resolve(client, Matching::Exact).await?;
    let change = BudgetChange::read(client, customer, Some(amount)).await?;
    notice(&change);
    if !yes {
        change.ensure_plausible().await?;
    }
    client.set_budget(change.customer.id, amount).await?;
    print(format, &change.customer, Some(amount), &format!("budget set to {amount}"))
        .map_err(|error| output_failed_after(error, "the budget was set"))
}

pub(crate) async fn clear(connection: Connection, args: ClearArgs, format: OutputFormat) -> anyhow::Result<()> {
    clear_with(&open_for_write(connection).await?.client, args, format).await
}

pub(super) async fn clear_with(client: &Client, args: ClearArgs, format: OutputFormat) -> anyhow::Result<()> {
    let customer = args.customer.customer.resolve(client, Matching::Exact).await?;
    let change = BudgetChange::read(client, customer, None).await?;
    notice(&change);
    client.clear_budget(change.customer.id).await?;
    print(format, &change.customer, None, "budget cleared")
        .map_err(|error| output_failed_after(error, "the budget was cleared"))
}

/// Opens a session, and shows people its partner before a budget is written. Scripts know their partner.
async fn open_for_write(connection: Connection) -> anyhow::Result<Session> {
    let session = connection.open().await?;
    if io::stderr().is_terminal() {
        notice(format_args!("for {}", session.partner().await?.shown));
    }
    Ok(session)
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct BudgetRecord {
    customer: String,
    /// Null if it is not known without another call.
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
