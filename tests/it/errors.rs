//! Errors: error responses, unreadable responses and missing responses. No error contains a secret.

use std::error::Error as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use partner_center_budgets::auth::{ClientSecret, FixedToken};
use partner_center_budgets::{Client, ClientBuilder, Cloud, CustomerQuery, Error, RetryPolicy};
use tokio::net::TcpListener;

use crate::generated::OPERATIONS;
use crate::operations::call;
use crate::replay::{Replay, TOKEN, customer};
use crate::server::serve_once;

/// The HTTP status in the name of a fixture, after its origin: `docs-400-3000.json`.
fn status(path: &Path) -> u16 {
    path.file_stem().unwrap().to_str().unwrap().split('-').nth(1).unwrap().parse().unwrap()
}

/// The settings of a client without retries.
fn without_retry(base_url: &str) -> ClientBuilder {
    Client::builder(FixedToken::new(TOKEN)).base_url(base_url).retry(RetryPolicy::never())
}

async fn error_of(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Error {
    let replay = Replay::start(status, headers, body).await;
    replay.client().get_budget(customer()).await.unwrap_err()
}

#[test]
fn error_responses() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    insta::with_settings!({ omit_expression => true }, {
        insta::glob!("../fixtures/faults", "*.*", |path| {
            let error = runtime.block_on(error_of(status(path), &[], &fs::read(path).unwrap()));
            assert_eq!(error.status(), Some(status(path)));
            let Error::Api(fault) = &error else { panic!("{error:?}") };
            assert!(fault.body.len() <= 2048, "at most 2 KiB of the body are stored");
            insta::assert_snapshot!(format!("{error}\ncode: {:?}\nbody: {:.120?}", error.code(), fault.body));
        });
    });
}

#[tokio::test]
async fn reports_retry_after_of_a_throttled_call() {
    let body = br#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."}"#;
    let error = error_of(429, &[("retry-after", "57")], body).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(57)));
    assert!(error.is_throttled() && error.is_retryable());
}

#[tokio::test]
async fn keeps_the_status_of_an_error_with_a_truncated_body() {
    let cut = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 57\r\nContent-Length: 84\r\n\r\n{\"stat";
    let (url, server) = serve_once(cut.to_vec());
    let client = without_retry(&url).build().unwrap();
    let Error::Api(fault) = client.get_budget(customer()).await.unwrap_err() else {
        panic!("not an error of the service")
    };
    assert_eq!((fault.status, fault.retry_after), (429, Some(Duration::from_secs(57))));
    server.join().unwrap();
}

#[tokio::test]
async fn escapes_control_characters_of_the_service() {
    let body = r#"{"code":"900421","description":"line\n next: pay \u001b[31mme","data":7}"#;
    let error = error_of(401, &[], body.as_bytes()).await;
    assert_eq!(error.why().unwrap(), "401 Unauthorized, code 900421: line next: pay [U+001B][31mme");
    let error = error_of(400, &[], format!(r#"{{"description":"{}"}}"#, "x".repeat(5000)).as_bytes()).await;
    assert!(error.to_string().len() < 1200);
}

#[tokio::test]
async fn only_the_codes_of_the_service_make_a_customer_unknown() {
    let fault = |code: &str| format!(r#"{{"code":"{code}","description":"x"}}"#);
    let known = [
        (404, fault("20003")),
        (404, fault("3000")),
        (404, fault("20002")),
        (403, fault("60003")),
        (403, fault("1000")),
        (403, fault("900150")),
        (400, fault("60003")),
        (400, fault("900118")),
        (410, fault("1000")),
        (404, "<html>60003</html>".to_owned()),
        (404, r#"{"statusCode":404,"message":"Resource not found"}"#.to_owned()),
        (404, String::new()),
        (403, String::new()),
    ];
    let unknown = [
        (404, fault("60003")),
        (404, fault("1000")),
        (404, r#"{"code":60003}"#.to_owned()),
        (403, fault("20002")),
        (403, r#"{"Code":20002}"#.to_owned()),
    ];
    for (answers, expected) in [(&known[..], false), (&unknown[..], true)] {
        for (status, body) in answers {
            let error = error_of(*status, &[], body.as_bytes()).await;
            assert_eq!(error.is_unknown_customer(), expected, "{status} {body}");
        }
    }
}

#[tokio::test]
async fn redacts_a_token_that_a_body_echoes() {
    let escaped: String = TOKEN.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let encoded: String = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let cut = &TOKEN[..TOKEN.len() - 1];
    for echo in [TOKEN, cut, &escaped, &encoded] {
        for body in [
            format!(r#"{{"amount":"Bearer {echo}"}}"#),
            format!(r#"{{"code":"1","description":"Bearer {echo}"}}"#),
            format!(r#""Bearer {echo}""#),
            format!("<p>Bearer {echo}</p>"),
        ] {
            for status in [200, 400] {
                let Err(error) =
                    Replay::start(status, &[], body.as_bytes()).await.client().get_budget(customer()).await
                else {
                    continue;
                };
                let source = error.source().map(ToString::to_string);
                let shown = format!("{error} {error:?} {source:?}");
                for leaked in [cut, &escaped, &encoded] {
                    assert!(!shown.contains(leaked), "{status} {body}: {shown}");
                }
            }
        }
    }
}

#[tokio::test]
async fn reports_a_compressed_body() {
    for status in [200, 400] {
        let headers = [("content-encoding", "gzip")];
        let error = error_of(status, &headers, b"\x1f\x8b\x08\x00\x00").await;
        let shown = format!("{error} {:?}", error.source().map(ToString::to_string));
        assert!(shown.contains("the body is compressed (Content-Encoding: gzip)"), "{status}: {shown}");
    }
}

#[tokio::test]
async fn an_error_has_the_ids_of_its_request() {
    let replay = Replay::start(404, &[], "").await;
    let error = replay.client().get_budget(customer()).await.unwrap_err();
    let ids = error.ids().unwrap();
    let headers = &replay.seen()[0].headers;
    assert_eq!(headers["ms-requestid"], ids.request.to_string());
    assert_eq!(headers["ms-correlationid"], ids.correlation.to_string());
}

#[tokio::test]
async fn rejects_a_status_outside_the_document() {
    for (operation, _) in OPERATIONS {
        for status in [204, 206, 418] {
            let replay = Replay::start(status, &[], "").await;
            let error = call(&replay.client(), operation, Some("1")).await.unwrap_err();
            match status {
                418 => assert_eq!(error.status(), Some(418), "{operation}"),
                _ => {
                    assert!(
                        matches!(error, Error::Decode { .. } | Error::NotConfirmed { .. }),
                        "{operation}: {error:?}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn rejects_a_response_that_is_not_valid_json() {
    for body in ["", "<html>", "[]", r#"{"amount":"97"}"#, r#"{"amount":1e400}"#, r#"{"amount":97"#] {
        let replay = Replay::start(200, &[], body).await;
        let error = replay.client().get_budget(customer()).await.unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{body}: {error:?}");
        assert!(error.source().is_some(), "{body}");
        assert!(error.to_string().contains("nothing was changed"), "{body}: {error}");
    }
}

#[tokio::test]
async fn an_unreadable_response_to_a_change_says_that_it_may_have_taken_effect() {
    let replay = Replay::start(200, &[], "<html>").await;
    let error = replay.client().clear_budget(customer()).await.unwrap_err();
    assert!(error.advice().unwrap().contains("may have taken effect"), "{error}");
}

#[tokio::test]
async fn rejects_a_change_that_the_service_does_not_confirm() {
    for (desired, answer) in [
        (None, r#"{"amount":97}"#),
        (Some("97"), r#"{"amount":98}"#),
        (Some("97"), "{}"),
        (Some("97.005"), r#"{"amount":97.01}"#),
        (Some("97"), r#"{"amount":null}"#),
    ] {
        let replay = Replay::start(200, &[], answer).await;
        let error = call(&replay.client(), "update_usage_budget", desired).await.unwrap_err();
        assert!(matches!(error, Error::NotConfirmed { .. }), "{desired:?} {answer}: {error:?}");
    }
    let replay = Replay::start(201, &[], r#"{"amount":97.000000}"#).await;
    call(&replay.client(), "update_usage_budget", Some("97")).await.expect("the same amount in other digits");
}

#[tokio::test]
async fn a_missing_response_is_a_transport_error() {
    // The first call reaches a server that hangs up, the second one a closed port.
    let (base_url, server) = serve_once(Vec::new());
    let client = without_retry(&base_url).build().unwrap();
    for _ in 0..2 {
        let error = client.get_budget(customer()).await.unwrap_err();
        assert!(matches!(error, Error::Transport { .. }), "{error:?}");
        assert!(!format!("{error:?}").contains(&customer().to_string()), "the customer stays out of logs: {error:?}");
    }
    server.join().unwrap();
}

#[tokio::test]
async fn a_call_fails_after_its_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client =
        without_retry(&format!("http://{address}")).attempt_timeout(Duration::from_millis(100)).build().unwrap();
    let error = client.get_budget(customer()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
}

#[tokio::test]
async fn refuses_a_base_url_that_must_not_get_a_token() {
    let refused = [
        "http://api.partnercenter.microsoft.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "https://user:password@api.partnercenter.microsoft.com",
        "https://api.partnercenter.microsoft.com?x=password",
        "https://api.partnercenter.microsoft.com/v1",
        "https://api.partnercenter.microsoft.com/V1/",
        "http://127.0.0.1:1/gateway/v1",
        "",
    ];
    for url in refused {
        let builder = Client::builder(FixedToken::new(TOKEN)).base_url(url);
        assert!(!format!("{builder:?}").contains("password"), "{builder:?}");
        let error = builder.build().unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{url}: {error:?}");
        assert!(!format!("{error:?} {error}").contains("password"), "{error}");
        assert_eq!(error.to_string().contains("leave /v1 out"), url.to_lowercase().contains("/v1"), "{error}");
    }
    for url in [
        "https://api.partnercenter.microsoft.com",
        "http://127.0.0.1:1",
        "http://[::1]:1/",
        "http://localhost:1",
        "http://127.0.0.1:1/v12",
    ] {
        Client::builder(FixedToken::new(TOKEN)).base_url(url).build().unwrap_or_else(|error| panic!("{url}: {error}"));
    }
}

#[tokio::test]
async fn refuses_an_invalid_token_before_sending() {
    let replay = Replay::start(200, &[], r#"{"amount":null}"#).await;
    for token in ["", "line\nbreak", "Bearer abc", "\"abc\"", "é"] {
        let client = Client::builder(FixedToken::new(token)).base_url(replay.base_url()).build().unwrap();
        let error = client.get_budget(customer()).await.unwrap_err();
        assert!(matches!(error, Error::Auth(_)), "{error:?}");
        assert!(error.advice().is_some(), "{error}");
    }
    assert!(replay.seen().is_empty());
}

#[tokio::test]
async fn shows_no_secret_in_debug_or_display() {
    let replay = Replay::start(401, &[], "").await;
    let builder = Client::builder(FixedToken::new(TOKEN)).base_url(replay.base_url());
    let client = replay.client();
    let error = client.get_budget(customer()).await.unwrap_err();
    let shown = format!("{builder:?} {client:?} {error:?} {error} {:?}", FixedToken::new(TOKEN));
    assert!(!shown.contains(TOKEN), "{shown}");
}

/// The text that `main` prints if it returns the error: one line with every cause once, and the advice at its end.
#[tokio::test]
async fn debug_reads_like_display_with_the_causes() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = without_retry(&format!("http://{closed}")).build().unwrap();
    let shown = format!("{:?}", client.get_budget(customer()).await.unwrap_err());
    let (before, after) = shown.split_once("Connection refused").unwrap();
    assert_eq!(
        before,
        "get_usage_budget got no complete response: error sending request: client error (Connect): tcp connect error: "
    );
    assert!(after.ends_with("; nothing was sent: check the address and the network"), "{shown}");

    let cloud = Cloud::custom("http://127.0.0.1:1", format!("http://{closed}"), "audience");
    let secret = ClientSecret::new("contoso.example", "an-app", "a-made-up-secret");
    let client = Client::builder(secret).cloud(cloud).retry(RetryPolicy::never()).build().unwrap();
    let shown = format!("{:?}", client.get_budget(customer()).await.unwrap_err());
    assert!(shown.starts_with("the authority did not respond: error sending request: "), "{shown}");
    assert!(shown.ends_with("; check the network and the cloud's authority"), "{shown}");
    assert_eq!(shown.matches("Connection refused").count(), 1, "{shown}");

    let pages = [(200, r#"{"items":[{},{}],"continuationToken":"a","totalCount":7}"#), (400, r#"{"code":2000}"#)];
    let replay = Replay::script(&pages).await;
    let mut list = replay.client().list_customers(CustomerQuery::new());
    let error = loop {
        if let Err(error) = list.try_next().await {
            break error;
        }
    };
    assert_eq!(
        format!("{error:?}"),
        "list_customers may be incomplete: it ended after 2 items: the service announced 7: list_customers was refused: 400 \
         Bad Request, code 2000; read the list again; if it ends at the same item, use another page size: only a page that \
         is not full proves the end"
    );

    let invalid = "x".parse::<partner_center_budgets::CustomerId>().unwrap_err();
    assert_eq!(format!("{invalid:?}"), invalid.to_string());
    assert_eq!(format!("{:?}", Error::from(invalid.clone())), invalid.to_string());
    let refused = error_of(404, &[], br#"{"code":"60003","description":"no such customer"}"#).await;
    assert_eq!(format!("{refused:?}"), refused.to_string(), "without a cause, both are the same");
}
