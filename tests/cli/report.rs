//! `report`: the content of the file, and files that cannot be written.

use std::fs;
use std::path::PathBuf;

use crate::scratch::{Scratch, after};
use crate::{SandboxProcess, assert_shown, command, run, service, shown};

pub(crate) fn file(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}"));
    drop(fs::remove_dir_all(&directory));
    fs::create_dir(&directory).unwrap();
    directory.join("report.html")
}

/// The customers of a page, each with its name and status.
pub(crate) fn rows(page: &str) -> Vec<String> {
    let row = |line: &str| {
        let name = line.split("<b>").nth(1).unwrap().split('<').next().unwrap();
        let status = line.split("<td>").nth(1).unwrap().split('<').next().unwrap();
        format!("{name}: {}", status.trim())
    };
    page.lines().filter(|line| line.starts_with("<tr class")).map(row).collect()
}

/// The page for the customers of a list of usage records.
pub(crate) fn page_of(records: &str, arguments: &[&str]) -> String {
    let records = format!("{{\"items\":[{records}]}}");
    let base_url = service(move |path| if path.ends_with("/usagerecords") { records.clone() } else { "{}".to_owned() });
    let words = [&["--base-url", &base_url, "report", "--html", "-"], arguments].concat();
    let output = command(&words).env("PARTNER_CENTER_TOKEN", "token").output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn report_of_the_sandbox_has_all_customers() {
    let path = file("filled");
    fs::write(&path, "the previous report").unwrap();
    let output = command(&["report", "--sandbox", "--html", path.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{}", shown(&output));
    let calls =
        "reading usage summaries for billing periods and missing budgets: 13 calls\nreport of 35 customers written to ";
    assert!(output.stderr.starts_with(calls.as_bytes()), "{}", shown(&output));
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains("<b>Blue Harbor Cloud</b>: Azure budgets"), "{page}");
    assert!(page.contains("<b>Blue Harbor Logistics</b><code>00000000-0000-0000-0000-000000000001</code>"));
    // The exact amount of a rounded one.
    assert!(page.contains("<td title=\"27.23292827625710931604\">27.23<td>97.00<td>GBP<"), "{page}");
    assert_eq!(page.matches("<th scope=\"row\"><b>").count(), 35);
    // No temporary file is left.
    let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(names, ["report.html"]);
}

#[test]
fn page_loads_nothing() {
    let page = String::from_utf8(command(&["report", "--sandbox", "--html", "-"]).output().unwrap().stdout).unwrap();
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"), "{page:.1000}");
    for word in ["http:", "https:", "src=", "href=", "@import", "url(", "fetch(", " style=\"", " onclick"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn names_are_escaped() {
    let name = r#"</script><script>alert(1)</script>\" onx='\u202e\u0007&amp;"#;
    let page = page_of(&format!(r#"{{"name":"{name}","id":"<i>","totalCost":1,"currencyCode":"<b>"}}"#), &[]);
    let name = "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onx='[U+202E][U+0007]&amp;amp;";
    assert!(page.contains(&format!("<b>{name}</b><code>&lt;i&gt;</code>")), "{page}");
    assert!(page.contains("<td>&lt;b&gt;<td>") && page.contains("<option value=\"&lt;b&gt;\">&lt;b&gt;</option>"));
    // Only the id of a customer is the target of links.
    assert!(page.contains("<tr class=\"none\"><th"), "{page}");
    assert_eq!(page.matches("<script").count(), 1);
}

#[test]
fn over_starts_at_the_budget_and_near_at_the_threshold() {
    let records = r#"
        {"name":"At","totalCost":100,"budget":{"amount":100},"lastModifiedDate":"2026-01-31T00:00:00+00:00"},
        {"name":"Above","totalCost":100.00000000000000000001,"budget":{"amount":100}},
        {"name":"Almost","isUpgraded":true,"totalCost":99.999,"budget":{"amount":100},"lastModifiedDate":"2026-01-31T00:00:00+00:00"},
        {"name":"Early","totalCost":100,"budget":{"amount":100},"lastModifiedDate":"2026-01-15T00:00:00+00:00"},
        {"name":"Zero","totalCost":1,"budget":{"amount":0}},
        {"name":"Below","isUpgraded":true,"totalCost":89.99999999999999999999,"budget":{"amount":100},"lastModifiedDate":"2026-01-31T00:00:00+00:00"},
        {"name":"Idle","totalCost":0}"#;
    let page = page_of(records, &["--near", "90"]);
    let rows = rows(&page);
    let expected =
        ["Zero: over", "Above: over", "At: over", "Early: over", "Almost: near", "Below: ok", "Idle: no budget"];
    assert_eq!(rows, expected);
    assert!(page.contains("<small>90 % of the budget or more</small>"));
    // As in `usage`, figure and bar are below 100 %.
    assert_eq!(
        (page.matches("\"w99\">99.99 %<").count(), page.matches("\"w100\">100.00 %<").count()),
        (1, 3),
        "{page}"
    );
}

#[test]
fn refuses_an_unwritable_file_before_any_call() {
    let directory = file("places").parent().unwrap().to_str().unwrap().to_owned();
    let missing = format!("{directory}/missing/report.html");
    let sandbox = SandboxProcess::start(&[]);
    assert_shown!(shown(&sandbox.call(&["report", "--html", &missing])).replace(&directory, "[directory]"), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot write [directory]/missing/report.html
      why: No such file or directory
     next: name a file in a directory that you may write to, or - for standard output
    ");
    assert_shown!(run(&["--sandbox", "report", "--html", &directory]).replace(&directory, "[directory]"), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot write [directory]
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
    assert_shown!(run(&["--sandbox", "report", "--html", &slash]).replace(&directory, "[directory]"), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot write [directory]/report/
      why: it is not the name of a file
     next: name a file in a directory that you may write to, or - for standard output
    ");
    assert!(fs::read_dir(&directory).unwrap().next().is_none());
}

#[test]
fn keeps_the_old_file_if_the_service_fails() {
    let path = file("kept");
    fs::write(&path, "before").unwrap();
    let sandbox = SandboxProcess::start(&["--fault", "status=400@list_customer_usage_records"]);
    let output = sandbox.call(&["report", "--html", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
}

#[test]
fn writes_a_page_without_customers() {
    let output = SandboxProcess::start(&["--customers", "0"]).call(&["report", "--html", "-"]);
    assert!(output.status.success(), "{}", shown(&output));
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("<h1>No customer has Azure usage in this period</h1>"), "{page}");
    assert!(page.contains("<p class=\"about\">Written <time"), "{page}");
    assert!(page.ends_with("</html>\n") && !page.contains("<table") && !page.contains("<script"), "{page}");
}

#[cfg(unix)]
#[test]
fn new_report_is_private_and_a_killed_one_leaves_no_file() {
    use std::os::unix::process::ExitStatusExt;
    let scratch = Scratch::new();
    let report = ["report", "--sandbox", "--html", "r.html"];
    // The system kills the process while it writes.
    let killed = after(&["sh"], "ulimit -c 0 && ulimit -f 1", &scratch.command(&report)).output().unwrap();
    assert!(killed.status.signal().is_some(), "{killed:?}");
    let [left] = scratch.names(".").try_into().unwrap();
    assert!(left.starts_with(".r.html.") && scratch.mode(&left) == 0o600, "{left}");
    assert_eq!(scratch.run(&report).status.code(), Some(0));
    assert_eq!((scratch.names("."), scratch.mode("r.html")), (vec!["r.html".to_owned()], 0o600));
}

#[cfg(unix)]
#[test]
fn replaces_the_target_of_a_link_and_keeps_its_permissions() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let (path, link) = (file("linked"), file("link"));
    fs::write(&path, "before").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&path, &link).unwrap();
    let output = command(&["--sandbox", "report", "--html", link.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success() && link.is_symlink(), "{}", shown(&output));
    assert!(fs::read_to_string(&path).unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    // A device is not replaced by a file.
    assert!(command(&["--sandbox", "report", "--html", "/dev/null"]).output().unwrap().status.success());
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_is_an_error() {
    assert_shown!(run(&["--sandbox", "report", "--html", "/dev/full"]), @"
    exit code: 1
    --- stdout
    --- stderr
    reading usage summaries for billing periods and missing budgets: 13 calls
    error: cannot write /dev/full
      why: No space left on device
     next: free some space, or name a file; the beginning may have been written
    ");
}
