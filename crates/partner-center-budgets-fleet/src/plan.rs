//! What is to be changed.

mod current;
mod entry;
mod fingerprint;
mod totals;
mod wire;

use std::collections::BTreeMap;
use std::fmt;

pub use current::Current;
pub use entry::{Entry, Kind, Row, Want, Wish};
pub use fingerprint::Fingerprint;
pub use totals::{KindTotal, Sum, Totals};

use uuid::Uuid;

use partner_center_budgets::CustomerId;

/// What has to be done so that every customer has the budget that a sheet wants: wishes held against current budgets.
///
/// It has one [`Entry`] for each customer of the sheet, in the order of their ids, and but for its [`id`](Self::id) is the
/// same in whichever order the rows came. Only [`changes`](Self::changes) are ever sent; [`problems`](Self::problems) are for a person to solve.
///
/// ```
/// use partner_center_budgets::CustomerId;
/// use partner_center_budgets_fleet::{Current, Kind, Plan, Want, Wish};
///
/// # fn main() -> Result<(), partner_center_budgets::Error> {
/// let customer: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
/// let mut current = Current::new();
/// current.set_budget(customer, Some("100".parse()?));
/// let plan = Plan::new([Wish { line: 2, customer, want: Want::Set("120".parse()?) }], &current);
/// assert_eq!(plan.entries()[0].kind, Kind::Raise);
/// # Ok(())
/// # }
/// ```
///
/// It is serializable, for a file that is looked at before it is carried out: a field `version`, amounts as text, never
/// through a floating point number. A file whose parts contradict each other, such as a kind that its amounts do not make,
/// cannot be read back. `Display` prints the [`totals`](Self::totals).
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    id: Uuid,
    partner: Option<String>,
    entries: Vec<Entry>,
    fingerprint: Fingerprint,
}

/// What tells a plan from all others.
#[derive(PartialEq)]
pub(super) struct Identity {
    id: Uuid,
    fingerprint: Fingerprint,
    partner: Option<String>,
}

impl Plan {
    /// Holds wishes against current budgets.
    pub fn new(wishes: impl IntoIterator<Item = Wish>, current: &Current) -> Self {
        let mut rows = BTreeMap::<CustomerId, Vec<Row>>::new();
        for Wish { line, customer, want } in wishes {
            rows.entry(customer).or_default().push(Row { line, want });
        }
        let entry = |(customer, rows)| {
            Entry::new(customer, rows, current.budget(customer), current.currency(customer).cloned())
        };
        Self::of(Uuid::new_v4(), None, rows.into_iter().map(entry).collect())
    }

    /// Notes for which partner it is, in whatever words tell partners apart, such as the tenant's id and the address of the
    /// service. The plan keeps them in its file and in the journal, so that whoever goes on can see that it is the same one.
    /// A journal whose plan is of another partner is refused.
    #[must_use]
    pub fn for_partner(self, partner: impl Into<String>) -> Self {
        Self { partner: Some(partner.into()), ..self }
    }

    /// For which partner it is, where [`for_partner`](Self::for_partner) said so.
    pub fn partner(&self) -> Option<&str> {
        self.partner.as_deref()
    }

    /// Entries must be sorted by customer.
    fn of(id: Uuid, partner: Option<String>, entries: Vec<Entry>) -> Self {
        let fingerprint = Fingerprint::of(&entries);
        Self { id, partner, entries, fingerprint }
    }

    /// Its own, which [`new`](Self::new) makes and a file keeps. A journal is of one plan: another one that wants the same
    /// later has to be carried out anew, and must not be told that all is done.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// All entries, in the order of the customers' ids.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that have to be sent.
    pub fn changes(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.kind.is_change())
    }

    /// The entries that cannot be carried out: unknown customers and contradictory rows.
    pub fn problems(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.kind.is_problem())
    }

    /// Tells whether two plans do the same.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What tells it from all others, for a journal.
    pub(super) fn identity(&self) -> Identity {
        Identity { id: self.id, fingerprint: self.fingerprint, partner: self.partner.clone() }
    }

    /// Numbers and sums of each kind.
    pub fn totals(&self) -> Totals {
        Totals::of(&self.entries)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.totals().fmt(f)
    }
}
