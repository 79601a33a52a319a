//! Sheets with a currency column.

use crate::scratch::{Scratch, id};
use crate::{SandboxProcess, assert_shown, shown};

/// Two customers in GBP, one of them with two rows; the others in different currencies, and one without.
fn sheet() -> String {
    let [one, two, three, four, five] = [1, 2, 3, 4, 5].map(id);
    format!(
        "customer,amount,Currency\n{one},120.5,gbp\n{two},80,EUR\n{three},none,SEK\n{four},97,\n{five},7.25,GBP\n{one},120.50\n"
    )
}

#[test]
fn totals_are_per_currency() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("budgets.csv", sheet());
    let planned = shown(&scratch.call(&sandbox, &["plan", "budgets.csv"]));
    let (_, totals) = planned.split_once("\n\n").unwrap();
    assert_shown!(totals, @"
    6 rows, 5 customers, 4 changes
      set                     1  EUR 0.00 -> 80.00
      raise                   1  GBP 97.00 -> 120.50
      lower                   1  GBP 20.00 -> 7.25
      clear                   1  SEK 300.00 -> 0.00
      unchanged               1
      rows that repeat an earlier one: 1
      total EUR: 0.00 -> 80.00 (+80.00)
      total GBP: 117.00 -> 127.75 (+10.75)
      total SEK: 300.00 -> 0.00 (-300.00)
      not in any total (no currency given): 1 customer
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    warning: the currencies of budgets.csv were not checked; to check them, use `plan --current` with a file from `usage --output json`
    ");
    // `apply` shows the same totals, from the sheet and from a plan.
    scratch.write("plan.json", scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]).stdout);
    for file in ["budgets.csv", "plan.json"] {
        let journal = format!("{file}.journal");
        let applied = scratch.call(&sandbox, &["apply", file, "--yes", "--journal", &journal]);
        let (message, _) = totals.split_once("--- stderr").unwrap();
        assert!(shown(&applied).contains(message), "{}", shown(&applied));
        let back = format!("customer,amount\n{},97\n{},none\n{},300\n{},20\n", id(1), id(2), id(3), id(5));
        scratch.write("back.csv", back);
        let undone = scratch.call(&sandbox, &["apply", "back.csv", "--yes", "--journal", &format!("back-{journal}")]);
        assert!(undone.status.success(), "{}", shown(&undone));
    }
}

#[test]
fn reports_the_position_of_an_invalid_currency() {
    let scratch = Scratch::new();
    let [one, two] = [1, 2].map(id);
    scratch.write("budgets.csv", format!("currency;customer;amount\n€;{one};1\nEURO;{two};1\n"));
    assert_shown!(shown(&scratch.run(&["--sandbox", "plan", "budgets.csv"])), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:1: `€` is not a currency code; write the three letters of ISO 4217, such as EUR, or keep the cell empty
    budgets.csv:3:1: `EURO` is not a currency code; write the three letters of ISO 4217, such as EUR, or keep the cell empty
    error: cannot use budgets.csv
      why: 2 problems, listed above
     next: correct the listed problems; nothing was sent
    ");
    scratch.write("budgets.csv", format!("currency;customer;amount\nEUR;{one};1\n;{one};1\nusd;{one};1\n"));
    assert_shown!(shown(&scratch.run(&["--sandbox", "plan", "budgets.csv"])), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:4:1: customer 00000000-0000-0000-0000-000000000001 has another currency on line 2; keep one
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
    scratch.write("budgets.csv", format!("currency;customer;amount;currency code\nEUR;{one};1;EUR\n"));
    assert_shown!(shown(&scratch.run(&["--sandbox", "plan", "budgets.csv"])), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: 2 columns for the currency; keep one
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn checks_currencies_against_known_usage() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("usage.json", scratch.call(&sandbox, &["usage", "--output", "json"]).stdout);
    scratch.write("usage.csv", scratch.call(&sandbox, &["usage", "--output", "csv"]).stdout);
    // The service sends only a locale for customer 3, so any code is accepted.
    let [one, two, three] = [1, 2, 3].map(id);
    scratch.write("budgets.csv", format!("customer,amount,currency\n{one},5,Gbp\n{two},5,USD\n{three},5,NOK\n"));
    let message = shown(&scratch.run(&["plan", "budgets.csv", "--current", "usage.json"]));
    assert_shown!(message, @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:3:40: `USD`, but the usage of customer 00000000-0000-0000-0000-000000000002 is in EUR, and so is its budget; write the amount in EUR, and EUR here
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
    assert_eq!(shown(&scratch.run(&["plan", "budgets.csv", "--current", "usage.csv"])), message);
    // The usage as CSV is a sheet with currencies.
    let output = scratch.run(&["plan", "usage.csv", "--current", "usage.json"]);
    assert_eq!(output.status.code(), Some(4), "{}", shown(&output));
}

#[test]
fn shows_known_currencies_with_amounts() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("usage.json", scratch.call(&sandbox, &["usage", "--output", "json"]).stdout);
    let [one, three, four] = [1, 3, 4].map(id);
    scratch.write("budgets.csv", format!("customer,amount\n{one},5\n{three},5\n{four},none\n"));
    // Only the usage has currencies.
    let planned = shown(&scratch.run(&["plan", "budgets.csv", "--current", "usage.json"]));
    assert_shown!(planned.split_once("\n\n").unwrap().0, @"
    exit code: 0
    --- stdout
    customer                              name                           now   wanted  currency  change  line
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics        97.00     5.00  GBP       lower   2
    00000000-0000-0000-0000-000000000003  Upper Prairie Printing      300.00     5.00  sv-SE     lower   3
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries   97.00  none     USD       clear   4
    ");
    scratch.write("budgets.csv", format!("customer,amount,currency\n{one},50,gbp\n{four},none,\n"));
    let refused = shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--max-change", "10"]));
    assert_shown!(refused, @"
    exit code: 2
    --- stdout
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    warning: the currencies of budgets.csv were not checked; to check them, use `plan --current` with a file from `usage --output json`
    budgets.csv:2: customer 00000000-0000-0000-0000-000000000001 (Blue Harbor Logistics): GBP 97.00 -> 50.00
    budgets.csv:3: customer 00000000-0000-0000-0000-000000000004 (Crimson Mountain Nurseries): 97.00 -> none
    error: nothing was sent
      why: budgets that would change by more than 10 percent: 2
     next: check these amounts, or allow more with --max-change
    ");
}

#[test]
fn checked_currencies_give_no_warning() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("usage.json", scratch.call(&sandbox, &["usage", "--output", "json"]).stdout);
    scratch.write("export.csv", scratch.call(&sandbox, &["export"]).stdout);
    scratch.write("now.csv", format!("customer,amount\n{},97\n", id(1)));
    scratch.write("budgets.csv", format!("customer,amount,currency\n{},50,GBP\n", id(1)));
    let message =
        |current: &str| shown(&scratch.run(&["plan", "budgets.csv", "--current", current])).contains("warning: ");
    assert!(!message("usage.json") && !message("export.csv") && message("now.csv"));
    scratch.write("budgets.csv", format!("customer,amount,currency\n{},50,\n", id(1)));
    assert!(!message("now.csv"), "nothing to check");
}
