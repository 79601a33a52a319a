//! `pc-budgets` as a process: arguments, environment, streams and exit code.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

mod apply;
mod basics;
mod browser_login;
mod check;
mod compare;
mod completions;
mod conflicts;
mod credentials;
mod currencies;
mod customer_names;
mod export;
mod guards;
mod help;
mod history;
mod incomplete;
mod keyring;
mod log;
mod man;
#[cfg(target_os = "linux")]
mod mounts;
mod names;
mod network;
mod partner;
mod plan;
mod profiles;
mod proof;
mod readme;
mod recipes;
mod record;
mod recorded;
mod report;
mod report_browser;
mod report_controls;
mod report_overview;
mod report_totals;
mod report_trends;
mod resume;
mod saving;
mod schema;
mod scratch;
#[path = "../support/server.rs"]
mod server;
mod sheets;
mod sign_in;
#[path = "../support/skip.rs"]
mod skip;
mod terminal;
mod unknown_customers;
mod usage;
mod usage_customer;
mod usage_formats;
mod verbose;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::server::{Server, response};

const ONE: &str = "00000000-0000-0000-0000-000000000001";
const UNKNOWN: &str = "99999999-0000-0000-0000-000000000001";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pc-budgets"));
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PARTNER_CENTER_") || name.to_string_lossy().starts_with("PC_BUDGETS_") {
            command.env_remove(name);
        }
    }
    // The developer may be signed in.
    command.env("PC_BUDGETS_CONFIG", "no-such-folder/config.toml").env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/bus");
    // And may have recorded a history.
    command.env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-such-folder"));
    // Calls to this machine must never use a proxy.
    command.env("HTTP_PROXY", "http://127.0.0.1:9").env("ALL_PROXY", "http://127.0.0.1:9");
    command
}

/// Exit code and both streams in one text.
fn shown(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|stream| String::from_utf8(stream.clone()).unwrap());
    format!("exit code: {}\n--- stdout\n{out}--- stderr\n{err}", output.status.code().unwrap())
}

fn run(arguments: &[&str]) -> String {
    shown(&command(arguments).output().unwrap())
}

/// Waits for an effect of another process.
fn until(what: &str, mut has_happened: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !has_happened() {
        assert!(begin.elapsed() < Duration::from_secs(30), "waited for 30 seconds until {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

macro_rules! assert_shown {
    ($shown:expr, @$expected:literal) => {
        insta::with_settings!({ filters => vec![
            (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "[fresh guid]"),
            (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
            (r" \(os error \d+\)", ""),
            (r"on 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC", "on [time] UTC"),
            (r"(tokens/[a-z]+-)[0-9a-f]{16}", "$1[hash]"),
        ] }, { insta::assert_snapshot!($shown, @$expected) })
    };
}
pub(crate) use assert_shown;

/// A `pc-budgets sandbox` process, killed when dropped.
struct SandboxProcess {
    child: Child,
    base_url: String,
}

impl SandboxProcess {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(&[&["sandbox"], arguments].concat()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base_url = line.strip_prefix("listening on ").expect("the first line says where").trim().to_owned();
        Self { child, base_url }
    }

    fn call(&self, arguments: &[&str]) -> Output {
        let address = ["--base-url", &self.base_url];
        command(&[&address, arguments].concat()).env("PARTNER_CENTER_TOKEN", "sandbox").output().unwrap()
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Starts a service that answers one call at a time with the body of `answer` for the path. Returns its address.
fn service(mut answer: impl FnMut(&str) -> String + Send + 'static) -> String {
    service_with_status(move |path| ("200 OK", answer(path)))
}

fn service_with_status(answer: impl FnMut(&str) -> (&'static str, String) + Send + 'static) -> String {
    let answer = Mutex::new(answer);
    let server = Server::start(move |request, _| {
        let path = request.line().split_once(' ').unwrap().1;
        let (status, body) = answer.lock().unwrap()(path);
        response(status, "", body.as_bytes())
    });
    let base_url = server.base_url();
    // Runs until the test binary ends.
    std::mem::forget(server);
    base_url
}
