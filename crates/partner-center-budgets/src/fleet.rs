//! The budgets of very many customers: read, planned, carried out, watched.
//!
//! - [`read_budgets`] reads them as a stream, in bounded memory, at the pace that the service allows.
//! - [`Plan`] holds what a sheet wants against what is, and tells what has to be done.
//! - [`apply`] carries a plan out, with a journal, so that a killed process goes on where it stopped.
//! - [`signals`] finds in the usage records whose budget needs a look.
//!
//! All of them share one client and so one limiter, and tell a display how far they are ([`Progress`]).

mod amount;
mod apply;
mod change;
mod journal;
mod plan;
mod progress;
mod read;
mod signals;
mod summary;

pub use apply::{Options, apply};
pub use journal::journaled_plan;
pub use plan::{Current, Entry, Fingerprint, Kind, KindTotal, Plan, Row, Sum, Totals, Want, Wish};
pub use progress::{Progress, Standing};
pub use read::{BudgetReads, Outcome, read_budgets};
pub use signals::{Reason, Signal, Watch, signals};
pub use summary::{Applied, Report, Stop, Summary};
