//! A refresh token is never lost: the next one is saved before the access token is used.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use partner_center_budgets::Error;
use partner_center_budgets::auth::{AuthError, MemoryStore, RefreshToken, StoreFuture, TokenStore};
use secrecy::{ExposeSecret, SecretString};

use crate::authority::{APP, AUDIENCE, Authority, BUDGET, TENANT, TOKEN_LINE, fields};
use crate::replay::customer;

/// Grants `at-0` with `rt-0`, `at-1` with `rt-1` …
async fn rotating() -> Authority {
    Authority::start(|seen, before| {
        let grant = format!(r#"{{"access_token":"at-{before}","refresh_token":"rt-{before}","expires_in":3599}}"#);
        (200, if seen.is_sign_in() { grant } else { BUDGET.to_owned() })
    })
    .await
}

async fn stored(store: &impl TokenStore) -> Option<String> {
    store.load().await.unwrap().map(|token| token.expose_secret().to_owned())
}

#[tokio::test]
async fn redeems_a_token_and_saves_the_next() {
    let authority = rotating().await;
    let store = Arc::new(MemoryStore::new("rt/first+"));
    let credential = RefreshToken::new(TENANT, APP, store.clone());
    authority.client(credential.clone()).get_budget(customer()).await.unwrap();
    assert_eq!(stored(store.as_ref()).await.as_deref(), Some("rt-0"));
    authority.client(credential.client_secret("s3cret")).get_budget(customer()).await.unwrap();
    assert_eq!(stored(store.as_ref()).await.as_deref(), Some("rt-1"));

    let scope = format!("{AUDIENCE}/.default offline_access");
    let [native, web] = authority.sign_ins().try_into().unwrap();
    assert_eq!((native.line.as_str(), web.line.as_str()), (TOKEN_LINE, TOKEN_LINE));
    let common = [("grant_type", "refresh_token"), ("client_id", APP), ("scope", &scope)];
    let mut expected = fields(common);
    expected.extend(fields([("refresh_token", "rt/first+")]));
    assert_eq!(native.form(), expected);
    expected.extend(fields([("refresh_token", "rt-0"), ("client_secret", "s3cret")]));
    assert_eq!(web.form(), expected);
}

/// Saves slowly, or fails, and records whether it has saved.
#[derive(Default)]
struct Slow {
    saved: AtomicBool,
    fails: bool,
    token: Mutex<Option<SecretString>>,
}

impl TokenStore for Slow {
    fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
        Box::pin(async { Ok(Some(self.token.lock().unwrap().clone().unwrap_or_else(|| "rt".into()))) })
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            if self.fails {
                return Err(AuthError::new("the vault is sealed", "unseal it"));
            }
            *self.token.lock().unwrap() = Some(token.clone());
            self.saved.store(true, Ordering::SeqCst);
            Ok(())
        })
    }
}

#[tokio::test]
async fn the_next_token_is_saved_before_the_access_token_is_used() {
    let store = Arc::new(Slow::default());
    let (watched, was_saved) = (store.clone(), Arc::new(AtomicBool::new(false)));
    let noted = was_saved.clone();
    let authority = Authority::start(move |seen, _| {
        if seen.is_sign_in() {
            return (200, r#"{"access_token":"at","refresh_token":"rt-0","expires_in":3599}"#.to_owned());
        }
        noted.store(watched.saved.load(Ordering::SeqCst), Ordering::SeqCst);
        (200, BUDGET.to_owned())
    })
    .await;
    authority.client(RefreshToken::new(TENANT, APP, store)).get_budget(customer()).await.unwrap();
    assert!(was_saved.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_renewal_continues_if_the_next_token_cannot_be_saved() {
    let authority = rotating().await;
    let store = Arc::new(Slow { fails: true, ..Slow::default() });
    let credential = RefreshToken::new(TENANT, APP, store);
    for _ in 0..2 {
        authority.client(credential.clone()).get_budget(customer()).await.unwrap();
    }
    assert_eq!(authority.bearers(), ["Bearer at-0", "Bearer at-1"]);
    // The next sign-in redeems the stored token.
    let redeemed: Vec<_> = authority.sign_ins().iter().map(|seen| seen.form()["refresh_token"].clone()).collect();
    assert_eq!(redeemed, ["rt", "rt"]);
}

#[tokio::test]
async fn an_invalid_token_does_not_replace_a_valid_one() {
    for bad in ["   ".to_owned(), "\\t\\r\\n".to_owned(), "x".repeat(100_000), "a\\u0000b".to_owned()] {
        let grant = format!(r#"{{"access_token":"at","refresh_token":"{bad}","expires_in":3599}}"#);
        let authority = Authority::granting(Box::leak(grant.into_boxed_str())).await;
        let store = Arc::new(MemoryStore::new("good"));
        authority.client(RefreshToken::new(TENANT, APP, store.clone())).get_budget(customer()).await.unwrap();
        assert_eq!(authority.bearers(), ["Bearer at"]);
        assert_eq!(stored(store.as_ref()).await.as_deref(), Some("good"));
    }
}

#[tokio::test]
async fn sends_nothing_without_a_token() {
    let authority = rotating().await;
    let credential = RefreshToken::new(TENANT, APP, Arc::new(MemoryStore::default()));
    let error = authority.client(credential).get_budget(customer()).await.unwrap_err();
    let Error::Auth(error) = error else { panic!("{error:?}") };
    assert!(error.needs_sign_in(), "{error}");
    assert_eq!(authority.seen().len(), 0);
}

#[tokio::test]
async fn keeps_the_token_if_no_next_one_is_granted() {
    let authority = Authority::granting(r#"{"access_token":"at","refresh_token":"","expires_in":3599}"#).await;
    let store = Arc::new(MemoryStore::new("rt"));
    authority.client(RefreshToken::new(TENANT, APP, store.clone())).get_budget(customer()).await.unwrap();
    assert_eq!(stored(store.as_ref()).await.as_deref(), Some("rt"));
}

#[tokio::test]
async fn dropping_a_call_loses_no_token() {
    let authority = rotating().await;
    let store = Arc::new(Slow::default());
    let client = authority.client(RefreshToken::new(TENANT, APP, store.clone()));
    let call = tokio::spawn(async move { client.get_budget(customer()).await });
    while authority.sign_ins().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let saved = async {
        while !store.saved.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), saved).await.expect("the redemption completes");
    assert_eq!(stored(store.as_ref()).await.as_deref(), Some("rt-0"));
}

#[tokio::test]
async fn clients_with_one_credential_redeem_in_turn() {
    let authority = rotating().await;
    let store = Arc::new(Slow::default());
    let credential = RefreshToken::new(TENANT, APP, store.clone());
    let clients = [authority.client(credential.clone()), authority.client(credential)];
    let [one, two] = clients.map(|client| tokio::spawn(async move { client.get_budget(customer()).await }));
    one.await.unwrap().unwrap();
    two.await.unwrap().unwrap();
    let redeemed: Vec<_> = authority.sign_ins().iter().map(|seen| seen.form()["refresh_token"].clone()).collect();
    assert_eq!(redeemed, ["rt", "rt-0"]);
}
