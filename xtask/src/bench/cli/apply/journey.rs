//! From the first start of a process to the last end.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::super::{pc_budgets, text};
use crate::bench::build::Release;
use crate::bench::sandbox::Sandbox;

const LOOKS: Duration = Duration::from_millis(2);

pub(super) struct Journey<'a> {
    pub(super) release: &'a Release,
    pub(super) sandbox: &'a Sandbox,
    pub(super) file: &'a Path,
    pub(super) journal: &'a Path,
}

impl Journey<'_> {
    /// Starts again after each moment at which a process is killed, in seconds from the beginning. Returns how long all
    /// of it took, and how many were killed: the last moments may come too late.
    pub(super) fn run(&self, moments: &[f64]) -> anyhow::Result<(f64, usize)> {
        let began = Instant::now();
        let mut child = self.start()?;
        for (killed, moment) in moments.iter().enumerate() {
            while began.elapsed().as_secs_f64() < *moment {
                if self.is_over(&mut child)? {
                    return Ok((began.elapsed().as_secs_f64(), killed));
                }
                sleep(LOOKS);
            }
            // SIGKILL, where there are signals.
            child.kill()?;
            child.wait()?;
            child = self.start()?;
        }
        while !self.is_over(&mut child)? {
            sleep(LOOKS);
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
        ];
        let journal = fs::read(self.journal).unwrap_or_default();
        if journal.contains(&b'\n') {
            words.push("--resume");
        } else if !journal.is_empty() {
            // Half a plan was never acted upon, and `apply` asks to move it away.
            fs::remove_file(self.journal)?;
        }
        let mut command = pc_budgets(self.release, &words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("it cannot be run")
    }

    fn is_over(&self, child: &mut Child) -> anyhow::Result<bool> {
        let Some(status) = child.try_wait()? else { return Ok(false) };
        let mut told = String::new();
        if let Some(stderr) = &mut child.stderr {
            stderr.read_to_string(&mut told)?;
        }
        ensure!(status.success(), "`apply` failed: {told}");
        Ok(true)
    }
}
