//! A server that sends one scripted text for each request, and closes the connection.

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, ClientBuilder, RetryPolicy};

use crate::replay::TOKEN;
use crate::server::{Server, response};

pub(crate) struct Script {
    server: Server,
    base_url: String,
}

/// The text of a complete response.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    String::from_utf8(response(status, headers, body.as_bytes())).unwrap()
}

impl Script {
    /// Sends the texts one after the other, and then the last one again.
    pub(crate) async fn start(answers: impl IntoIterator<Item = String>) -> Self {
        let answers: Vec<_> = answers.into_iter().collect();
        let server = Server::start(move |_, number| answers[number.min(answers.len() - 1)].clone().into_bytes());
        Self { base_url: server.base_url(), server }
    }

    /// A client with short waits between attempts.
    pub(crate) fn client(&self) -> ClientBuilder {
        Client::builder(FixedToken::new(TOKEN)).base_url(&self.base_url).retry(short_waits())
    }

    pub(crate) fn client_url(&self) -> &str {
        &self.base_url
    }

    /// The requests so far, each as one text.
    pub(crate) fn requests(&self) -> Vec<String> {
        let text = |request: crate::server::Request| format!("{}\r\n\r\n{}", request.head, request.body);
        self.server.requests().into_iter().map(text).collect()
    }
}

/// The default policy with short waits.
pub(crate) fn short_waits() -> RetryPolicy {
    RetryPolicy::default().backoff(std::time::Duration::from_millis(1), std::time::Duration::from_millis(5))
}

/// The value of a header of a request.
pub(crate) fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let mut lines = request.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).unwrap()
}
