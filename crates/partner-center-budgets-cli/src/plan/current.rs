//! Current budgets from a file.

use partner_center_budgets::{Currency, CustomerId, Decimal};
use partner_center_budgets_fleet::{CurrentBudgets, Target};
use serde::Deserialize;

use crate::failure::Told;
use crate::sheet::{self, Choice, KnownNames};

/// One customer, as `export` and `usage` write it for programs.
#[derive(Deserialize)]
struct Line {
    customer: String,
    name: Option<String>,
    amount: Option<Decimal>,
    currency: Option<String>,
    currency_locale: Option<String>,
}

/// Reads what `export` or `usage` wrote, as CSV, JSON or lines of JSON. An amount that is empty is no budget.
pub(super) fn read(path: &str, choice: Choice) -> Result<(CurrentBudgets, KnownNames), Told> {
    let text = sheet::text(path)?;
    let (mut current, mut names) = (CurrentBudgets::new(), KnownNames::default());
    let first = text.trim_start().chars().next();
    if !matches!(first, Some('[' | '{')) {
        let sheet = sheet::read(path, &text, choice)?;
        for wish in sheet.wishes {
            let budget = if let Target::Set(amount) = wish.target { Some(amount) } else { None };
            current.set_budget(wish.customer, budget);
        }
        for (customer, stated) in sheet.currencies {
            current.set_currency(customer, Currency::Code(stated.code));
        }
        for stated in sheet.names {
            names.add(stated.customer, stated.name);
        }
        return Ok((current, names));
    }
    let wrong = |why: String| {
        Told::usage(Told::lines(
            format_args!("{path} has no current budgets"),
            why,
            "write it with `pc-budgets export`",
        ))
    };
    let all: Result<Vec<Line>, _> = match first {
        Some('[') => serde_json::from_str(&text),
        _ => serde_json::Deserializer::from_str(&text).into_iter().collect(),
    };
    let all = all.map_err(|error| wrong(error.to_string()))?;
    for line in all {
        let customer: CustomerId =
            line.customer.parse().map_err(|error: partner_center_budgets::Error| wrong(error.what()))?;
        current.set_budget(customer, line.amount);
        let currency = line.currency.map(Currency::Code).or(line.currency_locale.map(Currency::Locale));
        if let Some(currency) = currency {
            current.set_currency(customer, currency);
        }
        if let Some(name) = line.name {
            names.add(customer, name);
        }
    }
    Ok((current, names))
}
