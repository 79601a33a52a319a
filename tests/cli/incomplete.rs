//! Notices instead of results, and lists with an uncertain end.

use std::process::Output;

use crate::scratch::Scratch;
use crate::{ONE, command, service, service_with_status, shown};

const NOTICE: [&str; 3] =
    ["{}", r#"{"status":"maintenance"}"#, r#"{"code":"2000","description":"under maintenance, nothing was changed"}"#];

#[test]
fn no_command_mistakes_a_notice_for_a_result() {
    for body in NOTICE {
        let scratch = Scratch::new();
        scratch.write("budgets.csv", format!("customer,amount\n{ONE},none\n"));
        let url = service(move |_| body.to_owned());
        for arguments in [
            &["get", ONE][..],
            &["set", ONE, "5"],
            &["clear", ONE],
            &["customers"],
            &["usage"],
            &["summary"],
            &["export"],
            &["report", "--html", "report.html"],
            &["plan", "budgets.csv"],
            &["apply", "budgets.csv", "--yes"],
        ] {
            let mut call = command(&[arguments, &["--base-url", &url]].concat());
            let output = call.env("PARTNER_CENTER_TOKEN", "a-made-up-token").current_dir(&scratch.0).output().unwrap();
            let message = shown(&output);
            assert_eq!(output.status.code(), Some(1), "{body}: {arguments:?} {message}");
            assert!(output.stdout.is_empty(), "{body}: {arguments:?} {message}");
        }
    }
}

/// A service that returns 400 for the page after the last customer, as for an expired continuation token. Pages of 500
/// end after `found`, others after `all` customers.
fn customers_service(found: usize, all: usize) -> String {
    let mut sent = 0;
    service_with_status(move |target| {
        let size: usize = target.split("size=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
        if !target.contains("seekOperation") {
            sent = 0;
        }
        let end = if size == 500 { found } else { all };
        if sent == end {
            return ("400 Bad Request", r#"{"code":"2000","description":"Bad input."}"#.to_owned());
        }
        let count = size.min(end - sent);
        sent += count;
        let items = vec![format!(r#"{{"id":"{ONE}"}}"#); count].join(",");
        ("200 OK", format!(r#"{{"items":[{items}],"continuationToken":"from {sent}"}}"#))
    })
}

fn list(url: &str) -> Output {
    let mut list = command(&["customers", "--output", "ndjson", "--base-url", url]);
    list.env("PARTNER_CENTER_TOKEN", "a-made-up-token").output().unwrap()
}

#[test]
fn list_ending_with_a_full_page_is_counted_again() {
    let complete = list(&customers_service(1000, 1000));
    assert_eq!(complete.status.code(), Some(0), "{}", shown(&complete));
    assert_eq!(String::from_utf8_lossy(&complete.stdout).lines().count(), 1000);
}

#[test]
fn list_that_another_page_size_continues_is_incomplete() {
    let cut = list(&customers_service(500, 1300));
    assert_eq!(cut.status.code(), Some(1), "{}", shown(&cut));
    let message = String::from_utf8_lossy(&cut.stderr).into_owned();
    assert!(message.contains("list_customers may be incomplete: it ended after 500 items"), "{message}");
}
