//! The current data of a sheet's customers.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::stream;
use partner_center_budgets::{Client, CustomerId, CustomerQuery, RetryPolicy};
use partner_center_budgets_fleet::{self as fleet, CurrentBudgets};

use super::all_customers::AllCustomers;
use crate::error::{CliError, Exit, error_line};
use crate::output::listing::Listing;
use crate::output::notice::notice;
use crate::output::progress::ProgressLine;
use crate::output::sanitize::sanitized;
use crate::sheet::{KnownNames, Sheet};

/// How long a call of a fleet may wait while the service throttles: longer than a single call should.
const FLEET_TIMEOUT: Duration = Duration::from_secs(3600);

/// The client with the timeout for fleets.
pub(crate) fn with_fleet_timeout(client: &Client) -> Client {
    client.with_retry(RetryPolicy::default().total(FLEET_TIMEOUT))
}

/// Reads the names of all customers, and the budgets of the sheet's customers.
pub(crate) async fn read_known(
    client: &Client,
    sheet: &Sheet,
    ignores_names: bool,
) -> anyhow::Result<(CurrentBudgets, KnownNames)> {
    let listed = read_names(client, sheet, ignores_names).await?;
    let mut current = read_current(client, sheet).await?;
    let Some((names, count)) = listed else { return Ok((current, KnownNames::default())) };
    current.set_customer_count(count);
    for row in &sheet.budgets {
        if let Some(name) = names.get(row.customer) {
            current.set_name(row.customer, name);
        }
    }
    Ok((current, names))
}

/// The names of all customers, and the number of customers. `None` if the list cannot be read and the run can do without: the
/// sheet has no names to check, or the credential may not list customers.
async fn read_names(
    client: &Client,
    sheet: &Sheet,
    ignores_names: bool,
) -> anyhow::Result<Option<(KnownNames, usize)>> {
    let is_needed = !sheet.names.is_empty() && !ignores_names;
    let (mut names, mut count) = (KnownNames::default(), 0);
    let mut customers = AllCustomers::new(client, CustomerQuery::new());
    loop {
        match customers.try_next().await {
            Ok(Some(customer)) => {
                count += 1;
                if let (Some(id), Some(name)) = (customer.customer_id, customer.company_name) {
                    names.add(id, name);
                }
            }
            Ok(None) => return Ok(Some((names, count))),
            Err(error) if error.status() == Some(403) || !is_needed && !error.is_unauthenticated() => {
                let why = error_line(&error);
                let what = match sheet.names.is_empty() {
                    true => "the customers' names and number are unknown",
                    false => "the names of the sheet were not checked",
                };
                notice(format_args!("warning: {what}: {}", sanitized(&why)));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The current budgets of the sheet's customers, without the customers that the service does not know.
async fn read_current(client: &Client, sheet: &Sheet) -> anyhow::Result<CurrentBudgets> {
    let customers: BTreeSet<CustomerId> = sheet.budgets.iter().map(|row| row.customer).collect();
    let count = customers.len();
    let mut reads = fleet::read_budgets(client, stream::iter(customers));
    let _progress = ProgressLine::start("reading budgets", reads.progress());
    let (mut current, mut failed) = (CurrentBudgets::new(), Vec::new());
    while let Some(outcome) = reads.next().await {
        match outcome.result {
            Ok(budget) => current.set_budget(outcome.customer, budget),
            Err(error) if error.is_unknown_customer() => {}
            // All other reads would fail for the same reason.
            Err(error) if error.is_unauthenticated() => return Err(error.into()),
            Err(error) => failed.push((outcome.customer, error)),
        }
    }
    if failed.is_empty() {
        return Ok(current);
    }
    failed.sort_by_key(|(customer, _)| *customer);
    let what = format!("{} of {count} budgets could not be read, so there is no plan", failed.len());
    let items: Listing = failed.iter().map(|(customer, error)| format!("{customer}: {}", error_line(error))).collect();
    Err(CliError::new(Exit::Failed, what).next("run it again; nothing was changed").items(items).into())
}
