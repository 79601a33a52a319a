//! `report`: what the file has in it, and where it cannot go.

use std::fs;
use std::path::PathBuf;

use crate::scratch::{counters, id};
use crate::{SandboxProcess, assert_shown, command, run, service, shown};

fn file(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}"));
    drop(fs::remove_dir_all(&directory));
    fs::create_dir(&directory).unwrap();
    directory.join("report.html")
}

/// The customers of a page, each with its name and status.
fn rows(page: &str) -> Vec<String> {
    let row = |line: &str| {
        let name = line.split("<b>").nth(1).unwrap().split('<').next().unwrap();
        let status = line.split("class=\"s\">").nth(1).unwrap().split('<').next().unwrap();
        format!("{name}: {status}")
    };
    page.lines().filter(|line| line.starts_with("<tr class")).map(row).collect()
}

#[test]
fn a_filled_report_from_the_sandbox() {
    let path = file("filled");
    fs::write(&path, "what was there before").unwrap();
    let output = command(&["report", "--sandbox", "--html", path.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{}", shown(&output));
    let calls =
        "reading usage summaries for billing periods and missing budgets: 13 calls\nreport of 35 customers written to ";
    assert!(output.stderr.starts_with(calls.as_bytes()), "{}", shown(&output));
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains("Blue Harbor Cloud, <time"), "{page:.2000}");
    assert!(page.contains("<b>Blue Harbor Logistics</b><code>00000000-0000-0000-0000-000000000001</code>"));
    // Exact where it was rounded.
    assert!(page.contains("title=\"27.23292827625710931604\">27.23</td>"));
    assert_eq!(page.matches("<th scope=\"row\"><b>").count(), 35);
    assert!(page.contains(
        "<tr><th scope=\"row\">GBP</th><td class=\"n\">3</td><td class=\"n\">397.00</td><td class=\"n\">1129.32</td>\
         <td class=\"n\">1</td><td class=\"n\">0</td><td class=\"n\">0</td><td class=\"n\">1</td></tr>"
    ));
    // Nothing is left beside it.
    let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(names, ["report.html"]);
}

#[test]
fn the_page_loads_nothing() {
    let page = String::from_utf8(command(&["report", "--sandbox", "--html", "-"]).output().unwrap().stdout).unwrap();
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"), "{page:.1000}");
    for word in ["http:", "https:", "src=", "href=", "@import", "url(", "fetch(", " style=\"", " onclick"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn a_name_is_nothing_but_a_text() {
    let name = r#"</script><script>alert(1)</script>\" onx='\u202e\u0007&amp;"#;
    let body = format!(r#"{{"items":[{{"name":"{name}","id":"<i>","totalCost":1,"currencyCode":"<b>"}}]}}"#);
    let base_url = service(move |path| if path.ends_with("/usagerecords") { body.clone() } else { "{}".to_owned() });
    let output = command(&["--base-url", &base_url, "report", "--html", "-"])
        .env("PARTNER_CENTER_TOKEN", "token")
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    let name = "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onx=&#39;[U+202E][U+0007]&amp;amp;";
    assert!(page.contains(&format!("<b>{name}</b><code>&lt;i&gt;</code>")), "{page}");
    assert!(page.contains("<td class=\"c\">&lt;b&gt;</td>") && page.contains("<option>&lt;b&gt;</option>"));
    assert_eq!(page.matches("<script").count(), 1);
}

#[test]
fn over_is_from_the_budget_on_and_near_from_the_threshold_on() {
    let body = r#"{"items":[
        {"name":"At","totalCost":100,"budget":{"amount":100},"lastModifiedDate":"2026-01-31T00:00:00+00:00"},
        {"name":"Above","totalCost":100.00000000000000000001,"budget":{"amount":100}},
        {"name":"Almost","isUpgraded":true,"totalCost":99.999,"budget":{"amount":100},"lastModifiedDate":"2026-01-31T00:00:00+00:00"},
        {"name":"Early","totalCost":100,"budget":{"amount":100},"lastModifiedDate":"2026-01-15T00:00:00+00:00"},
        {"name":"Zero","totalCost":1,"budget":{"amount":0}},
        {"name":"Below","isUpgraded":true,"totalCost":89.99999999999999999999,"budget":{"amount":100},"lastModifiedDate":"2026-01-31T00:00:00+00:00"},
        {"name":"Idle","totalCost":0}]}"#;
    let base_url = service(move |path| if path.ends_with("/usagerecords") { body.to_owned() } else { "{}".to_owned() });
    let output = command(&["--base-url", &base_url, "report", "--near", "90", "--html", "-"])
        .env("PARTNER_CENTER_TOKEN", "token")
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    let rows = rows(&page);
    let expected =
        ["Zero: over", "Above: over", "At: over", "Early: over", "Almost: near", "Below: ok", "Idle: no budget"];
    assert_eq!(rows, expected);
    assert!(page.contains("Near: 90 % of the budget or more. Over: 100 % or more."));
    // As `usage` has it: neither the figure nor the bar is that of a budget that is reached.
    assert_eq!((page.matches(" w99\">99.99 %<").count(), page.matches(" w100\">100.00 %<").count()), (1, 3), "{page}");
}

#[test]
fn legacy_offers_trend_by_their_own_billing_periods() {
    let sandbox = SandboxProcess::start(&["--customers", "3000"]);
    let output = sandbox.call(&["report", "--html", "-"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let page = String::from_utf8(output.stdout).unwrap();
    // The number of calls is known before they are made.
    let calls = counters(&sandbox)["requests"]["get_customer_usage_summary"].clone();
    assert!(
        told.starts_with(&format!("reading usage summaries for billing periods and missing budgets: {calls} calls\n"))
    );
    // Legacy offers have a locale in place of a currency.
    let legacy = |head: &str| -> u64 {
        let total = |line: &str| -> Option<u64> {
            let cells: Vec<_> = line.strip_prefix("<tr><th scope=\"row\">")?.split("</t").collect();
            let at = ["Over", "Near", "Trending over"].iter().position(|name| *name == head)?;
            let cell = cells[4 + at].rsplit('>').next()?;
            cells[0].contains('-').then(|| cell.parse().unwrap())
        };
        page.lines().filter_map(total).sum()
    };
    let summary = sandbox.call(&["summary", "--output", "json"]);
    let summary: serde_json::Value = serde_json::from_slice(&summary.stdout).unwrap();
    assert_eq!((legacy("Over"), legacy("Trending over")), (108, 180));
    assert_eq!(summary["customers_over_budget"], legacy("Over"));
    assert_eq!(summary["customers_trending_over"], legacy("Trending over"));
    assert!(!page.contains("Trend unknown"));
}

#[test]
fn a_trend_needs_a_known_billing_period() {
    // Cost of a budget of 100, last day of the figures, and start and end of the period.
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
    // No call for a customer that is over or has no cost.
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("missing budgets: 7 calls\n"), "{told}");
    let page = String::from_utf8(output.stdout).unwrap();
    let mut found = rows(&page);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert!(page.contains("Trend unknown: the cost or the billing period is not known."), "{page}");
    // Over, near, trending over, usage without a budget, trend unknown.
    let cells: String = [1, 1, 2, 0, 3].iter().map(|count| format!("<td class=\"n\">{count}</td>")).collect();
    assert!(page.contains(&format!("{cells}</tr>")), "{page}");
}

#[test]
fn a_budget_that_only_the_summary_has_is_in_the_report() {
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
    assert!(page.contains("<td class=\"n\" data-l=\"Budget\">100.00</td>"), "{page}");
}

#[test]
fn customers_whose_summary_cannot_be_read_are_named_and_have_no_trend() {
    let path = file("unread");
    let report = |fault: &str| {
        let output = SandboxProcess::start(&["--fault", fault]).call(&["report", "--html", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
        (shown(&output), fs::read_to_string(&path).unwrap())
    };
    let refused = ": get_customer_usage_summary was refused: 403 Forbidden, code 20002: ";

    let (told, page) = report("status=403,code=20002@get_customer_usage_summary:every=3");
    assert_eq!(told.matches(refused).count(), 4, "{told}");
    assert!(told.contains("error: 4 of 13 usage summaries could not be read\n"), "{told}");
    assert_eq!(rows(&page).len(), 35);
    let named: Vec<_> = told.lines().filter_map(|line| Some(line.split_once(refused)?.0)).collect();
    for line in page.lines().filter(|line| line.starts_with("<tr class") && line.contains("trend unknown")) {
        assert!(named.iter().any(|id| line.contains(id)), "{line}");
    }

    let (told, page) = report("status=403,code=20002@get_customer_usage_summary");
    assert!(told.contains("error: 13 of 13 usage summaries could not be read\n"), "{told}");
    let rows = rows(&page);
    assert!(rows.contains(&"Upper Prairie Printing: trend unknown".to_owned()), "{rows:?}");
    assert!(page.contains("Trend unknown: the cost or the billing period is not known."), "{page}");
}

#[test]
fn an_expired_sign_in_ends_the_report() {
    let path = file("expired");
    let sandbox = SandboxProcess::start(&["--fault", "status=401@get_customer_usage_summary"]);
    let output = sandbox.call(&["report", "--html", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(!path.exists());
}

#[test]
fn a_place_that_cannot_be_written_to_is_refused_before_anything_is_sent() {
    let directory = file("places").parent().unwrap().to_str().unwrap().to_owned();
    let missing = format!("{directory}/missing/report.html");
    let sandbox = SandboxProcess::start(&[]);
    assert_shown!(shown(&sandbox.call(&["report", "--html", &missing])).replace(&directory, "[directory]"), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot write `[directory]/missing/report.html`
      why: No such file or directory
     next: name a file in a directory that you may write to, or - for standard output
    ");
    assert_shown!(run(&["--sandbox", "report", "--html", &directory]).replace(&directory, "[directory]"), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot write `[directory]`
      why: it is a directory
     next: name a file in a directory that you may write to, or - for standard output
    ");
    assert_shown!(run(&["--sandbox", "report"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the following required arguments were not provided:
      --html <FILE>

    Usage: pc-budgets report --html <FILE>

    For more information, try '--help'.
    ");
    assert_shown!(run(&["--sandbox", "report", "--html", "-", "--near", "8O"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: invalid value '8O' for '--near <PERCENT>': `8O` is not a decimal number; write digits and at most one point, without thousands separators, for example 1000.50

    For more information, try '--help'.
    ");
    let slash = format!("{directory}/report/");
    assert_shown!(run(&["--sandbox", "report", "--html", &slash]).replace(&directory, "[directory]"), @r"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot write `[directory]/report/`
      why: that is no name of a file
     next: name a file in a directory that you may write to, or - for standard output
    ");
    assert!(fs::read_dir(&directory).unwrap().next().is_none());
}

#[test]
fn what_was_there_stays_when_the_service_fails() {
    let path = file("kept");
    fs::write(&path, "before").unwrap();
    let sandbox = SandboxProcess::start(&["--fault", "status=400@list_customer_usage_records"]);
    let output = sandbox.call(&["report", "--html", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
}

#[test]
fn no_customers_are_a_page_too() {
    let output = SandboxProcess::start(&["--customers", "0"]).call(&["report", "--html", "-"]);
    assert!(output.status.success(), "{}", shown(&output));
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains(">0 customers</p>") && page.ends_with("</html>\n"), "{page}");
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_what_it_leads_to_is_replaced_with_its_permissions() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let (path, link) = (file("linked"), file("link"));
    fs::write(&path, "before").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&path, &link).unwrap();
    let output = command(&["--sandbox", "report", "--html", link.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success() && link.is_symlink(), "{}", shown(&output));
    assert!(fs::read_to_string(&path).unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    // No file takes the place of a device.
    assert!(command(&["--sandbox", "report", "--html", "/dev/null"]).output().unwrap().status.success());
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    assert_shown!(run(&["--sandbox", "report", "--html", "/dev/full"]), @r"
    exit code: 1
    --- stdout
    --- stderr
    reading usage summaries for billing periods and missing budgets: 13 calls
    error: cannot write `/dev/full`; it may have got the beginning; make room, or name a file
      why: No space left on device
    ");
}

#[test]
fn totals_have_all_digits_or_none() {
    let body = r#"{"items":[
        {"name":"One","budget":{"amount":75.125},"currencyCode":"GBP"},
        {"name":"Two","budget":{"amount":291},"totalCost":1.005,"currencyCode":"GBP"},
        {"name":"Three","budget":{"amount":9999999999999999999999999999},"currencyCode":"EUR"},
        {"name":"Four","budget":{"amount":0.00001},"currencyCode":"EUR"}]}"#;
    let base_url = service(move |path| if path.ends_with("/usagerecords") { body.to_owned() } else { "{}".to_owned() });
    let output = command(&["--base-url", &base_url, "report", "--html", "-"])
        .env("PARTNER_CENTER_TOKEN", "token")
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    for row in [
        ">GBP</th><td class=\"n\">2</td><td class=\"n\">366.125</td><td class=\"n\">1.01</td>",
        ">EUR</th><td class=\"n\">2</td><td class=\"n\">too many digits</td><td class=\"n\">0.00</td>",
    ] {
        assert!(page.contains(row), "{page}");
    }
}
