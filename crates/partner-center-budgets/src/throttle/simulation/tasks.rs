//! The same services, but with real tasks that wait for the limiter. Only the clock is not real.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::server::{Limit, Reply, Server};
use crate::throttle::{Settings, Throttle};

const LATENCY: Duration = Duration::from_millis(10);

/// A service with a limit for the partner, and one for each customer.
struct Service {
    start: Instant,
    partner: Mutex<Server>,
    each: Limit,
    customers: Mutex<HashMap<Uuid, Server>>,
    refused: AtomicU32,
    at_once: AtomicU32,
    most_at_once: AtomicU32,
}

impl Service {
    fn new(partner: Limit, each: Limit) -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            partner: Mutex::new(Server::new(partner, true)),
            each,
            customers: Mutex::default(),
            refused: AtomicU32::new(0),
            at_once: AtomicU32::new(0),
            most_at_once: AtomicU32::new(0),
        })
    }

    async fn call(&self, customer: Uuid) -> Reply {
        let at_once = self.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::Relaxed);
        sleep(LATENCY).await;
        let now = self.start.elapsed().as_secs_f64();
        let each = self.each;
        let fresh = || Server::new(each, true);
        let mut reply = self.customers.lock().unwrap().entry(customer).or_insert_with(fresh).call(now);
        if reply == Reply::Answered {
            reply = self.partner.lock().unwrap().call(now);
        }
        sleep(LATENCY).await;
        self.at_once.fetch_sub(1, Ordering::Relaxed);
        reply
    }

    /// Calls until it is answered.
    async fn get(&self, throttle: &Throttle, customer: Uuid) {
        loop {
            let permit = throttle.enter(Some(customer)).await;
            match self.call(customer).await {
                Reply::Answered => return permit.answered(),
                Reply::Refused(after) => {
                    self.refused.fetch_add(1, Ordering::Relaxed);
                    permit.refused(after.map(Duration::from_secs_f64));
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_share_a_limit() {
    let service = Service::new(Limit::Bucket { rate: 50.0, burst: 50.0, refused_count: true }, Limit::None);
    let throttle = Throttle::new(Settings::default());
    let mut tasks = JoinSet::new();
    for task in 0..1_000 {
        let (service, throttle) = (service.clone(), throttle.clone());
        tasks.spawn(async move {
            for call in [0, 1_000] {
                service.get(&throttle, Uuid::from_u128(task + call)).await;
            }
        });
    }
    tasks.join_all().await;
    let seconds = service.start.elapsed().as_secs_f64();
    let refused = service.refused.load(Ordering::Relaxed);
    println!("1,000 tasks: {:.3} times the ideal, {refused} refused", seconds / 39.0);
    assert!(seconds < 39.0 * 1.03 && refused <= 20, "{seconds} s, {refused} refused");
    assert!(service.most_at_once.load(Ordering::Relaxed) <= 64);
    assert!(throttle.learned().is_some_and(|rate| (49.0..51.0).contains(&rate.per_second)));
}

/// One customer is asked for often and has a limit of its own, many others are asked for once.
#[tokio::test(start_paused = true)]
async fn one_customers_limit_stays_its_own() {
    let service = Service::new(Limit::None, Limit::Bucket { rate: 5.0, burst: 5.0, refused_count: true });
    let throttle = Throttle::new(Settings::default());
    let mut tasks = JoinSet::new();
    for task in 0..16 {
        let (service, throttle) = (service.clone(), throttle.clone());
        tasks.spawn(async move {
            let is_busy = task < 4;
            let calls = if is_busy { 25 } else { 200 };
            for call in 0..calls {
                let customer = if is_busy { Uuid::nil() } else { Uuid::from_u128(task * 1_000 + call) };
                service.get(&throttle, customer).await;
            }
            (is_busy, service.start.elapsed())
        });
    }
    let (busy, others): (Vec<_>, Vec<_>) = tasks.join_all().await.into_iter().partition(|(is_busy, _)| *is_busy);
    let last = |ends: Vec<(bool, Duration)>| ends.into_iter().map(|(_, end)| end).max().unwrap_or_default();
    let (busy, others) = (last(busy), last(others));
    let refused = service.refused.load(Ordering::Relaxed);
    println!("one customer: {busy:.1?} (ideal 19 s), others {others:.1?} (ideal 4 s), {refused} refused");
    assert!(others < Duration::from_secs(8) && busy < Duration::from_secs(24), "{others:?} {busy:?}");
    assert!(refused <= 25, "{refused}");
    assert_eq!(throttle.learned(), None, "the partner was never refused");
}
