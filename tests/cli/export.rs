//! `export`, and reading it back with `plan`.

use crate::scratch::{Scratch, counters, id};
use crate::{SandboxProcess, assert_shown, command, service, shown};

#[test]
fn export_is_a_sheet_without_changes() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "700"]));
    let output = scratch.call(&sandbox, &["export"]);
    assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(0), true), "{}", shown(&output));
    scratch.write("budgets.csv", &output.stdout);
    assert_eq!(scratch.read("budgets.csv").lines().count(), 701);
    assert_shown!(shown(&scratch.call(&sandbox, &["plan", "budgets.csv"])), @"
    exit code: 4
    --- stdout
    700 rows, 700 customers, 0 changes
      unchanged             700  EUR 184263.875, GBP 65718.875, SEK 192169.375, USD 268053.875
      total EUR: 184263.875 -> 184263.875 (0.00)
      total GBP: 65718.875 -> 65718.875 (0.00)
      total SEK: 192169.375 -> 192169.375 (0.00)
      total USD: 268053.875 -> 268053.875 (0.00)
      not in any total (no currency given): 291 customers
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    warning: the currencies of budgets.csv were not checked; to check them, use `plan --current` with a file from `usage --output json`
    nothing to do: all budgets are already as in the sheet
    ");
    assert_eq!(scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]).status.code(), Some(4));
    assert_eq!(counters(&sandbox)["budgetWrites"], serde_json::json!({}));
}

#[test]
fn export_has_currency_cost_and_plain_numbers() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "3"]));
    let output = scratch.call(&sandbox, &["export"]);
    assert!(output.stdout.starts_with(b"\xEF\xBB\xBFcustomer,"), "{}", shown(&output));
    assert_shown!(shown(&scratch.call(&sandbox, &["export", "--no-byte-order-mark"])), @r#"
    exit code: 0
    --- stdout
    customer,name,amount,currency,cost
    "00000000-0000-0000-0000-000000000001","Blue Harbor Logistics",97.00,"GBP",27.23292827625710931604
    "00000000-0000-0000-0000-000000000002","Gentle Market Bakery","none","EUR",28.82860766744404945074
    "00000000-0000-0000-0000-000000000003","Upper Prairie Printing",300.00,,138.48441401676596576135
    --- stderr
    "#);
    assert_shown!(shown(&scratch.call(&sandbox, &["export", "--no-byte-order-mark", "--delimiter", "semicolon", "--decimal", "comma"])), @r#"
    exit code: 0
    --- stdout
    customer;name;amount;currency;cost
    "00000000-0000-0000-0000-000000000001";"Blue Harbor Logistics";97,00;"GBP";27,23292827625710931604
    "00000000-0000-0000-0000-000000000002";"Gentle Market Bakery";"none";"EUR";28,82860766744404945074
    "00000000-0000-0000-0000-000000000003";"Upper Prairie Printing";300,00;;138,48441401676596576135
    --- stderr
    "#);
    let tabs = scratch.call(&sandbox, &["export", "--delimiter", "tab"]).stdout;
    assert!(String::from_utf8(tabs).unwrap().starts_with("\u{feff}customer\tname\tamount\tcurrency\tcost\n"));
    // Programs get all digits, and locales.
    assert_shown!(shown(&scratch.call(&sandbox, &["export", "--output", "json"])), @r#"
    exit code: 0
    --- stdout
    [{"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":97,"total_cost":27.23292827625710931604,"currency":"GBP","currency_locale":null},{"customer":"00000000-0000-0000-0000-000000000002","name":"Gentle Market Bakery","amount":null,"total_cost":28.82860766744404945074,"currency":"EUR","currency_locale":null},{"customer":"00000000-0000-0000-0000-000000000003","name":"Upper Prairie Printing","amount":300.000000,"total_cost":138.48441401676596576135,"currency":null,"currency_locale":"sv-SE"}]
    --- stderr
    "#);
    assert_shown!(shown(&scratch.call(&sandbox, &["export", "--output", "ndjson"])), @r#"
    exit code: 0
    --- stdout
    {"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":97,"total_cost":27.23292827625710931604,"currency":"GBP","currency_locale":null}
    {"customer":"00000000-0000-0000-0000-000000000002","name":"Gentle Market Bakery","amount":null,"total_cost":28.82860766744404945074,"currency":"EUR","currency_locale":null}
    {"customer":"00000000-0000-0000-0000-000000000003","name":"Upper Prairie Printing","amount":300.000000,"total_cost":138.48441401676596576135,"currency":null,"currency_locale":"sv-SE"}
    --- stderr
    "#);
}

#[test]
fn refuses_csv_options_for_json() {
    let refused = |arguments: &[&str]| shown(&Scratch::new().run(&[&["--sandbox", "export"], arguments].concat()));
    assert_shown!(refused(&["--output", "json", "--delimiter", "tab"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: --delimiter, --decimal and --no-byte-order-mark are for CSV
      why: the output is JSON
     next: leave them out, or use --output csv; nothing was sent
    ");
    assert_shown!(refused(&["--decimal", "comma"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: amounts cannot have a decimal comma here
      why: commas separate the columns
     next: add --delimiter semicolon; nothing was sent
    ");
}

/// The usage records need a token with a user.
#[test]
fn app_only_token_exports_budgets_without_costs() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    let mut export = scratch.command(&["export", "--no-byte-order-mark", "--base-url", &sandbox.base_url]);
    export.args(["--authority", &sandbox.base_url]).env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com");
    export.env("PARTNER_CENTER_CLIENT_ID", "0d1f64d1-6a4c-4a6e-9d0b-1c5f1c1f3a11");
    export.env("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret");
    assert_shown!(shown(&export.output().unwrap()), @r#"
    exit code: 0
    --- stdout
    customer,name,amount,currency,cost
    "00000000-0000-0000-0000-000000000001","Blue Harbor Logistics",97.00,,
    --- stderr
    warning: currency and cost are left empty: list_customer_usage_records takes no token of an app alone; sign in as an app and a user, for instance with a refresh token
    "#);
    // The client cannot inspect this token, so the service rejects it.
    for fault in ["status=403,code=900329", "status=403,code=900150"] {
        let fault = format!("{fault}@list_customer_usage_records");
        let sandbox = SandboxProcess::start(&["--customers", "1", "--fault", &fault]);
        let message = shown(&scratch.call(&sandbox, &["export"]));
        assert!(
            message.starts_with("exit code: 0\n") && message.contains(",\"Blue Harbor Logistics\",97.00,,\n"),
            "{message}"
        );
        assert!(message.contains("warning: currency and cost are left empty: "), "{message}");
    }
    // Unread costs must not look like no costs.
    let sandbox =
        SandboxProcess::start(&["--customers", "1", "--fault", "status=400,code=2000@list_customer_usage_records"]);
    let message = shown(&scratch.call(&sandbox, &["export"]));
    assert!(message.starts_with("exit code: 1\n--- stdout\n--- stderr\nerror: "), "{message}");
}

#[test]
fn lists_and_leaves_out_customers_that_cannot_be_read() {
    let sandbox = SandboxProcess::start(&["--customers", "1", "--fault", "status=403,code=900150@get_usage_budget"]);
    assert_shown!(shown(&Scratch::new().call(&sandbox, &["export", "--no-byte-order-mark"])), @"
    exit code: 1
    --- stdout
    customer,name,amount,currency,cost
    --- stderr
    00000000-0000-0000-0000-000000000001: get_usage_budget was refused: 403 Forbidden, code 900150: The supplied role does not have the rights; give the signed-in user the role of an admin agent
    error: not all customers could be read; missing in the export: 1
     next: run it again
    ");
}

/// Names and amounts that spreadsheets easily corrupt.
const CUSTOMERS: [(&str, Option<&str>); 17] = [
    ("=HYPERLINK(\"http://x\",\"y\")", None),
    ("x;=HYPERLINK(\"http://x\")", Some("1.234")),
    ("x;\"=1\",\"+2\"", Some("12.345000")),
    ("@SUM(1+1)", Some("300.000000")),
    ("\t-2+3", Some("0.125")),
    ("\n=1\r\n00000000-0000-0000-0000-000000000001,5", Some("28.82860766744404945074")),
    ("＝1＋1", Some("9999999999999999999999999999")),
    ("'t Gasthuis", Some("-7")),
    ("One, \"Two\" & Co", Some("0.00000001")),
    ("Müller\tGmbH", Some("1234.567")),
    ("\u{feff}=1", Some("999.999")),
    ("none", Some("0")),
    ("007", Some("-1.500")),
    ("東京; (株)", Some("1000000")),
    ("a\u{1b}[2Jb", Some("1.5")),
    ("", Some("2")),
    ("\"", Some("3")),
];

/// A service with these customers, each without usage.
fn fragile_customers() -> String {
    service(|path| {
        if path.starts_with("/v1/customers/usagerecords") {
            return r#"{"totalCount":0,"items":[],"attributes":{"objectType":"Collection"}}"#.to_owned();
        }
        if path.contains("usagebudget") {
            let at = (0..CUSTOMERS.len()).find(|at| path.contains(&id(at + 1))).unwrap();
            let amount = CUSTOMERS[at].1.unwrap_or("null");
            return format!(r#"{{"amount":{amount},"attributes":{{"objectType":"SpendingBudget"}}}}"#);
        }
        let items: Vec<_> = CUSTOMERS
            .iter()
            .enumerate()
            .map(|(at, (name, _))| {
                serde_json::json!({ "id": id(at + 1), "companyProfile": { "tenantId": id(at + 1), "companyName": name } })
            })
            .collect();
        serde_json::json!({ "totalCount": items.len(), "items": items }).to_string()
    })
}

#[test]
fn plan_reads_every_export_back_unchanged() {
    let (scratch, base_url) = (Scratch::new(), fragile_customers());
    let run = |arguments: &[&str]| {
        let mut command = scratch.command(&[arguments, &["--base-url", &base_url]].concat());
        command.env("PARTNER_CENTER_TOKEN", "token").output().unwrap()
    };
    scratch.write("now.json", run(&["export", "--output", "json"]).stdout);
    for options in [
        &[][..],
        &["--no-byte-order-mark"],
        &["--delimiter", "semicolon"],
        &["--delimiter", "semicolon", "--decimal", "comma"],
        &["--delimiter", "tab"],
        &["--delimiter", "tab", "--decimal", "comma"],
    ] {
        let exported = run(&[&["export"], options].concat());
        assert_eq!(exported.status.code(), Some(0), "{}", shown(&exported));
        scratch.write("budgets.csv", &exported.stdout);
        // The same budgets, and the same names.
        for plan in [&["plan", "budgets.csv"][..], &["plan", "budgets.csv", "--current", "now.json"]] {
            let planned = shown(&run(plan));
            assert!(planned.starts_with("exit code: 4\n--- stdout\n17 rows, 17 customers, 0 changes\n"), "{planned}");
            assert!(!planned.contains("warning: "), "{planned}");
        }
        // Every amount changes, so that the plan shows every name.
        let current: String = (1..=CUSTOMERS.len())
            .fold("customer,amount\n".to_owned(), |all, number| format!("{all}{},123\n", id(number)));
        scratch.write("now.csv", current);
        let planned = shown(&run(&["plan", "budgets.csv", "--current", "now.csv"]));
        for name in ["  x;=HYPERLINK(\"http://x\")  ", "  @SUM(1+1)  ", "  't Gasthuis  ", "  ＝1＋1  "] {
            assert!(planned.contains(name), "{planned}");
        }
    }
}

#[test]
fn no_cell_is_a_formula_with_any_delimiter() {
    let base_url = fragile_customers();
    for options in [&[][..], &["--delimiter", "semicolon"], &["--delimiter", "tab"]] {
        let mut export = command(&[&["export", "--no-byte-order-mark", "--base-url", &base_url], options].concat());
        let text = String::from_utf8(export.env("PARTNER_CENTER_TOKEN", "token").output().unwrap().stdout).unwrap();
        assert_eq!(text.lines().count(), CUSTOMERS.len() + 1, "{text}");
        for cell in text.lines().skip(1).flat_map(|line| line.split([';', ',', '\t', '|'])) {
            let cell =
                cell.trim_start_matches(|first: char| first == '"' || first.is_whitespace() || first == '\u{feff}');
            let is_number =
                cell.strip_prefix('-').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
            assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell} in {text}");
        }
        // Each text is quoted, and each number is bare.
        assert!(text.contains("\"007\"") && text.contains("\"none\"") && !text.contains("\"-7.00\""), "{text}");
    }
}
