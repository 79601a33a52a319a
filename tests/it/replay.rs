//! A server on a real socket that gives prepared answers and keeps what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::{HeaderMap, Response};
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, CustomerId, RetryPolicy, SubscriptionId};
use tokio::net::TcpListener;

/// The customer and the subscription that tests ask for.
pub(crate) const CUSTOMER: &str = "11111111-1843-4b3b-872f-206e08a08e51";
pub(crate) const SUBSCRIPTION: &str = "c2dd1e5a-8b1a-4f2b-9a63-0d5a7f2b4c11";
pub(crate) const TOKEN: &str = "a-very-secret-token";

pub(crate) fn customer() -> CustomerId {
    CUSTOMER.parse().unwrap()
}

pub(crate) fn subscription() -> SubscriptionId {
    SUBSCRIPTION.parse().unwrap()
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

pub(crate) struct Replay {
    base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Replay {
    /// Answers every request with `status`, `headers` and `body`.
    pub(crate) async fn start(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        Self::with(headers, vec![(status, body.into())]).await
    }

    /// Answers one request after the other with `answers`, and all further ones with the last of them. `{base}` in a
    /// body is where the server is.
    pub(crate) async fn script<B: AsRef<[u8]>>(answers: &[(u16, B)]) -> Self {
        Self::with(&[], answers.iter().map(|(status, body)| (*status, body.as_ref().to_vec())).collect()).await
    }

    async fn with(headers: &[(&str, &str)], answers: Vec<(u16, Vec<u8>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let keep = Arc::clone(&seen);
        let base = base_url.clone();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let app = Router::new().fallback(move |request: Request| async move {
            let (parts, sent) = request.into_parts();
            let sent = to_bytes(sent, usize::MAX).await.unwrap();
            let seen = Seen {
                line: format!("{} {}", parts.method, parts.uri),
                headers: parts.headers,
                body: String::from_utf8(sent.to_vec()).unwrap(),
            };
            let number = {
                let mut keep = keep.lock().unwrap();
                keep.push(seen);
                keep.len() - 1
            };
            let (status, body) = answers[number.min(answers.len() - 1)].clone();
            let body = match String::from_utf8(body) {
                Ok(text) => text.replace("{base}", &base).into_bytes(),
                Err(bytes) => bytes.into_bytes(),
            };
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap()
        });
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base_url, seen, server }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder(FixedToken::new(TOKEN))
            .base_url(&self.base_url)
            // Each test sees what one answer does; retries have tests of their own.
            .retry(RetryPolicy::never())
            .build()
            .unwrap()
    }

    /// What was asked so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.server.abort();
    }
}
