//! `compare`.

use std::fs;

use chrono::{Days, Utc};

use crate::recorded::Recorded;
use crate::scratch::id;
use crate::{assert_shown, command, service, shown};

fn two_weeks() -> Recorded {
    let recorded = Recorded::new();
    recorded.record("2026-11-14", &["1 65 100 EUR", "2 65 - en-GB"]);
    recorded.record(
        "2026-11-21",
        &["1 100.25 100 EUR", "2 100 - en-GB", "3 10 5 USD", "4 7 - EUR", "5 9 9 SEK", "6 1 - GBP"],
    );
    recorded.record(
        "2026-11-28",
        &["1 205.75 120.50 EUR", "2 99 - en-GB", "3 9.5 5 USD", "7 700 - EUR", "5 10 9 sv-SE", "6 - - GBP"],
    );
    recorded.record("2026-12-05", &["1 40 120.50 EUR", "2 199 - en-GB"]);
    recorded
}

#[test]
fn largest_increase_comes_first() {
    assert_shown!(two_weeks().compare(&["2026-11-21", "2026-11-28"]), @"
    exit code: 0
    --- stdout
    customer                              name        before     now  increase  per day  currency  notes
    00000000-0000-0000-0000-000000000007  Customer 7    -     700.00    700.00   100.00  EUR       unusual, new
    00000000-0000-0000-0000-000000000001  Customer 1  100.25  205.75    105.50    15.07  EUR       unusual, before 5.04 a day, budget 100.00 -> 120.50
    00000000-0000-0000-0000-000000000002  Customer 2  100.00   99.00     99.00     -     en-GB     new period
    00000000-0000-0000-0000-000000000003  Customer 3   10.00    9.50     -0.50    -0.07  USD
    00000000-0000-0000-0000-000000000004  Customer 4    7.00    -         -        -     EUR       no usage now
    00000000-0000-0000-0000-000000000005  Customer 5    9.00   10.00      -        -     sv-SE     currency before: SEK
    00000000-0000-0000-0000-000000000006  Customer 6    1.00    -         -        -     GBP
    --- stderr
    warning: history has no record of 2026-11-15 to 2026-11-20
    2026-11-21 to 2026-11-28, 7 days: 7 customers, 1 new, 1 lost, 1 changed budget, 2 unusual
    ");
}

#[test]
fn programs_get_all_digits_and_notes() {
    let recorded = two_weeks();
    assert_shown!(recorded.compare(&["2026-11-21", "2026-11-28", "--output", "ndjson"]), @r#"
    exit code: 0
    --- stdout
    {"customer":"00000000-0000-0000-0000-000000000007","name":"Customer 7","old_amount":null,"amount":null,"old_total_cost":null,"total_cost":700,"difference":700,"per_day":100,"past_per_day":0,"currency":"EUR","currency_locale":null,"notes":["unusual","new"]}
    {"customer":"00000000-0000-0000-0000-000000000001","name":"Customer 1","old_amount":100,"amount":120.50,"old_total_cost":100.25,"total_cost":205.75,"difference":105.50,"per_day":15.07,"past_per_day":5.04,"currency":"EUR","currency_locale":null,"notes":["unusual","budget-changed"]}
    {"customer":"00000000-0000-0000-0000-000000000002","name":"Customer 2","old_amount":null,"amount":null,"old_total_cost":100,"total_cost":99,"difference":99,"per_day":null,"past_per_day":5,"currency":null,"currency_locale":"en-GB","notes":["new-period"]}
    {"customer":"00000000-0000-0000-0000-000000000003","name":"Customer 3","old_amount":5,"amount":5,"old_total_cost":10,"total_cost":9.5,"difference":-0.5,"per_day":-0.07,"past_per_day":0.5,"currency":"USD","currency_locale":null,"notes":[]}
    {"customer":"00000000-0000-0000-0000-000000000004","name":"Customer 4","old_amount":null,"amount":null,"old_total_cost":7,"total_cost":null,"difference":null,"per_day":null,"past_per_day":0.35,"currency":"EUR","currency_locale":null,"notes":["lost"]}
    {"customer":"00000000-0000-0000-0000-000000000005","name":"Customer 5","old_amount":9,"amount":9,"old_total_cost":9,"total_cost":10,"difference":null,"per_day":null,"past_per_day":0.45,"currency":null,"currency_locale":"sv-SE","notes":["currency-changed"]}
    {"customer":"00000000-0000-0000-0000-000000000006","name":"Customer 6","old_amount":null,"amount":null,"old_total_cost":1,"total_cost":null,"difference":null,"per_day":null,"past_per_day":0.05,"currency":"GBP","currency_locale":null,"notes":[]}
    --- stderr
    warning: history has no record of 2026-11-15 to 2026-11-20
    2026-11-21 to 2026-11-28, 7 days: 7 customers, 1 new, 1 lost, 1 changed budget, 2 unusual
    "#);
    assert_shown!(recorded.compare(&["2026-11-21", "2026-11-28", "--output", "csv", "--top", "2"]), @"
    exit code: 0
    --- stdout
    customer,name,old_amount,amount,old_total_cost,total_cost,difference,per_day,past_per_day,currency,currency_locale,notes
    00000000-0000-0000-0000-000000000007,Customer 7,,,,700,700,100,0,EUR,,unusual new
    00000000-0000-0000-0000-000000000001,Customer 1,100,120.50,100.25,205.75,105.50,15.07,5.04,EUR,,unusual budget-changed
    --- stderr
    warning: history has no record of 2026-11-15 to 2026-11-20
    2 of 7 customers shown
    2026-11-21 to 2026-11-28, 7 days: 7 customers, 1 new, 1 lost, 1 changed budget, 2 unusual
    ");
    assert_shown!(recorded.compare(&["2026-11-21", "2026-11-28", "--output", "json", "--top", "0"]), @"
    exit code: 0
    --- stdout
    []
    --- stderr
    warning: history has no record of 2026-11-15 to 2026-11-20
    0 of 7 customers shown
    2026-11-21 to 2026-11-28, 7 days: 7 customers, 1 new, 1 lost, 1 changed budget, 2 unusual
    ");
    assert_shown!(recorded.compare(&["2026-11-21", "2026-11-28", "--output", "markdown", "--unusual"]), @r#"
    exit code: 0
    --- stdout
    | customer | name | before | now | increase | per day | currency | notes |
    | --- | --- | --: | --: | --: | --: | --- | --- |
    | 00000000-0000-0000-0000-000000000007 | Customer 7 | - | 700.00 | 700.00 | 100.00 | EUR | unusual, new |
    | 00000000-0000-0000-0000-000000000001 | Customer 1 | 100.25 | 205.75 | 105.50 | 15.07 | EUR | unusual, before 5.04 a day, budget 100.00 -\> 120.50 |
    --- stderr
    warning: history has no record of 2026-11-15 to 2026-11-20
    2026-11-21 to 2026-11-28, 7 days: 7 customers, 1 new, 1 lost, 1 changed budget, 2 unusual
    "#);
}

#[test]
fn a_new_period_counts_from_zero() {
    assert_shown!(two_weeks().compare(&["2026-11-28", "2026-12-05"]), @"
    exit code: 0
    --- stdout
    customer                              name        before     now  increase  per day  currency  notes
    00000000-0000-0000-0000-000000000002  Customer 2   99.00  199.00    100.00    14.29  en-GB
    00000000-0000-0000-0000-000000000001  Customer 1  205.75   40.00     40.00    10.00  EUR       new period
    00000000-0000-0000-0000-000000000003  Customer 3    9.50    -         -        -     USD       no usage now
    00000000-0000-0000-0000-000000000005  Customer 5   10.00    -         -        -     sv-SE     no usage now
    00000000-0000-0000-0000-000000000006  Customer 6    -       -         -        -     GBP       no usage now
    00000000-0000-0000-0000-000000000007  Customer 7  700.00    -         -        -     EUR       no usage now
    --- stderr
    warning: history has no record of 2026-11-22 to 2026-11-27
    2026-11-28 to 2026-12-05, 7 days: 6 customers, 0 new, 4 lost, 0 changed budgets, 0 unusual
    ");
}

#[test]
fn limits_of_unusual_costs_can_be_set() {
    let recorded = two_weeks();
    let unusual = |arguments: &[&str]| {
        let days = ["2026-11-21", "2026-11-28", "--unusual", "--output", "csv"];
        let printed = recorded.compare(&[&days, arguments].concat());
        let names = printed.lines().filter_map(|line| line.split_once(",Customer ")?.1.split(',').next());
        names.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(unusual(&[]), "7 1");
    // 105.50 in seven days, after 35.25 in seven days.
    assert_eq!(unusual(&["--factor", "2.99"]), "7 1");
    assert_eq!(unusual(&["--factor", "3"]), "7");
    assert_eq!(unusual(&["--above", "15.08"]), "7");
    assert_eq!(unusual(&["--above", "100.01"]), "");
    for arguments in [["--above", "-1"], ["--factor", "x"], ["--top", "-1"]] {
        assert!(recorded.compare(&arguments).starts_with("exit code: 2\n"));
    }
}

#[test]
fn files_are_compared_without_a_call() {
    let recorded = two_weeks();
    let (old, new) = ("history/usage-2026-11-21.ndjson.gz", "history/usage-2026-11-28.ndjson.gz");
    // No profile and no token: there is no session.
    let output = recorded.scratch.run(&["compare", old, new]);
    let by_date = recorded.compare(&["2026-11-21", "2026-11-28"]);
    assert_eq!(shown(&output), by_date);
    // Without the days before, whose folder is not known.
    fs::copy(recorded.scratch.0.join(old), recorded.scratch.0.join("old")).unwrap();
    let output = recorded.scratch.run(&["compare", "old", new, "--unusual", "--output", "ndjson"]);
    assert!(output.status.success(), "{}", shown(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(r#""per_day":15.07,"past_per_day":5.01,"#), "{text}");
}

#[test]
fn compares_with_today() {
    let recorded = Recorded::new();
    // Legacy offers, because the periods of Azure plans would begin within these seven days in the first week of a month.
    let record = |number, name: &str, cost: &str, budget: u32| {
        format!(
            r#"{{"resourceId":"{}","resourceName":"{name}","totalCost":{cost},"budget":{{"amount":{budget}}},
            "currencyLocale":"sv-SE","isUpgraded":false}}"#,
            id(number)
        )
    };
    let records = [
        record(1, "Changed budget", "27.23292827625710931604", 97),
        record(2, "New customer", "28.82860766744404945074", 300),
    ];
    let page = format!(r#"{{"totalCount":2,"items":[{}]}}"#, records.join(","));
    let base_url = service(move |path| {
        assert_eq!(path, "/v1/customers/usagerecords");
        page.clone()
    });
    let today = Utc::now().date_naive();
    let last_week = today - Days::new(7);
    let partner = format!("an unknown tenant at {base_url}");
    recorded.record_of(&partner, last_week, &["1 7.23292827625710931604 50 sv-SE", "3 38 - sv-SE"]);
    let compare = |days: &[&str]| {
        let arguments =
            [&["compare"], days, &["--dir", "history", "--output", "csv", "--base-url", &base_url]].concat();
        shown(&recorded.scratch.command(&arguments).env("PARTNER_CENTER_TOKEN", "token").output().unwrap())
    };
    let printed = compare(&["--since", "7d"]);
    let days = format!("{last_week} to {today}");
    assert_shown!(printed.replace(&days, "[days]"), @"
    exit code: 0
    --- stdout
    customer,name,old_amount,amount,old_total_cost,total_cost,difference,per_day,past_per_day,currency,currency_locale,notes
    00000000-0000-0000-0000-000000000002,New customer,,300,,28.82860766744404945074,28.82860766744404945074,4.12,0,,sv-SE,new
    00000000-0000-0000-0000-000000000001,Changed budget,50,97,7.23292827625710931604,27.23292827625710931604,20.00000000000000000000,2.86,,,sv-SE,budget-changed
    00000000-0000-0000-0000-000000000003,Customer 3,,,38,,,,,,sv-SE,lost
    --- stderr
    [days], 7 days: 3 customers, 1 new, 1 lost, 1 changed budget, 0 unusual
    ");
    assert_eq!(compare(&[&last_week.to_string()]), printed);
}

#[test]
fn nearest_day_replaces_a_missing_or_damaged_one() {
    let recorded = Recorded::new();
    let today = Utc::now().date_naive();
    let ago = |days: u64| (today - Days::new(days)).to_string();
    for days in [9, 8, 3, 2] {
        recorded.record(&ago(days), &["1 20 97 GBP"]);
    }
    recorded.damage(&ago(8));
    let since = |since: &str| {
        let mut printed = recorded.compare(&["--since", since, "--output", "csv"]);
        for days in [14, 9, 8, 7, 0] {
            printed = printed.replace(&ago(days), &format!("[{days} days ago]"));
        }
        printed.lines().skip_while(|line| *line != "--- stderr").skip(1).map(|line| line.to_owned() + "\n").collect()
    };
    let printed: String = since("7d");
    assert_shown!(printed, @"
    warning: history/usage-[8 days ago].ndjson.gz:2 is damaged: the compressed data end early; the day is left out
    no usable record of [7 days ago]; comparing with [9 days ago]
    [9 days ago] to [0 days ago], 9 days: 35 customers, 34 new, 0 lost, 0 changed budgets, 15 unusual
    ");
    let printed: String = since("2w");
    assert_shown!(printed, @"
    no usable record of [14 days ago]; comparing with [9 days ago]
    [9 days ago] to [0 days ago], 9 days: 35 customers, 34 new, 0 lost, 0 changed budgets, 15 unusual
    ");
    for days in [9, 3, 2] {
        recorded.damage(&ago(days));
    }
    assert!(recorded.compare(&["--since", "2d"]).ends_with(
        "error: no day to compare with\n  why: history has no usable day before today\n next: run `pc-budgets record` \
         every day, or name a file\n"
    ));
}

#[test]
fn holes_and_damage_before_the_first_day_are_reported() {
    let recorded = Recorded::new();
    for day in ["2026-11-14", "2026-11-15", "2026-11-18", "2026-11-20", "2026-11-21"] {
        recorded.record(day, &["1 100 - EUR"]);
    }
    recorded.damage("2026-11-18");
    recorded.record_of("tenant fabrikam", "2026-11-20".parse().unwrap(), &["1 1 - EUR"]);
    assert_shown!(recorded.compare(&["2026-11-21", "2026-11-21", "--output", "csv"]), @"
    exit code: 0
    --- stdout
    customer,name,old_amount,amount,old_total_cost,total_cost,difference,per_day,past_per_day,currency,currency_locale,notes
    00000000-0000-0000-0000-000000000001,Customer 1,,,100,100,0,,0,EUR,,
    --- stderr
    warning: history/usage-2026-11-18.ndjson.gz:2 is damaged: the compressed data end early; the day is left out
    warning: history/usage-2026-11-20.ndjson.gz belongs to another partner: it is of tenant fabrikam; the day is left out
    warning: history has no record of 2026-11-16 to 2026-11-17, 2026-11-19
    2026-11-21 to 2026-11-21, 0 days: 1 customer, 0 new, 0 lost, 0 changed budgets, 0 unusual
    ");
}

#[test]
fn refuses_days_that_cannot_be_compared() {
    let recorded = two_weeks();
    recorded.damage("2026-11-28");
    recorded.scratch.write("plain", "{}\n");
    assert_shown!(recorded.compare(&["2026-11-21", "2026-11-28"]), @"
    exit code: 2
    --- stdout
    --- stderr
    warning: history has no record of 2026-11-15 to 2026-11-20
    error: history/usage-2026-11-28.ndjson.gz:7 is damaged
      why: the compressed data end early
     next: restore the file from a backup, or use another day
    ");
    recorded.damage("2026-11-14");
    assert_shown!(recorded.compare(&["history/usage-2026-11-14.ndjson.gz"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: history/usage-2026-11-14.ndjson.gz:3 is damaged
      why: the compressed data end early
     next: restore the file from a backup, or use another day
    ");
    assert_shown!(recorded.compare(&["2026-11-22"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: 2026-11-22 is not recorded
      why: history has no file of that day
     next: name a recorded day; the nearest: 2026-11-21, 2026-11-28
    ");
    assert_shown!(recorded.compare(&["2026-12-05", "2026-11-21"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: OLD is later than NEW
      why: OLD is of 2026-12-05, and NEW is of 2026-11-21
     next: name the earlier day first
    ");
    assert_shown!(recorded.compare(&["plain"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: plain:1 is damaged
      why: it is not compressed with gzip
     next: restore the file from a backup, or use another day
    ");
    recorded.scratch.write("nothing", "");
    assert_shown!(recorded.compare(&["nothing"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: nothing:1 is damaged
      why: the file is empty
     next: restore the file from a backup, or use another day
    ");
    assert_shown!(recorded.compare(&["none"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot read none
      why: No such file or directory
     next: check the path, and that this user may read it
    ");
    assert_shown!(recorded.compare(&[]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the following required arguments were not provided:
      <OLD>

    Usage: pc-budgets compare --dir <FOLDER> <OLD> [NEW]

    For more information, try '--help'.
    ");
    assert_shown!(recorded.compare(&["--since", "last week"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: invalid value 'last week' for '--since <TIME>': write a number of days or weeks, such as 7d or 2w

    For more information, try '--help'.
    ");
    let empty = shown(&recorded.scratch.run(&["--sandbox", "compare", "--dir", "empty", "2026-11-21"]));
    assert_shown!(empty, @"
    exit code: 2
    --- stdout
    --- stderr
    error: 2026-11-21 is not recorded
      why: empty has no file of that day
     next: record a day with `pc-budgets record`, or name another folder with --dir
    ");
}

#[test]
fn refuses_days_of_different_partners() {
    let recorded = two_weeks();
    recorded.record_of("tenant fabrikam", "2026-11-27".parse().unwrap(), &["1 1 - EUR"]);
    assert_shown!(recorded.compare(&["2026-11-21", "2026-11-27"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: history/usage-2026-11-21.ndjson.gz is of another partner
      why: it is of the temporary sandbox, and it would be compared with tenant fabrikam
     next: choose the profile of that partner, or name the folder of this one with --dir; nothing was compared
    ");
    assert_shown!(recorded.compare(&["2026-11-27"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: history/usage-2026-11-27.ndjson.gz is of another partner
      why: it is of tenant fabrikam, and it would be compared with the temporary sandbox
     next: choose the profile of that partner, or name the folder of this one with --dir; nothing was compared
    ");
}

#[test]
fn a_mistyped_date_is_not_taken_for_a_missing_file() {
    // Without a credential: files are checked first.
    let output = command(&["compare", "2026-13-40"]).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(message.contains("why: it is neither a date nor a file"), "{message}");
}
