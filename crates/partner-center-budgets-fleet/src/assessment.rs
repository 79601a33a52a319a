//! The state of a customer's budget, and what its cost will be at the end of the billing period.

mod customer_usage;
mod period;
mod projection;
mod status;
mod thresholds;

pub use customer_usage::CustomerUsage;
pub use projection::{Pace, Projection};
pub use status::{Assessment, BudgetStatus};
pub use thresholds::Thresholds;
