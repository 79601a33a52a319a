//! The services that the figures are about.

use super::{Job, Limit};

#[derive(Debug, Clone, Copy)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    /// Calls per second.
    pub(super) rate: f64,
    pub(super) limit: Limit,
    /// The goal for the time, as a multiple of the ideal.
    pub(super) goal: f64,
}

impl Scenario {
    pub(super) fn all(rate: f64) -> [Self; 4] {
        let bucket = |burst, counts_throttled| Limit::Bucket { rate, burst, counts_throttled };
        let window = Limit::Window { calls: (rate * 10.0) as u32, seconds: 10.0 };
        [
            Self { name: "bucket", rate, limit: bucket(rate, false), goal: 1.03 },
            Self { name: "bucket, counts throttled", rate, limit: bucket(rate, true), goal: 1.03 },
            Self { name: "bucket of 5, counts throttled", rate, limit: bucket(5.0, true), goal: 1.10 },
            Self { name: "window of 10 s", rate, limit: window, goal: 1.05 },
        ]
    }

    pub(super) fn is_window(&self) -> bool {
        matches!(self.limit, Limit::Window { .. })
    }

    pub(super) fn has_small_burst(&self) -> bool {
        matches!(self.limit, Limit::Bucket { burst: 5.0, .. })
    }

    pub(super) fn job(&self, tasks: u32, latency: (f64, f64)) -> Job {
        Job { calls: 2_000, tasks, latency, limit: self.limit, sends_retry_after: true, seed: 0 }
    }
}
