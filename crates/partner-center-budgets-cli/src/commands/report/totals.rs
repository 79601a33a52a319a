//! The totals of each currency.

use std::collections::BTreeMap;

use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::BudgetStatus;

use super::customer::ReportedCustomer;

/// The totals of the customers with one currency.
pub(super) struct Total {
    pub(super) customers: usize,
    /// `None` if the sum has more digits than a decimal holds.
    pub(super) budget: Option<Decimal>,
    pub(super) cost: Option<Decimal>,
    pub(super) over: usize,
    pub(super) near: usize,
    pub(super) trending: usize,
    pub(super) trend_unknown: usize,
    pub(super) without_budget: usize,
}

/// The totals by currency, sorted by name. Amounts of different currencies are never added.
pub(super) fn totals(customers: &[ReportedCustomer]) -> BTreeMap<&str, Total> {
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
        let total: &mut Total = totals.entry(customer.usage.currency_or_locale()).or_insert_with(zero);
        total.customers += 1;
        add(&mut total.budget, customer.usage.budget);
        add(&mut total.cost, customer.usage.cost);
        total.over += usize::from(customer.is(BudgetStatus::Over));
        total.near += usize::from(customer.is(BudgetStatus::Near));
        total.trending += usize::from(customer.is(BudgetStatus::TrendingOver));
        total.trend_unknown += usize::from(customer.is(BudgetStatus::TrendUnknown));
        total.without_budget += usize::from(customer.spends_without_budget());
    }
    totals
}

fn add(sum: &mut Option<Decimal>, value: Option<Decimal>) {
    if let (Some(so_far), Some(value)) = (*sum, value) {
        *sum = so_far.checked_add(value);
    }
}
