//! `pc-budgets export`: all customers with their budgets.

mod csv;

use std::collections::{BTreeMap, HashMap};

use futures_util::stream;
use partner_center_budgets::{Client, Currency, CustomerId, CustomerQuery, CustomerUsageRecord, Decimal, Error};
use partner_center_budgets_fleet as fleet;
use serde::Serialize;

use crate::arguments::Output;
use crate::connection::Connection;
use crate::customers::Customers;
use crate::failure::Told;
use crate::output;
use crate::output::notice;
use crate::plan::{lines, patient};
use crate::progress::Display;
use crate::steering::harmless;

/// Write all customers with their budgets as CSV, for a spreadsheet and for `plan`
///
/// The columns are customer, name, amount, currency and cost; `none` is a customer without a budget. `plan` reads the file
/// back without changes. Budgets are read customer by customer, as they are now. Customers that cannot be read are named on
/// standard error, left out, and make the exit code 1.
///
/// Currency and cost come from the usage records, which need a token of an app and a user. Without one both are empty, and a
/// warning says so. A legacy offer has a locale such as en-GB instead of a currency, which only JSON has.
///
/// The CSV is safe to open: every text is quoted, and an apostrophe comes before = + - @ and ' where a spreadsheet could take
/// part of a name for a formula. `plan` removes the apostrophes. With --output json or ndjson it is JSON, and all names and
/// digits are unchanged.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    format: csv::Format,
}

/// One customer, as programs read it.
#[derive(Serialize)]
struct Line {
    customer: String,
    name: Option<String>,
    amount: Option<Decimal>,
    total_cost: Option<Decimal>,
    currency: Option<String>,
    currency_locale: Option<String>,
}

pub(crate) async fn run(connection: Connection, args: &Args, output: Output) -> anyhow::Result<()> {
    if matches!(output, Output::Json | Output::Ndjson) {
        args.format.ensure_default()?;
    }
    args.format.ensure_readable()?;
    let open = connection.open().await?;
    let client = patient(&open.client);
    let (mut names, mut failed) = (BTreeMap::new(), Vec::new());
    let mut customers = Customers::new(&client, CustomerQuery::new());
    while let Some(customer) = customers.try_next().await? {
        match customer.customer_id {
            Some(id) => drop(names.insert(id, customer.company_name)),
            None => {
                let name = customer.company_name.unwrap_or_default();
                failed.push(format!("a customer without an id: {}", harmless(&name)));
            }
        }
    }
    let mut records = read_records(&client).await?;
    let mut reads = fleet::read_budgets(&client, stream::iter(names.keys().copied().collect::<Vec<_>>()));
    let display = Display::of("reading budgets", reads.progress());
    let mut all = Vec::with_capacity(names.len());
    while let Some(outcome) = reads.next().await {
        match outcome.result {
            Ok(amount) => {
                let name = names.get(&outcome.customer).cloned().flatten();
                let record = records.remove(&outcome.customer).unwrap_or_default();
                let (currency, currency_locale) = match record.currency {
                    Some(Currency::Locale(locale)) => (None, Some(locale)),
                    currency => (currency.map(|currency| currency.to_string()), None),
                };
                let (customer, total_cost) = (outcome.customer.to_string(), record.total_cost);
                all.push(Line { customer, name, amount, total_cost, currency, currency_locale });
            }
            Err(error) if error.is_unauthenticated() => return Err(error.into()),
            Err(error) => failed.push(format!("{}: {error}", outcome.customer)),
        }
    }
    drop(display);
    // So that two exports can be compared.
    all.sort_by(|one, other| one.customer.cmp(&other.customer));
    failed.sort();
    match output {
        Output::Json => output::json(&all)?,
        Output::Ndjson => all.iter().try_for_each(output::json)?,
        Output::Table | Output::Csv => args.format.write(&all)?,
    }
    if failed.is_empty() {
        return Ok(());
    }
    let text = format!(
        "{}error: not all customers could be read; missing in the export: {}\n next: run it again\n",
        lines(&failed),
        failed.len()
    );
    Err(Told::failed(text).into())
}

/// The usage records by customer; none if the credential may not read them.
async fn read_records(client: &Client) -> Result<HashMap<CustomerId, CustomerUsageRecord>, Error> {
    let mut found = HashMap::new();
    let mut records = client.list_customer_usage_records();
    loop {
        match records.try_next().await {
            Ok(Some(record)) => drop(record.customer_id.map(|customer| found.insert(customer, record))),
            Ok(None) => return Ok(found),
            Err(error) if may_not_read(&error) => {
                let why = error.to_string();
                notice(format_args!("warning: currency and cost are left empty: {}", harmless(&why)));
                return Ok(HashMap::new());
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether the service, or the client before it, refuses the records to this credential. For some tokens of an app alone the
/// service answers 500.
fn may_not_read(error: &Error) -> bool {
    let is_of_app = || error.why().is_some_and(|why| why.contains("application credentials"));
    matches!(error, Error::Input { .. }) || error.status() == Some(403) || error.status() == Some(500) && is_of_app()
}
