//! The top of `report`: the answer in one sentence, its date, and the number of customers with each status.

use chrono::{SecondsFormat, TimeDelta, Utc};

use crate::report::page_of;
use crate::scratch::id;

fn headline(page: &str) -> &str {
    page.split("<h1>").nth(1).unwrap().split('<').next().unwrap()
}

/// A record on the last day of a month, so that the projected cost is the cost.
fn record(name: &str, cost: &str, budget: &str) -> String {
    format!(
        r#"{{"name":"{name}","isUpgraded":true,"currencyCode":"EUR","totalCost":{cost},"budget":{{"amount":{budget}}},"lastModifiedDate":"2026-01-31T06:00:00+00:00"}}"#
    )
}

#[test]
fn headline_is_the_answer() {
    let trending = record("Trending", "60", "100").replace("01-31", "01-15");
    let (over, near, ok) = (record("Over", "100", "100"), record("Near", "80", "100"), record("Ok", "1", "100"));
    let none = record("None", "1", "null");
    for (records, expected) in [
        (vec![&over, &near, &trending, &ok], "1 of 4 customers is over budget, 1 near, 1 will be"),
        (vec![&over, &over, &ok], "2 of 3 customers are over budget"),
        (vec![&near, &near, &trending], "No customer is over budget, 2 near, 1 will be"),
        (vec![&ok, &none], "No customer is over or near its budget"),
        (vec![&none], "No budgets: 1 customer without one"),
    ] {
        let records: Vec<_> = records.into_iter().map(String::as_str).collect();
        assert_eq!(headline(&page_of(&records.join(","), &[])), expected);
    }
    let thousand = vec![over.as_str(); 1_234].join(",");
    let page = page_of(&thousand, &[]);
    assert_eq!(headline(&page), "1,234 of 1,234 customers are over budget");
    assert!(page.contains("<li class=\"over\"><b>1,234</b> <span>over</span>"), "{page:.9000}");
    assert!(page.contains("<title>1,234 of 1,234 customers are over budget – "), "{page:.1000}");
}

#[test]
fn says_how_old_the_figures_are() {
    let of = |age: TimeDelta| (Utc::now() - age).to_rfc3339_opts(SecondsFormat::Secs, true);
    let page = |records: &[&str]| {
        let record = |date: &&str| format!(r#"{{"name":"One","totalCost":1,"lastModifiedDate":"{date}"}}"#);
        page_of(&records.iter().map(record).collect::<Vec<_>>().join(","), &[])
    };
    let (new, old) = (of(TimeDelta::minutes(90)), of(TimeDelta::hours(24 * 3 + 1)));
    assert!(page(&[&new, &new]).contains(" UTC, 1 hour old. Period: 1 to "));
    assert!(page(&[&new, &old]).contains(" UTC, 1 hour old (those of 1 customer: older than two days). Period: "));
    assert!(page(&[&old, &old]).contains(" UTC, 3 days old. Period: "));
    let page = page(&["2026-02-10T23:30:00-02:00"]);
    assert!(page.contains("Figures of 11 February 2026, 01:30 UTC, "), "{page}");
    assert!(page.contains(" Period: 1 to 28 February 2026; legacy offers have their own."), "{page}");
    assert!(page_of(r#"{"name":"One","totalCost":1}"#, &[]).contains("Microsoft sent no date of the figures."));
}

#[test]
fn amounts_have_separators_and_all_digits_on_hover() {
    let page = page_of(&record("One", "1101499.072938", "2000000"), &[]);
    assert!(
        page.contains("<td title=\"1101499.072938\">1,101,499.07<td>2,000,000.00<td>EUR<td>1,101,499.07</tr>"),
        "{page}"
    );
    // A budget of zero has a full bar, because its share has no number.
    assert!(page_of(&record("One", "1", "0"), &[]).contains("<td class=\"w100\">over 100 %<td>1.00<td>0.00<td>"));
}

#[test]
fn each_customer_is_the_target_of_a_link() {
    let id = id(7);
    let page = page_of(&format!(r#"{{"id":"{id}","name":"One","totalCost":0}}"#), &[]);
    assert!(page.contains(&format!("<tr class=\"none\" id=\"{id}\"><th")), "{page}");
}
