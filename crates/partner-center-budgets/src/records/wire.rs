//! Where the twins of the wire become one. Every record is made with these functions, and nowhere else is a twin chosen.

use chrono::{DateTime, FixedOffset};

use crate::Decimal;
use crate::generated::types::SpendingBudget;

/// The amount of a budget. Its twin `usageSpendingBudget` is not read: a value beside a missing amount would contradict
/// what the missing amount says.
pub(crate) fn amount(budget: SpendingBudget) -> Option<Decimal> {
    budget.amount
}

/// The budget of a customer, which has had three names.
///
/// The first that is there counts, even where it holds no amount: that is how the service says that there is no budget,
/// and an older name beside it may hold a zero that means nothing.
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

/// The first of two twins that says something, the one with the current name given first.
pub(super) fn text(current: Option<String>, older: Option<String>) -> Option<String> {
    let sent = |text: &String| !text.is_empty();
    current.filter(sent).or_else(|| older.filter(sent))
}

/// The first of two twins that is a GUID; where none is, the text of the first that says something.
pub(super) fn id<T: std::str::FromStr>(current: Option<String>, older: Option<String>) -> (Option<T>, Option<String>) {
    let read = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    match read(&current).or_else(|| read(&older)) {
        Some(id) => (Some(id), None),
        None => (None, text(current, older)),
    }
}

/// A moment, with the offset from UTC that it was sent with.
pub(super) fn date(text: Option<String>) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text?.trim()).ok()
}
