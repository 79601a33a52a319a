use std::fmt;

use rust_decimal::Decimal as Number;

use super::{Entry, Kind};
use partner_center_budgets::{Currency, Decimal};

/// Numbers and sums of a plan. They add up: the customers of all kinds are all customers, the rows all rows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Totals {
    /// Rows of the sheet.
    pub rows: usize,
    /// Customers of the sheet.
    pub customers: usize,
    /// Rows that say again what an earlier row said.
    pub duplicates: usize,
    /// Each kind that occurs, in the order of [`Kind::ALL`].
    pub kinds: Vec<KindTotal>,
}

/// Numbers and sums of one kind.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KindTotal {
    /// The kind.
    pub kind: Kind,
    /// Customers.
    pub customers: usize,
    /// Rows of the sheet.
    pub rows: usize,
    /// Sums for each currency, in the order of their names.
    pub sums: Vec<Sum>,
    /// Customers whose currency is not known, so that no sum has them. An unknown customer is always one.
    pub without_currency: usize,
}

/// The budgets of the customers that have the same currency.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Sum {
    /// The currency.
    pub currency: Currency,
    /// Customers.
    pub customers: usize,
    /// Sum of what is; no budget counts as 0. `None` where it has more digits than a decimal holds.
    pub from: Option<Decimal>,
    /// Sum of what is to be.
    pub to: Option<Decimal>,
}

impl Totals {
    /// Sums for each currency, in the order of their names, over all customers whose budgets are known and not contradictory,
    /// changed or not. Amounts of different currencies are never added.
    pub fn sums(&self) -> Vec<Sum> {
        let mut sums = Vec::new();
        for sum in self.planned().flat_map(|total| &total.sums) {
            let together = sum_of(&mut sums, &sum.currency);
            together.customers += sum.customers;
            together.from = sum.from.and_then(|from| plus(together.from, from));
            together.to = sum.to.and_then(|to| plus(together.to, to));
        }
        sort(&mut sums);
        sums
    }

    /// Customers who are in none of the [`sums`](Self::sums), because their currency is not known.
    pub fn without_currency(&self) -> usize {
        self.planned().map(|total| total.without_currency).sum()
    }

    fn planned(&self) -> impl Iterator<Item = &KindTotal> {
        self.kinds.iter().filter(|total| !total.kind.is_problem())
    }

    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut kinds: Vec<_> = Kind::ALL.into_iter().map(KindTotal::new).collect();
        for entry in entries {
            if let Some(total) = kinds.iter_mut().find(|total| total.kind == entry.kind) {
                total.add(entry);
            }
        }
        kinds.retain(|total| total.customers > 0);
        for total in &mut kinds {
            sort(&mut total.sums);
        }
        Self {
            rows: entries.iter().map(|entry| entry.rows.len()).sum(),
            customers: entries.len(),
            duplicates: entries.iter().map(Entry::duplicates).sum(),
            kinds,
        }
    }

    /// Customers of one kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.kinds.iter().find(|total| total.kind == kind).map_or(0, |total| total.customers)
    }

    /// Customers whose budget is to be changed.
    pub fn changes(&self) -> usize {
        self.kinds.iter().filter(|total| total.kind.is_change()).map(|total| total.customers).sum()
    }
}

impl KindTotal {
    fn new(kind: Kind) -> Self {
        Self { kind, customers: 0, rows: 0, sums: Vec::new(), without_currency: 0 }
    }

    fn add(&mut self, entry: &Entry) {
        self.customers += 1;
        self.rows += entry.rows.len();
        let currency = entry.currency.as_ref().filter(|_| entry.kind != Kind::UnknownCustomer);
        let Some(currency) = currency else {
            self.without_currency += 1;
            return;
        };
        let sum = sum_of(&mut self.sums, currency);
        sum.customers += 1;
        sum.from = plus(sum.from, entry.from.unwrap_or_default());
        sum.to = plus(sum.to, entry.to.unwrap_or_default());
    }
}

impl Sum {
    /// By how much the sum changes; below 0 where it becomes less.
    pub fn difference(&self) -> Option<Decimal> {
        plus(self.to, (-Number::from(self.from?)).into())
    }
}

/// The sum of a currency, which begins at zero.
fn sum_of<'a>(sums: &'a mut Vec<Sum>, currency: &Currency) -> &'a mut Sum {
    let at = sums.iter().position(|sum| sum.currency == *currency).unwrap_or_else(|| {
        let zero = Some(Decimal::default());
        sums.push(Sum { currency: currency.clone(), customers: 0, from: zero, to: zero });
        sums.len() - 1
    });
    &mut sums[at]
}

fn sort(sums: &mut [Sum]) {
    sums.sort_by(|one, other| one.currency.as_str().cmp(other.currency.as_str()));
}

/// Exact, or nothing.
fn plus(sum: Option<Decimal>, amount: Decimal) -> Option<Decimal> {
    sum?.checked_add(amount)
}

/// All digits that matter, and at least two places.
fn exact(sum: Decimal) -> String {
    let mut sum = Number::from(sum).normalize();
    if sum.scale() < 2 {
        sum.rescale(2);
    }
    sum.to_string()
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |sum: Option<Decimal>| sum.map_or("too many digits".to_owned(), exact);
        let counted = |count: usize, what| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let (rows, customers) = (counted(self.rows, "row"), counted(self.customers, "customer"));
        writeln!(f, "{rows}, {customers}, {}", counted(self.changes(), "change"))?;
        for total in &self.kinds {
            write!(f, "  {:<16}  {:>7}", total.kind, total.customers)?;
            for (at, sum) in total.sums.iter().enumerate() {
                f.write_str(if at == 0 { "  " } else { ", " })?;
                match total.kind.is_change() {
                    true => write!(f, "{} {} -> {}", sum.currency, shown(sum.from), shown(sum.to))?,
                    false => write!(f, "{} {}", sum.currency, shown(sum.from))?,
                }
            }
            f.write_str("\n")?;
        }
        if self.duplicates > 0 {
            writeln!(f, "  rows that repeat an earlier one: {}", self.duplicates)?;
        }
        let sums = self.sums();
        for sum in &sums {
            write!(f, "  together in {}: {} -> {}", sum.currency, shown(sum.from), shown(sum.to))?;
            match sum.difference() {
                Some(difference) if difference > Decimal::default() => writeln!(f, ", +{}", exact(difference))?,
                Some(difference) => writeln!(f, ", {}", exact(difference))?,
                None => writeln!(f)?,
            }
        }
        match self.without_currency() {
            0 => Ok(()),
            _ if sums.is_empty() => Ok(()),
            customers => writeln!(f, "  customers whose currency is not given, in no sum: {customers}"),
        }
    }
}
