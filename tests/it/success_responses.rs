//! A response with a success status is accepted only if its body is the object that the operation returns.

use partner_center_budgets::{CustomerQuery, Error};
use partner_center_budgets_fleet::{ApplyOptions, CurrentBudgets, DesiredBudget, Plan, Target, apply};

use crate::generated::OPERATIONS;
use crate::operations::call;
use crate::replay::{Replay, customer};

const FAULT: &str = r#"{"code":"2000","description":"under maintenance, nothing was changed"}"#;
const OTHER: [&str; 5] =
    ["null", "{}", r#"{"status":"maintenance"}"#, r#"{"attributes":{"objectType":"Notice"}}"#, "<p>maintenance</p>"];

#[tokio::test]
async fn rejects_a_body_that_is_not_the_object() {
    for (operation, _) in OPERATIONS.iter().filter(|(name, _)| *name != "update_usage_budget") {
        for body in OTHER {
            let error = call(&Replay::start(200, &[], body).await.client(), operation, None).await.unwrap_err();
            assert!(matches!(error, Error::Decode { .. }), "{operation} {body}: {error:?}");
        }
    }
}

#[tokio::test]
async fn reports_an_error_body_with_a_success_status() {
    for (operation, _) in OPERATIONS {
        for amount in [None, Some("97")] {
            // The budget that is read back differs from the requested one.
            let answers =
                [(200, FAULT), (200, if amount.is_some() { r#"{"amount":null}"# } else { r#"{"amount":5}"# })];
            let replay = Replay::script(&answers).await;
            let error = call(&replay.client(), operation, amount).await.unwrap_err();
            let Error::Api(fault) = &error else { panic!("{operation}: {error:?}") };
            assert_eq!((fault.status, fault.code.as_deref()), (200, Some("2000")), "{operation}");
            assert!(error.to_string().contains("nothing was changed"), "{error}");
        }
    }
}

#[tokio::test]
async fn reads_a_change_back_if_the_response_is_not_a_budget() {
    let (cleared, set) = (r#"{"amount":null}"#, r#"{"amount":97.00}"#);
    for answer in OTHER.into_iter().chain([FAULT]) {
        for (amount, read_back) in [(None, cleared), (Some("97"), set)] {
            let replay = Replay::script(&[(200, answer), (200, read_back)]).await;
            call(&replay.client(), "update_usage_budget", amount).await.expect(answer);
            let lines: Vec<_> =
                replay.seen().into_iter().map(|seen| seen.line.split(' ').next().unwrap().to_owned()).collect();
            assert_eq!(lines, ["PATCH", "GET"]);
        }
    }
    for answer in OTHER {
        for (amount, read_back) in [(None, set), (Some("97"), cleared), (None, "{}"), (Some("97"), FAULT)] {
            let replay = Replay::script(&[(200, answer), (200, read_back)]).await;
            let error = call(&replay.client(), "update_usage_budget", amount).await.unwrap_err();
            assert!(matches!(error, Error::NotConfirmed { .. }), "{answer} {read_back}: {error:?}");
            assert!(error.to_string().contains("not confirmed"), "{error}");
        }
    }
}

#[tokio::test]
async fn recognises_a_page_by_its_items_or_object_type() {
    for (body, is_list) in [
        (r#"{"items":[]}"#, true),
        (r#"{"items":null}"#, true),
        (r#"{"totalCount":0}"#, true),
        (r#"{"attributes":{"objectType":"collection"}}"#, true),
        (r#"{"totalCount":2}"#, false),
        (r#"{"continuationToken":"a=="}"#, false),
        (r#"{"links":{}}"#, false),
    ] {
        let replay = Replay::start(200, &[], body).await;
        let result = replay.client().list_customers(CustomerQuery::new()).try_next().await;
        assert_eq!(result.is_ok(), is_list, "{body}: {result:?}");
    }
}

#[tokio::test]
async fn recognises_a_missing_budget_by_its_object_type_or_null() {
    for (body, expected) in [
        (r#"{"attributes":{"objectType":"SPENDINGbudget"}}"#, Some(None)),
        (r#"{"amount":null}"#, Some(None)),
        (r#"{"amount":0}"#, Some(Some("0"))),
        (r#"{"usageSpendingBudget":97}"#, None),
        (r#"{"Amount":97}"#, None),
    ] {
        let result = Replay::start(200, &[], body).await.client().get_budget(customer()).await;
        let found = result.ok().map(|amount| amount.map(|amount| amount.to_string()));
        assert_eq!(found.as_ref().map(|amount| amount.as_deref()), expected, "{body}");
    }
}

#[tokio::test]
async fn apply_reports_a_change_without_a_budget_in_the_response_as_unknown() {
    let mut current = CurrentBudgets::new();
    current.set_budget(customer(), Some("97".parse().unwrap()));
    let plan = Plan::new([DesiredBudget { line: 2, customer: customer(), target: Target::Clear }], &current);
    for answer in OTHER.into_iter().chain([FAULT]) {
        let unchanged = r#"{"amount":97}"#;
        let replay =
            Replay::script(&[(200, unchanged), (200, answer), (200, unchanged), (200, answer), (200, unchanged)]).await;
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        let summary = apply(&replay.client(), &plan, journal, ApplyOptions::new()).await.unwrap();
        assert_eq!((summary.done, summary.unknown.len()), (0, 1), "{answer}: {summary:?}");
    }
}
