//! The recipes for unattended runs: each command of their workflows is run against a sandbox.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::SandboxProcess;
use crate::recorded::Recorded;
use crate::scratch::{Scratch, id};

/// The shell commands of a workflow, by the name of their step.
fn steps(workflow: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes").join(workflow);
    let text = fs::read_to_string(path).unwrap();
    let (mut steps, mut name, mut block) = (BTreeMap::new(), String::new(), None);
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if let Some(found) = line.trim_start().strip_prefix("- name: ") {
            (name, block) = (found.to_owned(), None);
        } else if let Some(command) = line.trim_start().strip_prefix("run: ") {
            match command {
                "|" => block = Some(indent),
                command => drop(steps.insert(name.clone(), command.to_owned())),
            }
        } else if block.is_some_and(|start| indent > start) {
            let script: &mut String = steps.entry(name.clone()).or_default();
            *script += line.trim_start();
            script.push('\n');
        } else {
            block = None;
        }
    }
    steps
}

/// A machine of a workflow, where `pc-budgets` calls a sandbox.
struct Runner<'a> {
    folder: &'a Scratch,
    sandbox: SandboxProcess,
}

impl<'a> Runner<'a> {
    fn new(folder: &'a Scratch) -> Self {
        let sandbox = SandboxProcess::start(&[]);
        let (program, url) = (env!("CARGO_BIN_EXE_pc-budgets"), &sandbox.base_url);
        fs::create_dir(folder.0.join("bin")).unwrap();
        folder
            .write("bin/pc-budgets", format!("#!/bin/sh\nexec {program} \"$@\" --base-url {url} --authority {url}\n"));
        assert!(Command::new("chmod").arg("+x").arg(folder.0.join("bin/pc-budgets")).status().unwrap().success());
        Self { folder, sandbox }
    }

    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let folder = &self.folder.0;
        // As a runner does, fail at the first command that fails, and take the variables that earlier steps wrote.
        let script = format!("set -e -o pipefail; set -a; [ ! -e env ] || . ./env; set +a\n{script}");
        let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("bash");
        command.args(["-c", &script]).current_dir(folder).env("PATH", path).envs(variables.iter().copied());
        command.env("GITHUB_STEP_SUMMARY", folder.join("summary.md")).env("GITHUB_ENV", folder.join("env"));
        command.env("RUNNER_TEMP", folder).output().unwrap()
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.0.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

const APP: [(&str, &str); 2] = [
    ("PARTNER_CENTER_TENANT_ID", "sandbox.example"),
    ("PARTNER_CENTER_CLIENT_ID", "22222222-2222-2222-2222-222222222222"),
];

#[test]
fn the_nightly_check_reports_and_fails() {
    let recorded = Recorded::new();
    let (runner, steps) = (Runner::new(&recorded.scratch), steps("nightly-check.yml"));
    let run = |name: &str, variables: &[(&str, &str)]| runner.run(&steps[name], &[&APP, variables].concat());
    let refresh_token = partner_center_budgets_sandbox::REFRESH_TOKEN;
    for name in ["Store the refresh token in a file", "Record the usage of the day"] {
        let output = run(name, &[("REFRESH_TOKEN", refresh_token)]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let partner = recorded.folder.partner().unwrap().unwrap();
    recorded.record_ago(&partner, 1, &["1 20 97 GBP"]);
    for (name, code) in [("Write the report", 0), ("Check", 5)] {
        let output = run(name, &[]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{name}: {message}");
        assert!(message.contains("projecting by the last seven days in history\n"), "{name}: {message}");
    }
    assert!(runner.text("summary.md").starts_with("## Azure budgets: "));
    assert!(runner.text("report.html").contains("Crimson Mountain Nurseries"));
}

#[test]
fn a_merged_sheet_is_planned_and_applied() {
    let folder = Scratch::new();
    let (runner, steps) = (Runner::new(&folder), steps("plan-and-apply.yml"));
    folder.write("budgets.csv", format!("customer,amount\n{},120.50\n", id(1)));
    let secret = [("PARTNER_CENTER_CLIENT_SECRET", partner_center_budgets_sandbox::CLIENT_SECRET)];
    let run = |name: &str| {
        let output = runner.run(&steps[name], &[&APP[..], &secret].concat());
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run("Plan");
    assert!(runner.text("plan.md").contains("| 120.50 |"), "{}", runner.text("plan.md"));
    run("Apply");
    run("Show the changes");
    assert!(runner.text("summary.md").contains("| 120.50 |"), "{}", runner.text("summary.md"));
    let budget = runner.sandbox.call(&["get", &id(1)]);
    assert_eq!(String::from_utf8(budget.stdout).unwrap(), "120.50\n");
    // A second run has nothing to do, and does not fail.
    run("Plan");
    run("Apply");
}
