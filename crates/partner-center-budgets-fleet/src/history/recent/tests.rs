use std::fs;

use super::*;
use crate::history::DayWriter;
use crate::history::fixture::{History, PARTNER, date, record};

/// The costs up to a day, the pace of a record, and its daily costs.
fn recent(history: &History, until: &str, text: &str) -> (RecentCosts, Option<String>, String) {
    let costs = RecentCosts::read(&history.folder, PARTNER, date(until), 8).unwrap();
    let record = record(until, text);
    let shown = |amount: Decimal| amount.to_string();
    let daily: Vec<_> = costs.daily(&record).into_iter().map(|cost| cost.map_or("-".to_owned(), shown)).collect();
    let pace = costs.pace(&record).map(shown);
    (costs, pace, daily.join(" "))
}

#[test]
fn pace_is_the_cost_of_seven_days() {
    let history = History::new();
    for (day, cost) in [("18", "10"), ("19", "11"), ("20", "13"), ("21", "16"), ("22", "20"), ("23", "25")] {
        history.record(&format!("2026-11-{day}"), &[&format!("1 {cost} - EUR")]);
    }
    history.record("2026-11-24", &["1 31 - EUR"]);
    history.record("2026-11-25", &["1 38 - EUR", "1 99 - EUR", "2 1 - EUR"]);
    let (costs, pace, daily) = recent(&history, "2026-11-26", "1 46.5 - EUR");
    assert_eq!((costs.skipped().len(), costs.missing().len(), costs.is_empty()), (0, 0, false));
    assert!(costs.is_recent());
    assert_eq!(daily, "1 2 3 4 5 6 7 8.5");
    // From the 19th to the 26th: (46.5 - 11) / 7.
    assert_eq!(pace.as_deref(), Some("5.0714285714285714285714285714"));
    let unknown = |text| recent(&history, "2026-11-26", text);
    assert_eq!(unknown("3 46.5 - EUR").1, None, "another customer");
    assert_eq!(unknown("- 46.5 - EUR").1, None, "no id");
    assert_eq!(unknown("2 2 - EUR").1, None, "one day is too little");
    assert_eq!(unknown("1 - - EUR").2, "1 2 3 4 5 6 7 -", "no cost");
    assert_eq!(unknown("1 46.5 - GBP").2, "1 2 3 4 5 6 7 -", "another currency");
}

#[test]
fn a_new_month_counts_from_zero() {
    let history = History::new();
    for (day, cost) in [("11-28", "100"), ("11-29", "104"), ("11-30", "108"), ("12-01", "111")] {
        history.record(&format!("2026-{day}"), &[&format!("1 {cost} - EUR"), &format!("2 {cost} - en-GB")]);
    }
    history.record("2026-12-02", &["1 5 - EUR", "2 5 - en-GB"]);
    let (_, pace, daily) = recent(&history, "2026-12-04", "1 17 - EUR");
    assert_eq!(daily, "- - 4 4 3 5 6 6", "the third is missing");
    // (4 + 4 + 3 + 5 + 12) / 6.
    assert_eq!(pace.as_deref(), Some("4.6666666666666666666666666667"));
    let (costs, pace, daily) = recent(&history, "2026-12-04", "2 17 - en-GB");
    assert_eq!(daily, "- - 4 4 3 - 6 6", "the first day of a legacy period is not known");
    assert_eq!(pace.as_deref(), Some("4.6"));
    assert_eq!(costs.missing(), [date("2026-12-03")]);
}

#[test]
fn damaged_and_foreign_days_are_left_out() {
    let history = History::new();
    let [first, damaged, foreign, last] = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"].map(date);
    history.record("2026-11-20", &["1 1 - EUR"]);
    history.record("2026-11-23", &["1 4 - EUR"]);
    // Damaged in its last byte: all its lines can be read.
    history.record("2026-11-21", &["1 1000 - EUR"]);
    let mut bytes = fs::read(history.folder.file_of(damaged)).unwrap();
    bytes.pop();
    fs::write(history.folder.file_of(damaged), bytes).unwrap();
    let mut writer = DayWriter::new(&history.folder, foreign, "tenant fabrikam");
    writer.add(&record("2026-11-22", "1 1000 - EUR")).unwrap();
    writer.save().unwrap();
    let (costs, pace, daily) = recent(&history, "2026-11-24", "1 5 - EUR");
    assert_eq!((pace.as_deref(), daily.as_str()), (Some("1"), "- - - - 1 1 1 1"), "{first} {last}");
    let skipped: Vec<_> = costs.skipped().iter().map(|error| error.to_string()).collect();
    let file = |date| history.folder.file_of(date).display().to_string();
    assert_eq!(
        skipped,
        [
            format!(
                "{}:2 is damaged: the compressed data end early; restore the file from a backup, or use another day",
                file(damaged)
            ),
            format!(
                "{} belongs to another partner: it is of tenant fabrikam; use the folder of this partner, or move the \
                 file to that of its partner",
                file(foreign)
            ),
        ]
    );
}

#[test]
fn an_empty_folder_has_no_costs() {
    let read = |folder: &HistoryFolder| RecentCosts::read(folder, PARTNER, date("2026-11-24"), 7).unwrap();
    let costs = read(&HistoryFolder::new("no-such-folder"));
    assert!(costs.is_empty() && costs.missing().is_empty() && costs.skipped().is_empty());
    assert_eq!(costs.daily(&record("2026-11-24", "1 1 - EUR")), [None; 7]);
    let history = History::new();
    history.record("2026-11-16", &["1 1 - EUR"]);
    assert!(read(&history.folder).missing().is_empty(), "not in use");
    assert!(!RecentCosts::read(&history.folder, PARTNER, date("2026-11-24"), 30).unwrap().is_recent());
    history.record("2026-11-17", &["1 1 - EUR"]);
    assert_eq!(read(&history.folder).missing().len(), 6);
}
