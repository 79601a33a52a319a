//! The events of a sign-in at all levels: they report each step, and contain no secret.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use partner_center_budgets::auth::{ClientSecret, MemoryStore, RefreshToken};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::authority::{APP, Authority, BUDGET, TENANT, refusal};
use crate::replay::customer;

/// Records every event and span with its fields.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

impl Visit for Listener {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0.lock().unwrap(), " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        write!(self.0.lock().unwrap(), "\n{}", event.metadata().level()).unwrap();
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Set in the child process.
const CHILD: &str = "BUDGETS_TEST_EVENTS";

/// Runs one test in a process of its own: tracing caches per process which events have a subscriber, and other tests have
/// none.
pub(crate) fn run_alone(test: &str) {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(CHILD, "")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

#[test]
fn events_report_each_step_and_contain_no_secret() {
    run_alone("auth_events::events_in_a_child_process");
}

/// Does nothing outside the child process.
#[tokio::test]
async fn events_in_a_child_process() {
    if !is_child() {
        return;
    }
    let listener = Listener::default();
    let _listening = tracing::subscriber::set_default(listener.clone());
    let authority = Authority::start(|seen, before| match (seen.is_sign_in(), before) {
        (true, 0) => {
            let grant = r#"{"access_token":"secret-access","refresh_token":"secret-next","expires_in":3599}"#;
            (200, grant.to_owned())
        }
        // Not a valid token, so it is not saved.
        (true, 1) => {
            let grant = r#"{"access_token":"secret-access","refresh_token":"secret-next\n","expires_in":3599}"#;
            (200, grant.to_owned())
        }
        (true, _) => refusal("invalid_grant", &format!("AADSTS700082: {}", seen.body)),
        (false, _) => (200, BUDGET.to_owned()),
    })
    .await;
    let app = ClientSecret::new(TENANT, APP, "secret-of-app");
    let user =
        RefreshToken::new(TENANT, APP, Arc::new(MemoryStore::new("secret-refresh"))).client_secret("secret-of-app");
    authority.client(app.clone()).get_budget(customer()).await.unwrap();
    authority.client(user.clone()).get_budget(customer()).await.unwrap();
    authority.client(app).get_budget(customer()).await.unwrap_err();
    authority.client(user).get_budget(customer()).await.unwrap_err();

    let heard = listener.0.lock().unwrap().clone();
    assert_eq!(heard.matches("message=signed in").count(), 2, "{heard}");
    assert_eq!(heard.matches("message=the sign-in failed").count(), 2, "{heard}");
    assert!(heard.contains("AADSTS700082"), "{heard}");
    let unsaved = "WARN message=the new refresh token could not be saved error=the refresh token has characters";
    assert_eq!(heard.matches(unsaved).count(), 1, "{heard}");
    assert!(!heard.contains("secret-"), "{heard}");
}
