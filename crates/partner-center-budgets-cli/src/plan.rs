//! `pc-budgets plan`: what a sheet would change.

mod current;
mod show;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::stream;
use partner_center_budgets::{Client, CustomerId, CustomerQuery, RetryPolicy};
use partner_center_budgets_fleet::{self as fleet, CurrentBudgets, EntryKind, Plan};

use crate::arguments::Output;
use crate::connection::Connection;
use crate::customers::Customers;
use crate::failure::Told;
use crate::interrupt::Interrupt;
use crate::output;
use crate::output::notice;
use crate::progress::Display;
use crate::sheet::{self, Choice, DecimalMark, KnownNames, Sheet};
use crate::steering::harmless;
pub(crate) use show::{entries, lines};

/// Show what a sheet of budgets would change, and change nothing
///
/// The sheet is CSV with `;`, `,` or tabs between columns. Its first line names them, in any order and case: `customer`
/// (or customer id, customer-tenant-id, tenant id), `amount` (or budget, spending budget) and, if you like, `name` and
/// `currency`; others are ignored. An amount is digits with at most one point; an empty one leaves the budget alone, and `none` clears it. All
/// that is wrong with the sheet is told at once, with line and column, and then nothing is sent.
///
/// With `;` or tabs between columns, amounts may have a decimal comma if none has a decimal point; a note says so. An amount
/// such as 1.234 or 1,234 is refused, because it may be thousands; --decimal settles it.
///
/// A name is compared with the customer's name in --current or in the list of customers. Another name is an error, because
/// the rows may be sorted wrongly. Case, spaces, punctuation and legal forms such as Ltd or GmbH make no difference.
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
    /// The decimal mark of the --current file, if it is CSV and its amounts do not show it
    #[arg(long, value_name = "MARK", requires = "current")]
    current_decimal: Option<DecimalMark>,
    #[command(flatten)]
    options: SheetOptions,
}

/// How a sheet is read.
#[derive(Debug, clap::Args)]
pub(crate) struct SheetOptions {
    /// The decimal mark of the sheet's amounts, if they do not show it
    ///
    /// With `comma`, 1,234 is a fraction of three digits; with `point`, 1.234 is.
    #[arg(long, value_name = "MARK")]
    decimal: Option<DecimalMark>,
    /// Accept customers whose name in the sheet is not their name; a warning lists them
    #[arg(long)]
    pub(crate) ignore_names: bool,
}

impl SheetOptions {
    pub(crate) fn decimal(&self) -> Choice {
        Choice { option: "--decimal", mark: self.decimal }
    }
}

pub(crate) async fn run(connection: Connection, args: Args, output: Output) -> anyhow::Result<()> {
    output::is_no_list(output)?;
    let sheet = sheet::read(&args.file, &sheet::text(&args.file)?, args.options.decimal())?;
    let ((mut current, names), partner) = match &args.current {
        Some(path) => {
            let choice = Choice { option: "--current-decimal", mark: args.current_decimal };
            let known = current::read(path, choice)?;
            if known.1.is_empty() && !sheet.names.is_empty() {
                notice(format_args!("warning: the names of the sheet were not checked: {path} has no names"));
            }
            (known, None)
        }
        None => {
            let open = connection.open().await?;
            let partner = open.partner().await?;
            // Whoever reads this may have seen enough.
            notice(format_args!("for {}", partner.shown));
            let client = patient(&open.client);
            (Interrupt::listen()?.unless(read_known(&client, &sheet, &args.options)).await??, Some(partner.key))
        }
    };
    sheet.check(&args.file, &mut current, &names, args.options.ignore_names)?;
    let plan = Plan::new(sheet.wishes, &current);
    let plan = partner.into_iter().fold(plan, Plan::for_partner);
    match output {
        Output::Json | Output::Ndjson => output::json(&plan)?,
        Output::Table | Output::Csv => show::table(&plan, &names, &sheet.names)?,
    }
    let unknown = plan.totals().count(EntryKind::UnknownCustomer);
    if unknown > 0 {
        let why = match &args.current {
            Some(path) => format!("they are not in {path}"),
            None => "the service does not know them, or they are no longer customers of yours".to_owned(),
        };
        let text = Told::lines(
            format_args!("{unknown} of the sheet's customers cannot be planned for"),
            why,
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

/// The service's data about the sheet's customers.
pub(crate) async fn read_known(
    client: &Client,
    sheet: &Sheet,
    options: &SheetOptions,
) -> anyhow::Result<(CurrentBudgets, KnownNames)> {
    let names = read_names(client, sheet, options.ignore_names).await?;
    Ok((read_current(client, sheet).await?, names))
}

/// The names of all customers if the sheet has names; none if the credential may not list customers.
async fn read_names(client: &Client, sheet: &Sheet, ignores_names: bool) -> anyhow::Result<KnownNames> {
    let mut names = KnownNames::default();
    if sheet.names.is_empty() {
        return Ok(names);
    }
    let mut customers = Customers::new(client, CustomerQuery::new());
    loop {
        match customers.try_next().await {
            Ok(Some(customer)) => {
                if let (Some(id), Some(name)) = (customer.customer_id, customer.company_name) {
                    names.add(id, name);
                }
            }
            Ok(None) => return Ok(names),
            Err(error) if error.status() == Some(403) || ignores_names && error.status() != Some(401) => {
                let why = harmless(&error.to_string()).into_owned();
                notice(format_args!("warning: the names of the sheet were not checked: {why}"));
                return Ok(KnownNames::default());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The budgets of the sheet's customers now. A customer that the service does not know is left out.
async fn read_current(client: &Client, sheet: &Sheet) -> anyhow::Result<CurrentBudgets> {
    let customers: BTreeSet<CustomerId> = sheet.wishes.iter().map(|wish| wish.customer).collect();
    let count = customers.len();
    let mut reads = fleet::read_budgets(client, stream::iter(customers));
    let _display = Display::of("reading budgets", reads.progress());
    let (mut current, mut failed) = (CurrentBudgets::new(), Vec::new());
    while let Some(outcome) = reads.next().await {
        match outcome.result {
            Ok(budget) => current.set_budget(outcome.customer, budget),
            Err(error) if error.is_unknown_customer() => {}
            // No other read would survive it.
            Err(error) if error.is_unauthenticated() => return Err(error.into()),
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
