//! A list of 100,000 customers.

use std::process::Command;

use anyhow::{Context, ensure};

use super::command::pc_budgets;
use super::process_cost::{ProcessCost, measure_process};
use super::relay::Relay;
use super::row::Row;
use crate::median::median;
use crate::release::Release;
use crate::sandbox::Sandbox;

const CUSTOMERS: usize = 100_000;
const ROUNDS: usize = 5;

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let customers = CUSTOMERS.to_string();
    let mut rows = Vec::new();
    for (name, paging) in [("pages of 500", &["--paging", "records=500"][..]), ("one page of all", &[])] {
        let sandbox = Sandbox::start(release, &[&["--customers", &customers], paging].concat())?;
        let Figures { peak, delay, processor, bare } = measure(release, &sandbox)?;
        let mut row = |of: &str, goal, measured| {
            let what = format!("`usage --output ndjson`, 100,000 customers, {name}: {of}");
            rows.push(Row { what, goal, measured });
        };
        row("peak memory", "at most 40 MiB", format!("{peak:.1} MiB"));
        row("first line after the first page", "at most 0.2 s", format!("{delay:.3} s"));
        let times = format!("{:.2} times: {processor:.2} s, bare {bare:.2}", processor / bare);
        row("processor time", "at most 1.25 times bare reqwest", times);
    }
    Ok(rows)
}

/// Medians: memory in MiB, times in seconds.
struct Figures {
    peak: f64,
    delay: f64,
    processor: f64,
    bare: f64,
}

fn measure(release: &Release, sandbox: &Sandbox) -> anyhow::Result<Figures> {
    let usage = |base_url: &str| pc_budgets(release, &["usage", "--output", "ndjson", "--base-url", base_url]);
    let mut bare = Command::new(release.program("bare"));
    bare.args(["--job", "usage", "--base-url", &sandbox.base_url, "--token", "sandbox", "--concurrency", "16"]);
    let [mut peaks, mut delays, mut times, mut bare_times] = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        bare_times.push(complete(measure_process(&mut bare)?)?.processor);
        let cost = complete(measure_process(&mut usage(&sandbox.base_url))?)?;
        times.push(cost.processor);
        peaks.push(cost.peak);
        // A separate run, because a relay changes the sizes of the received pieces.
        let relay = Relay::start(sandbox.address())?;
        let line = complete(measure_process(&mut usage(&relay.base_url))?)?.first.context("no line")?;
        let page = relay.first_response().context("no response")?;
        delays.push(line.saturating_duration_since(page).as_secs_f64());
    }
    let [peak, delay, processor, bare] = [peaks, delays, times, bare_times].map(median);
    Ok(Figures { peak, delay, processor, bare })
}

/// Refuses the cost of a run that did not print every customer.
fn complete(cost: ProcessCost) -> anyhow::Result<ProcessCost> {
    ensure!(cost.lines == CUSTOMERS, "{} lines instead of {CUSTOMERS}", cost.lines);
    Ok(cost)
}
