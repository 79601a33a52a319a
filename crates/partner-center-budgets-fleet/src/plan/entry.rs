use std::fmt;

use partner_center_budgets::{Currency, CustomerId, Decimal};

/// The desired budget of a sheet row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Set this budget.
    Set(Decimal),
    /// Remove the budget.
    Clear,
    /// Leave the budget as it is.
    Leave,
}

/// One row of a sheet: the desired budget of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DesiredBudget {
    /// Line of the sheet, for messages.
    pub line: u64,
    /// The customer.
    pub customer: CustomerId,
    /// The desired budget.
    pub target: Target,
}

/// One row of a sheet, within the entry of its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SheetRow {
    /// Line of the sheet.
    pub line: u64,
    /// The desired budget.
    pub target: Target,
}

/// The effect of a plan on a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum EntryKind {
    /// Sets a first budget.
    Set,
    /// Raises the budget.
    Raise,
    /// Lowers the budget.
    Lower,
    /// Removes the budget.
    Clear,
    /// Nothing: the budget is as desired, or the sheet leaves it alone.
    Unchanged,
    /// Nothing: the customer's current budget is not known.
    UnknownCustomer,
    /// Nothing: rows of the sheet contradict each other.
    Contradictory,
}

impl EntryKind {
    /// All kinds, in the order in which totals list them.
    pub const ALL: [Self; 7] =
        [Self::Set, Self::Raise, Self::Lower, Self::Clear, Self::Unchanged, Self::UnknownCustomer, Self::Contradictory];

    /// Whether the entry changes a budget.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::EntryKind;
    /// let changes = EntryKind::ALL.into_iter().filter(|kind| kind.is_change());
    /// assert!(changes.eq([EntryKind::Set, EntryKind::Raise, EntryKind::Lower, EntryKind::Clear]));
    /// ```
    pub fn is_change(self) -> bool {
        matches!(self, Self::Set | Self::Raise | Self::Lower | Self::Clear)
    }

    /// Whether the entry needs a decision by a person.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::EntryKind;
    /// let problems = EntryKind::ALL.into_iter().filter(|kind| kind.is_problem());
    /// assert!(problems.eq([EntryKind::UnknownCustomer, EntryKind::Contradictory]));
    /// ```
    pub fn is_problem(self) -> bool {
        matches!(self, Self::UnknownCustomer | Self::Contradictory)
    }

    /// The name in files and tables.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::EntryKind;
    /// assert_eq!(EntryKind::UnknownCustomer.as_str(), "unknown-customer");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Raise => "raise",
            Self::Lower => "lower",
            Self::Clear => "clear",
            Self::Unchanged => "unchanged",
            Self::UnknownCustomer => "unknown-customer",
            Self::Contradictory => "contradictory",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The part of a plan for one customer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The customer.
    pub customer: CustomerId,
    /// Name of the customer, if it is known. For people only: the plan's fingerprint does not cover it.
    pub name: Option<String>,
    /// The effect of the plan.
    pub kind: EntryKind,
    /// The current budget when the plan was made; `None` for no budget, and for an unknown customer.
    pub from: Option<Decimal>,
    /// The budget after the change; `None` for no budget. Equal to `from` if the entry changes nothing.
    pub to: Option<Decimal>,
    /// Currency of both amounts, if it is known.
    pub currency: Option<Currency>,
    /// The customer's rows of the sheet, sorted by line. Further rows are duplicates with the same target, or contradict
    /// the first.
    pub rows: Vec<SheetRow>,
}

impl Entry {
    /// `rows` has at least one row. `current` is `None` for an unknown customer, `Some(None)` for no budget.
    pub(super) fn new(
        customer: CustomerId,
        mut rows: Vec<SheetRow>,
        current: Option<Option<Decimal>>,
        currency: Option<Currency>,
    ) -> Self {
        // Equal amounts may differ in their trailing zeros; the amount of the first row is sent.
        rows.sort_by(|one, other| {
            let digits = |row: &SheetRow| format!("{:?}", row.target);
            (one.line, one.target).cmp(&(other.line, other.target)).then_with(|| digits(one).cmp(&digits(other)))
        });
        let from = current.flatten();
        let target = rows.first().map_or(Target::Leave, |row| row.target);
        let desired = match target {
            Target::Set(amount) => Some(amount),
            Target::Clear => None,
            Target::Leave => from,
        };
        let kind = match (current, from, desired) {
            _ if rows.iter().any(|row| row.target != target) => EntryKind::Contradictory,
            (None, ..) => EntryKind::UnknownCustomer,
            (Some(_), from, to) if from == to => EntryKind::Unchanged,
            (Some(_), None, _) => EntryKind::Set,
            (Some(_), _, None) => EntryKind::Clear,
            (Some(_), from, to) if from < to => EntryKind::Raise,
            (Some(_), ..) => EntryKind::Lower,
        };
        let to = if kind.is_change() { desired } else { from };
        Self { customer, name: None, kind, from, to, currency, rows }
    }

    pub(super) fn named(self, name: Option<String>) -> Self {
        Self { name, ..self }
    }

    /// Lines of the sheet.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// // The same customer in the lines 3 and 17.
    /// let plan = Plan::new([3, 17].map(|line| DesiredBudget { line, ..desired }), &current);
    /// assert!(plan.entries()[0].lines().eq([3, 17]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = u64> + '_ {
        self.rows.iter().map(|row| row.line)
    }

    /// Number of rows that repeat the first.
    pub(super) fn duplicates(&self) -> usize {
        if self.kind == EntryKind::Contradictory { 0 } else { self.rows.len() - 1 }
    }
}
