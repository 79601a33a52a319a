//! The partner of a run, a plan and a journal.

use std::process::Output;

use crate::scratch::{Scratch, counters, id, sheet, writes};
use crate::{ONE, SandboxProcess, assert_shown, shown};

/// Two partners, each with its own profile and sandbox. The first one is the default.
struct Partners {
    scratch: Scratch,
    first: SandboxProcess,
    second: SandboxProcess,
}

impl Partners {
    fn with(first: &[&str]) -> Self {
        let small = ["--customers", "3", "--device-flow", "interval=100ms"];
        let start = |arguments: &[&str]| SandboxProcess::start(&[&small, arguments].concat());
        let partners = Self { scratch: Scratch::new(), first: start(first), second: start(&[]) };
        for (name, sandbox) in [("first", &partners.first), ("second", &partners.second)] {
            let (tenant, url) = (format!("{name}.example"), sandbox.base_url.as_str());
            let login = ["login", "--profile", name, "--tenant", &tenant, "--client-id", "2222", "--store", "file"];
            let output = partners.run(&[&login[..], &["--base-url", url, "--authority", url]].concat());
            assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
        }
        partners.scratch.write("budgets.csv", sheet(3, "98"));
        partners
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.scratch.command(arguments).env("PC_BUDGETS_CONFIG", "config.toml").output().unwrap()
    }
}

const APPLY: [&str; 3] = ["apply", "budgets.csv", "--yes"];

#[test]
fn resumes_only_for_the_same_partner() {
    // The plan makes the first three reads.
    let partners = Partners::with(&[
        "--fault",
        "status=500@get_usage_budget:nth=4",
        "--fault",
        "status=400@get_usage_budget:nth=5",
    ]);
    let output = partners.run(&APPLY);
    let message = shown(&output);
    assert!(message.starts_with("exit code: 1\n"), "{message}");
    assert!(message.contains("\nfor profile first, tenant first.example, at http://127.0.0.1:"), "{message}");
    assert!(
        message.contains("continue with: pc-budgets apply budgets.csv --yes --profile first --resume\n"),
        "{message}"
    );
    // Meanwhile, another profile has become the default.
    let config = partners.scratch.read("config.toml").replace("default = \"first\"", "default = \"second\"");
    partners.scratch.write("config.toml", config);
    let resume = [&APPLY[..], &["--resume"]].concat();
    assert_shown!(shown(&partners.run(&resume)), @"
    exit code: 2
    --- stdout
    --- stderr
    for profile second, tenant second.example, at http://127.0.0.1:[port]
    error: the journal of budgets.csv is for another partner
      why: it is for tenant [fresh guid] at http://127.0.0.1:[port], and this run would be for tenant [fresh guid] at http://127.0.0.1:[port]
     next: choose the profile of that partner, or make a new plan with its own journal; nothing was sent
    ");
    assert_eq!(counters(&partners.second)["budgetWrites"].as_object().unwrap().len(), 0);
    let output = partners.run(&[&resume[..], &["--profile", "first"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&partners.first), (1..=3).map(|number| (id(number), 1)).collect::<Vec<_>>());
    assert_shown!(shown(&partners.run(&[&resume[..], &["--profile", "first"]].concat())), @"
    exit code: 4
    --- stdout
    3 changes of budgets.csv
           3  done
    --- stderr
    for profile first, tenant first.example, at http://127.0.0.1:[port]
    3 rows, 3 customers, 3 changes
      set                     1
      raise                   1
      lower                   1
    if interrupted, continue with: pc-budgets apply budgets.csv --yes --resume --profile first
    nothing to do: earlier runs have made all of 3 changes, as budgets.csv.journal records
     next: to begin again, name another journal with --journal FILE
    ");
}

#[test]
fn applies_a_plan_only_for_its_partner() {
    let partners = Partners::with(&[]);
    let planned = partners.run(&["plan", "budgets.csv", "--output", "json"]);
    partners.scratch.write("plan.json", &planned.stdout);
    let refused = partners.run(&["apply", "plan.json", "--yes", "--profile", "second"]);
    assert!(shown(&refused).contains("error: the plan of plan.json is for another partner\n"), "{}", shown(&refused));
    assert_eq!(refused.status.code(), Some(2));
    assert!(!partners.scratch.0.join("plan.json.journal").exists());
    assert_eq!(partners.run(&["apply", "plan.json", "--yes"]).status.code(), Some(0));
    // A plan that was made offline belongs to the first partner that applies it.
    let current = partners.run(&["export"]);
    partners.scratch.write("now.csv", &current.stdout);
    partners.scratch.write("budgets.csv", sheet(3, "99"));
    let planned = partners.run(&["plan", "budgets.csv", "--current", "now.csv", "--output", "json"]);
    partners.scratch.write("offline.json", &planned.stdout);
    assert_eq!(partners.run(&["apply", "offline.json", "--yes"]).status.code(), Some(0));
    let elsewhere = partners.run(&["apply", "offline.json", "--yes", "--resume", "--profile", "second"]);
    assert!(
        shown(&elsewhere).contains("error: the journal of offline.json is for another partner\n"),
        "{}",
        shown(&elsewhere)
    );
}

#[test]
fn journal_of_a_sandbox_cannot_be_resumed() {
    let partners = Partners::with(&[]);
    assert_eq!(partners.run(&["apply", "budgets.csv", "--yes", "--sandbox"]).status.code(), Some(0));
    let resumed = partners.run(&[&APPLY[..], &["--resume"]].concat());
    assert_eq!(resumed.status.code(), Some(2), "{}", shown(&resumed));
    assert!(shown(&resumed).contains("it is for the temporary sandbox of process "), "{}", shown(&resumed));
    // Each sandbox is a different partner.
    let again = partners.run(&[&APPLY[..], &["--resume", "--sandbox"]].concat());
    assert_eq!(again.status.code(), Some(2), "{}", shown(&again));
}

#[cfg(target_os = "linux")]
#[test]
fn says_that_a_change_was_made_if_the_result_cannot_be_printed() {
    let partners = Partners::with(&[]);
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = partners.scratch.command(arguments);
        let output = command.env("PC_BUDGETS_CONFIG", "config.toml").stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&["set", ONE, "50"]).contains("\nerror: the budget was set, but the result could not be printed\n"));
    assert!(run(&["clear", ONE]).contains("\nerror: the budget was cleared, but the result could not be printed\n"));
    assert!(run(&APPLY).contains("error: all changes were made, but the result could not be printed\n"));
    assert_eq!(writes(&partners.first), [(id(1), 3), (id(2), 1), (id(3), 1)]);
}

#[test]
fn partner_of_a_plan_cannot_control_the_terminal() {
    let partners = Partners::with(&[]);
    let plan = partners.run(&["plan", "budgets.csv", "--output", "json"]).stdout;
    let mut plan: serde_json::Value = serde_json::from_slice(&plan).unwrap();
    plan["partner"] = "\u{1b}[31mme\nerror: you\u{202e}".into();
    partners.scratch.write("plan.json", plan.to_string());
    let message = shown(&partners.run(&["apply", "plan.json", "--yes"]));
    assert!(message.contains("it is for [U+001B][31mme error: you[U+202E], and this run"), "{message}");
}
