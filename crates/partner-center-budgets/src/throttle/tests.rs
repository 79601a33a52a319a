//! Waiting, with short real times.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::{Permit, Settings, Throttle};

const SECOND: Duration = Duration::from_secs(1);

fn few(max_in_flight: u32) -> Throttle {
    Throttle::new(Settings { max_in_flight, careful_calls: 0, ..Settings::default() })
}

async fn is_let_through(throttle: &Throttle, customer: Option<Uuid>) -> Option<Permit> {
    timeout(Duration::from_millis(20), throttle.enter(customer)).await.ok()
}

#[tokio::test]
async fn first_come_first_served() {
    let throttle = few(1);
    let first = throttle.enter(None).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..100 {
        let (throttle, order) = (throttle.clone(), order.clone());
        tasks.push(tokio::spawn(async move {
            let permit = throttle.enter(None).await;
            order.lock().await.push(number);
            permit.answered();
        }));
        // On one thread the task is in the queue as soon as this one yields.
        tokio::task::yield_now().await;
    }
    first.answered();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().await, (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn who_gives_up_frees_the_place() {
    let throttle = few(1);
    let first = throttle.enter(None).await;
    let waiting = tokio::spawn({
        let throttle = throttle.clone();
        async move { throttle.enter(None).await.answered() }
    });
    let gives_up = is_let_through(&throttle, None).await;
    assert!(gives_up.is_none());
    waiting.abort();
    let _ = waiting.await;
    assert!(is_let_through(&throttle, None).await.is_none());
    drop(first);
    let next = is_let_through(&throttle, None).await.expect("a dropped permit frees its place");
    next.answered();
    assert!(is_let_through(&throttle, None).await.is_some());
}

#[tokio::test]
async fn the_first_in_the_queue_may_give_up() {
    let throttle = few(1);
    let first = throttle.enter(None).await;
    let mut head = Box::pin(throttle.enter(None));
    assert!(timeout(Duration::from_millis(5), &mut head).await.is_err());
    let second = tokio::spawn({
        let throttle = throttle.clone();
        async move { throttle.enter(None).await.answered() }
    });
    tokio::task::yield_now().await;
    // The outcome wakes the first in the queue, which is gone before it looks.
    first.answered();
    drop(head);
    timeout(SECOND, second).await.expect("the next in the queue takes over").unwrap();
}

#[tokio::test]
async fn a_refusal_holds_everybody_back() {
    let throttle = few(64);
    let start = Instant::now();
    throttle.enter(None).await.refused(Some(Duration::from_millis(200)));
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let throttle = throttle.clone();
        tasks.push(tokio::spawn(async move { throttle.enter(None).await.answered() }));
    }
    sleep(Duration::from_millis(100)).await;
    assert!(tasks.iter().all(|task| !task.is_finished()));
    for task in tasks {
        timeout(10 * SECOND, task).await.unwrap().unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_refused_customer_holds_nobody_else_back() {
    let throttle = few(64);
    let (busy, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for _ in 0..10 {
        throttle.enter(Some(busy)).await.answered();
        throttle.enter(Some(other)).await.answered();
    }
    let refused = throttle.enter(Some(busy)).await;
    let others = [throttle.enter(Some(other)).await, throttle.enter(Some(other)).await, throttle.enter(None).await];
    refused.refused(Some(10 * SECOND));
    assert!(is_let_through(&throttle, Some(other)).await.is_none(), "not decided yet");
    for permit in others {
        permit.answered();
    }
    assert!(is_let_through(&throttle, Some(other)).await.is_some());
    assert!(is_let_through(&throttle, Some(busy)).await.is_none());
    assert_eq!(throttle.learned(), None);
}

#[tokio::test]
async fn refusals_of_several_customers_are_the_partners() {
    let throttle = few(64);
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for _ in 0..10 {
        throttle.enter(Some(one)).await.answered();
        throttle.enter(Some(other)).await.answered();
    }
    let permits = [throttle.enter(Some(one)).await, throttle.enter(Some(other)).await];
    for permit in permits {
        permit.refused(Some(10 * SECOND));
    }
    assert!(is_let_through(&throttle, Some(Uuid::from_u128(3))).await.is_none());
}

#[tokio::test]
async fn a_refusal_without_later_answers_is_the_partners() {
    let throttle = few(64);
    let busy = Uuid::from_u128(1);
    for _ in 0..10 {
        throttle.enter(Some(busy)).await.answered();
    }
    let [refused, lost] = [throttle.enter(Some(busy)).await, throttle.enter(None).await];
    refused.refused(Some(Duration::from_millis(100)));
    // The last call that could tell more gets no answer. What was undecided must not hold everybody back for ever.
    drop(lost);
    assert!(is_let_through(&throttle, None).await.is_none());
    timeout(10 * SECOND, throttle.enter(None)).await.expect("the gate opens again").answered();
}

#[tokio::test]
async fn limiters_of_customers_are_bounded() {
    let throttle = few(64);
    for number in 0..2_000 {
        let customer = Uuid::from_u128(number);
        let shared = &throttle.0;
        shared.give_scope(&mut shared.judged(), customer);
    }
    assert_eq!(throttle.0.judged().customers.len(), super::MOST_CUSTOMERS);
}

#[tokio::test]
async fn unthrottled_calls_cost_next_to_nothing() {
    let throttle = few(64);
    let customers: Vec<Uuid> = (0..100).map(Uuid::from_u128).collect();
    let calls = 20_000;
    let start = Instant::now();
    for number in 0..calls {
        throttle.enter(Some(customers[number % customers.len()])).await.answered();
    }
    let each = start.elapsed() / calls as u32;
    println!("{each:?} per call");
    assert!(each < Duration::from_micros(100), "even in a debug build on a busy machine: {each:?}");
}
