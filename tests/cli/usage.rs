//! `usage` and `customers`.

use crate::scratch::Scratch;
use crate::{SandboxProcess, assert_shown, command, run, service, shown};

#[test]
fn usage_is_a_table_of_every_customer() {
    let sandbox = SandboxProcess::start(&["--customers", "9"]);
    assert_shown!(shown(&sandbox.call(&["usage"])), @"
    exit code: 0
    --- stdout
    customer                              name                         budget    cost  currency  status         % used
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics        97.00    27.23  GBP       ok              28.08
    00000000-0000-0000-0000-000000000002  Gentle Market Bakery          -       28.83  EUR       no-budget        -
    00000000-0000-0000-0000-000000000003  Upper Prairie Printing      300.00   138.48  sv-SE     trend-unknown   46.16
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries   97.00   533.52  USD       over           550.02
    00000000-0000-0000-0000-000000000005  Hidden Meadow Publishing     20.00     -               ok               -
    00000000-0000-0000-0000-000000000006  Deep Maple Logistics        300.00    26.59  de-DE     trend-unknown    8.86
    00000000-0000-0000-0000-000000000007  Northern Tower Cycles         -        6.59  SEK       no-budget        -
    00000000-0000-0000-0000-000000000008  Green Canyon Furniture       75.125    0.00  USD       ok               0.00
    00000000-0000-0000-0000-000000000009  Sunny Forest Shipping        97.00    33.79  en-GB     trend-unknown   34.84
    --- stderr
    9 customers
    ");
}

#[test]
fn usage_is_an_array_for_programs() {
    let sandbox = SandboxProcess::start(&["--customers", "2"]);
    assert_shown!(shown(&sandbox.call(&["usage", "--output", "json"])), @r#"
    exit code: 0
    --- stdout
    [{"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":97,"total_cost":27.23292827625710931604,"currency":"GBP","currency_locale":null,"projected_cost":48.06,"over_on":null,"projected_from":"period","status":"ok","percent_used":28.08},{"customer":"00000000-0000-0000-0000-000000000002","name":"Gentle Market Bakery","amount":null,"total_cost":28.82860766744404945074,"currency":"EUR","currency_locale":null,"projected_cost":50.87,"over_on":null,"projected_from":"period","status":"no-budget","percent_used":null}]
    --- stderr
    "#);
}

#[test]
fn customers_are_a_table() {
    let sandbox = SandboxProcess::start(&["--customers", "3"]);
    assert_shown!(shown(&sandbox.call(&["customers"])), @"
    exit code: 0
    --- stdout
    customer                              name                    domain
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics   blueharborlogistics.example.com
    00000000-0000-0000-0000-000000000002  Gentle Market Bakery    gentlemarketbakery.example.com
    00000000-0000-0000-0000-000000000003  Upper Prairie Printing  upperprairieprinting.example.com
    --- stderr
    ");
}

#[test]
fn customers_are_an_array_for_programs_with_every_page_in_it() {
    let sandbox = SandboxProcess::start(&["--customers", "1201"]);
    let output = sandbox.call(&["customers", "--output", "json"]);
    let customers: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(customers.len(), 1201);
    let expected = serde_json::json!({
        "customer": "00000000-0000-0000-0000-000000000001",
        "name": "Blue Harbor Logistics",
        "domain": "blueharborlogistics.example.com",
    });
    assert_eq!(customers[0], expected);
}

#[test]
fn no_customers_are_an_empty_list() {
    let sandbox = SandboxProcess::start(&["--customers", "0"]);
    assert_shown!(shown(&sandbox.call(&["usage", "--output", "json"])), @"
    exit code: 0
    --- stdout
    []
    --- stderr
    ");
    assert_shown!(shown(&sandbox.call(&["customers"])), @"
    exit code: 0
    --- stdout
    customer  name  domain
    --- stderr
    ");
}

#[test]
fn finds_customers_by_the_beginning_of_name_or_domain() {
    let sandbox = SandboxProcess::start(&["--customers", "1201"]);
    // In any letter case, as in the sandbox.
    for search in [["--name", "bLUE harbor"], ["--domain", "BLUEHARBOR"]] {
        let output = sandbox.call(&[&["customers", "--output", "ndjson"], search.as_slice()].concat());
        let lines = String::from_utf8(output.stdout).unwrap();
        assert!(lines.lines().count() > 1, "{lines}");
        assert!(lines.lines().all(|line| line.contains(r#""name":"Blue Harbor "#)), "{lines}");
    }
    assert_shown!(shown(&sandbox.call(&["customers", "--domain", "blueharborlogistics."])), @"
    exit code: 0
    --- stdout
    customer                              name                   domain
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics  blueharborlogistics.example.com
    --- stderr
    ");
    // A match inside a name is not enough.
    assert_shown!(shown(&sandbox.call(&["customers", "--name", "Harbor"])), @"
    exit code: 0
    --- stdout
    customer  name  domain
    --- stderr
    no customer's name begins with `Harbor`
    ");
    assert_shown!(shown(&sandbox.call(&["customers", "--name", "Harbor", "--output", "json"])), @"
    exit code: 0
    --- stdout
    []
    --- stderr
    ");
    assert_shown!(shown(&sandbox.call(&["usage", "--over", "100000"])), @"
    exit code: 0
    --- stdout
    customer  name  budget  cost  currency  status  % used
    --- stderr
    no customer matches
    ");
}

#[test]
fn finds_customers_by_indirect_reseller() {
    let sandbox = SandboxProcess::start(&["--customers", "13"]);
    let reseller = "00000000-0000-0000-0002-000000000001";
    assert_shown!(shown(&sandbox.call(&["customers", "--indirect-reseller", reseller])), @"
    exit code: 0
    --- stdout
    customer                              name                  domain
    00000000-0000-0000-0000-000000000006  Deep Maple Logistics  deepmaplelogistics.example.com
    00000000-0000-0000-0000-00000000000c  Open Coast Optics     opencoastoptics.example.com
    --- stderr
    ");
    let other = "00000000-0000-0000-0002-000000000002";
    assert_shown!(shown(&sandbox.call(&["customers", "--indirect-reseller", other])), @"
    exit code: 0
    --- stdout
    customer  name  domain
    --- stderr
    no customer has an indirect reseller whose id begins with `00000000-0000-0000-0002-000000000002`
    ");
}

#[test]
fn search_by_indirect_reseller_needs_a_user() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "6"]));
    let mut customers = scratch.command(&["customers", "--indirect-reseller", "0", "--base-url", &sandbox.base_url]);
    customers.args(["--authority", &sandbox.base_url]).env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com");
    customers.env("PARTNER_CENTER_CLIENT_ID", "0d1f64d1-6a4c-4a6e-9d0b-1c5f1c1f3a11");
    customers.env("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret");
    assert_shown!(shown(&customers.output().unwrap()), @"
    exit code: 2
    --- stdout
    --- stderr
    error: list_customers with a filter by indirect reseller takes no token of an app alone
     next: sign in as an app and a user, for instance with a refresh token
    ");
}

#[test]
fn refuses_an_empty_search() {
    for search in [
        ["--name", ""].as_slice(),
        &["--domain", ""],
        &["--indirect-reseller", ""],
        &["--name", "a", "--domain", "a"],
        &["--name", "a", "--indirect-reseller", "a"],
        &["--indirect-reseller", "a", "--domain", "a"],
        &["--name"],
    ] {
        let output = command(&["--sandbox", "customers"]).args(search).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn lists_work_in_the_sandbox() {
    assert!(run(&["--sandbox", "usage"]).contains("Blue Harbor Logistics"));
    assert!(run(&["--sandbox", "customers"]).contains("blueharborlogistics.example.com"));
}

/// A service that sends its usage records in two pages, and no customers.
fn two_pages() -> String {
    service(|path| {
        let body = match path {
            "/v1/customers/usagerecords" => r#"{"items":[{"name":"One","totalCost":1}],"continuationToken":"a=="}"#,
            "/v1/customers/usagerecords?seekOperation=Next" => r#"{"items":[{"name":"Two","totalCost":2}]}"#,
            _ => r#"{"items":[]}"#,
        };
        body.to_owned()
    })
}

#[test]
fn usage_has_the_records_of_every_page() {
    let output = command(&["--base-url", &two_pages(), "usage"]).env("PARTNER_CENTER_TOKEN", "token").output().unwrap();
    assert_shown!(shown(&output), @"
    exit code: 0
    --- stdout
    customer  name  budget  cost  currency  status     % used
              One        -  1.00            no-budget       -
              Two        -  2.00            no-budget       -
    --- stderr
    2 customers
    ");
}
