//! Requests for operations that the document does not have.

use partner_center_budgets::{Decimal, Error};
use serde_json::json;

use crate::replay::{Replay, TOKEN, customer};
use crate::scripted_server::{Script, answer, header};

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Order {
    price: Decimal,
}

#[tokio::test]
async fn is_sent_like_every_other_call() {
    let busy = answer("503 Service Unavailable", "", "");
    let body = "\u{feff}{\"price\":28.82860766744404945074}";
    let script = Script::start([busy, answer("201 Created", "ETag: \"7\"\r\n", body)]).await;
    let client = script.client().build().unwrap();
    let (client, log) = client.with_call_log();
    let path = format!("/v1/customers/{}/orders", customer());
    let request = client.request("PUT", &path).query("a b", "c&d=é").query("n", 7).json(&json!({ "quantity": 1 }));
    let response = request.send().await.unwrap();
    assert_eq!((response.status(), response.header("etag")), (201, Some("\"7\"")));
    assert_eq!(response.json::<Order>().unwrap().price, "28.82860766744404945074".parse().unwrap());
    assert!(response.bytes().starts_with(b"{"), "without the byte order mark");
    let requests = script.requests();
    assert_eq!(requests.len(), 2, "a PUT is retried");
    for request in requests {
        assert!(request.starts_with(&format!("PUT {path}?a+b=c%26d%3D%C3%A9&n=7 HTTP/1.1")), "{request}");
        assert_eq!(header(&request, "authorization"), format!("Bearer {TOKEN}"));
        assert_eq!(header(&request, "ms-requestid"), response.ids().request.to_string());
        assert_eq!(header(&request, "content-type"), "application/json");
        assert!(request.ends_with(r#"{"quantity":1}"#), "{request}");
    }
    let report = log.take().remove(0);
    assert_eq!((report.operation, report.attempts, report.status), ("PUT request", 2, Some(201)));
}

#[tokio::test]
async fn a_post_is_repeated_only_if_it_had_no_effect() {
    let throttled = answer("429 Too Many Requests", "", "");
    let unknown = answer("503 Service Unavailable", "", "");
    for method in ["POST", "PATCH"] {
        let script = Script::start([throttled.clone(), unknown.clone(), answer("200 OK", "", "{}")]).await;
        let error = script.client().build().unwrap().request(method, "/v1/carts").send().await.unwrap_err();
        assert_eq!((error.status(), script.requests().len()), (Some(503), 2), "{method}");
    }
    for method in ["GET", "DELETE"] {
        let script = Script::start([throttled.clone(), unknown.clone(), answer("204 No Content", "", "")]).await;
        let response = script.client().build().unwrap().request(method, "/v1/carts").send().await.unwrap();
        assert_eq!((response.status(), response.bytes().len(), script.requests().len()), (204, 0, 3), "{method}");
    }
}

#[tokio::test]
async fn refuses_a_path_that_leads_elsewhere_before_sending() {
    let replay = Replay::start(200, &[], "{}").await;
    let client = replay.client();
    for path in [
        "",
        "v1/customers",
        "https://elsewhere.example/v1/customers",
        "@elsewhere.example/",
        "/../customers",
        "/v1/%2e%2E/customers",
        "/v1/./customers",
        "/v1/customers/..",
        "\\\\elsewhere.example/",
        "/\\elsewhere.example",
        "/v1/customers?size=1",
        "/v1/customers#x",
        "/v1/cust omers",
        "/v1/cust\tomers",
        "/v1/customers\r\nHost: elsewhere.example",
        "/v1/kunden/é",
    ] {
        let error = client.request("GET", path).send().await.unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{path}: {error:?}");
        assert!(error.to_string().starts_with("the path cannot be requested; "), "{error}");
    }
    for method in ["get", "CONNECT", "", "GET /"] {
        let error = client.request(method, "/v1/customers").send().await.unwrap_err();
        assert!(error.to_string().starts_with("the method is unknown; "), "{error}");
    }
    let unreadable = std::collections::BTreeMap::from([((1, 2), 3)]);
    client.request("POST", "/v1/customers").json(&unreadable).send().await.unwrap_err();
    assert_eq!(replay.seen().len(), 0);
    for path in ["/", "//elsewhere.example/v1", "/v1/customers/%2F/a:b;c=1", "/v1/customers/"] {
        client.request("GET", path).send().await.unwrap();
        assert_eq!(replay.seen().last().unwrap().line, format!("GET {path}"), "below the base URL, and unchanged");
    }
}

#[tokio::test]
async fn a_url_that_is_too_long_is_neither_sent_nor_retried() {
    let replay = Replay::start(200, &[], "{}").await;
    let client = replay.client();
    let error = client.request("GET", "/v1/carts").query("filter", "x".repeat(70_000)).send().await.unwrap_err();
    assert!(error.to_string().contains("nothing was sent: shorten the path or the query"), "{error}");
    assert!(!error.is_retryable() && !format!("{error:?}").contains("xx"), "{error:?}");
    assert_eq!((client.attempts(), replay.seen().len()), (1, 0));
}

#[tokio::test]
async fn errors_have_the_text_of_the_service_without_the_token() {
    let echo = format!(r#"{{"code":"2000","description":"bad: Bearer {TOKEN}"}}"#);
    let replay = Replay::start(400, &[], echo).await;
    let error = replay.client().request("POST", "/v1/carts").send().await.unwrap_err();
    assert!(error.to_string().starts_with("POST request was refused: 400 Bad Request, code 2000: bad: "), "{error}");
    assert!(!format!("{error:?}").contains(TOKEN));

    let long = answer("200 OK", "", &format!("\"{}\"", "x".repeat(2_000_000)));
    let script = Script::start([long]).await;
    let response = script.client().build().unwrap().request("GET", "/v1/report").send().await.unwrap();
    assert_eq!(response.json::<String>().unwrap().len(), 2_000_000, "longer than any object of the document");
    let error = response.json::<Order>().unwrap_err();
    assert!(matches!(error, Error::Decode { operation: "GET request", .. }), "{error:?}");
    let client = script.client().response_limit(1_000_000).build().unwrap();
    let error = client.request("POST", "/v1/report").send().await.unwrap_err();
    assert!(format!("{error:?}").contains("longer than the limit of 1000000 bytes"), "{error:?}");
    assert!(error.to_string().contains("may have taken effect"), "{error}");
}
