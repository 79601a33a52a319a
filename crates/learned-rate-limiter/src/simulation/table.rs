//! The printed figures: one row for each job, and the mean of all.

use super::scenario::Scenario;
use super::{Job, JobResult, Settings};

const SEEDS: u64 = 20;

/// What 20 runs of a job with different seeds achieved.
#[derive(Debug)]
pub(super) struct Figures {
    /// The time as a multiple of the ideal.
    pub(super) median: f64,
    pub(super) worst: f64,
    /// Throttled calls in percent of the answered ones.
    throttled: f64,
    pub(super) worst_throttled: f64,
    learned: f64,
}

impl Figures {
    pub(super) fn measure(job: Job, settings: Settings) -> Self {
        let runs: Vec<_> = (0..SEEDS).map(|seed| Job { seed, ..job }.run(settings)).collect();
        assert!(runs.iter().all(|run| run.answered == job.calls), "a call is not answered: {job:?}");
        assert!(runs.iter().all(|run| run.max_in_flight <= settings.max_in_flight), "too many in flight: {job:?}");
        let median_and_worst = |value: &dyn Fn(&JobResult) -> f64| {
            let mut values: Vec<f64> = runs.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            (values[values.len() / 2], values[values.len() - 1])
        };
        let (median, worst) = median_and_worst(&|run| run.seconds / job.ideal());
        let (throttled, worst_throttled) =
            median_and_worst(&|run| 100.0 * f64::from(run.throttled) / f64::from(run.answered));
        let (learned, _) = median_and_worst(&|run| run.learned.map_or(f64::NAN, |rate| rate.per_second));
        Self { median, worst, throttled, worst_throttled, learned }
    }
}

/// Prints a row for each job, and in the end the mean of all and the goals that were missed.
pub(super) struct Table {
    rows: u32,
    median: f64,
    throttled: f64,
    missed: Vec<String>,
}

impl Table {
    pub(super) fn new() -> Self {
        println!("\nservice                          rate tasks      ms | median  worst | throttled, worst | learned");
        Self { rows: 0, median: 0.0, throttled: 0.0, missed: Vec::new() }
    }

    pub(super) fn measure(&mut self, scenario: &Scenario, job: Job, settings: Settings) -> Figures {
        let figures = Figures::measure(job, settings);
        self.rows += 1;
        self.median += figures.median;
        self.throttled += figures.throttled;
        let latency = format!("{}-{}", job.latency.0 * 1e3, job.latency.1 * 1e3);
        let Figures { median, worst, throttled, worst_throttled, learned } = figures;
        println!(
            "{:32} {:4} {:5} {latency:>7} | {median:6.3} {worst:6.3} | {throttled:6.2} {worst_throttled:6.2} % | {learned:.1}",
            scenario.name, scenario.rate, job.tasks
        );
        figures
    }

    /// Checks a goal of the last row. A table with a missed goal is still complete.
    pub(super) fn goal(&mut self, is_met: bool, figures: &Figures) {
        if !is_met {
            self.missed.push(format!("row {}: {figures:?}", self.rows));
        }
    }

    pub(super) fn finish(self) {
        let rows = f64::from(self.rows);
        let (median, throttled) = (self.median / rows, self.throttled / rows);
        println!("mean of {rows} rows: {median:.4} of the ideal, {throttled:.3} % throttled");
        assert!(self.missed.is_empty(), "missed goals: {:#?}", self.missed);
    }
}
