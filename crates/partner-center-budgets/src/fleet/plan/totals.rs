use std::fmt;

use rust_decimal::Decimal as Number;

use super::{Entry, Kind};
use crate::{Currency, Decimal};

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
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut kinds: Vec<_> = Kind::ALL.into_iter().map(KindTotal::new).collect();
        for entry in entries {
            if let Some(total) = kinds.iter_mut().find(|total| total.kind == entry.kind) {
                total.add(entry);
            }
        }
        kinds.retain(|total| total.customers > 0);
        for total in &mut kinds {
            total.sums.sort_by(|one, other| one.currency.as_str().cmp(other.currency.as_str()));
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
        let at = self.sums.iter().position(|sum| sum.currency == *currency).unwrap_or_else(|| {
            let zero = Some(Decimal::default());
            self.sums.push(Sum { currency: currency.clone(), customers: 0, from: zero, to: zero });
            self.sums.len() - 1
        });
        let sum = &mut self.sums[at];
        sum.customers += 1;
        sum.from = plus(sum.from, entry.from);
        sum.to = plus(sum.to, entry.to);
    }
}

/// Exact, or nothing: arithmetic of decimals would round what has too many digits.
fn plus(sum: Option<Decimal>, amount: Option<Decimal>) -> Option<Decimal> {
    let (sum, amount): (Number, Number) = (sum?.into(), amount.unwrap_or_default().into());
    let scale = sum.scale().max(amount.scale());
    let aligned = |number: Number| 10_i128.checked_pow(scale - number.scale())?.checked_mul(number.mantissa());
    let added = aligned(sum)?.checked_add(aligned(amount)?)?;
    Number::try_from_i128_with_scale(added, scale).ok().map(Decimal::from)
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} rows, {} customers, {} changes", self.rows, self.customers, self.changes())?;
        for total in &self.kinds {
            write!(f, "  {:<16}  {:>7}", total.kind, total.customers)?;
            for (at, sum) in total.sums.iter().enumerate() {
                let shown = |sum: Option<Decimal>| sum.map_or("too many digits".to_owned(), |sum| sum.to_string());
                f.write_str(if at == 0 { "  " } else { ", " })?;
                match total.kind.is_change() {
                    true => write!(f, "{} {} -> {}", sum.currency, shown(sum.from), shown(sum.to))?,
                    false => write!(f, "{} {}", sum.currency, shown(sum.from))?,
                }
            }
            f.write_str("\n")?;
        }
        match self.duplicates {
            0 => Ok(()),
            duplicates => writeln!(f, "  rows that repeat an earlier one: {duplicates}"),
        }
    }
}
