//! The status of budgets and the projection of costs.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::task::{Context, Poll};

use chrono::{DateTime, NaiveDate, Utc};
use futures_core::Stream;
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, CustomerId, CustomerUsageRecord, CustomerUsageSummary, Decimal};
use partner_center_budgets_fleet::{Assessment, BudgetStatus, CustomerUsage, Pace, Thresholds, read_summaries};
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

fn noon(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// The statuses of one record on a day of April 2026, with the projected cost of a customer that is trending over.
fn texts(budget: &str, cost: &str, day: u32, thresholds: &Thresholds) -> String {
    let assessment = CustomerUsage::new(record(budget, cost)).assess(noon(2026, 4, day), thresholds);
    let mut texts: Vec<String> = assessment.statuses().iter().map(ToString::to_string).collect();
    if assessment.is_trending_over() {
        let projection = assessment.projection.unwrap();
        texts.push(format!("{} from {}", projection.cost.unwrap(), projection.over_on.unwrap().format("%d")));
    }
    texts.join(" ")
}

#[test]
fn thresholds_are_exact() {
    let thresholds = Thresholds::default();
    for (budget, cost, expected) in [
        ("100", "79.99999999999999999999999999", "ok"),
        ("100", "80", "near"),
        ("100", "80.00000000000000000000000001", "near"),
        ("100", "99.99999999999999999999999999", "near"),
        ("100.0000", "100", "over"),
        ("79228162514264337593543950335", "79228162514264337593543950334", "near"),
        ("0.0000000000000000000000000001", "79228162514264337593543950335", "over"),
        ("79228162514264337593543950335", "0.0000000000000000000000000001", "ok"),
        ("0", "0.01", "over"),
        ("0", "0", "ok"),
        ("100", "-100", "ok"),
        ("100", "", "trend-unknown"),
        ("", "0", "no-budget"),
        ("", "0.01", "no-budget"),
        ("", "", "no-budget"),
    ] {
        // On the last day, the projected cost is the cost.
        assert_eq!(texts(budget, cost, 30, &thresholds), expected, "{cost} of {budget}");
    }
    let thresholds = thresholds.near(amount("33.3")).over(amount("150"));
    for (cost, expected) in [("332.999", "ok"), ("333", "near"), ("1499.99", "near"), ("1500", "over")] {
        assert_eq!(texts("1000", cost, 30, &thresholds), expected, "{cost}");
    }
    assert_eq!(texts("1000", "749.99", 15, &thresholds), "near");
    assert_eq!(texts("1000", "750", 15, &thresholds), "near trending-over 1500 from 30");
}

#[test]
fn projections_follow_the_days_of_the_month() {
    let thresholds = Thresholds::default();
    for (cost, day, expected) in [
        ("49.99999999999999999999999999", 15, "ok"),
        ("50", 15, "trending-over 100 from 30"),
        ("50.01", 15, "trending-over 100.02 from 30"),
        ("50.01", 16, "ok"),
        ("85", 20, "near trending-over 127.5 from 24"),
        ("99.99999999999999999999999999", 20, "near trending-over 149.99999999999999999999999998 from 21"),
        ("100", 20, "over"),
        ("20", 4, "ok"),
        ("20", 5, "trending-over 120 from 25"),
    ] {
        assert_eq!(texts("100", cost, day, &thresholds), expected, "{cost} on day {day}");
    }
    assert_eq!(texts("100", "20", 4, &thresholds.project_from_day(1)), "trending-over 150 from 20");
}

#[test]
fn a_recent_pace_replaces_the_average_of_the_period() {
    let assess = |cost: &str, day: u32, per_day: &str| {
        let usage = CustomerUsage::new(record("100", cost)).with_recent_pace(amount(per_day));
        usage.assess(noon(2026, 4, day), &Thresholds::default())
    };
    let text = |assessment: Assessment| {
        let projection = assessment.projection.unwrap();
        let over_on = projection.over_on.map(|date| date.format("%d").to_string());
        (assessment.status.as_str(), projection.cost.map(|cost| cost.to_string()), over_on)
    };
    let expected =
        |status, cost: &str, over_on: Option<&str>| (status, Some(cost.to_owned()), over_on.map(str::to_owned));
    assert_eq!(text(assess("60", 15, "2")), expected("ok", "90", None));
    assert_eq!(text(assess("60", 15, "2.66")), expected("ok", "99.9", None));
    assert_eq!(text(assess("60", 15, "8")), expected("trending-over", "180", Some("20")));
    // The first days need no average.
    assert_eq!(text(assess("1", 1, "3.5")), expected("trending-over", "102.5", Some("30")));
    assert_eq!(assess("60", 15, "8").projection.unwrap().pace, Pace::Recent(amount("8")));
    // A cost with too many digits is above the budget.
    let huge = assess("60", 15, "79228162514264337593543950335");
    assert_eq!((huge.status, huge.projection.unwrap().cost), (BudgetStatus::TrendingOver, None));
    // A credit can lower the cost.
    assert_eq!(text(assess("90", 15, "-2")), expected("near", "60", None));
}

struct List(std::vec::IntoIter<CustomerId>);

impl Stream for List {
    type Item = CustomerId;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<CustomerId>> {
        Poll::Ready(self.0.next())
    }
}

/// The sandbox's records that are enough, and those that are not with their summaries, by customer.
async fn figures() -> (Vec<CustomerUsageRecord>, BTreeMap<CustomerId, (CustomerUsageRecord, CustomerUsageSummary)>) {
    let sandbox = Sandbox::with(Config { customers: 200, ..Config::default() }).await.unwrap();
    let client = Client::builder(FixedToken::new("sandbox")).base_url(sandbox.base_url()).build().unwrap();
    let (mut enough, mut too_little) = (Vec::new(), BTreeMap::new());
    let mut records = client.list_customer_usage_records();
    while let Some(record) = records.try_next().await.unwrap() {
        match CustomerUsage::new(record.clone()).needs_summary(&Thresholds::default()) {
            true => drop(too_little.insert(record.customer_id.unwrap(), record)),
            false => enough.push(record),
        }
    }
    let calls = sandbox.counters().calls;
    let mut reads = read_summaries(&client, List(too_little.keys().copied().collect::<Vec<_>>().into_iter()));
    let mut summaries = BTreeMap::new();
    while let Some(outcome) = reads.next().await {
        let record = too_little[&outcome.customer].clone();
        summaries.insert(outcome.customer, (record, outcome.result.unwrap().unwrap()));
    }
    assert_eq!(summaries.len(), too_little.len());
    assert_eq!(sandbox.counters().calls - calls, too_little.len() as u64, "no call more than needed");
    (enough, summaries)
}

#[tokio::test]
async fn uses_the_billing_periods_of_summaries_for_projections() {
    let (enough, summaries) = figures().await;
    let is_legacy = |summary: &CustomerUsageSummary| summary.currency.as_ref().unwrap().code().is_none();
    // Whom a call was worth: legacy offers within their budgets, and costs without a budget.
    let is_worth = |summary: &CustomerUsageSummary| {
        summary.budget.is_none() || is_legacy(summary) && summary.is_over_budget() == Some(false)
    };
    assert!(summaries.values().all(|(_, summary)| is_worth(summary)));
    let is_over = |record: &CustomerUsageRecord| record.is_over_budget() == Some(true);
    assert!(enough.iter().any(|record| is_over(record) && record.currency.as_ref().unwrap().code().is_none()));
    let assess = |usage: CustomerUsage, day, month| usage.assess(noon(2019, month, day), &Thresholds::default());
    // Without their dates, the figures are of the day that the test chooses.
    let usage = |(record, summary): &(CustomerUsageRecord, CustomerUsageSummary)| {
        let (mut record, mut summary) = (record.clone(), summary.clone());
        (record.last_modified, summary.last_modified) = (None, None);
        (CustomerUsage::new(record.clone()), CustomerUsage::new(record).with_summary(summary))
    };
    let trends = |day: u32, month: u32| -> BTreeMap<CustomerId, Option<Decimal>> {
        let trend = |(customer, figures): (&CustomerId, &(CustomerUsageRecord, CustomerUsageSummary))| {
            let assessment = assess(usage(figures).1, day, month);
            assessment.is_trending_over().then(|| (*customer, assessment.projection.unwrap().cost))
        };
        summaries.iter().filter_map(trend).collect()
    };
    // 5 September is the ninth day of 31 since 28 August.
    let expected: BTreeMap<_, _> = summaries
        .iter()
        .filter_map(|(customer, (_, summary))| {
            let (budget, cost) = (Number::from(summary.budget?), Number::from(summary.total_cost?));
            let projected = (cost * Number::from(31)).checked_div(Number::from(9)).unwrap();
            (projected >= budget).then(|| (*customer, Some(projected.normalize().into())))
        })
        .collect();
    assert!(expected.len() > 5, "{expected:?}");
    assert_eq!(trends(5, 9), expected);
    // The records of these customers do not have the period, so their cost cannot be projected.
    for figures in summaries.values() {
        let assessment = assess(usage(figures).0, 5, 9);
        assert!(!is_legacy(&figures.1) || assessment.projection.is_none());
    }
    // As a month of the calendar the costs of these nine days would look like those of five.
    let by_month = |(customer, figures): (&CustomerId, &(CustomerUsageRecord, CustomerUsageSummary))| {
        let mut record = figures.0.clone();
        (record.is_azure_plan, record.last_modified) = (Some(true), None);
        assess(CustomerUsage::new(record), 5, 9).is_trending_over().then_some(*customer)
    };
    let by_month: BTreeSet<_> = summaries.iter().filter_map(by_month).collect();
    assert!(by_month.is_superset(&expected.keys().copied().collect()) && by_month.len() > expected.len());
    // The fifth day is late enough, and the day before the period and the one after it are of other periods.
    assert!(!trends(1, 9).is_empty());
    for (day, month) in [(31, 8), (27, 8), (28, 9)] {
        assert_eq!(trends(day, month), BTreeMap::new(), "{day}.{month}.");
    }
}

#[tokio::test]
async fn the_days_so_far_end_with_the_figures() {
    let mut record = record("100", "50");
    record.last_modified = DateTime::parse_from_rfc3339("2026-04-15T23:30:00Z").ok();
    let usage = CustomerUsage::new(record);
    let projected = |usage: &CustomerUsage| usage.assess(noon(2026, 4, 29), &Thresholds::default()).projection.unwrap();
    assert_eq!(projected(&usage).cost, Some(amount("100")));
    // In the offset of the billing period it is the sixteenth already.
    let mut summary = CustomerUsageSummary::default();
    summary.billing_start = DateTime::parse_from_rfc3339("2026-04-01T00:00:00+01:00").ok();
    summary.billing_end = DateTime::parse_from_rfc3339("2026-04-30T00:00:00+01:00").ok();
    assert_eq!(projected(&usage.with_summary(summary)).cost, Some(amount("93.75")));
}
