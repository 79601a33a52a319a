//! What the limiter achieves.

use super::{Job, Limit, Outcome};
use crate::throttle::settings::Settings;

const fn bucket(rate: f64, burst: f64, refused_count: bool) -> Limit {
    Limit::Bucket { rate, burst, refused_count }
}

fn services(rate: f64) -> [(&'static str, Limit, f64); 4] {
    [
        ("bucket", bucket(rate, rate, false), 1.03),
        ("bucket, refused count", bucket(rate, rate, true), 1.03),
        ("bucket of 5, refused count", bucket(rate, 5.0, true), 1.10),
        ("window of 10 s", Limit::Window { calls: (rate * 10.0) as u32, seconds: 10.0 }, 1.05),
    ]
}

fn job(limit: Limit, concurrency: u32, seed: u64) -> Job {
    Job { calls: 2_000, concurrency, latency: (0.005, 0.05), limit, tells_retry_after: true, seed }
}

struct Row {
    median: f64,
    worst: f64,
    most_refused: f64,
    missed: u32,
    runs: u32,
    learned: f64,
}

fn row(jobs: &[Job], settings: Settings, limit: f64) -> Row {
    let runs: Vec<(f64, Outcome)> =
        jobs.iter().map(|job| (job.run(settings), job)).map(|(o, job)| (o.seconds / job.ideal(), o)).collect();
    let mut times: Vec<f64> = runs.iter().map(|run| run.0).collect();
    times.sort_by(f64::total_cmp);
    Row {
        median: times[times.len() / 2],
        worst: times[times.len() - 1],
        most_refused: runs.iter().map(|(_, o)| 100.0 * f64::from(o.refused) / f64::from(o.answered)).fold(0.0, f64::max),
        missed: runs.iter().filter(|(t, o)| *t > limit || o.refused * 100 > o.answered).count() as u32,
        runs: runs.len() as u32,
        learned: runs[0].1.learned_rate.unwrap_or(f64::NAN),
    }
}

#[test]
fn table() {
    println!("{:28} {:>4} {:>5} {:>9} | median worst  refused missed learned", "service", "rate", "tasks", "latency");
    for rate in [10.0, 50.0, 200.0] {
        for (name, limit, aim) in services(rate) {
            for concurrency in [16, 1_000] {
                for latency in [(0.005, 0.05), (0.02, 0.02), (0.005, 0.005), (0.05, 0.05)] {
                    let jobs: Vec<Job> = (0..20).map(|seed| Job { latency, ..job(limit, concurrency, seed) }).collect();
                    let row = row(&jobs, Settings::default(), aim);
                    println!(
                        "{name:28} {rate:4} {concurrency:5} {:>9} | {:.3} {:.3} {:6.2} % {:3}/{} {:.1}",
                        format!("{}-{}", latency.0 * 1e3, latency.1 * 1e3),
                        row.median, row.worst, row.most_refused, row.missed, row.runs, row.learned
                    );
                }
            }
        }
    }
}

#[test]
fn one() {
    let jobs = [Job { latency: (0.03, 0.05), ..job(bucket(10.0, 10.0, false), 16, 3) }];
    let row = row(&jobs, Settings::default(), 1.1);
    println!("{:.3} {}", row.median, row.learned);
}

#[test]
fn tune() {
    for (rate, name, limit, aim) in [10.0, 50.0, 200.0].into_iter().flat_map(|r| services(r).into_iter().take(3).map(move |s| (r, s.0, s.1, s.2))) {
        let mut jobs = Vec::new();
        for seed in 0..30 {
            for latency in [(0.005, 0.05), (0.02, 0.02), (0.005, 0.01), (0.03, 0.05)] {
                jobs.push(Job { latency, ..job(limit, 16, seed) });
            }
        }
        let row = row(&jobs, Settings::default(), aim);
        println!("{rate:4} {name:28} | {:.3} {:.3} {:6.2} % {:3}/{}", row.median, row.worst, row.most_refused, row.missed, row.runs);
    }
}
