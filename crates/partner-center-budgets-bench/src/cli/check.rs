//! `check` of 100,000 customers, compared with `usage`.

use anyhow::ensure;

use super::command::pc_budgets;
use super::process_cost::{ProcessCost, measure_process};
use super::row::Row;
use crate::median::median;
use crate::release::Release;
use crate::sandbox::Sandbox;

const ROUNDS: usize = 5;

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let sandbox = Sandbox::start(release, &["--customers", "100000", "--paging", "records=500"])?;
    let run = |arguments: &[&str]| -> anyhow::Result<ProcessCost> {
        let arguments = [arguments, &["--base-url", &sandbox.base_url]].concat();
        let cost = measure_process(&mut pc_budgets(release, &arguments))?;
        ensure!(cost.lines > 1000, "only {} lines", cost.lines);
        Ok(cost)
    };
    let [mut checks, mut usages, mut peaks] = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        usages.push(run(&["usage", "--output", "ndjson"])?.processor);
        let check = run(&["check", "--fail-on", "none", "--output", "ndjson"])?;
        checks.push(check.processor);
        peaks.push(check.peak);
    }
    let [check, usage, peak] = [checks, usages, peaks].map(median);
    let row = |of: &str, goal, measured| Row {
        what: format!("`check`, 100,000 customers, pages of 500: {of}"),
        goal,
        measured,
    };
    let times = format!("{:.2} times: {check:.2} s, `usage` {usage:.2}", check / usage);
    Ok(vec![
        row("processor time", "at most 1.3 times `usage --output ndjson`", times),
        row("peak memory", "none", format!("{peak:.1} MiB")),
    ])
}
