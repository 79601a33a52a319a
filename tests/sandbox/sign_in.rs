//! The grants of the sign-in, the rights of their tokens, and the errors.

use std::time::Duration;

use partner_center_budgets_sandbox::{CLIENT_SECRET, Config, REFRESH_TOKEN, Sandbox, TOKEN};
use serde_json::{Value, json};

use crate::http::{Response, exchange, get, post};

const TENANT: &str = "8c1f5d2e-0b3a-4c6d-9e7f-1a2b3c4d5e6f";
const DEFAULT: &str = "https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default";
const BUDGET: &str = "/v1/customers/00000000-0000-0000-0000-000000000001/usagebudget";
/// An operation that rejects tokens without a user.
const SUMMARY: &str = "/v1/customers/00000000-0000-0000-0000-000000000001/usagesummary";

async fn token(sandbox: &Sandbox, form: &str) -> Response {
    post(sandbox, &format!("/{TENANT}/oauth2/v2.0/token"), form).await
}

async fn app_only(sandbox: &Sandbox, scope: &str) -> Response {
    let form = format!("grant_type=client_credentials&client_id=app&client_secret={CLIENT_SECRET}&scope={scope}");
    token(sandbox, &form).await
}

async fn refresh(sandbox: &Sandbox, refresh_token: &str) -> Response {
    let form = format!("grant_type=refresh_token&client_id=app&refresh_token={refresh_token}&scope={DEFAULT}");
    token(sandbox, &form).await
}

fn text(response: &Response, name: &str) -> String {
    response.json()[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", response.json())).to_owned()
}

fn aadsts(response: &Response) -> (u16, String, Value) {
    (response.status, text(response, "error"), response.json()["error_codes"][0].clone())
}

#[tokio::test]
async fn app_token_calls_operations_without_a_user() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = app_only(&sandbox, DEFAULT).await;
    assert_eq!(response.json()["expires_in"], 3600);
    assert_eq!(response.json().get("refresh_token"), None);
    let token = text(&response, "access_token");
    assert_eq!(get(&sandbox, BUDGET, &token).await.status, 200);
    assert_eq!(get(&sandbox, "/v1/customers", &token).await.status, 200);
    assert_eq!(get(&sandbox, SUMMARY, &token).await.status_and_code(), (403, "900329".to_owned()));
    assert_eq!(get(&sandbox, SUMMARY, TOKEN).await.status, 200);
    assert_ne!(text(&app_only(&sandbox, DEFAULT).await, "access_token"), token, "each token is new");
    assert_eq!(sandbox.counters().sign_ins["client_credentials"], 2);
}

#[tokio::test]
async fn older_endpoint_takes_a_resource_and_returns_strings() {
    let sandbox = Sandbox::start().await.unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id=app&client_secret={CLIENT_SECRET}&resource=https%3A%2F%2Fgraph.windows.net"
    );
    let response = post(&sandbox, &format!("/{TENANT}/oauth2/token"), &form).await;
    assert_eq!(response.json()["expires_in"], "3600");
    assert_eq!(response.json()["resource"], "https://graph.windows.net");
    let error = get(&sandbox, BUDGET, &text(&response, "access_token")).await;
    assert_eq!(error.status_and_code(), (401, "900420".to_owned()), "Partner Center no longer accepts this audience");
}

#[tokio::test]
async fn the_audience_can_be_the_address_of_a_tls_proxy() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = app_only(&sandbox, "https%3A%2F%2Fproxy.example%3A8443%2F.default").await;
    let token = format!("Bearer {}", text(&response, "access_token"));
    for (host, status) in [("proxy.example:8443", 200), ("other.example", 401)] {
        let headers = [("Host", host), ("Authorization", &token)];
        let response = exchange(&sandbox, &format!("GET {BUDGET}"), &headers, "").await.unwrap();
        assert_eq!(response.status, status, "{host}");
    }
}

#[tokio::test]
async fn each_redemption_returns_a_new_refresh_token_and_the_old_one_stays_valid() {
    let sandbox = Sandbox::start().await.unwrap();
    let first = sandbox.issue_refresh_token();
    let mut seen = vec![first.clone(), REFRESH_TOKEN.to_owned()];
    for old in [first.clone(), first.clone(), REFRESH_TOKEN.to_owned()] {
        let response = refresh(&sandbox, &old).await;
        let new = text(&response, "refresh_token");
        assert!(!seen.contains(&new));
        assert_eq!(sandbox.newest_refresh_token().as_ref(), Some(&new));
        assert_eq!(get(&sandbox, SUMMARY, &text(&response, "access_token")).await.status, 200);
        seen.push(new);
    }
    let counters = sandbox.counters();
    assert_eq!((counters.refresh_tokens_issued, counters.refresh_tokens_redeemed), (4, 3));
    assert_eq!(aadsts(&refresh(&sandbox, "other").await), (400, "invalid_grant".to_owned(), json!(700_082)));
}

#[tokio::test]
async fn tokens_expire() {
    let lifetime = Duration::from_millis(1);
    let config = Config { token_lifetime: lifetime, refresh_token_lifetime: lifetime, ..Config::default() };
    let sandbox = Sandbox::with(config).await.unwrap();
    let response = refresh(&sandbox, REFRESH_TOKEN).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let late = get(&sandbox, BUDGET, &text(&response, "access_token")).await;
    assert_eq!(late.status_and_code(), (401, "400".to_owned()));
    let late = refresh(&sandbox, &text(&response, "refresh_token")).await;
    assert_eq!(aadsts(&late), (400, "invalid_grant".to_owned(), json!(700_082)));

    sandbox.set_token_lifetime(Duration::from_secs(60));
    let token = text(&refresh(&sandbox, REFRESH_TOKEN).await, "access_token");
    assert_eq!(get(&sandbox, BUDGET, &token).await.status, 200);
    sandbox.expire_tokens();
    assert_eq!(get(&sandbox, BUDGET, &token).await.status_and_code(), (401, "400".to_owned()));
}

#[tokio::test]
async fn rejects_users_without_multi_factor_authentication() {
    let sandbox = Sandbox::with(Config { mfa: false, ..Config::default() }).await.unwrap();
    let get_budget = async |token: &str| {
        let bearer = format!("Bearer {token}");
        exchange(&sandbox, &format!("GET {BUDGET}"), &[("Authorization", &bearer), ("ValidateMfa", "true")], "")
            .await
            .unwrap()
    };
    let response = get_budget(&text(&refresh(&sandbox, REFRESH_TOKEN).await, "access_token")).await;
    assert_eq!(response.status_and_code(), (401, "900421".to_owned()));
    assert_eq!(response.header("isMfaCompliant"), Some("false"));
    let response = get_budget(TOKEN).await;
    assert_eq!((response.status, response.header("isMfaCompliant")), (200, Some("true")));
    let response = get_budget(&text(&app_only(&sandbox, DEFAULT).await, "access_token")).await;
    assert_eq!((response.status, response.header("isMfaCompliant")), (200, None), "an app has no second factor");
}

#[tokio::test]
async fn authenticates_clients() {
    let sandbox = Sandbox::start().await.unwrap();
    let form = |rest: &str| format!("grant_type=client_credentials&client_id=app&scope={DEFAULT}&{rest}");
    let wrong = token(&sandbox, &form("client_secret=other")).await;
    assert_eq!(aadsts(&wrong), (401, "invalid_client".to_owned(), json!(7_000_215)));
    assert!(text(&wrong, "error_description").starts_with("AADSTS7000215: "));
    assert_eq!(aadsts(&token(&sandbox, &form("")).await).2, json!(7_000_216));
    let assertion = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=";
    assert_eq!(aadsts(&token(&sandbox, &form(&format!("{assertion}a.b"))).await).2, json!(50_027));

    let endpoint = format!("/{TENANT}/oauth2/v2.0/token");
    let encode = |text: &str| {
        // base64url without padding.
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let bits: Vec<u8> = text.bytes().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        let sextets = bits.chunks(6).map(|bits| bits.iter().fold(0, |sum, bit| sum << 1 | bit) << (6 - bits.len()));
        sextets.map(|sextet| alphabet[usize::from(sextet)] as char).collect::<String>()
    };
    let claims = json!({"iss": "app", "sub": "app", "aud": format!("{}{endpoint}", sandbox.base_url())}).to_string();
    let jwt = format!("{}.{}.{}", encode(r#"{"alg":"PS256"}"#), encode(&claims), encode("signature"));
    assert_eq!(token(&sandbox, &form(&format!("{assertion}{jwt}"))).await.status, 200);

    // "app:sandbox-secret"
    let basic = ("Authorization", "Basic YXBwOnNhbmRib3gtc2VjcmV0");
    let body = format!("grant_type=client_credentials&scope={DEFAULT}");
    assert_eq!(exchange(&sandbox, &format!("POST {endpoint}"), &[basic], &body).await.unwrap().status, 200);
}

#[tokio::test]
async fn invalid_requests_return_a_specific_code() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(aadsts(&token(&sandbox, "").await).2, json!(900_144));
    assert_eq!(aadsts(&token(&sandbox, "grant_type=password&client_id=app").await).2, json!(70_003));
    assert_eq!(aadsts(&app_only(&sandbox, "").await).2, json!(90_014));
    assert_eq!(aadsts(&app_only(&sandbox, "openid").await).2, json!(70_011));
    assert_eq!(aadsts(&app_only(&sandbox, "https%3A%2F%2Fa.example%2Fuser").await).2, json!(1_002_012));
    assert_eq!(aadsts(&post(&sandbox, "/invalid/oauth2/v2.0/token", "").await).2, json!(900_023));
}

#[tokio::test]
async fn device_code_returns_a_token_after_pending_responses() {
    let config = Config { device: "pending=2,slow-down=1,interval=0s".parse().unwrap(), ..Config::default() };
    let sandbox = Sandbox::with(config).await.unwrap();
    let form = format!("client_id=app&scope=offline_access+{DEFAULT}");
    let start = post(&sandbox, &format!("/{TENANT}/oauth2/v2.0/devicecode"), &form).await;
    assert_eq!(start.json()["interval"], 0);
    assert!(text(&start, "message").contains(&text(&start, "user_code")));
    let code = text(&start, "device_code");
    let poll = async || {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        token(&sandbox, &format!("grant_type={grant}&client_id=app&device_code={code}")).await
    };
    for error in ["authorization_pending", "authorization_pending", "slow_down"] {
        let response = poll().await;
        assert_eq!((response.status, text(&response, "error")), (400, error.to_owned()));
    }
    let response = poll().await;
    assert_eq!(get(&sandbox, SUMMARY, &text(&response, "access_token")).await.status, 200);
    assert_eq!(refresh(&sandbox, &text(&response, "refresh_token")).await.status, 200);
    assert_eq!(text(&poll().await, "error"), "expired_token", "a code is redeemed once");
}

/// The example of RFC 7636.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn authorize(sandbox: &Sandbox) -> String {
    let query = format!(
        "client_id=app&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A1%2F&state=a%26b&code_challenge={CHALLENGE}\
         &code_challenge_method=S256&scope=offline_access%20{DEFAULT}"
    );
    let response = exchange(sandbox, &format!("GET /{TENANT}/oauth2/v2.0/authorize?{query}"), &[], "").await.unwrap();
    assert_eq!(response.status, 302);
    response.header("Location").unwrap().to_owned()
}

#[tokio::test]
async fn code_can_be_redeemed_once_with_its_verifier() {
    let sandbox = Sandbox::start().await.unwrap();
    let redeem = async |verifier: &str| {
        let location = authorize(&sandbox).await;
        let code = location.strip_prefix("http://localhost:1/?code=").unwrap().strip_suffix("&state=a%26b").unwrap();
        let form = format!(
            "grant_type=authorization_code&client_id=app&redirect_uri=http%3A%2F%2Flocalhost%3A1%2F&code={code}{verifier}"
        );
        (token(&sandbox, &form).await, token(&sandbox, &form).await)
    };
    let (first, second) = redeem(&format!("&code_verifier={VERIFIER}")).await;
    assert_eq!(get(&sandbox, SUMMARY, &text(&first, "access_token")).await.status, 200);
    assert_eq!(refresh(&sandbox, &text(&first, "refresh_token")).await.status, 200);
    assert_eq!(aadsts(&second).2, json!(54_005));
    for wrong in ["", "&code_verifier=other"] {
        assert_eq!(aadsts(&redeem(wrong).await.0).2, json!(501_481));
    }
}

#[tokio::test]
async fn injects_sign_in_errors() {
    let sandbox = Sandbox::start().await.unwrap();
    let rules = ["token-error=AADSTS50076:first=1", "html=503@token:first=1", "token-error=access_denied@authorize"];
    sandbox.set_faults(rules.map(|rule| rule.parse().unwrap()).into());
    let response = refresh(&sandbox, REFRESH_TOKEN).await;
    assert_eq!(aadsts(&response), (400, "interaction_required".to_owned(), json!(50_076)));
    assert_eq!(refresh(&sandbox, REFRESH_TOKEN).await.status, 503);
    assert_eq!(refresh(&sandbox, REFRESH_TOKEN).await.status, 200);
    assert!(authorize(&sandbox).await.contains("?error=access_denied&"));
    assert_eq!(get(&sandbox, BUDGET, TOKEN).await.status, 200, "the rules do not apply to the service");
}

#[tokio::test]
async fn token_expired_by_a_fault_stays_expired() {
    let sandbox = Sandbox::start().await.unwrap();
    let old = text(&refresh(&sandbox, REFRESH_TOKEN).await, "access_token");
    let new = text(&refresh(&sandbox, REFRESH_TOKEN).await, "access_token");
    sandbox.set_faults(vec!["expired-token:first=1".parse().unwrap()]);
    for _ in 0..2 {
        assert_eq!(get(&sandbox, BUDGET, &old).await.status_and_code(), (401, "400".to_owned()));
    }
    assert_eq!(get(&sandbox, BUDGET, &new).await.status, 200);
}
