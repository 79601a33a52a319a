//! `apply` names who changed a budget that it found changed, from the activity log.

use serde_json::Value;

use crate::scratch::{Scratch, counters, id};
use crate::{SandboxProcess, assert_shown, command, shown};

/// Plans 300 for the first four customers, and returns the folder with the plan.
fn planned(sandbox: &SandboxProcess) -> Scratch {
    let scratch = Scratch::new();
    let rows: String = (1..=4).map(|number| format!("{},300\n", id(number))).collect();
    scratch.write("budgets.csv", format!("customer,amount\n{rows}"));
    scratch.write("plan.json", scratch.call(sandbox, &["plan", "budgets.csv", "--output", "json"]).stdout);
    scratch
}

fn apply(scratch: &Scratch, sandbox: &SandboxProcess, arguments: &[&str]) -> std::process::Output {
    scratch.call(sandbox, &[&["apply", "plan.json", "--yes"], arguments].concat())
}

#[test]
fn names_the_user_and_the_app_of_each_conflict() {
    let sandbox = SandboxProcess::start(&["--customers", "6"]);
    let scratch = planned(&sandbox);
    assert!(sandbox.call(&["set", &id(1), "70"]).status.success());
    assert!(sandbox.call(&["set", &id(1), "70.5"]).status.success());
    let app = command(&["--base-url", &sandbox.base_url, "--authority", &sandbox.base_url, "set", &id(2), "60"])
        .env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com")
        .env("PARTNER_CENTER_CLIENT_ID", "budget-app")
        .env("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret")
        .output();
    assert!(app.unwrap().status.success());
    let output = apply(&scratch, &sandbox, &["--output", "json"]);
    assert_shown!(shown(&output).split_once("--- stderr\n").unwrap().1, @"
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    4 rows, 4 customers, 3 changes
      set                     1
      raise                   2
      unchanged               1
    if interrupted, continue with: pc-budgets apply plan.json --yes --output json --base-url http://127.0.0.1:[port] --resume
    plan.json:2: customer 00000000-0000-0000-0000-000000000001: it has changed to 70.5 meanwhile, by admin-agent@sandbox.example on [time] UTC; check it, then leave it or use --overwrite
    plan.json:3: customer 00000000-0000-0000-0000-000000000002: it has changed to 60 meanwhile, by budget-app on [time] UTC; check it, then leave it or use --overwrite
    error: not all budgets are as in the sheet
     next: continue with: pc-budgets apply plan.json --yes --output json --base-url http://127.0.0.1:[port] --resume
    ");
    assert_eq!(output.status.code(), Some(1));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let authors: Vec<_> = summary["changed"].as_array().unwrap().iter().map(|change| &change["changed_by"]).collect();
    assert_eq!(authors, ["admin-agent@sandbox.example", "budget-app"]);
    assert!(summary["changed"][0]["changed_at"].as_str().unwrap().ends_with('Z'), "{summary}");
    assert_eq!(counters(&sandbox)["requests"]["list_audit_records"], 1, "one list for all conflicts");
}

#[test]
fn reads_no_log_without_a_conflict() {
    let sandbox = SandboxProcess::start(&["--customers", "6"]);
    let scratch = planned(&sandbox);
    assert!(apply(&scratch, &sandbox, &[]).status.success());
    assert_eq!(counters(&sandbox)["requests"]["list_audit_records"], 0);
}

#[test]
fn an_unreadable_log_is_noted_and_changes_no_exit_code() {
    let sandbox = SandboxProcess::start(&["--customers", "6", "--fault", "status=403@list_audit_records"]);
    let scratch = planned(&sandbox);
    assert!(sandbox.call(&["set", &id(1), "70"]).status.success());
    assert_shown!(shown(&apply(&scratch, &sandbox, &[])), @"
    exit code: 1
    --- stdout
    3 changes of plan.json
           2  done
           1  changed meanwhile, skipped
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    4 rows, 4 customers, 3 changes
      set                     1
      raise                   2
      unchanged               1
    if interrupted, continue with: pc-budgets apply plan.json --yes --base-url http://127.0.0.1:[port] --resume
    cannot read in the activity log who changed the budgets: list_audit_records was refused: 403 Forbidden, code 2032: Access denied; give the signed-in user the role of an admin agent
    plan.json:2: customer 00000000-0000-0000-0000-000000000001: it has changed to 70 meanwhile; check it, then leave it or use --overwrite
    error: not all budgets are as in the sheet
     next: continue with: pc-budgets apply plan.json --yes --base-url http://127.0.0.1:[port] --resume
    ");
}
