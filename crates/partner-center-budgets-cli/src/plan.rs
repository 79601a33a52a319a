//! `pc-budgets plan`: what a sheet would change.

mod current;
mod show;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;

use futures_util::stream;
use partner_center_budgets::fleet::{self, Current, Kind, Plan};
use partner_center_budgets::{Client, CustomerId, Error, RetryPolicy};

use crate::arguments::Output;
use crate::connection::Connection;
use crate::failure::Told;
use crate::interrupt::Interrupt;
use crate::output;
use crate::progress::Display;
use crate::sheet::{self, Sheet};
pub(crate) use show::{entries, lines};

/// Show what a sheet of budgets would change, and change nothing
///
/// The sheet is CSV with `;`, `,` or tabs between columns. Its first line names them, in any order and case: `customer`
/// (or customer id, customer-tenant-id, tenant id), `amount` (or budget, spending budget) and, if you like, `name` and
/// `currency`; others are ignored. An amount is digits with at most one point; an empty one leaves the budget alone, and `none` clears it. All
/// that is wrong with the sheet is told at once, with line and column, and then nothing is sent.
///
/// A currency is a code of three letters such as EUR, or empty. It converts nothing: a budget counts in the currency of the
/// customer's usage. By it the totals are added up, and with --current from `usage --output json` it is checked.
///
/// The table shows what changes and what cannot; the totals count all rows. With --output json it is the plan for `apply`.
///
/// Exit codes: 0 there are changes, 1 a budget could not be read or a customer is unknown, 2 the sheet is wrong, 3 sign-in, 4
/// nothing to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The sheet; - is standard input
    #[arg(value_name = "FILE.csv|-")]
    file: String,
    /// Take the current budgets from this file, as `export` or `usage` with --output json, ndjson or csv writes it, so that no call is made
    #[arg(long, value_name = "FILE")]
    current: Option<String>,
}

pub(crate) async fn run(connection: Connection, args: Args, output: Output) -> anyhow::Result<()> {
    output::is_no_list(output)?;
    let mut sheet = sheet::read(&args.file, &sheet::text(&args.file)?)?;
    let (mut current, partner) = match &args.current {
        Some(path) => (current::read(path, &mut sheet.names)?, None),
        None => {
            let open = connection.open().await?;
            let partner = open.partner().await?;
            // Whoever reads this may have seen enough.
            let _ = writeln!(io::stderr(), "for {}", partner.shown);
            (Interrupt::listen()?.unless(read_current(&patient(&open.client), &sheet)).await??, Some(partner.key))
        }
    };
    sheet.tell_currencies(&args.file, &mut current)?;
    let plan = Plan::new(sheet.wishes, &current);
    let plan = partner.into_iter().fold(plan, Plan::for_partner);
    match output {
        Output::Json | Output::Ndjson => output::json(&plan)?,
        Output::Table | Output::Csv => show::table(&plan, &sheet.names)?,
    }
    let unknown = plan.totals().count(Kind::UnknownCustomer);
    if unknown > 0 {
        let text = Told::lines(
            format_args!("{unknown} of the sheet's customers cannot be planned for"),
            "the service does not know them, or they are no customers of yours any more",
            "take out the lines that are unknown-customer, or apply with --skip-unknown",
        );
        return Err(Told::failed(text).into());
    }
    if plan.changes().next().is_none() {
        return Err(Told::nothing_to_do("nothing to do: all budgets are as the sheet wants them\n".to_owned()).into());
    }
    Ok(())
}

/// A fleet waits for a service that throttles for longer than a single call should.
pub(crate) fn patient(client: &Client) -> Client {
    client.with_retry(RetryPolicy::default().total(Duration::from_secs(3600)))
}

/// The budgets of the sheet's customers now. A customer that the service does not know is left out.
pub(crate) async fn read_current(client: &Client, sheet: &Sheet) -> anyhow::Result<Current> {
    let customers: BTreeSet<CustomerId> = sheet.wishes.iter().map(|wish| wish.customer).collect();
    let count = customers.len();
    let mut reads = fleet::read_budgets(client, stream::iter(customers));
    let _display = Display::of("reading budgets", reads.progress());
    let (mut current, mut failed) = (Current::new(), Vec::new());
    while let Some(outcome) = reads.next().await {
        match outcome.result {
            Ok(budget) => current.set_budget(outcome.customer, budget),
            Err(error) if is_unknown(&error) => {}
            // No other read would survive it.
            Err(error) if matches!(error, Error::Auth(_)) || error.status() == Some(401) => return Err(error.into()),
            Err(error) => failed.push((outcome.customer, error)),
        }
    }
    if failed.is_empty() {
        return Ok(current);
    }
    failed.sort_by_key(|(customer, _)| *customer);
    let told: Vec<_> = failed.iter().map(|(customer, error)| format!("{customer}: {error}")).collect();
    let text = format!(
        "{}error: {} of {count} budgets could not be read, so there is no plan\n next: nothing was changed, so run it again\n",
        lines(&told),
        failed.len()
    );
    Err(Told::failed(text).into())
}

/// Whether the customer is not there, or not ours.
fn is_unknown(error: &Error) -> bool {
    error.is_not_found() || error.status() == Some(403) && error.code() == Some("20002")
}
