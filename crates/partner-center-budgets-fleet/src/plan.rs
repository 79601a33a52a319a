//! The changes that a sheet needs.

mod current_budgets;
mod document;
mod entry;
mod fingerprint;
mod totals;

use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, Utc};
use partner_center_budgets::CustomerId;
use uuid::Uuid;

pub use current_budgets::CurrentBudgets;
pub use entry::{DesiredBudget, Entry, EntryKind, SheetRow, Target};
pub use fingerprint::Fingerprint;
pub use totals::{CurrencyTotal, KindTotal, Totals};

/// The changes that give every customer of a sheet its desired budget.
///
/// A plan compares desired budgets with current ones. It has one [`Entry`] for each customer of the sheet, sorted by
/// customer id. Apart from its [`id`](Self::id) it does not depend on the order of the rows. [`apply`](crate::apply())
/// sends only the [`changes`](Self::changes); the [`problems`](Self::problems) need a decision by a person.
///
/// ```
/// use partner_center_budgets::CustomerId;
/// use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, EntryKind, Plan, Target};
///
/// # fn main() -> Result<(), partner_center_budgets::Error> {
/// let customer: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
/// let mut current = CurrentBudgets::new();
/// current.set_budget(customer, Some("100".parse()?));
/// let desired = DesiredBudget { line: 2, customer, target: Target::Set("120".parse()?) };
/// let plan = Plan::new([desired], &current);
/// assert_eq!(plan.entries()[0].kind, EntryKind::Raise);
/// # Ok(())
/// # }
/// ```
///
/// A plan can be serialized into a file for review and read back later. The file has a `version`, and its amounts are
/// strings. Reading fails if parts of the file contradict each other, for example a kind that does not follow from its
/// amounts. `Display` prints the [`totals`](Self::totals).
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    id: Uuid,
    partner: Option<String>,
    author: Option<String>,
    made_at: Option<DateTime<Utc>>,
    customer_count: Option<usize>,
    entries: Vec<Entry>,
    fingerprint: Fingerprint,
}

/// Identifies a plan, even in a file with other zeros at the ends of its amounts.
#[derive(PartialEq)]
pub(crate) struct PlanIdentity {
    id: Uuid,
    fingerprint: Fingerprint,
    partner: Option<String>,
}

impl Plan {
    /// Compares desired budgets with current ones.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// let plan = Plan::new([desired], &current);
    /// assert_eq!(plan.changes().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(desired: impl IntoIterator<Item = DesiredBudget>, current: &CurrentBudgets) -> Self {
        let mut rows = BTreeMap::<CustomerId, Vec<SheetRow>>::new();
        for DesiredBudget { line, customer, target } in desired {
            rows.entry(customer).or_default().push(SheetRow { line, target });
        }
        let entry = |(customer, rows)| {
            let entry = Entry::new(customer, rows, current.budget(customer), current.currency(customer).cloned());
            entry.named(current.name(customer).map(str::to_owned))
        };
        let now = DateTime::<Utc>::from(SystemTime::now()).trunc_subsecs(0);
        Self {
            made_at: Some(now),
            customer_count: Some(current.customer_count()),
            ..Self::from_entries(Uuid::new_v4(), rows.into_iter().map(entry).collect())
        }
    }

    /// Sets the partner, as any text that distinguishes partners, such as the tenant's id and the address of the service.
    ///
    /// The plan's file and the journal store the text, so that a later run can check it. [`apply`](crate::apply()) refuses
    /// a journal whose plan has another partner.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{CurrentBudgets, Plan};
    /// # let (desired, current) = ([], CurrentBudgets::new());
    /// let plan = Plan::new(desired, &current).for_partner("contoso.onmicrosoft.com");
    /// ```
    #[must_use]
    pub fn for_partner(self, partner: impl Into<String>) -> Self {
        Self { partner: Some(partner.into()), ..self }
    }

    /// The partner that [`for_partner`](Self::for_partner) set.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{CurrentBudgets, Plan};
    /// # let (desired, current) = ([], CurrentBudgets::new());
    /// let plan = Plan::new(desired, &current).for_partner("contoso.onmicrosoft.com");
    /// assert_eq!(plan.partner(), Some("contoso.onmicrosoft.com"));
    /// ```
    pub fn partner(&self) -> Option<&str> {
        self.partner.as_deref()
    }

    /// Sets who makes the plan. The plan's file and the journal store the text.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{CurrentBudgets, Plan};
    /// # let (desired, current) = ([], CurrentBudgets::new());
    /// let plan = Plan::new(desired, &current).made_by("admin@contoso.com");
    /// ```
    #[must_use]
    pub fn made_by(self, author: impl Into<String>) -> Self {
        Self { author: Some(author.into()), ..self }
    }

    /// The author that [`made_by`](Self::made_by) set.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{CurrentBudgets, Plan};
    /// # let (desired, current) = ([], CurrentBudgets::new());
    /// let plan = Plan::new(desired, &current).made_by("admin@contoso.com");
    /// assert_eq!(plan.author(), Some("admin@contoso.com"));
    /// ```
    pub fn author(&self) -> Option<&str> {
        self.author.as_deref()
    }

    /// When the plan was made, to the second; `None` in the file of an older version.
    ///
    /// ```
    /// # use chrono::{TimeDelta, Utc};
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// # let plan = Plan::new([desired], &current);
    /// let is_old = plan.made_at().is_none_or(|made_at| Utc::now() - made_at > TimeDelta::days(1));
    /// assert!(!is_old);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn made_at(&self) -> Option<DateTime<Utc>> {
        self.made_at
    }

    /// The number of the partner's customers when the plan was made: [`CurrentBudgets::customer_count`]. Never less than the
    /// number of customers in this plan whose budget is known, which it is in the file of an older version.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// current.set_customer_count(2000);
    /// let plan = Plan::new([desired], &current);
    /// assert_eq!((plan.changes().count(), plan.customer_count()), (1, 2000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn customer_count(&self) -> usize {
        let known = self.entries.iter().filter(|entry| entry.kind != EntryKind::UnknownCustomer).count();
        self.customer_count.unwrap_or_default().max(known)
    }

    /// The entries must be sorted by customer.
    fn from_entries(id: Uuid, entries: Vec<Entry>) -> Self {
        let fingerprint = Fingerprint::new(&entries);
        Self { id, partner: None, author: None, made_at: None, customer_count: None, entries, fingerprint }
    }

    /// The id, which [`new`](Self::new) generates and the plan's file stores.
    ///
    /// A journal belongs to one id. A later plan with the same changes has another id and needs another journal: the
    /// changes have to be made again, although the first journal records them as done.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{CurrentBudgets, Plan};
    /// # let (desired, current) = ([], CurrentBudgets::new());
    /// let (first, second) = (Plan::new(desired, &current), Plan::new(desired, &current));
    /// assert_ne!(first.id(), second.id());
    /// ```
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// All entries, sorted by customer id.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// # let plan = Plan::new([desired], &current);
    /// let [entry] = plan.entries() else { panic!("the sheet has one customer") };
    /// assert_eq!((entry.from, entry.to), (Some(100.into()), Some(120.into())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that change a budget.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// # let plan = Plan::new([desired], &current);
    /// for change in plan.changes() {
    ///     println!("{}: {:?} -> {:?}", change.customer, change.from, change.to);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.kind.is_change())
    }

    /// The entries that cannot be applied: unknown customers and contradictory rows.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::EntryKind;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// // Line 17 contradicts line 2.
    /// let plan = Plan::new([desired, DesiredBudget { line: 17, target: Target::Clear, ..desired }], &current);
    /// assert!(plan.problems().map(|entry| entry.kind).eq([EntryKind::Contradictory]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn problems(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.kind.is_problem())
    }

    /// A hash of what the plan does. It is equal for two plans with the same changes.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{CurrentBudgets, Plan};
    /// # let (desired, current) = ([], CurrentBudgets::new());
    /// # let reviewed = Plan::new(desired, &current);
    /// // Made anew, with another id.
    /// let plan = Plan::new(desired, &current);
    /// assert_eq!(plan.fingerprint(), reviewed.fingerprint());
    /// ```
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    pub(crate) fn identity(&self) -> PlanIdentity {
        PlanIdentity { id: self.id, fingerprint: self.fingerprint, partner: self.partner.clone() }
    }

    /// Counts and sums for each kind of entry.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// # use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, Plan, Target};
    /// # let customer: CustomerId = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// # let plan = Plan::new([desired], &current);
    /// let totals = plan.totals();
    /// assert_eq!((totals.rows, totals.customers, totals.changes()), (1, 1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn totals(&self) -> Totals {
        Totals::new(&self.entries)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.totals().fmt(f)
    }
}
