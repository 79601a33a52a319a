//! `--verbose` and `--log-format`: lines on standard error.

use serde_json::Value;

use crate::scratch::id;
use crate::{SandboxProcess, command};

const FAULT: [&str; 2] = ["--fault", "status=503@get_usage_budget:first=1"];

/// The lines on standard error of `get`, the first attempt of which fails.
fn lines(options: &[&str]) -> Vec<String> {
    let sandbox = SandboxProcess::start(&FAULT);
    let output = sandbox.call(&[&["get", &id(1)], options].concat());
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "97\n");
    String::from_utf8(output.stderr).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn verbose_reports_failed_attempts_and_waits() {
    assert!(lines(&[]).is_empty());
    let failed = lines(&["-v"]);
    let has = |lines: &[String], texts: &[&str]| {
        lines.iter().filter(|line| texts.iter().all(|text| line.contains(text))).count()
    };
    let attempt = ["attempt finished", "operation=\"get_usage_budget\"", "status=503", "request_id="];
    assert_eq!(has(&failed, &attempt), 1, "{failed:#?}");
    assert_eq!(has(&failed, &["INFO", "waiting before the next attempt", "wait_ms="]), 1, "{failed:#?}");
    assert_eq!(has(&failed, &["signed in", "took_ms="]), 1, "{failed:#?}");
    assert_eq!(failed.len(), 3, "{failed:#?}");
    let all = lines(&["-vv"]);
    assert_eq!(has(&all, &["DEBUG", "attempt finished", "status=200", "attempt=2"]), 1, "{all:#?}");
    assert_eq!(all.len(), 4, "{all:#?}");
}

#[test]
fn json_lines_have_one_form_for_events_notices_and_errors() {
    let object = |line: &str| -> Value { serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")) };
    for event in lines(&["-vv", "--log-format", "json"]) {
        let event = object(&event);
        assert!(event["timestamp"].is_string() && event["message"].is_string(), "{event}");
        assert!(["INFO", "DEBUG"].contains(&event["level"].as_str().unwrap()), "{event}");
    }
    let output = command(&["--sandbox", "usage", "--over", "100000", "--log-format", "json"]).output().unwrap();
    let notice = object(&String::from_utf8(output.stderr).unwrap());
    assert_eq!((&notice["level"], &notice["message"]), (&"INFO".into(), &"no customer matches".into()));
    let output = command(&["--sandbox", "get", &id(4000), "--log-format", "json"]).output().unwrap();
    let error = object(&String::from_utf8(output.stderr).unwrap());
    assert_eq!((&error["level"], &error["exit_code"]), (&"ERROR".into(), &1.into()));
    assert!(error["message"].is_string() && error["ids"].as_str().unwrap().contains("MS-RequestId"), "{error}");
}

#[test]
fn verbose_lines_have_no_secrets() {
    let sandbox = SandboxProcess::start(&["--fault", "status=401@list_customers:first=1"]);
    let mut command = command(&["--base-url", &sandbox.base_url, "--authority", &sandbox.base_url, "-vv", "customers"]);
    let secrets = [("PARTNER_CENTER_TENANT_ID", "sandbox.example"), ("PARTNER_CENTER_CLIENT_ID", &id(7))];
    let secret = "a-secret-of-the-app";
    let output = command.envs(secrets).env("PARTNER_CENTER_CLIENT_SECRET", secret).output().unwrap();
    let lines = String::from_utf8(output.stderr).unwrap();
    assert!(lines.contains("signed in") || lines.contains("the sign-in failed"), "{lines}");
    assert!(!lines.contains(secret) && !lines.contains("Bearer") && !lines.contains("eyJ"), "{lines}");
}
