use std::collections::HashMap;

use partner_center_budgets::{Currency, CustomerId, CustomerUsageRecord, Decimal};

/// The current budgets of the customers that are known.
///
/// A customer whose budget was not told counts as unknown in a plan, so tell the ones without a budget, too.
#[derive(Debug, Clone, Default)]
pub struct Current {
    budgets: HashMap<CustomerId, Option<Decimal>>,
    currencies: HashMap<CustomerId, Currency>,
}

impl Current {
    /// Of nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells a customer's budget, as [`read_budgets`](crate::read_budgets) read it; `None` where there is none.
    pub fn set_budget(&mut self, customer: CustomerId, budget: Option<Decimal>) {
        self.budgets.insert(customer, budget);
    }

    /// Tells in which currency a customer's amounts are.
    pub fn set_currency(&mut self, customer: CustomerId, currency: Currency) {
        self.currencies.insert(customer, currency);
    }

    /// Tells both as far as a record knows them.
    ///
    /// One list has the records of all customers who used Azure, and spares a call for each. But a record may be a day
    /// old, and then carrying out the plan skips a customer as changed meanwhile.
    pub fn add_record(&mut self, record: &CustomerUsageRecord) {
        let Some(customer) = record.customer_id else { return };
        self.set_budget(customer, record.budget);
        if let Some(currency) = &record.currency {
            self.set_currency(customer, currency.clone());
        }
    }

    /// Whether the customer is known, and then the budget.
    pub fn budget(&self, customer: CustomerId) -> Option<Option<Decimal>> {
        self.budgets.get(&customer).copied()
    }

    /// The currency, where it is known.
    pub fn currency(&self, customer: CustomerId) -> Option<&Currency> {
        self.currencies.get(&customer)
    }
}
