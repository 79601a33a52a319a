//! Carrying out a plan.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use partner_center_budgets::auth::{ClientSecret, FixedToken};
use partner_center_budgets::fleet::{Applied, Current, Options, Plan, Progress, Stop, Want, Wish, apply};
use partner_center_budgets::{Error, RetryPolicy};
use partner_center_budgets_sandbox::CLIENT_SECRET;
use tokio::sync::Notify;

use crate::fleet_plan::{amount, customer};
use crate::fleet_stage::{Stage, client};
use crate::script::short_waits;

#[tokio::test]
async fn a_plan_is_carried_out_under_an_unknown_limit() {
    let stage = Stage::new(200).await;
    stage.sandbox.set_throttles(vec!["bucket-counting-rejected:rate=200,burst=50".parse().unwrap()]);
    let progress = Progress::new();
    let reports = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&reports);
    let options = Options::new().progress(progress.clone()).on_report(move |report| {
        assert!(matches!(report.applied, Applied::Done));
        told.lock().unwrap().push((report.customer, report.line));
    });
    let summary = stage.apply(options).await;
    assert!(summary.is_complete());
    assert_eq!((summary.done, summary.stopped.is_none()), (200, true));
    assert_eq!(summary.to_string(), "200 of 200 changes done");
    let now = progress.now();
    assert_eq!((now.done, now.failed, now.total), (200, 0, Some(200)));
    let mut reports = Arc::into_inner(reports).unwrap().into_inner().unwrap();
    reports.sort();
    assert_eq!(reports, (1..=200).map(|number| (customer(number), u64::from(number) + 1)).collect::<Vec<_>>());
    assert_eq!(stage.journaled("intent"), stage.journaled("done"));
    stage.is_done().await;
}

#[tokio::test]
async fn what_is_done_is_not_done_again() {
    let stage = Stage::new(30).await;
    let first = stage.apply(Options::new()).await;
    let calls = stage.sandbox.counters().calls;
    let second = stage.apply(Options::new()).await;
    assert_eq!((first.done, second.done), (30, 30));
    assert_eq!(stage.sandbox.counters().calls, calls, "nothing was called");
    stage.is_done().await;
}

#[tokio::test]
async fn two_runs_share_a_client() {
    let (one, mut other) = (Stage::new(60).await, Stage::new(60).await);
    other.client = one.client.clone();
    one.sandbox.set_throttles(vec!["bucket:rate=400,burst=1".parse().unwrap()]);
    // Both have the same plan, so each finds some of its changes made by the other.
    let overwrite = || Options::new().overwrite(true);
    let (first, second) = tokio::join!(one.apply(overwrite()), other.apply(overwrite()));
    assert!(first.is_complete() && second.is_complete(), "{first}, {second}");
    assert!(one.written().len() == 60 && other.written().is_empty());
}

#[tokio::test]
async fn a_budget_that_is_as_wanted_is_not_sent() {
    let stage = Stage::new(10).await;
    let change = stage.plan.changes().next().unwrap();
    stage.client.set_budget(change.customer, change.to.unwrap()).await.unwrap();
    let summary = stage.apply(Options::new()).await;
    assert_eq!((summary.done, summary.already), (9, 1));
    stage.is_done().await;
}

#[tokio::test]
async fn what_was_changed_meanwhile_is_skipped_unless_told_otherwise() {
    let stage = Stage::new(10).await;
    stage.client.set_budget(customer(3), amount("1")).await.unwrap();
    stage.client.clear_budget(customer(4)).await.unwrap();
    let summary = stage.apply(Options::new()).await;
    assert_eq!((summary.done, summary.changed.len()), (8, 2));
    let found = summary.changed.iter().map(|report| match &report.applied {
        Applied::Changed { found, .. } => (report.customer, report.line, *found),
        other => panic!("{other:?}"),
    });
    assert_eq!(found.collect::<Vec<_>>(), [(customer(3), 4, Some(amount("1"))), (customer(4), 5, None)]);
    assert_eq!(summary.to_string(), "8 of 10 changes done, 2 changed meanwhile and skipped");
    assert_eq!(stage.client.get_budget(customer(3)).await.unwrap(), Some(amount("1")));
    let summary = stage.apply(Options::new().overwrite(true)).await;
    assert!(summary.is_complete());
    for number in [3, 4] {
        let change = stage.plan.changes().find(|change| change.customer == customer(number)).unwrap();
        assert_eq!(stage.client.get_budget(customer(number)).await.unwrap(), change.to);
    }
}

#[tokio::test]
async fn a_customer_that_left_fails_alone_and_is_tried_again() {
    let mut stage = Stage::new(10).await;
    let mut current = Current::new();
    let mut wishes = Vec::new();
    for (line, number) in (2..).zip([1, 99, 2]) {
        let before = stage.client.get_budget(customer(number)).await.unwrap_or_default();
        current.set_budget(customer(number), before);
        wishes.push(Wish { line, customer: customer(number), want: Want::Set(amount("7")) });
    }
    stage.plan = Plan::new(wishes, &current);
    for _ in 0..2 {
        let summary = stage.apply(Options::new()).await;
        assert_eq!((summary.done, summary.failed.len()), (2, 1));
        let failed = &summary.failed[0];
        assert_eq!((failed.customer, failed.line), (customer(99), 3));
        assert!(matches!(&failed.applied, Applied::Failed(error) if error.code() == Some("60003")), "{failed:?}");
    }
    let line = &stage.lines("failed")[1];
    assert!(line["error"].as_str().unwrap().contains("60003") && line["correlation_id"].is_string(), "{line}");
}

#[tokio::test]
async fn a_plan_with_problems_is_not_complete() {
    let mut stage = Stage::new(2).await;
    let mut current = Current::new();
    current.set_budget(customer(1), stage.client.get_budget(customer(1)).await.unwrap());
    let wish = |line, number, text| Wish { line, customer: customer(number), want: Want::Set(amount(text)) };
    // Nobody knows customer 98, and the sheet contradicts itself about customer 2.
    stage.plan = Plan::new([wish(2, 1, "7"), wish(3, 98, "7"), wish(4, 2, "7"), wish(5, 2, "8")], &current);
    let summary = stage.apply(Options::new()).await;
    assert_eq!((summary.changes, summary.done, summary.problems), (1, 1, 2));
    assert!(!summary.is_complete());
    assert_eq!(summary.to_string(), "1 of 1 changes done, 2 customers of the plan with problems");
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_read_back() {
    for (fault, wasted) in [
        ("reset-after@update_usage_budget:every=3", 0),
        ("cut-body@update_usage_budget:every=3", 0),
        ("not-json@update_usage_budget:every=3", 0),
        // Nothing was written, so it is sent again.
        ("reset@update_usage_budget:nth=5", 1),
    ] {
        let stage = Stage::new(20).await;
        let client = client(&stage.sandbox, FixedToken::new("sandbox"), RetryPolicy::never());
        stage.faults(&[fault]);
        let summary = stage.apply_with(&client, Options::new()).await;
        assert!(summary.is_complete(), "{fault}: {summary:?}");
        assert!(stage.sandbox.counters().requests["update_usage_budget"] >= 20 + wasted, "{fault}");
        stage.is_done().await;
    }
}

#[tokio::test]
async fn what_stays_unknown_is_read_back_by_the_next_run() {
    let stage = Stage::new(1).await;
    let client = client(&stage.sandbox, FixedToken::new("sandbox"), RetryPolicy::never());
    stage.faults(&["reset-after@update_usage_budget", "status=500@get_usage_budget:nth=2"]);
    let summary = stage.apply_with(&client, Options::new()).await;
    assert!(matches!(&summary.unknown[0].applied, Applied::Unknown(Some(Error::Transport { .. }))), "{summary:?}");
    assert_eq!(summary.to_string(), "0 of 1 changes done, 1 unknown");
    stage.faults(&["status=500@get_usage_budget"]);
    assert_eq!(stage.apply_with(&client, Options::new()).await.unknown.len(), 1, "it could not be read");
    stage.faults(&[]);
    let summary = stage.apply_with(&client, Options::new()).await;
    assert_eq!((summary.done, summary.already), (1, 0), "it is this journal that did it");
    stage.is_done().await;
}

/// Does something after the report of this number of changes.
fn after(number: usize, then: impl FnOnce() + Send + 'static) -> Options {
    let (mut seen, mut then) = (0, Some(then));
    Options::new().on_report(move |_| {
        seen += 1;
        if seen == number
            && let Some(then) = then.take()
        {
            then();
        }
    })
}

#[tokio::test]
async fn a_login_that_expires_stops_the_run_and_not_each_change() {
    let mut stage = Stage::new(300).await;
    let secret = || ClientSecret::new("contoso.example", "an-app", CLIENT_SECRET);
    stage.client = client(&stage.sandbox, secret(), short_waits());
    let stage = Arc::new(stage);
    let hook = Arc::clone(&stage);
    let options = after(50, move || {
        hook.faults(&["token-error=AADSTS7000222@token"]);
        hook.sandbox.expire_tokens();
    });
    let summary = stage.apply(options).await;
    assert!((50..300).contains(&summary.done), "{summary}");
    assert_eq!(summary.done + summary.not_reached, 300, "{summary}");
    let Some(Stop::SignIn(Error::Auth(error))) = &summary.stopped else { panic!("{summary:?}") };
    assert_eq!(error.code(), Some("AADSTS7000222"));
    assert!(summary.to_string().contains("not reached; stopped: the sign-in was refused"), "{summary}");
    // A new token, and it goes on.
    stage.faults(&[]);
    let summary = stage.apply(Options::new()).await;
    assert!(summary.is_complete(), "{summary}");
    stage.is_done().await;
}

#[tokio::test]
async fn a_token_that_is_refused_stops_the_run() {
    let stage = Stage::new(300).await;
    let expired = client(&stage.sandbox, FixedToken::new("expired"), short_waits());
    let summary = stage.apply_with(&expired, Options::new()).await;
    assert_eq!(summary.not_reached, 300);
    assert!(matches!(&summary.stopped, Some(Stop::SignIn(error)) if error.status() == Some(401)), "{summary:?}");
    assert!(stage.sandbox.counters().calls < 300 + 150);
    assert!(stage.apply(Options::new()).await.is_complete());
    stage.is_done().await;
}

#[tokio::test]
async fn cancelling_lets_writes_end_and_leaves_the_rest() {
    let stage = Stage::new(300).await;
    stage.faults(&["latency=20ms"]);
    let notify = Arc::new(Notify::new());
    let cancel = Arc::clone(&notify);
    let options = after(50, move || cancel.notify_one()).cancel_when(async move { notify.notified().await });
    let summary = stage.apply(options).await;
    assert!(matches!(summary.stopped, Some(Stop::Cancelled)), "{summary:?}");
    assert!((50..300).contains(&summary.done), "{summary}");
    assert_eq!(summary.done + summary.not_reached, 300, "{summary}");
    assert_eq!((stage.written().len(), stage.written()), (summary.done, stage.journaled("done")));
    // Some had their intent and waited for their turn.
    assert!(stage.written().is_subset(&stage.journaled("intent")));
    assert!(stage.apply(Options::new()).await.is_complete());
    stage.is_done().await;
}

#[tokio::test]
async fn dropping_the_run_leaves_a_journal_to_go_on_with() {
    let stage = Stage::new(200).await;
    stage.faults(&["latency=5ms..20ms"]);
    let run = apply(&stage.client, &stage.plan, stage.journal(), Options::new());
    let run = can_be_spawned(run);
    let written = async {
        while stage.written().len() < 20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        summary = run => panic!("{summary:?}"),
        () = written => {}
    }
    // The file is closed by a thread of its own, some time after.
    let summary = loop {
        match apply(&stage.client, &stage.plan, stage.journal(), Options::new()).await {
            Err(Error::Journal { what, .. }) if what.ends_with("is in use") => tokio::task::yield_now().await,
            ended => break ended.unwrap(),
        }
    };
    assert!(summary.is_complete(), "{summary}");
    stage.is_done().await;
}

/// A future that a task of its own can be.
fn can_be_spawned<F: Future + Send>(future: F) -> F {
    future
}
