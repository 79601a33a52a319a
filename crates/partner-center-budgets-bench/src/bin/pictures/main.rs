//! `cargo pictures`: the pictures of the README, from the programs as they are. It needs Chromium and `script`.
#![expect(clippy::print_stdout, reason = "the files are listed on standard output")]

mod svg;
mod terminal;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use chrono::{Days, Utc};
use headless_chromium::{Browser, PROGRAMS};
use serde_json::json;

/// The commands in the picture of a terminal.
const COMMANDS: [&str; 2] = ["usage --over 90 --sort used --top 6", "usage 'Bright Prairie Cycles' --by meter --top 3"];

fn main() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let program = pc_budgets()?;
    let temporary = tempfile::tempdir()?;
    let (report, terminal) = (report(&program, temporary.path())?, terminal(&program)?);
    for (name, bytes) in [("report.png", report), ("terminal.svg", terminal.into_bytes())] {
        fs::write(folder.join(name), &bytes).with_context(|| format!("failed to write docs/{name}"))?;
        println!("wrote docs/{name}, {} bytes", bytes.len());
    }
    Ok(())
}

/// Builds `pc-budgets`, and returns its path.
fn pc_budgets() -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--package", "partner-center-budgets-cli"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    ensure!(command.status().context("failed to start cargo")?.success(), "{command:?} failed");
    let this = std::env::current_exe().context("failed to find the path of this program")?;
    Ok(this.with_file_name("pc-budgets"))
}

/// A sandbox whose figures are of yesterday, as those of the service. Stopped when dropped.
struct Sandbox {
    child: Child,
    base_url: String,
}

impl Sandbox {
    fn start(program: &Path, customers: &str) -> anyhow::Result<Self> {
        let yesterday = (Utc::now().date_naive() - Days::new(1)).to_string();
        let arguments = ["sandbox", "--port", "0", "--customers", customers, "--date", &yesterday];
        let mut child = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let base_url = line.trim().strip_prefix("listening on ").context("the sandbox prints no address")?.to_owned();
        Ok(Self { child, base_url })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Both fail if the sandbox has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first screen of a report, as PNG.
fn report(program: &Path, folder: &Path) -> anyhow::Result<Vec<u8>> {
    let sandbox = Sandbox::start(program, "3000")?;
    let page = folder.join("report.html");
    let mut command = Command::new(program);
    command
        .args(["--base-url", &sandbox.base_url, "report", "--html"])
        .arg(&page)
        .env("PARTNER_CENTER_TOKEN", "sandbox");
    ensure!(command.status()?.success(), "`report` failed");
    let chromium = Browser::installed().with_context(|| format!("install one of {}", PROGRAMS.join(", ")))?;
    let mut browser = Browser::start(chromium, &folder.join("profile"))?;
    browser.resize(1280, 800)?;
    browser.emulate("screen", "light")?;
    browser.call("Emulation.setScrollbarsHidden", json!({ "hidden": true }))?;
    browser.open_file(&page)?;
    browser.screenshot()
}

/// The output of commands on a terminal, as SVG.
fn terminal(program: &Path) -> anyhow::Result<String> {
    let sandbox = Sandbox::start(program, "40")?;
    let mut lines = Vec::new();
    for command in COMMANDS {
        lines.extend(terminal::run(program, &sandbox.base_url, command)?);
    }
    Ok(svg::draw(&lines))
}
