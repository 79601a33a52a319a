//! The list of customers.

use partner_center_budgets::{Client, Customer, CustomerId, CustomerQuery};
use serde::Serialize;

use crate::arguments::Output;
use crate::output;
use crate::rows::{self, Row, Rows};
use crate::table::{Align, Table};

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

pub(crate) async fn customers(client: &Client, output: Output) -> anyhow::Result<()> {
    let mut customers = client.list_customers(CustomerQuery::new());
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
    let mut table = Table::new([("customer", Align::Left), ("name", Align::Cut), ("domain", Align::Cut)]);
    for line in lines {
        table.row([line.customer, line.name, line.domain].map(Option::unwrap_or_default));
    }
    Ok(table.print()?)
}
