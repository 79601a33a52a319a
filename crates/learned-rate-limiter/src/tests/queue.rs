//! Waiting for permits, with tokio's paused clock: it advances at once when all tasks wait.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout};

use crate::{Permit, RateLimiter, Settings};

const SECOND: Duration = Duration::from_secs(1);

fn limiter(max_in_flight: u32) -> RateLimiter<u32> {
    RateLimiter::new(Settings::default().max_in_flight(max_in_flight).careful_calls(0))
}

/// A permit, if it is there without waiting.
async fn acquire_now(limiter: &RateLimiter<u32>, key: Option<u32>) -> Option<Permit<u32>> {
    timeout(Duration::ZERO, limiter.acquire(key)).await.ok()
}

async fn answer_calls(limiter: &RateLimiter<u32>, keys: &[u32]) {
    for key in keys.iter().cycle().take(20) {
        limiter.acquire(Some(*key)).await.answered();
    }
}

#[tokio::test(start_paused = true)]
async fn serves_calls_in_order() {
    let limiter = limiter(1);
    let first = limiter.acquire(None).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..100 {
        let (limiter, order) = (limiter.clone(), order.clone());
        tasks.push(tokio::spawn(async move {
            let permit = limiter.acquire(None).await;
            order.lock().unwrap().push(number);
            permit.answered();
        }));
        // On one thread the task is in the queue as soon as this one yields.
        yield_now().await;
    }
    assert_eq!(limiter.waiting(), 100);
    first.answered();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..100).collect::<Vec<_>>());
    assert_eq!(limiter.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn never_exceeds_max_in_flight() {
    let limiter = limiter(3);
    let permits = [limiter.acquire(None).await, limiter.acquire(None).await, limiter.acquire(None).await];
    assert!(acquire_now(&limiter, None).await.is_none());
    for permit in permits {
        permit.answered();
        let next = acquire_now(&limiter, None).await.expect("an outcome frees a permit");
        assert!(acquire_now(&limiter, None).await.is_none());
        drop(next);
        std::mem::forget(acquire_now(&limiter, None).await.expect("a dropped permit is free again"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_leaves_the_queue() {
    let limiter = limiter(1);
    let first = limiter.acquire(None).await;
    let waiting = tokio::spawn({
        let limiter = limiter.clone();
        async move { limiter.acquire(None).await.answered() }
    });
    yield_now().await;
    assert_eq!(limiter.waiting(), 1);
    waiting.abort();
    let _ = waiting.await;
    assert_eq!(limiter.waiting(), 0);
    assert!(acquire_now(&limiter, None).await.is_none());
    drop(first);
    assert!(acquire_now(&limiter, None).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn the_next_call_takes_over_from_a_cancelled_one() {
    let limiter = limiter(1);
    let first = limiter.acquire(None).await;
    let mut head = Box::pin(limiter.acquire(None));
    assert!(timeout(Duration::ZERO, &mut head).await.is_err());
    let second = tokio::spawn({
        let limiter = limiter.clone();
        async move { limiter.acquire(None).await.answered() }
    });
    yield_now().await;
    // The outcome wakes the first call in the queue, which is cancelled before it runs.
    let start = Instant::now();
    first.answered();
    drop(head);
    second.await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn try_acquire_leaves_half_of_the_permits() {
    let limiter = limiter(8);
    let permits: Vec<_> = std::iter::from_fn(|| limiter.try_acquire(None)).collect();
    assert_eq!(permits.len(), 4);
    assert!(acquire_now(&limiter, None).await.is_some());
}

/// The reopening gate begins a search, in which fewer calls are in flight.
#[tokio::test(start_paused = true)]
async fn try_acquire_may_take_the_last_permit_of_a_search() {
    let limiter = limiter(12);
    let mut permits = Vec::new();
    for _ in 0..5 {
        permits.push(limiter.acquire(None).await);
    }
    limiter.acquire(None).await.throttled(Some(SECOND));
    sleep(2 * SECOND).await;
    permits.push(limiter.try_acquire(None).expect("the gate is open"));
    assert!(acquire_now(&limiter, None).await.is_none());
    permits.clear();
    // `Queue::wake` checks that the queue still has one token.
    limiter.acquire(None).await.answered();
}

#[tokio::test(start_paused = true)]
async fn throttling_closes_the_gate_for_all() {
    let limiter = limiter(64);
    let start = Instant::now();
    limiter.acquire(None).await.throttled(Some(Duration::from_millis(200)));
    assert_eq!(limiter.closed_for(), Some(Duration::from_millis(200)));
    assert!(limiter.try_acquire(None).is_none());
    let tasks = [(); 2].map(|()| {
        let limiter = limiter.clone();
        tokio::spawn(async move { limiter.acquire(None).await.answered() })
    });
    sleep(Duration::from_millis(199)).await;
    assert!(tasks.iter().all(|task| !task.is_finished()));
    for task in tasks {
        task.await.unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(200));
    assert_eq!(limiter.closed_for(), None);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_key_does_not_hold_back_others() {
    let limiter = limiter(64);
    let (busy, other) = (1, 2);
    answer_calls(&limiter, &[busy, other]).await;
    let throttled = limiter.acquire(Some(busy)).await;
    let others = [limiter.acquire(Some(other)).await, limiter.acquire(Some(other)).await, limiter.acquire(None).await];
    throttled.throttled(Some(10 * SECOND));
    assert!(acquire_now(&limiter, Some(other)).await.is_none(), "not classified yet");
    for permit in others {
        permit.answered();
    }
    assert!(acquire_now(&limiter, Some(other)).await.is_some());
    assert!(limiter.try_acquire(Some(busy)).is_none());
    assert!(acquire_now(&limiter, Some(busy)).await.is_none());
    assert_eq!((limiter.learned_rate(), limiter.closed_for()), (None, None));
    let start = Instant::now();
    limiter.acquire(Some(busy)).await.answered();
    assert!(start.elapsed() >= 9 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn several_throttled_keys_share_a_limit() {
    let limiter = limiter(64);
    answer_calls(&limiter, &[1, 2]).await;
    let permits = [limiter.acquire(Some(1)).await, limiter.acquire(Some(2)).await];
    for permit in permits {
        permit.throttled(Some(10 * SECOND));
    }
    assert!(acquire_now(&limiter, Some(3)).await.is_none());
    assert_eq!(limiter.closed_for(), Some(10 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn the_last_outcome_ends_the_classification() {
    let limiter = limiter(64);
    answer_calls(&limiter, &[1]).await;
    let [throttled, lost] = [limiter.acquire(Some(1)).await, limiter.acquire(None).await];
    throttled.throttled(Some(SECOND));
    assert_eq!(limiter.closed_for(), None, "not classified yet");
    drop(lost);
    assert_eq!(limiter.closed_for(), Some(SECOND));
    limiter.acquire(None).await.answered();
}

/// A call without an outcome for a minute must not hold back all others for a minute.
#[tokio::test(start_paused = true)]
async fn the_classification_holds_back_calls_for_two_seconds_at_most() {
    let limiter = limiter(64);
    answer_calls(&limiter, &[1]).await;
    let [throttled, slow] = [limiter.acquire(Some(1)).await, limiter.acquire(None).await];
    throttled.throttled(Some(10 * SECOND));
    let start = Instant::now();
    limiter.acquire(Some(2)).await.answered();
    assert_eq!(start.elapsed(), 2 * SECOND);
    slow.answered();
}
