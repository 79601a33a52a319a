//! A server on a real socket that sends prescribed bytes, one text for each request, and closes the connection.

use std::sync::{Arc, Mutex};

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, ClientBuilder, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::replay::TOKEN;

pub(crate) struct Script {
    base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

/// The text of a complete answer.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

impl Script {
    /// Sends the texts in turn, and the last one from then on.
    pub(crate) async fn start(answers: impl IntoIterator<Item = String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&requests);
        let answers: Vec<_> = answers.into_iter().collect();
        let server = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read(&mut stream).await;
                let number = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(request);
                    seen.len() - 1
                };
                let text = answers.get(number).or(answers.last()).unwrap();
                stream.write_all(text.as_bytes()).await.unwrap();
            }
        });
        Self { base_url, requests, server }
    }

    /// The settings of a client that does not wait long before it tries again.
    pub(crate) fn client(&self) -> ClientBuilder {
        Client::builder(FixedToken::new(TOKEN)).base_url(&self.base_url).retry(impatient())
    }

    pub(crate) fn client_url(&self) -> &str {
        &self.base_url
    }

    /// Heads of the requests that arrived.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The default policy with waits that tests can afford.
pub(crate) fn impatient() -> RetryPolicy {
    RetryPolicy::default().waits(std::time::Duration::from_millis(1), std::time::Duration::from_millis(5))
}

/// Reads a request whole, since closing a connection with unread bytes resets it.
pub(crate) async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.unwrap() == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            break;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Value of a header in a request's head.
pub(crate) fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let mut lines = request.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).unwrap()
}
