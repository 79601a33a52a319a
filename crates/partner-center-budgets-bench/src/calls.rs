//! Calls compared with the same calls made by bare reqwest, and jobs under a rate limit that the client does not know.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::median::median;
use crate::release::Release;
use crate::sandbox::Sandbox;

const CUSTOMERS: &str = "20000";
const ROUNDS: usize = 9;

const LIMITS: [Limit; 4] = [
    Limit { rule: "bucket:rate=50,burst=50", ideal: 39.0, rate: "50+50" },
    Limit { rule: "bucket-counting-rejected:rate=50,burst=50", ideal: 39.0, rate: "50+50" },
    Limit { rule: "bucket-counting-rejected:rate=50,burst=5", ideal: 39.9, rate: "50+5" },
    Limit { rule: "window:calls=500,per=10s", ideal: 30.0, rate: "50" },
];

struct Limit {
    /// The sandbox's argument to `--throttle`.
    rule: &'static str,
    /// The shortest possible time of 2,000 calls, in seconds.
    ideal: f64,
    /// The same limit as the argument `--rate` of `load`.
    rate: &'static str,
}

/// Returns three tables in Markdown: costs, sizes of futures, and jobs.
pub(crate) fn measure(release: &Release) -> anyhow::Result<String> {
    release.build("partner-center-budgets-bench")?;
    release.build("partner-center-budgets-sandbox")?;
    Ok(format!("{}\n{}\n{}", costs(release)?, future_sizes(release)?, jobs(release)?))
}

/// 2,000 calls under each limit, without and with an initial rate. All jobs run at the same time, because they mostly
/// wait.
fn jobs(release: &Release) -> anyhow::Result<String> {
    // Tasks, and whether the client starts with the rate of the limit.
    let variants = [("16", false), ("1000", false), ("16", true)];
    let jobs: Vec<_> = LIMITS.iter().flat_map(|limit| variants.map(|variant| (limit, variant))).collect();
    let results: Vec<anyhow::Result<String>> = std::thread::scope(|scope| {
        let run = |(limit, (tasks, has_initial_rate)): (&'static Limit, (&'static str, bool))| {
            scope.spawn(move || job(release, limit, tasks, has_initial_rate))
        };
        let running: Vec<_> = jobs.into_iter().map(run).collect();
        running.into_iter().map(|job| job.join().unwrap_or_else(|_| bail!("a job panicked"))).collect()
    });
    let rows = results.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    Ok(format!(
        "| limit | tasks | initial rate | answered | throttled | time, s | of the ideal | connections |\n|---|--:|---|--:|--:|--:|--:|--:|\n{}",
        rows.concat()
    ))
}

fn job(release: &Release, limit: &Limit, tasks: &str, has_initial_rate: bool) -> anyhow::Result<String> {
    let sandbox = Sandbox::start(release, &["--customers", "2000", "--throttle", limit.rule])?;
    let mut load = Command::new(release.program("load"));
    load.args(["--base-url", &sandbox.base_url, "--token", "sandbox", "--customers", "2000", "--concurrency", tasks]);
    if has_initial_rate {
        load.args(["--rate", limit.rate]);
    }
    let result: Value = serde_json::from_slice(&load.output()?.stdout).context("`load` failed")?;
    let counters = sandbox.counters()?;
    let time = result["wall_s"].as_f64().context("no time")?;
    // The request for the counters opened one more connection.
    let connections = counters["connections"].as_u64().unwrap_or_default().saturating_sub(1);
    let (ok, throttled, times) = (&result["ok"], &counters["rejected"], time / limit.ideal);
    let (rule, initial_rate) = (limit.rule, if has_initial_rate { "known" } else { "none" });
    Ok(format!(
        "| `{rule}` | {tasks} | {initial_rate} | {ok} | {throttled} | {time:.1} | {times:.3} | {connections} |\n"
    ))
}

fn costs(release: &Release) -> anyhow::Result<String> {
    let mut table = String::from(
        "| calls in flight | bare reqwest, µs | this client, µs | ratio | peak RSS, KiB |\n|--:|--:|--:|--:|--:|\n",
    );
    let sandbox = Sandbox::start(release, &["--customers", CUSTOMERS])?;
    for concurrency in ["1", "16", "64"] {
        let mut costs = [Vec::new(), Vec::new()];
        let mut rss = Vec::new();
        for _ in 0..ROUNDS {
            // The programs alternate, so that a change in the machine's speed affects both.
            for (cost, program) in costs.iter_mut().zip(["bare", "load"]) {
                let result = run(release, &sandbox, program, concurrency)?;
                cost.push(result["cpu_us_per_call"].as_f64().context("no processor time on this system")?);
                rss.extend(result["peak_rss_kb"].as_f64());
            }
        }
        // The speed of a machine can change between rounds, but not much within one.
        let ratio = median(costs[0].iter().zip(&costs[1]).map(|(bare, ours)| ours / bare).collect());
        let [bare, ours] = costs.map(median);
        let rss = median(rss);
        writeln!(table, "| {concurrency} | {bare:.1} | {ours:.1} | {ratio:.2} | {rss:.0} |")?;
    }
    Ok(table)
}

/// The size of each call's future before its first poll: every task that awaits the call holds that much.
fn future_sizes(release: &Release) -> anyhow::Result<String> {
    let output =
        Command::new(release.program("load")).arg("--future-sizes").output().context("`load` cannot be run")?;
    ensure!(output.status.success(), "`load` failed: {}", String::from_utf8_lossy(&output.stderr));
    let sizes: Value = serde_json::from_slice(&output.stdout)?;
    let row = |(call, bytes): (&String, &Value)| format!("| `{call}` | {bytes} |\n");
    let rows: String = sizes.as_object().into_iter().flatten().map(row).collect();
    Ok(format!("| future of | bytes |\n|---|--:|\n{rows}"))
}

/// One run of a program, on the second processor.
fn run(release: &Release, sandbox: &Sandbox, program: &str, concurrency: &str) -> anyhow::Result<Value> {
    let output = Command::new("taskset")
        .args(["--cpu-list", "1"])
        .arg(release.program(program))
        .args(["--base-url", &sandbox.base_url, "--token", "sandbox", "--warm", "500"])
        .args(["--customers", CUSTOMERS, "--concurrency", concurrency])
        .stderr(Stdio::inherit())
        .output()
        .context("failed to run `taskset`, which comes with util-linux")?;
    ensure!(output.status.success(), "`{program}` failed");
    let result: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(result["ok"] == 20_000, "not every call succeeded: {result}");
    Ok(result)
}
