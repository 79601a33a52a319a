//! A server that is both the authority and the service.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use partner_center_budgets::auth::{Credential, TokenEndpoint};
use partner_center_budgets::{Client, Cloud, RetryPolicy};

use crate::replay::Seen;
use crate::server::{Server, response};

/// The tenant and the app of the tests.
pub(crate) const TENANT: &str = "contoso.onmicrosoft.com";
pub(crate) const APP: &str = "22222222-2222-2222-2222-222222222222";
pub(crate) const AUDIENCE: &str = "https://api.partnercenter.microsoft.com";
pub(crate) const TOKEN_LINE: &str = "POST /contoso.onmicrosoft.com/oauth2/v2.0/token";
pub(crate) const BUDGET: &str = r#"{"amount":97,"attributes":{"objectType":"SpendingBudget"}}"#;

pub(crate) struct Authority {
    pub(crate) base_url: String,
    server: Server,
}

impl Authority {
    /// `answer` gets a request and the number of earlier ones of its kind, and returns the status and the body.
    pub(crate) async fn start(answer: impl Fn(&Seen, usize) -> (u16, String) + Send + Sync + 'static) -> Self {
        let counts = [AtomicUsize::new(0), AtomicUsize::new(0)];
        let server = Server::start(move |request, _| {
            let request = Seen::from(request);
            let before = counts[usize::from(request.is_sign_in())].fetch_add(1, Ordering::SeqCst);
            let (status, body) = answer(&request, before);
            if request.is_sign_in() {
                // Long enough for other calls to wait for the same sign-in.
                std::thread::sleep(Duration::from_millis(20));
            }
            response(&format!("{status} x"), "", body.as_bytes())
        });
        Self { base_url: server.base_url(), server }
    }

    /// Grants `grant` to each sign-in, and answers each call with a budget.
    pub(crate) async fn granting(grant: &'static str) -> Self {
        Self::start(move |seen, _| (200, if seen.is_sign_in() { grant } else { BUDGET }.to_owned())).await
    }

    pub(crate) fn cloud(&self) -> Cloud {
        Cloud::custom(&self.base_url, &self.base_url, AUDIENCE)
    }

    pub(crate) fn sign_in(&self) -> TokenEndpoint {
        TokenEndpoint::for_cloud(self.cloud()).unwrap()
    }

    pub(crate) fn client(&self, credential: impl Credential) -> Client {
        Client::builder(credential).cloud(self.cloud()).retry(RetryPolicy::never()).build().unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.server.requests().iter().map(Seen::from).collect()
    }

    /// Closes the port.
    pub(crate) async fn stop(&self) {
        self.server.stop();
    }

    /// The requests to the authority, without those to the service.
    pub(crate) fn sign_ins(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(Seen::is_sign_in).collect()
    }

    /// The `Authorization` of the calls to the service.
    pub(crate) fn bearers(&self) -> Vec<String> {
        let calls = self.seen().into_iter().filter(|seen| !seen.is_sign_in());
        calls.map(|seen| seen.headers["authorization"].to_str().unwrap().to_owned()).collect()
    }
}

impl Seen {
    pub(crate) fn is_sign_in(&self) -> bool {
        self.line.contains("/oauth2/")
    }

    /// The fields of the form in the body.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        assert_eq!(self.headers["content-type"], "application/x-www-form-urlencoded");
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

/// Expected fields of a form.
pub(crate) fn fields<const N: usize>(fields: [(&str, &str); N]) -> BTreeMap<String, String> {
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// An error response of the authority.
pub(crate) fn refusal(error: &str, description: &str) -> (u16, String) {
    (400, serde_json::json!({ "error": error, "error_description": description }).to_string())
}
