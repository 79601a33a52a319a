//! Skips tests that need a tool that the machine lacks. Each test binary includes this file.
#![allow(dead_code, reason = "not every test binary uses all functions")]

use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Reports on standard error that a test does nothing on this machine. Bypasses the capture of the test harness, which
/// hides the output of tests that pass.
pub(crate) fn skipped(reason: &str) {
    io::stderr().write_all(format!("skipped: {reason}\n").as_bytes()).unwrap();
}

/// Skips a test because a tool is missing.
///
/// # Panics
///
/// If `REQUIRE_TOOLS` is set, as in the GitHub workflow, which installs all tools.
pub(crate) fn missing_tool(tool: &str, remedy: &str) {
    let reason = format!("{tool} is missing: {remedy}");
    assert!(env::var_os("REQUIRE_TOOLS").is_none(), "{reason}");
    skipped(&reason);
}

/// Whether a program can be started. Otherwise the test has to return: see [`missing_tool`].
pub(crate) fn has_tool(program: &str, package: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if version.is_err() {
        missing_tool(program, &format!("install the package {package}"));
    }
    version.is_ok()
}

/// Whether `script` can give a program a terminal. Its options differ outside of Linux.
pub(crate) fn has_terminal() -> bool {
    if cfg!(not(target_os = "linux")) {
        skipped("terminals are tested on Linux only");
        return false;
    }
    has_tool("script", "util-linux (bsdutils on Debian)")
}
