//! Merges fields that the service sends under two names. All records use these functions.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset};

use crate::Decimal;
use crate::generated::types::SpendingBudget;

/// The amount of a budget. `usageSpendingBudget` is ignored: if `amount` is missing, there is no budget, whatever the other
/// field says.
pub(crate) fn amount(budget: SpendingBudget) -> Option<Decimal> {
    budget.amount
}

/// The budget of a customer, which the service sends under one of three names.
///
/// The first name that is present decides, even if it has no amount: then there is no budget, and an older name can hold a
/// meaningless zero.
pub(super) fn budget(
    budget: Option<SpendingBudget>,
    customer_spending_budget: Option<SpendingBudget>,
    spending_budget: Option<Decimal>,
) -> Option<Decimal> {
    match budget.or(customer_spending_budget) {
        Some(budget) => amount(budget),
        None => spending_budget,
    }
}

/// The text with the current name, or the one with the older name if the first is missing or empty.
pub(super) fn text(current: Option<String>, older: Option<String>) -> Option<String> {
    let is_sent = |text: &String| !text.is_empty();
    current.filter(is_sent).or_else(|| older.filter(is_sent))
}

/// The first of both texts that is a GUID.
pub(super) fn id<T: FromStr>(current: &Option<String>, older: &Option<String>) -> Option<T> {
    [current, older].into_iter().flatten().find_map(|text| text.parse().ok())
}

/// The text of an id, if neither text is a GUID.
pub(super) fn id_text<T>(id: Option<T>, current: Option<String>, older: Option<String>) -> Option<String> {
    if id.is_some() { None } else { text(current, older) }
}

/// A date with its offset from UTC; `None` without an offset, because it could then be in any time zone.
pub(super) fn date(text: Option<String>) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text?.trim()).ok()
}

/// A number of customers; `None` below zero.
pub(super) fn count(number: Option<i64>) -> Option<u64> {
    number?.try_into().ok()
}
