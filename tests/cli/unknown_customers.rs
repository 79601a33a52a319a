//! The responses that mean an unknown customer, and the counts of such customers.

use crate::scratch::{Scratch, sheet, writes};
use crate::{ONE, SandboxProcess, UNKNOWN, assert_shown, command, service_with_status, shown};

/// The address of a gateway that sends the same response to every call.
fn gateway(status: &'static str, body: &'static str) -> String {
    service_with_status(move |_| (status, body.to_owned()))
}

/// Responses that are not about a customer.
const NO_EVIDENCE: [(&str, &str); 6] = [
    ("404 Not Found", "<html><body>no such page</body></html>"),
    ("404 Not Found", ""),
    ("404 Not Found", r#"{"statusCode":404,"message":"Resource not found"}"#),
    ("404 Not Found", r#"{"code":"20003","description":"Subscription id 1 was not found under this customer."}"#),
    ("403 Forbidden", "<html><body>blocked</body></html>"),
    ("403 Forbidden", r#"{"code":"60003","description":"not a 404"}"#),
];

#[test]
fn gateway_404_or_403_does_not_mean_unknown_customer() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", sheet(3, "none"));
    for (status, body) in NO_EVIDENCE {
        let address = gateway(status, body);
        for arguments in [["apply", "budgets.csv", "--yes", "--skip-unknown"].as_slice(), &["plan", "budgets.csv"]] {
            let mut command = scratch.command(arguments);
            let output = command.args(["--base-url", &address]).env("PARTNER_CENTER_TOKEN", "token").output().unwrap();
            let message = shown(&output);
            assert_eq!(output.status.code(), Some(1), "{status} {body}: {message}");
            assert!(message.contains("3 of 3 budgets could not be read"), "{status} {body}: {message}");
            assert!(!message.contains("nothing to do"), "{status} {body}: {message}");
        }
    }
    assert!(!scratch.0.join("budgets.csv.journal").exists());
}

#[test]
fn error_404_without_a_code_points_to_the_address() {
    let address = gateway("404 Not Found", "<html></html>");
    let mut call = command(&["--base-url", &address, "get", ONE]);
    assert_shown!(shown(&call.env("PARTNER_CENTER_TOKEN", "token").output().unwrap()), @"
    exit code: 1
    --- stdout
    --- stderr
    error: get_usage_budget was refused
      why: 404 Not Found
     next: check the address: without a code, the answer is not from Partner Center itself
      ids: MS-RequestId [fresh guid], MS-CorrelationId [fresh guid]
    ");
}

#[test]
fn gateway_403_does_not_mean_rejected_sign_in() {
    for (status, body) in NO_EVIDENCE.into_iter().filter(|(_, body)| !body.contains("\"code\"")) {
        let address = gateway(status, body);
        let mut call = command(&["--base-url", &address, "status", "--output", "json"]);
        let output = call.env("PARTNER_CENTER_TOKEN", "token").output().unwrap();
        let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &line["service"]), (Some(1), &"cannot be asked".into()), "{status} {body}");
    }
}

#[test]
fn status_exits_with_3_if_the_service_refuses_the_sign_in() {
    let body = r#"{"code":"900329","description":"app only"}"#;
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let address = gateway(status, body);
        let mut call = command(&["--base-url", &address, "status", "--output", "json"]);
        let output = call.env("PARTNER_CENTER_TOKEN", "token").output().unwrap();
        let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &line["service"]), (Some(3), &"refuses".into()), "{}", shown(&output));
    }
}

#[test]
fn skips_and_counts_the_codes_for_an_unknown_customer() {
    for fault in ["status=404,code=60003", "status=404,code=1000", "status=403,code=20002"] {
        let rule = format!("{fault}@get_usage_budget:first=1");
        let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1", "--fault", &rule]));
        scratch.write("budgets.csv", sheet(1, "98"));
        let output = scratch.call(&sandbox, &["apply", "budgets.csv", "--yes", "--skip-unknown"]);
        let message = shown(&output);
        assert_eq!(output.status.code(), Some(4), "{fault}: {message}");
        assert!(message.contains("except for 1 unknown customer, left out"), "{message}");
        assert_eq!(writes(&sandbox), [], "{fault}");
    }
}

#[test]
fn counts_skipped_customers_in_every_summary() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    let other = UNKNOWN.replace("01", "02");
    scratch.write("budgets.csv", format!("customer,amount\n{ONE},98\n{UNKNOWN},5\n{other},none\n"));
    let apply = |more: &[&str]| {
        let arguments = [&["apply", "budgets.csv", "--yes", "--skip-unknown"], more].concat();
        scratch.call(&sandbox, &arguments)
    };
    let output = apply(&["--output", "json"]);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&summary["done"], &summary["left_out"]), (&1.into(), &2.into()), "{}", shown(&output));
    assert!(shown(&apply(&["--resume"])).contains("       2  unknown customers, left out\n"));
    // Another run has nothing to do.
    assert_shown!(shown(&apply(&["--journal", "other.journal"])), @"
    exit code: 4
    --- stdout
    --- stderr
    for environment variable PARTNER_CENTER_TOKEN, at http://127.0.0.1:[port]
    nothing to do: all budgets are already as in the sheet, except for 2 unknown customers, left out
    ");
}
