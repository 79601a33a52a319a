use super::*;
use crate::history::UnusualPace;
use crate::history::fixture::{History, PARTNER, date, record};

/// Each change as `customer: difference per-day past`, with its kind.
fn changes(history: &History, old: &str, new: &str, records: &[&str]) -> Vec<String> {
    let past = RecentCosts::read(&history.folder, PARTNER, date(old), 7).unwrap();
    let day = history.folder.open(date(old)).unwrap();
    let mut comparison = Comparison::new(date(old), day, &past, date(new)).unwrap();
    records.iter().for_each(|text| comparison.add(record(new, text)));
    let shown = |amount: Option<Decimal>| amount.map_or("-".to_owned(), |amount| amount.to_string());
    let change = |change: CustomerChange<'_>| {
        let name = change.customer_name.unwrap().replace("Customer ", "");
        let mut text = name + ":";
        for amount in [change.difference, change.per_day(), change.past_per_day()] {
            text = text + " " + &shown(amount);
        }
        for (is, what) in [
            (change.old.is_none(), " new"),
            (change.new.is_none(), " lost"),
            (change.is_new_period, " new-period"),
            (change.is_budget_changed(), " budget"),
            (change.is_currency_changed(), " currency"),
            (change.is_unusual(&UnusualPace::default()), " unusual"),
        ] {
            text += if is { what } else { "" };
        }
        text
    };
    let mut changes: Vec<_> = comparison.changes().map(change).collect();
    changes.sort();
    changes
}

#[test]
fn compares_each_customer_with_itself() {
    let history = History::new();
    history.record(
        "2026-11-21",
        &["1 100 50 EUR", "2 100 50 EUR", "3 100 - GBP", "4 10 - en-GB", "5 9 - EUR", "6 20 7 EUR", "text 1 - EUR"],
    );
    let new = [
        "1 135.50 50.00 EUR",
        "2 310 60 EUR",
        "3 90 1 EUR",
        "4 3 - en-GB",
        "7 77 - EUR",
        "8 69 - EUR",
        "text 2 - EUR",
        "- 1 - EUR",
    ];
    let found = changes(&history, "2026-11-21", "2026-11-28", &new);
    let expected = [
        // The average of 20 days of November is 5.
        "1: 35.5 5.0714285714285714285714285714 5",
        "2: 210 30 5 budget unusual",
        "3: - - 5 budget currency",
        "4: 3 - - new-period",
        "5: - - 0.45 lost",
        "6: - - 1 lost",
        "7: 77 11 0 new unusual",
        "8: 69 9.857142857142857142857142857 0 new",
        "text: 1 0.1428571428571428571428571429 0.05",
    ];
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.replace("35.50 ", "35.5 "), expected);
    }
}

#[test]
fn a_new_month_counts_from_zero() {
    let history = History::new();
    history.record("2026-11-28", &["1 270 - EUR", "2 270 - EUR"]);
    let new = ["1 40 - EUR", "2 80 - EUR", "3 40 - EUR"];
    let found = changes(&history, "2026-11-28", "2026-12-05", &new);
    // Four days of December: the figures of the fourth arrive on the fifth.
    assert_eq!(found, ["1: 40 10 10 new-period", "2: 80 20 10 new-period unusual", "3: 40 10 0 new unusual"]);
}

#[test]
fn recorded_days_before_the_first_are_the_past() {
    let history = History::new();
    for (day, cost) in [("14", "100"), ("17", "103"), ("21", "107")] {
        history.record(&format!("2026-11-{day}"), &[&format!("1 {cost} - EUR"), &format!("2 {cost} - en-GB")]);
    }
    let found = changes(&history, "2026-11-21", "2026-11-22", &["1 117 - EUR", "2 127 - en-GB"]);
    assert_eq!(found, ["1: 10 10 1 unusual", "2: 20 20 1 unusual"]);
    let limits = |per_day: &str, factor: &str| {
        UnusualPace::default().per_day(per_day.parse().unwrap()).factor(factor.parse().unwrap())
    };
    let past = RecentCosts::read(&history.folder, PARTNER, date("2026-11-21"), 7).unwrap();
    let day = history.folder.open(date("2026-11-21")).unwrap();
    let mut comparison = Comparison::new(date("2026-11-21"), day, &past, date("2026-11-22")).unwrap();
    comparison.add(record("2026-11-22", "1 117 - EUR"));
    let is_unusual = |per_day, factor| comparison.changes().any(|change| change.is_unusual(&limits(per_day, factor)));
    assert!(is_unusual("10", "10") && !is_unusual("10.01", "10") && !is_unusual("10", "10.01"));
}

#[test]
fn two_records_of_a_day_have_a_difference_and_no_pace() {
    let history = History::new();
    history.record("2026-11-21", &["1 100 - EUR"]);
    assert_eq!(changes(&history, "2026-11-21", "2026-11-21", &["1 101 - EUR"]), ["1: 1 - 5"]);
}
