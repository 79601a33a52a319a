//! `usage` for programs, its filters and its order; `summary`.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::sync::mpsc;

use crate::{ONE, SandboxProcess, assert_shown, command, run, service, shown};

#[test]
fn usage_is_one_json_object_per_line() {
    assert_shown!(shown(&SandboxProcess::start(&["--customers", "6"]).call(&["usage", "--output", "ndjson"])), @r#"
    exit code: 0
    --- stdout
    {"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":97,"total_cost":27.23292827625710931604,"currency":"GBP","currency_locale":null,"projected_cost":48.06,"over_on":null,"projected_from":"period","status":"ok","percent_used":28.08}
    {"customer":"00000000-0000-0000-0000-000000000002","name":"Gentle Market Bakery","amount":null,"total_cost":28.82860766744404945074,"currency":"EUR","currency_locale":null,"projected_cost":50.87,"over_on":null,"projected_from":"period","status":"no-budget","percent_used":null}
    {"customer":"00000000-0000-0000-0000-000000000003","name":"Upper Prairie Printing","amount":300.000000,"total_cost":138.48441401676596576135,"currency":null,"currency_locale":"sv-SE","projected_cost":null,"over_on":null,"projected_from":null,"status":"trend-unknown","percent_used":46.16}
    {"customer":"00000000-0000-0000-0000-000000000004","name":"Crimson Mountain Nurseries","amount":97,"total_cost":533.52,"currency":"USD","currency_locale":null,"projected_cost":941.51,"over_on":null,"projected_from":"period","status":"over","percent_used":550.02}
    {"customer":"00000000-0000-0000-0000-000000000006","name":"Deep Maple Logistics","amount":300.000000,"total_cost":26.5851,"currency":null,"currency_locale":"de-DE","projected_cost":null,"over_on":null,"projected_from":null,"status":"trend-unknown","percent_used":8.86}
    {"customer":"00000000-0000-0000-0000-000000000005","name":"Hidden Meadow Publishing","amount":20,"total_cost":null,"currency":null,"currency_locale":null,"projected_cost":null,"over_on":null,"projected_from":null,"status":"ok","percent_used":null}
    --- stderr
    "#);
    assert_shown!(shown(&SandboxProcess::start(&["--customers", "6"]).call(&["usage", "--output", "csv"])), @"
    exit code: 0
    --- stdout
    customer,name,amount,total_cost,currency,currency_locale,projected_cost,over_on,projected_from,status,percent_used
    00000000-0000-0000-0000-000000000001,Blue Harbor Logistics,97,27.23292827625710931604,GBP,,48.06,,period,ok,28.08
    00000000-0000-0000-0000-000000000002,Gentle Market Bakery,,28.82860766744404945074,EUR,,50.87,,period,no-budget,
    00000000-0000-0000-0000-000000000003,Upper Prairie Printing,300.000000,138.48441401676596576135,,sv-SE,,,,trend-unknown,46.16
    00000000-0000-0000-0000-000000000004,Crimson Mountain Nurseries,97,533.52,USD,,941.51,,period,over,550.02
    00000000-0000-0000-0000-000000000006,Deep Maple Logistics,300.000000,26.5851,,de-DE,,,,trend-unknown,8.86
    00000000-0000-0000-0000-000000000005,Hidden Meadow Publishing,20,,,,,,,ok,
    --- stderr
    ");
}

#[test]
fn filters_and_sorts_usage() {
    let sandbox = SandboxProcess::start(&["--customers", "16"]);
    assert_shown!(shown(&sandbox.call(&["usage", "--over", "80", "--sort", "used"])), @"
    exit code: 0
    --- stdout
    customer                              name                        budget    cost  currency  status  % used
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries  97.00   533.52  USD       over    550.02
    00000000-0000-0000-0000-00000000000b  Ivory Station Foods         97.00   210.46  SEK       over    216.97
    00000000-0000-0000-0000-00000000000e  Southern Valley Studios     75.125   61.42  EUR       near     81.75
    --- stderr
    3 customers
    ");
    assert_shown!(shown(&sandbox.call(&["usage", "--no-budget", "--sort", "cost"])), @"
    exit code: 0
    --- stdout
    customer                              name                   budget    cost  currency  status     % used
    00000000-0000-0000-0000-00000000000c  Open Coast Optics           -  197.28  en-US     no-budget       -
    00000000-0000-0000-0000-000000000002  Gentle Market Bakery        -   28.83  EUR       no-budget       -
    00000000-0000-0000-0000-000000000007  Northern Tower Cycles       -    6.59  SEK       no-budget       -
    --- stderr
    3 customers
    ");
    assert_shown!(shown(&sandbox.call(&["usage", "--no-budget", "--over", "100", "--sort", "name", "--output", "csv"])), @"
    exit code: 0
    --- stdout
    customer,name,amount,total_cost,currency,currency_locale,projected_cost,over_on,projected_from,status,percent_used
    00000000-0000-0000-0000-000000000004,Crimson Mountain Nurseries,97,533.52,USD,,941.51,,period,over,550.02
    00000000-0000-0000-0000-000000000002,Gentle Market Bakery,,28.82860766744404945074,EUR,,50.87,,period,no-budget,
    00000000-0000-0000-0000-00000000000b,Ivory Station Foods,97,210.46,SEK,,371.4,,period,over,216.97
    00000000-0000-0000-0000-000000000007,Northern Tower Cycles,,6.59106475793587112874,SEK,,11.63,,period,no-budget,
    00000000-0000-0000-0000-00000000000c,Open Coast Optics,,197.28,,en-US,,,,no-budget,
    --- stderr
    ");
    assert_shown!(shown(&sandbox.call(&["usage", "--over", "100000", "--output", "ndjson"])), @"
    exit code: 0
    --- stdout
    --- stderr
    ");
}

#[test]
fn refuses_bad_filters() {
    assert_shown!(run(&["--sandbox", "usage", "--over", "abc"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: invalid value 'abc' for '--over <PERCENT>': `abc` is not a decimal number; write digits and at most one point, without thousands separators, for example 1000.50

    For more information, try '--help'.
    ");
    for arguments in [["--over", "80%%"], ["--over", ""], ["--sort", "colour"], ["--output", "xml"]] {
        let output = command(&["--sandbox", "usage"]).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn other_commands_support_all_formats() {
    assert_shown!(run(&["--sandbox", "get", ONE, "--output", "csv"]), @"
    exit code: 0
    --- stdout
    customer,name,amount
    00000000-0000-0000-0000-000000000001,,97
    --- stderr
    ");
    assert_shown!(run(&["--sandbox", "clear", ONE, "--output", "ndjson"]), @r#"
    exit code: 0
    --- stdout
    {"customer":"00000000-0000-0000-0000-000000000001","name":"Blue Harbor Logistics","amount":null}
    --- stderr
    Blue Harbor Logistics (00000000-0000-0000-0000-000000000001): GBP 97.00 -> none
    "#);
    let customers = run(&["--sandbox", "customers", "--output", "csv"]);
    assert!(customers.contains("\ncustomer,name,domain\n00000000-0000-0000-0000-000000000001,Blue Harbor Logistics,"));
}

#[test]
fn name_with_special_characters_is_one_cell() {
    let base_url = service(|path| match path {
        "/v1/customers/usagerecords" => r#"{"items":[{"name":"a,\"b\"\n;c","totalCost":1.10}]}"#.to_owned(),
        _ => r#"{"items":[]}"#.to_owned(),
    });
    let call = |format| {
        let mut command = command(&["--base-url", &base_url, "usage", "--output", format]);
        String::from_utf8(command.env("PARTNER_CENTER_TOKEN", "token").output().unwrap().stdout).unwrap()
    };
    insta::assert_snapshot!(call("csv"), @r#"
    customer,name,amount,total_cost,currency,currency_locale,projected_cost,over_on,projected_from,status,percent_used
    ,"a,""b""
    ;c",,1.10,,,,,,no-budget,
    "#);
    insta::assert_snapshot!(call("ndjson"), @r#"
    {"customer":null,"name":"a,\"b\"\n;c","amount":null,"total_cost":1.10,"currency":null,"currency_locale":null,"projected_cost":null,"over_on":null,"projected_from":null,"status":"no-budget","percent_used":null}
    "#);
}

/// The server sends the second page only after the first one is printed.
#[test]
fn prints_the_first_page_while_waiting_for_the_second() {
    for format in ["ndjson", "csv"] {
        let (seen, wait) = mpsc::channel::<()>();
        let base_url = service(move |path| match path {
            "/v1/customers/usagerecords" => r#"{"items":[{"name":"One"}],"continuationToken":"a=="}"#.to_owned(),
            "/v1/customers/usagerecords?seekOperation=Next" => {
                wait.recv().unwrap();
                r#"{"items":[{"name":"Two"}]}"#.to_owned()
            }
            _ => r#"{"items":[]}"#.to_owned(),
        });
        let mut child = command(&["--base-url", &base_url, "usage", "--output", format])
            .env("PARTNER_CENTER_TOKEN", "token")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        while !first.contains("One") {
            assert_ne!(lines.read_line(&mut first).unwrap(), 0, "{first}");
        }
        seen.send(()).unwrap();
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("Two") && child.wait().unwrap().success(), "{rest}");
    }
}

#[test]
fn lists_and_leaves_out_customers_that_cannot_be_read() {
    let sandbox = SandboxProcess::start(&["--customers", "6", "--fault", "status=400@get_usage_budget"]);
    let output = sandbox.call(&["usage", "--output", "csv"]);
    assert_eq!(output.status.code(), Some(1));
    let [out, err] = [output.stdout, output.stderr].map(|stream| String::from_utf8(stream).unwrap());
    assert_eq!(out.lines().count(), 1 + 5, "{out}");
    assert!(err.starts_with("warning: 00000000-0000-0000-0000-000000000005 left out: "), "{err}");
    assert!(err.ends_with("error: 1 customer could not be read\n  why: the reasons are listed above; the customers are left out\n next: run it again\n"), "{err}");
}

#[test]
fn expired_sign_in_ends_the_list() {
    let sandbox = SandboxProcess::start(&["--fault", "status=401@get_usage_budget"]);
    let output = sandbox.call(&["usage", "--output", "csv"]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(!shown(&output).contains(" left out: "), "{}", shown(&output));
}

#[test]
fn lists_unread_summaries_next_to_unread_budgets() {
    let faults = ["--fault", "status=400@get_usage_budget", "--fault", "status=400@get_customer_usage_summary"];
    let output = SandboxProcess::start(&faults).call(&["usage", "--trending", "--no-budget", "--output", "csv"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains(" left out: ") && message.contains(" usage summaries could not be read\n"), "{message}");
}

#[test]
fn summary_shows_the_cost_of_legacy_offers() {
    let sandbox = SandboxProcess::start(&["--customers", "40"]);
    assert_shown!(shown(&sandbox.call(&["summary"])), @"
    exit code: 0
    --- stdout
    legacy offers
    partner        Blue Harbor Cloud
    cost so far    12878.20 en-US
    customers      12
    over budget    2
    trending over  2
    from           2019-08-28T00:00:00-07:00
    until          2019-09-27T00:00:00-07:00
    figures of     2019-09-17T09:42:54Z
    --- stderr
    ");
    assert_shown!(shown(&sandbox.call(&["summary", "--output", "json"])), @r#"
    exit code: 0
    --- stdout
    {"partner":"[fresh guid]","name":"Blue Harbor Cloud","total_cost":12878.20134803356636617786,"currency":null,"currency_locale":"en-US","customers":12,"customers_over_budget":2,"customers_trending_over":2,"billing_start":"2019-08-28T00:00:00-07:00","billing_end":"2019-09-27T00:00:00-07:00","last_modified":"2019-09-17T09:42:54Z","emails_to_notify":["billing@example.com"]}
    --- stderr
    "#);
    assert_shown!(shown(&sandbox.call(&["summary", "--output", "csv"])), @"
    exit code: 0
    --- stdout
    partner,name,total_cost,currency,currency_locale,customers,customers_over_budget,customers_trending_over,billing_start,billing_end,last_modified,emails_to_notify
    [fresh guid],Blue Harbor Cloud,12878.20134803356636617786,,en-US,12,2,2,2019-08-28T00:00:00-07:00,2019-09-27T00:00:00-07:00,2019-09-17T09:42:54Z,billing@example.com
    --- stderr
    ");
}

/// Customers at, just below and just above a share. Rounding half up would mix them up.
fn shares() -> String {
    service(|path| match path {
        "/v1/customers/usagerecords" => r#"{"items":[
            {"name":"Almost","totalCost":99.999,"budget":{"amount":100}},
            {"name":"At","totalCost":100,"budget":{"amount":100}},
            {"name":"Nearly almost","totalCost":99.9985,"budget":{"amount":100}},
            {"name":"Idle","totalCost":0,"budget":{"amount":100}},
            {"name":"Zero","totalCost":0.01,"budget":{"amount":0}},
            {"name":"Neither","totalCost":0,"budget":{"amount":0}},
            {"name":"Unknown","budget":{"amount":100}}]}"#
            .to_owned(),
        _ => r#"{"items":[]}"#.to_owned(),
    })
}

#[test]
fn shown_percentage_is_never_rounded_up() {
    let base_url = shares();
    let usage = |arguments: &[&str]| {
        let mut command = command(&[&["--base-url", &base_url, "usage"], arguments].concat());
        shown(&command.env("PARTNER_CENTER_TOKEN", "token").output().unwrap())
    };
    assert_shown!(usage(&["--sort", "used"]), @"
    exit code: 0
    --- stdout
    customer  name           budget    cost  currency  status         % used
              Zero             0.00    0.01            over             -
              At             100.00  100.00            over           100.00
              Almost         100.00  100.00            near            99.99
              Nearly almost  100.00  100.00            near            99.99
              Idle           100.00    0.00            ok               0.00
              Neither          0.00    0.00            ok               -
              Unknown        100.00    -               trend-unknown    -
    --- stderr
    7 customers
    ");
    let names = |arguments: &[&str]| {
        let lines = usage(&[&["--output", "csv"], arguments].concat());
        lines
            .lines()
            .filter_map(|line| line.strip_prefix(','))
            .map(|line| line.replace(",,,,,,", " "))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&["--over", "100"]), ["At,100,100 over,100", "Zero,0,0.01 over,"]);
    assert_eq!(names(&["--over", "99.999"]).len(), 3);
    // Without a cost, 0 percent of a budget is used.
    assert_eq!(names(&["--over", "0"]).len(), 5);
    assert!(
        usage(&["--output", "json"])
            .contains(r#""total_cost":99.999,"currency":null,"currency_locale":null,"projected_cost":null,"over_on":null,"projected_from":null,"status":"near","percent_used":99.99}"#)
    );
}

#[test]
fn refuses_negative_percentages() {
    for arguments in [
        ["usage", "--over", "-1"].as_slice(),
        &["report", "--html", "-", "--near", "-5"],
        &["report", "--html", "-", "--near=-5"],
        &["apply", "budgets.csv", "--yes", "--max-change=-1"],
    ] {
        let message = run(&[&["--sandbox"], arguments].concat());
        assert!(message.starts_with("exit code: 2\n--- stdout\n--- stderr\n"), "{message}");
        assert!(message.contains("a percentage cannot be negative; write 0 or more, such as 80"), "{message}");
    }
}

#[test]
fn refuses_formats_that_a_command_does_not_support() {
    assert_shown!(run(&["--sandbox", "report", "--html", "-", "--output", "json"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: `report` has no --output
      why: it always writes an HTML page
     next: leave out --output; nothing was sent
    ");
    for arguments in [
        ["login", "--tenant", "contoso.example.com", "--client-id", ONE].as_slice(),
        &["logout"],
        &["tour"],
        &["sandbox", "--port", "0"],
        &["completions", "bash"],
    ] {
        let message = run(&[arguments, &["--output", "csv"]].concat());
        assert!(message.contains(&format!("error: `{}` has no --output\n", arguments[0])), "{message}");
    }
}

#[test]
fn all_formats_have_the_same_columns_in_the_same_order() {
    let output = |format: &str| {
        let output = command(&["--sandbox", "usage", "--output", format]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let csv = output("csv");
    let columns: Vec<_> = csv.lines().next().unwrap().split(',').collect();
    for format in ["json", "ndjson"] {
        let text = output(format);
        let positions: Vec<_> = columns.iter().map(|name| text.find(&format!("\"{name}\":")).unwrap()).collect();
        assert!(positions.is_sorted(), "{format}: {positions:?}");
        assert_eq!(text.split('}').next().unwrap().matches("\":").count(), columns.len());
    }
}
