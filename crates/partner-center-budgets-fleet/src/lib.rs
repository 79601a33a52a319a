//! The budgets of very many customers: read, planned, carried out, watched.
//!
//! - [`read_budgets`] reads them as a stream, in bounded memory, at the pace that the service allows; [`read_summaries`]
//!   the costs beside them.
//! - [`Plan`] holds what a sheet wants against what is, and tells what has to be done.
//! - [`apply()`] carries a plan out, with a journal, so that a killed process goes on where it stopped.
//! - [`signals()`] finds in usage records and summaries whose budget needs a look.
//!
//! They make their calls through one client and so one limiter, and tell a display how far they are ([`Progress`]).
//!
//! A call that has to wait for its turn for longer than the client's [`RetryPolicy::total`](partner_center_budgets::RetryPolicy::total)
//! fails, in a fleet as elsewhere. Where the service throttles for longer than those 5 minutes, give a fleet a client with
//! more: `client.with_retry(RetryPolicy::default().total(an_hour))`.
//!
//! # How long it takes
//!
//! 2,000 changes are 4,000 calls, a read and a write for each. Under a limit of 50 calls a second with a burst of 50
//! (`bucket-counting-rejected` of the sandbox), which the client does not know, measured on 2026-11-21 on a virtual machine
//! with two cores, in processes of `pc-budgets apply` (`cargo xtask bench cli apply`):
//!
//! | killed | ideal, s | measured, s | of the ideal | reads | writes | refused of both | lost | written twice |
//! |--:|--:|--:|--:|--:|--:|--:|--:|--:|
//! | never | 79.0 | 79.3 | 1.004 | 2005 | 2005 | 10 | 0 | 0 |
//! | 20 times at random | 79.0 | 79.6 | 1.008 | 2027 | 2003 | 7 | 0 | 0 |
//!
//! The ideal is what the limit allows for 4,000 calls. A process that was killed reads again what it had only read; what it
//! had learned of the limit its successor finds in the journal. Without a limit 5,000 changes take 0.8 s: the journal is
//! flushed for many at a time.

mod amount;
mod apply;
mod change;
mod fnv;
mod journal;
mod options;
mod plan;
mod progress;
mod rate;
mod read;
mod signals;
mod summary;

pub use apply::apply;
pub use journal::{JournalError, JournalErrorKind, is_journal_complete, journaled_plan};
pub use options::Options;
pub use plan::{Current, Entry, Fingerprint, Kind, KindTotal, Plan, Row, Sum, Totals, Want, Wish};
pub use progress::{Progress, Standing};
pub use read::{BudgetReads, Outcome, Reads, SummaryReads, read_budgets, read_summaries};
pub use signals::{Reason, Signal, Usage, Watch, needs_summary, signals};
pub use summary::{Applied, Report, Stop, Summary};

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
