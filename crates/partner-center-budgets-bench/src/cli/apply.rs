//! `apply` under a rate limit that the client does not know, with and without killed processes.

mod interrupted_run;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::command::{pc_budgets, text};
use super::row::Row;
use crate::release::Release;
use crate::sandbox::Sandbox;
use interrupted_run::InterruptedRun;

const CHANGES: u32 = 2000;
const RATE: f64 = 50.0;
const BURST: f64 = 50.0;
const LIMIT: &str = "bucket-counting-rejected:rate=50,burst=50";
const KILLS: usize = 20;

/// All runs at the same time, because they mostly wait.
pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let temporary = tempfile::tempdir()?;
    let folder = temporary.path();
    prepare(release, folder)?;
    let runs = [("plan.json", 0), ("plan.json", KILLS), ("sheet.csv", 0), ("sheet.csv", KILLS)];
    std::thread::scope(|scope| {
        let run = |(file, kills)| scope.spawn(move || row(release, folder, file, kills));
        let running: Vec<_> = runs.into_iter().map(run).collect();
        running.into_iter().map(|row| row.join().unwrap_or_else(|_| bail!("a run panicked"))).collect()
    })
}

/// Writes a sheet that raises the budget of every customer, and the plan made from it.
fn prepare(release: &Release, folder: &Path) -> anyhow::Result<()> {
    let sandbox = Sandbox::start(release, &["--customers", &CHANGES.to_string()])?;
    let mut sheet = "customer,amount\n".to_owned();
    for number in 1..=CHANGES {
        writeln!(sheet, "00000000-0000-0000-0000-{number:012x},{}.25", 1_000_000 + number)?;
    }
    let path = folder.join("sheet.csv");
    fs::write(&path, sheet)?;
    // A plan made from files is not tied to one sandbox.
    let run = |words: &[&str]| {
        let output = pc_budgets(release, words).output().context("`pc-budgets` cannot be run")?;
        ensure!(output.status.success(), "{words:?} failed: {}", String::from_utf8_lossy(&output.stderr));
        anyhow::Ok(output.stdout)
    };
    let now = folder.join("now.csv");
    fs::write(&now, run(&["export", "--base-url", &sandbox.base_url])?)?;
    let plan = run(&["plan", text(&path), "--current", text(&now), "--output", "json"])?;
    Ok(fs::write(folder.join("plan.json"), plan)?)
}

fn row(release: &Release, folder: &Path, file: &str, kills: usize) -> anyhow::Result<Row> {
    // All sandboxes share one seed, so the budgets are those of the plan.
    let sandbox = Sandbox::start(release, &["--customers", &CHANGES.to_string(), "--throttle", LIMIT])?;
    let is_sheet = file.ends_with(".csv");
    // Each change is one read and one write. Planning from a sheet reads each budget once more.
    let (planning, applying) = (if is_sheet { f64::from(CHANGES) } else { 0.0 }, 2.0 * f64::from(CHANGES));
    let ideal = (planning + applying - BURST) / RATE;
    // A process that is killed before its plan exists cannot resume.
    let from = if is_sheet { planning / RATE + 2.0 } else { 0.0 };
    let journal = folder.join(format!("{file}.{kills}.journal"));
    let run = InterruptedRun { release, sandbox: &sandbox, file: &folder.join(file), journal: &journal };
    let (took, killed) = run.execute(&moments(kills, from, ideal))?;

    let counters = sandbox.counters()?;
    let writes = counters["budgetWrites"].as_object().context("no writes")?;
    let twice = writes.values().filter(|count| count.as_u64() > Some(1)).count();
    let lost = CHANGES as usize - writes.len();
    let requests = |operation: &str| counters["requests"][operation].as_u64().unwrap_or_default();
    let (reads, patches) = (requests("get_usage_budget"), requests("update_usage_budget"));
    let of_ideal = took / ideal;
    Ok(Row {
        what: format!("`apply {file}`, 2,000 changes, `{LIMIT}`, killed {killed} times"),
        goal: "at most 1.05 times the ideal; no change lost, none made twice",
        measured: format!(
            "{took:.1} s, ideal {ideal:.1}: {of_ideal:.3} times; {lost} lost, {twice} twice; {reads} reads, {patches} writes, {} of \
             both throttled",
            counters["rejected"]
        ),
    })
}

/// `count` random times between `from` and `to`, in seconds, in ascending order.
fn moments(count: usize, from: f64, to: f64) -> Vec<f64> {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let random = || (RandomState::new().build_hasher().finish() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut moments: Vec<_> = (0..count).map(|_| from + (to - from) * random()).collect();
    moments.sort_by(f64::total_cmp);
    moments
}
