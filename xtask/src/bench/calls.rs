//! What a call costs beside the same call made by hand, and how a job fares under a limit that the client does not know.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::build::Release;
use super::median;
use super::sandbox::Sandbox;

const CUSTOMERS: &str = "20000";
const ROUNDS: usize = 5;

/// What a sandbox is told to allow, with the ideal time of 2,000 calls in seconds and the rate that a client may remember.
const LIMITS: [Limit; 4] = [
    Limit { rule: "bucket:rate=50,burst=50", ideal: 39.0, rate: "50+50" },
    Limit { rule: "bucket-counting-rejected:rate=50,burst=50", ideal: 39.0, rate: "50+50" },
    Limit { rule: "bucket-counting-rejected:rate=50,burst=5", ideal: 39.9, rate: "50+5" },
    Limit { rule: "window:calls=500,per=10s", ideal: 30.0, rate: "50" },
];

struct Limit {
    rule: &'static str,
    ideal: f64,
    rate: &'static str,
}

/// Two tables in Markdown: of costs, and of jobs.
pub(super) fn run(release: &Release) -> anyhow::Result<String> {
    release.build("partner-center-budgets", "--examples")?;
    release.build("partner-center-budgets-sandbox", "--bins")?;
    Ok(format!("{}\n{}", costs(release)?, jobs(release)?))
}

/// 2,000 calls under limits that the client does not know, and then with a rate that it remembers. All jobs run at the same
/// time, since most of theirs is waiting.
fn jobs(release: &Release) -> anyhow::Result<String> {
    // Tasks, and whether the rate is remembered.
    let variants = [("16", false), ("1000", false), ("16", true)];
    let jobs: Vec<_> = LIMITS.iter().flat_map(|limit| variants.map(|variant| (limit, variant))).collect();
    let results: Vec<anyhow::Result<String>> = std::thread::scope(|scope| {
        let run = |(limit, (tasks, remembered)): (&'static Limit, (&'static str, bool))| {
            scope.spawn(move || job(release, limit, tasks, remembered))
        };
        let running: Vec<_> = jobs.into_iter().map(run).collect();
        running.into_iter().map(|job| job.join().unwrap_or_else(|_| bail!("a job panicked"))).collect()
    });
    let rows = results.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    Ok(format!(
        "| limit | tasks | rate | answered | refused | time, s | of the ideal | connections |\n|---|--:|---|--:|--:|--:|--:|--:|\n{}",
        rows.concat()
    ))
}

fn job(release: &Release, limit: &Limit, tasks: &str, remembered: bool) -> anyhow::Result<String> {
    let sandbox = Sandbox::start(release, &["--customers", "2000", "--throttle", limit.rule])?;
    let mut load = Command::new(release.example("load"));
    load.args(["--base-url", &sandbox.base_url, "--token", "sandbox", "--customers", "2000", "--concurrency", tasks]);
    if remembered {
        load.args(["--rate", limit.rate]);
    }
    let result: Value = serde_json::from_slice(&load.output()?.stdout).context("the example load failed")?;
    let counters = sandbox.counters()?;
    let time = result["wall_s"].as_f64().context("no time")?;
    // The last connection is the one that asks for the counters.
    let connections = counters["connections"].as_u64().unwrap_or_default().saturating_sub(1);
    let (ok, refused, times) = (&result["ok"], &counters["rejected"], time / limit.ideal);
    let (rule, rate) = (limit.rule, if remembered { "remembered" } else { "unknown" });
    Ok(format!("| `{rule}` | {tasks} | {rate} | {ok} | {refused} | {time:.1} | {times:.3} | {connections} |\n"))
}

fn costs(release: &Release) -> anyhow::Result<String> {
    let mut table = String::from(
        "| calls at a time | bare reqwest, µs | this client, µs | ratio | peak RSS, KiB |\n|--:|--:|--:|--:|--:|\n",
    );
    let sandbox = Sandbox::start(release, &["--customers", CUSTOMERS])?;
    for concurrency in ["1", "16", "64"] {
        let mut costs = [Vec::new(), Vec::new()];
        let mut rss = Vec::new();
        for _ in 0..ROUNDS {
            // In turn, so that a machine that slows down slows both.
            for (cost, program) in costs.iter_mut().zip(["bare", "load"]) {
                let result = measure(release, &sandbox, program, concurrency)?;
                cost.push(result["cpu_us_per_call"].as_f64().context("no processor time on this system")?);
                rss.extend(result["peak_rss_kb"].as_f64());
            }
        }
        let [bare, ours] = costs.map(median);
        let (ratio, rss) = (ours / bare, median(rss));
        writeln!(table, "| {concurrency} | {bare:.1} | {ours:.1} | {ratio:.2} | {rss:.0} |")?;
    }
    Ok(table)
}

/// One run of an example, on the second processor.
fn measure(release: &Release, sandbox: &Sandbox, example: &str, concurrency: &str) -> anyhow::Result<Value> {
    let output = Command::new("taskset")
        .args(["--cpu-list", "1"])
        .arg(release.example(example))
        .args(["--base-url", &sandbox.base_url, "--token", "sandbox", "--warm", "500"])
        .args(["--customers", CUSTOMERS, "--concurrency", concurrency])
        .stderr(Stdio::inherit())
        .output()
        .context("failed to run `taskset`, which comes with util-linux")?;
    ensure!(output.status.success(), "the example {example} failed");
    let result: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(result["ok"] == 20_000, "not every call succeeded: {result}");
    Ok(result)
}
