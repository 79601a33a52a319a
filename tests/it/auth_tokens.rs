//! A client obtains, shares and renews its access token.

use std::time::Duration;

use partner_center_budgets::Error;
use partner_center_budgets::auth::{ClientSecret, MemoryStore, RefreshToken};

use crate::authority::{APP, AUDIENCE, Authority, BUDGET, TENANT, TOKEN_LINE, fields, refusal};
use crate::replay::customer;

fn secret() -> ClientSecret {
    ClientSecret::new(TENANT, APP, "a/very+secret secret")
}

/// Grants `at-0`, `at-1` … with this lifetime.
async fn numbered(expires_in: &'static str) -> Authority {
    Authority::start(move |seen, before| {
        let grant = format!(r#"{{"token_type":"Bearer","access_token":"at-{before}"{expires_in}}}"#);
        (200, if seen.is_sign_in() { grant } else { BUDGET.to_owned() })
    })
    .await
}

#[tokio::test]
async fn sends_the_client_secret_in_the_body_only() {
    let authority = Authority::granting(r#"{"access_token":"at","expires_in":3599}"#).await;
    let amount = authority.client(secret()).get_budget(customer()).await.unwrap();
    assert_eq!(amount, Some("97".parse().unwrap()));
    let [sign_in] = authority.sign_ins().try_into().unwrap();
    assert_eq!(sign_in.line, TOKEN_LINE);
    assert_eq!(
        sign_in.form(),
        fields([
            ("grant_type", "client_credentials"),
            ("client_id", APP),
            ("client_secret", "a/very+secret secret"),
            ("scope", &format!("{AUDIENCE}/.default")),
        ])
    );
    assert!(!format!("{:?}", sign_in.headers).contains("secret"));
    assert_eq!(authority.bearers(), ["Bearer at"]);
}

#[tokio::test]
async fn accepts_a_lifetime_as_number_text_or_absent() {
    for expires_in in [r#","expires_in":3599"#, r#","expires_in":"3599","expires_on":"1763683200""#, ""] {
        let authority = numbered(expires_in).await;
        let client = authority.client(secret());
        for _ in 0..3 {
            client.get_budget(customer()).await.unwrap();
        }
        assert_eq!(authority.bearers(), ["Bearer at-0"; 3], "{expires_in}");
    }
}

#[tokio::test]
async fn renews_a_token_before_it_expires() {
    for expires_in in [r#","expires_in":2"#, r#","expires_in":"2""#] {
        let authority = numbered(expires_in).await;
        let client = authority.client(secret());
        client.get_budget(customer()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1100)).await;
        client.get_budget(customer()).await.unwrap();
        assert_eq!(authority.bearers(), ["Bearer at-0", "Bearer at-1"], "{expires_in}");
    }
}

#[tokio::test]
async fn a_hundred_calls_share_one_sign_in() {
    let authority = numbered(r#","expires_in":3599"#).await;
    let client = authority.client(secret());
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_budget(customer()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(authority.sign_ins().len(), 1);
    assert_eq!(authority.bearers(), vec!["Bearer at-0"; 100]);
}

#[tokio::test]
async fn waiting_calls_share_a_failure_and_later_calls_retry() {
    let authority = Authority::start(|seen, before| match (seen.is_sign_in(), before) {
        (true, 0) => refusal("invalid_client", "AADSTS7000215: Invalid client secret provided."),
        (true, _) => (200, r#"{"access_token":"at","expires_in":3599}"#.to_owned()),
        (false, _) => (200, BUDGET.to_owned()),
    })
    .await;
    let client = authority.client(secret());
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_budget(customer()).await })
        })
        .collect();
    for call in calls {
        let Error::Auth(error) = call.await.unwrap().unwrap_err() else { panic!("another error") };
        assert_eq!(error.code(), Some("AADSTS7000215"));
    }
    assert_eq!(authority.seen().len(), 1, "nothing was sent to the service");
    client.get_budget(customer()).await.unwrap();
    assert_eq!(authority.sign_ins().len(), 2);
}

/// A service that refuses every token with this code.
async fn refusing(code: &'static str) -> (Error, usize, Vec<String>) {
    let authority = Authority::start(move |seen, before| match seen.is_sign_in() {
        true => (200, format!(r#"{{"access_token":"at-{before}","expires_in":3599}}"#)),
        false => (401, format!(r#"{{"code":"{code}","description":"no"}}"#)),
    })
    .await;
    let error = authority.client(secret()).get_budget(customer()).await.unwrap_err();
    (error, authority.sign_ins().len(), authority.bearers())
}

#[tokio::test]
async fn renews_the_token_once_after_401() {
    let (error, sign_ins, bearers) = refusing("400").await;
    assert_eq!((error.status(), error.code()), (Some(401), Some("400")));
    assert_eq!((sign_ins, bearers), (2, vec!["Bearer at-0".to_owned(), "Bearer at-1".to_owned()]));
    for code in ["900420", "900421", "10001"] {
        let (error, sign_ins, bearers) = refusing(code).await;
        assert_eq!(error.code(), Some(code));
        assert_eq!((sign_ins, bearers.len()), (1, 1), "{code}");
    }
}

#[tokio::test]
async fn refuses_an_app_without_a_user_before_sending() {
    let authority = numbered("").await;
    let error = authority.client(secret()).get_customer_usage_summary(customer()).await.unwrap_err();
    assert!(matches!(error, Error::Input { .. }), "{error:?}");
    assert!(error.to_string().contains("app and a user"), "{error}");
    assert_eq!(authority.seen().len(), 0);

    let with_user = RefreshToken::new(TENANT, APP, std::sync::Arc::new(MemoryStore::new("rt")));
    drop(authority.client(with_user).get_customer_usage_summary(customer()).await);
    assert_eq!(authority.bearers().len(), 1, "with a user it is sent");
}

#[tokio::test]
async fn an_invalid_response_of_the_authority_has_advice() {
    let long = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
    for (status, body, expected) in [
        (200, "<html>secret-page".to_owned(), "cannot be read"),
        (200, r#"{"access_token":{"secret-page":1}}"#.to_owned(), "cannot be read"),
        (200, r#"{"access_token":"two secret-page"}"#.to_owned(), "characters that are not allowed in tokens"),
        (200, r#"{"access_token":""}"#.to_owned(), "is empty"),
        (200, long, "longer than"),
        (503, "<p>busy</p>".to_owned(), "answered 503 Service Unavailable: busy; try again later"),
        (404, String::new(), "answered 404 Not Found; check the cloud's authority and the tenant"),
        (302, String::new(), "answered 302 Found; check the cloud's authority and the tenant"),
    ] {
        let authority = Authority::start(move |_, _| (status, body.clone())).await;
        let error = authority.client(secret()).get_budget(customer()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error:?}").contains("secret-page"), "{error:?}");
        assert_eq!(error.is_retryable(), status == 503);
    }
}

/// An authority that fails `failures` times before it grants a token.
async fn recovering(status: u16, body: &'static str, failures: usize) -> Authority {
    Authority::start(move |seen, before| match (seen.is_sign_in(), before < failures) {
        (true, true) => (status, body.to_owned()),
        (true, false) => (200, r#"{"access_token":"at","expires_in":3599}"#.to_owned()),
        (false, _) => (200, BUDGET.to_owned()),
    })
    .await
}

#[tokio::test]
async fn calls_and_token_claims_retry_transient_failures_of_the_token_endpoint() {
    for (status, body) in [
        (503, ""),
        (400, r#"{"error":"temporarily_unavailable"}"#),
        (400, r#"{"error":"invalid_request","error_description":"AADSTS90033: busy"}"#),
    ] {
        let authority = recovering(status, body, 3).await;
        let client = authority.client(secret()).with_retry(crate::scripted_server::short_waits());
        assert!(client.token_claims().await.unwrap().is_none(), "the token is not a JWT");
        assert_eq!(authority.sign_ins().len(), 4, "{body}");

        let authority = recovering(status, body, 3).await;
        let client = authority.client(secret()).with_retry(crate::scripted_server::short_waits());
        client.get_budget(customer()).await.unwrap();
        assert_eq!(authority.sign_ins().len(), 4, "{body}");
    }
}

#[tokio::test]
async fn token_claims_stops_at_the_retry_limit_and_at_permanent_failures() {
    let authority = recovering(503, "", 100).await;
    let client = authority.client(secret()).with_retry(crate::scripted_server::short_waits());
    assert!(matches!(client.token_claims().await.unwrap_err(), Error::Auth(error) if error.is_retryable()));
    assert_eq!(authority.sign_ins().len(), 4);
    let none = crate::scripted_server::short_waits().total(Duration::ZERO);
    client.with_retry(none).token_claims().await.unwrap_err();
    assert_eq!(authority.sign_ins().len(), 5, "no wait starts that would end too late");

    let authority = recovering(400, r#"{"error":"invalid_client","error_description":"AADSTS7000215: no"}"#, 100).await;
    let client = authority.client(secret()).with_retry(crate::scripted_server::short_waits());
    client.token_claims().await.unwrap_err();
    assert_eq!(authority.sign_ins().len(), 1);
}
