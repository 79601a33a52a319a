//! Whose budget needs a look.

use chrono::NaiveDate;
use partner_center_budgets::CustomerUsageRecord;
use partner_center_budgets::fleet::{Reason, Watch, signals};

use crate::fleet_plan::amount;

fn record(budget: &str, cost: &str) -> CustomerUsageRecord {
    let mut record = CustomerUsageRecord::default();
    record.budget = (!budget.is_empty()).then(|| amount(budget));
    record.total_cost = (!cost.is_empty()).then(|| amount(cost));
    record
}

/// What is told of one record, in short.
fn told(budget: &str, cost: &str, day: u32, watch: &Watch) -> Vec<String> {
    let date = NaiveDate::from_ymd_opt(2026, 4, day).unwrap();
    let found = signals([&record(budget, cost)], date, watch);
    let reason = |reason| match reason {
        Reason::Reached { threshold, .. } => format!("reached {threshold}"),
        Reason::TrendingOver { projected, .. } => format!("trend {}", projected.unwrap()),
        Reason::NoBudget => "no budget".to_owned(),
        other => panic!("{other:?}"),
    };
    found.into_iter().map(|signal| reason(signal.reason)).collect()
}

#[test]
fn thresholds_are_exact() {
    let watch = Watch::default();
    for (budget, cost, expected) in [
        ("100", "79.99999999999999999999999999", &[][..]),
        ("100", "80", &["reached 80"]),
        ("100", "80.00000000000000000000000001", &["reached 80"]),
        ("100", "99.99999999999999999999999999", &["reached 80"]),
        ("100.0000", "100", &["reached 100"]),
        ("79228162514264337593543950335", "79228162514264337593543950334", &["reached 80"]),
        ("0.0000000000000000000000000001", "79228162514264337593543950335", &["reached 100"]),
        ("79228162514264337593543950335", "0.0000000000000000000000000001", &[]),
        ("0", "0.01", &["reached 100"]),
        ("0", "0", &[]),
        ("100", "-100", &[]),
        ("100", "", &[]),
        ("", "0", &[]),
        ("", "0.01", &["no budget"]),
    ] {
        // On the last day a trend is what is.
        assert_eq!(told(budget, cost, 30, &watch), expected, "{cost} of {budget}");
    }
    let watch = Watch::default().thresholds([amount("33.3"), amount("150")]);
    assert_eq!(told("1000", "332.999", 30, &watch), Vec::<String>::new());
    assert_eq!(told("1000", "333", 30, &watch), ["reached 33.3"]);
    assert_eq!(told("1000", "1500", 30, &watch), ["reached 150"]);
}

#[test]
fn trends_follow_the_days_of_the_month() {
    let watch = Watch::default();
    for (cost, day, expected) in [
        ("50", 15, &[][..]),
        ("50.01", 15, &["trend 100.02"]),
        ("50.01", 16, &[]),
        ("85", 20, &["reached 80", "trend 127.5"]),
        ("100.01", 20, &["reached 100"]),
        ("20", 4, &[]),
        ("20", 5, &["trend 120"]),
    ] {
        assert_eq!(told("100", cost, day, &watch), expected, "{cost} on day {day}");
    }
    assert_eq!(told("100", "20", 4, &watch.trend_from_day(1)), ["trend 150"]);
}
