//! The events of `tracing`: one for each attempt and each sign-in, without secrets.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use partner_center_budgets::auth::{AccessToken, AuthError, Credential, FixedToken, SignInFuture, TokenEndpoint};
use partner_center_budgets::{Client, RetryPolicy};
use tracing_subscriber::fmt::MakeWriter;

use crate::auth_events::{is_child, run_alone};
use crate::replay::customer;
use crate::scripted_server::{Script, answer, short_waits};

/// Collects the written bytes for the test.
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

const SECRET: &str = "a-secret-token";

/// Fails once, then returns a token.
#[derive(Default)]
struct FailsOnce(std::sync::atomic::AtomicU32);

impl Credential for FailsOnce {
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
fn reports_attempts_and_sign_ins_without_secrets() {
    run_alone("tracing_events::events_in_a_child_process");
}

/// Runs in the child process only, because the subscriber is that of the whole process.
#[tokio::test]
async fn events_in_a_child_process() {
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
    let refused = answer("403 Forbidden", "", r#"{"code":"20002","description":"a confidential text"}"#);
    let busy = answer("503 Service Unavailable", "", "");
    let throttled = answer("429 Too Many Requests", "", "");
    let success = || answer("200 OK", "", r#"{"amount":97.4321}"#);
    let script = Script::start([busy, success(), refused, throttled, success()]).await;
    let client =
        Client::builder(FailsOnce::default()).base_url(script.client_url()).retry(short_waits()).build().unwrap();
    client.get_budget(customer()).await.unwrap();
    let error = client.get_budget(customer()).await.unwrap_err();
    let client = Client::builder(FixedToken::new(SECRET)).base_url(script.client_url()).retry(RetryPolicy::never());
    let client = client.build().unwrap();
    assert!(client.get_budget(customer()).await.unwrap_err().is_throttled());
    client.get_budget(customer()).await.unwrap();
    drop(guard);
    let text = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    for expected in [
        "the sign-in failed",
        "signed in",
        "attempt finished",
        "status=503",
        "status=200",
        "waiting before the next attempt",
        "waiting because the service throttles",
    ] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
    assert!(text.contains(&error.ids().unwrap().request.to_string()), "{text}");
    for secret in [SECRET, "a confidential text", "97.4321", &customer().to_string()] {
        assert!(!text.contains(secret), "`{secret}` in\n{text}");
    }
    assert!(!format!("{client:?} {error:?} {error}").contains(SECRET));
}
