//! Current budgets from a file that `export` or `usage` wrote.

use partner_center_budgets::{Currency, CustomerId, Decimal, ParseError};
use partner_center_budgets_fleet::{CurrentBudgets, Target};
use serde::Deserialize;

use super::company::KnownNames;
use super::file::read_text;
use super::notation::Choice;
use super::reader;
use crate::error::CliError;

/// One customer in the JSON of `export` and `usage`.
#[derive(Deserialize)]
struct CustomerBudget {
    customer: String,
    name: Option<String>,
    amount: Option<Decimal>,
    currency: Option<String>,
    currency_locale: Option<String>,
}

/// Reads the CSV, JSON or NDJSON of `export` or `usage`. An empty amount is a customer without a budget.
pub(crate) fn read(path: &str, choice: Choice) -> Result<(CurrentBudgets, KnownNames), CliError> {
    let text = read_text(path)?;
    let (mut current, mut names) = (CurrentBudgets::new(), KnownNames::default());
    let first = text.trim_start().chars().next();
    if !matches!(first, Some('[' | '{')) {
        let sheet = reader::read(path, &text, choice)?;
        for row in sheet.budgets {
            let budget = if let Target::Set(amount) = row.target { Some(amount) } else { None };
            current.set_budget(row.customer, budget);
        }
        for (customer, stated) in sheet.currencies {
            current.set_currency(customer, Currency::Code(stated.code));
        }
        for stated in sheet.names {
            current.set_name(stated.customer, stated.name.as_str());
            names.add(stated.customer, stated.name);
        }
        return Ok((current, names));
    }
    let invalid = |why: String| {
        let what = format_args!("cannot read current budgets from {path}");
        CliError::usage(what, why, "write the file with `pc-budgets export`")
    };
    let customers: Result<Vec<CustomerBudget>, _> = match first {
        Some('[') => serde_json::from_str(&text),
        _ => serde_json::Deserializer::from_str(&text).into_iter().collect(),
    };
    for CustomerBudget { customer, name, amount, currency, currency_locale } in
        customers.map_err(|error| invalid(error.to_string()))?
    {
        let customer: CustomerId = customer.parse().map_err(|error: ParseError| invalid(error.what().to_owned()))?;
        current.set_budget(customer, amount);
        if let Some(currency) = currency.map(Currency::Code).or(currency_locale.map(Currency::Locale)) {
            current.set_currency(customer, currency);
        }
        if let Some(name) = name {
            current.set_name(customer, name.as_str());
            names.add(customer, name);
        }
    }
    Ok((current, names))
}
