//! The activity log: the changes of budgets since the start.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};

use super::Customer;
use crate::caller::Caller;
use crate::money::Money;

/// A change of a customer's budget.
#[derive(Debug)]
pub(crate) struct BudgetChange {
    /// The index of the customer.
    pub(crate) customer: usize,
    pub(crate) old: Option<Money>,
    pub(crate) new: Option<Money>,
    pub(crate) caller: Caller,
    pub(crate) correlation_id: Option<String>,
    pub(crate) date: DateTime<Utc>,
}

/// The time that the activity log refers to.
pub(crate) fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Selects changes.
pub(crate) struct ChangeFilter {
    /// The first day.
    pub(crate) since: NaiveDate,
    /// The last day.
    pub(crate) until: NaiveDate,
    pub(crate) subject: Subject,
}

/// Whose changes to select. Texts are compared in small letters.
pub(crate) enum Subject {
    All,
    None,
    CustomerId(String),
    /// A part of the name.
    CompanyName(String),
}

impl ChangeFilter {
    pub(crate) fn matches(&self, change: &BudgetChange, customer: &Customer) -> bool {
        let day = change.date.date_naive();
        let is_subject = match &self.subject {
            Subject::All => true,
            Subject::None => false,
            Subject::CustomerId(id) => customer.id.to_string() == *id,
            Subject::CompanyName(part) => customer.company.to_lowercase().contains(part),
        };
        (self.since..=self.until).contains(&day) && is_subject
    }
}
