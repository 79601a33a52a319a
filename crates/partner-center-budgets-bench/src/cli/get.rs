//! One budget: a whole process, compared with bare reqwest.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail, ensure};

use super::command::pc_budgets;
use super::row::Row;
use crate::median::median;
use crate::release::Release;
use crate::sandbox::Sandbox;

const RUNS: usize = 300;

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    // The thread and its children stay on the second processor, so it must not be the main thread.
    std::thread::scope(|scope| scope.spawn(|| measure(release)).join())
        .unwrap_or_else(|_| bail!("the measurement panicked"))
}

fn measure(release: &Release) -> anyhow::Result<Vec<Row>> {
    let sandbox = Sandbox::start(release, &[])?;
    to_second_processor()?;
    let mut ours = pc_budgets(release, &["get", "00000000-0000-0000-0000-000000000001", "--base-url"]);
    ours.arg(&sandbox.base_url);
    let mut bare = Command::new(release.program("bare"));
    bare.args(["--base-url", &sandbox.base_url, "--token", "sandbox", "--customers", "1", "--concurrency", "1"]);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        // The programs alternate, so that a change in the machine's speed affects both.
        for (times, command) in times.iter_mut().zip([&mut bare, &mut ours]) {
            let began = Instant::now();
            let status = command.stdout(Stdio::null()).status().context("a program cannot be run")?;
            times.push(1000.0 * began.elapsed().as_secs_f64());
            ensure!(status.success(), "{command:?} failed");
        }
    }
    let [bare, ours] = times.map(median);
    Ok(vec![Row {
        what: "`get ID`, the whole process".to_owned(),
        goal: "at most 2 times bare reqwest, and at most 5 ms if reqwest takes 2.1 ms",
        measured: format!("{ours:.2} ms, bare {bare:.2}: {:.2} times", ours / bare),
    }])
}

/// Moves this thread. Starting each program through `taskset` would add the start of `taskset` to its time.
fn to_second_processor() -> anyhow::Result<()> {
    let thread = std::fs::read_link("/proc/thread-self").context("no thread on this system")?;
    let thread = thread.file_name().context("no thread on this system")?;
    let pinned = Command::new("taskset").args(["--cpu-list", "--pid", "1"]).arg(thread).stdout(Stdio::null()).status();
    ensure!(pinned.is_ok_and(|status| status.success()), "failed to run `taskset`, which comes with util-linux");
    Ok(())
}
