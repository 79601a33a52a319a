//! Customers named by id, company name or domain.

use crate::scratch::{counters, id};
use crate::{ONE, SandboxProcess, assert_shown, run, shown};

#[test]
fn a_full_name_or_domain_selects_a_customer() {
    let sandbox = SandboxProcess::start(&["--customers", "40"]);
    for name in ["blue HARBOR logistics", "BlueHarborLogistics.example.com"] {
        let set = shown(&sandbox.call(&["set", name, "120", "--output", "csv"]));
        let row = format!("customer,name,amount\n{ONE},Blue Harbor Logistics,120\n");
        assert!(set.starts_with(&format!("exit code: 0\n--- stdout\n{row}")), "{set}");
        assert_eq!(String::from_utf8(sandbox.call(&["get", &id(1)]).stdout).unwrap(), "120\n");
        let clear = shown(&sandbox.call(&["clear", name, "--output", "json"]));
        let object = format!(r#"{{"customer":"{ONE}","name":"Blue Harbor Logistics","amount":null}}"#);
        assert!(clear.starts_with(&format!("exit code: 0\n--- stdout\n{object}\n")), "{clear}");
    }
}

#[test]
fn get_accepts_the_beginning_of_one_name() {
    assert_shown!(run(&["--sandbox", "get", "blue h"]), @"
    exit code: 0
    --- stdout
    97
    --- stderr
    `blue h` is the beginning of one customer: 00000000-0000-0000-0000-000000000001  Blue Harbor Logistics  blueharborlogistics.example.com
    ");
}

#[test]
fn an_ambiguous_beginning_lists_the_candidates() {
    assert_shown!(run(&["--sandbox", "get", "Blue"]), @"
    exit code: 2
    --- stdout
    --- stderr
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics  blueharborlogistics.example.com
    00000000-0000-0000-0000-000000000021  Blue Station Instruments  bluestationinstruments.example.com
    error: `Blue` is only the beginning of the name or domain of 2 customers
      why: they are listed above
     next: write the id, the full name or the domain of one of them
    ");
}

#[test]
fn the_beginning_of_a_name_changes_nothing() {
    let sandbox = SandboxProcess::start(&["--customers", "40"]);
    let [set, clear] = [["set", "blue h", "120"].as_slice(), &["clear", "blue h"]].map(|it| shown(&sandbox.call(it)));
    assert_eq!(set, clear);
    assert_shown!(set, @"
    exit code: 2
    --- stdout
    --- stderr
    00000000-0000-0000-0000-000000000001  Blue Harbor Logistics  blueharborlogistics.example.com
    error: `blue h` is only the beginning of the name or domain of 1 customer
      why: a budget is changed only for an id, or for a full name or domain
     next: write the id, the full name or the domain of a customer above; nothing was changed
    ");
    assert!(counters(&sandbox)["budgetWrites"].as_object().unwrap().is_empty());
}

#[test]
fn an_unknown_name_says_how_to_find_customers() {
    assert_shown!(run(&["--sandbox", "set", "Tail Spin Toys", "5"]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: `Tail Spin Toys` is not a customer
      why: no customer's name or domain begins with it, and it is not an id
     next: find the customer with: pc-budgets customers --name Tai
    ");
    assert!(run(&["--sandbox", "get", "xy"]).ends_with("next: find the customer in the list: pc-budgets customers\n"));
}

/// Sister companies can have the same name.
#[test]
fn a_name_of_two_customers_lists_both() {
    let customer = |number: u32| {
        format!(
            r#"{{"id":"00000000-0000-0000-0000-{number:012}","companyProfile":{{"companyName":"Contoso","domain":"contoso{number}.example"}}}}"#
        )
    };
    let body = format!(r#"{{"totalCount":2,"items":[{},{}]}}"#, customer(1), customer(2));
    let base_url = crate::service(move |_| body.clone());
    let output =
        crate::command(&["--base-url", &base_url, "get", "contoso"]).env("PARTNER_CENTER_TOKEN", "x").output().unwrap();
    assert_shown!(shown(&output), @"
    exit code: 2
    --- stdout
    --- stderr
    00000000-0000-0000-0000-000000000001  Contoso  contoso1.example
    00000000-0000-0000-0000-000000000002  Contoso  contoso2.example
    error: `contoso` is the name or domain of 2 customers
      why: they are listed above
     next: write the id of one of them
    ");
}

#[test]
fn an_id_needs_no_look_up() {
    let sandbox = SandboxProcess::start(&[]);
    sandbox.call(&["get", &id(1)]);
    assert_eq!(counters(&sandbox)["calls"], 1);
    sandbox.call(&["get", "Blue Harbor Logistics"]);
    assert_eq!(counters(&sandbox)["calls"], 4);
}
