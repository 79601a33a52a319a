//! Every fault of the sandbox against reading, writing, a list and the sign-in: the right value or the right error, in
//! time, and no change that was not asked for.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use partner_center_budgets::auth::ClientSecret;
use partner_center_budgets::{Client, Cloud, CustomerQuery, Error, RetryPolicy};
use partner_center_budgets_sandbox::{CLIENT_SECRET, Sandbox};
use tokio::task::JoinSet;

use crate::fleet_plan::customer;

/// What a call comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Done,
    Refused(u16),
    /// No complete answer.
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

/// The faults, with what a call comes to when one strikes once, and when it strikes always.
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
        // The calls of one fault side by side, as most of their time is waiting.
        let mut calls = JoinSet::new();
        for (how_often, expected) in [(":first=1", once), ("", always)] {
            for call in ["read", "set", "clear", "list"] {
                // A change whose answer cannot be read is read back.
                let is_read_back = expected == Unreadable && once == always && !how_often.is_empty();
                let expected = if is_read_back && matches!(call, "set" | "clear") { Done } else { expected };
                calls.spawn(strike(format!("{fault}@api{how_often}"), call, expected));
            }
        }
        calls.join_all().await;
    }
}

async fn strike(rule: String, call: &str, expected: Outcome) {
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
    no_other_change(&sandbox, call, found, &rule).await;
}

/// The budget is the one from before, or the one that was asked for; after a success, the one that was asked for.
async fn no_other_change(sandbox: &Sandbox, call: &str, found: Outcome, rule: &str) {
    sandbox.set_faults(Vec::new());
    let budget = client(sandbox).get_budget(customer(1)).await.unwrap().map(|amount| amount.to_string());
    let asked = match call {
        "set" => Some("20".to_owned()),
        "clear" => None,
        _ => Some("97".to_owned()),
    };
    let was = Some("97".to_owned());
    assert!(budget == asked || (found != Done && budget == was), "{call} with {rule}: {budget:?}");
    let writes: u64 = sandbox.counters().budget_writes.values().sum();
    assert!(writes <= 4, "{call} with {rule}: {writes} writes");
    if matches!(call, "read" | "list") {
        assert_eq!(writes, 0, "{call} with {rule}");
    }
}

#[tokio::test]
async fn a_sign_in_that_may_pass_is_tried_again() {
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
            sign_ins.spawn(strike_sign_in(format!("{fault}@token{how_often}"), expected));
        }
    }
    sign_ins.join_all().await;
}

async fn strike_sign_in(rule: String, expected: Outcome) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_faults(vec![rule.parse().unwrap()]);
    let found = outcome(client(&sandbox).get_budget(customer(1)).await);
    assert_eq!(found, expected, "{rule}");
}

#[tokio::test]
async fn a_token_that_expires_is_renewed_for_all_at_once() {
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
async fn what_a_fresh_token_does_not_cure_is_told_at_once() {
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
async fn calls_that_nobody_polls_hold_no_other_call_up() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_faults(vec!["latency=20ms..20ms@api".parse().unwrap()]);
    let client = client(&sandbox);
    // As many as wait in the queue of the limiter and more, begun and then left alone.
    let mut begun: Vec<_> = (0..100).map(|_| Box::pin(client.get_budget(customer(1)))).collect();
    for call in &mut begun {
        let pending = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending())).await;
        assert!(pending);
    }
    let another = tokio::time::timeout(MAX_TOTAL, client.get_budget(customer(1))).await;
    another.expect("the call waits for calls that nobody polls").unwrap();
    for call in begun {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_ends() {
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
