//! The discovery documents, and the ID token for the scope `openid`.

use partner_center_budgets_sandbox::{CLIENT_SECRET, REFRESH_TOKEN, Sandbox};
use serde_json::{Value, json};

use crate::http::{exchange, get, post};

const TENANT: &str = "8c1f5d2e-0b3a-4c6d-9e7f-1a2b3c4d5e6f";
const SCOPE: &str = "https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default";

/// The JSON in a part of a token.
fn decoded(text: &str) -> Value {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = text
        .bytes()
        .map(|sign| alphabet.iter().position(|one| *one == sign).unwrap())
        .flat_map(|sextet| (0..6).rev().map(move |bit| (sextet >> bit & 1) as u8))
        .collect();
    let bytes: Vec<u8> = bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |sum, bit| sum << 1 | bit)).collect();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn openid_configuration_has_the_address_of_the_client() {
    let sandbox = Sandbox::start().await.unwrap();
    let configuration = async |sandbox: &Sandbox| {
        get(sandbox, &format!("/{TENANT}/v2.0/.well-known/openid-configuration"), "none").await.json()
    };
    let body = configuration(&sandbox).await;
    let base = format!("{}/{TENANT}", sandbox.base_url());
    assert_eq!(body["issuer"], format!("{base}/v2.0"));
    assert_eq!(body["token_endpoint"], format!("{base}/oauth2/v2.0/token"));
    assert_eq!(body["authorization_endpoint"], format!("{base}/oauth2/v2.0/authorize"));
    assert_eq!(body["device_authorization_endpoint"], format!("{base}/oauth2/v2.0/devicecode"));
    let keys = body["jwks_uri"].as_str().unwrap().strip_prefix(&sandbox.base_url()).unwrap();
    assert_eq!(get(&sandbox, keys, "none").await.json(), json!({ "keys": [] }));
    let shared = get(&sandbox, "/common/v2.0/.well-known/openid-configuration", "none").await.json();
    assert_eq!(shared["issuer"], format!("{}/{{tenantid}}/v2.0", sandbox.base_url()));
    let unknown = get(&sandbox, "/nobody/v2.0/.well-known/openid-configuration", "none").await;
    assert_eq!((unknown.status, unknown.json()["error_codes"][0].clone()), (400, json!(900_023)));
    sandbox.set_faults(vec!["html=503@discovery".parse().unwrap()]);
    assert_eq!(get(&sandbox, keys, "none").await.status, 503);
}

#[tokio::test]
async fn instance_discovery_lists_the_hosts_of_the_authority() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = "/common/discovery/instance?api-version=1.1&authorization_endpoint=";
    let authority = format!("https%3A%2F%2Flogin.microsoftonline.com%2F{TENANT}%2Foauth2%2Fv2.0%2Fauthorize");
    let body = get(&sandbox, &format!("{path}{authority}"), "none").await.json();
    let expected = format!("https://login.microsoftonline.com/{TENANT}/v2.0/.well-known/openid-configuration");
    assert_eq!(body["tenant_discovery_endpoint"], expected);
    let aliases = body["metadata"][0]["aliases"].as_array().unwrap();
    assert!(aliases.contains(&json!("login.microsoftonline.com")), "{aliases:?}");
    let refused = get(&sandbox, &format!("{path}nothing"), "none").await;
    assert_eq!((refused.status, refused.json()["error"].clone()), (400, json!("invalid_instance")));
}

#[tokio::test]
async fn scope_openid_adds_an_id_token_and_client_info() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let form = format!("grant_type=refresh_token&client_id=app&refresh_token={REFRESH_TOKEN}&scope={SCOPE}");
    let body = post(&sandbox, &path, &form).await.json();
    assert_eq!((body.get("id_token"), body.get("client_info")), (None, None));
    let body = post(&sandbox, &path, &format!("{form}+openid")).await.json();
    let claims = decoded(body["id_token"].as_str().unwrap().split('.').nth(1).unwrap());
    assert_eq!((&claims["aud"], &claims["tid"]), (&json!("app"), &json!(TENANT)));
    assert_eq!(claims["iss"], format!("{}/{TENANT}/v2.0", sandbox.base_url()));
    let info = decoded(body["client_info"].as_str().unwrap());
    assert_eq!(info, json!({ "uid": claims["oid"], "utid": TENANT }));
    let older = format!("grant_type=refresh_token&client_id=app&refresh_token={REFRESH_TOKEN}&scope=openid&resource=a");
    assert!(post(&sandbox, &format!("/{TENANT}/oauth2/token"), &older).await.json()["id_token"].is_string());
    let app = format!("grant_type=client_credentials&client_id=app&client_secret={CLIENT_SECRET}&scope=openid+{SCOPE}");
    assert_eq!(post(&sandbox, &path, &app).await.json().get("id_token"), None, "an app has no user");
}

#[tokio::test]
async fn authorize_returns_the_code_in_a_form_or_fragment() {
    let sandbox = Sandbox::start().await.unwrap();
    let authorize = async |rest: &str| {
        let query = format!("client_id=app&response_type=code&nonce=n-1&state=%22%3E%26&scope=openid+{SCOPE}&{rest}");
        exchange(&sandbox, &format!("GET /{TENANT}/oauth2/v2.0/authorize?{query}"), &[], "").await.unwrap()
    };
    let home = "redirect_uri=http%3A%2F%2Flocalhost%3A1%2F";
    let page = authorize(&format!("{home}&response_mode=form_post")).await;
    let body = String::from_utf8(page.body).unwrap();
    assert_eq!(page.status, 200);
    assert!(body.contains(r#"<form method="POST" name="hiddenform" action="http://localhost:1/">"#), "{body}");
    assert!(body.contains(r#"name="state" value="&quot;&gt;&amp;""#), "{body}");
    let code = body.split(r#"name="code" value=""#).nth(1).unwrap().split('"').next().unwrap();
    let form = format!("grant_type=authorization_code&client_id=app&{home}&code={code}");
    let body = post(&sandbox, &format!("/{TENANT}/oauth2/v2.0/token"), &form).await.json();
    assert_eq!(decoded(body["id_token"].as_str().unwrap().split('.').nth(1).unwrap())["nonce"], "n-1");

    let fragment = authorize(&format!("{home}&response_mode=fragment")).await;
    assert!(fragment.header("Location").unwrap().starts_with("http://localhost:1/#code="));
    for wrong in [format!("{home}&response_mode=other"), "redirect_uri=javascript%3Ax&response_mode=form_post".into()] {
        let response = authorize(&wrong).await;
        assert!(
            response.status == 302 && response.header("Location").unwrap().contains("error=invalid_request"),
            "{wrong}"
        );
    }
}
