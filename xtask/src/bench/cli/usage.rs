//! A list of very many customers.

use std::process::Command;

use anyhow::{Context, ensure};

use super::relay::Relay;
use super::watch::{Cost, watch};
use super::{Row, pc_budgets};
use crate::bench::build::Release;
use crate::bench::median;
use crate::bench::sandbox::Sandbox;

const CUSTOMERS: usize = 100_000;
const ROUNDS: usize = 5;
const ASKED: &str = "at most 40 MiB at its peak, the first line 0.2 s after the first page, 1.5 times the processor time of bare reqwest";

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let customers = CUSTOMERS.to_string();
    let ways = [("pages of 500", &["--paging", "records=500"][..]), ("one page of all", &[])];
    let row = |(name, paging): (&str, &[&str])| {
        let sandbox = Sandbox::start(release, &[&["--customers", &customers], paging].concat())?;
        let what = format!("`usage --output ndjson`, 100,000 customers, {name}");
        Ok(Row { what, asked: ASKED, measured: measure(release, &sandbox)? })
    };
    ways.into_iter().map(row).collect()
}

fn measure(release: &Release, sandbox: &Sandbox) -> anyhow::Result<String> {
    let usage = |base_url: &str| pc_budgets(release, &["usage", "--output", "ndjson", "--base-url", base_url]);
    let mut bare = Command::new(release.example("bare"));
    bare.args(["--job", "usage", "--base-url", &sandbox.base_url, "--token", "sandbox", "--concurrency", "16"]);
    let (mut peaks, mut bare_times, mut times, mut delays) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare_times.push(all_of(watch(&mut bare)?)?.processor);
        let cost = all_of(watch(&mut usage(&sandbox.base_url))?)?;
        times.push(cost.processor);
        peaks.push(cost.peak);
        // A run of its own, since what goes through a relay arrives in other pieces.
        let relay = Relay::start(sandbox.address())?;
        let line = all_of(watch(&mut usage(&relay.base_url))?)?.first.context("no line")?;
        let page = relay.answered().context("no answer")?;
        delays.push(line.saturating_duration_since(page).as_secs_f64());
    }
    let (peak, time, bare, delay) = (median(peaks), median(times), median(bare_times), median(delays));
    let times = time / bare;
    Ok(format!("{peak:.1} MiB, {delay:.3} s, {time:.2} s of processor time, bare {bare:.2}: {times:.2} times"))
}

fn all_of(cost: Cost) -> anyhow::Result<Cost> {
    ensure!(cost.lines == CUSTOMERS, "{} lines instead of {CUSTOMERS}", cost.lines);
    Ok(cost)
}
