//! The totals of each currency.

use std::collections::BTreeMap;

use partner_center_budgets::Decimal;

use super::customer::{Customer, Status};

/// What the customers of one currency have together.
pub(super) struct Total {
    pub(super) customers: usize,
    /// `None` where a sum has more digits than a decimal holds.
    pub(super) budget: Option<Decimal>,
    pub(super) cost: Option<Decimal>,
    pub(super) over: usize,
    pub(super) near: usize,
    pub(super) trending: usize,
    pub(super) trend_unknown: usize,
    pub(super) without_budget: usize,
}

/// By currency, in the order of their names. Amounts of different currencies are never added.
pub(super) fn totals(customers: &[Customer]) -> BTreeMap<&str, Total> {
    let mut totals = BTreeMap::new();
    for customer in customers {
        let zero = || Total {
            customers: 0,
            budget: Some(Decimal::default()),
            cost: Some(Decimal::default()),
            over: 0,
            near: 0,
            trending: 0,
            trend_unknown: 0,
            without_budget: 0,
        };
        let total: &mut Total = totals.entry(customer.currency.as_str()).or_insert_with(zero);
        total.customers += 1;
        add(&mut total.budget, customer.budget);
        add(&mut total.cost, customer.cost);
        total.over += usize::from(customer.is(Status::Over));
        total.near += usize::from(customer.is(Status::Near));
        total.trending += usize::from(customer.is(Status::TrendingOver));
        total.trend_unknown += usize::from(customer.is(Status::TrendUnknown));
        total.without_budget += usize::from(customer.spends_without_budget());
    }
    totals
}

fn add(sum: &mut Option<Decimal>, value: Option<Decimal>) {
    if let (Some(so_far), Some(value)) = (*sum, value) {
        *sum = so_far.checked_add(value);
    }
}
