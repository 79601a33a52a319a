//! A run of `apply` that is killed and resumed.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::cli::command::{pc_budgets, text};
use crate::release::Release;
use crate::sandbox::Sandbox;

const POLL_INTERVAL: Duration = Duration::from_millis(2);

pub(super) struct InterruptedRun<'a> {
    pub(super) release: &'a Release,
    pub(super) sandbox: &'a Sandbox,
    pub(super) file: &'a Path,
    pub(super) journal: &'a Path,
}

impl InterruptedRun<'_> {
    /// Kills the process at each of `moments`, in seconds from the start, and starts the next one. Returns the total time
    /// in seconds and the number of kills, which is smaller if the run ends before the last moment.
    pub(super) fn execute(&self, moments: &[f64]) -> anyhow::Result<(f64, usize)> {
        let began = Instant::now();
        let mut child = self.start()?;
        for (killed, moment) in moments.iter().enumerate() {
            while began.elapsed().as_secs_f64() < *moment {
                if self.has_ended(&mut child)? {
                    return Ok((began.elapsed().as_secs_f64(), killed));
                }
                sleep(POLL_INTERVAL);
            }
            child.kill()?;
            child.wait()?;
            child = self.start()?;
        }
        while !self.has_ended(&mut child)? {
            sleep(POLL_INTERVAL);
        }
        Ok((began.elapsed().as_secs_f64(), moments.len()))
    }

    fn start(&self) -> anyhow::Result<Child> {
        let mut words = vec![
            "apply",
            text(self.file),
            "--journal",
            text(self.journal),
            "--base-url",
            &self.sandbox.base_url,
            "--yes",
            "--max-share",
            "100",
            "--max-factor",
            "none",
        ];
        let journal = fs::read(self.journal).unwrap_or_default();
        if journal.contains(&b'\n') {
            words.push("--resume");
        } else if !journal.is_empty() {
            // An incomplete plan has no changes yet, and `apply` refuses to overwrite it.
            fs::remove_file(self.journal)?;
        }
        let mut command = pc_budgets(self.release, &words);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("`pc-budgets` cannot be run")
    }

    fn has_ended(&self, child: &mut Child) -> anyhow::Result<bool> {
        let Some(status) = child.try_wait()? else { return Ok(false) };
        let mut error = String::new();
        if let Some(stderr) = &mut child.stderr {
            stderr.read_to_string(&mut error)?;
        }
        ensure!(status.success(), "`apply` failed: {error}");
        Ok(true)
    }
}
