//! The loopback addresses to which the browser sends the authorization code.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::auth::AuthError;

/// A port of `127.0.0.1` and `::1`. The system decides to which of them a browser connects for `localhost`.
pub(super) struct Redirect {
    listeners: Vec<TcpListener>,
    port: u16,
}

/// The redirect to wait for.
struct Expected {
    state: String,
    /// Receives the result. Empty after the first redirect.
    result: Mutex<Option<oneshot::Sender<Result<SecretString, AuthError>>>>,
}

/// A code has about two thousand bytes, and no browser sends a longer request head.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Browsers open connections in advance on which they send nothing.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(30);
/// Browsers open fewer connections. When a listener has this many, all are closed, to save file descriptors.
const MAX_CONNECTIONS: usize = 64;
/// The wait after a connection could not be accepted, for example because there is no file descriptor left.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(100);
/// The number of ports to try until one is free on both addresses.
const MAX_PORTS: usize = 20;

impl Redirect {
    pub(super) async fn bind() -> Result<Self, AuthError> {
        let failed = |error: io::Error| {
            AuthError::new("no port of localhost could be opened for the browser", "sign in with a device code")
                .with_source(error)
        };
        for _ in 1..MAX_PORTS {
            match Self::bind_one_port().await {
                Err(error) if error.kind() == ErrorKind::AddrInUse => {}
                bound => return bound.map_err(failed),
            }
        }
        Self::bind_one_port().await.map_err(failed)
    }

    async fn bind_one_port() -> io::Result<Self> {
        // A system may support only one of IPv4 and IPv6.
        let first = match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await {
            Ok(first) => first,
            Err(_) => TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await?,
        };
        let address = first.local_addr()?;
        let mut listeners = vec![first];
        if address.is_ipv4() {
            match TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).await {
                Ok(second) => listeners.push(second),
                // Another program listens there, and could receive the code.
                Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
                Err(_) => {}
            }
        }
        Ok(Self { listeners, port: address.port() })
    }

    /// Entra ID accepts any port with this host name, but an IP address only after a change of the app's manifest.
    pub(super) fn uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the redirect with this state. Dropping the future closes the port and all connections.
    pub(super) async fn code(self, state: String) -> Result<SecretString, AuthError> {
        let (sender, receiver) = oneshot::channel();
        let expected = Arc::new(Expected { state, result: Mutex::new(Some(sender)) });
        let mut accepting = JoinSet::new();
        for listener in self.listeners {
            accepting.spawn(accept_connections(listener, Arc::clone(&expected)));
        }
        drop(expected);
        let cancelled = |_| AuthError::new("the sign-in was cancelled", "the runtime is shutting down");
        receiver.await.map_err(cancelled)?
    }
}

/// Serves each connection in a task: a silent one must not delay the one with the code.
async fn accept_connections(listener: TcpListener, expected: Arc<Expected>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_RETRY_INTERVAL).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        if connections.len() == MAX_CONNECTIONS {
            connections.shutdown().await;
        }
        connections.spawn(tokio::time::timeout(CONNECTION_TIMEOUT, serve(stream, Arc::clone(&expected))));
        // Serve this connection before accepting more, which may close it.
        tokio::task::yield_now().await;
    }
}

async fn serve(mut stream: TcpStream, expected: Arc<Expected>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MAX_HEAD_BYTES {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let query = std::str::from_utf8(line).ok().and_then(redirect_query);
    // Any page in the browser can request this address. Without the state, the request must not end the sign-in.
    if query.is_some_and(|query| value_of(query, "state").as_deref() != Some(&expected.state)) {
        let text = "Close this window, and open only the address that the program shows.";
        return respond(&mut stream, "400 Bad Request", "This is another sign-in", text).await;
    }
    let sender = query.and_then(|_| expected.result.lock().unwrap_or_else(PoisonError::into_inner).take());
    let (Some(query), Some(sender)) = (query, sender) else {
        return respond(&mut stream, "404 Not Found", "There is nothing here", "Go back to the program.").await;
    };
    let result = code_of(query);
    let (status, title, text) = match &result {
        Ok(_) => ("200 OK", "You are signed in", "Close this window and go back to the program."),
        Err(_) => ("400 Bad Request", "The sign-in failed", "Close this window. The program shows the reason."),
    };
    let responded = respond(&mut stream, status, title, text).await;
    // Send the result last: the receiver closes this connection. It may have been dropped.
    drop(sender.send(result));
    responded
}

/// The query of a request for the redirect address. A browser requests other things too, such as icons.
fn redirect_query(line: &str) -> Option<&str> {
    let target = line.strip_prefix("GET ")?.split(' ').next()?;
    let query = target.strip_prefix("/?")?;
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "state").then_some(query)
}

/// The value of a parameter. `None` if there are several: one could be checked and another one used.
fn value_of(query: &str, wanted: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
    let (_, first) = values.next()?;
    values.next().is_none().then(|| first.into_owned())
}

fn code_of(query: &str) -> Result<SecretString, AuthError> {
    if let Some(error) = value_of(query, "error") {
        return Err(AuthError::refused(&error, &value_of(query, "error_description").unwrap_or_default()));
    }
    let code = value_of(query, "code").filter(|code| !code.is_empty());
    code.map(SecretString::from).ok_or_else(|| AuthError::new("the browser returned without a code", "sign in again"))
}

async fn respond(stream: &mut TcpStream, status: &str, title: &str, text: &str) -> io::Result<()> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1><p>{text}</p>"
    );
    // The URL contains the code, so it must be neither cached nor sent as referrer.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.as_bytes()).await?;
    stream.shutdown().await
}
