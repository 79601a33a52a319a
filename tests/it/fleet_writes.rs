//! Writes that may have been carried out, and writes that wait when the run is stopped.

use std::sync::Arc;
use std::time::Duration;

use partner_center_budgets::Error;
use partner_center_budgets::auth::ClientSecret;
use partner_center_budgets::fleet::{Applied, Options, Stop};
use partner_center_budgets_sandbox::CLIENT_SECRET;

use crate::fleet_plan::{amount, customer};
use crate::fleet_stage::{Stage, client};
use crate::script::short_waits;

/// Requests to write, carried out or not.
fn writes(stage: &Stage) -> u64 {
    stage.sandbox.counters().requests.get("update_usage_budget").copied().unwrap_or_default()
}

#[tokio::test]
async fn the_callers_policy_repeats_no_write_of_unknown_outcome() {
    for fault in ["reset-after", "cut-body", "not-json"] {
        let stage = Stage::new(60).await;
        stage.faults(&[&format!("{fault}@update_usage_budget:every=3")]);
        assert!(stage.apply(Options::new()).await.is_complete());
        stage.is_done().await;
        assert_eq!(writes(&stage), 60, "{fault}");
    }
}

#[tokio::test]
async fn what_surely_was_not_carried_out_is_repeated_by_the_policy() {
    let mut stage = Stage::new(1).await;
    let secret = ClientSecret::new("contoso.example", "an-app", CLIENT_SECRET);
    stage.client = client(&stage.sandbox, secret, short_waits());
    stage.faults(&["status=429@update_usage_budget:first=2", "expired-token@update_usage_budget:nth=1"]);
    assert!(stage.apply(Options::new()).await.is_complete());
    assert_eq!(writes(&stage), 4);
    // All in one go: the budget was read once.
    stage.is_done().await;
    assert_eq!(stage.sandbox.counters().requests["get_usage_budget"], 3);
}

#[tokio::test]
async fn somebody_elses_change_in_between_is_not_overwritten() {
    let stage = Stage::new(1).await;
    // The write is carried out without an answer, and the answer to the read takes long enough for somebody else.
    stage.faults(&["reset-after@update_usage_budget:nth=1", "latency=300ms@get_usage_budget"]);
    let other = async {
        while stage.written().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stage.client.set_budget(customer(1), amount("1")).await.unwrap();
    };
    let (summary, ()) = tokio::join!(stage.apply(Options::new()), other);
    assert!(matches!(&summary.unknown[0].applied, Applied::Unknown(Some(Error::Transport { .. }))), "{summary:?}");
    stage.faults(&[]);
    assert_eq!(stage.client.get_budget(customer(1)).await.unwrap(), Some(amount("1")));
    assert_eq!(stage.apply(Options::new()).await.changed.len(), 1, "the next run tells what is there");
}

#[tokio::test]
async fn after_two_uncertain_writes_the_outcome_is_unknown() {
    for faults in [
        &["status=504@update_usage_budget"][..],
        &["status=408@update_usage_budget:nth=1", "reset@update_usage_budget"],
        // A refusal proves nothing of the write before it.
        &["status=504@update_usage_budget:nth=1", "status=400@update_usage_budget"],
    ] {
        let stage = Stage::new(1).await;
        stage.faults(faults);
        let summary = stage.apply(Options::new()).await;
        assert!(
            matches!(&summary.unknown[..], [one] if matches!(one.applied, Applied::Unknown(Some(_)))),
            "{summary:?}"
        );
        assert_eq!((writes(&stage), stage.lines("unknown").len()), (2, 1), "{faults:?}");
        stage.faults(&[]);
        assert!(stage.apply(Options::new()).await.is_complete());
        stage.is_done().await;
    }
}

#[tokio::test]
async fn a_sign_in_that_fails_after_an_uncertain_write_leaves_it_unknown() {
    let mut stage = Stage::new(1).await;
    let secret = ClientSecret::new("contoso.example", "an-app", CLIENT_SECRET);
    stage.client = client(&stage.sandbox, secret, short_waits());
    stage.client.get_budget(customer(1)).await.unwrap();
    stage.faults(&[
        "status=504@update_usage_budget:nth=1",
        "expired-token@update_usage_budget",
        "token-error=AADSTS7000222@token",
    ]);
    let summary = stage.apply(Options::new()).await;
    assert!(matches!(summary.stopped, Some(Stop::SignIn(Error::Auth(_)))), "{summary:?}");
    assert_eq!((summary.unknown.len(), summary.not_reached, writes(&stage)), (1, 0, 2), "{summary:?}");
}

#[tokio::test]
async fn cancelled_between_two_writes_the_outcome_is_unknown() {
    let stage = Arc::new(Stage::new(1).await);
    stage.faults(&["status=504@update_usage_budget", "latency=300ms@get_usage_budget"]);
    let seen = Arc::clone(&stage);
    let cancelled = async move {
        while writes(&seen) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let summary = stage.apply(Options::new().cancel_when(cancelled)).await;
    assert!(matches!(&summary.unknown[..], [one] if matches!(one.applied, Applied::Unknown(Some(_)))), "{summary:?}");
    assert_eq!((writes(&stage), summary.not_reached), (1, 0));
}

#[tokio::test]
async fn after_a_cancel_no_write_that_waits_is_sent() {
    for throttle in ["bucket:rate=0.2,burst=15", "bucket-counting-rejected:rate=0.2,burst=15"] {
        let stage = Arc::new(Stage::new(60).await);
        stage.sandbox.set_throttles(vec![throttle.parse().unwrap()]);
        let (seen, when) = (Arc::clone(&stage), Arc::new(std::sync::Mutex::new(None)));
        let at = Arc::clone(&when);
        let cancelled = async move {
            let waits = |stage: &Stage| stage.journaled_by_now("intent").len() > stage.written().len();
            while seen.sandbox.counters().rejected == 0 || !waits(&seen) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            *at.lock().unwrap() = Some(writes(&seen));
        };
        let summary = stage.apply(Options::new().cancel_when(cancelled)).await;
        let before = when.lock().unwrap().unwrap();
        assert!(matches!(summary.stopped, Some(Stop::Cancelled)), "{summary:?}");
        assert_eq!(summary.done + summary.not_reached, 60, "{summary}");
        assert!(stage.journaled("intent").len() > summary.done, "some were to be sent");
        stage.sandbox.set_throttles(Vec::new());
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!((writes(&stage), stage.written().len()), (before, summary.done), "{throttle}");
    }
}
