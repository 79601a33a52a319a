//! A server on a real socket that plays the authority and the service, as the test says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::Response;
use partner_center_budgets::auth::{Credential, TokenEndpoint};
use partner_center_budgets::{Client, Cloud, RetryPolicy};
use tokio::net::TcpListener;

use crate::replay::Seen;

/// The tenant and the app that tests sign in to.
pub(crate) const TENANT: &str = "contoso.onmicrosoft.com";
pub(crate) const APP: &str = "22222222-2222-2222-2222-222222222222";
pub(crate) const AUDIENCE: &str = "https://api.partnercenter.microsoft.com";
pub(crate) const TOKEN_LINE: &str = "POST /contoso.onmicrosoft.com/oauth2/v2.0/token";
pub(crate) const BUDGET: &str = r#"{"amount":97,"attributes":{"objectType":"SpendingBudget"}}"#;

pub(crate) struct Authority {
    pub(crate) base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Authority {
    /// `answer` gets a request and how many came before it, and says the status and the body.
    pub(crate) async fn start(answer: impl Fn(&Seen, usize) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (keep, answer) = (Arc::clone(&seen), Arc::new(answer));
        let app = Router::new().fallback(move |request: Request| async move {
            let (parts, sent) = request.into_parts();
            let sent = to_bytes(sent, usize::MAX).await.unwrap();
            let request = Seen {
                line: format!("{} {}", parts.method, parts.uri),
                headers: parts.headers,
                body: String::from_utf8(sent.to_vec()).unwrap(),
            };
            let before = {
                let mut seen = keep.lock().unwrap();
                seen.push(request.clone());
                seen.iter().filter(|other| other.is_sign_in() == request.is_sign_in()).count() - 1
            };
            let (status, body) = answer(&request, before);
            if request.is_sign_in() {
                // Long enough for others to come and wait.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Response::builder().status(status).body(Body::from(body)).unwrap()
        });
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base_url, seen, server }
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
        self.seen.lock().unwrap().clone()
    }

    /// Closes the port.
    pub(crate) async fn stop(&self) {
        self.server.abort();
        while !self.server.is_finished() {
            tokio::task::yield_now().await;
        }
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

impl Drop for Authority {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Seen {
    pub(crate) fn is_sign_in(&self) -> bool {
        self.line.contains("/oauth2/")
    }

    /// The fields of the form that was sent.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        assert_eq!(self.headers["content-type"], "application/x-www-form-urlencoded");
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

/// Fields of a form, to compare with.
pub(crate) fn fields<const N: usize>(fields: [(&str, &str); N]) -> BTreeMap<String, String> {
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// What the authority says when it refuses.
pub(crate) fn refusal(error: &str, description: &str) -> (u16, String) {
    (400, serde_json::json!({ "error": error, "error_description": description }).to_string())
}
