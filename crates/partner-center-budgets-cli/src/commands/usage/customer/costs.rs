//! The largest cost items, and the sum of all.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use partner_center_budgets::Decimal;
use rust_decimal::Decimal as Number;

use super::item::CostItem;

/// The largest cost items, the sum of the others, and the totals. It keeps no more items than it shows.
pub(super) struct Costs {
    limit: usize,
    /// The cost of the customer's record, with which the total of the items is compared.
    recorded: Option<Decimal>,
    largest: BinaryHeap<Smallest>,
    /// The items in descending order, after [`sorted`](Self::sorted).
    pub(super) items: Vec<CostItem>,
    count: usize,
    others: Option<Decimal>,
    /// The total of each currency; `None` if it has more digits than a decimal holds.
    totals: BTreeMap<String, Option<Decimal>>,
}

/// How the total of the items compares with the customer's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    Equal,
    /// The total is higher by this amount; lower if it is below zero.
    Differs(Decimal),
    /// There are several currencies, a total is not known, or the record has no cost.
    Unknown,
}

/// An item whose heap has the smallest cost on top. Equal costs are ordered by arrival.
struct Smallest {
    item: CostItem,
    number: usize,
}

impl Smallest {
    fn key(&self) -> (Option<Decimal>, std::cmp::Reverse<usize>) {
        (self.item.total_cost, std::cmp::Reverse(self.number))
    }
}

impl Ord for Smallest {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

impl PartialOrd for Smallest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Smallest {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Smallest {}

impl Costs {
    pub(super) fn new(limit: usize, recorded: Option<Decimal>) -> Self {
        Self {
            limit,
            recorded,
            largest: BinaryHeap::new(),
            items: Vec::new(),
            count: 0,
            others: Some(Decimal::default()),
            totals: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, item: CostItem) {
        if let Some(cost) = item.total_cost {
            let zero = Some(Decimal::default());
            let total = self.totals.entry(item.currency_code()).or_insert(zero);
            *total = total.and_then(|total| total.checked_add(cost));
        }
        self.largest.push(Smallest { item, number: self.count });
        self.count += 1;
        if self.largest.len() > self.limit
            && let Some(Smallest { item, .. }) = self.largest.pop()
        {
            let cost = item.total_cost.unwrap_or_default();
            self.others = self.others.and_then(|others| others.checked_add(cost));
        }
    }

    pub(super) fn sorted(mut self) -> Self {
        let largest = std::mem::take(&mut self.largest).into_sorted_vec();
        self.items = largest.into_iter().map(|smallest| smallest.item).collect();
        self
    }

    /// The number of items that are left out.
    pub(super) fn other_count(&self) -> usize {
        self.count - self.items.len()
    }

    /// The sum of the items that are left out. `None` if the items have several currencies.
    pub(super) fn other_total(&self) -> Option<Decimal> {
        self.others.filter(|_| self.only_currency().is_some())
    }

    /// The currency, if all items have the same.
    pub(super) fn only_currency(&self) -> Option<&str> {
        self.totals.first_key_value().filter(|_| self.totals.len() == 1).map(|(currency, _)| currency.as_str())
    }

    pub(super) fn totals(&self) -> impl Iterator<Item = (&str, Option<Decimal>)> {
        self.totals.iter().map(|(currency, total)| (currency.as_str(), *total))
    }

    /// The total, if all items have the same currency.
    pub(super) fn total(&self) -> Option<Decimal> {
        *self.totals.get(self.only_currency()?)?
    }

    pub(super) fn recorded(&self) -> Option<Decimal> {
        self.recorded
    }

    pub(super) fn agreement(&self) -> Agreement {
        let total = if self.count == 0 { Some(Decimal::default()) } else { self.total() };
        match (total, self.recorded) {
            (Some(total), Some(recorded)) if total == recorded => Agreement::Equal,
            (Some(total), Some(recorded)) => match Number::from(total).checked_sub(recorded.into()) {
                Some(difference) => Agreement::Differs(difference.normalize().into()),
                None => Agreement::Unknown,
            },
            _ => Agreement::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(limit: usize, recorded: &str, items: &[(&str, &str)]) -> Costs {
        let mut costs = Costs::new(limit, recorded.parse().ok());
        for (cost, currency) in items {
            costs.add(CostItem {
                total_cost: cost.parse().ok(),
                currency: Some((*currency).to_owned()),
                ..CostItem::default()
            });
        }
        costs.sorted()
    }

    #[test]
    fn keeps_the_largest_items_in_order() {
        let costs = costs(2, "7.5", &[("1", "EUR"), ("5", "EUR"), ("-0.5", "EUR"), ("2", "EUR"), ("", "EUR")]);
        let shown: Vec<_> = costs.items.iter().map(|item| item.total_cost.unwrap().to_string()).collect();
        assert_eq!(shown, ["5", "2"]);
        assert_eq!((costs.other_count(), costs.other_total()), (3, "0.5".parse().ok()));
        assert_eq!(costs.total(), "7.5".parse().ok());
        assert_eq!(costs.agreement(), Agreement::Equal);
    }

    #[test]
    fn says_by_how_much_the_total_differs() {
        let differs = |text: &str| Agreement::Differs(text.parse().unwrap());
        assert_eq!(costs(9, "7", &[("5", "EUR"), ("2.5", "EUR")]).agreement(), differs("0.5"));
        assert_eq!(costs(9, "8", &[("5", "EUR"), ("2.5", "EUR")]).agreement(), differs("-0.5"));
        assert_eq!(costs(9, "8", &[]).agreement(), differs("-8"));
        assert_eq!(costs(9, "0", &[]).agreement(), Agreement::Equal);
        let mixed = costs(1, "7", &[("5", "EUR"), ("2", "USD")]);
        assert_eq!((mixed.agreement(), mixed.total(), mixed.other_total()), (Agreement::Unknown, None, None));
        assert_eq!(costs(9, "", &[("5", "EUR")]).agreement(), Agreement::Unknown);
    }
}
