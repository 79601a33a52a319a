//! Jobs over the usage spending budgets of very many Partner Center customers.
//!
//! - [`read_budgets`] and [`read_summaries`] read the budgets or the usage summaries as a stream, in bounded memory.
//! - [`Plan`] compares the desired budgets of a sheet with the current ones.
//! - [`apply()`] makes the changes of a plan. A journal records them, so that a killed run can be resumed.
//! - [`CustomerUsage::assess`] decides whether a customer is over or near its budget, or will be over it.
//! - [`history`] records the usage records of each day, and reads them back.
//! - [`Progress`] shows how far a job is.
//!
//! ```no_run
//! use futures_core::Stream;
//! use partner_center_budgets::{Client, CustomerId};
//! use partner_center_budgets_fleet::{
//!     ApplyOptions, CurrentBudgets, DesiredBudget, Plan, apply, journaled_plan, read_budgets,
//! };
//!
//! # async fn example<S: Stream<Item = CustomerId>>(
//! #     client: Client, desired: Vec<DesiredBudget>, stream: impl Fn(Vec<CustomerId>) -> S
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//! let plan = match journaled_plan("budgets.journal")? {
//!     // An earlier run was interrupted: resume its plan.
//!     Some(plan) => plan,
//!     None => {
//!         let customers = desired.iter().map(|desired| desired.customer).collect();
//!         let mut budgets = read_budgets(&client, stream(customers));
//!         let mut current = CurrentBudgets::new();
//!         while let Some(outcome) = budgets.next().await {
//!             current.set_budget(outcome.customer, outcome.result?);
//!         }
//!         Plan::new(desired, &current)
//!     }
//! };
//! println!("{plan}");
//! let summary = apply(&client, &plan, "budgets.journal", ApplyOptions::new()).await?;
//! println!("{summary}");
//! # Ok(())
//! # }
//! ```
//!
//! # The client
//!
//! All jobs make their calls through one [`Client`](partner_center_budgets::Client), and share its rate limiter. The types
//! of the client that appear here, such as `CustomerId`, `Decimal` and `Error`, are those of the crate
//! `partner-center-budgets`; this crate does not re-export them.
//!
//! A call that waits in the limiter for longer than the client's
//! [`RetryPolicy::total`](partner_center_budgets::RetryPolicy::total) fails. The default is 5 minutes. If the service may
//! throttle for longer, give the job a client with a longer limit:
//! `client.with_retry(RetryPolicy::default().total(an_hour))`.
//!
//! # Resuming
//!
//! Call [`apply()`] again with the same journal and the plan that [`journaled_plan`] returns. Do not plan the sheet
//! again: a new plan lacks the completed changes, and it needs another journal. The documentation of [`apply()`]
//! describes a resumed run, and the cases that a journal cannot cover.
//!
//! # The journal
//!
//! The journal is a file of JSON lines. It contains customer ids and amounts, so only its owner can read it.
//!
//! - The first line has the version of the format and the plan: `{"journal":3,"plan":{…},"sum":"…"}`.
//! - Before a budget is sent, a record has its amount: `{"at":"…","customer":"…","event":"intent","amount":"120.50",…}`.
//!   `by` in it is the [`ApplyOptions::actor`].
//! - The outcome of a change is a record: `done`, `failed` or `unknown` after the call, `already-set` or `conflict` (the
//!   budget changed after the plan was made) if nothing was sent. `done` has the ids of the call, `failed` and `unknown` the
//!   error and its ids.
//! - `rate` has the rate that the client's limiter has learned, and `damage_accepted` says that the lines before it were
//!   read in spite of damage.
//!
//! Every line ends with a checksum: the first 128 bits of a SHA-256 over the position of the line in the file and its text,
//! each preceded by its length. Each write to the file waits for the disk, and has the records of all changes that wait at
//! that moment.
//!
//! [`journal_history`] returns the latest record about each change: what was done, when, and by whom. A journal of another
//! version is an error, and the file stays unchanged.
//!
//! # JSON
//!
//! [`Plan`] and [`Entry`] always serialize and deserialize, in the form of a plan's file, with amounts as texts. The feature
//! `serde` adds:
//!
//! - both for [`Assessment`], [`Projection`], [`Thresholds`], [`BudgetStatus`] and [`EntryKind`],
//! - `Serialize` for [`Totals`], [`ApplySummary`], [`ChangeReport`], [`StopReason`] and [`JournaledChange`].
//!
//! Names of fields are those in Rust, and names of variants have hyphens, as those of `as_str`. The outcome of a
//! [`ChangeReport`] is in its field `outcome`, under the name that the journal has, or `not-reached`. An error is its text in
//! `error`, with `status`, `code`, `request_id` and `correlation_id`. Names do not change within a major version. The feature
//! `schemars` adds JSON Schemas of plans, totals and assessments.
//!
//! # How long it takes
//!
//! 2,000 changes need 4,000 calls, a read and a write for each. The limit is 50 calls a second with a burst of 50
//! (`bucket-counting-rejected` of the sandbox), and the client does not know it. Measured on 2026-11-21 on a virtual machine
//! with two cores, in processes of `pc-budgets apply` (`cargo measure cli apply`):
//!
//! | killed | ideal, s | measured, s | measured / ideal | reads | writes | throttled | lost | written twice |
//! |--:|--:|--:|--:|--:|--:|--:|--:|--:|
//! | never | 79.0 | 79.3 | 1.004 | 2005 | 2005 | 10 | 0 | 0 |
//! | 20 times at random | 79.0 | 79.6 | 1.008 | 2027 | 2003 | 7 | 0 | 0 |
//!
//! The ideal is the shortest time that the limit allows for 4,000 calls. After a kill, the next process repeats the reads
//! that no write followed, and starts with the learned rate of the journal. Without a limit, 5,000 changes take 0.8 s.

mod amount_text;
mod apply;
mod assessment;
mod digest;
pub mod history;
mod journal;
mod plan;
mod progress;
mod read;

pub use apply::{ApplyOptions, ApplySummary, ChangeOutcome, ChangeReport, StopReason, apply};
pub use assessment::{Assessment, BudgetStatus, CustomerUsage, Pace, Projection, Thresholds};
pub use journal::{
    ChangeStatus, JournalError, JournalErrorKind, JournalHistory, JournaledChange, is_journal_complete,
    journal_history, journaled_plan,
};
pub use plan::{
    CurrencyTotal, CurrentBudgets, DesiredBudget, Entry, EntryKind, Fingerprint, KindTotal, Plan, SheetRow, Target,
    Totals,
};
pub use progress::{Progress, ProgressSnapshot};
pub use read::{BudgetStream, ReadOutcome, ReadStream, SummaryStream, read_budgets, read_summaries};

/// Compiles the programs in the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
