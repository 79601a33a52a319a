//! `apply`: writes, limits and confirmation.

#[cfg(target_os = "linux")]
use std::io::{Read, Write};
#[cfg(target_os = "linux")]
use std::process::{Command, Stdio};

use crate::scratch::{Scratch, counters, id, sheet, writes};
use crate::skip::has_terminal;
use crate::{ONE, SandboxProcess, UNKNOWN, assert_shown, shown};

#[test]
fn applies_a_sheet() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("budgets.csv", sheet(9, "98.5"));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]);
    assert_shown!(shown(&output), @"
    exit code: 0
    --- stdout
    9 changes of budgets.csv
           9  done
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    9 rows, 9 customers, 9 changes
      set                     2
      raise                   5
      lower                   2
    if interrupted, continue with: pc-budgets apply budgets.csv --yes --base-url http://127.0.0.1:[port] --resume
    ");
    assert_eq!(writes(&sandbox), (1..=9).map(|number| (id(number), 1)).collect::<Vec<_>>());
    assert_eq!(String::from_utf8(sandbox.call(&["get", ONE]).stdout).unwrap(), "98.5\n");
}

#[test]
fn applies_a_plan_and_skips_a_budget_changed_meanwhile() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "none"));
    scratch.write("plan.json", scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]).stdout);
    // Another user changes a budget between plan and apply.
    sandbox.call(&["set", &id(3), "70"]);
    let output = scratch.call(&sandbox, &["apply", "plan.json", "--yes"]);
    assert_shown!(shown(&output), @"
    exit code: 1
    --- stdout
    2 changes of plan.json
           1  done
           1  changed meanwhile, skipped
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    3 rows, 3 customers, 2 changes
      clear                   2
      unchanged               1
    if interrupted, continue with: pc-budgets apply plan.json --yes --base-url http://127.0.0.1:[port] --resume
    plan.json:4: customer 00000000-0000-0000-0000-000000000003: it has changed to 70 meanwhile, by admin-agent@sandbox.example on [time] UTC; check it, then leave it or use --overwrite
    error: not all budgets are as in the sheet
     next: continue with: pc-budgets apply plan.json --yes --base-url http://127.0.0.1:[port] --resume
    ");
    let output =
        scratch.call(&sandbox, &["apply", "plan.json", "--yes", "--resume", "--overwrite", "--output", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_shown!(String::from_utf8(output.stdout).unwrap(), @r#"{"partner":"an unknown tenant at http://127.0.0.1:[port]","by":null,"changes":2,"done":2,"already":0,"changed":[],"failed":[],"unknown":[],"not_reached":0,"left_out":0,"stopped":null,"journal":"plan.json.journal","resume":null}"#);
}

#[test]
fn writes_an_empty_json_summary_if_there_is_nothing_to_do() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    scratch.write("budgets.csv", format!("customer,amount\n{ONE},\n{UNKNOWN},5\n"));
    let arguments = ["apply", "budgets.csv", "--yes", "--skip-unknown", "--output", "json"];
    assert_shown!(shown(&scratch.call(&sandbox, &arguments)), @r#"
    exit code: 4
    --- stdout
    {"partner":"an unknown tenant at http://127.0.0.1:[port]","by":null,"changes":0,"done":0,"already":0,"changed":[],"failed":[],"unknown":[],"not_reached":0,"left_out":1,"stopped":null,"journal":"budgets.csv.journal","resume":null}
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    nothing to do: all budgets are already as in the sheet, except for 1 unknown customer, left out
    "#);
    assert!(!scratch.0.join("budgets.csv.journal").exists());
}

#[test]
fn refuses_an_edited_plan() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(1, "98"));
    let plan = scratch.run(&["--sandbox", "plan", "budgets.csv", "--output", "json"]).stdout;
    scratch.write("plan.json", String::from_utf8(plan).unwrap().replace("\"98\"", "\"99\""));
    assert_shown!(shown(&scratch.run(&["--sandbox", "apply", "plan.json", "--yes"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: plan.json is not a plan that can be applied
      why: the plan was changed after it was made: make it again from its sheet
     next: write the plan again with `pc-budgets plan --output json`; nothing was sent
    ");
}

#[test]
fn needs_yes_without_a_terminal() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&[]));
    scratch.write("budgets.csv", sheet(3, "98"));
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: there is no terminal to confirm the changes
      why: changes are sent only after a yes
     next: check the changes with `pc-budgets plan`, then add --yes; nothing was sent
    ");
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "-", "--yes"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the journal has no path
      why: standard input has no name to derive it from
     next: name it with --journal FILE
    ");
    assert_eq!(counters(&sandbox)["calls"], 0);
}

#[test]
fn limits_refuse_the_plan_before_any_write() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    // The current budgets are 97, none and 300.
    scratch.write("budgets.csv", format!("customer,amount\n{},970\n{},1000000\n{},330\n", id(1), id(2), id(3)));
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--max-change", "10"])), @"
    exit code: 2
    --- stdout
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    budgets.csv:2: customer 00000000-0000-0000-0000-000000000001 (Blue Harbor Logistics): 97.00 -> 970.00
    error: nothing was sent
      why: budgets that would change by more than 10 percent: 1
     next: check these amounts, or allow more with --max-change
    ");
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--limit", "2"])), @"
    exit code: 2
    --- stdout
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    budgets.csv:4: customer 00000000-0000-0000-0000-000000000003 (Upper Prairie Printing): 300.00 -> 330.00
    error: nothing was sent
      why: changes: 3, and --limit allows 2
     next: check the sheet, or allow more with --limit
    ");
    assert_eq!(writes(&sandbox), []);
    assert!(!scratch.0.join("budgets.csv.journal").exists());
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--limit", "3", "--max-change", "900"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
}

#[test]
fn refuses_unknown_customers_without_skip_unknown() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    scratch.write("budgets.csv", format!("customer,amount\n{ONE},98\n{UNKNOWN},5\n"));
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"])), @"
    exit code: 2
    --- stdout
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    budgets.csv:3: customer 99999999-0000-0000-0000-000000000001: unknown-customer
    error: nothing was sent
      why: customers that the service does not know: 1
     next: remove their lines, or leave them out with --skip-unknown
    ");
    assert_eq!(writes(&sandbox), []);
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--skip-unknown"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), [(ONE.to_owned(), 1)]);
}

/// The tool `script` of util-linux gives a command a terminal.
#[cfg(target_os = "linux")]
#[test]
fn asks_for_confirmation_on_a_terminal() {
    if !has_terminal() {
        return;
    }
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    let apply = scratch.calling(&sandbox, &["apply", "budgets.csv"]);
    let words: Vec<_> = std::iter::once(apply.get_program()).chain(apply.get_args()).collect();
    let line = words.iter().map(|word| format!("'{}'", word.to_str().unwrap())).collect::<Vec<_>>().join(" ");
    for (answer, code, written) in [("n", 2, 0), ("", 2, 0), ("y", 0, 3)] {
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(&scratch.0).env("PARTNER_CENTER_TOKEN", "sandbox");
        let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{answer}").unwrap();
        let output = child.wait_with_output().unwrap();
        let message = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(message.contains("Apply 3 changes? [y/N] "), "{message}");
        assert!(message.contains("reading budgets"), "{message}");
        assert_eq!(writes(&sandbox).len(), written, "{message}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_at_the_question_sends_nothing() {
    if !has_terminal() {
        return;
    }
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    let line = format!("'{}' apply budgets.csv --base-url {}", env!("CARGO_BIN_EXE_pc-budgets"), sandbox.base_url);
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(&scratch.0).env("PARTNER_CENTER_TOKEN", "sandbox");
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut out, mut message) = (child.stdout.take().unwrap(), Vec::new());
    while !message.ends_with(b"[y/N] ") {
        let mut byte = [0];
        out.read_exact(&mut byte).unwrap();
        message.push(byte[0]);
    }
    child.stdin.as_mut().unwrap().write_all(b"\x03").unwrap();
    let mut message = String::new();
    out.read_to_string(&mut message).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{message}");
    assert!(message.contains("stopped: nothing was sent"), "{message}");
    assert!(writes(&sandbox).is_empty() && !scratch.0.join("budgets.csv.journal").exists());
}

#[test]
fn does_not_offer_to_resume_a_file_that_is_not_a_journal() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(1, "98"));
    let message = shown(&scratch.run(&["--sandbox", "apply", "budgets.csv", "--yes", "--journal", "budgets.csv"]));
    assert!(message.starts_with("exit code: 2\n") && message.contains("budgets.csv is not a journal"), "{message}");
    assert!(!message.contains("--resume"), "{message}");
    assert_eq!(scratch.read("budgets.csv"), sheet(1, "98"));
}

#[test]
fn resume_command_is_valid_shell() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(3, "98"));
    let message = shown(&scratch.run(&["--sandbox", "apply", "--yes", "--", "budgets.csv"]));
    assert!(message.contains("continue with: pc-budgets --sandbox apply --yes --resume -- budgets.csv\n"), "{message}");
    scratch.write("it's \u{1b}.csv", sheet(3, "98"));
    let message = shown(&scratch.run(&["--sandbox", "apply", "--yes", "it's \u{1b}.csv"]));
    assert!(
        message.contains(r"continue with: pc-budgets --sandbox apply --yes $'it\x27s \x1b.csv' --resume"),
        "{message}"
    );
    scratch.write(r"a\b.csv", sheet(3, "98"));
    let message = shown(&scratch.run(&["--sandbox", "apply", "--yes", r"a\b.csv"]));
    assert!(message.contains(r"continue with: pc-budgets --sandbox apply --yes 'a\b.csv' --resume"), "{message}");
}

#[cfg(unix)]
#[test]
fn journal_can_have_a_name_that_is_not_unicode() {
    use std::os::unix::ffi::OsStrExt;

    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(3, "98"));
    let mut apply = scratch.command(&["--sandbox", "apply", "budgets.csv", "--yes", "--journal"]);
    let output = apply.arg(std::ffi::OsStr::from_bytes(b"\xff")).output().unwrap();
    let message = shown(&output);
    assert!(message.contains(r"apply budgets.csv --yes --journal $'\xff' --resume"), "{message}");
    assert_eq!(output.status.code(), Some(0), "{message}");
}

/// Both streams are closed pipes, as if `head` had ended.
#[cfg(unix)]
#[test]
fn applies_all_changes_with_closed_pipes() {
    let faults = ["--customers", "3", "--fault", "status=400,code=2000@update_usage_budget:nth=2"];
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&faults));
    scratch.write("budgets.csv", sheet(3, "98"));
    let mut apply = scratch.calling(&sandbox, &["apply", "budgets.csv", "--yes"]);
    let [out, err] = [0, 1].map(|_| std::io::pipe().unwrap().1);
    let status = apply.stdout(out).stderr(err).status().unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(writes(&sandbox).len(), 2);
}
