//! The byte order mark, the headers and the paths of all responses.

use partner_center_budgets_sandbox::{CLIENT_SECRET, Config, Sandbox, TOKEN};

use crate::http::{exchange, get};

const BUDGET: &str = "/v1/customers/00000000-0000-0000-0000-00000000000a/usagebudget";

async fn with(rule: &str) -> Sandbox {
    Sandbox::with(Config { faults: vec![rule.parse().unwrap()], ..Config::default() }).await.unwrap()
}

#[tokio::test]
async fn byte_order_mark_is_optional() {
    for byte_order_mark in [true, false] {
        let sandbox = Sandbox::with(Config { byte_order_mark, ..Config::default() }).await.unwrap();
        for (path, token, status) in [
            (BUDGET, TOKEN, 200),
            ("/v1/customers/usagerecords", TOKEN, 200),
            (BUDGET, "wrong", 401),
            ("/v1/customers/x/usagebudget", TOKEN, 400),
        ] {
            let response = get(&sandbox, path, token).await;
            assert_eq!(
                (response.status, response.body.starts_with(b"\xef\xbb\xbf")),
                (status, byte_order_mark),
                "{path}"
            );
            assert_eq!(response.body.starts_with(b"{"), !byte_order_mark, "{path}");
        }
    }
}

#[tokio::test]
async fn every_response_has_the_headers_of_the_service() {
    for rule in [
        "latency=0s",
        "status=503",
        "status=429",
        "status=401,code=10001",
        "html=502",
        "redirect=http://localhost:9/",
        "expired-token",
        "not-json",
        "content-type",
        "slow-body=10ms",
        "oversized=1000",
    ] {
        let response = get(&with(rule).await, BUDGET, TOKEN).await;
        for name in ["MS-RequestId", "MS-CorrelationId", "MS-CV", "MS-ServerId", "Request-Context", "X-Locale"] {
            assert!(response.header(name).is_some_and(|value| !value.is_empty()), "{rule}: {name}: {}", response.head);
        }
        assert_eq!(response.header("WWW-Authenticate").is_some(), response.status == 401, "{rule}");
    }
}

#[tokio::test]
async fn responses_repeat_the_ids_of_the_request() {
    let headers = [("Authorization", "Bearer sandbox"), ("MS-RequestId", "r-1"), ("MS-CorrelationId", "c-1")];
    for rule in ["latency=0s", "html=502", "status=429", "status=401,code=10001"] {
        let response = exchange(&with(rule).await, &format!("GET {BUDGET}"), &headers, "").await.unwrap();
        assert_eq!((response.header("MS-RequestId"), response.header("MS-CorrelationId")), (Some("r-1"), Some("c-1")));
    }
}

#[tokio::test]
async fn injected_429_is_the_response_of_the_gateway() {
    for (rule, seconds) in [("status=429", 1), ("status=429,retry-after=7", 7), ("status=429,retry-after-date=60", 60)]
    {
        let response = get(&with(rule).await, BUDGET, TOKEN).await;
        let body =
            format!(r#"{{"statusCode":429,"message":"Rate limit is exceeded. Try again in {seconds} seconds."}}"#);
        assert_eq!((response.status, std::str::from_utf8(&response.body).unwrap()), (429, body.as_str()), "{rule}");
        let header = response.header("Retry-After").unwrap();
        assert!(header == seconds.to_string() || rule.contains("date") && header.ends_with(" GMT"), "{rule}: {header}");
    }
    let response = get(&with("status=429,code=2006").await, BUDGET, TOKEN).await;
    assert_eq!((response.status_and_code(), response.header("Retry-After")), ((429, "2006".to_owned()), None));
}

#[tokio::test]
async fn errors_do_not_contain_the_bearer_token() {
    for rule in ["status=403,code=5", "status=409", "html=503", "token-error=AADSTS1@token", "token-error=x@token"] {
        let sandbox = with(rule).await;
        let token = exchange(&sandbox, "POST /contoso.example/oauth2/v2.0/token", &[], "").await.unwrap();
        let response = if rule.contains("token") { token } else { get(&sandbox, BUDGET, TOKEN).await };
        let body = String::from_utf8(response.body).unwrap();
        assert!(!body.is_empty() && !body.contains(TOKEN), "{rule}: {body}");
    }
}

#[tokio::test]
async fn fixed_path_segments_match_in_any_case() {
    let sandbox = Sandbox::start().await.unwrap();
    let expected = get(&sandbox, BUDGET, TOKEN).await.body;
    for path in [
        "/v1/Customers/00000000-0000-0000-0000-00000000000A/UsageBudget",
        "/V1/CUSTOMERS/00000000-0000-0000-0000-00000000000a/usagebudget/",
    ] {
        assert_eq!(get(&sandbox, path, TOKEN).await.body, expected, "{path}");
    }
    for path in ["/v1/Customers?size=2", "/v1/customers/?size=2"] {
        assert_eq!(get(&sandbox, path, TOKEN).await.json()["totalCount"], 2, "{path}");
    }
    for path in ["/v1//v1/customers", "/v2/customers", "/v1/customer"] {
        assert_eq!(get(&sandbox, path, TOKEN).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn token_endpoints_repeat_the_client_request_id() {
    let id = "5a1c3e90-7d24-4b86-9f0e-1c2d3e4f5a6b";
    let form = format!("grant_type=client_credentials&client_id=app&client_secret={CLIENT_SECRET}&scope=a%2F.default");
    for (rule, path, form, status) in [
        ("reset@authorize", "/contoso.example/oauth2/v2.0/token", form.as_str(), 200),
        ("reset@authorize", "/contoso.example/OAuth2/Token", "", 400),
        ("reset@authorize", "/contoso.example/oauth2/v2.0/devicecode", "", 400),
        ("token-error=AADSTS65001", "/contoso.example/oauth2/v2.0/token", "", 400),
        ("html=503", "/contoso.example/oauth2/v2.0/token", "", 503),
    ] {
        let headers = [("Client-Request-Id", id)];
        let response = exchange(&with(rule).await, &format!("POST {path}"), &headers, form).await.unwrap();
        assert_eq!((response.status, response.header("client-request-id")), (status, Some(id)), "{rule} {path}");
        if status == 400 {
            assert_eq!(response.json()["correlation_id"], id, "{rule} {path}");
            assert!(response.json()["error_description"].as_str().unwrap().contains(&format!("Correlation ID: {id}")));
        }
    }
    let response =
        exchange(&Sandbox::start().await.unwrap(), "POST /contoso.example/oauth2/token", &[], "").await.unwrap();
    assert_eq!(response.header("client-request-id"), None);
}
