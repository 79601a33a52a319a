//! `pc-budgets export`: all customers with their budgets.

use std::collections::BTreeMap;
use std::io;

use futures_util::stream;
use partner_center_budgets::{Client, CustomerQuery, Decimal, Error, fleet};
use serde::Serialize;

use crate::arguments::Output;
use crate::failure::Told;
use crate::plan::{lines, patient};
use crate::progress::Display;
use crate::steering::{harmless, is_seen};
use crate::{output, sheet};

/// One customer, as programs read it.
#[derive(Serialize)]
struct Line {
    customer: String,
    name: Option<String>,
    amount: Option<Decimal>,
}

pub(crate) async fn run(client: &Client, output: Output) -> anyhow::Result<()> {
    let client = patient(client);
    let (mut names, mut failed) = (BTreeMap::new(), Vec::new());
    let mut customers = client.list_customers(CustomerQuery::new());
    while let Some(customer) = customers.try_next().await? {
        match customer.customer_id {
            Some(id) => drop(names.insert(id, customer.company_name)),
            None => {
                let name = customer.company_name.unwrap_or_default();
                failed.push(format!("a customer without an id: {}", harmless(&name)));
            }
        }
    }
    let mut reads = fleet::read_budgets(&client, stream::iter(names.keys().copied().collect::<Vec<_>>()));
    let display = Display::of("reading budgets", reads.progress());
    let mut all = Vec::with_capacity(names.len());
    while let Some(outcome) = reads.next().await {
        match outcome.result {
            Ok(amount) => {
                let name = names.get(&outcome.customer).cloned().flatten();
                all.push(Line { customer: outcome.customer.to_string(), name, amount });
            }
            Err(error) if matches!(error, Error::Auth(_)) || error.status() == Some(401) => return Err(error.into()),
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
        Output::Table | Output::Csv => write(&all)?,
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

fn write(all: &[Line]) -> anyhow::Result<()> {
    let (mut out, is_seen) = (csv::Writer::from_writer(io::stdout().lock()), is_seen());
    out.write_record(["customer", "name", "amount"]).map_err(plain)?;
    for Line { customer, name, amount } in all {
        let amount = amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string());
        let name = sheet::name_written(name.as_deref().unwrap_or_default());
        let name = if is_seen { harmless(&name) } else { name };
        out.write_record([customer.as_str(), name.as_ref(), &amount]).map_err(plain)?;
    }
    Ok(out.flush()?)
}

/// The error of the stream, so that a reader that has seen enough is known as such.
fn plain(error: csv::Error) -> anyhow::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        kind => anyhow::anyhow!("the export cannot be written: {kind:?}"),
    }
}
