//! The budgets of very many customers: read, planned, carried out, watched.
//!
//! - [`read_budgets`] reads them as a stream, in bounded memory, at the pace that the service allows.
//! - [`Plan`] holds what a sheet wants against what is, and tells what has to be done.
//! - [`apply`] carries a plan out, with a journal, so that a killed process goes on where it stopped.
//! - [`signals`] finds in the usage records whose budget needs a look.
//!
//! They make their calls through one client and so one limiter, and tell a display how far they are ([`Progress`]).
//!
//! A call that has to wait for its turn for longer than the client's [`RetryPolicy::total`](crate::RetryPolicy::total)
//! fails, in a fleet as elsewhere. Where the service throttles for longer than those 5 minutes, give a fleet a client with
//! more: `client.with_retry(RetryPolicy::default().total(an_hour))`.

mod amount;
mod apply;
mod change;
mod journal;
mod options;
mod plan;
mod progress;
mod read;
mod signals;
mod summary;

pub use apply::apply;
pub use journal::journaled_plan;
pub use options::Options;
pub use plan::{Current, Entry, Fingerprint, Kind, KindTotal, Plan, Row, Sum, Totals, Want, Wish};
pub use progress::{Progress, Standing};
pub use read::{BudgetReads, Outcome, read_budgets};
pub use signals::{Reason, Signal, Watch, signals};
pub use summary::{Applied, Report, Stop, Summary};
