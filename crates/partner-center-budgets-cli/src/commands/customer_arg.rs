//! The customer that an argument names.

use std::collections::BTreeMap;
use std::str::FromStr;

use futures_util::future::try_join;
use partner_center_budgets::{Client, Customer, CustomerId, CustomerQuery, Error, ParseError};

use super::all_customers::AllCustomers;
use crate::error::CliError;
use crate::output::listing::{Listing, MAX_SHOWN};
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::values::id_or_text;

/// The required argument of a command for one customer.
#[derive(Debug, clap::Args)]
pub(crate) struct CustomerArg {
    /// The customer: the id (GUID) of its tenant, its company name, or its domain
    ///
    /// Names and domains are compared without regard to case. They need two calls more than an id.
    #[arg(value_name = "CUSTOMER")]
    pub(crate) customer: CustomerSelector,
}

/// An id, or a name or domain to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CustomerSelector {
    Id(CustomerId),
    /// A company name or a domain; never empty.
    Text(String),
}

/// Which names and domains select a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matching {
    /// Only the full name or domain. For commands that change a budget.
    Exact,
    /// The full name or domain; if there is none, the beginning of the names or domains of a single customer.
    UniqueStart,
}

/// The customer that a selector identifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SelectedCustomer {
    pub(crate) id: CustomerId,
    /// The company name; `None` if the customer was selected by its id, or has no name.
    pub(crate) name: Option<String>,
}

impl FromStr for CustomerSelector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let error = match text.parse() {
            Ok(id) => return Ok(Self::Id(id)),
            Err(error) => error,
        };
        if text.is_empty() {
            return Err("write the id, name or domain of a customer".to_owned());
        }
        if looks_like_id(text) {
            return Err(ParseError::to_string(&error));
        }
        Ok(Self::Text(text.to_owned()))
    }
}

/// Whether a text is an id with a wrong number of digits, rather than a name.
fn looks_like_id(text: &str) -> bool {
    text.len() >= 30 && text.chars().all(|character| character.is_ascii_hexdigit() || character == '-')
}

impl CustomerSelector {
    /// Looks a name or domain up with two filtered lists of customers. An id needs no call.
    ///
    /// # Errors
    ///
    /// Exit code 2 if no customer or more than one matches. The error lists the candidates.
    pub(crate) async fn resolve(&self, client: &Client, matching: Matching) -> anyhow::Result<SelectedCustomer> {
        let text = match self {
            Self::Id(id) => return Ok(SelectedCustomer { id: *id, name: None }),
            Self::Text(text) => text,
        };
        let candidates = Candidates::find(client, text).await?;
        let (customer, is_exact) = candidates.choose(text, matching)?;
        let Some(id) = customer.customer_id else {
            let what = format!("the customer `{text}` cannot be used");
            let why = format!("its id is not a GUID: {}", describe(&customer));
            return Err(CliError::failed(what, why, "report this id to Microsoft's support").into());
        };
        if !is_exact {
            notice(format_args!("`{text}` is the beginning of one customer: {}", describe(&customer)));
        }
        Ok(SelectedCustomer { id, name: customer.company_name })
    }
}

/// The customers whose name or domain begins with a text.
struct Candidates {
    /// Customers with exactly this name or domain.
    exact: BTreeMap<Option<String>, Customer>,
    /// All others.
    others: BTreeMap<Option<String>, Customer>,
}

impl Candidates {
    async fn find(client: &Client, text: &str) -> Result<Self, Error> {
        let by_name = all(client, CustomerQuery::new().company_name_starts_with(text));
        let by_domain = all(client, CustomerQuery::new().domain_starts_with(text));
        let (by_name, by_domain) = try_join(by_name, by_domain).await?;
        let wanted = text.to_lowercase();
        let (mut exact, mut others) = (BTreeMap::new(), BTreeMap::new());
        for customer in by_name.into_iter().chain(by_domain) {
            let texts = [&customer.company_name, &customer.domain];
            let is_exact = texts.into_iter().flatten().any(|text| text.trim().to_lowercase() == wanted);
            let customers = if is_exact { &mut exact } else { &mut others };
            customers.insert(id_or_text(customer.customer_id, customer.customer_id_text.clone()), customer);
        }
        Ok(Self { exact, others })
    }

    /// The selected customer, and whether its full name or domain was given.
    fn choose(mut self, text: &str, matching: Matching) -> Result<(Customer, bool), CliError> {
        let only = |customers: &mut BTreeMap<_, Customer>| match customers.len() {
            1 => customers.pop_first().map(|(_, customer)| customer),
            _ => None,
        };
        if let Some(customer) = only(&mut self.exact) {
            return Ok((customer, true));
        }
        if !self.exact.is_empty() {
            let count = quantity(self.exact.len(), "customer");
            let what = format!("`{text}` is the name or domain of {count}");
            let error = CliError::usage(what, "they are listed above", "write the id of one of them");
            return Err(error.items(listing(&self.exact)));
        }
        if matching == Matching::UniqueStart
            && let Some(customer) = only(&mut self.others)
        {
            return Ok((customer, false));
        }
        if self.others.is_empty() {
            let why = "no customer's name or domain begins with it, and it is not an id";
            // The whole text finds nothing, but its beginning may be free of the mistake.
            let start: String = text.chars().take_while(|letter| letter.is_alphanumeric()).take(3).collect();
            let next = match start.is_empty() || start == *text {
                true => "find the customer in the list: pc-budgets customers".to_owned(),
                false => format!("find the customer with: pc-budgets customers --name {start}"),
            };
            return Err(CliError::usage(format_args!("`{text}` is not a customer"), why, next));
        }
        let count = quantity(self.others.len(), "customer");
        let what = format!("`{text}` is only the beginning of the name or domain of {count}");
        let (why, next) = match matching {
            Matching::Exact => (
                "a budget is changed only for an id, or for a full name or domain",
                "write the id, the full name or the domain of a customer above; nothing was changed",
            ),
            Matching::UniqueStart => {
                ("they are listed above", "write the id, the full name or the domain of one of them")
            }
        };
        Err(CliError::usage(what, why, next).items(listing(&self.others)))
    }
}

async fn all(client: &Client, query: CustomerQuery) -> Result<Vec<Customer>, Error> {
    let (mut list, mut customers) = (AllCustomers::new(client, query), Vec::new());
    while let Some(customer) = list.try_next().await? {
        customers.push(customer);
    }
    Ok(customers)
}

fn listing(customers: &BTreeMap<Option<String>, Customer>) -> Listing {
    Listing::of_first(customers.values().take(MAX_SHOWN).map(describe).collect(), customers.len())
}

/// Id, name and domain.
fn describe(customer: &Customer) -> String {
    let id = id_or_text(customer.customer_id, customer.customer_id_text.clone());
    let parts = [id, customer.company_name.clone(), customer.domain.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<CustomerSelector, String> {
        text.parse()
    }

    #[test]
    fn texts_that_are_not_ids_are_names_or_domains() {
        let id = "11111111-1843-4b3b-872f-206e08a08e51";
        assert_eq!(parse(id), Ok(CustomerSelector::Id(id.parse().unwrap())));
        for text in ["Contoso", "contoso.onmicrosoft.com", "cafe", "Ada-Bee 11111111-1843-4b3b-872f"] {
            assert_eq!(parse(&format!(" {text} ")), Ok(CustomerSelector::Text(text.to_owned())));
        }
    }

    #[test]
    fn refuses_ids_with_a_wrong_number_of_digits() {
        for text in ["11111111-1843-4b3b-872f-206e08a08e5", "11111111-1843-4b3b-872f-206e08a08e511"] {
            let error = parse(text).unwrap_err();
            assert!(error.contains("is not the id of a customer"), "{error}");
        }
        assert!(parse(" ").is_err());
    }
}
