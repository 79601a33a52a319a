//! The trends of `report`, from the summaries that it reads.

use std::fs;

use crate::report::{file, rows};
use crate::scratch::{counters, id};
use crate::{SandboxProcess, command, service, shown};

#[test]
fn legacy_offers_trend_by_their_own_billing_periods() {
    // Day 21 of 31, and day 6 of 28.
    for (customers, date, expected) in [("3000", "2019-09-17", (108, 180)), ("300", "2026-03-05", (12, 40))] {
        legacy_offers_agree_with_the_summary(customers, date, expected);
    }
}

fn legacy_offers_agree_with_the_summary(customers: &str, date: &str, expected: (usize, usize)) {
    let sandbox = SandboxProcess::start(&["--customers", customers, "--date", date]);
    let output = sandbox.call(&["report", "--html", "-"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{message}");
    let page = String::from_utf8(output.stdout).unwrap();
    // The notice gives the number of calls in advance.
    let calls = counters(&sandbox)["requests"]["get_customer_usage_summary"].clone();
    assert!(
        message
            .starts_with(&format!("reading usage summaries for billing periods and missing budgets: {calls} calls\n"))
    );
    // Legacy offers have a locale instead of a currency.
    let legacy = |status: &str| {
        let is_one = |line: &&str| {
            let classes = line.strip_prefix("<tr class=\"").and_then(|line| line.split('"').next());
            classes.is_some_and(|classes| classes.split(' ').any(|class| class == status))
                && line.contains("from locale")
        };
        page.lines().filter(is_one).count()
    };
    let summary = sandbox.call(&["summary", "--output", "json"]);
    let summary: serde_json::Value = serde_json::from_slice(&summary.stdout).unwrap();
    assert_eq!((legacy("over"), legacy("trend")), expected);
    assert_eq!(summary["customers_over_budget"], legacy("over"));
    assert_eq!(summary["customers_trending_over"], legacy("trend"));
    assert!(!page.contains("trend unknown"));
}

#[test]
fn trend_needs_a_known_billing_period() {
    // The cost (the budget is 100), the last day of the figures, and the start and end of the period.
    let pacific = |start: &str, end: &str| {
        format!(r#""billingStartDate":"{start}T00:00:00-08:00","billingEndDate":"{end}T00:00:00-08:00","#)
    };
    let mid_month = pacific("2026-01-20", "2026-02-19");
    let customers = [
        // Day 6 of 31. In a calendar month it would be day 25.
        ("Early: trending over", "60", "2026-01-25T12:00:00+00:00", mid_month.as_str()),
        // Day 22 of 31. In a calendar month it would be day 10 of 28.
        ("Late: ok", "70", "2026-02-10T12:00:00+00:00", mid_month.as_str()),
        // Exactly at the budget on the last day: 22 of 31 days.
        ("Exact: trending over", "70.96774193548387096774193549", "2026-02-10T12:00:00+00:00", mid_month.as_str()),
        ("Just: ok", "70.96774193548387096774193548", "2026-02-10T12:00:00+00:00", mid_month.as_str()),
        // Still 19 January in the time zone of the period.
        ("Before: trend unknown", "60", "2026-01-20T03:00:00+00:00", mid_month.as_str()),
        ("After: trend unknown", "60", "2026-02-21T03:00:00+00:00", mid_month.as_str()),
        ("Undated: near, trend unknown", "90", "2026-01-25T12:00:00+00:00", ""),
        ("Full: over", "100", "2026-01-25T12:00:00+00:00", mid_month.as_str()),
        ("Idle: ok", "0", "2026-01-25T12:00:00+00:00", ""),
    ];
    let (mut records, mut summaries, mut expected) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (status, cost, modified, period)) in (1..).zip(customers) {
        let (id, name) = (id(number), status.split(':').next().unwrap());
        let figures = format!(
            r#""id":"{id}","name":"{name}","budget":{{"amount":100}},"totalCost":{cost},"currencyLocale":"en-US","lastModifiedDate":"{modified}""#
        );
        records.push(format!("{{{figures}}}"));
        let summary = format!(r#"{{{period}{figures},"attributes":{{"objectType":"CustomerUsageSummary"}}}}"#);
        summaries.push((format!("/v1/customers/{id}/usagesummary"), summary));
        expected.push(status.to_owned());
    }
    let records = format!(r#"{{"totalCount":{},"items":[{}]}}"#, records.len(), records.join(","));
    let base_url = service(move |path| match summaries.iter().find(|(of, _)| of == path) {
        Some((_, summary)) => summary.clone(),
        None if path.ends_with("/usagerecords") => records.clone(),
        None => "{}".to_owned(),
    });
    let output = command(&["--base-url", &base_url, "report", "--html", "-"])
        .env("PARTNER_CENTER_TOKEN", "token")
        .output()
        .unwrap();
    // Customers that are over or have no cost need no call.
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("missing budgets: 7 calls\n"), "{message}");
    let page = String::from_utf8(output.stdout).unwrap();
    let mut found = rows(&page);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert!(
        page.contains("<b>3</b> <span>trend unknown</span> <small>cost or billing period is not known</small>"),
        "{page}"
    );
    // Over, near, trending over, costs without a budget, trend unknown.
    let cells: String = [1, 1, 2, 0, 3].iter().map(|count| format!("<td>{count}</td>")).collect();
    assert!(page.contains(&format!("{cells}</tr>")), "{page}");
}

#[test]
fn budget_of_the_summary_is_in_the_report() {
    let id = id(1);
    let figures = format!(
        r#""id":"{id}","name":"One","totalCost":90,"currencyCode":"EUR","lastModifiedDate":"2026-01-31T12:00:00+00:00""#
    );
    let record = format!(r#"{{"totalCount":1,"items":[{{{figures}}}]}}"#);
    let summary = format!(
        r#"{{{figures},"budget":{{"amount":100}},"billingStartDate":"2026-01-01T00:00:00+00:00","billingEndDate":"2026-01-31T00:00:00+00:00","attributes":{{"objectType":"CustomerUsageSummary"}}}}"#
    );
    let base_url = service(move |path| match path {
        "/v1/customers/usagerecords" => record.clone(),
        path if path.starts_with("/v1/customers/") => summary.clone(),
        _ => "{}".to_owned(),
    });
    let output = command(&["--base-url", &base_url, "report", "--html", "-"])
        .env("PARTNER_CENTER_TOKEN", "token")
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert_eq!(rows(&page), ["One: near"]);
    assert!(page.contains("<td>90.00<td>100.00<td>EUR<"), "{page}");
}

#[test]
fn lists_customers_whose_summary_cannot_be_read() {
    let path = file("unread");
    let report = |fault: &str| {
        let output = SandboxProcess::start(&["--fault", fault]).call(&["report", "--html", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
        (shown(&output), fs::read_to_string(&path).unwrap())
    };
    let refused = ": get_customer_usage_summary was refused: 403 Forbidden, code 20002: ";

    let (message, page) = report("status=403,code=20002@get_customer_usage_summary:every=3");
    assert_eq!(message.matches(refused).count(), 4, "{message}");
    assert!(message.contains("error: 4 of 13 usage summaries could not be read\n"), "{message}");
    assert_eq!(rows(&page).len(), 35);
    let named: Vec<_> = message.lines().filter_map(|line| Some(line.split_once(refused)?.0)).collect();
    for line in page.lines().filter(|line| line.starts_with("<tr class") && line.contains("trend unknown")) {
        assert!(named.iter().any(|id| line.contains(id)), "{line}");
    }

    let (message, page) = report("status=403,code=20002@get_customer_usage_summary");
    assert!(message.contains("error: 13 of 13 usage summaries could not be read\n"), "{message}");
    let rows = rows(&page);
    assert!(rows.contains(&"Upper Prairie Printing: trend unknown".to_owned()), "{rows:?}");
    assert!(page.contains("<span>trend unknown</span>"), "{page}");
}

#[test]
fn expired_sign_in_ends_the_report() {
    let path = file("expired");
    let sandbox = SandboxProcess::start(&["--fault", "status=401@get_customer_usage_summary"]);
    let output = sandbox.call(&["report", "--html", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(!path.exists());
}
