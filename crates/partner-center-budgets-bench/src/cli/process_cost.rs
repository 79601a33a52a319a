//! Memory and processor time of a process, read from Linux's `/proc`.
//!
//! `wait4` would return both, but needs unsafe code or one more dependency. Peak memory only grows, so reading it every
//! few milliseconds is accurate. Processor time stays readable after the process ends, until its parent waits for it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

const POLL_INTERVAL: Duration = Duration::from_millis(3);
/// Linux reports processor time in these units to all programs.
const TICKS_PER_SECOND: f64 = 100.0;

pub(super) struct ProcessCost {
    /// Peak memory, in MiB.
    pub(super) peak: f64,
    /// Processor time of all threads, in seconds.
    pub(super) processor: f64,
    /// Lines on standard output.
    pub(super) lines: usize,
    /// The time at which the first of them was complete.
    pub(super) first: Option<Instant>,
}

/// Runs a program until it ends.
pub(super) fn measure_process(command: &mut Command) -> anyhow::Result<ProcessCost> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?} cannot be run"))?;
    let mut out = BufReader::new(child.stdout.take().context("no output")?);
    let reading = thread::spawn(move || -> anyhow::Result<_> {
        let (mut lines, mut first, mut line) = (0, None, Vec::new());
        while out.read_until(b'\n', &mut line)? > 0 {
            first.get_or_insert_with(Instant::now);
            lines += 1;
            line.clear();
        }
        Ok((lines, first))
    });
    let mut peak = 0.0_f64;
    let ticks = loop {
        let (has_ended, ticks) = stat(child.id())?;
        if has_ended {
            break ticks;
        }
        peak = peak.max(peak_now(child.id()).unwrap_or_default());
        thread::sleep(POLL_INTERVAL);
    };
    let status = child.wait()?;
    ensure!(status.success(), "{command:?} failed: {status}");
    let (lines, first) = reading.join().unwrap_or_else(|_| bail!("the reader of its output panicked"))?;
    Ok(ProcessCost { peak, processor: ticks / TICKS_PER_SECOND, lines, first })
}

/// Whether the process has ended, and the processor time of all its threads in ticks.
fn stat(id: u32) -> anyhow::Result<(bool, f64)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).context("no processor time on this system")?;
    // The name in parentheses may contain spaces.
    let (_, fields) = stat.rsplit_once(") ").context("a process without a name")?;
    let fields: Vec<_> = fields.split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).context("no processor time");
    Ok((fields.first() == Some(&"Z"), ticks(11)? + ticks(12)?))
}

/// Peak memory so far, in MiB; `None` if the process has ended.
fn peak_now(id: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0)
}
