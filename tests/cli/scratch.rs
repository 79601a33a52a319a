//! A folder for the files of a test, and sheets in it.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{SandboxProcess, command};

/// A folder of its own, in which commands run, removed when dropped.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// A command that runs in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.current_dir(&self.0);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The same, calling a sandbox.
    pub(crate) fn calling(&self, sandbox: &SandboxProcess, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.args(["--base-url", &sandbox.base_url]).env("PARTNER_CENTER_TOKEN", "sandbox");
        command
    }

    pub(crate) fn call(&self, sandbox: &SandboxProcess, arguments: &[&str]) -> Output {
        self.calling(sandbox, arguments).output().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The id of a customer of the sandbox.
pub(crate) fn id(number: usize) -> String {
    format!("00000000-0000-0000-0000-{number:012x}")
}

/// A sheet that wants `amount` for so many customers.
pub(crate) fn sheet(customers: usize, amount: impl std::fmt::Display) -> String {
    (1..=customers).fold("customer,amount\n".to_owned(), |mut sheet, number| {
        writeln!(sheet, "{},{amount}", id(number)).unwrap();
        sheet
    })
}

/// What the sandbox counted.
pub(crate) fn counters(sandbox: &SandboxProcess) -> serde_json::Value {
    use std::io::{Read, Write as _};
    let address = sandbox.base_url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET /_sandbox/counters HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// How often budgets were written, by customer.
pub(crate) fn writes(sandbox: &SandboxProcess) -> Vec<(String, u64)> {
    let counters = counters(sandbox);
    let writes = counters["budgetWrites"].as_object().unwrap();
    writes.iter().map(|(customer, count)| (customer.clone(), count.as_u64().unwrap())).collect()
}
