//! Requests that HTTP libraries would not send, and responses as received.

use std::io;

use partner_center_budgets_sandbox::Sandbox;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A response. The body is everything after the head.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        serde_json::from_slice(body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)))
    }

    /// The status and the code of an error.
    pub(crate) fn status_and_code(&self) -> (u16, String) {
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// Sends a request over a new connection, for the sandbox's host unless `headers` have another one. Errors are those of the
/// socket.
pub(crate) async fn exchange(
    sandbox: &Sandbox,
    request: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Response> {
    let address = sandbox.base_url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).await?;
    let host =
        if headers.iter().any(|(key, _)| *key == "Host") { String::new() } else { format!("Host: {address}\r\n") };
    let headers: String = headers.iter().map(|(key, value)| format!("{key}: {value}\r\n")).collect();
    let length = body.len();
    let text =
        format!("{request} HTTP/1.1\r\n{host}Connection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await?;
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let body = response.split_off(end + 4);
    let head = String::from_utf8(response).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Response { status, head, body })
}

/// A GET with a token.
pub(crate) async fn get(sandbox: &Sandbox, path: &str, token: &str) -> Response {
    exchange(sandbox, &format!("GET {path}"), &[("Authorization", &format!("Bearer {token}"))], "").await.unwrap()
}

/// A POST of a form.
pub(crate) async fn post(sandbox: &Sandbox, path: &str, form: &str) -> Response {
    exchange(sandbox, &format!("POST {path}"), &[("Content-Type", "application/x-www-form-urlencoded")], form)
        .await
        .unwrap()
}
