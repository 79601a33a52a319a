use std::fmt;

use partner_center_budgets::{Currency, Decimal};

use super::{Entry, EntryKind};

/// Counts and sums of a plan. Over all kinds they add up to all customers and all rows.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Totals {
    /// Rows of the sheet.
    pub rows: usize,
    /// Customers of the sheet.
    pub customers: usize,
    /// Rows that repeat an earlier row.
    pub duplicates: usize,
    /// Each kind that occurs, in the order of [`EntryKind::ALL`].
    pub kinds: Vec<KindTotal>,
}

/// Counts and sums of one kind of entry.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct KindTotal {
    /// The kind.
    pub kind: EntryKind,
    /// Customers.
    pub customers: usize,
    /// Rows of the sheet.
    pub rows: usize,
    /// A sum for each currency, sorted by its name.
    pub currencies: Vec<CurrencyTotal>,
    /// Customers that are in no sum because their currency is not known. Unknown customers are always among them.
    pub without_currency: usize,
}

/// The budgets of the customers with the same currency.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CurrencyTotal {
    /// The currency.
    pub currency: Currency,
    /// Customers.
    pub customers: usize,
    /// Sum of the current budgets; no budget counts as 0. `None` if it has more digits than a decimal holds.
    pub from: Option<Decimal>,
    /// Sum of the budgets after the changes.
    pub to: Option<Decimal>,
}

impl Totals {
    pub(super) fn new(entries: &[Entry]) -> Self {
        let mut kinds: Vec<_> = EntryKind::ALL.into_iter().map(KindTotal::new).collect();
        for entry in entries {
            if let Some(total) = kinds.iter_mut().find(|total| total.kind == entry.kind) {
                total.add(entry);
            }
        }
        kinds.retain(|total| total.customers > 0);
        for total in &mut kinds {
            sort(&mut total.currencies);
        }
        Self {
            rows: entries.iter().map(|entry| entry.rows.len()).sum(),
            customers: entries.len(),
            duplicates: entries.iter().map(Entry::duplicates).sum(),
            kinds,
        }
    }

    /// A sum for each currency, sorted by its name, over all customers without [problems](super::Plan::problems), changed
    /// or not. Amounts of different currencies are never added.
    ///
    /// ```
    /// # use partner_center_budgets::{Currency, CustomerId};
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # current.set_currency(customer, Currency::Code("EUR".to_owned()));
    /// # let plan = Plan::new([DesiredBudget { line: 2, customer, target: Target::Set(120.into()) }], &current);
    /// for total in plan.totals().currencies() {
    ///     println!("{}: {:?} -> {:?}", total.currency, total.from, total.to);
    /// }
    /// # assert_eq!(plan.totals().currencies()[0].to, Some(120.into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn currencies(&self) -> Vec<CurrencyTotal> {
        let mut totals = Vec::new();
        for part in self.without_problems().flat_map(|kind| &kind.currencies) {
            let total = total_of(&mut totals, &part.currency);
            total.customers += part.customers;
            total.from = part.from.and_then(|from| add(total.from, from));
            total.to = part.to.and_then(|to| add(total.to, to));
        }
        sort(&mut totals);
        totals
    }

    /// Customers that are in none of the [`currencies`](Self::currencies), because their currency is not known.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// let plan = Plan::new([DesiredBudget { line: 2, customer, target: Target::Leave }], &current);
    /// assert!(plan.totals().currencies().is_empty());
    /// assert_eq!(plan.totals().without_currency(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_currency(&self) -> usize {
        self.without_problems().map(|kind| kind.without_currency).sum()
    }

    fn without_problems(&self) -> impl Iterator<Item = &KindTotal> {
        self.kinds.iter().filter(|total| !total.kind.is_problem())
    }

    /// Customers of one kind.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, EntryKind, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// let plan = Plan::new([DesiredBudget { line: 2, customer, target: Target::Clear }], &current);
    /// assert_eq!(plan.totals().count(EntryKind::Clear), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count(&self, kind: EntryKind) -> usize {
        self.kinds.iter().find(|total| total.kind == kind).map_or(0, |total| total.customers)
    }

    /// Customers whose budget changes.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// let plan = Plan::new([DesiredBudget { line: 2, customer, target: Target::Leave }], &current);
    /// assert_eq!(plan.totals().changes(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes(&self) -> usize {
        self.kinds.iter().filter(|total| total.kind.is_change()).map(|total| total.customers).sum()
    }
}

impl KindTotal {
    fn new(kind: EntryKind) -> Self {
        Self { kind, customers: 0, rows: 0, currencies: Vec::new(), without_currency: 0 }
    }

    fn add(&mut self, entry: &Entry) {
        self.customers += 1;
        self.rows += entry.rows.len();
        let Some(currency) = entry.currency.as_ref().filter(|_| entry.kind != EntryKind::UnknownCustomer) else {
            self.without_currency += 1;
            return;
        };
        let total = total_of(&mut self.currencies, currency);
        total.customers += 1;
        total.from = add(total.from, entry.from.unwrap_or_default());
        total.to = add(total.to, entry.to.unwrap_or_default());
    }
}

impl CurrencyTotal {
    /// The change of the sum, below 0 if it decreases.
    ///
    /// ```
    /// # use partner_center_budgets::{Currency, CustomerId};
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # current.set_currency(customer, Currency::Code("EUR".to_owned()));
    /// let plan = Plan::new([DesiredBudget { line: 2, customer, target: Target::Set(80.into()) }], &current);
    /// let totals = plan.totals().currencies();
    /// assert_eq!(totals[0].difference(), Some((-20).into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn difference(&self) -> Option<Decimal> {
        self.to?.checked_sub(self.from?)
    }
}

/// The total of a currency, which starts at zero.
fn total_of<'a>(totals: &'a mut Vec<CurrencyTotal>, currency: &Currency) -> &'a mut CurrencyTotal {
    let index = totals.iter().position(|total| total.currency == *currency).unwrap_or_else(|| {
        let zero = Some(Decimal::default());
        totals.push(CurrencyTotal { currency: currency.clone(), customers: 0, from: zero, to: zero });
        totals.len() - 1
    });
    &mut totals[index]
}

fn sort(totals: &mut [CurrencyTotal]) {
    totals.sort_by(|one, other| one.currency.as_str().cmp(other.currency.as_str()));
}

/// The exact sum, or `None`.
fn add(sum: Option<Decimal>, amount: Decimal) -> Option<Decimal> {
    sum?.checked_add(amount)
}

/// A count with its noun, such as `1 change` and `2 changes`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown =
            |sum: Option<Decimal>| sum.map_or("too many digits".to_owned(), |sum| sum.with_min_places(2).to_string());
        let (rows, customers) = (counted(self.rows, "row"), counted(self.customers, "customer"));
        writeln!(f, "{rows}, {customers}, {}", counted(self.changes(), "change"))?;
        for total in &self.kinds {
            write!(f, "  {:<16}  {:>7}", total.kind, total.customers)?;
            for (index, sum) in total.currencies.iter().enumerate() {
                f.write_str(if index == 0 { "  " } else { ", " })?;
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
        let currencies = self.currencies();
        for total in &currencies {
            write!(f, "  total {}: {} -> {}", total.currency, shown(total.from), shown(total.to))?;
            if let Some(difference) = total.difference() {
                let sign = if difference > Decimal::default() { "+" } else { "" };
                write!(f, " ({sign}{})", shown(Some(difference)))?;
            }
            writeln!(f)?;
        }
        match self.without_currency() {
            0 => Ok(()),
            // Without any total there is nothing that they could be missing from.
            _ if currencies.is_empty() => Ok(()),
            count => writeln!(f, "  not in any total (no currency given): {}", counted(count, "customer")),
        }
    }
}
