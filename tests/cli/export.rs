//! `export`: what `plan` reads back.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use crate::scratch::{Scratch, counters};
use crate::{ONE, SandboxProcess, assert_shown, command, shown};

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
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
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
    assert_shown!(shown(&scratch.call(&sandbox, &["export", "--output", "ndjson"])), @r#"
    exit code: 0
    --- stdout
    {"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":97}
    {"customer":"00000000-0000-0000-0000-000000000002","name":"Gentle Market Bakery","amount":null}
    {"customer":"00000000-0000-0000-0000-000000000003","name":"Upper Prairie Printing","amount":300.000000}
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

/// A service with one customer, of that name and without a budget.
fn one_customer(name: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut line, mut rest) = (String::new(), String::new());
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            lines.read_line(&mut line).unwrap();
            while lines.read_line(&mut rest).unwrap() > 2 {}
            let profile = serde_json::json!({ "tenantId": ONE, "companyName": name });
            let body = match line.contains("usagebudget") {
                true => serde_json::json!({ "attributes": { "objectType": "SpendingBudget" } }),
                false => serde_json::json!({ "totalCount": 1, "items": [{ "id": ONE, "companyProfile": profile }] }),
            };
            let body = body.to_string();
            let length = body.len();
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
        }
    });
    base_url
}

#[test]
fn a_name_is_no_formula_and_comes_back() {
    for (name, cell) in [
        ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
        ("@SUM(1+1)", "'@SUM(1+1)"),
        ("-2+3", "'-2+3"),
        ("'t Gasthuis", "''t Gasthuis"),
        ("One, \"Two\" & Co", "\"One, \"\"Two\"\" & Co\""),
    ] {
        let scratch = Scratch::new();
        let base_url = one_customer(name);
        let export =
            command(&["--base-url", &base_url, "export"]).env("PARTNER_CENTER_TOKEN", "token").output().unwrap();
        assert_eq!(
            String::from_utf8(export.stdout.clone()).unwrap(),
            format!("customer,name,amount\n{ONE},{cell},none\n")
        );
        scratch.write("now.csv", &export.stdout);
        // A plan shows the name of the export.
        scratch.write("budgets.csv", format!("customer,amount\n{ONE},5\n"));
        let plan = shown(&scratch.run(&["plan", "budgets.csv", "--current", "now.csv"]));
        assert!(plan.contains(&format!("{ONE}  {name}  none    5.00  set     2\n")), "{plan}");
    }
}
