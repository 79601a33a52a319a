//! A server that sends prepared responses and records the requests.

use http::{HeaderMap, HeaderName, HeaderValue};
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, CustomerId, RetryPolicy, SubscriptionId};

use crate::server::{Request, Server, response};

/// The customer and the subscription of the tests.
pub(crate) const CUSTOMER: &str = "11111111-1843-4b3b-872f-206e08a08e51";
pub(crate) const SUBSCRIPTION: &str = "c2dd1e5a-8b1a-4f2b-9a63-0d5a7f2b4c11";
pub(crate) const TOKEN: &str = "a-very-secret-token";

pub(crate) fn customer() -> CustomerId {
    CUSTOMER.parse().unwrap()
}

pub(crate) fn subscription() -> SubscriptionId {
    SUBSCRIPTION.parse().unwrap()
}

/// A request as received.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl From<&Request> for Seen {
    fn from(request: &Request) -> Self {
        let header =
            |(name, value): (&str, &str)| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers().map(header) {
            headers.append(name, value);
        }
        Self { line: request.line().to_owned(), headers, body: request.body.clone() }
    }
}

pub(crate) struct Replay {
    server: Server,
    base_url: String,
}

impl Replay {
    /// Sends the same response to every request.
    pub(crate) async fn start(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        Self::with(headers, vec![(status, body.into())])
    }

    /// Sends one response after the other, and then the last one again. `{base}` in a body becomes the base URL.
    pub(crate) async fn script<B: AsRef<[u8]>>(responses: &[(u16, B)]) -> Self {
        Self::with(&[], responses.iter().map(|(status, body)| (*status, body.as_ref().to_vec())).collect())
    }

    fn with(headers: &[(&str, &str)], responses: Vec<(u16, Vec<u8>)>) -> Self {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let server = Server::start(move |request, number| {
            let (status, body) = &responses[number.min(responses.len() - 1)];
            let body = match std::str::from_utf8(body) {
                Ok(text) => text.replace("{base}", &request.base_url()).into_bytes(),
                Err(_) => body.clone(),
            };
            response(&format!("{status} x"), &headers, &body)
        });
        Self { base_url: server.base_url(), server }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder(FixedToken::new(TOKEN))
            .base_url(&self.base_url)
            // Retries have tests of their own.
            .retry(RetryPolicy::never())
            .build()
            .unwrap()
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.server.requests().iter().map(Seen::from).collect()
    }
}
