//! For whom budgets are written: plans and journals of one partner do nothing at another.

use std::process::Output;

use crate::scratch::{Scratch, counters, id, sheet, writes};
use crate::{ONE, SandboxProcess, assert_shown, shown};

/// Two partners, each with a profile and a sandbox of its own. The first one is the default.
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
fn a_run_goes_on_for_the_partner_that_it_began_for() {
    // The first three reads are those of the plan.
    let partners = Partners::with(&[
        "--fault",
        "status=500@get_usage_budget:nth=4",
        "--fault",
        "status=400@get_usage_budget:nth=5",
    ]);
    let output = partners.run(&APPLY);
    let told = shown(&output);
    assert!(told.starts_with("exit code: 1\n"), "{told}");
    assert!(told.contains("\nfor profile first, tenant first.example, at http://127.0.0.1:"), "{told}");
    assert!(told.contains("go on with: pc-budgets apply budgets.csv --yes --profile first --resume\n"), "{told}");
    // Another profile is the default by now.
    let config = partners.scratch.read("config.toml").replace("default = \"first\"", "default = \"second\"");
    partners.scratch.write("config.toml", config);
    let resume = [&APPLY[..], &["--resume"]].concat();
    assert_shown!(shown(&partners.run(&resume)), @"
    exit code: 2
    --- stdout
    --- stderr
    for profile second, tenant second.example, at http://127.0.0.1:[port]
    error: the journal of budgets.csv is of another partner
      why: it is for tenant [fresh guid] at http://127.0.0.1:[port], and this run would be for tenant [fresh guid] at http://127.0.0.1:[port]
     next: choose that one's profile, or make a plan for this one with a journal of its own; nothing was sent
    ");
    assert_eq!(counters(&partners.second)["budgetWrites"].as_object().unwrap().len(), 0);
    let output = partners.run(&[&resume[..], &["--profile", "first"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&partners.first), (1..=3).map(|number| (id(number), 1)).collect::<Vec<_>>());
    // All is done, and that is not the same as being so.
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
    should this be interrupted, go on with: pc-budgets apply budgets.csv --yes --resume --profile first
    nothing to do: earlier runs have done all of 3 changes, as budgets.csv.journal says; begin anew with another --journal
    ");
}

#[test]
fn a_plan_is_for_one_partner() {
    let partners = Partners::with(&[]);
    let planned = partners.run(&["plan", "budgets.csv", "--output", "json"]);
    partners.scratch.write("plan.json", &planned.stdout);
    let refused = partners.run(&["apply", "plan.json", "--yes", "--profile", "second"]);
    assert!(shown(&refused).contains("error: the plan of plan.json is of another partner\n"), "{}", shown(&refused));
    assert_eq!(refused.status.code(), Some(2));
    assert!(!partners.scratch.0.join("plan.json.journal").exists());
    assert_eq!(partners.run(&["apply", "plan.json", "--yes"]).status.code(), Some(0));
    // One that was made without a call is for whoever carries it out first.
    let current = partners.run(&["export"]);
    partners.scratch.write("now.csv", &current.stdout);
    partners.scratch.write("budgets.csv", sheet(3, "99"));
    let planned = partners.run(&["plan", "budgets.csv", "--current", "now.csv", "--output", "json"]);
    partners.scratch.write("offline.json", &planned.stdout);
    assert_eq!(partners.run(&["apply", "offline.json", "--yes"]).status.code(), Some(0));
    let elsewhere = partners.run(&["apply", "offline.json", "--yes", "--resume", "--profile", "second"]);
    assert!(
        shown(&elsewhere).contains("error: the journal of offline.json is of another partner\n"),
        "{}",
        shown(&elsewhere)
    );
}

#[test]
fn what_was_tried_out_is_not_done() {
    let partners = Partners::with(&[]);
    assert_eq!(partners.run(&["apply", "budgets.csv", "--yes", "--sandbox"]).status.code(), Some(0));
    let resumed = partners.run(&[&APPLY[..], &["--resume"]].concat());
    assert_eq!(resumed.status.code(), Some(2), "{}", shown(&resumed));
    assert!(shown(&resumed).contains("it is for the sandbox of process "), "{}", shown(&resumed));
    // Another sandbox has none of it either.
    let again = partners.run(&[&APPLY[..], &["--resume", "--sandbox"]].concat());
    assert_eq!(again.status.code(), Some(2), "{}", shown(&again));
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_done_and_cannot_be_told_is_said_to_be_done() {
    let partners = Partners::with(&[]);
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = partners.scratch.command(arguments);
        let output = command.env("PC_BUDGETS_CONFIG", "config.toml").stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&["set", ONE, "5"]).starts_with("error: the budget was set, but that could not be printed\n"));
    assert!(run(&["clear", ONE]).starts_with("error: the budget was cleared, but that could not be printed\n"));
    assert!(run(&APPLY).contains("error: all changes were made, but that could not be printed\n"));
    assert_eq!(writes(&partners.first), [(id(1), 3), (id(2), 1), (id(3), 1)]);
}

#[test]
fn who_a_plan_is_for_cannot_steer_the_terminal() {
    let partners = Partners::with(&[]);
    let plan = partners.run(&["plan", "budgets.csv", "--output", "json"]).stdout;
    let mut plan: serde_json::Value = serde_json::from_slice(&plan).unwrap();
    plan["partner"] = "\u{1b}[31mme\nerror: you\u{202e}".into();
    partners.scratch.write("plan.json", plan.to_string());
    let told = shown(&partners.run(&["apply", "plan.json", "--yes"]));
    assert!(told.contains("it is for [U+001B][31mme error: you[U+202E], and this run"), "{told}");
}
