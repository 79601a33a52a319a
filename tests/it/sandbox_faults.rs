//! Every fault of the sandbox, for reads, writes, lists and the sign-in. Each gives the right value or the right error in
//! time, and makes no unrequested change.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use partner_center_budgets::auth::ClientSecret;
use partner_center_budgets::{Client, Cloud, CustomerQuery, Error, RetryPolicy};
use partner_center_budgets_sandbox::{CLIENT_SECRET, Sandbox};
use tokio::task::JoinSet;

use crate::fleet_plan::customer;

/// The outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Done,
    Refused(u16),
    /// No complete response.
    Lost,
    Unreadable,
    NotSignedIn,
}
use Outcome::{Done, Lost, NotSignedIn, Refused, Unreadable};

fn outcome<T>(result: Result<T, Error>) -> Outcome {
    match result {
        Ok(_) => Done,
        Err(Error::Api(fault)) => Refused(fault.status),
        Err(Error::Transport { .. }) => Lost,
        Err(Error::Decode { .. } | Error::NotConfirmed { .. }) => Unreadable,
        Err(Error::Auth(_)) => NotSignedIn,
        Err(error) => panic!("{error:?}"),
    }
}

const MAX_TOTAL: Duration = Duration::from_secs(4);

/// Four attempts of the call, and as many to read an amount back.
const MAX_ATTEMPTS: u64 = 8;

fn client(sandbox: &Sandbox) -> Client {
    let url = sandbox.base_url();
    let secret = ClientSecret::new("blueharbor.example.com", "9c8f5b7e-0d3a-4c55-8e0a-2f5f0b7d6a10", CLIENT_SECRET);
    Client::builder(secret)
        .cloud(Cloud::custom(&url, &url, &url))
        .retry(RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(5)).total(MAX_TOTAL))
        .attempt_timeout(Duration::from_millis(400))
        .response_limit(1_000_000)
        .build()
        .unwrap()
}

/// The faults, with the outcome of a call if the fault occurs once, and if it always occurs.
const FAULTS: [(&str, Outcome, Outcome); 16] = [
    ("status=500", Done, Refused(500)),
    ("status=503,retry-after=0", Done, Refused(503)),
    ("status=429", Done, Refused(429)),
    ("status=403,code=20002", Refused(403), Refused(403)),
    ("html=503", Done, Refused(503)),
    ("redirect=http://127.0.0.1:1/", Refused(307), Refused(307)),
    ("latency=1ms..20ms", Done, Done),
    ("latency=1s..1s", Done, Lost),
    ("slow-body=1s", Done, Lost),
    ("cut-body", Done, Lost),
    ("reset", Done, Lost),
    ("reset-after", Done, Lost),
    ("content-type", Done, Done),
    ("not-json", Unreadable, Unreadable),
    ("oversized=2000000", Unreadable, Unreadable),
    ("expired-token", Done, Refused(401)),
];

#[tokio::test]
async fn every_fault_has_its_outcome() {
    for (fault, once, always) in FAULTS {
        // The calls of one fault run in parallel, because they mostly wait.
        let mut calls = JoinSet::new();
        for (how_often, expected) in [(":first=1", once), ("", always)] {
            for call in ["read", "set", "clear", "list"] {
                // A change with an unreadable response is read back.
                let is_read_back = expected == Unreadable && once == always && !how_often.is_empty();
                let expected = if is_read_back && matches!(call, "set" | "clear") { Done } else { expected };
                calls.spawn(call_with_fault(format!("{fault}@api{how_often}"), call, expected));
            }
        }
        calls.join_all().await;
    }
}

async fn call_with_fault(rule: String, call: &str, expected: Outcome) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_faults(vec![rule.parse().unwrap()]);
    let client = client(&sandbox);
    let found = match call {
        "read" => outcome(client.get_budget(customer(1)).await),
        "set" => outcome(client.set_budget(customer(1), "20".parse().unwrap()).await),
        "clear" => outcome(client.clear_budget(customer(1)).await),
        _ => outcome(client.list_customers(CustomerQuery::new()).try_next().await),
    };
    assert_eq!(found, expected, "{call} with {rule}");
    assert!(client.attempts() <= MAX_ATTEMPTS, "{call} with {rule}: {} attempts", client.attempts());
    assert_no_other_change(&sandbox, call, found, &rule).await;
}

/// After a success, the budget is the requested one. Otherwise it is the requested or the previous one.
async fn assert_no_other_change(sandbox: &Sandbox, call: &str, found: Outcome, rule: &str) {
    sandbox.set_faults(Vec::new());
    let budget = client(sandbox).get_budget(customer(1)).await.unwrap().map(|amount| amount.to_string());
    let requested = match call {
        "set" => Some("20".to_owned()),
        "clear" => None,
        _ => Some("97".to_owned()),
    };
    let previous = Some("97".to_owned());
    assert!(budget == requested || (found != Done && budget == previous), "{call} with {rule}: {budget:?}");
    let writes: u64 = sandbox.counters().budget_writes.values().sum();
    assert!(writes <= 4, "{call} with {rule}: {writes} writes");
    if matches!(call, "read" | "list") {
        assert_eq!(writes, 0, "{call} with {rule}");
    }
}

#[tokio::test]
async fn retries_transient_failures_of_the_sign_in() {
    let mut sign_ins = JoinSet::new();
    for (fault, once) in [
        ("status=500", Done),
        ("html=503", Done),
        ("reset", Done),
        ("cut-body", Done),
        ("latency=1s..1s", Done),
        ("slow-body=1s", Done),
        ("not-json", NotSignedIn),
        ("oversized=2000000", NotSignedIn),
        ("redirect=http://127.0.0.1:1/", NotSignedIn),
        ("token-error=AADSTS700082", NotSignedIn),
        ("token-error=AADSTS90033", Done),
    ] {
        for (how_often, expected) in [(":first=1", once), ("", NotSignedIn)] {
            sign_ins.spawn(sign_in_with_fault(format!("{fault}@token{how_often}"), expected));
        }
    }
    sign_ins.join_all().await;
}

async fn sign_in_with_fault(rule: String, expected: Outcome) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_faults(vec![rule.parse().unwrap()]);
    let found = outcome(client(&sandbox).get_budget(customer(1)).await);
    assert_eq!(found, expected, "{rule}");
}

#[tokio::test]
async fn renews_an_expired_token_once_for_all_calls() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    client.get_budget(customer(1)).await.unwrap();
    sandbox.expire_tokens();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_budget(customer(1)).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(sandbox.counters().sign_ins["client_credentials"], 2);
}

#[tokio::test]
async fn does_not_renew_the_token_after_a_permanent_401() {
    for (fault, code) in
        [("status=401,code=900420", "900420"), ("status=401,code=900421", "900421"), ("status=401,code=10001", "10001")]
    {
        let sandbox = Sandbox::start().await.unwrap();
        sandbox.set_faults(vec![format!("{fault}@api").parse().unwrap()]);
        let error = client(&sandbox).get_budget(customer(1)).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(401), Some(code)));
        assert_eq!(error.needs_mfa(), code != "900420");
        assert_eq!(sandbox.counters().sign_ins["client_credentials"], 1, "{code}");
    }
}

#[tokio::test]
async fn unpolled_calls_do_not_block_another_call() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_faults(vec!["latency=20ms..20ms@api".parse().unwrap()]);
    let client = client(&sandbox);
    // More than the queue of the limiter holds: polled once, and then left alone.
    let mut started: Vec<_> = (0..100).map(|_| Box::pin(client.get_budget(customer(1)))).collect();
    for call in &mut started {
        let pending = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending())).await;
        assert!(pending);
    }
    let another = tokio::time::timeout(MAX_TOTAL, client.get_budget(customer(1))).await;
    another.expect("the call waits for unpolled calls").unwrap();
    for call in started {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_call_stops() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_faults(vec!["status=503@api".parse().unwrap()]);
    let client = client(&sandbox);
    let mut call = Box::pin(client.set_budget(customer(1), "20".parse().unwrap()));
    let _ = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending())).await;
    drop(call);
    // The next call would follow further attempts of the dropped one.
    sandbox.set_faults(Vec::new());
    client.get_budget(customer(1)).await.unwrap();
    assert!(client.attempts() <= 2, "{} attempts after the call was dropped", client.attempts());
}
