//! `cargo xtask bench`: what a call costs beside the same call made by hand, and how a job fares under a limit that the
//! client does not know. Programs that people run; nothing here passes or fails.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::Checkout;

const CUSTOMERS: &str = "20000";
const ROUNDS: usize = 5;

/// Builds the examples `bare` and `load` and the sandbox, runs them in turn and returns a table in Markdown.
///
/// # Errors
///
/// A program that cannot be built or run.
pub fn run(here: &Checkout) -> anyhow::Result<String> {
    let build = ["build", "--release", "--package", "partner-center-budgets", "--examples"];
    cargo(here, &build)?;
    cargo(here, &["build", "--release", "--package", "partner-center-budgets-sandbox"])?;
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

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
