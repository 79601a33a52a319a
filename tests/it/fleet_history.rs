//! What a journal says about each change: when, by whom, with which request.

use std::collections::BTreeSet;
use std::fs;

use partner_center_budgets::RetryPolicy;
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets_fleet::{ApplyOptions, ChangeStatus, JournalErrorKind, apply, journal_history};

use crate::fleet_fixture::{FleetFixture, client};
use crate::fleet_plan::amount;

#[tokio::test]
async fn records_who_changed_each_budget_with_which_request() {
    let fixture = FleetFixture::new(6).await;
    let third = fixture.plan.changes().nth(2).unwrap().customer;
    fixture.client.set_budget(third, amount("7")).await.unwrap();
    fixture.faults(&["status=400,code=2000@update_usage_budget:first=2"]);
    let summary = fixture.apply(ApplyOptions::new().actor("admin@contoso.com")).await;
    assert_eq!((summary.done, summary.failed.len(), summary.conflicts.len()), (3, 2, 1));
    let before = journal_history(fixture.journal()).unwrap();
    assert_eq!(before.plan, fixture.plan);
    assert!(before.changes.iter().map(|change| change.customer).eq(fixture.plan.changes().map(|it| it.customer)));
    assert_eq!(before.changes[2].status, ChangeStatus::Conflict);
    let count = |status| before.changes.iter().filter(|change| change.status == status).count();
    assert_eq!((count(ChangeStatus::Done), count(ChangeStatus::Failed)), (3, 2));
    for change in &before.changes {
        // Nothing was sent for the conflict.
        let is_sent = change.status != ChangeStatus::Conflict;
        assert_eq!(change.by.as_deref(), Some("admin@contoso.com").filter(|_| is_sent), "{change:?}");
        assert_eq!((change.request_id.is_some(), change.correlation_id.is_some()), (is_sent, is_sent), "{change:?}");
        assert_eq!(change.found, (!is_sent).then_some(Some(amount("7"))), "{change:?}");
        assert_eq!(change.error.is_some(), change.status == ChangeStatus::Failed, "{change:?}");
        assert!(change.at.is_some(), "{change:?}");
    }
    // Another user resumes the run.
    assert_eq!(fixture.apply(ApplyOptions::new().actor("app 2222").overwrite(true)).await.done, 6);
    let after = journal_history(fixture.journal()).unwrap();
    for (change, before) in after.changes.iter().zip(&before.changes) {
        if before.status == ChangeStatus::Done {
            assert_eq!(change, before);
            continue;
        }
        assert_eq!((change.status, &change.error, change.found), (ChangeStatus::Done, &None, None));
        assert_eq!(change.by.as_deref(), Some("app 2222"));
        assert_ne!(change.request_id, before.request_id);
    }
}

#[tokio::test]
async fn every_change_has_a_request_id_of_its_own() {
    let fixture = FleetFixture::new(3).await;
    // The outcome of this write is unknown until its budget is read back.
    fixture.faults(&["status=503@update_usage_budget:first=1"]);
    assert_eq!(fixture.apply(ApplyOptions::new()).await.done, 3);
    let history = journal_history(fixture.journal()).unwrap();
    let ids: BTreeSet<_> = history.changes.iter().filter_map(|change| change.request_id).collect();
    assert_eq!(ids.len(), 3);
    assert!(history.changes.iter().all(|change| change.by.is_none()));
}

#[tokio::test]
async fn a_budget_that_is_read_back_has_the_ids_of_the_write_before() {
    let fixture = FleetFixture::new(1).await;
    let client = client(&fixture.sandbox, FixedToken::new("sandbox"), RetryPolicy::never());
    fixture.faults(&["reset-after@update_usage_budget", "status=500@get_usage_budget:nth=2"]);
    let options = ApplyOptions::new().actor("admin@contoso.com");
    assert_eq!(fixture.apply_with(&client, options).await.unknown.len(), 1);
    let before = journal_history(fixture.journal()).unwrap().changes.remove(0);
    assert_eq!((before.status, before.request_id.is_some()), (ChangeStatus::Unknown, true));
    // The ids of a read say nothing about the change.
    fixture.faults(&["status=500@get_usage_budget"]);
    assert_eq!(fixture.apply_with(&client, ApplyOptions::new().actor("another")).await.unknown.len(), 1);
    fixture.faults(&[]);
    assert_eq!(fixture.apply_with(&client, ApplyOptions::new().actor("another")).await.done, 1);
    let after = journal_history(fixture.journal()).unwrap().changes.remove(0);
    assert_eq!((after.status, &after.error), (ChangeStatus::Done, &None));
    assert_eq!((after.request_id, after.by.as_deref()), (before.request_id, Some("admin@contoso.com")));
}

#[tokio::test]
async fn changes_without_a_record_are_not_reached() {
    let fixture = FleetFixture::new(3).await;
    assert!(fixture.apply(ApplyOptions::new().cancel_when(std::future::ready(()))).await.stopped.is_some());
    let history = journal_history(fixture.journal()).unwrap();
    assert_eq!(history.changes.len(), 3);
    assert!(history.changes.iter().all(|change| change.status == ChangeStatus::NotReached && change.at.is_none()));
}

#[tokio::test]
async fn reads_journals_without_actors_and_refuses_damaged_ones() {
    let fixture = FleetFixture::new(3).await;
    assert!(journal_history(fixture.journal()).is_err());
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let whole = fs::read_to_string(fixture.journal()).unwrap();
    // A torn end costs the last record.
    fs::write(fixture.journal(), &whole[..whole.len() - 5]).unwrap();
    let history = journal_history(fixture.journal()).unwrap();
    assert_eq!(history.changes.iter().filter(|change| change.status == ChangeStatus::Unknown).count(), 1);
    fs::write(fixture.journal(), whole.replacen("\"done\"", "\"gone\"", 1)).unwrap();
    let error = journal_history(fixture.journal()).unwrap_err();
    assert!(matches!(error.kind(), JournalErrorKind::Damaged { .. }), "{error}");
    // A run that accepts the damage makes it readable.
    let options = ApplyOptions::new().accept_damage(true);
    assert!(apply(&fixture.client, &fixture.plan, fixture.journal(), options).await.unwrap().is_complete());
    assert!(journal_history(fixture.journal()).unwrap().changes.iter().all(|change| change.status.is_finished()));
}

#[test]
fn a_status_has_its_name_and_only_a_budget_that_is_set_is_finished() {
    for (status, name, is_finished) in [
        (ChangeStatus::Done, "done", true),
        (ChangeStatus::AlreadySet, "already-set", true),
        (ChangeStatus::Conflict, "conflict", false),
        (ChangeStatus::Failed, "failed", false),
        (ChangeStatus::Unknown, "unknown", false),
        (ChangeStatus::NotReached, "not-reached", false),
    ] {
        assert_eq!((status.as_str(), status.is_finished()), (name, is_finished));
    }
}
