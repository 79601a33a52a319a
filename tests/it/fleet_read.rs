//! Reading the budgets of many customers.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, CustomerId};
use partner_center_budgets_fleet as fleet;
use partner_center_budgets_sandbox::{Config, Sandbox};

use crate::fleet_plan::customer;
use crate::scripted_server::short_waits;

/// A stream of customers 1 to `end`, which counts those that it returned.
struct Customers {
    polled: Arc<AtomicU32>,
    end: u32,
}

impl Stream for Customers {
    type Item = CustomerId;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<CustomerId>> {
        let number = self.polled.load(Ordering::Relaxed) + 1;
        if number > self.end {
            return Poll::Ready(None);
        }
        self.polled.store(number, Ordering::Relaxed);
        Poll::Ready(Some(customer(number)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.end - self.polled.load(Ordering::Relaxed)) as usize;
        (left, Some(left))
    }
}

fn up_to(end: u32) -> (Customers, Arc<AtomicU32>) {
    let polled = Arc::<AtomicU32>::default();
    (Customers { polled: Arc::clone(&polled), end }, polled)
}

async fn sandbox(customers: u32, faults: &[&str], throttle: Option<&str>) -> (Sandbox, Client) {
    let config = Config {
        customers,
        faults: faults.iter().map(|fault| fault.parse().unwrap()).collect(),
        throttles: throttle.iter().map(|throttle| throttle.parse().unwrap()).collect(),
        ..Config::default()
    };
    let sandbox = Sandbox::with(config).await.unwrap();
    let client = Client::builder(FixedToken::new("sandbox")).base_url(sandbox.base_url()).retry(short_waits());
    (sandbox, client.build().unwrap())
}

#[tokio::test]
async fn returns_a_result_for_each_customer_despite_failures() {
    let faults = ["status=403,code=20002@get_usage_budget:every=7", "reset@get_usage_budget:every=11"];
    let (sandbox, client) = sandbox(200, &faults, None).await;
    // The last five ids are unknown.
    let mut reads = fleet::read_budgets(&client, up_to(205).0);
    let progress = reads.progress();
    assert_eq!(progress.snapshot().total, Some(205));
    let (mut seen, mut failed, mut attempts) = (BTreeSet::new(), 0, 0);
    while let Some(outcome) = reads.next().await {
        let report = outcome.report.unwrap();
        attempts += u64::from(report.attempts);
        if let Err(error) = outcome.result {
            failed += 1;
            assert_eq!(error.ids(), Some(report.ids));
        }
        assert!(seen.insert(outcome.customer), "{} came twice", outcome.customer);
    }
    assert_eq!(seen, (1..=205).map(customer).collect());
    assert!((20..=40).contains(&failed), "{failed}");
    assert_eq!(attempts, sandbox.counters().calls);
    let now = progress.snapshot();
    assert_eq!((now.done, now.failed), (205, failed));
    assert!(now.rate > 0.0 && now.throttled_for.is_none(), "{now:?}");
}

#[tokio::test]
async fn reads_summaries_like_budgets() {
    let (sandbox, client) = sandbox(120, &["status=403,code=20002@get_customer_usage_summary:every=7"], None).await;
    // The last two ids are unknown.
    let mut reads = fleet::read_summaries(&client, up_to(122).0);
    let progress = reads.progress();
    assert_eq!(progress.snapshot().total, Some(122));
    let (mut seen, mut failed, mut without_usage) = (BTreeSet::new(), 0, 0);
    while let Some(outcome) = reads.next().await {
        assert!(seen.insert(outcome.customer), "{} came twice", outcome.customer);
        assert_eq!(outcome.report.unwrap().operation, "get_customer_usage_summary");
        match outcome.result {
            Ok(Some(summary)) => {
                assert_eq!(summary.customer_id, Some(outcome.customer));
                assert!(summary.billing_start < summary.billing_end && summary.total_cost.is_some());
            }
            Ok(None) => without_usage += 1,
            Err(_) => failed += 1,
        }
    }
    assert_eq!(seen, (1..=122).map(customer).collect());
    // A customer of eight has not used Azure, but for those among them whose call failed.
    assert!(failed >= 122 / 7 && (1..=15).contains(&without_usage), "{failed} {without_usage}");
    assert_eq!((progress.snapshot().done, progress.snapshot().failed), (122, failed));
    assert_eq!(sandbox.counters().calls, 122);
}

#[tokio::test]
async fn polls_for_customers_only_when_a_call_may_start() {
    let (_sandbox, client) = sandbox(1000, &[], None).await;
    let (customers, polled) = up_to(1000);
    let mut reads = fleet::read_budgets(&client, customers);
    reads.next().await.unwrap();
    let first = polled.load(Ordering::Relaxed);
    assert!(first <= 56, "{first}");
    // A result that is not taken occupies its slot, however long it waits.
    while client.attempts() < u64::from(first) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(polled.load(Ordering::Relaxed), first);
    reads.next().await.unwrap();
    assert_eq!(polled.load(Ordering::Relaxed), first + 1);
}

#[tokio::test]
async fn waits_while_throttled_and_reports_it() {
    let (sandbox, client) = sandbox(40, &[], Some("window:calls=20,per=2s")).await;
    let mut reads = fleet::read_budgets(&client, up_to(40).0);
    let progress = reads.progress();
    let mut longest = Duration::ZERO;
    loop {
        tokio::select! {
            outcome = reads.next() => match outcome {
                Some(outcome) => drop(outcome.result.unwrap()),
                None => break,
            },
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
        longest = longest.max(progress.snapshot().throttled_for.unwrap_or_default());
    }
    assert!(!longest.is_zero() && longest <= Duration::from_secs(2), "{longest:?}");
    assert!(sandbox.counters().rejected > 0);
    assert_eq!(sandbox.counters().answered, 40);
}

#[tokio::test]
async fn dropping_the_stream_cancels_the_calls() {
    let (sandbox, client) = sandbox(500, &["latency=600ms"], None).await;
    let (customers, polled) = up_to(500);
    let mut reads = fleet::read_budgets(&client, customers);
    while sandbox.counters().calls == 0 {
        let next = tokio::time::timeout(Duration::from_millis(1), reads.next()).await;
        assert!(next.is_err(), "nothing is answered so soon");
    }
    let polled = polled.load(Ordering::Relaxed);
    drop(reads);
    // Longer than a call takes: a call that was not cancelled would get its response.
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(sandbox.counters().answered, 0);
    assert!(sandbox.counters().calls <= u64::from(polled), "{polled}");
}
