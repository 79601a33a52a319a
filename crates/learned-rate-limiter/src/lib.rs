#![doc = include_str!("../README.md")]

mod classifier;
mod estimate;
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

pub use rate_limiter::{Key, Permit, RateLimiter};
pub use settings::{LearnedRate, Rate, Settings};
