//! A sandbox process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::Context;
use serde_json::Value;

use crate::release::Release;

/// A sandbox on the first processor, stopped when dropped.
pub(crate) struct Sandbox {
    child: Child,
    pub(crate) base_url: String,
}

impl Sandbox {
    pub(crate) fn start(release: &Release, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Command::new("taskset")
            .args(["--cpu-list", "0"])
            .arg(release.program("partner-center-budgets-sandbox"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to run `taskset`, which comes with util-linux")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let base_url = line.trim().strip_prefix("listening on ").context("the sandbox prints no address")?;
        Ok(Self { child, base_url: base_url.to_owned() })
    }

    /// Its address without the scheme.
    pub(crate) fn address(&self) -> &str {
        self.base_url.trim_start_matches("http://")
    }

    /// The requests so far, by kind.
    pub(crate) fn counters(&self) -> anyhow::Result<Value> {
        let address = self.address();
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /_sandbox/counters HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        let (_, body) = response.split_once("\r\n\r\n").context("no body")?;
        Ok(serde_json::from_str(body)?)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Both fail if the sandbox has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
