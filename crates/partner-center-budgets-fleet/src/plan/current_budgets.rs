use std::collections::HashMap;

use partner_center_budgets::{Currency, CustomerId, CustomerUsageRecord, Decimal};

/// The current budgets of customers.
///
/// A plan treats a customer that is missing here as unknown, so add the customers without a budget, too.
#[derive(Debug, Clone, Default)]
pub struct CurrentBudgets {
    budgets: HashMap<CustomerId, Option<Decimal>>,
    currencies: HashMap<CustomerId, Currency>,
    names: HashMap<CustomerId, String>,
    customer_count: Option<usize>,
}

impl CurrentBudgets {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a customer's budget, as [`read_budgets`](crate::read_budgets) returns it; `None` for no budget.
    pub fn set_budget(&mut self, customer: CustomerId, budget: Option<Decimal>) {
        self.budgets.insert(customer, budget);
    }

    /// Adds the currency of a customer's amounts.
    pub fn set_currency(&mut self, customer: CustomerId, currency: Currency) {
        self.currencies.insert(customer, currency);
    }

    /// Adds the name of a customer, which the plan shows to people.
    pub fn set_name(&mut self, customer: CustomerId, name: impl Into<String>) {
        self.names.insert(customer, name.into());
    }

    /// Sets the number of all customers of the partner, if it is known, so that a plan can tell which share of them changes.
    pub fn set_customer_count(&mut self, count: usize) {
        self.customer_count = Some(count);
    }

    /// Adds the budget, the currency and the name of a usage record.
    ///
    /// One list has the records of all customers who used Azure, which saves a call for each customer. But a record may be
    /// a day old. If the budget changed since, [`apply`](crate::apply()) skips the customer as a conflict.
    pub fn add_record(&mut self, record: &CustomerUsageRecord) {
        let Some(customer) = record.customer_id else { return };
        self.set_budget(customer, record.budget);
        if let Some(currency) = &record.currency {
            self.set_currency(customer, currency.clone());
        }
        if let Some(name) = &record.customer_name {
            self.set_name(customer, name);
        }
    }

    /// The budget of a customer: `None` if the customer is unknown, `Some(None)` if the customer has no budget.
    pub fn budget(&self, customer: CustomerId) -> Option<Option<Decimal>> {
        self.budgets.get(&customer).copied()
    }

    /// The currency of a customer's amounts, if it is known.
    pub fn currency(&self, customer: CustomerId) -> Option<&Currency> {
        self.currencies.get(&customer)
    }

    /// The name of a customer, if it is known.
    pub fn name(&self, customer: CustomerId) -> Option<&str> {
        self.names.get(&customer).map(String::as_str)
    }

    /// The number of customers of the partner: the one that [`set_customer_count`](Self::set_customer_count) set, else the
    /// number of customers with a known budget, which includes those without a budget.
    pub fn customer_count(&self) -> usize {
        self.customer_count.unwrap_or(self.budgets.len())
    }
}
