//! The same services with real tasks that share a limiter. Only the clock is simulated.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::server::{Limit, Response, Server};
use crate::{RateLimiter, Settings};

const LATENCY: Duration = Duration::from_millis(10);

/// A service with a shared limit, and one for each key.
struct Service {
    start: Instant,
    shared: Mutex<Server>,
    limit_of_key: Limit,
    keyed: Mutex<HashMap<u32, Server>>,
    throttled: AtomicU32,
    in_flight: AtomicU32,
    max_in_flight: AtomicU32,
}

impl Service {
    fn new(shared: Limit, limit_of_key: Limit) -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            shared: Mutex::new(Server::new(shared, true)),
            limit_of_key,
            keyed: Mutex::default(),
            throttled: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
            max_in_flight: AtomicU32::new(0),
        })
    }

    async fn call(&self, key: u32) -> Response {
        let in_flight = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.max_in_flight.fetch_max(in_flight, Ordering::Relaxed);
        sleep(LATENCY).await;
        let now = self.start.elapsed().as_secs_f64();
        let new = || Server::new(self.limit_of_key, true);
        let mut response = self.keyed.lock().unwrap().entry(key).or_insert_with(new).call(now);
        if response == Response::Ok {
            response = self.shared.lock().unwrap().call(now);
        }
        sleep(LATENCY).await;
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        response
    }

    /// Retries a call until it is answered.
    async fn get(&self, limiter: &RateLimiter<u32>, key: u32) {
        loop {
            let permit = limiter.acquire(Some(key)).await;
            match self.call(key).await {
                Response::Ok => return permit.answered(),
                Response::TooManyRequests(retry_after) => {
                    self.throttled.fetch_add(1, Ordering::Relaxed);
                    permit.throttled(retry_after.map(Duration::from_secs_f64));
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_share_a_limit() {
    let service = Service::new(Limit::Bucket { rate: 50.0, burst: 50.0, counts_throttled: true }, Limit::None);
    let limiter = RateLimiter::new(Settings::default());
    let mut tasks = JoinSet::new();
    for task in 0..1_000 {
        let (service, limiter) = (service.clone(), limiter.clone());
        tasks.spawn(async move {
            for call in [0, 1_000] {
                service.get(&limiter, task + call).await;
            }
        });
    }
    tasks.join_all().await;
    let seconds = service.start.elapsed().as_secs_f64();
    let throttled = service.throttled.load(Ordering::Relaxed);
    println!("1,000 tasks: {:.3} of the ideal, {throttled} throttled", seconds / 39.0);
    assert!(seconds < 39.0 * 1.03 && throttled <= 20, "{seconds} s, {throttled} throttled");
    assert!(service.max_in_flight.load(Ordering::Relaxed) <= 56);
    assert!(limiter.learned_rate().is_some_and(|rate| (49.0..51.0).contains(&rate.per_second)));
}

/// One key has many calls and its own limit. Each other key has a single call.
#[tokio::test(start_paused = true)]
async fn the_limit_of_a_key_does_not_slow_down_others() {
    let limit_of_key = Limit::Bucket { rate: 5.0, burst: 5.0, counts_throttled: true };
    let service = Service::new(Limit::None, limit_of_key);
    let limiter = RateLimiter::new(Settings::default());
    let mut tasks = JoinSet::new();
    for task in 0..16 {
        let (service, limiter) = (service.clone(), limiter.clone());
        tasks.spawn(async move {
            let is_busy = task < 4;
            let calls = if is_busy { 25 } else { 200 };
            for call in 0..calls {
                let key = if is_busy { 0 } else { task * 1_000 + call };
                service.get(&limiter, key).await;
            }
            (is_busy, service.start.elapsed())
        });
    }
    let (busy, others): (Vec<_>, Vec<_>) = tasks.join_all().await.into_iter().partition(|(is_busy, _)| *is_busy);
    let last = |ends: Vec<(bool, Duration)>| ends.into_iter().map(|(_, end)| end).max().unwrap_or_default();
    let (busy, others) = (last(busy), last(others));
    let throttled = service.throttled.load(Ordering::Relaxed);
    println!("busy key: {busy:.1?} (ideal 19 s), others {others:.1?} (ideal 4 s), {throttled} throttled");
    assert!(others < Duration::from_secs(8) && busy < Duration::from_secs(24), "{others:?} {busy:?}");
    assert!(throttled <= 25, "{throttled}");
    assert_eq!(limiter.learned_rate(), None, "the shared limit throttled no call");
}
