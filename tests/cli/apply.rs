//! `apply`: budgets are sent, guarded, and gone on with.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::scratch::{Scratch, counters, id, sheet, writes};
use crate::{NOBODY, ONE, SandboxProcess, assert_shown, shown};

#[test]
fn a_sheet_is_carried_out() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("budgets.csv", sheet(9, "98.5"));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]);
    assert_shown!(shown(&output), @"
    exit code: 0
    --- stdout
    9 changes of budgets.csv
           9  done
    --- stderr
    9 rows, 9 customers, 9 changes
      set                     2
      raise                   5
      lower                   2
    should this be interrupted, go on with: pc-budgets apply budgets.csv --yes --base-url http://127.0.0.1:[port] --resume
    ");
    assert_eq!(writes(&sandbox), (1..=9).map(|number| (id(number), 1)).collect::<Vec<_>>());
    assert_eq!(String::from_utf8(sandbox.call(&["get", ONE]).stdout).unwrap(), "98.5\n");
}

#[test]
fn a_plan_is_carried_out() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "none"));
    scratch.write("plan.json", scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]).stdout);
    // Between the plan and its carrying out somebody changes a budget.
    sandbox.call(&["set", &id(3), "7"]);
    let output = scratch.call(&sandbox, &["apply", "plan.json", "--yes"]);
    assert_shown!(shown(&output), @"
    exit code: 1
    --- stdout
    2 changes of plan.json
           1  done
           1  changed by somebody else meanwhile, skipped
    --- stderr
    3 rows, 3 customers, 2 changes
      clear                   2
      unchanged               1
    should this be interrupted, go on with: pc-budgets apply plan.json --yes --base-url http://127.0.0.1:[port] --resume
    plan.json:4: customer 00000000-0000-0000-0000-000000000003: somebody else changed it to 7 meanwhile; check it, and --overwrite it or not
    error: not all budgets are as wanted
     next: go on with: pc-budgets apply plan.json --yes --base-url http://127.0.0.1:[port] --resume
    ");
    let output =
        scratch.call(&sandbox, &["apply", "plan.json", "--yes", "--resume", "--overwrite", "--output", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_shown!(String::from_utf8(output.stdout).unwrap(), @r#"
    {"changes":2,"done":2,"already":0,"changed":[],"failed":[],"unknown":[],"not_reached":0,"stopped":null,"journal":"plan.json.journal","resume":null}
    "#);
}

#[test]
fn a_plan_that_was_edited_is_refused() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(1, "98"));
    let plan = scratch.run(&["--sandbox", "plan", "budgets.csv", "--output", "json"]).stdout;
    scratch.write("plan.json", String::from_utf8(plan).unwrap().replace("\"98\"", "\"99\""));
    assert_shown!(shown(&scratch.run(&["--sandbox", "apply", "plan.json", "--yes"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: plan.json is no plan that can be applied
      why: the plan was changed after it was made: make it again from its sheet
     next: make it again with `pc-budgets plan --output json`; nothing was sent
    ");
}

#[test]
fn without_a_terminal_nothing_is_sent_unless_told_so() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&[]));
    scratch.write("budgets.csv", sheet(3, "98"));
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask on
      why: changes are sent only after a yes
     next: look at the changes with `pc-budgets plan`, then add --yes; nothing was sent
    ");
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "-", "--yes"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: no place for the journal
      why: standard input has no name to put it beside
     next: name it with --journal FILE
    ");
    assert_eq!(counters(&sandbox)["calls"], 0);
}

#[test]
fn guards_refuse_all_before_anything_is_sent() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    // Of these 97, none and 300 are there.
    scratch.write("budgets.csv", format!("customer,amount\n{},9700\n{},1000000\n{},330\n", id(1), id(2), id(3)));
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--max-change", "10"])), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2: customer 00000000-0000-0000-0000-000000000001: 97.00 -> 9700.00
    error: nothing was sent
      why: budgets that would change by more than 10 percent: 1
     next: check these amounts, or allow more with --max-change
    ");
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--limit", "2"])), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:4: customer 00000000-0000-0000-0000-000000000003: 300.00 -> 330.00
    error: nothing was sent
      why: changes: 3, and --limit allows 2
     next: check the sheet, or allow more with --limit
    ");
    assert_eq!(writes(&sandbox), []);
    assert!(!scratch.0.join("budgets.csv.journal").exists());
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--limit", "3", "--max-change", "9900"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
}

#[test]
fn unknown_customers_are_refused_unless_told_otherwise() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    scratch.write("budgets.csv", format!("customer,amount\n{ONE},98\n{NOBODY},5\n"));
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"])), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:3: customer 99999999-0000-0000-0000-000000000001: unknown-customer
    error: nothing was sent
      why: customers that the service does not know: 1
     next: take out their lines, or leave them out with --skip-unknown
    ");
    assert_eq!(writes(&sandbox), []);
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--skip-unknown"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), [(ONE.to_owned(), 1)]);
}

#[test]
fn a_customer_that_left_half_way_stops_nobody_else() {
    // The first three reads are those of the plan.
    let fault = "status=404,code=60003@get_usage_budget:nth=5";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3", "--fault", fault]));
    scratch.write("budgets.csv", sheet(3, "98"));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]);
    let told = shown(&output);
    assert!(
        told.starts_with("exit code: 1\n--- stdout\n3 changes of budgets.csv\n       2  done\n       1  failed\n"),
        "{told}"
    );
    assert!(told.contains("was refused: 404 Not Found, code 60003"), "{told}");
    assert_eq!(writes(&sandbox).len(), 2);
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume", "--output", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), (1..=3).map(|number| (id(number), 1)).collect::<Vec<_>>());
}

#[test]
fn after_an_expired_login_the_run_goes_on() {
    let fault = "status=401,code=400@update_usage_budget:nth=20";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "300", "--fault", fault]));
    scratch.write("budgets.csv", sheet(300, "98"));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--output", "json"]);
    let told = shown(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["stopped"], "sign-in");
    let number = |name: &str| summary[name].as_u64().unwrap();
    let lists = ["failed", "unknown", "changed"].map(|name| summary[name].as_array().unwrap().len() as u64);
    assert_eq!(number("done") + number("already") + number("not_reached") + lists.iter().sum::<u64>(), 300);
    assert!(number("not_reached") > 0);
    let command = format!("pc-budgets apply budgets.csv --yes --output json --base-url {} --resume", sandbox.base_url);
    assert_eq!(summary["resume"], command);
    assert!(told.contains("next: check that the access token is for Partner Center and has not expired\n"), "{told}");
    assert!(told.contains(&format!("go on with: {command}\n")), "{told}");
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), (1..=300).map(|number| (id(number), 1)).collect::<Vec<_>>());
}

#[test]
fn the_journal_of_another_plan_is_refused() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    assert_shown!(shown(&scratch.run(&["--sandbox", "apply", "budgets.csv", "--yes", "--resume"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: there is nothing to resume
      why: budgets.csv.journal is not there, or has nothing in it yet
     next: check --journal, or leave out --resume to begin
    ");
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]).status.code(), Some(0));
    assert_shown!(shown(&scratch.run(&["--sandbox", "apply", "budgets.csv", "--yes"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: there is a journal at budgets.csv.journal
      why: an earlier run wrote it, and may not have come to its end
     next: go on with it: pc-budgets --sandbox apply budgets.csv --yes --resume
           or, if it is done with, move it away or name another with --journal FILE; nothing was sent
    ");
    scratch.write("budgets.csv", sheet(3, "99"));
    let calls = counters(&sandbox)["calls"].clone();
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the journal budgets.csv.journal is of another plan
      why: budgets.csv wants other budgets than the run that wrote it
     next: go on with the file as it was, or begin anew with another --journal; nothing was sent
    ");
    scratch.write("budgets.csv.journal", "shopping list\n");
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: budgets.csv.journal is no journal that can be read: expected value at line 1 column 1
     next: nothing was sent and the file is as it was: give the path of another file
    ");
    assert_eq!(counters(&sandbox)["calls"], calls);
}

#[test]
fn a_journal_that_cannot_be_begun_lets_nothing_be_sent() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    for journal in ["/dev/full", "no-folder/journal"] {
        let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--journal", journal]);
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(shown(&output).contains(&format!("error: the journal {journal} ")), "{}", shown(&output));
    }
    assert_eq!(writes(&sandbox), []);
}

/// The limit on the size of a file stands in for a disk that fills up while the journal is written.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_stops_the_run_and_loses_nothing() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "300"]));
    scratch.write("budgets.csv", sheet(300, "98"));
    let apply = scratch.calling(&sandbox, &["apply", "budgets.csv", "--yes", "--output", "json"]);
    let mut limited = std::process::Command::new("sh");
    // Blocks of 512 bytes: the plan fits, the lines of all changes do not.
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 130; exec \"$@\"", "sh"])
        .arg(apply.get_program())
        .args(apply.get_args());
    let output = limited.current_dir(&scratch.0).env("PARTNER_CENTER_TOKEN", "sandbox").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["stopped"], "journal");
    assert!(shown(&output).contains("make room on the disk or check the permissions"), "{}", shown(&output));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), (1..=300).map(|number| (id(number), 1)).collect::<Vec<_>>());
}

/// An apply that has begun to write and is far from its end.
fn under_way(scratch: &Scratch, sandbox: &SandboxProcess) -> Child {
    let mut apply = scratch.calling(sandbox, &["apply", "budgets.csv", "--yes"]);
    let mut child = apply.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while writes(sandbox).len() < 5 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was stopped");
        assert!(Instant::now() < deadline, "nothing was written");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

const SLOW: [&str; 4] = ["--customers", "800", "--fault", "latency=100ms@update_usage_budget"];

#[test]
fn a_killed_run_goes_on() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&SLOW));
    scratch.write("budgets.csv", sheet(800, "98"));
    let mut child = under_way(&scratch, &sandbox);
    // SIGKILL on Unix: no farewell.
    child.kill().unwrap();
    let told = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap).collect::<Vec<_>>().join("\n");
    child.wait().unwrap();
    assert!(
        told.contains("should this be interrupted, go on with: pc-budgets apply budgets.csv --yes --base-url "),
        "{told}"
    );
    assert!(writes(&sandbox).len() < 800);
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("800 changes of budgets.csv\n     800  done\n"), "{}", shown(&output));
    assert_eq!(writes(&sandbox).len(), 800);
    let journal = fs::read_to_string(scratch.0.join("budgets.csv.journal")).unwrap();
    assert_eq!(journal.matches("\"event\":\"done\"").count() + journal.matches("\"event\":\"already\"").count(), 800);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_cleanly_and_says_how_to_go_on() {
    for (signal, name) in [("-INT", "Ctrl-C"), ("-TERM", "SIGTERM")] {
        let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&SLOW));
        scratch.write("budgets.csv", sheet(800, "98"));
        let child = under_way(&scratch, &sandbox);
        let kill = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        let told = shown(&output);
        assert_eq!(output.status.code(), Some(130), "{name} {told}");
        assert!(
            told.contains(
                "stopped: no call is under way any more, and nothing is lost\n next: go on with: pc-budgets apply"
            ),
            "{told}"
        );
        assert!(told.contains("  not reached\n") && !told.contains("without a clear answer"), "{told}");
        let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
        assert_eq!(writes(&sandbox), (1..=800).map(|number| (id(number), 1)).collect::<Vec<_>>());
    }
}
