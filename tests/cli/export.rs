//! `export`: what `plan` reads back.

use crate::scratch::{Scratch, counters};
use crate::{SandboxProcess, assert_shown, shown};

#[test]
fn an_export_is_a_sheet_without_changes() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "700"]));
    let output = scratch.call(&sandbox, &["export"]);
    assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(0), true), "{}", shown(&output));
    scratch.write("budgets.csv", &output.stdout);
    assert_eq!(scratch.read("budgets.csv").lines().count(), 701);
    assert_shown!(shown(&scratch.call(&sandbox, &["plan", "budgets.csv"])), @"
    exit code: 4
    --- stdout
    700 rows, 700 customers, 0 changes
      unchanged             700
    --- stderr
    nothing to do: all budgets are as the sheet wants them
    ");
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]).status.code(), Some(4));
    assert_eq!(counters(&sandbox)["budgetWrites"], serde_json::json!({}));
}

#[test]
fn an_export_has_all_digits() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    assert_shown!(shown(&scratch.call(&sandbox, &["export"])), @"
    exit code: 0
    --- stdout
    customer,name,amount
    00000000-0000-0000-0000-000000000001,Blue Harbor Logistics,97
    00000000-0000-0000-0000-000000000002,Gentle Market Bakery,none
    00000000-0000-0000-0000-000000000003,Upper Prairie Printing,300.000000
    --- stderr
    ");
    assert_shown!(shown(&scratch.call(&sandbox, &["export", "--output", "json"])), @r#"
    exit code: 0
    --- stdout
    [{"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":97},{"customer":"00000000-0000-0000-0000-000000000002","name":"Gentle Market Bakery","amount":null},{"customer":"00000000-0000-0000-0000-000000000003","name":"Upper Prairie Printing","amount":300.000000}]
    --- stderr
    "#);
}

#[test]
fn who_cannot_be_read_is_named_and_left_out() {
    let sandbox = SandboxProcess::start(&["--customers", "1", "--fault", "status=403,code=900150@get_usage_budget"]);
    assert_shown!(shown(&Scratch::new().call(&sandbox, &["export"])), @"
    exit code: 1
    --- stdout
    customer,name,amount
    --- stderr
    00000000-0000-0000-0000-000000000001: get_usage_budget was refused: 403 Forbidden, code 900150: The supplied role does not have the rights; give the signed-in user the role of an admin agent
    error: not all customers could be read; missing in the export: 1
     next: run it again
    ");
}
