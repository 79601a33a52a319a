//! Customers that need attention.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::task::{Context, Poll};

use chrono::NaiveDate;
use futures_core::Stream;
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, CustomerId, CustomerUsageRecord, CustomerUsageSummary};
use partner_center_budgets_fleet::{SignalReason, SignalThresholds, needs_summary, read_summaries, signals};
use partner_center_budgets_sandbox::{Config, Sandbox};
use rust_decimal::Decimal as Number;

use crate::fleet_plan::amount;

fn record(budget: &str, cost: &str) -> CustomerUsageRecord {
    let mut record = CustomerUsageRecord::default();
    record.budget = (!budget.is_empty()).then(|| amount(budget));
    record.total_cost = (!cost.is_empty()).then(|| amount(cost));
    record.is_azure_plan = Some(true);
    record
}

/// The signals of one record, in short.
fn texts(budget: &str, cost: &str, day: u32, watch: &SignalThresholds) -> Vec<String> {
    let date = NaiveDate::from_ymd_opt(2026, 4, day).unwrap();
    let found = signals([&record(budget, cost)], date, watch);
    let reason = |reason| match reason {
        SignalReason::Reached { threshold, .. } => format!("reached {threshold}"),
        SignalReason::TrendingOver { projected, .. } => format!("trend {}", projected.unwrap()),
        SignalReason::NoBudget => "no budget".to_owned(),
        other => panic!("{other:?}"),
    };
    found.into_iter().map(|signal| reason(signal.reason)).collect()
}

#[test]
fn thresholds_are_exact() {
    let watch = SignalThresholds::default();
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
        // On the last day, the projected cost is the cost.
        assert_eq!(texts(budget, cost, 30, &watch), expected, "{cost} of {budget}");
    }
    let watch = SignalThresholds::default().percentages([amount("33.3"), amount("150")]);
    assert_eq!(texts("1000", "332.999", 30, &watch), Vec::<String>::new());
    assert_eq!(texts("1000", "333", 30, &watch), ["reached 33.3"]);
    assert_eq!(texts("1000", "1500", 30, &watch), ["reached 150"]);
}

#[test]
fn trends_follow_the_days_of_the_month() {
    let watch = SignalThresholds::default();
    for (cost, day, expected) in [
        ("49.99999999999999999999999999", 15, &[][..]),
        ("50", 15, &["trend 100"]),
        ("50.01", 15, &["trend 100.02"]),
        ("50.01", 16, &[]),
        ("85", 20, &["reached 80", "trend 127.5"]),
        ("99.99999999999999999999999999", 20, &["reached 80", "trend 149.99999999999999999999999998"]),
        ("100", 20, &["reached 100"]),
        ("100.01", 20, &["reached 100"]),
        ("20", 4, &[]),
        ("20", 5, &["trend 120"]),
    ] {
        assert_eq!(texts("100", cost, day, &watch), expected, "{cost} on day {day}");
    }
    assert_eq!(texts("100", "20", 4, &watch.trend_from_day(1)), ["trend 150"]);
}

struct List(std::vec::IntoIter<CustomerId>);

impl Stream for List {
    type Item = CustomerId;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<CustomerId>> {
        Poll::Ready(self.0.next())
    }
}

/// The sandbox's records that are enough, and the summaries of those that are not, by customer.
async fn figures() -> (Vec<CustomerUsageRecord>, BTreeMap<CustomerId, CustomerUsageSummary>) {
    let sandbox = Sandbox::with(Config { customers: 200, ..Config::default() }).await.unwrap();
    let client = Client::builder(FixedToken::new("sandbox")).base_url(sandbox.base_url()).build().unwrap();
    let (mut enough, mut too_little) = (Vec::new(), Vec::new());
    let mut records = client.list_customer_usage_records();
    while let Some(record) = records.try_next().await.unwrap() {
        match needs_summary(&record) {
            true => too_little.push(record.customer_id.unwrap()),
            false => enough.push(record),
        }
    }
    let calls = sandbox.counters().calls;
    let mut reads = read_summaries(&client, List(too_little.clone().into_iter()));
    let mut summaries = BTreeMap::new();
    while let Some(outcome) = reads.next().await {
        summaries.insert(outcome.customer, outcome.result.unwrap().unwrap());
    }
    assert_eq!(summaries.len(), too_little.len());
    assert_eq!(sandbox.counters().calls - calls, too_little.len() as u64, "no call more than needed");
    (enough, summaries)
}

#[tokio::test]
async fn uses_the_billing_periods_of_summaries_for_trends() {
    let (enough, summaries) = figures().await;
    let is_legacy = |summary: &CustomerUsageSummary| summary.currency.as_ref().unwrap().code().is_none();
    // Whom a call was worth: legacy offers within their budgets, and costs without a budget.
    assert!(
        summaries.values().all(|one| one.budget.is_none() || is_legacy(one) && one.is_over_budget() == Some(false))
    );
    let is_over = |record: &CustomerUsageRecord| record.is_over_budget() == Some(true);
    assert!(enough.iter().any(|record| is_over(record) && record.currency.as_ref().unwrap().code().is_none()));
    let found = |day: u32, month: u32| {
        let date = NaiveDate::from_ymd_opt(2019, month, day).unwrap();
        let found = signals(summaries.values(), date, &SignalThresholds::default());
        let trends = found.into_iter().filter_map(|signal| match signal.reason {
            SignalReason::TrendingOver { projected, .. } => Some((signal.customer.unwrap(), projected)),
            _ => None,
        });
        trends.collect::<BTreeMap<_, _>>()
    };
    // 5 September is the ninth day of 31 since 28 August.
    let trends = found(5, 9);
    let expected: BTreeMap<_, _> = summaries
        .iter()
        .filter_map(|(customer, summary)| {
            let (budget, cost) = (Number::from(summary.budget?), Number::from(summary.total_cost?));
            let projected = (cost * Number::from(31)).checked_div(Number::from(9)).unwrap();
            (projected >= budget).then(|| (*customer, Some(projected.normalize().into())))
        })
        .collect();
    assert!(expected.len() > 5, "{expected:?}");
    assert_eq!(trends, expected);
    // The records of these customers do not have the period, so no trend is reported from them.
    for (customer, summary) in &summaries {
        let mut record = CustomerUsageRecord::default();
        record.customer_id = Some(*customer);
        (record.budget, record.total_cost, record.currency) =
            (summary.budget, summary.total_cost, summary.currency.clone());
        let found = signals([&record], NaiveDate::from_ymd_opt(2019, 9, 5).unwrap(), &SignalThresholds::default());
        assert!(
            !is_legacy(summary) || !found.iter().any(|one| matches!(one.reason, SignalReason::TrendingOver { .. }))
        );
    }
    // As a month of the calendar the costs of these nine days would look like those of five.
    let by_month = |(customer, summary): (&CustomerId, &CustomerUsageSummary)| {
        let record = record(&summary.budget?.to_string(), &summary.total_cost?.to_string());
        let found = signals([&record], NaiveDate::from_ymd_opt(2019, 9, 5)?, &SignalThresholds::default());
        found.iter().any(|signal| matches!(signal.reason, SignalReason::TrendingOver { .. })).then_some(*customer)
    };
    let by_month: BTreeSet<_> = summaries.iter().filter_map(by_month).collect();
    assert!(by_month.is_superset(&expected.keys().copied().collect()) && by_month.len() > expected.len());
    // The fifth day is late enough, the fourth is not, and the day before and the one after are of other periods.
    assert!(!found(1, 9).is_empty());
    for (day, month) in [(31, 8), (27, 8), (28, 9)] {
        assert_eq!(found(day, month), BTreeMap::new(), "{day}.{month}.");
    }
}

#[tokio::test]
async fn reports_costs_without_a_budget_from_summaries_too() {
    let (_, summaries) = figures().await;
    let found = signals(summaries.values(), NaiveDate::default(), &SignalThresholds::default());
    let without: Vec<_> = found.iter().filter(|signal| signal.reason == SignalReason::NoBudget).collect();
    assert_eq!(without.len(), summaries.values().filter(|summary| summary.budget.is_none()).count());
    for signal in without {
        let summary = &summaries[&signal.customer.unwrap()];
        assert_eq!((Some(signal.cost), &signal.name), (summary.total_cost, &summary.customer_name));
        assert_eq!((signal.budget, &signal.currency), (None, &summary.currency));
    }
}
