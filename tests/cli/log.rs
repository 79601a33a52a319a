//! `log`: who changed which budget, and when.

use std::process::Output;

use crate::{ONE, SandboxProcess, command, run, service, shown};

/// As `assert_shown`, without the times and days of the test.
macro_rules! assert_log {
    ($output:expr, @$expected:literal) => {
        insta::with_settings!({ filters => vec![
            (r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d", "[date and time]    "),
            (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[time]"),
            (r"20\d\d-\d\d-\d\d", "[day]"),
            (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "[fresh guid]"),
        ] }, { insta::assert_snapshot!($output, @$expected) })
    };
}

/// Runs a command as an app without a user.
fn call_as_app(sandbox: &SandboxProcess, arguments: &[&str]) -> Output {
    let address = ["--base-url", &sandbox.base_url, "--authority", &sandbox.base_url];
    command(&[&address, arguments].concat())
        .env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com")
        .env("PARTNER_CENTER_CLIENT_ID", "budget-app")
        .env("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret")
        .output()
        .unwrap()
}

/// A sandbox where a user and an app changed budgets.
fn sandbox_with_changes() -> SandboxProcess {
    let sandbox = SandboxProcess::start(&["--customers", "12"]);
    assert!(sandbox.call(&["set", ONE, "28.82860766744404945074"]).status.success());
    assert!(call_as_app(&sandbox, &["clear", "00000000-0000-0000-0000-000000000004"]).status.success());
    assert!(sandbox.call(&["set", ONE, "120.00"]).status.success());
    sandbox
}

#[test]
fn shows_users_and_apps_with_old_and_new_budgets() {
    let sandbox = sandbox_with_changes();
    assert_log!(shown(&sandbox.call(&["log"])), @"
    exit code: 0
    --- stdout
    time (UTC)           customer                              name                        who                                              old                        new  status
    [date and time]      00000000-0000-0000-0000-000000000001  Blue Harbor Logistics       admin-agent@sandbox.example  28.82860766744404945074   120.00                    succeeded
    [date and time]      00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries  budget-app                   97                       none                       succeeded
    [date and time]      00000000-0000-0000-0000-000000000001  Blue Harbor Logistics       admin-agent@sandbox.example  97                         28.82860766744404945074  succeeded
    --- stderr
    3 changes of budgets
    ");
    assert_log!(shown(&call_as_app(&sandbox, &["log", "--output", "ndjson"])), @r#"
    exit code: 0
    --- stdout
    {"time":"[time]","customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","who":"admin-agent@sandbox.example","old":28.82860766744404945074,"new":120.00,"status":"succeeded","operation":"update_customer_spending_budget","app":"sandbox","correlation_id":"[fresh guid]"}
    {"time":"[time]","customer":"00000000-0000-0000-0000-000000000004","name":"Crimson Mountain Nurseries","who":"budget-app","old":97,"new":null,"status":"succeeded","operation":"update_customer_spending_budget","app":"budget-app","correlation_id":"[fresh guid]"}
    {"time":"[time]","customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","who":"admin-agent@sandbox.example","old":97,"new":28.82860766744404945074,"status":"succeeded","operation":"update_customer_spending_budget","app":"sandbox","correlation_id":"[fresh guid]"}
    --- stderr
    "#);
    assert_log!(shown(&sandbox.call(&["log", "--output", "csv"])), @"
    exit code: 0
    --- stdout
    time,customer,name,who,old,new,status,operation,app,correlation_id
    [time],00000000-0000-0000-0000-000000000001,Blue Harbor Logistics,admin-agent@sandbox.example,28.82860766744404945074,120.00,succeeded,update_customer_spending_budget,sandbox,[fresh guid]
    [time],00000000-0000-0000-0000-000000000004,Crimson Mountain Nurseries,budget-app,97,none,succeeded,update_customer_spending_budget,budget-app,[fresh guid]
    [time],00000000-0000-0000-0000-000000000001,Blue Harbor Logistics,admin-agent@sandbox.example,97,28.82860766744404945074,succeeded,update_customer_spending_budget,sandbox,[fresh guid]
    --- stderr
    ");
    assert_log!(shown(&sandbox.call(&["log", "--output", "markdown", "--all-operations"])), @r#"
    exit code: 0
    --- stdout
    | time (UTC) | customer | name | who | operation | status |
    | --- | --- | --- | --- | --- | --- |
    | [date and time]     | 00000000-0000-0000-0000-000000000001 | Blue Harbor Logistics | admin-agent\@sandbox.example | update\_customer\_spending\_budget | succeeded |
    | [date and time]     | 00000000-0000-0000-0000-000000000004 | Crimson Mountain Nurseries | budget-app | update\_customer\_spending\_budget | succeeded |
    | [date and time]     | 00000000-0000-0000-0000-000000000001 | Blue Harbor Logistics | admin-agent\@sandbox.example | update\_customer\_spending\_budget | succeeded |
    --- stderr
    3 changes
    "#);
}

#[test]
fn selects_a_customer_and_days() {
    let sandbox = sandbox_with_changes();
    assert_log!(shown(&sandbox.call(&["log", "crimson", "--since", "7d"])), @"
    exit code: 0
    --- stdout
    time (UTC)           customer                              name                        who         old   new  status
    [date and time]      00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries  budget-app   97  none  succeeded
    --- stderr
    `crimson` is the beginning of one customer: 00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries  crimsonmountainnurseries.example.com
    1 change of a budget
    ");
    assert_log!(shown(&sandbox.call(&["log", ONE, "--until", "2d"])), @"
    exit code: 0
    --- stdout
    time (UTC)  customer  name  who  old  new  status
    --- stderr
    no budget was changed since [day] until [day]
    ");
    assert_log!(shown(&sandbox.call(&["log", "--since", "90d", "--output", "json", "--until", "2d"])), @"
    exit code: 0
    --- stdout
    []
    --- stderr
    ");
    assert_log!(run(&["--sandbox", "log", "--since", "2d", "--until", "1d", "--all-operations"]), @"
    exit code: 0
    --- stdout
    time (UTC)  customer  name  who  operation  status
    --- stderr
    nothing was changed since [day] until [day]
    ");
    assert!(run(&["--sandbox", "log", "Nobody"]).starts_with("exit code: 2\n"));
}

#[test]
fn refuses_an_unavailable_range_before_the_sign_in() {
    assert_log!(run(&["log", "--since", "95d"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the audit records since [day] are not available: the first day is [day]
     next: start at most 90 days before today (UTC): the service deletes older records
    ");
    assert_log!(run(&["log", "--since", "2020-01-01", "--until", "2020-02-01"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the audit records since [day] are not available: the first day is [day]
     next: start at most 90 days before today (UTC): the service deletes older records
    ");
    assert_log!(run(&["log", "--until", "45d"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the range of audit records ends on [day], before its start on [day]
     next: end on the day of the start or later; without a start, the range begins 30 days ago
    ");
    assert_log!(run(&["log", "--since", "last week"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: invalid value 'last week' for '--since <DATE>': write a day such as [day], or a time before today such as 7d or 2w

    For more information, try '--help'.
    ");
}

#[test]
fn shows_other_values_as_they_are() {
    let record = |kind: &str, rest: &str| {
        format!(r#"{{"customerId":"{ONE}","operationDate":"2026-09-02T10:00:00Z","operationType":"{kind}"{rest}}}"#)
    };
    let budget = |rest: &str| record("update_customer_spending_budget", rest);
    let items = [
        budget(
            r#","resourceOldValue":"97 EUR","resourceNewValue":"{\"Budget\":{\"Amount\":250,\"Currency\":\"EUR\"}}""#,
        ),
        budget(
            r#","resourceOldValue":"{\"amount\":97.50}","resourceNewValue":"\u001b[31mred","operationStatus":"failed""#,
        ),
        budget(r#","userPrincipalName":"","applicationId":"Partner Center Native App""#),
        record("create_order", r#","resourceNewValue":"{\"Amount\":1}","operationStatus":"succeeded""#),
        r#"{"customerId":"a-customer"}"#.to_owned(),
    ];
    let page = format!(r#"{{"items":[{}]}}"#, items.join(","));
    let address = service(move |_| page.clone());
    let log = |arguments: &[&str]| {
        let output = command(&[&["--base-url", address.as_str(), "log"], arguments].concat())
            .env("PARTNER_CENTER_TOKEN", "sandbox")
            .output();
        shown(&output.unwrap())
    };
    assert_log!(log(&[]), @r#"
    exit code: 0
    --- stdout
    time (UTC)           customer                              name  who                              old                       new  status
    [date and time]      00000000-0000-0000-0000-000000000001                                   97 EUR     {"Budget":{"Amount":250…
    [date and time]      00000000-0000-0000-0000-000000000001                                       97.50           [U+001B][31mred  failed
    [date and time]      00000000-0000-0000-0000-000000000001        Partner Center Native App       -                            -
    --- stderr
    3 changes of budgets
    "#);
    assert_log!(log(&["--all-operations"]), @"
    exit code: 0
    --- stdout
    time (UTC)           customer                              name  who                        operation                        status
    [date and time]      00000000-0000-0000-0000-000000000001                                   update_customer_spending_budget
    [date and time]      00000000-0000-0000-0000-000000000001                                   update_customer_spending_budget  failed
    [date and time]      00000000-0000-0000-0000-000000000001        Partner Center Native App  update_customer_spending_budget
    [date and time]      00000000-0000-0000-0000-000000000001                                   create_order                     succeeded
    -                    a-customer
    --- stderr
    5 changes
    ");
    assert_log!(log(&["--all-operations", "--output", "ndjson"]), @r#"
    exit code: 0
    --- stdout
    {"time":"[time]","customer":"00000000-0000-0000-0000-000000000001","name":null,"who":null,"old":"97 EUR","new":"{\"Budget\":{\"Amount\":250,\"Currency\":\"EUR\"}}","status":null,"operation":"update_customer_spending_budget","app":null,"correlation_id":null}
    {"time":"[time]","customer":"00000000-0000-0000-0000-000000000001","name":null,"who":null,"old":97.50,"new":"\u001b[31mred","status":"failed","operation":"update_customer_spending_budget","app":null,"correlation_id":null}
    {"time":"[time]","customer":"00000000-0000-0000-0000-000000000001","name":null,"who":"Partner Center Native App","status":null,"operation":"update_customer_spending_budget","app":"Partner Center Native App","correlation_id":null}
    {"time":"[time]","customer":"00000000-0000-0000-0000-000000000001","name":null,"who":null,"new":"{\"Amount\":1}","status":"succeeded","operation":"create_order","app":null,"correlation_id":null}
    {"time":null,"customer":"a-customer","name":null,"who":null,"status":null,"operation":null,"app":null,"correlation_id":null}
    --- stderr
    "#);
}
