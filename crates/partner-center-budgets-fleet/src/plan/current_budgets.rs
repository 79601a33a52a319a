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
    ///
    /// ```
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// let current = CurrentBudgets::new();
    /// assert_eq!(current.customer_count(), 0);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a customer's budget, as [`read_budgets`](crate::read_budgets) returns it; `None` for no budget.
    ///
    /// ```no_run
    /// # use futures_core::Stream;
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # use partner_center_budgets_fleet::{CurrentBudgets, read_budgets};
    /// # async fn example(client: Client, customers: impl Stream<Item = CustomerId>) -> Result<(), Error> {
    /// let mut current = CurrentBudgets::new();
    /// let mut budgets = read_budgets(&client, customers);
    /// while let Some(outcome) = budgets.next().await {
    ///     current.set_budget(outcome.customer, outcome.result?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_budget(&mut self, customer: CustomerId, budget: Option<Decimal>) {
        self.budgets.insert(customer, budget);
    }

    /// Adds the currency of a customer's amounts.
    ///
    /// ```
    /// # use partner_center_budgets::Currency;
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// current.set_currency(customer, Currency::Code("EUR".to_owned()));
    /// # assert!(current.currency(customer).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_currency(&mut self, customer: CustomerId, currency: Currency) {
        self.currencies.insert(customer, currency);
    }

    /// Adds the name of a customer, which the plan shows to people.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// current.set_name(customer, "Blue Harbor Logistics");
    /// # assert!(current.name(customer).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_name(&mut self, customer: CustomerId, name: impl Into<String>) {
        self.names.insert(customer, name.into());
    }

    /// Sets the number of all customers of the partner, if it is known, so that a plan can tell which share of them changes.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, None);
    /// // Only one of the budgets was read.
    /// current.set_customer_count(2000);
    /// assert_eq!(current.customer_count(), 2000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_customer_count(&mut self, count: usize) {
        self.customer_count = Some(count);
    }

    /// Adds the budget, the currency and the name of a usage record.
    ///
    /// One list has the records of all customers who used Azure, which saves a call for each customer. But a record may be
    /// a day old. If the budget changed since, [`apply`](crate::apply()) skips the customer as a conflict.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut current = CurrentBudgets::new();
    /// let mut records = client.list_customer_usage_records();
    /// while let Some(record) = records.try_next().await? {
    ///     current.add_record(&record);
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// assert_eq!(current.budget(customer), None);
    /// current.set_budget(customer, None);
    /// assert_eq!(current.budget(customer), Some(None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn budget(&self, customer: CustomerId) -> Option<Option<Decimal>> {
        self.budgets.get(&customer).copied()
    }

    /// The currency of a customer's amounts, if it is known.
    ///
    /// ```
    /// # use partner_center_budgets::Currency;
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_currency(customer, Currency::Code("EUR".to_owned()));
    /// assert_eq!(current.currency(customer).and_then(Currency::code), Some("EUR"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn currency(&self, customer: CustomerId) -> Option<&Currency> {
        self.currencies.get(&customer)
    }

    /// The name of a customer, if it is known.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_name(customer, "Blue Harbor Logistics");
    /// assert_eq!(current.name(customer), Some("Blue Harbor Logistics"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn name(&self, customer: CustomerId) -> Option<&str> {
        self.names.get(&customer).map(String::as_str)
    }

    /// The number of customers of the partner: the one that [`set_customer_count`](Self::set_customer_count) set, else the
    /// number of customers with a known budget, which includes those without a budget.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::CurrentBudgets;
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// current.set_budget(customer, None);
    /// assert_eq!(current.customer_count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn customer_count(&self) -> usize {
        self.customer_count.unwrap_or(self.budgets.len())
    }
}
