//! `get`, `set`, `clear` and `tour`, and the errors of every command.

use std::io::ErrorKind;
use std::net::TcpListener;

use crate::{ONE, SandboxProcess, UNKNOWN, assert_shown, command, run, shown};

#[test]
fn sets_reads_and_clears_a_budget_in_separate_processes() {
    let sandbox = SandboxProcess::start(&["--port", "0", "--customers", "3", "--seed", "7"]);
    let steps: [&[&str]; 7] = [
        &["get", ONE, "--output", "json"],
        &["set", ONE, "28.82860766744404945074"],
        &["get", ONE, "--output", "json"],
        &["set", ONE, "-5", "--allow-negative", "--output", "json"],
        &["clear", ONE],
        &["get", ONE],
        &["get", ONE, "--output", "json"],
    ];
    let printed: Vec<_> = steps
        .iter()
        .map(|step| {
            let output = sandbox.call(step);
            assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
            String::from_utf8([output.stderr, output.stdout].concat()).unwrap()
        })
        .collect();
    insta::assert_snapshot!(printed.concat(), @r#"
    {"customer":"00000000-0000-0000-0000-000000000001","name":null,"amount":97}
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP 97.00 -> 28.82860766744404945074
    budget set to 28.82860766744404945074
    {"customer":"00000000-0000-0000-0000-000000000001","name":null,"amount":28.82860766744404945074}
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP 28.82860766744404945074 -> -5.00
    {"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":-5}
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP -5.00 -> none
    budget cleared
    no budget
    {"customer":"00000000-0000-0000-0000-000000000001","name":null,"amount":null}
    "#);
}

#[test]
fn prints_its_version() {
    // The script of the releases sets the variable.
    let version = option_env!("PC_BUDGETS_VERSION").unwrap_or(env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), format!("exit code: 0\n--- stdout\npc-budgets {version}\n--- stderr\n"));
    assert!(version.starts_with(env!("CARGO_PKG_VERSION")), "{version}");
}

#[test]
fn tour_runs_get_set_and_clear() {
    assert_shown!(run(&["tour"]), @r#"
    exit code: 0
    --- stdout
    $ pc-budgets get 00000000-0000-0000-0000-000000000001
    97
    $ pc-budgets set 00000000-0000-0000-0000-000000000001 120.50
    budget set to 120.50
    $ pc-budgets get 00000000-0000-0000-0000-000000000001
    120.50
    $ pc-budgets clear 00000000-0000-0000-0000-000000000001
    budget cleared
    $ pc-budgets get 00000000-0000-0000-0000-000000000001
    no budget
    $ pc-budgets get 00000000-0000-0000-0000-000000000001 --output json
    {"customer":"00000000-0000-0000-0000-000000000001","name":null,"amount":null}
    --- stderr
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP 97.00 -> 120.50
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP 120.50 -> none
    "#);
}

#[test]
fn each_sandbox_option_starts_a_new_sandbox() {
    assert_shown!(run(&["--sandbox", "clear", ONE]), @"
    exit code: 0
    --- stdout
    budget cleared
    --- stderr
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP 97.00 -> none
    ");
    assert_shown!(run(&["get", ONE, "--sandbox"]), @"
    exit code: 0
    --- stdout
    97
    --- stderr
    ");
}

#[test]
fn unknown_customer_error_says_what_to_do() {
    assert_shown!(run(&["--sandbox", "get", UNKNOWN]), @"
    exit code: 1
    --- stdout
    --- stderr
    error: get_usage_budget was refused
      why: 404 Not Found, code 60003: The customer tenant was not found
     next: check the customer's id
      ids: MS-RequestId [fresh guid], MS-CorrelationId [fresh guid]
    ");
}

#[test]
fn reports_a_missing_sign_in_before_any_call() {
    assert_shown!(run(&["get", ONE]), @"
    exit code: 3
    --- stdout
    --- stderr
    error: not signed in
      why: no-such-folder/config.toml has no profile, and no environment variable names a credential
     next: run `pc-budgets login --tenant TENANT --client-id ID`, or set PARTNER_CENTER_TOKEN, or try --sandbox
    ");
}

#[test]
fn wrong_token_exits_with_3() {
    let sandbox = SandboxProcess::start(&[]);
    let output = command(&["--base-url", &sandbox.base_url, "get", ONE])
        .env("PARTNER_CENTER_TOKEN", "another")
        .output()
        .unwrap();
    assert_shown!(shown(&output), @"
    exit code: 3
    --- stdout
    --- stderr
    error: get_usage_budget was refused
      why: 401 Unauthorized, code 400: Access denied
     next: check that the access token is for Partner Center and has not expired
      ids: MS-RequestId [fresh guid], MS-CorrelationId [fresh guid]
    ");
}

#[test]
fn refuses_to_send_a_token_over_plain_http() {
    let output = command(&["--base-url", "http://api.partnercenter.microsoft.com", "get", ONE])
        .env("PARTNER_CENTER_TOKEN", "a-very-secret-token")
        .output()
        .unwrap();
    assert_shown!(shown(&output), @"
    exit code: 2
    --- stdout
    --- stderr
    error: `http://api.partnercenter.microsoft.com` cannot be the base URL: over plain http, others on the network could read the token
     next: write https://HOST, or http://127.0.0.1:PORT for a server on this machine
    ");
}

#[test]
fn unreachable_service_error_names_the_cause() {
    let output = command(&["--base-url", "http://127.0.0.1:1", "get", ONE])
        .env("PARTNER_CENTER_TOKEN", "a-very-secret-token")
        .output()
        .unwrap();
    assert_shown!(shown(&output), @"
    exit code: 1
    --- stdout
    --- stderr
    error: get_usage_budget got no complete response
      why: error sending request: client error (Connect): tcp connect error: Connection refused
     next: nothing was sent: check the address and the network
      ids: MS-RequestId [fresh guid], MS-CorrelationId [fresh guid]
    ");
}

#[test]
fn sandbox_reports_a_port_in_use() {
    let sandbox = SandboxProcess::start(&[]);
    let port = sandbox.base_url.rsplit(':').next().unwrap();
    assert_shown!(run(&["sandbox", "--port", port]).replace(port, "[port]"), @"
    exit code: 1
    --- stdout
    --- stderr
    error: cannot listen on 127.0.0.1:[port]; stop the program that uses the port, or choose another one with --port (0 picks a free one)
      why: Address already in use
    ");
}

#[test]
fn sends_nothing_after_a_usage_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let calls: [(&[&str], &str, i32); 5] = [
        (&["get", ONE], "", 3),
        (&["get", ONE], "Bearer abc", 3),
        (&["get", "00000000-0000-0000-0000-00000000000"], "abc", 2),
        (&["set", ONE, "1,000"], "abc", 2),
        (&["tour"], "abc", 2),
    ];
    for (arguments, token, code) in calls {
        let all = [&["--base-url", base_url.as_str()], arguments].concat();
        let output = command(&all).env("PARTNER_CENTER_TOKEN", token).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{all:?} {token:?}\n{}", shown(&output));
        let connected = listener.accept().map(drop).map_err(|error| error.kind());
        assert_eq!(connected, Err(ErrorKind::WouldBlock), "{all:?} {token:?}");
    }
}

#[test]
fn bad_arguments_exit_with_2() {
    for arguments in [
        ["get", "00000000-0000-0000-0000-00000000000", "--sandbox"].as_slice(),
        &["get", " ", "--sandbox"],
        &["set", ONE, "1,000", "--sandbox"],
        &["set", ONE, "NaN", "--sandbox"],
        &["set", ONE, "1e999", "--sandbox"],
        &["set", ONE, "", "--sandbox"],
        &["set", ONE, "-1,5", "--sandbox"],
        &["sandbox", "--customers", "4294967295"],
        &["set", ONE, "--sandbox"],
        &["--sandbox", "--base-url", "http://127.0.0.1:1", "get", ONE],
        &["nothing"],
        &[],
    ] {
        let output = command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{}", shown(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}\n{}", shown(&output));
    }
    assert_shown!(run(&["get", "00000000-0000-0000-0000-00000000000", "--sandbox"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: invalid value '00000000-0000-0000-0000-00000000000' for '<CUSTOMER>': `00000000-0000-0000-0000-00000000000` is not the id of a customer: invalid group length in group 4: expected 12, found 11; an id is a GUID such as [fresh guid]

    For more information, try '--help'.
    ");
    assert_shown!(run(&["set", ONE, "1,000", "--sandbox"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: invalid value '1,000' for '<AMOUNT>': `1,000` is not a decimal number; write digits and at most one point, without thousands separators, for example 1000.50

    For more information, try '--help'.
    ");
}
