//! `check`: what needs attention, and its exit code.

use serde_json::Value;

use crate::scratch::{counters, id};
use crate::{SandboxProcess, assert_shown, command, service, shown};

#[test]
fn shows_what_needs_attention_and_exits_with_5() {
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    assert_shown!(shown(&sandbox.call(&["check"])), @"
    exit code: 5
    --- stdout
    customer                              name                        budget    cost  currency  projected  over on     status  % used
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries  97.00   533.52  USD          941.51              over    550.02
    00000000-0000-0000-0000-00000000000b  Ivory Station Foods         97.00   210.46  SEK          371.40              over    216.97
    00000000-0000-0000-0000-000000000012  Copper Lake Travel          20.00    24.42  de-DE          -                 over    122.10
    00000000-0000-0000-0000-00000000000e  Southern Valley Studios     75.125   61.42  EUR          108.38  2019-09-21  near     81.75
    --- stderr
    attention: 4 of 21 customers need attention: 3 over, 1 near
    ");
    assert_shown!(shown(&sandbox.call(&["check", "--trending", "--no-budget"])), @"
    exit code: 5
    --- stdout
    customer                              name                          budget     cost  currency  projected  over on     status         % used
    00000000-0000-0000-0000-000000000004  Crimson Mountain Nurseries    97.00    533.52  USD          941.51              over           550.02
    00000000-0000-0000-0000-00000000000b  Ivory Station Foods           97.00    210.46  SEK          371.40              over           216.97
    00000000-0000-0000-0000-000000000012  Copper Lake Travel            20.00     24.42  de-DE          -                 over           122.10
    00000000-0000-0000-0000-00000000000e  Southern Valley Studios       75.125    61.42  EUR          108.38  2019-09-21  near            81.75
    00000000-0000-0000-0000-000000000013  Grand Willow Studios         300.00    232.53  SEK          410.35  2019-09-22  trending-over   77.51
    00000000-0000-0000-0000-000000000017  Misty Heron Travel          1000.00    691.91  SEK         1221.02  2019-09-25  trending-over   69.19
    00000000-0000-0000-0000-000000000002  Gentle Market Bakery           -        28.83  EUR           50.87              no-budget        -
    00000000-0000-0000-0000-000000000007  Northern Tower Cycles          -         6.59  SEK           11.63              no-budget        -
    00000000-0000-0000-0000-00000000000c  Open Coast Optics              -       197.28  en-US        291.22              no-budget        -
    00000000-0000-0000-0000-000000000011  Old Orchard Toys               -        12.28  GBP           21.67              no-budget        -
    00000000-0000-0000-0000-000000000016  Silver Bridge Nurseries        -      4713.60  EUR         8318.12              no-budget        -
    --- stderr
    reading usage summaries for billing periods and missing budgets: 9 calls
    attention: 11 of 21 customers need attention: 3 over, 1 near, 3 trending over, 5 no budget
    ");
}

#[test]
fn fails_on_the_chosen_statuses_only() {
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    let code = |arguments: &[&str]| sandbox.call(&[&["check"], arguments].concat()).status.code().unwrap();
    // 24 customers have one near its budget, and three over it.
    for (arguments, expected) in [
        (&["--fail-on", "none"][..], 0),
        (&["--fail-on", "over"], 5),
        (&["--over", "1000", "--fail-on", "over"], 0),
        (&["--over", "1000", "--fail-on", "near"], 5),
        (&["--over", "1000", "--near", "1000", "--fail-on", "near"], 0),
        (&["--over", "1000%", "--near", "1000 %"], 0),
        (&["--over", "1000", "--near", "1000", "--no-budget"], 5),
        (&["--over", "1000", "--near", "1000", "--trending", "--fail-on", "near"], 0),
        (&["--fail-on", "trending"], 2),
        (&["--near", "150"], 2),
    ] {
        assert_eq!(code(arguments), expected, "{arguments:?}");
    }
}

#[test]
fn explains_thresholds_out_of_order() {
    for arguments in [&["check", "--near", "150", "--over", "100"][..], &["report", "--html", "-", "--near", "101"]] {
        // Without a credential: the arguments are checked first.
        let output = command(arguments).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("is above --over 100\n  why: a customer would be over"), "{message}");
    }
}

#[test]
fn json_has_counts_and_the_customers() {
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    let output = sandbox.call(&["check", "--trending", "--output", "json"]);
    let check: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(check["version"], 1);
    assert_eq!(check["customers"], 21);
    let statuses: Vec<&str> =
        check["attention"].as_array().unwrap().iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert!(statuses.is_sorted_by_key(|status| ["over", "near", "trending-over"].iter().position(|one| one == status)));
    let count = |is: &dyn Fn(&&Value) -> bool| check["attention"].as_array().unwrap().iter().filter(is).count();
    assert_eq!(check["counts"]["over"], count(&|row| row["status"] == "over"));
    assert_eq!(check["counts"]["near"], count(&|row| row["status"] == "near"));
    // A customer near its budget that is trending over counts for both.
    let trending = count(&|row| !row["over_on"].is_null());
    assert_eq!(check["counts"]["trending-over"], trending);
    assert!(trending > count(&|row| row["status"] == "trending-over"));
    // The same customers as in `usage`, in the same columns.
    let usage = sandbox.call(&["usage", "--trending", "--output", "json"]);
    let usage: Vec<Value> = serde_json::from_slice(&usage.stdout).unwrap();
    for row in usage {
        assert!(check["attention"].as_array().unwrap().contains(&row), "{row}");
    }
}

#[test]
fn markdown_is_ready_for_a_job_summary() {
    let sandbox = SandboxProcess::start(&["--customers", "12"]);
    assert_shown!(shown(&sandbox.call(&["check", "--trending", "--output", "markdown"])), @"
    exit code: 5
    --- stdout
    ## Azure budgets: 2 of 11 customers need attention: 2 over

    Over: 100 % of the budget or more. Near: 80 % or more. Trending over: will be over before the billing period ends, at the present pace. Figures of 2019-09-17 17:08 UTC+00:00.

    | customer | name | budget | cost | currency | projected | over on | status | % used |
    | --- | --- | --: | --: | --- | --: | --- | --- | --: |
    | 00000000-0000-0000-0000-000000000004 | Crimson Mountain Nurseries | 97.00 | 533.52 | USD | 941.51 |  | over | 550.02 |
    | 00000000-0000-0000-0000-00000000000b | Ivory Station Foods | 97.00 | 210.46 | SEK | 371.40 |  | over | 216.97 |
    --- stderr
    reading usage summaries for billing periods and missing budgets: 6 calls
    attention: 2 of 11 customers need attention: 2 over
    ");
    assert_shown!(shown(&sandbox.call(&["check", "--near", "1000", "--over", "1000", "--output", "markdown"])), @"
    exit code: 0
    --- stdout
    ## Azure budgets: none of 11 customers needs attention

    Over: 1000 % of the budget or more. Near: 1000 % or more. Figures of 2019-09-17 17:08 UTC+00:00.

    --- stderr
    nothing needs attention; checked 11 customers
    ");
}

#[test]
fn prometheus_has_the_figures_of_all_customers() {
    let sandbox = SandboxProcess::start(&["--customers", "4"]);
    let output = sandbox.call(&["check", "--fail-on", "none", "--output", "prometheus"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let sample = |name: &str| text.lines().filter(|line| line.starts_with(&format!("pc_budgets_{name}{{"))).count();
    assert_eq!([sample("budget"), sample("cost"), sample("figures_age_seconds")], [3, 4, 4], "{text}");
    assert!(
        text.contains(
            "pc_budgets_cost{customer=\"00000000-0000-0000-0000-000000000001\",name=\"Blue Harbor Logistics\",\
             currency=\"GBP\"} 27.23292827625710931604\n"
        ),
        "{text}"
    );
    // Each metric has one help text, one type and its samples in one group.
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().unwrap();
        assert_eq!(text.matches(&format!("# HELP {name} ")).count(), 1);
        let is_sample = |line: &&str| line.starts_with(&format!("{name}{{")) || line.starts_with(&format!("{name} "));
        let first = text.lines().position(|line| is_sample(&line)).unwrap();
        let count = text.lines().filter(is_sample).count();
        assert!(text.lines().skip(first).take(count).all(|line| is_sample(&line)), "{name}");
    }
    let refused = sandbox.call(&["usage", "--output", "prometheus"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn chosen_customers_are_checked_without_the_list() {
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    let arguments = ["check", "--customer", "Crimson", "--customer", &id(18), "--customer", &id(5), "--output", "json"];
    let output = sandbox.call(&arguments);
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
    let check: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&check["customers"], &check["counts"]["over"]), (&3.into(), &2.into()), "{check}");
    assert_eq!(check["attention"][0]["name"], "Crimson Mountain Nurseries");
    assert_eq!(counters(&sandbox)["requests"]["list_customer_usage_records"].as_u64().unwrap_or_default(), 0);
    let ambiguous = sandbox.call(&["check", "--customer", "S"]);
    assert_eq!(ambiguous.status.code(), Some(2));
}

#[test]
fn shows_the_rest_if_a_summary_cannot_be_read() {
    let sandbox =
        SandboxProcess::start(&["--customers", "24", "--fault", "status=404@get_customer_usage_summary:first=1"]);
    let output = sandbox.call(&["check", "--trending"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("usage summaries could not be read"), "{message}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("  over "));
}

#[test]
fn says_that_nothing_needs_attention() {
    let base_url = service(|_| r#"{"items":[{"name":"One","totalCost":1,"budget":{"amount":100}}]}"#.to_owned());
    let output = command(&["--base-url", &base_url, "check"]).env("PARTNER_CENTER_TOKEN", "token").output().unwrap();
    assert_shown!(shown(&output), @"
    exit code: 0
    --- stdout
    --- stderr
    nothing needs attention; checked 1 customer
    ");
}
