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

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let customers = CUSTOMERS.to_string();
    let mut rows = Vec::new();
    for (name, paging) in [("pages of 500", &["--paging", "records=500"][..]), ("one page of all", &[])] {
        let sandbox = Sandbox::start(release, &[&["--customers", &customers], paging].concat())?;
        let Figures { peak, delay, processor, bare } = measure(release, &sandbox)?;
        let mut row = |of: &str, asked, measured| {
            let what = format!("`usage --output ndjson`, 100,000 customers, {name}: {of}");
            rows.push(Row { what, asked, measured });
        };
        row("memory at its peak", "at most 40 MiB", format!("{peak:.1} MiB"));
        row("first line, after the first page", "at most 0.2 s", format!("{delay:.3} s"));
        let times = format!("{:.2} times: {processor:.2} s, bare {bare:.2}", processor / bare);
        row("processor time", "at most 1.5 times bare reqwest", times);
    }
    Ok(rows)
}

/// MiB and seconds.
struct Figures {
    peak: f64,
    delay: f64,
    processor: f64,
    bare: f64,
}

fn measure(release: &Release, sandbox: &Sandbox) -> anyhow::Result<Figures> {
    let usage = |base_url: &str| pc_budgets(release, &["usage", "--output", "ndjson", "--base-url", base_url]);
    let mut bare = Command::new(release.example("bare"));
    bare.args(["--job", "usage", "--base-url", &sandbox.base_url, "--token", "sandbox", "--concurrency", "16"]);
    let [mut peaks, mut delays, mut times, mut bare_times] = [const { Vec::new() }; 4];
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
    let [peak, delay, processor, bare] = [peaks, delays, times, bare_times].map(median);
    Ok(Figures { peak, delay, processor, bare })
}

fn all_of(cost: Cost) -> anyhow::Result<Cost> {
    ensure!(cost.lines == CUSTOMERS, "{} lines instead of {CUSTOMERS}", cost.lines);
    Ok(cost)
}
