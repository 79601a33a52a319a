//! Sheets with a name column. A wrong name means that rows were mixed up.

use crate::scratch::{Scratch, counters, id};
use crate::{SandboxProcess, assert_shown, shown};

/// Swaps the names of the first two customers. The other names differ in spelling only.
fn swapped() -> String {
    let [one, two, three, four] = [1, 2, 3, 4].map(id);
    format!(
        "customer;name;amount\n{one};Gentle Market Bakery;50\n{two};Blue Harbor Logistics;60\n\
         {three};UPPER PRAIRIE, printing GmbH;70\n{four};;80\n"
    )
}

#[test]
fn refuses_swapped_names() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "4"]));
    scratch.write("budgets.csv", swapped());
    for (file, command) in [
        ("export.csv", &["export"][..]),
        ("export.json", &["export", "--output", "json"]),
        ("usage.json", &["usage", "--output", "json"]),
        ("usage.ndjson", &["usage", "--output", "ndjson"]),
        ("usage.csv", &["usage", "--output", "csv"]),
    ] {
        scratch.write(file, scratch.call(&sandbox, command).stdout);
    }
    let refused = shown(&scratch.run(&["plan", "budgets.csv", "--current", "export.csv"]));
    assert_shown!(refused, @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:38: `Gentle Market Bakery`, but the name of customer 00000000-0000-0000-0000-000000000001 is `Blue Harbor Logistics`; correct the name or the id
    budgets.csv:3:38: `Blue Harbor Logistics`, but the name of customer 00000000-0000-0000-0000-000000000002 is `Gentle Market Bakery`; correct the name or the id
    error: cannot use budgets.csv
      why: 2 problems, listed above
     next: correct the listed problems, or accept all names with --ignore-names; nothing was sent
    ");
    for file in ["export.json", "usage.json", "usage.ndjson", "usage.csv"] {
        assert_eq!(shown(&scratch.run(&["plan", "budgets.csv", "--current", file])), refused, "{file}");
    }
    // Without a file the names come from the list of customers.
    for command in [&["plan", "budgets.csv"][..], &["apply", "budgets.csv", "--yes"]] {
        let message = shown(&scratch.call(&sandbox, command));
        let (_, problems) = refused.split_once("--- stderr\n").unwrap();
        assert!(
            message.starts_with("exit code: 2\n--- stdout\n--- stderr\nfor ") && message.ends_with(problems),
            "{message}"
        );
    }
    assert_eq!(counters(&sandbox)["budgetWrites"], serde_json::json!({}));
    assert!(!scratch.0.join("budgets.csv.journal").exists());
}

#[test]
fn ignored_names_are_listed() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "4"]));
    scratch.write("budgets.csv", swapped());
    assert_shown!(shown(&scratch.call(&sandbox, &["plan", "budgets.csv", "--ignore-names"])), @"
    exit code: 0
    --- stdout
    customer                              name                            now  wanted  change  line
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics         97.00   50.00  lower   2
    00000000-0000-0000-0000-000000000002  Gentle Market Bakery        none      60.00  set     3
    00000000-0000-0000-0000-000000000003  Upper Prairie Printing       300.00   70.00  lower   4
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries    97.00   80.00  lower   5

    4 rows, 4 customers, 4 changes
      set                     1
      lower                   3
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    budgets.csv:2:38: `Gentle Market Bakery`, but the name of customer 00000000-0000-0000-0000-000000000001 is `Blue Harbor Logistics`; correct the name or the id
    budgets.csv:3:38: `Blue Harbor Logistics`, but the name of customer 00000000-0000-0000-0000-000000000002 is `Gentle Market Bakery`; correct the name or the id
    warning: --ignore-names accepts the names above
    ");
    let applied = shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--ignore-names"]));
    assert!(applied.starts_with("exit code: 0\n") && applied.contains("budgets.csv:3:38: `Blue Harbor"), "{applied}");
}

#[test]
fn lists_names_and_currencies_together_by_line() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "4"]));
    scratch.write("usage.json", scratch.call(&sandbox, &["usage", "--output", "json"]).stdout);
    let [one, two] = [1, 2].map(id);
    scratch.write("budgets.csv", format!("customer,amount,currency,name\n{one},5,USD,\n{two},6,EUR,Blue Harbor\n"));
    assert_shown!(shown(&scratch.run(&["plan", "budgets.csv", "--current", "usage.json"])), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:40: `USD`, but the usage of customer 00000000-0000-0000-0000-000000000001 is in GBP, and so is its budget; write the amount in GBP, and GBP here
    budgets.csv:3:44: `Blue Harbor`, but the name of customer 00000000-0000-0000-0000-000000000002 is `Gentle Market Bakery`; correct the name or the id
    error: cannot use budgets.csv
      why: 2 problems, listed above
     next: correct the listed problems, or accept all names with --ignore-names; nothing was sent
    ");
}

#[test]
fn one_list_of_customers_names_the_customers_of_a_plan() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "4"]));
    scratch.write("budgets.csv", crate::scratch::sheet(4, "50"));
    let planned = scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&planned.stdout).unwrap();
    assert_eq!(plan["entries"][1]["name"], "Gentle Market Bakery");
    assert_eq!(plan["customer_count"], 4);
    assert_eq!(counters(&sandbox)["requests"]["list_customers"], 1);
    scratch.write("names.csv", swapped());
    scratch.call(&sandbox, &["plan", "names.csv"]);
    assert_eq!(counters(&sandbox)["requests"]["list_customers"], 2);
}

#[test]
fn sheet_without_names_is_planned_without_the_list_of_customers() {
    let fault = "status=400,code=2000@list_customers";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "4", "--fault", fault]));
    scratch.write("budgets.csv", crate::scratch::sheet(4, "50"));
    let planned = shown(&scratch.call(&sandbox, &["plan", "budgets.csv"]));
    assert!(planned.starts_with("exit code: 0\n"), "{planned}");
    assert!(planned.contains("warning: the customers' names and number are unknown: list_customers was refused: 400"));
}

#[test]
fn unchecked_names_are_a_warning() {
    let fault = "status=403,code=900150@list_customers";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "4", "--fault", fault]));
    scratch.write("budgets.csv", swapped());
    let planned = shown(&scratch.call(&sandbox, &["plan", "budgets.csv"]));
    assert!(planned.starts_with("exit code: 0\n"), "{planned}");
    assert!(
        planned.contains("warning: the names of the sheet were not checked: list_customers was refused: 403"),
        "{planned}"
    );
    // A file of current budgets without names gives the same warning.
    scratch.write("now.csv", crate::scratch::sheet(4, "9"));
    let planned = shown(&scratch.run(&["plan", "budgets.csv", "--current", "now.csv"]));
    assert!(planned.starts_with("exit code: 0\n"), "{planned}");
    assert!(planned.contains("warning: the names of the sheet were not checked: now.csv has no names\n"), "{planned}");
    // Any other failure is an error, because the rows may be mixed up.
    let fault = "status=400,code=2000@list_customers";
    let sandbox = SandboxProcess::start(&["--customers", "4", "--fault", fault]);
    for (options, code) in [(&[][..], 1), (&["--ignore-names"], 0)] {
        let planned = scratch.call(&sandbox, &[&["plan", "budgets.csv"], options].concat());
        assert_eq!(planned.status.code(), Some(code), "{}", shown(&planned));
    }
}
