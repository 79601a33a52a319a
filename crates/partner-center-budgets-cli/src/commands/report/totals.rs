//! The totals of each currency.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::BudgetStatus;

use super::customer::ReportedCustomer;
use crate::output::number::{count, count_of, exact, grouped};
use crate::output::sanitize::sanitized;

/// The totals of the customers with one currency.
#[derive(Default)]
struct Total {
    customers: usize,
    budget: Sum,
    cost: Sum,
    over: usize,
    near: usize,
    trending: usize,
    trend_unknown: usize,
    without_budget: usize,
    /// Whether the group is a locale whose currency is not known.
    is_locale: bool,
    /// The locales whose currency this is.
    locales: BTreeSet<String>,
    /// The customers with these locales.
    from_locale: usize,
}

/// The totals of all currencies. Amounts of different currencies are never added.
pub(super) struct Totals<'a> {
    /// By currency, or by the locale if its currency is not known. The empty name has the customers with neither.
    groups: BTreeMap<&'a str, Total>,
    customers_with_cost: usize,
    usd_cost: Sum,
    /// The customers with a cost that is known in US dollars.
    usd_customers: usize,
}

impl<'a> Totals<'a> {
    pub(super) fn of(customers: &'a [ReportedCustomer]) -> Self {
        let mut totals =
            Self { groups: BTreeMap::new(), customers_with_cost: 0, usd_cost: Sum::default(), usd_customers: 0 };
        for customer in customers {
            totals.groups.entry(customer.currency()).or_default().add(customer);
            if customer.usage.cost.is_some_and(|cost| cost != Decimal::default()) {
                totals.customers_with_cost += 1;
                totals.usd_customers += usize::from(customer.usd_cost.is_some());
                totals.usd_cost.add(customer.usd_cost);
            }
        }
        totals
    }

    /// The names of the groups.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().copied()
    }

    pub(super) fn to_html(&self) -> Markup {
        // Without this column, a 0 under "Trending over" would be misleading.
        let unknown_trends = self.groups.values().any(|total| total.trend_unknown > 0).then_some("Trend unknown");
        let headers = ["Customers", "Budget", "Cost so far", "Over", "Near", "Trending over", "Costs, no budget"];
        html! {
            div.wide role="region" aria-label="Totals by currency" tabindex="0" { "\n"
                table #totals { "\n"
                    caption { "Totals by currency" } "\n"
                    thead {
                        tr {
                            th scope="col" { "Currency" }
                            @for header in headers.into_iter().chain(unknown_trends) { th scope="col" { (header) } }
                        }
                    } "\n"
                    tbody { "\n"
                        @for (currency, total) in &self.groups {
                            tr {
                                th scope="row" { (name(currency)) }
                                td { (count(total.customers)) }
                                td { (total.budget.to_html()) }
                                td { (total.cost.to_html()) }
                                td { (count(total.over)) }
                                td { (count(total.near)) }
                                td { (count(total.trending)) }
                                td { (count(total.without_budget)) }
                                @if unknown_trends.is_some() { td { (count(total.trend_unknown)) } }
                            } "\n"
                        }
                    } "\n"
                } "\n"
            } "\n"
            (self.notes())
        }
    }

    fn notes(&self) -> Markup {
        let from_locale: usize = self.groups.values().map(|total| total.from_locale).sum();
        let unknown: Vec<_> =
            self.groups.iter().filter(|(_, total)| total.is_locale).map(|(locale, _)| *locale).collect();
        html! {
            p.note {
                @if self.usd_customers > 0 {
                    "In US dollars: " b { (self.usd_cost.to_html()) " USD" } ", an estimate by Microsoft, known for "
                    (count(self.usd_customers)) " of " (count_of(self.customers_with_cost, "customer")) " with a cost. "
                }
                @if from_locale > 0 {
                    "For " (count_of(from_locale, "customer")) " Microsoft sends a locale instead of a currency: "
                    @for (position, (locale, currency)) in self.locales().enumerate() {
                        @if position > 0 { ", " }
                        (sanitized(locale)) " is " (currency)
                    }
                    ", marked “from locale”. "
                }
                @if !unknown.is_empty() {
                    "No currency is known for the locale" @if unknown.len() > 1 { "s" } " "
                    @for (position, locale) in unknown.iter().enumerate() {
                        @if position > 0 { ", " }
                        (sanitized(locale))
                    }
                    ": each has totals of its own."
                }
            }
        }
    }

    /// The locales whose currency is known.
    fn locales(&self) -> impl Iterator<Item = (&str, &str)> {
        self.groups.iter().flat_map(|(currency, total)| total.locales.iter().map(|locale| (locale.as_str(), *currency)))
    }
}

impl Total {
    fn add(&mut self, customer: &ReportedCustomer) {
        self.customers += 1;
        self.budget.add(customer.usage.budget);
        self.cost.add(customer.usage.cost);
        self.over += usize::from(customer.is(BudgetStatus::Over));
        self.near += usize::from(customer.is(BudgetStatus::Near));
        self.trending += usize::from(customer.is(BudgetStatus::TrendingOver));
        self.trend_unknown += usize::from(customer.is(BudgetStatus::TrendUnknown));
        self.without_budget += usize::from(customer.spends_without_budget());
        match (&customer.usage.currency_locale, &customer.currency_code) {
            (Some(locale), Some(_)) => {
                self.from_locale += 1;
                if !self.locales.contains(locale) {
                    self.locales.insert(locale.clone());
                }
            }
            (Some(_), None) => self.is_locale = true,
            (None, _) => {}
        }
    }
}

/// A sum, or `None` if it has more digits than a decimal holds.
struct Sum(Option<Decimal>);

impl Default for Sum {
    fn default() -> Self {
        Self(Some(Decimal::default()))
    }
}

impl Sum {
    fn add(&mut self, value: Option<Decimal>) {
        if let (Some(so_far), Some(value)) = (self.0, value) {
            self.0 = so_far.checked_add(value);
        }
    }

    fn to_html(&self) -> Markup {
        match self.0 {
            Some(sum) => html! { data value=(exact(sum)) title=(exact(sum)) { (grouped(sum)) } },
            None => html! { "too many digits" },
        }
    }
}

/// The name of a group.
pub(super) fn name(currency: &str) -> String {
    if currency.is_empty() { "unknown".to_owned() } else { sanitized(currency).into_owned() }
}
