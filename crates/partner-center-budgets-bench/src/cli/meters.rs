//! The meters of one customer.

use anyhow::{Context, ensure};

use super::command::pc_budgets;
use super::process_cost::measure_process;
use super::relay::Relay;
use super::row::Row;
use crate::median::median;
use crate::release::Release;
use crate::sandbox::Sandbox;

const ROUNDS: usize = 5;
/// A customer of the sandbox with one subscription.
const CUSTOMER: &str = "00000000-0000-0000-0000-000000000001";

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let sandbox = Sandbox::start(release, &["--customers", "1", "--meters", "100000"])?;
    let [mut peaks, mut delays, mut times] = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let usage = |base_url: &str| pc_budgets(release, &["usage", CUSTOMER, "--by", "meter", "--base-url", base_url]);
        let cost = measure_process(&mut usage(&sandbox.base_url))?;
        ensure!(cost.lines > 20, "only {} lines", cost.lines);
        peaks.push(cost.peak);
        times.push(cost.processor);
        let relay = Relay::start(sandbox.address())?;
        let line = measure_process(&mut usage(&relay.base_url))?.first.context("no line")?;
        let page = relay.last_response().context("no response")?;
        delays.push(line.saturating_duration_since(page).as_secs_f64());
    }
    let [peak, delay, time] = [peaks, delays, times].map(median);
    let row = |of: &str, goal, measured| Row {
        what: format!("`usage CUSTOMER --by meter`, 100,000 meters in each subscription: {of}"),
        goal,
        measured,
    };
    Ok(vec![
        row("peak memory", "at most 40 MiB", format!("{peak:.1} MiB")),
        row("first line after the last page", "at most 0.2 s", format!("{delay:.3} s")),
        row("processor time", "none", format!("{time:.2} s")),
    ])
}
