//! The customers of the sandbox and their usage: generated from a seed, stored in memory.

mod audit;
mod customer;
mod customer_spec;
mod offer;
mod past;
mod usage;

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

pub(crate) use audit::{BudgetChange, ChangeFilter, Subject, now};
pub(crate) use customer::{Currency, Customer};
pub(crate) use customer_spec::CustomerSpec;
pub(crate) use offer::Offer;
pub(crate) use past::Day;
pub(crate) use usage::{Cost, Subscription, UsageLine};

use crate::caller::Caller;
use crate::error_response::ErrorResponse;
use crate::money::Money;
use crate::paging::Paging;
use crate::rule_syntax::RuleError;

/// The partner whose customers these are.
pub(crate) const PARTNER_ID: &str = "b1f3c0de-52a4-4d0f-8a2e-6f0c4a9d7e35";

/// The data of the service.
pub(crate) struct World {
    /// The generated ones first, customer 1 before all, so that their ids are indices.
    customers: Vec<Customer>,
    /// The indices of all others.
    added: HashMap<Uuid, usize>,
    /// The oldest first.
    budget_changes: Vec<BudgetChange>,
    paging: Paging,
    /// Number of meters of each subscription, if it is not a few.
    meters: Option<u32>,
    /// The day of all figures.
    date: NaiveDate,
    /// The address of the service, for absolute links.
    origin: String,
}

impl World {
    pub(crate) fn new(customers: u32, seed: u64, day: Day) -> Self {
        let customers = (1..=customers).map(|number| Customer::new(number, seed, day)).collect();
        let (budget_changes, paging) = (Vec::new(), Paging::default());
        let added = HashMap::new();
        Self { customers, added, budget_changes, paging, meters: None, date: day.date(), origin: String::new() }
    }

    /// Adds a customer.
    pub(crate) fn add(&mut self, customer: &CustomerSpec) -> Result<(), RuleError> {
        let number = self.customers.len() + 1;
        let customer = customer.build(u32::try_from(number).unwrap_or(u32::MAX))?;
        if self.customers.get(self.index(customer.id)).is_some() {
            return Err(RuleError::new(format!("two customers have the id {}", customer.id)));
        }
        self.added.insert(customer.id, number - 1);
        self.customers.push(customer);
        Ok(())
    }

    /// The same world, served at an address.
    pub(crate) fn at(self, origin: String) -> Self {
        Self { origin, ..self }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn paging(&self) -> &Paging {
        &self.paging
    }

    pub(crate) fn set_paging(&mut self, paging: Paging) {
        self.paging = paging;
    }

    pub(crate) fn meters(&self) -> Option<u32> {
        self.meters
    }

    pub(crate) fn set_meters(&mut self, meters: Option<u32>) {
        self.meters = meters;
    }

    pub(crate) fn date(&self) -> NaiveDate {
        self.date
    }

    pub(crate) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(crate) fn customer(&self, id: &str) -> Result<&Customer, ErrorResponse> {
        let index = self.index(parse(id)?);
        self.customers.get(index).ok_or_else(|| ErrorResponse::customer_not_found(id))
    }

    /// The changes of budgets so far, the oldest first.
    pub(crate) fn budget_changes(&self) -> &[BudgetChange] {
        &self.budget_changes
    }

    /// Replaces the budget of a customer, and records who did it. Without an amount the budget stays, and so does the log.
    pub(crate) fn update_budget(
        &mut self,
        id: &str,
        amount: Option<Option<Money>>,
        caller: &Caller,
        correlation_id: Option<&str>,
    ) -> Result<&Customer, ErrorResponse> {
        let (index, date) = (self.index(parse(id)?), audit::now());
        let customer = self.customers.get_mut(index).ok_or_else(|| ErrorResponse::customer_not_found(id))?;
        customer.writes += 1;
        if let Some(new) = amount {
            let old = std::mem::replace(&mut customer.budget, new.clone());
            let correlation_id = correlation_id.map(str::to_owned);
            let caller = caller.clone();
            self.budget_changes.push(BudgetChange { customer: index, old, new, caller, correlation_id, date });
        }
        Ok(customer)
    }

    /// The index of a customer by id; beyond the list if it is unknown.
    fn index(&self, id: Uuid) -> usize {
        let generated = usize::try_from(id.as_u128().wrapping_sub(1)).unwrap_or(usize::MAX);
        let count = self.customers.len() - self.added.len();
        self.added.get(&id).copied().unwrap_or(if generated < count { generated } else { usize::MAX })
    }
}

fn parse(id: &str) -> Result<Uuid, ErrorResponse> {
    Uuid::parse_str(id).map_err(|_| ErrorResponse::customer_id(id))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rust_decimal::Decimal;

    use super::*;
    use crate::money::percent_used;

    fn world(customers: u32, seed: u64) -> World {
        World::new(customers, seed, Day::default())
    }

    #[test]
    fn figures_add_up_exactly() {
        for customer in world(2_000, 1).customers() {
            let sum: Cost = customer.subscriptions.iter().map(|subscription| subscription.cost).sum();
            assert_eq!(sum, customer.cost, "{}", customer.id);
            for subscription in &customer.subscriptions {
                let sum: Cost = subscription.lines(None).iter().map(|line| line.cost).sum();
                assert_eq!(sum, subscription.cost, "{}", subscription.id);
                assert!(subscription.lines(None).iter().all(|line| line.cost.local >= Decimal::ZERO));
            }
        }
    }

    #[test]
    fn subscription_ids_are_unique() {
        let world = world(2_000, 1);
        let ids: Vec<Uuid> = world
            .customers()
            .iter()
            .flat_map(|customer| &customer.subscriptions)
            .map(|subscription| subscription.id)
            .collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    }

    #[test]
    fn first_two_customers_are_the_same_in_every_world() {
        for seed in [0, 1, u64::MAX] {
            let world = world(2, seed);
            let first = world.customer("00000000-0000-0000-0000-000000000001").unwrap();
            assert_eq!((first.offer, first.currency.code), (Offer::AzurePlan, "GBP"));
            assert_eq!(first.cost.local.to_string(), "27.23292827625710931604");
            assert_eq!(percent_used(first.cost.local, first.budget.as_ref()).to_string(), "28.08");
            let second = world.customer("00000000-0000-0000-0000-000000000002").unwrap();
            assert!(second.budget.is_none());
        }
    }

    #[test]
    fn default_world_has_every_kind_of_customer() {
        for seed in 0..50 {
            let world = world(40, seed);
            let has = |kind: &dyn Fn(&Customer) -> bool| assert!(world.customers().iter().any(kind), "seed {seed}");
            for offer in [Offer::Legacy, Offer::AzurePlan] {
                has(&|c| c.offer == offer && c.subscriptions.is_empty());
                has(&|c| c.offer == offer && !c.subscriptions.is_empty() && c.cost.local.is_zero());
                has(&|c| c.offer == offer && c.budget.is_none());
                has(&|c| c.offer == offer && percent_used(c.cost.local, c.budget.as_ref()) > Decimal::ONE_HUNDRED);
                for code in ["GBP", "EUR", "SEK", "USD"] {
                    has(&|c| c.offer == offer && c.currency.code == code);
                }
            }
        }
    }

    #[test]
    fn customers_depend_on_the_seed_and_not_on_the_number_of_customers() {
        let cost = |customers, seed| world(customers, seed).customers()[6].cost;
        assert_eq!(cost(7, 1), cost(500, 1));
        assert_ne!(cost(7, 1), cost(7, 2));
    }

    #[test]
    fn ids_match_in_any_letter_case() {
        let world = world(10, 1);
        assert!(world.customer("00000000-0000-0000-0000-00000000000A").is_ok());
        for unknown in [0_u128, 11, u128::MAX] {
            assert_eq!(world.customer(&Uuid::from_u128(unknown).to_string()).err().unwrap().status, 404);
        }
        assert_eq!(world.customer("blue").err().unwrap().status, 400);
    }
}
