//! A sandbox, as a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::Context;
use serde_json::Value;

use super::build::Release;

/// A sandbox on the first processor, stopped when dropped.
pub(super) struct Sandbox {
    child: Child,
    pub(super) base_url: String,
}

impl Sandbox {
    pub(super) fn start(release: &Release, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Command::new("taskset")
            .args(["--cpu-list", "0"])
            .arg(release.program("partner-center-budgets-sandbox"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to run `taskset`, which comes with util-linux")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let base_url = line.trim().strip_prefix("listening on ").context("the sandbox does not say where it is")?;
        Ok(Self { child, base_url: base_url.to_owned() })
    }

    /// Its address without the scheme.
    pub(super) fn address(&self) -> &str {
        self.base_url.trim_start_matches("http://")
    }

    /// What it has seen so far.
    pub(super) fn counters(&self) -> anyhow::Result<Value> {
        let address = self.address();
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /_sandbox/counters HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("no body")?;
        Ok(serde_json::from_str(body)?)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
