//! Refused sign-ins: the error has advice, and no secret.

use std::error::Error as _;
use std::sync::Arc;

use partner_center_budgets::auth::{
    AuthError, AuthorizationCode, ClientSecret, DeviceCode, FileStore, MemoryStore, RefreshToken,
};
use partner_center_budgets::{Client, Error};

use crate::authority::{APP, Authority, TENANT, refusal};
use crate::replay::customer;

async fn refused(error: &'static str, description: &'static str) -> Arc<AuthError> {
    let authority = Authority::start(move |_, _| refusal(error, description)).await;
    let credential = RefreshToken::new(TENANT, APP, Arc::new(MemoryStore::new("rt")));
    match authority.client(credential).get_budget(customer()).await.unwrap_err() {
        Error::Auth(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn codes_of_the_authority_have_advice() {
    for (code, advice, needs_sign_in) in [
        ("AADSTS50076", "multi-factor", true),
        ("AADSTS50078", "sign in again", true),
        ("AADSTS50079", "multi-factor", true),
        ("AADSTS50173", "revoked", true),
        ("AADSTS700082", "has expired", true),
        ("AADSTS70008", "has expired", true),
        ("AADSTS700084", "has expired", true),
        ("AADSTS50126", "password", false),
        ("AADSTS70002", "client secret", false),
        ("AADSTS65001", "consent", true),
        ("AADSTS650051", "consent", false),
        ("AADSTS50020", "not a member", false),
        ("AADSTS50177", "not a member", false),
        ("AADSTS53003", "Conditional Access", true),
        ("AADSTS5000224", "tenant", false),
        ("AADSTS900023", "GUID", false),
        ("AADSTS9002313", "malformed", false),
        ("AADSTS700027", "certificate", false),
        ("AADSTS7000215", "its value and not its id", false),
        ("AADSTS7000222", "has expired", false),
        ("AADSTS90038", "clouds", false),
        ("AADSTS70043", "sign in again", true),
        ("AADSTS70000", "sign in again", true),
        ("AADSTS700007", "sign in again", true),
        ("AADSTS50132", "sign in again", true),
        ("AADSTS50133", "sign in again", true),
        ("AADSTS50057", "account is disabled", true),
        ("AADSTS53000", "managed device", true),
        ("AADSTS53001", "managed device", true),
        ("AADSTS530003", "managed device", true),
        ("AADSTS530033", "with the browser", true),
        ("AADSTS50105", "assign the user", false),
        ("AADSTS700024", "clock", false),
        ("AADSTS7000112", "app is disabled", false),
        ("AADSTS500011", "consent", false),
        ("AADSTS650057", "consent", false),
        ("AADSTS50011", "http://localhost", false),
        ("AADSTS12345678", "sign in again", true),
    ] {
        let description = format!("{code}: Something is wrong. Trace ID: 1\r\nCorrelation ID: 2");
        let error = refused("invalid_grant", description.leak()).await;
        assert_eq!(error.code(), Some(code));
        assert!(error.advice().unwrap().contains(advice), "{code}: {error}");
        assert_eq!(error.needs_sign_in(), needs_sign_in, "{code}");
        assert!(!error.is_retryable(), "{code}");
    }
    assert!(refused("temporarily_unavailable", "AADSTS90033: busy").await.is_retryable());
    assert!(refused("interaction_required", "").await.needs_sign_in());
    for description in ["", "the grant was withdrawn"] {
        let error = refused("invalid_grant", description).await;
        assert!(error.needs_sign_in() && error.advice().unwrap().contains("sign in again"), "{error}");
    }
}

#[tokio::test]
async fn refuses_an_invalid_tenant_before_sending() {
    let authority = Authority::granting("{}").await;
    for tenant in ["", "../common", "a/b", "a b", "..", "a?b", "tenänt"] {
        let client = authority.client(ClientSecret::new(tenant, APP, "secret"));
        let error = client.get_budget(customer()).await.unwrap_err();
        assert!(error.to_string().contains("is not a tenant"), "{error}");
    }
    assert_eq!(authority.seen().len(), 0);
}

/// All printed forms of an error and its causes.
fn printed(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn prints_no_secret() {
    let secrets = ["the-client-secret", "the-refresh-token", "the-next-token", "the-access-token"];
    let check = |text: String| secrets.iter().for_each(|secret| assert!(!text.contains(secret), "{text}"));

    let store = Arc::new(MemoryStore::new(secrets[1]));
    let app = ClientSecret::new(TENANT, APP, secrets[0]);
    let user = RefreshToken::new(TENANT, APP, store.clone()).client_secret(secrets[0]);
    let device = DeviceCode::new(TENANT, APP, store.clone(), |_| {});
    let browser = AuthorizationCode::new(TENANT, APP, store.clone(), |_| {}).client_secret(secrets[0]);
    check(format!("{store:?} {app:?} {user:?} {device:?} {browser:?} {:?}", FileStore::new("token")));
    check(format!("{:?} {:?}", Client::builder(app.clone()), Client::builder(app.clone()).build()));

    // An authority that repeats the request, one that grants an invalid token, and one that is stopped.
    let echo = Authority::start(|seen, _| {
        let echoed: Vec<_> = seen.form().into_values().collect();
        refusal("invalid_request", &format!("AADSTS9002313: malformed: {}", echoed.join(" ")))
    })
    .await;
    let nonsense = Authority::granting(
        r#"{"access_token":"the-access-token the-access-token","refresh_token":"the-next-token","expires_in":1}"#,
    )
    .await;
    let gone = Authority::granting("{}").await;
    gone.stop().await;
    for authority in [echo, nonsense, gone] {
        let clients = [authority.client(app.clone()), authority.client(user.clone())];
        for client in clients {
            let error = client.get_budget(customer()).await.unwrap_err();
            check(printed(&error));
            check(format!("{client:?}"));
        }
    }

    let granted: partner_center_budgets::auth::TokenResponse = serde_json::from_str(
        r#"{"access_token":"the-access-token","refresh_token":"the-next-token","expires_in":"1"}"#,
    )
    .unwrap();
    check(format!("{granted:?} {:?}", partner_center_budgets::auth::AccessToken::new(secrets[3], None)));
}
