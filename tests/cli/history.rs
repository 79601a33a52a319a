//! `--history` of `usage`, `check` and `report`, and its default.

use std::process::Output;

use chrono::{Days, Utc};
use partner_center_budgets_fleet::history::HistoryFolder;

use crate::recorded::Recorded;
use crate::scratch::Scratch;
use crate::{SandboxProcess, assert_shown, shown};

/// A history in which the first customer of `sandbox` costs 1 more each day, and today 27.23. The second one is unknown.
fn recorded(sandbox: &SandboxProcess, folder: HistoryFolder, scratch: Scratch) -> Recorded {
    let recorded = Recorded { scratch, folder };
    let partner = format!("an unknown tenant at {}", sandbox.base_url);
    for age in [7, 6, 3, 2, 1] {
        let cost = format!("1 {}.23292827625710931604 97 GBP", 27 - age);
        recorded.record_ago(&partner, age, &[&cost]);
    }
    recorded
}

fn in_folder(sandbox: &SandboxProcess) -> Recorded {
    let scratch = Scratch::new();
    let folder = HistoryFolder::new(scratch.0.join("history"));
    recorded(sandbox, folder, scratch)
}

fn text(output: Output) -> String {
    assert!(output.status.success(), "{}", shown(&output));
    String::from_utf8(output.stdout).unwrap()
}

const PROJECTION: [&str; 4] = ["--output", "csv", "--columns", "customer,projected_cost,projected_from"];

#[test]
fn projections_continue_the_recorded_pace() {
    let sandbox = SandboxProcess::start(&["--customers", "2"]);
    let recorded = in_folder(&sandbox);
    let usage = |options: &[&str]| {
        let call = [&["usage"], options, &PROJECTION].concat();
        text(recorded.scratch.call(&sandbox, &call))
    };
    // Day 17 of 30: 13 more days. The second customer was not recorded.
    assert_shown!(usage(&["--history", "history"]), @"
    customer,projected_cost,projected_from
    00000000-0000-0000-0000-000000000001,40.23,last-7-days
    00000000-0000-0000-0000-000000000002,50.87,period
    ");
    assert_shown!(usage(&[]), @"
    customer,projected_cost,projected_from
    00000000-0000-0000-0000-000000000001,48.06,period
    00000000-0000-0000-0000-000000000002,50.87,period
    ");
    let customer = ["usage", "Blue Harbor Logistics", "--history", "history"];
    let shown_to_people = text(recorded.scratch.call(&sandbox, &customer));
    let projected = "projected cost of the billing period 40.23 GBP, at the 1.00 a day of the last seven days\n";
    assert!(shown_to_people.contains(projected), "{shown_to_people}");
    let call = ["check", "--history", "history", "--near", "20", "--output", "json"];
    let output = recorded.scratch.call(&sandbox, &call);
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    let check: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(check["attention"][0]["projected_from"], "last-7-days");
}

#[test]
fn report_has_the_costs_of_the_last_days() {
    let sandbox = SandboxProcess::start(&["--customers", "2"]);
    let recorded = in_folder(&sandbox);
    let report =
        |options: &[&str]| text(recorded.scratch.call(&sandbox, &[&["report", "--html", "-"], options].concat()));
    let page = report(&["--history", "history"]);
    assert!(page.contains("1.00 <small>a day</small>") && page.contains("<svg aria-hidden"), "{page}");
    assert!(!report(&[]).contains("a day</small>"));
}

#[test]
fn missing_and_damaged_days_are_reported() {
    let sandbox = SandboxProcess::start(&["--customers", "1"]);
    let recorded = in_folder(&sandbox);
    let ago = |days: u64| (Utc::now().date_naive() - Days::new(days)).to_string();
    recorded.damage(&ago(3));
    let output = recorded.scratch.call(&sandbox, &[&["usage", "--history", "history"], &PROJECTION[..]].concat());
    let mut printed = shown(&output);
    for days in [3, 4, 5] {
        printed = printed.replace(&ago(days), &format!("[{days} days ago]"));
    }
    assert_shown!(printed, @"
    exit code: 0
    --- stdout
    customer,projected_cost,projected_from
    00000000-0000-0000-0000-000000000001,40.23,last-7-days
    --- stderr
    warning: history/usage-[3 days ago].ndjson.gz:2 is damaged: the compressed data end early; the day is left out
    warning: history has no record of [5 days ago] to [4 days ago]
    projecting by the last seven days in history
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn the_default_is_the_folder_of_the_partner() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    let data = scratch.0.join("data");
    let host = sandbox.base_url.trim_start_matches("http://").replace(':', "-");
    let folder = data.join("pc-budgets/history").join(format!("unknown-tenant-at-{host}"));
    let recorded = recorded(&sandbox, HistoryFolder::new(folder), scratch);
    let usage = || {
        let mut usage = recorded.scratch.calling(&sandbox, &[&["usage"], &PROJECTION[..]].concat());
        text(usage.env("XDG_DATA_HOME", &data).output().unwrap())
    };
    assert!(usage().ends_with(",40.23,last-7-days\n"), "{}", usage());
    // A folder of another partner is ignored.
    recorded.record_of("tenant fabrikam", Utc::now().date_naive(), &["1 1 - EUR"]);
    assert!(usage().ends_with(",period\n"), "{}", usage());
}

#[test]
fn refuses_a_folder_without_records_of_the_partner() {
    let sandbox = SandboxProcess::start(&["--customers", "1"]);
    let recorded = in_folder(&sandbox);
    assert_shown!(shown(&recorded.scratch.call(&sandbox, &["check", "--history", "none"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: none has no record of any day
      why: it is missing, or none of its files can be read
     next: name another folder with --history FOLDER, or leave the option out
    ");
    assert_shown!(shown(&recorded.scratch.run(&["--sandbox", "usage", "--history", "history"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the folder history is for another partner
      why: its newest file is of an unknown tenant at http://127.0.0.1:[port], and this run is for the temporary sandbox
     next: choose the profile of that partner, or name another folder
    ");
}
