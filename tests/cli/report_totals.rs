//! The totals of `report`: currencies, also those of locales, and US dollars.

use crate::report::page_of;
use crate::{command, shown};

/// The cells of a row of the totals.
fn total(page: &str, currency: &str) -> Vec<String> {
    let row =
        page.lines().find_map(|line| line.strip_prefix(&format!("<tr><th scope=\"row\">{currency}</th>"))).unwrap();
    let cell = |cell: &str| cell.split('>').filter_map(|part| part.split('<').next()).collect::<String>();
    row.split("<td>").skip(1).map(|text| cell(&format!(">{text}"))).collect()
}

#[test]
fn a_locale_counts_as_the_currency_of_its_country() {
    let output = command(&["report", "--sandbox", "--html", "-"]).output().unwrap();
    let page = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    // Customers, budget, cost, over, near, trending over, costs without a budget.
    assert_eq!(total(&page, "EUR"), ["10", "4,592.63", "7,576.48", "1", "2", "3", "2"]);
    assert_eq!(total(&page, "GBP"), ["5", "591.00", "1,176.12", "1", "0", "0", "1"]);
    assert_eq!(page.matches("<tr><th scope=\"row\">").count(), 4);
    assert!(page.contains(
        "For 12 customers Microsoft sends a locale instead of a currency: de-DE is EUR, en-GB is GBP, sv-SE is SEK, en-US is \
         USD, marked “from locale”."
    ));
    assert_eq!(page.matches("<small>from locale ").count(), 12);
    assert!(page.contains("<td>SEK <small>from locale sv-SE</small><td>"), "{page}");
    assert!(
        page.contains("10,761.02</data> USD</b>, an estimate by Microsoft, known for 19 of 30 customers with a cost.")
    );
}

#[test]
fn a_locale_without_a_currency_has_totals_of_its_own() {
    let records = r#"
        {"name":"One","budget":{"amount":10},"totalCost":1,"currencyLocale":"de-DE"},
        {"name":"Two","budget":{"amount":20},"totalCost":2,"currencyCode":"EUR"},
        {"name":"Three","budget":{"amount":40},"totalCost":4,"currencyLocale":"xx-YY"},
        {"name":"Four","budget":{"amount":80},"totalCost":8,"currencyLocale":"eo-001"},
        {"name":"Five","budget":{"amount":160},"totalCost":16,"currencyLocale":"bg-BG"},
        {"name":"Six","budget":{"amount":320},"totalCost":32}"#;
    let page = page_of(records, &[]);
    assert_eq!(total(&page, "EUR")[..3], ["3", "190.00", "19.00"]);
    assert_eq!(total(&page, "xx-YY")[..3], ["1", "40.00", "4.00"]);
    assert_eq!(total(&page, "eo-001")[..3], ["1", "80.00", "8.00"]);
    assert_eq!(total(&page, "unknown")[..3], ["1", "320.00", "32.00"]);
    assert!(page.contains("No currency is known for the locales eo-001, xx-YY: each has totals of its own."), "{page}");
    assert!(
        page.contains("For 2 customers Microsoft sends a locale instead of a currency: bg-BG is EUR, de-DE is EUR,")
    );
    // The service sends no amount in US dollars.
    assert!(!page.contains("In US dollars"), "{page}");
}

#[test]
fn total_in_us_dollars_skips_the_zeros_of_legacy_offers() {
    let records = r#"
        {"name":"One","totalCost":1000,"usdTotalCost":1101.499072,"currencyCode":"EUR"},
        {"name":"Two","totalCost":2,"usdTotalCost":0,"currencyLocale":"de-DE"},
        {"name":"Three","totalCost":0,"usdTotalCost":0,"currencyCode":"EUR"},
        {"name":"Four","totalCost":5,"currencyCode":"USD"}"#;
    let page = page_of(records, &[]);
    let line = "title=\"1101.499072\">1,101.50</data> USD</b>, an estimate by Microsoft, known for 1 of 3 customers with a cost.";
    assert!(page.contains(line), "{page}");
}

#[test]
fn totals_have_all_digits_or_none() {
    let records = r#"
        {"name":"One","budget":{"amount":75.125},"currencyCode":"GBP"},
        {"name":"Two","budget":{"amount":1291},"totalCost":1.005,"currencyCode":"GBP"},
        {"name":"Three","budget":{"amount":9999999999999999999999999999},"currencyCode":"EUR"},
        {"name":"Four","budget":{"amount":0.00001},"currencyCode":"EUR"}"#;
    let page = page_of(records, &[]);
    assert_eq!(total(&page, "GBP")[..3], ["2", "1,366.13", "1.01"]);
    assert!(page.contains("title=\"1366.125\">1,366.13<") && page.contains("title=\"1.005\">1.01<"), "{page}");
    assert_eq!(total(&page, "EUR")[..3], ["2", "too many digits", "0.00"]);
}
