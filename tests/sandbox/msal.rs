//! Microsoft's own sign-in libraries against the sandbox. Skipped without Python and the libraries.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::Program;
use crate::skip::missing_tool;

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The Python of a virtual environment with the libraries. Creates the environment once.
fn python() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("msal");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let is_complete = || succeeds(Command::new(&python).args(["-c", "import msal, azure.identity, cryptography"]));
    if is_complete() {
        return Some(python);
    }
    if !succeeds(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)) {
        missing_tool("python3", "install it, with its module venv");
        return None;
    }
    let install = ["-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "15", "msal", "azure-identity"];
    if !succeeds(Command::new(&python).args(install)) {
        missing_tool("msal or azure-identity", "allow pip to reach its package index");
        return None;
    }
    assert!(is_complete(), "msal and azure-identity are installed but cannot be imported");
    Some(python)
}

#[test]
fn msal_and_azure_identity_sign_in_through_a_tls_proxy() {
    let Some(python) = python() else { return };
    let sandbox = Program::start(&["--customers", "2"]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sandbox/msal_clients.py");
    let Output { status, stdout, stderr } =
        Command::new(python).arg(script).arg(format!("http://{}", sandbox.address)).output().unwrap();
    let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(status.success(), "{stdout}{stderr}");
    let passed: Vec<&str> = stdout.lines().filter_map(|line| line.strip_prefix("ok ")).collect();
    assert_eq!(
        passed,
        [
            "msal: client secret",
            "msal: certificate",
            "msal: device code and silent refresh",
            "msal: interactive and silent refresh",
            "azure-identity: client secret",
            "azure-identity: certificate",
            "azure-identity: device code",
            "azure-identity: interactive",
        ]
    );
}
