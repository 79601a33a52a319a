use std::fmt;

use partner_center_budgets::{Currency, CustomerId, Decimal};

/// What a sheet wants for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// This budget.
    Set(Decimal),
    /// No budget.
    Clear,
    /// Whatever there is.
    Leave,
}

/// One row of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Line of the sheet, for messages.
    pub line: u64,
    /// The customer.
    pub customer: CustomerId,
    /// What is wanted.
    pub want: Want,
}

/// One row of a sheet, within the entry of its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// Line of the sheet.
    pub line: u64,
    /// What is wanted.
    pub want: Want,
}

impl Row {
    pub(super) fn new(line: u64, want: Want) -> Self {
        Self { line, want }
    }
}

/// What has to be done for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A first budget.
    Set,
    /// A higher budget.
    Raise,
    /// A lower budget.
    Lower,
    /// No budget any more.
    Clear,
    /// Nothing: the budget is as wanted, or to be left alone.
    Unchanged,
    /// Nothing can be done: the customer's budget is not known.
    UnknownCustomer,
    /// Nothing can be done: rows want different things.
    Contradictory,
}

impl Kind {
    /// All kinds, in the order in which they are told.
    pub const ALL: [Self; 7] =
        [Self::Set, Self::Raise, Self::Lower, Self::Clear, Self::Unchanged, Self::UnknownCustomer, Self::Contradictory];

    /// Whether something is to be sent.
    pub fn is_change(self) -> bool {
        matches!(self, Self::Set | Self::Raise | Self::Lower | Self::Clear)
    }

    /// Whether a person has to solve something.
    pub fn is_problem(self) -> bool {
        matches!(self, Self::UnknownCustomer | Self::Contradictory)
    }

    /// Its name in files and tables, such as `unknown-customer`.
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

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a plan has for one customer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The customer.
    pub customer: CustomerId,
    /// What has to be done.
    pub kind: Kind,
    /// The budget that the plan saw; `None` where there was none, and for an unknown customer.
    pub from: Option<Decimal>,
    /// The budget to be; `None` for none. The same as `from` where nothing is to be done.
    pub to: Option<Decimal>,
    /// Currency of both, where it is known.
    pub currency: Option<Currency>,
    /// The rows of the sheet, in the order of their lines. More than one are duplicates, which want the same, or
    /// contradictory.
    pub rows: Vec<Row>,
}

impl Entry {
    /// Of at least one row. `known` is the current budget of a customer that is known.
    pub(super) fn new(
        customer: CustomerId,
        mut rows: Vec<Row>,
        known: Option<Option<Decimal>>,
        currency: Option<Currency>,
    ) -> Self {
        // Amounts that are equal may have different digits, and the first row's are sent.
        rows.sort_by(|one, other| {
            let digits = |row: &Row| format!("{:?}", row.want);
            (one.line, one.want).cmp(&(other.line, other.want)).then_with(|| digits(one).cmp(&digits(other)))
        });
        let from = known.flatten();
        let want = rows.first().map_or(Want::Leave, |row| row.want);
        let wanted = match want {
            Want::Set(amount) => Some(amount),
            Want::Clear => None,
            Want::Leave => from,
        };
        let kind = match (known, from, wanted) {
            _ if rows.iter().any(|row| row.want != want) => Kind::Contradictory,
            (None, ..) => Kind::UnknownCustomer,
            (Some(_), from, to) if from == to => Kind::Unchanged,
            (Some(_), None, _) => Kind::Set,
            (Some(_), _, None) => Kind::Clear,
            (Some(_), from, to) if from < to => Kind::Raise,
            (Some(_), ..) => Kind::Lower,
        };
        let to = if kind.is_change() { wanted } else { from };
        Self { customer, kind, from, to, currency, rows }
    }

    /// Lines of the sheet, such as `3` or `3, 17`.
    pub fn lines(&self) -> impl Iterator<Item = u64> + '_ {
        self.rows.iter().map(|row| row.line)
    }

    /// Rows beyond the first that want the same as it.
    pub(super) fn duplicates(&self) -> usize {
        if self.kind == Kind::Contradictory { 0 } else { self.rows.len() - 1 }
    }
}
