//! Retries: conditions, number of attempts, waits and the total time.

use std::time::Duration;

use partner_center_budgets::{Error, RetryPolicy, WriteGuard};
use tokio_util::sync::CancellationToken;

use crate::replay::{TOKEN, customer};
use crate::scripted_server::{Script, answer, header, short_waits};
use crate::server::serve_once;

fn budget() -> String {
    answer("200 OK", "", r#"{"amount":97}"#)
}

fn busy() -> String {
    answer("503 Service Unavailable", "Content-Type: text/html\r\n", "<html>")
}

#[tokio::test]
async fn retries_transient_statuses_with_the_same_request_id() {
    for status in ["408 x", "429 x", "500 x", "502 x", "503 x", "504 x"] {
        let failure = answer(status, "", "");
        let script = Script::start([failure.clone(), failure, budget()]).await;
        let client = script.client().build().unwrap();
        assert_eq!(client.get_budget(customer()).await.unwrap(), Some("97".parse().unwrap()), "{status}");
        client.get_budget(customer()).await.unwrap();
        let ids: Vec<_> = script.requests().iter().map(|text| header(text, "MS-RequestId").to_owned()).collect();
        assert_eq!(ids.len(), 4, "{status}");
        assert_eq!((&ids[0], &ids[0]), (&ids[1], &ids[2]), "{status}");
        assert_ne!(ids[0], ids[3], "another call has another id");
    }
}

#[tokio::test]
async fn does_not_retry_permanent_statuses() {
    for status in ["400", "401", "403", "404", "405", "409", "412", "418", "501", "505"] {
        let script = Script::start([answer(status, "", "")]).await;
        let error = script.client().build().unwrap().get_budget(customer()).await.unwrap_err();
        assert_eq!(error.status(), status.parse().ok());
        assert!(!error.is_retryable(), "{error}");
        assert_eq!(script.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn stops_after_max_attempts_and_returns_the_last_error() {
    let script = Script::start([busy()]).await;
    let (client, log) = script.client().build().unwrap().with_call_log();
    let error = client.get_budget(customer()).await.unwrap_err();
    assert!(error.is_retryable());
    assert_eq!(script.requests().len(), 4);
    let report = &log.take()[0];
    assert_eq!((report.attempts, report.status, report.operation), (4, Some(503), "get_usage_budget"));
    client.with_retry(RetryPolicy::never()).get_budget(customer()).await.unwrap_err();
    assert_eq!(script.requests().len(), 5);
    assert_eq!(log.take()[0].attempts, 1);
}

#[tokio::test]
async fn retries_after_a_broken_connection() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 84\r\n\r\n{\"amo".to_owned();
    let script = Script::start([String::new(), cut, "HTTP/1.1 20".to_owned(), budget()]).await;
    let client = script.client().build().unwrap();
    assert_eq!(client.get_budget(customer()).await.unwrap(), Some("97".parse().unwrap()));
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test]
async fn retries_a_change_with_the_same_body() {
    let script = Script::start([String::new(), busy(), answer("200 OK", "", r#"{"amount":null}"#)]).await;
    script.client().build().unwrap().clear_budget(customer()).await.unwrap();
    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert!(request.ends_with(r#"{"Amount":null,"Attributes":{"ObjectType":"SpendingBudget"}}"#), "{request}");
    }
}

#[tokio::test]
async fn waits_for_retry_after() {
    // A wait of 1 s fits into the total time of 1.9 s, a wait of 2 s does not.
    for (seconds, is_done) in [(1, true), (2, false)] {
        let throttled = answer("429 Too Many Requests", &format!("Retry-After: {seconds}\r\n"), "");
        let script = Script::start([throttled, budget()]).await;
        let policy = short_waits().total(Duration::from_millis(1900));
        let result = script.client().retry(policy).build().unwrap().get_budget(customer()).await;
        assert_eq!(result.is_ok(), is_done, "{seconds}: {result:?}");
        assert_eq!(script.requests().len(), 1 + usize::from(is_done), "{seconds}");
    }
}

#[tokio::test]
async fn fails_at_once_if_retry_after_exceeds_the_total_time() {
    for seconds in ["3600", "18446744073709551615"] {
        let throttled = answer("429 Too Many Requests", &format!("Retry-After: {seconds}\r\n"), "");
        let script = Script::start([throttled]).await;
        let client = script.client().retry(short_waits().total(Duration::MAX)).build().unwrap();
        let client = if seconds == "3600" { client.with_retry(short_waits()) } else { client };
        let error = client.get_budget(customer()).await.unwrap_err();
        assert!(error.is_throttled());
        assert!(error.to_string().contains(&format!("wait {seconds} seconds")), "{error}");
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test]
async fn stops_after_the_total_time() {
    // A server that accepts and never responds.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let script = Script::start([budget()]).await;
    let client = script
        .client()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .retry(short_waits().total(Duration::from_millis(300)))
        .build()
        .unwrap();
    let error = client.get_budget(customer()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert_eq!(client.attempts(), 1, "the total time ended during the first attempt");
}

#[tokio::test]
async fn refuses_a_response_over_the_limit() {
    let script = Script::start([answer("200 OK", "", &format!(r#"{{"amount":97,"x":"{}"}}"#, "x".repeat(2000)))]).await;
    let error = script.client().response_limit(1000).build().unwrap().get_budget(customer()).await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(script.requests().len(), 1, "a retry would get the same body");
    script.client().response_limit(4000).build().unwrap().get_budget(customer()).await.unwrap();
}

#[tokio::test]
async fn fails_at_once_if_the_limiter_waits_longer_than_the_total_time() {
    let a_year = "Retry-After: 31536000\r\n";
    let script = Script::start([answer("429 Too Many Requests", a_year, r#"{"statusCode":429}"#), budget()]).await;
    let client = script.client().build().unwrap();
    let refused = client.get_budget(customer()).await.unwrap_err();
    assert_eq!(refused.status(), Some(429));
    let rate_limited = client.get_budget(customer()).await.unwrap_err();
    assert!(matches!(rate_limited, Error::RateLimited { .. }), "{rate_limited:?}");
    assert!(rate_limited.to_string().contains("sends no call for another 24 hours"), "{rate_limited}");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn the_call_log_has_ids_and_mfa_of_the_response() {
    let headers = "MS-RequestId: one\r\nMS-CorrelationId: two\r\nisMfaCompliant: True\r\n";
    let script = Script::start([answer("200 OK", headers, r#"{"amount":97}"#)]).await;
    let builder = script.client().validate_mfa().application_name("budget-app").locale("sv-SE").header("X-Extra", "1");
    let (client, log) = builder.build().unwrap().with_call_log();
    client.get_budget(customer()).await.unwrap();
    let report = log.take().remove(0);
    assert_eq!(report.answered_request_id.as_deref(), Some("one"));
    assert_eq!(report.answered_correlation_id.as_deref(), Some("two"));
    assert_eq!(report.is_mfa_compliant, Some(true));
    let request = &script.requests()[0];
    for (name, value) in [
        ("ValidateMfa", "true"),
        ("MS-PartnerCenter-Application", "budget-app"),
        ("X-Locale", "sv-SE"),
        ("X-Extra", "1"),
        ("MS-RequestId", &report.ids.request.to_string()),
    ] {
        assert_eq!(header(request, name), value);
    }
}

#[tokio::test]
async fn the_call_log_has_ids_and_mfa_of_an_error() {
    let headers = "MS-RequestId: one\r\nisMfaCompliant: false\r\n";
    let script = Script::start([answer("401 Unauthorized", headers, r#"{"code":"900421"}"#)]).await;
    let (client, log) = script.client().validate_mfa().build().unwrap().with_call_log();
    assert!(client.get_budget(customer()).await.unwrap_err().needs_mfa());
    let report = log.take().remove(0);
    assert_eq!((report.answered_request_id.as_deref(), report.is_mfa_compliant), (Some("one"), Some(false)));
}

#[tokio::test]
async fn redacts_an_echoed_token() {
    let echo = format!(r#"{{"code":"1","description":"bad header: Bearer {TOKEN}"}}"#);
    let script = Script::start([answer("400 Bad Request", "", &echo)]).await;
    let error = script.client().build().unwrap().get_budget(customer()).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("[redacted]") && !shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn an_unsent_attempt_does_not_hide_an_earlier_sent_one() {
    let (url, server) = serve_once(Vec::new());
    let script = Script::start([budget()]).await;
    let client = script.client().base_url(url).build().unwrap();
    let error = client.clear_budget(customer()).await.unwrap_err();
    server.join().unwrap();
    assert!(matches!(error, Error::Transport { may_have_been_sent: true, .. }), "{error:?}");
    assert!(error.to_string().contains("may have taken effect"), "{error}");
}

#[tokio::test]
async fn an_unsent_attempt_does_not_hide_an_earlier_504() {
    let (url, server) = serve_once(answer("504 Gateway Timeout", "", "").into_bytes());
    let script = Script::start([budget()]).await;
    let client = script.client().base_url(url).build().unwrap();
    let error = client.clear_budget(customer()).await.unwrap_err();
    server.join().unwrap();
    assert!(matches!(error, Error::Transport { may_have_been_sent: true, .. }), "{error:?}");
    assert!(!error.to_string().contains("nothing was sent"), "{error}");
}

#[tokio::test]
async fn a_guarded_write_that_is_cancelled_is_not_sent_and_says_so() {
    let script = Script::start([budget()]).await;
    let client = script.client().build().unwrap();
    let stop = CancellationToken::new();
    let guarded = client.with_write_guard(WriteGuard::new(stop.clone()));
    stop.cancel();
    let error = guarded.update_budget(customer(), None).await.unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
    assert!(!error.is_retryable() && !error.is_throttled());
    assert_eq!(
        error.to_string(),
        "update_usage_budget was not sent: it was cancelled; nothing was changed: call again if the change is still wanted"
    );
    assert_eq!(script.requests().len(), 0);
}

#[tokio::test]
async fn a_refusal_of_the_token_or_the_rate_does_not_hide_an_earlier_504_of_a_write() {
    let gateway = answer("504 Gateway Timeout", "", "");
    let throttled = answer("429 Too Many Requests", "Retry-After: 3600\r\n", "");
    for (refusal, of_write, of_read) in
        [(throttled, 504, 429), (answer("401 x", "", ""), 504, 401), (answer("404 x", "", ""), 404, 404)]
    {
        let script = Script::start([gateway.clone(), refusal.clone()]).await;
        let error = script.client().build().unwrap().clear_budget(customer()).await.unwrap_err();
        assert_eq!((error.status(), script.requests().len()), (Some(of_write), 2), "{error:?}");
        let script = Script::start([gateway.clone(), refusal]).await;
        let error = script.client().build().unwrap().get_budget(customer()).await.unwrap_err();
        assert_eq!((error.status(), script.requests().len()), (Some(of_read), 2), "{error:?}");
    }
}

#[tokio::test]
async fn a_failed_sign_in_does_not_hide_an_earlier_504() {
    let sandbox = partner_center_budgets_sandbox::Sandbox::start().await.unwrap();
    let secret = || {
        let secret = partner_center_budgets_sandbox::CLIENT_SECRET;
        partner_center_budgets::auth::ClientSecret::new("contoso.example", "an-app", secret)
    };
    let client = crate::fleet_fixture::client(&sandbox, secret(), crate::scripted_server::short_waits());
    let customer = crate::fleet_plan::customer(1);
    client.get_budget(customer).await.unwrap();
    let faults = [
        "status=504@update_usage_budget:nth=1",
        "expired-token@update_usage_budget",
        "token-error=AADSTS7000222@token",
    ];
    sandbox.set_faults(faults.iter().map(|fault| fault.parse().unwrap()).collect());
    let error = client.clear_budget(customer).await.unwrap_err();
    assert_eq!(error.status(), Some(504), "{error:?}");
    // The new token is refused, too.
    let faults = ["status=504@update_usage_budget:nth=1", "status=401@update_usage_budget"];
    sandbox.set_faults(faults.iter().map(|fault| fault.parse().unwrap()).collect());
    let error = client.clear_budget(customer).await.unwrap_err();
    assert_eq!(error.status(), Some(504), "{error:?}");
}

#[tokio::test]
async fn waits_after_retry_after_0() {
    let throttled = answer("429 Too Many Requests", "Retry-After: 0\r\n", "");
    let script = Script::start([throttled, budget()]).await;
    let client = script.client().retry(short_waits().total(Duration::from_millis(500))).build().unwrap();
    let error = client.get_budget(customer()).await.unwrap_err();
    assert!(error.is_throttled(), "{error:?}");
    assert_eq!(script.requests().len(), 1, "the wait is longer than the total time");
}

#[tokio::test]
async fn refuses_to_replace_headers_of_the_client() {
    let script = Script::start([budget()]).await;
    for (name, value) in [
        ("Authorization", "x"),
        ("ms-requestid", "x"),
        ("Host", "x"),
        ("MS-ContinuationToken", "x"),
        ("not a name", "x"),
        ("X-Locale", "a\nb"),
    ] {
        let error = script.client().header(name, value).build().unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{name}: {error:?}");
    }
}
