//! Applying a plan.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use partner_center_budgets::auth::{ClientSecret, FixedToken};
use partner_center_budgets::{Error, RetryPolicy};
use partner_center_budgets_fleet::{
    ApplyOptions, ChangeOutcome, CurrentBudgets, DesiredBudget, JournalErrorKind, Plan, Progress, StopReason, Target,
    apply,
};
use partner_center_budgets_sandbox::CLIENT_SECRET;
use tokio::sync::Notify;

use crate::fleet_fixture::{FleetFixture, client};
use crate::fleet_plan::{amount, customer};
use crate::scripted_server::short_waits;

#[tokio::test]
async fn applies_a_plan_under_an_unknown_limit() {
    let fixture = FleetFixture::new(200).await;
    fixture.sandbox.set_throttles(vec!["bucket-counting-rejected:rate=200,burst=50".parse().unwrap()]);
    let progress = Progress::new();
    let reports = Arc::new(Mutex::new(Vec::new()));
    let reported = Arc::clone(&reports);
    let options = ApplyOptions::new().progress(progress.clone()).on_report(move |report| {
        assert!(matches!(report.outcome, ChangeOutcome::Done));
        reported.lock().unwrap().push((report.customer, report.line));
    });
    let summary = fixture.apply(options).await;
    assert!(summary.is_complete());
    assert_eq!((summary.done, summary.stopped.is_none()), (200, true));
    assert_eq!(summary.to_string(), "200 of 200 changes done");
    let snapshot = progress.snapshot();
    assert_eq!((snapshot.done, snapshot.failed, snapshot.total), (200, 0, Some(200)));
    let mut reports = Arc::into_inner(reports).unwrap().into_inner().unwrap();
    reports.sort();
    assert_eq!(reports, (1..=200).map(|number| (customer(number), u64::from(number) + 1)).collect::<Vec<_>>());
    assert_eq!(fixture.journaled("intent"), fixture.journaled("done"));
    fixture.assert_done().await;
}

#[tokio::test]
async fn makes_no_calls_for_finished_changes() {
    let fixture = FleetFixture::new(30).await;
    let first = fixture.apply(ApplyOptions::new()).await;
    let calls = fixture.sandbox.counters().calls;
    let second = fixture.apply(ApplyOptions::new()).await;
    assert_eq!((first.done, second.done), (30, 30));
    assert_eq!((first.attempted, second.attempted), (30, 0));
    assert_eq!(fixture.sandbox.counters().calls, calls, "no call was made");
    fixture.assert_done().await;
}

#[tokio::test]
async fn two_runs_share_a_client() {
    let (one, mut other) = (FleetFixture::new(60).await, FleetFixture::new(60).await);
    other.client = one.client.clone();
    one.sandbox.set_throttles(vec!["bucket:rate=400,burst=1".parse().unwrap()]);
    // Both have the same plan, so each finds changes of the other one.
    let overwrite = || ApplyOptions::new().overwrite(true);
    let (first, second) = tokio::join!(one.apply(overwrite()), other.apply(overwrite()));
    assert!(first.is_complete() && second.is_complete(), "{first}, {second}");
    assert!(one.written().len() == 60 && other.written().is_empty());
}

#[tokio::test]
async fn does_not_send_a_budget_that_is_already_set() {
    let fixture = FleetFixture::new(10).await;
    let change = fixture.plan.changes().next().unwrap();
    fixture.client.set_budget(change.customer, change.to.unwrap()).await.unwrap();
    let summary = fixture.apply(ApplyOptions::new()).await;
    assert_eq!((summary.done, summary.already_set), (9, 1));
    fixture.assert_done().await;
}

#[tokio::test]
async fn skips_a_conflict_unless_overwrite_is_set() {
    let fixture = FleetFixture::new(10).await;
    fixture.client.set_budget(customer(3), amount("1")).await.unwrap();
    fixture.client.clear_budget(customer(4)).await.unwrap();
    let summary = fixture.apply(ApplyOptions::new()).await;
    assert_eq!((summary.done, summary.conflicts.len()), (8, 2));
    let found = summary.conflicts.iter().map(|report| match &report.outcome {
        ChangeOutcome::Conflict { found, .. } => (report.customer, report.line, *found),
        other => panic!("{other:?}"),
    });
    assert_eq!(found.collect::<Vec<_>>(), [(customer(3), 4, Some(amount("1"))), (customer(4), 5, None)]);
    assert_eq!(summary.to_string(), "8 of 10 changes done, 2 changed since the plan and skipped");
    assert_eq!(fixture.client.get_budget(customer(3)).await.unwrap(), Some(amount("1")));
    let summary = fixture.apply(ApplyOptions::new().overwrite(true)).await;
    assert!(summary.is_complete());
    for number in [3, 4] {
        let change = fixture.plan.changes().find(|change| change.customer == customer(number)).unwrap();
        assert_eq!(fixture.client.get_budget(customer(number)).await.unwrap(), change.to);
    }
}

#[tokio::test]
async fn attempts_a_failed_change_again_in_the_next_run() {
    let mut fixture = FleetFixture::new(10).await;
    let mut current = CurrentBudgets::new();
    let mut wishes = Vec::new();
    for (line, number) in (2..).zip([1, 99, 2]) {
        let before = fixture.client.get_budget(customer(number)).await.unwrap_or_default();
        current.set_budget(customer(number), before);
        wishes.push(DesiredBudget { line, customer: customer(number), target: Target::Set(amount("7")) });
    }
    fixture.plan = Plan::new(wishes, &current);
    for _ in 0..2 {
        let summary = fixture.apply(ApplyOptions::new()).await;
        assert_eq!((summary.done, summary.failed.len()), (2, 1));
        let failed = &summary.failed[0];
        assert_eq!((failed.customer, failed.line), (customer(99), 3));
        assert!(matches!(&failed.outcome, ChangeOutcome::Failed(error) if error.code() == Some("60003")), "{failed:?}");
    }
    let line = &fixture.lines("failed")[1];
    assert!(line["error"].as_str().unwrap().contains("60003") && line["correlation_id"].is_string(), "{line}");
}

#[tokio::test]
async fn a_plan_with_problems_is_not_complete() {
    let mut fixture = FleetFixture::new(2).await;
    let mut current = CurrentBudgets::new();
    current.set_budget(customer(1), fixture.client.get_budget(customer(1)).await.unwrap());
    let wish =
        |line, number, text| DesiredBudget { line, customer: customer(number), target: Target::Set(amount(text)) };
    // Customer 98 is unknown, and the rows of customer 2 are contradictory.
    fixture.plan = Plan::new([wish(2, 1, "7"), wish(3, 98, "7"), wish(4, 2, "7"), wish(5, 2, "8")], &current);
    let summary = fixture.apply(ApplyOptions::new()).await;
    assert_eq!((summary.changes, summary.done, summary.problems), (1, 1, 2));
    assert!(!summary.is_complete());
    assert_eq!(summary.to_string(), "1 of 1 changes done, 2 customers with problems in the plan");
}

#[tokio::test]
async fn reads_back_a_write_with_an_unknown_outcome() {
    for (fault, wasted) in [
        ("reset-after@update_usage_budget:every=3", 0),
        ("cut-body@update_usage_budget:every=3", 0),
        ("not-json@update_usage_budget:every=3", 0),
        // Nothing was written, so it is sent again.
        ("reset@update_usage_budget:nth=5", 1),
    ] {
        let fixture = FleetFixture::new(20).await;
        let client = client(&fixture.sandbox, FixedToken::new("sandbox"), RetryPolicy::never());
        fixture.faults(&[fault]);
        let summary = fixture.apply_with(&client, ApplyOptions::new()).await;
        assert!(summary.is_complete(), "{fault}: {summary:?}");
        assert!(fixture.sandbox.counters().requests["update_usage_budget"] >= 20 + wasted, "{fault}");
        fixture.assert_done().await;
    }
}

#[tokio::test]
async fn reads_back_an_unknown_change_in_the_next_run() {
    let fixture = FleetFixture::new(1).await;
    let client = client(&fixture.sandbox, FixedToken::new("sandbox"), RetryPolicy::never());
    fixture.faults(&["reset-after@update_usage_budget", "status=500@get_usage_budget:nth=2"]);
    let summary = fixture.apply_with(&client, ApplyOptions::new()).await;
    assert!(
        matches!(&summary.unknown[0].outcome, ChangeOutcome::Unknown(Some(Error::Transport { .. }))),
        "{summary:?}"
    );
    assert_eq!(summary.to_string(), "0 of 1 changes done, 1 unknown");
    fixture.faults(&["status=500@get_usage_budget"]);
    assert_eq!(
        fixture.apply_with(&client, ApplyOptions::new()).await.unknown.len(),
        1,
        "the budget could not be read back"
    );
    fixture.faults(&[]);
    let summary = fixture.apply_with(&client, ApplyOptions::new()).await;
    assert_eq!((summary.done, summary.already_set), (1, 0), "this journal recorded the intent");
    fixture.assert_done().await;
}

/// Options that call `then` after so many reports.
fn after(number: usize, then: impl FnOnce() + Send + 'static) -> ApplyOptions {
    let (mut seen, mut then) = (0, Some(then));
    ApplyOptions::new().on_report(move |_| {
        seen += 1;
        if seen == number
            && let Some(then) = then.take()
        {
            then();
        }
    })
}

#[tokio::test]
async fn an_expired_login_stops_the_run_without_failed_changes() {
    let mut fixture = FleetFixture::new(300).await;
    let secret = || ClientSecret::new("contoso.example", "an-app", CLIENT_SECRET);
    fixture.client = client(&fixture.sandbox, secret(), short_waits());
    let fixture = Arc::new(fixture);
    let hook = Arc::clone(&fixture);
    let options = after(50, move || {
        hook.faults(&["token-error=AADSTS7000222@token"]);
        hook.sandbox.expire_tokens();
    });
    let summary = fixture.apply(options).await;
    assert!((50..300).contains(&summary.done), "{summary}");
    assert_eq!(summary.done + summary.not_reached, 300, "{summary}");
    let Some(StopReason::SignIn(Error::Auth(error))) = &summary.stopped else { panic!("{summary:?}") };
    assert_eq!(error.code(), Some("AADSTS7000222"));
    assert!(summary.to_string().contains("not reached; stopped: the sign-in was refused"), "{summary}");
    // A new token, and the run can be resumed.
    fixture.faults(&[]);
    let summary = fixture.apply(ApplyOptions::new()).await;
    assert!(summary.is_complete(), "{summary}");
    fixture.assert_done().await;
}

#[tokio::test]
async fn a_rejected_token_stops_the_run() {
    let fixture = FleetFixture::new(300).await;
    let expired = client(&fixture.sandbox, FixedToken::new("expired"), short_waits());
    let summary = fixture.apply_with(&expired, ApplyOptions::new()).await;
    assert_eq!(summary.not_reached, 300);
    assert!(matches!(&summary.stopped, Some(StopReason::SignIn(error)) if error.status() == Some(401)), "{summary:?}");
    assert!(fixture.sandbox.counters().calls < 300 + 150);
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    fixture.assert_done().await;
}

#[tokio::test]
async fn cancelling_ends_writes_in_flight_and_sends_no_others() {
    let fixture = FleetFixture::new(300).await;
    fixture.faults(&["latency=20ms"]);
    let notify = Arc::new(Notify::new());
    let cancel = Arc::clone(&notify);
    let options = after(50, move || cancel.notify_one()).cancel_when(async move { notify.notified().await });
    let summary = fixture.apply(options).await;
    assert!(matches!(summary.stopped, Some(StopReason::Cancelled)), "{summary:?}");
    assert!((50..300).contains(&summary.done), "{summary}");
    assert_eq!(summary.done + summary.not_reached, 300, "{summary}");
    assert_eq!((fixture.written().len(), fixture.written()), (summary.done, fixture.journaled("done")));
    // Some changes had their intent and waited for a permit.
    assert!(fixture.written().is_subset(&fixture.journaled("intent")));
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    fixture.assert_done().await;
}

#[tokio::test]
async fn a_dropped_run_can_be_resumed() {
    let fixture = FleetFixture::new(200).await;
    fixture.faults(&["latency=5ms..20ms"]);
    let run = apply(&fixture.client, &fixture.plan, fixture.journal(), ApplyOptions::new());
    let run = can_be_spawned(run);
    let written = async {
        while fixture.written().len() < 20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        summary = run => panic!("{summary:?}"),
        () = written => {}
    }
    // The writer's thread closes the file later.
    let summary = loop {
        match apply(&fixture.client, &fixture.plan, fixture.journal(), ApplyOptions::new()).await {
            Err(error) if matches!(error.kind(), JournalErrorKind::InUse) => tokio::task::yield_now().await,
            ended => break ended.unwrap(),
        }
    };
    assert!(summary.is_complete(), "{summary}");
    fixture.assert_done().await;
}

/// Compiles only if the future can be spawned.
fn can_be_spawned<F: Future + Send>(future: F) -> F {
    future
}
