//! The performance of the limiter: 2,000 calls under unknown limits.

use super::scenario::Scenario;
use super::table::Table;
use super::{Job, Limit};
use crate::{Rate, Settings};

/// Shortest and longest latency in seconds: with jitter, and without.
const LATENCIES: [(f64, f64); 4] = [(0.005, 0.05), (0.005, 0.005), (0.02, 0.02), (0.05, 0.05)];
const RATES: [f64; 3] = [10.0, 50.0, 200.0];

/// Single runs may be unlucky: throttling in the last second of a job costs that second.
#[test]
fn learns_an_unknown_limit() {
    let mut table = Table::new();
    for service in Scenario::all(50.0) {
        for tasks in [16, 1_000] {
            for latency in LATENCIES {
                let job = service.job(tasks, latency);
                let figures = table.measure(&service, job, Settings::default());
                let tolerance = match service.limit {
                    // With 16 tasks and a latency of 50 ms the last window alone takes 1.6 s.
                    Limit::Window { .. } if job.mean_latency() == 0.05 => 0.01,
                    // Calls that overtake each other empty a small bucket early, so the estimate is too low.
                    Limit::Bucket { burst: 5.0, .. } if latency.0 < latency.1 => 0.005,
                    _ => 0.0,
                };
                table.goal(figures.median <= service.goal + tolerance, &figures);
                table.goal(figures.worst <= service.goal + 0.02, &figures);
                table.goal(figures.worst_throttled <= 1.0, &figures);
            }
        }
    }
    table.finish();
}

/// The tolerances are larger: a job of 9 s cannot make up for pauses of whole seconds, and a probe of each window of
/// 100 calls means one throttled call in 100.
#[test]
fn learns_other_rates() {
    let mut table = Table::new();
    for rate in RATES {
        for service in Scenario::all(rate) {
            for latency in LATENCIES {
                let figures = table.measure(&service, service.job(16, latency), Settings::default());
                match rate {
                    200.0 if service.has_small_burst() && latency.0 < latency.1 => {
                        table.goal(figures.median <= 2.5, &figures);
                    }
                    200.0 if service.has_small_burst() => table.goal(figures.worst <= 1.5, &figures),
                    200.0 => table.goal(figures.worst <= 1.25, &figures),
                    _ => table.goal(figures.median <= service.goal + 0.01, &figures),
                }
                table.goal(figures.worst_throttled <= 2.0, &figures);
            }
        }
    }
    table.finish();
}

#[test]
fn keeps_to_an_initial_rate() {
    let mut table = Table::new();
    for rate in RATES {
        for service in Scenario::all(rate) {
            // With this jitter 9 calls may arrive at once at 200 calls per second.
            if service.has_small_burst() && rate == 200.0 {
                continue;
            }
            let burst = if let Limit::Bucket { burst, .. } = service.limit { burst } else { 1.0 };
            for (tasks, knows_burst) in [(16, false), (16, true), (1_000, false), (1_000, true)] {
                let initial_rate = Rate { burst: knows_burst.then_some(burst), ..Rate::per_second(rate) };
                let job = service.job(tasks, LATENCIES[0]);
                let figures = table.measure(&service, job, Settings::default().initial_rate(initial_rate));
                table.goal(figures.worst_throttled == 0.0, &figures);
                let of_rate = figures.worst * job.ideal() / (f64::from(job.calls) / rate);
                table.goal(of_rate <= 1.01, &figures);
                table.goal(service.is_window() || !knows_burst || figures.worst <= 1.03, &figures);
            }
        }
    }
    table.finish();
}

#[test]
fn learns_without_retry_after() {
    let mut table = Table::new();
    for service in Scenario::all(50.0) {
        for latency in LATENCIES {
            let job = Job { sends_retry_after: false, ..service.job(16, latency) };
            let figures = table.measure(&service, job, Settings::default());
            let (goal, throttled) = if service.is_window() { (1.5, 2.5) } else { (service.goal + 0.01, 1.0) };
            table.goal(figures.median <= goal && figures.worst_throttled <= throttled, &figures);
        }
    }
    table.finish();
}

/// The careful start costs up to sixty latencies, once.
#[test]
fn does_not_slow_down_a_service_without_limit() {
    let mut table = Table::new();
    let service = Scenario { name: "none", rate: f64::INFINITY, limit: Limit::None, goal: 1.02 };
    for calls in [2_000, 20_000] {
        for tasks in [1, 4, 16, 1_000] {
            for careful_calls in [0, 512] {
                let job = Job { calls, ..service.job(tasks, LATENCIES[0]) };
                let figures = table.measure(&service, job, Settings::default().careful_calls(careful_calls));
                let careful_start = if careful_calls > 0 && tasks > 4 { 60.0 * job.mean_latency() } else { 0.0 };
                table.goal(figures.median * job.ideal() <= service.goal * job.ideal() + careful_start, &figures);
                table.goal(figures.worst_throttled == 0.0, &figures);
            }
        }
    }
    table.finish();
}
