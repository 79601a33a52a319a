//! Writes with an unknown outcome, and writes that wait when the run stops.

use std::sync::Arc;
use std::time::Duration;

use partner_center_budgets::Error;
use partner_center_budgets::auth::ClientSecret;
use partner_center_budgets_fleet::{ApplyOptions, ChangeOutcome, StopReason};
use partner_center_budgets_sandbox::CLIENT_SECRET;

use crate::fleet_fixture::{FleetFixture, client};
use crate::fleet_plan::{amount, customer};
use crate::scripted_server::short_waits;

/// Write requests, with or without an effect.
fn writes(fixture: &FleetFixture) -> u64 {
    fixture.sandbox.counters().requests.get("update_usage_budget").copied().unwrap_or_default()
}

#[tokio::test]
async fn the_retry_policy_repeats_no_write_with_an_unknown_outcome() {
    for fault in ["reset-after", "cut-body", "not-json"] {
        let fixture = FleetFixture::new(60).await;
        fixture.faults(&[&format!("{fault}@update_usage_budget:every=3")]);
        assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
        fixture.assert_done().await;
        assert_eq!(writes(&fixture), 60, "{fault}");
    }
}

#[tokio::test]
async fn the_retry_policy_repeats_a_write_that_had_no_effect() {
    let mut fixture = FleetFixture::new(1).await;
    let secret = ClientSecret::new("contoso.example", "an-app", CLIENT_SECRET);
    fixture.client = client(&fixture.sandbox, secret, short_waits());
    fixture.faults(&["status=429@update_usage_budget:first=2", "expired-token@update_usage_budget:nth=1"]);
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    assert_eq!(writes(&fixture), 4);
    // In one call: the budget was read once.
    fixture.assert_done().await;
    assert_eq!(fixture.sandbox.counters().requests["get_usage_budget"], 3);
}

#[tokio::test]
async fn does_not_overwrite_a_change_made_in_between() {
    let fixture = FleetFixture::new(1).await;
    // The write takes effect without a response, and the read takes long enough for another change.
    fixture.faults(&["reset-after@update_usage_budget:nth=1", "latency=300ms@get_usage_budget"]);
    let other = async {
        while fixture.written().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        fixture.client.set_budget(customer(1), amount("1")).await.unwrap();
    };
    let (summary, ()) = tokio::join!(fixture.apply(ApplyOptions::new()), other);
    assert!(
        matches!(&summary.unknown[0].outcome, ChangeOutcome::Unknown(Some(Error::Transport { .. }))),
        "{summary:?}"
    );
    fixture.faults(&[]);
    assert_eq!(fixture.client.get_budget(customer(1)).await.unwrap(), Some(amount("1")));
    assert_eq!(fixture.apply(ApplyOptions::new()).await.conflicts.len(), 1, "the next run reports the conflict");
}

#[tokio::test]
async fn the_outcome_is_unknown_after_two_unclear_writes() {
    for faults in [
        &["status=504@update_usage_budget"][..],
        &["status=408@update_usage_budget:nth=1", "reset@update_usage_budget"],
        // A rejected write says nothing about the one before it.
        &["status=504@update_usage_budget:nth=1", "status=400@update_usage_budget"],
    ] {
        let fixture = FleetFixture::new(1).await;
        fixture.faults(faults);
        let summary = fixture.apply(ApplyOptions::new()).await;
        assert!(
            matches!(&summary.unknown[..], [one] if matches!(one.outcome, ChangeOutcome::Unknown(Some(_)))),
            "{summary:?}"
        );
        assert_eq!((writes(&fixture), fixture.lines("unknown").len()), (2, 1), "{faults:?}");
        fixture.faults(&[]);
        assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
        fixture.assert_done().await;
    }
}

#[tokio::test]
async fn a_failed_sign_in_after_an_unclear_write_leaves_it_unknown() {
    let mut fixture = FleetFixture::new(1).await;
    let secret = ClientSecret::new("contoso.example", "an-app", CLIENT_SECRET);
    fixture.client = client(&fixture.sandbox, secret, short_waits());
    fixture.client.get_budget(customer(1)).await.unwrap();
    fixture.faults(&[
        "status=504@update_usage_budget:nth=1",
        "expired-token@update_usage_budget",
        "token-error=AADSTS7000222@token",
    ]);
    let summary = fixture.apply(ApplyOptions::new()).await;
    assert!(matches!(summary.stopped, Some(StopReason::SignIn(Error::Auth(_)))), "{summary:?}");
    assert_eq!((summary.unknown.len(), summary.not_reached, writes(&fixture)), (1, 0, 2), "{summary:?}");
}

#[tokio::test]
async fn the_outcome_is_unknown_if_cancelled_between_two_writes() {
    let fixture = Arc::new(FleetFixture::new(1).await);
    fixture.faults(&["status=504@update_usage_budget", "latency=300ms@get_usage_budget"]);
    let seen = Arc::clone(&fixture);
    let cancelled = async move {
        while writes(&seen) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let summary = fixture.apply(ApplyOptions::new().cancel_when(cancelled)).await;
    assert!(
        matches!(&summary.unknown[..], [one] if matches!(one.outcome, ChangeOutcome::Unknown(Some(_)))),
        "{summary:?}"
    );
    assert_eq!((writes(&fixture), summary.not_reached), (1, 0));
}

#[tokio::test]
async fn sends_no_waiting_write_after_cancellation() {
    for throttle in ["bucket:rate=0.2,burst=15", "bucket-counting-rejected:rate=0.2,burst=15"] {
        let fixture = Arc::new(FleetFixture::new(60).await);
        fixture.sandbox.set_throttles(vec![throttle.parse().unwrap()]);
        let (seen, when) = (Arc::clone(&fixture), Arc::new(std::sync::Mutex::new(None)));
        let at = Arc::clone(&when);
        let cancelled = async move {
            let waits = |fixture: &FleetFixture| fixture.journaled_by_now("intent").len() > fixture.written().len();
            while seen.sandbox.counters().rejected == 0 || !waits(&seen) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            *at.lock().unwrap() = Some(writes(&seen));
        };
        let summary = fixture.apply(ApplyOptions::new().cancel_when(cancelled)).await;
        let before = when.lock().unwrap().unwrap();
        assert!(matches!(summary.stopped, Some(StopReason::Cancelled)), "{summary:?}");
        assert_eq!(summary.done + summary.not_reached, 60, "{summary}");
        assert!(fixture.journaled("intent").len() > summary.done, "some intents were not sent");
        fixture.sandbox.set_throttles(Vec::new());
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!((writes(&fixture), fixture.written().len()), (before, summary.done), "{throttle}");
    }
}
