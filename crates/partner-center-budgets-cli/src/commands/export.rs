//! `pc-budgets export`: all customers with their budgets.

mod csv;
mod customer;

use std::collections::{BTreeMap, HashMap};

use futures_util::stream;
use partner_center_budgets::{Client, CustomerId, CustomerQuery, CustomerUsageRecord, Error};
use partner_center_budgets_fleet as fleet;

use super::all_customers::AllCustomers;
use super::current_budgets::with_fleet_timeout;
use super::preflight;
use crate::error::{CliError, Exit, error_line};
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::progress::ProgressLine;
use crate::output::records;
use crate::output::sanitize::sanitized;
use crate::session::connection::Connection;
use crate::values::code_and_locale;
use csv::CsvOptions;
pub(crate) use customer::ExportedCustomer;

/// Write all customers with their budgets as CSV, for a spreadsheet and for `plan`
///
/// The columns are customer, name, amount, currency and cost; `none` is a customer without a budget. `plan` reads the file
/// back without changes. The current budgets are read customer by customer.
///
/// Currency and cost come from the usage records, which need a token of an app and a user. Without such a token both are
/// empty, and a warning says so. A legacy offer has a locale such as en-GB instead of a currency, which only JSON has.
///
/// The CSV is safe to open: every text is quoted, and an apostrophe comes before = + - @ and ' where a spreadsheet could run
/// part of a name as a formula. `plan` removes the apostrophes. With --output json or ndjson, all names and digits are
/// unchanged.
///
/// Exit codes: 0 written; 1 failed, or some customers could not be read (they are listed on standard error and left out); 2
/// wrong usage; 3 sign-in.
///
/// Example: pc-budgets export > budgets.csv
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    csv: CsvOptions,
}

pub(crate) async fn run(connection: Connection, args: &ExportArgs, format: OutputFormat) -> anyhow::Result<()> {
    preflight::ensure_not_markdown(format)?;
    preflight::ensure_no_csv_options(format, args.csv.is_set())?;
    preflight::ensure_unambiguous_comma(args.csv.has_decimal_comma(), args.csv.delimiter())?;
    let session = connection.open().await?;
    let client = with_fleet_timeout(&session.client);
    let (mut names, mut failed) = (BTreeMap::new(), Vec::new());
    let mut customers = AllCustomers::new(&client, CustomerQuery::new());
    while let Some(customer) = customers.try_next().await? {
        match customer.customer_id {
            Some(id) => drop(names.insert(id, customer.company_name)),
            None => failed.push(format!("a customer without an id: {}", customer.company_name.unwrap_or_default())),
        }
    }
    let mut records = read_records(&client).await?;
    let mut reads = fleet::read_budgets(&client, stream::iter(names.keys().copied().collect::<Vec<_>>()));
    let progress = ProgressLine::start("reading budgets", reads.progress());
    let mut exported = Vec::with_capacity(names.len());
    while let Some(outcome) = reads.next().await {
        match outcome.result {
            Ok(amount) => {
                let name = names.get(&outcome.customer).cloned().flatten();
                let record = records.remove(&outcome.customer).unwrap_or_default();
                let (currency, currency_locale) = code_and_locale(record.currency);
                let (customer, total_cost) = (outcome.customer.to_string(), record.total_cost);
                exported.push(ExportedCustomer { customer, name, amount, total_cost, currency, currency_locale });
            }
            Err(error) if error.is_unauthenticated() => return Err(error.into()),
            Err(error) => failed.push(format!("{}: {}", outcome.customer, error_line(&error))),
        }
    }
    drop(progress);
    // Sorted, so that two exports can be compared.
    exported.sort_by(|one, other| one.customer.cmp(&other.customer));
    failed.sort();
    match format {
        OutputFormat::Json => records::json(&exported)?,
        OutputFormat::Ndjson => exported.iter().try_for_each(records::json)?,
        OutputFormat::Table | OutputFormat::Csv | OutputFormat::Markdown => args.csv.write(&exported)?,
    }
    if failed.is_empty() {
        return Ok(());
    }
    let what = format_args!("not all customers could be read; missing in the export: {}", failed.len());
    Err(CliError::new(Exit::Failed, what).next("run it again").items(failed).into())
}

/// The usage records by customer. Empty if the credential may not read them.
async fn read_records(client: &Client) -> Result<HashMap<CustomerId, CustomerUsageRecord>, Error> {
    let mut found = HashMap::new();
    let mut records = client.list_customer_usage_records();
    loop {
        match records.try_next().await {
            Ok(Some(record)) => drop(record.customer_id.map(|customer| found.insert(customer, record))),
            Ok(None) => return Ok(found),
            Err(error) if is_forbidden(&error) => {
                let why = error_line(&error);
                notice(format_args!("warning: currency and cost are left empty: {}", sanitized(&why)));
                return Ok(HashMap::new());
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether the credential may not read usage records. The client refuses some credentials itself, and the service answers 500
/// for some tokens of an app alone.
fn is_forbidden(error: &Error) -> bool {
    let is_about_app = || error.why().is_some_and(|why| why.contains("application credentials"));
    matches!(error, Error::Input { .. }) || error.status() == Some(403) || error.status() == Some(500) && is_about_app()
}
