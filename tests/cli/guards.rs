//! `apply` and `set`: the limits that are on by default, and the options that allow more.

use crate::scratch::{Scratch, counters, id, sheet, writes};
use crate::skip::has_terminal;
use crate::{ONE, SandboxProcess, assert_shown, run, shown};

#[test]
fn refuses_to_change_a_large_share_of_all_customers() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "40"]));
    // A plan that changes exactly 30 percent is allowed, and so is any plan of nine rows.
    for (rows, code) in [(9, 0), (12, 0), (13, 2)] {
        scratch.write("budgets.csv", sheet(rows, format!("9{rows}")));
        scratch.write("plan.json", scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]).stdout);
        let applied = scratch.call(&sandbox, &["apply", "plan.json", "--yes"]);
        assert_eq!(applied.status.code(), Some(code), "{rows}: {}", shown(&applied));
    }
    let sandbox = SandboxProcess::start(&["--customers", "10"]);
    scratch.write("budgets.csv", sheet(10, "98"));
    let refused = shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]));
    let (listed, end) = refused.split_at(refused.find("error: ").unwrap());
    assert_eq!(listed.matches("budgets.csv:").count(), 10, "{listed}");
    assert_shown!(end, @"
    error: nothing was sent
      why: 10 of 10 customers would change, that is 100 percent, and 30 are allowed
     next: check the sheet, or allow more with --max-share PERCENT
    ");
    assert_eq!(writes(&sandbox), []);
    let planned = shown(&scratch.call(&sandbox, &["plan", "budgets.csv"]));
    assert!(planned.starts_with("exit code: 0\n"), "{planned}");
    assert!(planned.contains("warning: `apply` refuses this by default: 10 of 10 customers would change"), "{planned}");
    let applied = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--max-share", "100"]);
    assert_eq!(applied.status.code(), Some(0), "{}", shown(&applied));
}

/// Without the list, the customers of the sheet are all customers that are known.
#[test]
fn share_is_that_of_the_sheet_if_the_customers_cannot_be_listed() {
    let fault = "status=403,code=900150@list_customers";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "400", "--fault", fault]));
    scratch.write("budgets.csv", sheet(10, "98"));
    let refused = shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]));
    assert!(refused.contains("why: 10 of 10 customers would change"), "{refused}");
}

#[test]
fn refuses_factors_above_ten_and_negative_budgets() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    // The current budgets are 97, none, 300, 97 and 97.
    let amounts = ["971", "100000", "0", "970", "none"];
    let rows = (1..).zip(amounts).map(|(number, amount)| format!("{},{amount}\n", id(number)));
    scratch.write("budgets.csv", format!("customer,amount\n{}{},-5\n", rows.collect::<String>(), id(6)));
    let apply = |options: &[&str]| {
        let output = scratch.call(&sandbox, &[&["apply", "budgets.csv", "--yes"], options].concat());
        shown(&output)
    };
    assert_shown!(apply(&[]), @"
    exit code: 2
    --- stdout
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    budgets.csv:2: customer 00000000-0000-0000-0000-000000000001 (Blue Harbor Logistics): 97.00 -> 971.00
    budgets.csv:4: customer 00000000-0000-0000-0000-000000000003 (Upper Prairie Printing): 300.00 -> 0.00
    budgets.csv:7: customer 00000000-0000-0000-0000-000000000006 (Deep Maple Logistics): 300.00 -> -5.00
    error: nothing was sent
      why: budgets below 0: 1; budgets that would change by more than a factor of 10: 3
     next: check these amounts, or allow them with --allow-negative
           check these amounts, or allow more with --max-factor FACTOR, and any change with --max-factor none
    ");
    let refused = apply(&["--max-factor", "none"]);
    assert_shown!(&refused[refused.find("budgets.csv").unwrap()..], @"
    budgets.csv:7: customer 00000000-0000-0000-0000-000000000006 (Deep Maple Logistics): 300.00 -> -5.00
    error: nothing was sent
      why: budgets below 0: 1
     next: check these amounts, or allow them with --allow-negative
    ");
    assert!(apply(&["--max-factor", "10.1", "--allow-negative"]).contains("budgets.csv:4: customer"));
    assert_eq!(writes(&sandbox), []);
    let done = apply(&["--max-factor", "NONE", "--allow-negative"]);
    assert!(done.starts_with("exit code: 0\n"), "{done}");
}

/// The first run has checked the plan of its journal, with its options.
#[test]
fn resuming_needs_no_option_for_the_default_limits() {
    let fault = "status=401,code=400@update_usage_budget:nth=2";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "10", "--fault", fault]));
    scratch.write("budgets.csv", sheet(10, "-98000"));
    let options = ["--max-share", "100", "--max-factor", "none", "--allow-negative"];
    let stopped = scratch.call(&sandbox, &[&["apply", "budgets.csv", "--yes"][..], &options].concat());
    assert_eq!(stopped.status.code(), Some(3), "{}", shown(&stopped));
    let resume = ["apply", "budgets.csv", "--yes", "--resume"];
    // Options that are given count.
    for option in [["--max-share", "20"], ["--max-factor", "20"], ["--limit", "3"]] {
        let refused = scratch.call(&sandbox, &[&resume[..], &option].concat());
        assert_eq!(refused.status.code(), Some(2), "{}", shown(&refused));
    }
    let resumed = scratch.call(&sandbox, &resume);
    assert_eq!(resumed.status.code(), Some(0), "{}", shown(&resumed));
    assert_eq!(writes(&sandbox).len(), 10);
}

#[test]
fn refuses_limits_that_make_no_sense() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(1, "98"));
    for option in [["--max-factor", "0.5"], ["--max-factor", "ten"], ["--max-share", "-1"], ["--max-share", "x"]] {
        let output = scratch.run(&[&["--sandbox", "apply", "budgets.csv", "--yes"], &option[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    }
    let output = scratch.run(&["--sandbox", "apply", "budgets.csv", "--yes", "--limit", "-1"]);
    assert!(shown(&output).contains("write a whole number, such as 20\n"), "{}", shown(&output));
}

#[test]
fn set_needs_yes_for_a_factor_above_ten() {
    let sandbox = SandboxProcess::start(&["--customers", "3"]);
    assert_shown!(shown(&sandbox.call(&["set", ONE, "970.01"])), @"
    exit code: 2
    --- stdout
    --- stderr
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP 97.00 -> 970.01
    error: nothing was changed
      why: the budget would change by more than a factor of 10
     next: check the amount, then add --yes
    ");
    assert_eq!(writes(&sandbox), []);
    for arguments in [["set", ONE, "970"].as_slice(), &["set", ONE, "0", "--yes"], &["set", &id(2), "1000000"]] {
        let output = sandbox.call(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", shown(&output));
    }
}

#[test]
fn set_refuses_negative_amounts_before_any_call() {
    assert_shown!(run(&["--base-url", "http://127.0.0.1:1", "set", ONE, "-0.01"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: nothing was sent
      why: -0.01 is below 0
     next: check the amount, or add --allow-negative
    ");
}

/// An app without a user cannot read the usage, and a failure to read it is no failure of the command.
#[test]
fn set_does_without_the_usage() {
    for fault in ["status=403,code=900329", "status=503", "status=404,code=3000"] {
        let fault = format!("{fault}@get_customer_usage_summary");
        let sandbox = SandboxProcess::start(&["--customers", "3", "--fault", &fault]);
        let output = shown(&sandbox.call(&["set", ONE, "120", "--output", "json"]));
        assert_eq!(
            output,
            format!(
                "exit code: 0\n--- stdout\n{{\"customer\":\"{ONE}\",\"name\":null,\"amount\":120}}\n--- stderr\n\
                 customer {ONE}: 97.00 -> 120.00 (currency unknown)\n"
            )
        );
        assert_eq!(counters(&sandbox)["calls"], 3, "{fault}");
    }
}

/// The tool `script` of util-linux gives a command a terminal.
#[cfg(target_os = "linux")]
#[test]
fn set_asks_on_a_terminal() {
    use std::io::Write;
    use std::process::Stdio;

    if !has_terminal() {
        return;
    }
    let sandbox = SandboxProcess::start(&["--customers", "3"]);
    let line = format!("'{}' set {ONE} 5000 --base-url {}", env!("CARGO_BIN_EXE_pc-budgets"), sandbox.base_url);
    for (answer, code, written) in [("n", 2, 0), ("", 2, 0), ("y", 0, 1)] {
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).env("PARTNER_CENTER_TOKEN", "sandbox");
        let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{answer}").unwrap();
        let output = child.wait_with_output().unwrap();
        let message = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(message.contains("GBP 97.00 -> 5000.00"), "{message}");
        assert!(message.contains("by more than a factor of 10. Set it? [y/N] "), "{message}");
        assert_eq!(writes(&sandbox).len(), written, "{message}");
    }
}
