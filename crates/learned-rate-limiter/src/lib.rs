#![doc = include_str!("../README.md")]

mod classifier;
mod estimate;
mod key;
mod learner;
mod limit;
mod observation;
mod phase;
mod queue;
mod rate_limiter;
mod service_limits;
mod settings;
mod token_bucket;
mod tuning;
mod window;

#[cfg(test)]
#[expect(clippy::print_stdout, reason = "the simulation prints its figures")]
mod simulation;
#[cfg(test)]
mod tests;

pub use key::Key;
pub use rate_limiter::{Permit, RateLimiter};
pub use settings::{LearnedRate, Rate, Settings};
