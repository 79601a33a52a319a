//! What a process costs.
//!
//! The system tells it to who waits for a process, but the standard library does not hand it on, and asking for it takes
//! unsafe code or one more dependency. What Linux shows of a process will do: the peak of its memory only grows, so a
//! look every few milliseconds misses next to nothing, and its processor time can be read after its end, until it is
//! waited for.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

const LOOKS: Duration = Duration::from_millis(3);
/// Ticks in a second, as Linux counts for all programs.
const TICKS: f64 = 100.0;

pub(super) struct Cost {
    /// MiB.
    pub(super) peak: f64,
    /// Seconds.
    pub(super) processor: f64,
    /// Lines on standard output.
    pub(super) lines: usize,
    /// When the first of them was there.
    pub(super) first: Option<Instant>,
}

/// Runs a program to its end.
pub(super) fn watch(command: &mut Command) -> anyhow::Result<Cost> {
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
        let (is_over, ticks) = stat(child.id())?;
        if is_over {
            break ticks;
        }
        peak = peak.max(peak_now(child.id()).unwrap_or_default());
        thread::sleep(LOOKS);
    };
    let status = child.wait()?;
    ensure!(status.success(), "{command:?} failed: {status}");
    let (lines, first) = reading.join().unwrap_or_else(|_| bail!("reading panicked"))?;
    Ok(Cost { peak, processor: ticks / TICKS, lines, first })
}

/// Whether the process has ended, and the ticks of processor time that all its threads took.
fn stat(id: u32) -> anyhow::Result<(bool, f64)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).context("no processor time on this system")?;
    // The name in parentheses may contain spaces.
    let (_, behind) = stat.rsplit_once(") ").context("a process without a name")?;
    let fields: Vec<_> = behind.split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).context("no processor time");
    Ok((fields.first() == Some(&"Z"), ticks(11)? + ticks(12)?))
}

/// The most memory that it had so far, in MiB; `None` where it has ended.
fn peak_now(id: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0)
}
