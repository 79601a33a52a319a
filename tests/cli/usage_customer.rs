//! `usage CUSTOMER`: what the cost of one customer consists of.

use serde_json::Value;

use crate::scratch::{counters, id};
use crate::{SandboxProcess, assert_shown, command, service, shown};

/// A customer with an Azure plan.
const PLAN: &str = "Crimson Mountain Nurseries";
/// A customer with a legacy offer.
const LEGACY: &str = "Copper Lake Travel";

fn json(sandbox: &SandboxProcess, arguments: &[&str]) -> Value {
    let output = sandbox.call(&[&["usage"], arguments, &["--output", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn shows_subscriptions_and_cost_items_largest_first() {
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    assert_shown!(shown(&sandbox.call(&["usage", &id(4)])), @"
    exit code: 0
    --- stdout
    Crimson Mountain Nurseries  00000000-0000-0000-0000-000000000004
    budget 97.00 USD, cost so far 533.52 USD (550.02 %), status over
    projected cost of the billing period 941.51 USD
    billing period 2019-09-01 to 2019-09-30
    figures of 2019-09-17
    subscriptions from list_subscription_usage_records

    item          id                                    plan        status    cost  currency  % of cost
    Azure plan 3  00000000-0000-0000-0003-000000000004  azure-plan  active  221.62  USD           41.54
    Azure plan    00000000-0000-0000-0001-000000000004  azure-plan  active  202.74  USD           38.00
    Azure plan 2  00000000-0000-0000-0002-000000000004  azure-plan  active  109.16  USD           20.46
    total                                                                   533.52  USD          100.00

    the total is the cost of the customer
    --- stderr
    ");
    assert_shown!(shown(&sandbox.call(&["usage", PLAN, "--by", "meter", "--top", "3"])), @"
    exit code: 0
    --- stdout
    Crimson Mountain Nurseries  00000000-0000-0000-0000-000000000004
    budget 97.00 USD, cost so far 533.52 USD (550.02 %), status over
    projected cost of the billing period 941.51 USD
    billing period 2019-09-01 to 2019-09-30
    figures of 2019-09-17
    meters from list_meter_usage_records

    item                   category           subcategory  subscription  quantity  unit     cost  currency  % of cost
    App Service Hours      Azure App Service  Basic Plan   Azure plan 3  456.9452  Hours  130.76  USD           24.51
    App Service Hours      Azure App Service  Basic Plan   Azure plan    233.7922  Hours  115.56  USD           21.66
    Data Transfer In (GB)  Networking                      Azure plan 3  306.1465  GB      67.24  USD           12.60
    8 smaller meters                                                                      219.96  USD           41.23
    total                                                                                 533.52  USD          100.00

    the total is the cost of the customer
    --- stderr
    ");
    assert_shown!(shown(&sandbox.call(&["usage", PLAN, "--by", "category", "--output", "markdown"])), @r#"
    exit code: 0
    --- stdout
    ## Crimson Mountain Nurseries  00000000-0000-0000-0000-000000000004

    budget 97.00 USD, cost so far 533.52 USD (550.02 %), status over  
    projected cost of the billing period 941.51 USD  
    billing period 2019-09-01 to 2019-09-30  
    figures of 2019-09-17  
    categories from list\_meter\_usage\_records  

    | item | cost | currency | % of cost |
    | --- | --: | --- | --: |
    | Azure App Service | 258.11 | USD | 48.38 |
    | Networking | 118.68 | USD | 22.24 |
    | Key Vault | 78.60 | USD | 14.73 |
    | Data Services | 32.75 | USD | 6.14 |
    | Virtual Machines | 22.92 | USD | 4.30 |
    | SQL Database | 22.46 | USD | 4.21 |
    | total | 533.52 | USD | 100.00 |

    the total is the cost of the customer
    --- stderr
    "#);
    assert_shown!(shown(&sandbox.call(&["usage", LEGACY, "--by", "resource", "--top", "2", "--output", "ndjson"])), @r#"
    exit code: 0
    --- stdout
    {"item":"App Service Hours","id":"[fresh guid]","subscription":"Microsoft Azure 2","offer":null,"plan":null,"status":null,"category":"Azure App Service","subcategory":"Basic Plan","quantity":36.5121,"unit":"Hours","total_cost":5.90745913594925443548,"currency":null,"currency_locale":"de-DE"}
    {"item":"App Service Hours","id":"[fresh guid]","subscription":"Microsoft Azure 3","offer":null,"plan":null,"status":null,"category":"Azure App Service","subcategory":"Basic Plan","quantity":793.4382,"unit":"Hours","total_cost":3.2353623633221315490,"currency":null,"currency_locale":"de-DE"}
    --- stderr
    10 smaller resources left out
    "#);
}

#[test]
fn reads_the_operation_that_serves_the_offer() {
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    for (customer, by, operation) in [
        (PLAN, "subscription", "list_subscription_usage_records"),
        (PLAN, "category", "list_meter_usage_records"),
        (PLAN, "meter", "list_meter_usage_records"),
        (PLAN, "resource", "list_resource_usage_records"),
        (LEGACY, "subscription", "list_subscription_usage_records"),
        (LEGACY, "meter", "list_meter_usage_records"),
        (LEGACY, "resource", "list_azure_resource_usage_records"),
    ] {
        let usage = json(&sandbox, &[customer, "--by", by]);
        assert_eq!(usage["operations"], serde_json::json!([operation]), "{customer} by {by}");
        assert!(usage["items"].as_array().unwrap().len() > 1, "{customer} by {by}");
        // The items make up the cost of the customer exactly, and are sorted.
        assert_eq!(usage["difference"], 0, "{customer} by {by}");
        let costs: Vec<f64> =
            usage["items"].as_array().unwrap().iter().map(|item| item["total_cost"].as_f64().unwrap()).collect();
        assert!(costs.is_sorted_by(|one, other| one >= other), "{costs:?}");
    }
}

#[test]
fn a_subscription_can_be_selected() {
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    let subscriptions = json(&sandbox, &[PLAN]);
    let largest = &subscriptions["items"][0];
    let usage = json(&sandbox, &[PLAN, "--subscription", largest["id"].as_str().unwrap(), "--by", "meter"]);
    assert_eq!(usage["subscription"], largest["id"]);
    assert_eq!(usage["difference"], 0);
    assert!(counters(&sandbox)["requests"]["get_subscription_usage_summary"].as_u64() > Some(0));
    let unknown = sandbox.call(&["usage", PLAN, "--subscription", &id(99)]);
    let message = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(unknown.status.code(), Some(2), "{message}");
    assert!(message.contains(largest["id"].as_str().unwrap()) && message.contains("has no subscription"), "{message}");
}

#[test]
fn says_by_how_much_the_items_differ_from_the_customer() {
    let base_url = service(|path| {
        let items = r#"[{"meterName":"One","totalCost":1.25,"currencyCode":"EUR"},{"meterName":"Two","totalCost":1}]"#;
        match path.split('?').next().unwrap().rsplit('/').next().unwrap() {
            "usagesummary" => {
                r#"{"totalCost":3,"currencyCode":"EUR","lastModifiedDate":"2026-11-27T06:00:00Z"}"#.to_owned()
            }
            "meterusagerecords" => format!(r#"{{"items":{items}}}"#),
            _ => r#"{"items":[{"id":"00000000-0000-0000-0001-000000000001","name":"Plan","totalCost":3,
                "currencyCode":"EUR"}]}"#
                .to_owned(),
        }
    });
    let mut usage = command(&["--base-url", &base_url, "usage", &id(1), "--by", "meter"]);
    assert_shown!(shown(&usage.env("PARTNER_CENTER_TOKEN", "token").output().unwrap()), @"
    exit code: 0
    --- stdout
    (no name)  00000000-0000-0000-0000-000000000001
    budget none, cost so far 3.00 EUR, status no-budget
    projected cost of the billing period 3.33 EUR
    figures of 2026-11-27
    meters from list_meter_usage_records

    item   subscription  cost  currency  % of cost
    One    Plan          1.25  EUR           41.67
    Two    Plan          1.00  EUR           33.33
    total                2.25  EUR           75.00

    the total is 0.75 below the cost of the customer
    --- stderr
    ");
}

#[test]
fn lists_the_candidates_of_an_ambiguous_name() {
    let output = command(&["--sandbox", "usage", "Crimson"]).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.starts_with(&format!("{}  Crimson Mountain Nurseries", id(4))), "{message}");
}

#[test]
fn a_customer_without_usage_has_nothing_to_show() {
    let output = command(&["--sandbox", "usage", &id(5)]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn options_of_a_customer_and_of_the_list_exclude_each_other() {
    for arguments in [&["--by", "meter"][..], &[PLAN, "--over", "80"], &[PLAN, "--sort", "cost"]] {
        let output = command(&[&["--sandbox", "usage"], arguments].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
