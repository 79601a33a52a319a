//! `plan` and `apply` as documents: who changed which budget when.

use crate::scratch::{Scratch, counters, id, sheet};
use crate::sign_in::APP;
use crate::{ONE, SandboxProcess, UNKNOWN, shown};

macro_rules! assert_document {
    ($shown:expr, @$expected:literal) => {
        insta::with_settings!({ filters => vec![
            (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "[fresh guid]"),
            (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
            (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d( UTC|Z)", "[time]"),
            (r"from \[time\] to \[time\]", "at [time]"),
        ] }, { insta::assert_snapshot!($shown, @$expected) })
    };
}

/// Runs a command as an app.
fn call(scratch: &Scratch, sandbox: &SandboxProcess, arguments: &[&str]) -> (Option<i32>, String) {
    let url = sandbox.base_url.as_str();
    let mut command = scratch.command(&[arguments, &["--base-url", url, "--authority", url]].concat());
    command.env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com");
    command.env("PARTNER_CENTER_CLIENT_ID", APP).env("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret");
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// Set, raise, leave and clear, and an unknown customer.
fn changes() -> String {
    let [two, three, four] = [2, 3, 4].map(id);
    format!("customer,amount,currency\n{ONE},120.50,GBP\n{two},80,EUR\n{three},,\n{four},none,\n{UNKNOWN},5,EUR\n")
}

#[test]
fn apply_writes_the_document_of_its_changes() {
    let fault = "status=400,code=2000@update_usage_budget:nth=2";
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9", "--fault", fault]));
    scratch.write("budgets.csv", changes());
    let apply = ["apply", "budgets.csv", "--yes", "--skip-unknown"];
    let (code, document) = call(&scratch, &sandbox, &[&apply[..], &["--output", "markdown"]].concat());
    assert_eq!(code, Some(1), "{document}");
    // Which of the writes is the second one is not certain.
    assert!(document.contains(": 2 done, 1 failed, 1 unchanged, 1 unknown customer"), "{document}");
    assert!(document.contains("| failed | 20"), "{document}");
    assert!(document.contains("| update\\_usage\\_budget was refused: 400 Bad Request, code 2000"), "{document}");
    // Later runs of the journal, which may make no call, write the whole document.
    for expected in [Some(0), Some(4)] {
        let (code, document) = call(&scratch, &sandbox, &[&apply[..], &["--resume", "--output", "markdown"]].concat());
        assert_eq!(code, expected, "{document}");
        insta::allow_duplicates! { assert_document!(document, @"
        ## Budget changes: budgets.csv

        - Partner: tenant [fresh guid] at http://127.0.0.1:[port]
        - Planned by app 22222222-2222-2222-2222-222222222222 at [time]
        - Applied by app 22222222-2222-2222-2222-222222222222 at [time]
        - 3 changes in 5 rows, of 9 customers of the partner: 3 done, 1 unchanged, 1 unknown customer

        ### Totals

        | currency | changes | old | new | difference |
        | --- | --: | --: | --: | --: |
        | EUR | 1 | 0.00 | 80.00 | +80.00 |
        | GBP | 1 | 97.00 | 120.50 | +23.50 |

        1 change of unknown currency, in no total.

        ### Customers

        | customer | name | old | new | difference | currency | status | time | request id |
        | --- | --- | --: | --: | --: | --- | --- | --- | --- |
        | 00000000-0000-0000-0000-000000000001 | Blue Harbor Logistics | 97.00 | 120.50 | +23.50 | GBP | done | [time] | [fresh guid] |
        | 00000000-0000-0000-0000-000000000002 | Gentle Market Bakery | none | 80.00 | +80.00 | EUR | done | [time] | [fresh guid] |
        | 00000000-0000-0000-0000-000000000004 | Crimson Mountain Nurseries | 97.00 | none | -97.00 |  | done | [time] | [fresh guid] |
        | 99999999-0000-0000-0000-000000000001 |  |  |  |  | EUR | unknown customer |  |  |
        ") };
    }
    let (_, rows) = call(&scratch, &sandbox, &[&apply[..], &["--resume", "--output", "csv"]].concat());
    assert_document!(rows, @"
    customer,name,old,new,difference,currency,status,time,request_id,reason
    00000000-0000-0000-0000-000000000001,Blue Harbor Logistics,97,120.50,23.50,GBP,done,[time],[fresh guid],
    00000000-0000-0000-0000-000000000002,Gentle Market Bakery,,80,80,EUR,done,[time],[fresh guid],
    00000000-0000-0000-0000-000000000003,Upper Prairie Printing,300.000000,300.000000,,,unchanged,,,
    00000000-0000-0000-0000-000000000004,Crimson Mountain Nurseries,97,,-97,,done,[time],[fresh guid],
    99999999-0000-0000-0000-000000000001,,,,,EUR,unknown-customer,,,
    ");
    // The request ids are those of the journal.
    let journal = scratch.read("budgets.csv.journal");
    let ids = rows.lines().skip(1).filter_map(|line| line.split(',').nth(8).filter(|id| !id.is_empty()));
    assert_eq!(ids.map(|id| assert!(journal.contains(&format!("\"request_id\":\"{id}\"")))).count(), 3);
}

#[test]
fn a_conflict_says_which_budget_was_found_and_who_set_it() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(1, "98"));
    let plan = scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]).stdout;
    scratch.write("plan.json", plan);
    sandbox.call(&["set", ONE, "100"]);
    let output = scratch.call(&sandbox, &["apply", "plan.json", "--yes", "--output", "csv"]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert_document!(String::from_utf8(output.stdout).unwrap(), @r#"
    customer,name,old,new,difference,currency,status,time,request_id,reason
    00000000-0000-0000-0000-000000000001,Blue Harbor Logistics,97,98,1,,conflict,[time],,"found 100.00, set by admin-agent@sandbox.example on [time]"
    "#);
}

#[test]
fn a_stored_plan_is_shown_without_any_call() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("budgets.csv", changes().replace(&format!("{UNKNOWN},5,EUR\n"), ""));
    let (code, plan) = call(&scratch, &sandbox, &["plan", "budgets.csv", "--output", "json"]);
    assert_eq!(code, Some(0), "{plan}");
    scratch.write("plan.json", &plan);
    let calls = counters(&sandbox)["calls"].clone();
    assert_document!(shown(&scratch.run(&["plan", "plan.json"])), @"
    exit code: 0
    --- stdout
    customer                              name                            now   wanted  currency  change  line
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics         97.00   120.50  GBP       raise   2
    00000000-0000-0000-0000-000000000002  Gentle Market Bakery        none       80.00  EUR       set     3
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries    97.00  none               clear   5

    4 rows, 4 customers, 3 changes
      set                     1  EUR 0.00 -> 80.00
      raise                   1  GBP 97.00 -> 120.50
      clear                   1
      unchanged               1
      total EUR: 0.00 -> 80.00 (+80.00)
      total GBP: 97.00 -> 120.50 (+23.50)
      not in any total (no currency given): 2 customers
    --- stderr
    made by app 22222222-2222-2222-2222-222222222222 at [time] for tenant [fresh guid] at http://127.0.0.1:[port]
    ");
    assert_document!(shown(&scratch.run(&["plan", "plan.json", "--output", "markdown"])), @"
    exit code: 0
    --- stdout
    ## Planned budget changes: plan.json

    - Partner: tenant [fresh guid] at http://127.0.0.1:[port]
    - Planned by app 22222222-2222-2222-2222-222222222222 at [time]
    - 3 changes in 4 rows, of 9 customers of the partner: 3 planned, 1 unchanged

    ### Totals

    | currency | changes | old | new | difference |
    | --- | --: | --: | --: | --: |
    | EUR | 1 | 0.00 | 80.00 | +80.00 |
    | GBP | 1 | 97.00 | 120.50 | +23.50 |

    1 change of unknown currency, in no total.

    ### Customers

    | customer | name | old | new | difference | currency | status |
    | --- | --- | --: | --: | --: | --- | --- |
    | 00000000-0000-0000-0000-000000000001 | Blue Harbor Logistics | 97.00 | 120.50 | +23.50 | GBP | planned |
    | 00000000-0000-0000-0000-000000000002 | Gentle Market Bakery | none | 80.00 | +80.00 | EUR | planned |
    | 00000000-0000-0000-0000-000000000004 | Crimson Mountain Nurseries | 97.00 | none | -97.00 |  | planned |
    --- stderr
    made by app 22222222-2222-2222-2222-222222222222 at [time] for tenant [fresh guid] at http://127.0.0.1:[port]
    ");
    let shown_again = scratch.run(&["plan", "plan.json", "--output", "json"]).stdout;
    assert_eq!(String::from_utf8(shown_again).unwrap(), plan);
    let refused = shown(&scratch.run(&["plan", "plan.json", "--current", "now.csv"]));
    assert!(refused.starts_with("exit code: 2\n") && refused.contains("error: --current is for sheets"), "{refused}");
    assert_eq!(counters(&sandbox)["calls"], calls);
}

/// Names come from outside, and the document is shown in a browser.
#[test]
fn names_cannot_change_the_document() {
    let scratch = Scratch::new();
    let name = r#"a|b <img src=x> [x](http://y)\u001b"#;
    scratch.write("now.json", format!(r#"[{{"customer":"{ONE}","name":"{name}","amount":97}}]"#));
    scratch.write("budgets.csv", sheet(1, "98"));
    let plan = shown(&scratch.run(&["plan", "budgets.csv", "--current", "now.json", "--output", "markdown"]));
    assert!(plan.contains(r"| a\|b \<img src=x\> \[x\](http://y)\[U+001B\] |"), "{plan}");
}

#[test]
fn a_run_without_changes_has_a_document_too() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    scratch.write("budgets.csv", sheet(1, "97"));
    let (code, document) = call(&scratch, &sandbox, &["apply", "budgets.csv", "--yes", "--output", "markdown"]);
    assert_eq!(code, Some(4));
    assert_document!(document, @"
    ## Planned budget changes: budgets.csv

    - Partner: tenant [fresh guid] at http://127.0.0.1:[port]
    - Planned by app 22222222-2222-2222-2222-222222222222 at [time]
    - 0 changes in 1 row, of 1 customer of the partner: 1 unchanged
    ");
    let (code, rows) = call(&scratch, &sandbox, &["apply", "budgets.csv", "--yes", "--output", "csv"]);
    assert_eq!((code, rows.lines().count()), (Some(4), 2), "{rows}");
}
