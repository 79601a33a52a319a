//! `pc-budgets customers`: the list of customers.

use clap::builder::NonEmptyStringValueParser;
use partner_center_budgets::{Client, Customer, CustomerQuery};
use schemars::JsonSchema;
use serde::Serialize;

use super::all_customers::AllCustomers;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::records::{self, Record, RecordWriter};
use crate::output::table::{Align, Table};
use crate::values::id_or_text;

/// Show all customers, or those with a name, domain or indirect reseller
///
/// The service supports one filter at a time and sends only the customers that match.
///
/// Exit codes: 0 shown, even if no customer matches; 1 failed; 2 wrong usage; 3 sign-in.
///
/// Example: pc-budgets customers --name Contoso
#[derive(Debug, clap::Args)]
pub(crate) struct CustomersArgs {
    /// Only customers whose company name begins with this text
    // An empty text would match every name: a script with an empty variable would get all customers.
    #[arg(long, value_name = "TEXT", conflicts_with = "domain", value_parser = NonEmptyStringValueParser::new())]
    name: Option<String>,
    /// Only customers whose domain begins with this text, such as contoso
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    domain: Option<String>,
    /// Only customers of the indirect reseller with this tenant id
    ///
    /// The beginning of the id is enough. Needs a token of an app and a user.
    #[arg(long, value_name = "ID", conflicts_with_all = ["name", "domain"], value_parser = NonEmptyStringValueParser::new())]
    indirect_reseller: Option<String>,
}

impl CustomersArgs {
    fn query(&self) -> CustomerQuery {
        match (&self.name, &self.domain, &self.indirect_reseller) {
            (Some(name), _, _) => CustomerQuery::new().company_name_starts_with(name),
            (_, Some(domain), _) => CustomerQuery::new().domain_starts_with(domain),
            (_, _, Some(reseller)) => CustomerQuery::new().indirect_reseller_starts_with(reseller),
            (None, None, None) => CustomerQuery::new(),
        }
    }

    /// Why the list is empty.
    fn no_match(&self) -> Option<String> {
        match (&self.name, &self.domain, &self.indirect_reseller) {
            (Some(name), _, _) => Some(format!("no customer's name begins with `{name}`")),
            (_, Some(domain), _) => Some(format!("no customer's domain begins with `{domain}`")),
            (_, _, Some(reseller)) => {
                Some(format!("no customer has an indirect reseller whose id begins with `{reseller}`"))
            }
            (None, None, None) => None,
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct CustomerRecord {
    customer: Option<String>,
    name: Option<String>,
    domain: Option<String>,
}

impl Record for CustomerRecord {
    fn headers() -> Vec<&'static str> {
        vec!["customer", "name", "domain"]
    }

    fn cells(&self) -> Vec<String> {
        [&self.customer, &self.name, &self.domain].map(records::text).into()
    }
}

impl From<Customer> for CustomerRecord {
    fn from(customer: Customer) -> Self {
        Self {
            customer: id_or_text(customer.customer_id, customer.customer_id_text),
            name: customer.company_name,
            domain: customer.domain,
        }
    }
}

pub(crate) async fn run(client: &Client, args: &CustomersArgs, format: OutputFormat) -> anyhow::Result<()> {
    let mut customers = AllCustomers::new(client, args.query());
    if let Some(mut writer) = RecordWriter::streaming::<CustomerRecord>(format)? {
        while let Some(customer) = writer.while_waiting(customers.try_next()).await?? {
            writer.write(&CustomerRecord::from(customer))?;
        }
        return Ok(writer.flush()?);
    }
    let mut all: Vec<CustomerRecord> = Vec::new();
    while let Some(customer) = customers.try_next().await? {
        all.push(customer.into());
    }
    if format == OutputFormat::Json {
        return records::json(&all);
    }
    let mut table = Table::new([("customer", Align::Id), ("name", Align::Truncated), ("domain", Align::Truncated)]);
    let is_empty = all.is_empty();
    for customer in all {
        table.row([customer.customer, customer.name, customer.domain].map(Option::unwrap_or_default));
    }
    match format {
        OutputFormat::Markdown => table.print_markdown()?,
        _ => table.print()?,
    }
    if let Some(why) = args.no_match().filter(|_| is_empty) {
        notice(why);
    }
    Ok(())
}
