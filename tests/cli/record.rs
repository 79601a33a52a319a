//! `record`.

use std::fs::File;
use std::io::Read;

use flate2::read::GzDecoder;

use crate::scratch::Scratch;
use crate::{SandboxProcess, assert_shown, run, shown};

/// The only file of a folder, with its text.
fn recorded(scratch: &Scratch, folder: &str) -> (String, String) {
    let names = scratch.names(folder);
    let [name] = names.as_slice() else { panic!("{names:?}") };
    let (path, mut text) = (scratch.0.join(folder).join(name), String::new());
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    (name.clone(), text)
}

/// Without the date, which changes.
fn dateless(text: &str) -> String {
    let (_, rest) = text.split_once("usage-").unwrap();
    text.replace(&rest[.."2026-11-27".len()], "[date]")
}

#[test]
fn records_all_facts_and_digits() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "6"]));
    assert_shown!(dateless(&shown(&scratch.call(&sandbox, &["record", "--dir", "new/history"]))), @"
    exit code: 0
    --- stdout
    --- stderr
    5 usage records written to new/history/usage-[date].ndjson.gz
    ");
    let (name, text) = recorded(&scratch, "new/history");
    assert_shown!(dateless(&(name.clone() + "\n" + &text.replace(&name[6..16], "[date]"))), @r#"
    usage-[date].ndjson.gz
    {"date":"[date]","partner":"an unknown tenant at http://127.0.0.1:[port]","customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":97,"total_cost":27.23292827625710931604,"currency":"GBP","currency_locale":null,"usd_total_cost":33.28000000000000043967,"is_azure_plan":true,"last_modified":"2019-09-17T17:08:11.143333300Z"}
    {"date":"[date]","partner":"an unknown tenant at http://127.0.0.1:[port]","customer":"00000000-0000-0000-0000-000000000002","name":"Gentle Market Bakery","amount":null,"total_cost":28.82860766744404945074,"currency":"EUR","currency_locale":null,"usd_total_cost":31.80948570025776416395,"is_azure_plan":true,"last_modified":"2019-09-17T17:08:11.143333300Z"}
    {"date":"[date]","partner":"an unknown tenant at http://127.0.0.1:[port]","customer":"00000000-0000-0000-0000-000000000003","name":"Upper Prairie Printing","amount":300.000000,"total_cost":138.48441401676596576135,"currency":null,"currency_locale":"sv-SE","usd_total_cost":null,"is_azure_plan":null,"last_modified":"2019-09-17T09:42:54.513055800Z"}
    {"date":"[date]","partner":"an unknown tenant at http://127.0.0.1:[port]","customer":"00000000-0000-0000-0000-000000000004","name":"Crimson Mountain Nurseries","amount":97,"total_cost":533.52,"currency":"USD","currency_locale":null,"usd_total_cost":533.5200000,"is_azure_plan":true,"last_modified":"2019-09-17T17:08:11.143333300Z"}
    {"date":"[date]","partner":"an unknown tenant at http://127.0.0.1:[port]","customer":"00000000-0000-0000-0000-000000000006","name":"Deep Maple Logistics","amount":300.000000,"total_cost":26.5851,"currency":null,"currency_locale":"de-DE","usd_total_cost":null,"is_azure_plan":null,"last_modified":"2019-09-17T09:42:54.513055800Z"}
    "#);
    #[cfg(unix)]
    for (path, mode) in [("new", 0o700), ("new/history", 0o700), (&format!("new/history/{name}"), 0o600)] {
        assert_eq!(scratch.mode(path), mode, "{path}");
    }
}

#[test]
fn second_run_of_a_day_replaces_the_first() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    scratch.call(&sandbox, &["record", "--dir", "history"]);
    let (name, first) = recorded(&scratch, "history");
    scratch.call(&sandbox, &["record", "--dir", "history"]);
    assert_eq!(recorded(&scratch, "history"), (name.clone(), first.clone()));
    scratch.call(&sandbox, &["set", crate::ONE, "120.50"]);
    // A damaged file says nothing about its partner.
    scratch.write(&format!("history/{name}"), "damaged");
    assert!(scratch.call(&sandbox, &["record", "--dir", "history"]).status.success());
    let changed = first.replace(r#""amount":97,"#, r#""amount":120.50,"#);
    assert_eq!(recorded(&scratch, "history"), (name, changed));
}

#[cfg(target_os = "linux")]
#[test]
fn default_folder_is_that_of_the_partner() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    let data = scratch.0.join("data");
    let mut record = scratch.calling(&sandbox, &["record"]);
    let output = record.env("XDG_DATA_HOME", &data).output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    let folder = format!("unknown-tenant-at-{}", sandbox.base_url.trim_start_matches("http://").replace(':', "-"));
    recorded(&scratch, &format!("data/pc-budgets/history/{folder}"));

    let mut record = scratch.command(&["record", "--base-url", &sandbox.base_url, "--authority", &sandbox.base_url]);
    record.env("PARTNER_CENTER_TENANT_ID", "Contoso.onmicrosoft.com").env("XDG_DATA_HOME", &data);
    record.env("PARTNER_CENTER_CLIENT_ID", "0d1f64d1-6a4c-4a6e-9d0b-1c5f1c1f3a11");
    record.env("PARTNER_CENTER_REFRESH_TOKEN_FILE", "token");
    scratch.write("token", "sandbox-refresh-token");
    let output = record.output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    let folder = folder.replace("unknown-tenant", "contoso.onmicrosoft.com");
    let (_, text) = recorded(&scratch, &format!("data/pc-budgets/history/{folder}"));
    // The lines have the tenant of the token.
    assert!(text.contains(r#""partner":"tenant "#) && !text.contains(r#""partner":"tenant Contoso"#), "{text}");
}

#[test]
fn refuses_the_folder_of_another_partner() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    assert!(scratch.run(&["--sandbox", "record", "--dir", "history"]).status.success());
    let before = recorded(&scratch, "history");
    assert_shown!(shown(&scratch.call(&sandbox, &["record", "--dir", "history"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the folder history is for another partner
      why: its newest file is of the temporary sandbox, and this run is for an unknown tenant at http://127.0.0.1:[port]
     next: choose the profile of that partner, or name another folder
    ");
    assert_eq!(recorded(&scratch, "history"), before);
}

#[test]
fn a_failure_leaves_the_file_of_the_day_unchanged() {
    let fault = "status=403,code=900150@list_customer_usage_records:nth=2";
    let sandbox = SandboxProcess::start(&["--customers", "1", "--fault", fault]);
    let scratch = Scratch::new();
    assert!(scratch.call(&sandbox, &["record", "--dir", "history"]).status.success());
    let before = recorded(&scratch, "history");
    let output = scratch.call(&sandbox, &["record", "--dir", "history"]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert_eq!(recorded(&scratch, "history"), before);
}

#[test]
fn refuses_what_it_cannot_write_before_any_call() {
    let scratch = Scratch::new();
    scratch.write("file", "");
    assert_shown!(shown(&scratch.run(&["--sandbox", "record", "--dir", "file"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot read file
      why: Not a directory
     next: check the path, and that this user may read it
    ");
    assert_shown!(run(&["--sandbox", "record"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: no folder for the history
      why: a temporary sandbox stores nothing outside of a folder that you name
     next: name one with --dir FOLDER
    ");
    assert_shown!(run(&["--sandbox", "record", "--output", "json"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: `record` has no --output
      why: it always writes the file of a day
     next: leave out --output; nothing was sent
    ");
}

#[test]
fn sandbox_has_sample_days() {
    let scratch = Scratch::new();
    let record = |arguments: &[&str]| shown(&scratch.run(&[&["record", "--dir", "history"], arguments].concat()));
    assert!(record(&["--sandbox", "--sample-days", "20"]).starts_with("exit code: 0\n"));
    let names = scratch.names("history");
    assert_eq!(names.len(), 21);
    let cost = |name: &str| {
        let (mut text, path) = (String::new(), scratch.0.join("history").join(name));
        GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        (line["last_modified"].as_str().unwrap()[..10].to_owned(), line["total_cost"].as_f64().unwrap())
    };
    let [first, yesterday, today] = [0, 19, 20].map(|day: usize| cost(&names[day]));
    assert_eq!([&first.0, &yesterday.0, &today.0], ["2019-08-28", "2019-09-16", "2019-09-17"]);
    assert!(yesterday.1 < today.1 && today.1 < first.1, "{first:?} {yesterday:?} {today:?}");
    assert_shown!(record(&["--sample-days", "1"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: --sample-days is for --sandbox
      why: the service has the costs of today only
     next: leave it out, and record a day every night; or add --sandbox
    ");
    assert!(record(&["--sandbox", "--sample-days", "61"]).starts_with("exit code: 2\n"));
}

#[test]
fn refuses_an_app_without_a_user() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--customers", "1"]));
    let mut record = scratch.command(&["record", "--dir", "history", "--base-url", &sandbox.base_url]);
    record.args(["--authority", &sandbox.base_url]).env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com");
    record.env("PARTNER_CENTER_CLIENT_ID", "0d1f64d1-6a4c-4a6e-9d0b-1c5f1c1f3a11");
    record.env("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret");
    assert_shown!(shown(&record.output().unwrap()), @"
    exit code: 2
    --- stdout
    --- stderr
    error: list_customer_usage_records takes no token of an app alone
     next: sign in as an app and a user, for instance with a refresh token
    ");
    assert_eq!(scratch.names("history"), [""; 0]);
}
