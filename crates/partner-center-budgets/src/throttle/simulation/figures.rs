//! What the limiter achieves: 2,000 calls under a limit that it does not know.

use super::{Job, Limit};
use crate::throttle::settings::Settings;

const SEEDS: u64 = 20;
/// Latencies in seconds: with jitter, and without.
const LATENCIES: [(f64, f64); 4] = [(0.005, 0.05), (0.005, 0.005), (0.02, 0.02), (0.05, 0.05)];
const RATES: [f64; 3] = [10.0, 50.0, 200.0];

#[derive(Debug, Clone, Copy)]
struct Service {
    name: &'static str,
    limit: Limit,
    /// Times the ideal.
    aim: f64,
}

fn services(rate: f64) -> [Service; 4] {
    let bucket = |burst, refused_count| Limit::Bucket { rate, burst, refused_count };
    [
        Service { name: "bucket", limit: bucket(rate, false), aim: 1.03 },
        Service { name: "bucket, refused count", limit: bucket(rate, true), aim: 1.03 },
        Service { name: "bucket of 5, refused count", limit: bucket(5.0, true), aim: 1.10 },
        Service {
            name: "window of 10 s",
            limit: Limit::Window { calls: (rate * 10.0) as u32, seconds: 10.0 },
            aim: 1.05,
        },
    ]
}

#[derive(Debug)]
struct Figures {
    median: f64,
    worst: f64,
    /// Refused calls in percent of the answered ones: median and worst.
    refused: (f64, f64),
    learned: (f64, f64),
}

fn measure(job: Job, settings: Settings) -> Figures {
    let runs: Vec<_> = (0..SEEDS).map(|seed| Job { seed, ..job }.run(settings)).collect();
    assert!(runs.iter().all(|run| run.answered == job.calls), "all are answered: {job:?}");
    assert!(runs.iter().all(|run| run.most_in_flight <= settings.max_in_flight), "too many at once: {job:?}");
    let sorted = |of: &dyn Fn(&super::Outcome) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        (values[values.len() / 2], values[values.len() - 1])
    };
    let (median, worst) = sorted(&|run| run.seconds / job.ideal());
    let refused = sorted(&|run| 100.0 * f64::from(run.refused) / f64::from(run.answered));
    let learned = sorted(&|run| run.learned_rate.unwrap_or(f64::NAN));
    Figures { median, worst, refused, learned }
}

fn print(service: &Service, rate: f64, job: &Job, figures: &Figures) {
    let latency = format!("{}-{}", job.latency.0 * 1e3, job.latency.1 * 1e3);
    let Figures { median, worst, refused, learned } = figures;
    println!(
        "{:26} {rate:4} {:5} {latency:>5} | {median:.3} {worst:.3} | {:5.2} {:5.2} % | {:.1}",
        service.name, job.concurrency, refused.0, refused.1, learned.0
    );
}

const HEAD: &str = "service                    rate tasks    ms | median worst | refused, worst | learned";

fn job(service: &Service, concurrency: u32, latency: (f64, f64)) -> Job {
    Job { calls: 2_000, concurrency, latency, limit: service.limit, tells_retry_after: true, seed: 0 }
}

/// The aims, at the rate that they are set for. Single runs may be unlucky: a refusal in the last second of a job costs
/// that second.
#[test]
fn an_unknown_limit_is_learned() {
    println!("{HEAD}");
    for service in services(50.0) {
        for concurrency in [16, 1_000] {
            for latency in LATENCIES {
                let job = job(&service, concurrency, latency);
                let figures = measure(job, Settings::default());
                print(&service, 50.0, &job, &figures);
                let room = match service.limit {
                    // 16 tasks with a latency of 50 ms need 1.6 s for the last window alone.
                    Limit::Window { .. } if job.mean_latency() == 0.05 => 0.01,
                    // Calls that overtake each other empty a bucket of 5 early, which makes the estimate too low.
                    Limit::Bucket { burst: 5.0, .. } if latency.0 < latency.1 => 0.005,
                    _ => 0.0,
                };
                assert!(figures.median <= service.aim + room, "{service:?} {figures:?}");
                assert!(figures.worst <= service.aim + 0.02, "{service:?} {figures:?}");
                assert!(figures.refused.1 <= 1.0, "{service:?} {figures:?}");
            }
        }
    }
}

/// At other rates, with more room where there must be some: a job of 9 s cannot make up for pauses of whole seconds, and a
/// window of 100 calls that is tried out each time costs one refusal per 100 calls.
#[test]
fn other_rates_are_learned_too() {
    println!("{HEAD}");
    for rate in RATES {
        for service in services(rate) {
            for latency in LATENCIES {
                let job = job(&service, 16, latency);
                let figures = measure(job, Settings::default());
                print(&service, rate, &job, &figures);
                let is_tiny = matches!(service.limit, Limit::Bucket { burst: 5.0, .. });
                match rate {
                    200.0 if is_tiny && latency.0 < latency.1 => assert!(figures.median <= 2.5, "{figures:?}"),
                    200.0 if is_tiny => assert!(figures.worst <= 1.5, "{figures:?}"),
                    200.0 => assert!(figures.worst <= 1.25, "{figures:?}"),
                    _ => assert!(figures.median <= service.aim + 0.01, "{figures:?}"),
                }
                assert!(figures.refused.1 <= 2.0, "{figures:?}");
            }
        }
    }
}

#[test]
fn a_remembered_rate_is_kept_to() {
    println!("{HEAD}");
    for rate in RATES {
        for service in services(rate) {
            for (concurrency, with_burst) in [(16, false), (16, true), (1_000, false), (1_000, true)] {
                let burst = if let Limit::Bucket { burst, .. } = service.limit { burst } else { 1.0 };
                if burst == 5.0 && rate == 200.0 {
                    // With this jitter 9 calls may arrive at once at this rate.
                    continue;
                }
                let remembered_burst = with_burst.then_some(burst);
                let settings = Settings { remembered_rate: Some(rate), remembered_burst, ..Settings::default() };
                let job = job(&service, concurrency, LATENCIES[0]);
                let figures = measure(job, settings);
                print(&service, rate, &job, &figures);
                assert_eq!(figures.refused.1, 0.0, "{service:?}");
                let paced = figures.worst * job.ideal() / (f64::from(job.calls) / rate);
                assert!(paced <= 1.01, "{service:?} {paced}");
                let is_bucket = matches!(service.limit, Limit::Bucket { .. });
                assert!(!is_bucket || !with_burst || figures.worst <= 1.03, "{service:?} {figures:?}");
            }
        }
    }
}

#[test]
fn a_missing_retry_after_is_survived() {
    println!("{HEAD}");
    for service in services(50.0) {
        for latency in LATENCIES {
            let job = Job { tells_retry_after: false, ..job(&service, 16, latency) };
            let figures = measure(job, Settings::default());
            print(&service, 50.0, &job, &figures);
            let is_window = matches!(service.limit, Limit::Window { .. });
            assert!(figures.median <= if is_window { 1.5 } else { service.aim + 0.01 }, "{service:?} {figures:?}");
            assert!(figures.refused.1 <= if is_window { 2.5 } else { 1.0 }, "{service:?} {figures:?}");
        }
    }
}

/// The careful start costs up to sixty latencies, once.
#[test]
fn no_limit_slows_nobody_down() {
    println!("{HEAD}");
    let service = Service { name: "none", limit: Limit::None, aim: 1.02 };
    for calls in [2_000, 20_000] {
        for concurrency in [1, 4, 16, 1_000] {
            for careful_calls in [0, 512] {
                let job = Job { calls, ..job(&service, concurrency, LATENCIES[0]) };
                let figures = measure(job, Settings { careful_calls, ..Settings::default() });
                print(&service, f64::from(calls), &job, &figures);
                let start = if careful_calls > 0 && concurrency > 4 { 60.0 * job.mean_latency() } else { 0.0 };
                assert!(figures.median * job.ideal() <= service.aim * job.ideal() + start, "{figures:?}");
                assert_eq!(figures.refused.1, 0.0);
            }
        }
    }
}
