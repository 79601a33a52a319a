//! The events of `tracing`: one for each try and each sign-in, and never a secret.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use partner_center_budgets::Client;
use partner_center_budgets::auth::{AccessToken, AuthError, Credential, SignInFuture, TokenEndpoint};
use tracing_subscriber::fmt::MakeWriter;

use crate::auth_events::{is_child, run_alone};
use crate::replay::customer;
use crate::script::{Script, answer, short_waits};

/// Everything that is written, to be read by the test.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const SECRET: &str = "a-token-nobody-may-see";

/// Fails at first, then gives a token.
#[derive(Default)]
struct Second(std::sync::atomic::AtomicU32);

impl Credential for Second {
    fn sign_in<'a>(&'a self, _: &'a TokenEndpoint) -> SignInFuture<'a> {
        let first = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        Box::pin(async move {
            match first {
                true => Err(AuthError::new("the authority is busy", "try again").retryable()),
                false => Ok(AccessToken::new(SECRET.to_owned(), None)),
            }
        })
    }
}

#[test]
fn tries_and_sign_ins_are_told_and_secrets_are_not() {
    run_alone("traces::in_a_process_of_its_own");
}

/// Does something in the child process only.
#[tokio::test]
async fn in_a_process_of_its_own() {
    if !is_child() {
        return;
    }
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(captured.clone())
        .with_ansi(false)
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let refused = answer("403 Forbidden", "", r#"{"code":"20002","description":"a body nobody may see"}"#);
    let busy = answer("503 Service Unavailable", "", "");
    let script = Script::start([busy, answer("200 OK", "", r#"{"amount":97.4321}"#), refused]).await;
    let client = Client::builder(Second::default()).base_url(script.client_url()).retry(short_waits()).build().unwrap();
    client.get_budget(customer()).await.unwrap();
    let error = client.get_budget(customer()).await.unwrap_err();
    drop(guard);
    let text = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    for expected in ["the sign-in failed", "signed in", "attempt finished", "status=503", "status=200", "waiting before the next attempt"] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
    assert!(text.contains(&error.ids().unwrap().request.to_string()), "{text}");
    for secret in [SECRET, "nobody may see", "97.4321", &customer().to_string()] {
        assert!(!text.contains(secret), "`{secret}` in\n{text}");
    }
    assert!(!format!("{client:?} {error:?} {error}").contains(SECRET));
}
