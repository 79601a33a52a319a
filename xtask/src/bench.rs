//! `cargo xtask bench`: what a call costs beside the same call made by hand, and how a job fares under a limit that the
//! client does not know. Programs that people run; nothing here passes or fails.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::Checkout;

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

/// Builds the examples `bare` and `load` and the sandbox, runs them and returns two tables in Markdown.
///
/// # Errors
///
/// A program that cannot be built or run.
pub fn run(here: &Checkout) -> anyhow::Result<String> {
    let build = ["build", "--release", "--package", "partner-center-budgets", "--examples"];
    cargo(here, &build)?;
    cargo(here, &["build", "--release", "--package", "partner-center-budgets-sandbox"])?;
    Ok(format!("{}\n{}", costs(here)?, jobs(here)?))
}

/// 2,000 calls under limits that the client does not know, and then with a rate that it remembers. All jobs run at the same
/// time, since most of theirs is waiting.
fn jobs(here: &Checkout) -> anyhow::Result<String> {
    // Tasks, and whether the rate is remembered.
    let variants = [("16", false), ("1000", false), ("16", true)];
    let jobs: Vec<_> = LIMITS.iter().flat_map(|limit| variants.map(|variant| (limit, variant))).collect();
    let results: Vec<anyhow::Result<String>> = std::thread::scope(|scope| {
        let run = |(limit, (tasks, remembered)): (&'static Limit, (&'static str, bool))| {
            scope.spawn(move || job(here, limit, tasks, remembered))
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

fn job(here: &Checkout, limit: &Limit, tasks: &str, remembered: bool) -> anyhow::Result<String> {
    let sandbox = Sandbox::start(here, &["--customers", "2000", "--throttle", limit.rule])?;
    let mut load = Command::new(here.root.join("target/release/examples/load"));
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

fn costs(here: &Checkout) -> anyhow::Result<String> {
    let mut table = String::from(
        "| calls at a time | bare reqwest, µs | this client, µs | ratio | peak RSS, KiB |\n|--:|--:|--:|--:|--:|\n",
    );
    let sandbox = Sandbox::start(here, &["--customers", CUSTOMERS])?;
    for concurrency in ["1", "16", "64"] {
        let mut costs = [Vec::new(), Vec::new()];
        let mut rss = Vec::new();
        for _ in 0..ROUNDS {
            // In turn, so that a machine that slows down slows both.
            for (cost, program) in costs.iter_mut().zip(["bare", "load"]) {
                let result = measure(here, &sandbox, program, concurrency)?;
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

fn cargo(here: &Checkout, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("cargo").args(arguments).current_dir(&here.root).status().context("cargo")?;
    ensure!(status.success(), "`cargo {}` failed", arguments.join(" "));
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One run of an example, on the second processor.
fn measure(here: &Checkout, sandbox: &Sandbox, example: &str, concurrency: &str) -> anyhow::Result<Value> {
    let program = here.root.join("target/release/examples").join(example);
    let output = Command::new("taskset")
        .args(["--cpu-list", "1"])
        .arg(program)
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

/// A sandbox on the first processor, stopped when dropped.
struct Sandbox {
    child: Child,
    base_url: String,
}

impl Sandbox {
    fn start(here: &Checkout, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Command::new("taskset")
            .args(["--cpu-list", "0"])
            .arg(here.root.join("target/release/partner-center-budgets-sandbox"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to run `taskset`, which comes with util-linux")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let base_url = line.trim().strip_prefix("listening on ").context("the sandbox does not say where it is")?;
        Ok(Self { child, base_url: base_url.to_owned() })
    }
}

impl Sandbox {
    /// What it has seen so far.
    fn counters(&self) -> anyhow::Result<Value> {
        let address = self.base_url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /_sandbox/counters HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("no body")?;
        Ok(serde_json::from_str(body)?)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
