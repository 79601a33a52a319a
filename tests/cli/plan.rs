//! `plan`: the changes that a sheet would make.

use std::io::Write;
use std::process::Stdio;

use crate::scratch::{Scratch, counters, id, sheet};
use crate::{ONE, SandboxProcess, UNKNOWN, assert_shown, shown};

/// A sheet as Excel saves it with decimal commas, with all features.
fn excel_sheet() -> String {
    let [two, four, five] = [2, 4, 5].map(id);
    format!(
        "\u{feff}Spending Budget;Notes ; CUSTOMER-Tenant-ID;Customer\r\n\r\n 120.50 ;\"one\r\ntwo\";{ONE};\"BLUE; Harbor Logistics, Ltd.\"\r\n\
         80;;{two};gentle-market bakery\r\n\r\nNone;;{four};\r\n;;{five};\r\n;;;\r\n80.0;;{two};\r\n"
    )
}

#[test]
fn plan_shows_the_changes() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "9"]));
    scratch.write("budgets.csv", excel_sheet());
    assert_shown!(shown(&scratch.call(&sandbox, &["plan", "budgets.csv"])), @"
    exit code: 0
    --- stdout
    customer                              name                            now   wanted  change  line
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics         97.00   120.50  raise   3
    00000000-0000-0000-0000-000000000002  Gentle Market Bakery        none       80.00  set     5, 10
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries    97.00  none     clear   7

    5 rows, 4 customers, 3 changes
      set                     1
      raise                   1
      clear                   1
      unchanged               1
      rows that repeat an earlier one: 1
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    ");
}

#[test]
fn reads_commas_tabs_and_a_sep_line() {
    let scratch = Scratch::new();
    for sheet in [
        format!("customer,amount\n{ONE},5\n"),
        format!("AMOUNT\tcustomer id\n5\t{ONE}\n"),
        format!("sep=;\r\ncustomer;budget\r\n{ONE};5\r\n"),
        format!("\"sep=;\"\r\n\"customer\";\"budget\"\r\n\"{ONE}\";\"5\"\r\n"),
        format!("\"SEP=|\",,\r\ncustomer|budget\r\n{ONE}|5\r\n"),
        format!("\"sep=\t\"\r\ncustomer\tbudget\r\n{ONE}\t5\r\n"),
        format!("customer,amount\r{ONE},5"),
        format!("\"tenant_id\",\"Budget\"\n\"{ONE}\",\"5\"\n"),
    ] {
        scratch.write("budgets.csv", &sheet);
        let output = scratch.run(&["--sandbox", "plan", "budgets.csv", "--output", "json"]);
        assert_eq!(output.status.code(), Some(0), "{sheet}\n{}", shown(&output));
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(plan["entries"][0]["to"], "5", "{sheet}");
    }
}

#[test]
fn reads_a_sheet_from_standard_input() {
    let mut child = Scratch::new()
        .command(&["--sandbox", "plan", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(sheet(1, "1,5").as_bytes()).unwrap();
    assert_shown!(shown(&child.wait_with_output().unwrap()), @"
    exit code: 2
    --- stdout
    --- stderr
    standard input:2:40: 3 cells, but the first line names 2; write decimals with a point, and quote cells that contain `,`
    error: cannot use standard input
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn plan_is_one_json_object() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    let lines =
        String::from_utf8(scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "ndjson"]).stdout).unwrap();
    assert_eq!(lines.lines().count(), 1, "{lines}");
    scratch.write("plan.json", &lines);
    let applied = scratch.call(&sandbox, &["apply", "plan.json", "--yes", "--output", "ndjson"]);
    let summary: serde_json::Value = serde_json::from_slice(&applied.stdout).unwrap();
    assert_eq!(summary["done"], 3, "{}", shown(&applied));
}

#[test]
fn zero_is_an_amount_and_none_clears() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", format!("customer,amount\n{ONE},0\n{},none\n", id(3)));
    let output = scratch.run(&["--sandbox", "plan", "budgets.csv", "--output", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds = [&plan["entries"][0], &plan["entries"][1]].map(|entry| (entry["kind"].clone(), entry["to"].clone()));
    assert_eq!(kinds, [("lower".into(), "0".into()), ("clear".into(), serde_json::Value::Null)]);
}

#[test]
fn nothing_to_do_exits_with_4() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", format!("customer,amount\n{ONE},97.00\n"));
    assert_shown!(shown(&scratch.run(&["--sandbox", "plan", "budgets.csv"])), @"
    exit code: 4
    --- stdout
    1 row, 1 customer, 0 changes
      unchanged               1
    --- stderr
    for --sandbox, tenant sandbox.example
    nothing to do: all budgets are already as in the sheet
    ");
}

#[test]
fn unknown_customer_makes_plan_fail() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", format!("customer,amount\n{ONE},98\n{UNKNOWN},5\n"));
    assert_shown!(shown(&scratch.run(&["--sandbox", "plan", "budgets.csv"])), @"
    exit code: 1
    --- stdout
    customer                              name                     now  wanted  change            line
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics  97.00   98.00  raise             2
    99999999-0000-0000-0000-000000000001                                        unknown-customer  3

    2 rows, 2 customers, 1 change
      raise                   1
      unknown-customer        1
    --- stderr
    for --sandbox, tenant sandbox.example
    error: 1 of the sheet's customers cannot be planned
      why: the service does not know them, or they are no longer your customers
     next: remove the lines with unknown-customer, or apply with --skip-unknown
    ");
}

#[test]
fn current_budgets_from_a_file_need_no_call() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    scratch.write("budgets.csv", sheet(3, "98"));
    for (name, arguments) in [
        ("now.csv", ["export"].as_slice()),
        ("now.json", &["export", "--output", "json"]),
        ("usage.json", &["usage", "--output", "json"]),
    ] {
        scratch.write(name, scratch.call(&sandbox, arguments).stdout);
        let calls = counters(&sandbox)["calls"].clone();
        let online = scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]);
        assert_ne!(counters(&sandbox)["calls"], calls);
        // Needs neither a token nor a sandbox.
        let offline = scratch.run(&["plan", "budgets.csv", "--current", name, "--output", "json"]);
        // Each plan has its own id.
        let [(mut offline, currencies), (online, none)] = [offline, online].map(|output| {
            let mut plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert!(plan.as_object_mut().unwrap().remove("id").is_some());
            plan.as_object_mut().unwrap().remove("partner");
            let entries = plan["entries"].as_array_mut().unwrap();
            for entry in entries.iter_mut() {
                // The export writes an amount with two places.
                if let Some(from) = entry["from"].as_str().filter(|from| from.contains('.')) {
                    entry["from"] = from.trim_end_matches('0').trim_end_matches('.').into();
                }
            }
            let currencies: Vec<_> =
                entries.iter_mut().filter_map(|entry| entry.as_object_mut().unwrap().remove("currency")).collect();
            (plan, currencies)
        });
        assert_eq!(offline.take(), online);
        // The CSV of `export` has codes only.
        let known = [r#"{"code":"GBP"}"#, r#"{"code":"EUR"}"#, r#"{"locale":"sv-SE"}"#];
        let known = if name == "now.csv" { &known[..2] } else { &known };
        assert_eq!(currencies.iter().map(ToString::to_string).collect::<Vec<_>>(), known);
        assert!(none.is_empty());
    }
}

#[test]
fn unreadable_budget_prevents_the_plan() {
    let sandbox =
        SandboxProcess::start(&["--customers", "3", "--fault", "status=400,code=2000@get_usage_budget:nth=2"]);
    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(3, "98"));
    let message = shown(&scratch.call(&sandbox, &["plan", "budgets.csv"]));
    assert!(message.starts_with("exit code: 1\n--- stdout\n--- stderr\nfor "), "{message}");
    assert!(message.contains("error: 1 of 3 budgets could not be read, so there is no plan"), "{message}");
}

/// Windows PowerShell redirects in UTF-16. Other programs write a byte order mark before UTF-8.
#[test]
fn reads_output_redirected_by_powershell() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    let utf_16 = |bytes: Vec<u8>| {
        let text = format!("\u{feff}{}", String::from_utf8(bytes).unwrap());
        text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()
    };
    let marked = |bytes: Vec<u8>| [b"\xEF\xBB\xBF".to_vec(), bytes].concat();
    scratch.write("budgets.csv", utf_16(sheet(3, "98").into_bytes()));
    for format in ["ndjson", "json", "csv"] {
        let usage = scratch.call(&sandbox, &["usage", "--output", format]).stdout;
        for bytes in [usage.clone(), marked(usage.clone()), utf_16(usage)] {
            scratch.write("now", bytes);
            let planned = shown(&scratch.run(&["plan", "budgets.csv", "--current", "now"]));
            assert!(planned.starts_with("exit code: 0\n") && planned.contains("3 customers, 3 changes"), "{planned}");
        }
    }
    // The export begins with a mark, which becomes a character if a shell decodes it.
    let export = scratch.call(&sandbox, &["export"]).stdout;
    for bytes in [export.clone(), marked(export.clone()), utf_16(export)] {
        scratch.write("now", bytes);
        for arguments in
            [&["plan", "budgets.csv", "--current", "now"][..], &["plan", "now", "--current", "budgets.csv"]]
        {
            let planned = shown(&scratch.run(arguments));
            assert!(planned.contains("3 customers, 3 changes"), "{planned}");
        }
    }
    let plan = scratch.call(&sandbox, &["plan", "budgets.csv", "--output", "json"]).stdout;
    for (name, bytes, expected) in [("marked", marked(plan.clone()), 3), ("utf-16", utf_16(plan), 0)] {
        scratch.write(name, bytes);
        let applied = scratch.call(&sandbox, &["apply", name, "--yes", "--output", "json"]);
        let summary: serde_json::Value = serde_json::from_slice(&applied.stdout).unwrap();
        assert_eq!((&summary["changes"], &summary["done"]), (&3.into(), &expected.into()), "{}", shown(&applied));
    }
}

/// The planned amounts of a sheet, and standard error.
fn planned(scratch: &Scratch, sheet: &str, options: &[&str]) -> (Vec<String>, String) {
    scratch.write("budgets.csv", sheet);
    let planned = scratch.run(&[&["--sandbox", "plan", "budgets.csv", "--output", "json"], options].concat());
    let message = String::from_utf8(planned.stderr).unwrap();
    let Ok(plan) = serde_json::from_slice::<serde_json::Value>(&planned.stdout) else { return (Vec::new(), message) };
    let entries = plan["entries"].as_array().unwrap();
    (entries.iter().map(|entry| entry["to"].as_str().unwrap().to_owned()).collect(), message)
}

#[test]
fn reads_decimal_commas_without_contradiction() {
    let scratch = Scratch::new();
    let [two, three] = [2, 3].map(id);
    for delimiter in [";", "\t"] {
        let sheet = format!("customer;amount\n{ONE};2500,50\n{two};80\n{three};0,125\n").replace(';', delimiter);
        let (amounts, message) = planned(&scratch, &sheet, &[]);
        assert_eq!(amounts, ["2500.50", "80", "0.125"], "{message}");
        assert!(
            message.contains("note: the amounts of budgets.csv have a decimal comma: 2500,50 is read as 2500.50\n"),
            "{message}"
        );
    }
    // Decimal points give no notice.
    let (amounts, message) = planned(&scratch, &format!("customer;amount\n{ONE};2500.50\n"), &[]);
    assert_eq!((amounts, message.contains("note")), (vec!["2500.50".to_owned()], false));
}

#[test]
fn option_settles_the_decimal_mark_only() {
    let scratch = Scratch::new();
    let one = |delimiter: &str, cell: &str| format!("customer{delimiter}amount\n{ONE}{delimiter}{cell}\n");
    for (sheet, option, expected) in [
        (one(",", "\"2500,50\""), "comma", "2500.50"),
        (one(";", "1,234"), "comma", "1.234"),
        (one(";", "1.234"), "point", "1.234"),
        (one("\t", "-1,5"), "comma", "-1.5"),
    ] {
        assert_eq!(planned(&scratch, &sheet, &["--decimal", option]).0, [expected], "{sheet}");
    }
    for (sheet, option, expected) in [
        (one(";", "1.234"), "comma", "`1.234` is not a plain number; write `1234`"),
        (one(";", "1,234"), "point", "`1,234` is not a plain number; write `1234`"),
        (one(";", "80.5"), "comma", "`80.5` is not an amount; write digits with at most one comma, such as 2500,50"),
        (one(";", "80,5"), "point", "`80,5` is not an amount; write digits with at most one point, such as 2500.50"),
    ] {
        let (amounts, message) = planned(&scratch, &sheet, &["--decimal", option]);
        assert!(amounts.is_empty() && message.contains(expected), "{message}");
    }
    // --decimal does not apply to the file of current budgets.
    scratch.write("now.csv", one(";", "97,5") + &format!("{};1.5\n", id(2)));
    let message = planned(&scratch, &one(";", "97,5"), &["--current", "now.csv"]).1;
    assert!(message.contains("choose with --current-decimal comma or --current-decimal point\n"), "{message}");
    scratch.write("now.csv", one(";", "1,234"));
    let options = ["--current", "now.csv", "--current-decimal", "comma", "--decimal", "point"];
    assert_eq!(planned(&scratch, &one(";", "1.234"), &options).0, ["1.234"]);
}
