//! `apply`: interrupted runs, and resuming them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::scratch::{Scratch, counters, id, sheet, writes};
use crate::{SandboxProcess, assert_shown, shown, until};

#[test]
fn customer_removed_during_a_run_does_not_stop_it() {
    // The plan makes the first three reads.
    let fault = "status=404,code=60003@get_usage_budget:nth=5";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3", "--fault", fault]));
    scratch.write("budgets.csv", sheet(3, "98"));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]);
    let message = shown(&output);
    assert!(
        message.starts_with("exit code: 1\n--- stdout\n3 changes of budgets.csv\n       2  done\n       1  failed\n"),
        "{message}"
    );
    assert!(message.contains("was refused: 404 Not Found, code 60003"), "{message}");
    assert_eq!(writes(&sandbox).len(), 2);
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume", "--output", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), (1..=3).map(|number| (id(number), 1)).collect::<Vec<_>>());
}

#[test]
fn resumes_after_an_expired_login() {
    let fault = "status=401,code=400@update_usage_budget:nth=20";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "300", "--fault", fault]));
    scratch.write("budgets.csv", sheet(300, "98"));
    let apply = ["apply", "budgets.csv", "--yes", "--max-share", "100", "--max-factor", "none", "--output", "json"];
    let output = scratch.call(&sandbox, &apply);
    let message = shown(&output);
    assert_eq!(output.status.code(), Some(3), "{message}");
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["stopped"], "sign-in");
    let number = |name: &str| summary[name].as_u64().unwrap();
    let lists = ["failed", "unknown", "changed"].map(|name| summary[name].as_array().unwrap().len() as u64);
    assert_eq!(number("done") + number("already") + number("not_reached") + lists.iter().sum::<u64>(), 300);
    assert!(number("not_reached") > 0);
    let command = format!("pc-budgets {} --base-url {} --resume", apply.join(" "), sandbox.base_url);
    assert_eq!(summary["resume"], command);
    assert!(
        message.contains("next: check that the access token is for Partner Center and has not expired\n"),
        "{message}"
    );
    assert!(message.contains(&format!("continue with: {command}\n")), "{message}");
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), (1..=300).map(|number| (id(number), 1)).collect::<Vec<_>>());
}

#[test]
fn refuses_the_journal_of_another_plan() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    assert_shown!(shown(&scratch.run(&["--sandbox", "apply", "budgets.csv", "--yes", "--resume"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: there is nothing to resume
      why: budgets.csv.journal is missing or empty
     next: check --journal, or leave out --resume to begin
    ");
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]).status.code(), Some(0));
    scratch.write("budgets.csv", sheet(3, "99"));
    let calls = counters(&sandbox)["calls"].clone();
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the journal budgets.csv.journal is of another plan
      why: the budgets in budgets.csv differ from those of the run that wrote it
     next: restore the file, or begin again with another --journal; nothing was sent
    ");
    scratch.write("budgets.csv.journal", "shopping list\n");
    assert_shown!(shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: budgets.csv.journal is not a journal
      why: expected value at line 1 column 1
     next: nothing was sent and the file is unchanged: give the path of another file
    ");
    assert_eq!(counters(&sandbox)["calls"], calls);
}

/// The names of the files next to the sheet.
fn journals(scratch: &Scratch) -> Vec<String> {
    let names = fs::read_dir(&scratch.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.contains(".journal")).collect();
    names.sort();
    names
}

#[test]
fn moves_the_journal_of_a_finished_run_aside() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    let mut first = Vec::new();
    for (run, amount) in ["98", "99", "100"].iter().enumerate() {
        scratch.write("budgets.csv", sheet(3, amount));
        let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]);
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
        let moved = "the journal budgets.csv.journal is of a finished run and is now budgets.csv.journal.2";
        assert_eq!(shown(&output).contains(moved), run > 0, "{}", shown(&output));
        let names = journals(&scratch);
        assert_eq!(names.len(), run + 1, "{names:?}");
        let written: Vec<_> = names.iter().map(|name| scratch.read(name)).collect();
        assert!(first.iter().all(|text| written.contains(text)), "a journal was changed or lost");
        first = written;
    }
    assert_eq!(writes(&sandbox), (1..=3).map(|number| (id(number), 3)).collect::<Vec<_>>());
    // The date is appended to the name. The second journal of a day also has a number.
    let names = journals(&scratch);
    let day = names[1].strip_prefix("budgets.csv.journal.").unwrap();
    assert!(day.len() == "2000-01-01".len() && day.split('-').all(|part| part.parse::<u32>().is_ok()), "{names:?}");
    // A run that sends nothing does not move the journal.
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]).status.code(), Some(4));
    scratch.write("budgets.csv", sheet(3, "1"));
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--limit", "1"]).status.code(), Some(2));
    assert_eq!(journals(&scratch), names);
}

#[test]
fn resumes_a_damaged_journal_only_with_accept_damage() {
    let fault = "status=400,code=2012@update_usage_budget:nth=3";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "4", "--fault", fault]));
    scratch.write("budgets.csv", sheet(4, "98"));
    let apply = |more: &[&str]| scratch.call(&sandbox, &[&["apply", "budgets.csv", "--yes"], more].concat());
    assert_eq!(apply(&[]).status.code(), Some(1));
    // Changes one digit of the customer in a `done` record.
    let journal = scratch.read("budgets.csv.journal");
    let (at, done) = journal.lines().enumerate().find(|(_, line)| line.contains("\"done\"")).unwrap();
    let customer = done.split("\"customer\":\"").nth(1).unwrap()[..36].to_owned();
    let other = format!("{}4", &customer[..35]);
    let damaged = journal.replacen(done, &done.replace(&customer, &other), 1);
    scratch.write("budgets.csv.journal", &damaged);
    let refused = apply(&["--resume"]);
    let message = shown(&refused);
    assert_eq!(refused.status.code(), Some(2), "{message}");
    assert!(
        message.contains(&format!("error: line {} of the journal budgets.csv.journal is damaged", at + 1)),
        "{message}"
    );
    assert!(message.contains("--accept-damage"), "{message}");
    assert_eq!(scratch.read("budgets.csv.journal"), damaged);
    let resumed = apply(&["--resume", "--accept-damage"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", shown(&resumed));
    assert_eq!(writes(&sandbox), (1..=4).map(|number| (id(number), 1)).collect::<Vec<_>>());
}

#[test]
#[cfg(target_os = "linux")]
fn refuses_a_journal_that_never_ends() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    scratch.write("budgets.csv", sheet(1, "98"));
    assert!(std::process::Command::new("mkfifo").arg(scratch.0.join("pipe")).status().unwrap().success());
    for journal in ["/dev/zero", "pipe"] {
        for resume in [&["--resume"][..], &[]] {
            let output =
                scratch.call(&sandbox, &[&["apply", "budgets.csv", "--yes", "--journal", journal], resume].concat());
            assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        }
    }
    let output = scratch.call(&sandbox, &["plan", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains("longer than"), "{}", shown(&output));
}

#[test]
fn unfinished_journal_blocks_the_next_run() {
    let fault = "status=400,code=2000@update_usage_budget:nth=2";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3", "--fault", fault]));
    scratch.write("budgets.csv", sheet(3, "98"));
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]).status.code(), Some(1));
    let journal = scratch.read("budgets.csv.journal");
    let refused = |text: &str| {
        scratch.write("budgets.csv.journal", text);
        let refused = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]);
        assert_eq!((refused.status.code(), journals(&scratch).len()), (Some(2), 1), "{}", shown(&refused));
        assert_eq!(scratch.read("budgets.csv.journal"), text);
        shown(&refused)
    };
    assert_shown!(refused(&journal), @"
    exit code: 2
    --- stdout
    --- stderr
    error: there is already a journal at budgets.csv.journal
      why: an earlier run wrote it for an unknown tenant at http://127.0.0.1:[port] and may be unfinished
     next: resume it: pc-budgets apply budgets.csv --yes --base-url http://127.0.0.1:[port] --resume
           or, if it is no longer needed, move it away or name another with --journal FILE; nothing was sent
    ");
    scratch.write("budgets.csv.journal", &journal);
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]).status.code(), Some(0));
    let finished = scratch.read("budgets.csv.journal");
    // A torn or damaged end may hide records.
    for text in [&finished[..finished.len() - 9], &finished.replace("\"event\":\"done\"", "\"event\":\"dome\"")] {
        assert!(refused(text).contains("and may be unfinished"), "{text}");
    }
}

#[test]
fn sends_nothing_if_the_journal_cannot_be_created() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    for journal in ["/dev/full", "no-folder/journal"] {
        let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--journal", journal]);
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(shown(&output).contains(&format!("error: the journal {journal} ")), "{}", shown(&output));
    }
    assert_eq!(writes(&sandbox), []);
}

#[test]
fn reports_a_missing_folder_of_the_journal_before_any_call() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&[]));
    scratch.write("budgets.csv", sheet(3, "98"));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--journal", "no-folder/journal"]);
    assert!(shown(&output).contains("why: there is no folder no-folder\n"), "{}", shown(&output));
    assert_eq!(counters(&sandbox)["calls"], 0);
}

/// A limit on the file size simulates a disk that becomes full while the journal is written.
#[cfg(target_os = "linux")]
#[test]
fn full_disk_stops_the_run_and_loses_nothing() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "300"]));
    scratch.write("budgets.csv", sheet(300, "98"));
    let apply = scratch.calling(
        &sandbox,
        &["apply", "budgets.csv", "--yes", "--max-share", "100", "--max-factor", "none", "--output", "json"],
    );
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
    assert!(
        shown(&output).contains("make room on the disk, check the permissions or put the file back"),
        "{}",
        shown(&output)
    );
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), (1..=300).map(|number| (id(number), 1)).collect::<Vec<_>>());
}

/// An `apply` that has made its first writes.
fn running_apply(scratch: &Scratch, sandbox: &SandboxProcess) -> Child {
    let mut apply =
        scratch.calling(sandbox, &["apply", "budgets.csv", "--yes", "--max-share", "100", "--max-factor", "none"]);
    let mut child = apply.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("budgets are written", || {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was stopped");
        writes(sandbox).len() >= 5
    });
    child
}

const SLOW: [&str; 4] = ["--customers", "800", "--fault", "latency=100ms@update_usage_budget"];

#[test]
fn resumes_a_killed_run() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&SLOW));
    scratch.write("budgets.csv", sheet(800, "98"));
    let mut child = running_apply(&scratch, &sandbox);
    // SIGKILL on Unix.
    child.kill().unwrap();
    let message =
        BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap).collect::<Vec<_>>().join("\n");
    child.wait().unwrap();
    assert!(
        message.contains("if interrupted, continue with: pc-budgets apply budgets.csv --yes --max-share 100 "),
        "{message}"
    );
    assert!(writes(&sandbox).len() < 800);
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("800 changes of budgets.csv\n     800  done\n"), "{}", shown(&output));
    assert_eq!(writes(&sandbox).len(), 800);
    let journal = fs::read_to_string(scratch.0.join("budgets.csv.journal")).unwrap();
    assert_eq!(
        journal.matches("\"event\":\"done\"").count() + journal.matches("\"event\":\"already-set\"").count(),
        800
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_cleanly_and_prints_the_resume_command() {
    for (signal, name) in [("-INT", "Ctrl-C"), ("-TERM", "SIGTERM")] {
        let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&SLOW));
        scratch.write("budgets.csv", sheet(800, "98"));
        let child = running_apply(&scratch, &sandbox);
        let kill = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        let message = shown(&output);
        assert_eq!(output.status.code(), Some(130), "{name} {message}");
        assert!(
            message.contains("stopped: all finished changes are recorded\n next: continue with: pc-budgets apply"),
            "{message}"
        );
        assert!(message.contains("  not reached\n") && !message.contains("outcome unknown"), "{message}");
        let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
        assert_eq!(writes(&sandbox), (1..=800).map(|number| (id(number), 1)).collect::<Vec<_>>());
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_reading_sends_nothing() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--fault", "latency=30s@get_usage_budget"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    for arguments in [["apply", "budgets.csv", "--yes"].as_slice(), &["plan", "budgets.csv"]] {
        let before = counters(&sandbox)["calls"].clone();
        let mut command = scratch.calling(&sandbox, arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until("a budget is read", || counters(&sandbox)["calls"] != before);
        let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        let message = shown(&output);
        assert!(
            message.starts_with("exit code: 130\n") && message.ends_with("stopped: nothing was sent\n"),
            "{message}"
        );
    }
    assert!(!scratch.0.join("budgets.csv.journal").exists());
}

#[test]
fn run_killed_before_its_start_starts_again() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    scratch.write("budgets.csv.journal", "{\"journal\":1,\"plan\":{\"ver");
    let resumed = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--resume"]);
    assert!(shown(&resumed).contains("leave out --resume to begin\n"), "{}", shown(&resumed));
    let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(writes(&sandbox), (1..=3).map(|number| (id(number), 1)).collect::<Vec<_>>());
}
