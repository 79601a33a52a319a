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
        Service { name: "window of 10 s", limit: Limit::Window { calls: (rate * 10.0) as u32, seconds: 10.0 }, aim: 1.05 },
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

/// The aims at the rate that they are set for. Single runs may be unlucky: a refusal in the last second of a job costs
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
                assert!(figures.median <= service.aim, "{service:?} {figures:?}");
                assert!(figures.worst <= service.aim + 0.03, "{service:?} {figures:?}");
                assert!(figures.refused.0 <= 1.1 && figures.refused.1 <= 1.3, "{service:?} {figures:?}");
            }
        }
    }
}

/// At other rates the same, but with more room: a job of 9 s cannot make up for pauses of whole seconds.
#[test]
fn other_rates_are_learned_too() {
    println!("{HEAD}");
    for rate in RATES {
        for service in services(rate) {
            for latency in LATENCIES {
                let job = job(&service, 16, latency);
                let figures = measure(job, Settings::default());
                print(&service, rate, &job, &figures);
            }
        }
    }
}

#[test]
fn a_remembered_rate_is_kept_to() {
    println!("{HEAD}");
    for rate in RATES {
        for service in services(rate) {
            for concurrency in [16, 1_000] {
                for with_burst in [false, true] {
                    let burst = if let Limit::Bucket { burst, .. } = service.limit { burst } else { 1.0 };
                    let remembered_burst = with_burst.then_some(burst);
                    let settings =
                        Settings { remembered_rate: Some(rate), remembered_burst, ..Settings::default() };
                    let job = job(&service, concurrency, LATENCIES[0]);
                    let figures = measure(job, settings);
                    print(&service, rate, &job, &figures);
                    assert_eq!(figures.refused.1, 0.0, "{service:?}");
                }
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
        }
    }
}

#[test]
fn no_limit_slows_nobody_down() {
    println!("{HEAD}");
    let service = Service { name: "none", limit: Limit::None, aim: 1.0 };
    for calls in [2_000, 20_000] {
        for concurrency in [1, 4, 16, 1_000] {
            for careful_calls in [0, 512] {
                let job = Job { calls, ..job(&service, concurrency, LATENCIES[0]) };
                let figures = measure(job, Settings { careful_calls, ..Settings::default() });
                print(&service, f64::from(calls), &job, &figures);
            }
        }
    }
}
