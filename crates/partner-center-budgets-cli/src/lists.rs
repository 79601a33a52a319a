//! The list of customers.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use partner_center_budgets::{Client, Customer, CustomerId, CustomerQuery};
use serde::Serialize;

use crate::arguments::Output;
use crate::customers::Customers;
use crate::output;
use crate::output::notice;
use crate::rows::{self, Row, Rows};
use crate::table::{Align, Table};

/// Which customers. The service knows one filter at a time.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Only customers whose company's name begins with this text
    ///
    /// The service searches, so that only those who are found are sent.
    // An empty text begins every name: a script whose variable was empty would get all customers.
    #[arg(long, value_name = "TEXT", conflicts_with = "domain", value_parser = NonEmptyStringValueParser::new())]
    name: Option<String>,
    /// Only customers whose domain begins with this text, such as contoso
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    domain: Option<String>,
    /// Only customers who buy through the indirect reseller with this tenant id
    ///
    /// The beginning of the id is enough. The service takes this search only from an app and a user.
    #[arg(long, value_name = "ID", conflicts_with_all = ["name", "domain"], value_parser = NonEmptyStringValueParser::new())]
    indirect_reseller: Option<String>,
}

impl Search {
    fn query(&self) -> CustomerQuery {
        match (&self.name, &self.domain, &self.indirect_reseller) {
            (Some(name), _, _) => CustomerQuery::new().company_name_starts_with(name),
            (_, Some(domain), _) => CustomerQuery::new().domain_starts_with(domain),
            (_, _, Some(reseller)) => CustomerQuery::new().indirect_reseller_starts_with(reseller),
            (None, None, None) => CustomerQuery::new(),
        }
    }
}

/// One customer, as programs read it.
#[derive(Serialize)]
struct CustomerLine {
    customer: Option<String>,
    name: Option<String>,
    domain: Option<String>,
}

impl Row for CustomerLine {
    const HEADS: &'static [&'static str] = &["customer", "name", "domain"];

    fn cells(&self) -> Vec<String> {
        [&self.customer, &self.name, &self.domain].map(rows::text).into()
    }
}

impl From<Customer> for CustomerLine {
    fn from(customer: Customer) -> Self {
        Self {
            customer: shown(customer.customer_id, customer.customer_id_text),
            name: customer.company_name,
            domain: customer.domain,
        }
    }
}

/// The id of a customer, or what the service sent in its place.
pub(crate) fn shown(id: Option<CustomerId>, text: Option<String>) -> Option<String> {
    id.map(|id| id.to_string()).or(text)
}

pub(crate) async fn customers(client: &Client, output: Output, search: &Search) -> anyhow::Result<()> {
    let mut customers = Customers::new(client, search.query());
    if let Some(mut rows) = Rows::streaming::<CustomerLine>(output)? {
        while let Some(customer) = rows.while_waiting(customers.try_next()).await?? {
            rows.write(&CustomerLine::from(customer))?;
        }
        return Ok(rows.flush()?);
    }
    let mut lines: Vec<CustomerLine> = Vec::new();
    while let Some(customer) = customers.try_next().await? {
        lines.push(customer.into());
    }
    if output == Output::Json {
        return output::json(&lines);
    }
    let mut table = Table::new([("customer", Align::Id), ("name", Align::Cut), ("domain", Align::Cut)]);
    let is_empty = lines.is_empty();
    for line in lines {
        table.row([line.customer, line.name, line.domain].map(Option::unwrap_or_default));
    }
    table.print()?;
    match (&search.name, &search.domain, &search.indirect_reseller) {
        _ if !is_empty => Ok(()),
        (Some(name), _, _) => none_found(&format!("no customer's name begins with `{name}`")),
        (_, Some(domain), _) => none_found(&format!("no customer's domain begins with `{domain}`")),
        (_, _, Some(reseller)) => {
            none_found(&format!("no customer has an indirect reseller whose id begins with `{reseller}`"))
        }
        (None, None, None) => Ok(()),
    }
}

/// Tells people why a table is empty. It is an answer like others, so the exit code stays 0.
pub(crate) fn none_found(why: &str) -> anyhow::Result<()> {
    notice(why);
    Ok(())
}
