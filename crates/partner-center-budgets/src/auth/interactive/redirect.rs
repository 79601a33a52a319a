//! The loopback addresses to which the browser sends the authorization code.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::auth::AuthError;

/// A port of `127.0.0.1` and `::1`. The system decides to which of them a browser connects for `localhost`.
pub(super) struct Redirect {
    listeners: Vec<TcpListener>,
    port: u16,
}

/// Receives the result of the first redirect. The channel has room for one.
type ResultSender = mpsc::Sender<Result<SecretString, AuthError>>;

/// A code has about two thousand bytes, and no browser sends a longer request head.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Browsers open connections in advance on which they send nothing.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(30);
/// Browsers open fewer connections. When a listener has this many, all are closed, to save file descriptors.
const MAX_CONNECTIONS: usize = 64;
/// The wait after a connection could not be accepted, for example because no file descriptor is free.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(100);
/// The number of ports to try until one is free on both addresses.
const MAX_PORTS: usize = 20;

impl Redirect {
    pub(super) async fn bind() -> Result<Self, AuthError> {
        let mut bound = Self::bind_one_port().await;
        for _ in 1..MAX_PORTS {
            if bound.as_ref().is_err_and(|error| error.kind() == ErrorKind::AddrInUse) {
                bound = Self::bind_one_port().await;
            }
        }
        bound.map_err(|error| {
            AuthError::new("no port of localhost could be opened for the browser", "sign in with a device code")
                .with_source(error)
        })
    }

    async fn bind_one_port() -> io::Result<Self> {
        // A system may support only one of IPv4 and IPv6.
        let mut listeners: Vec<_> = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.into_iter().collect();
        let port = listeners.first().map_or(Ok(0), |listener| listener.local_addr().map(|address| address.port()))?;
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(listener) => listeners.push(listener),
            // If the port is in use, another program listens there, and could receive the code.
            Err(error) if listeners.is_empty() || error.kind() == ErrorKind::AddrInUse => return Err(error),
            Err(_) => {}
        }
        let address = listeners[0].local_addr()?;
        Ok(Self { port: address.port(), listeners })
    }

    /// Entra ID accepts any port with this host name, but an IP address only after a change of the app's manifest.
    pub(super) fn uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the redirect with this state. Dropping the future closes the port and all connections.
    pub(super) async fn code(self, state: String) -> Result<SecretString, AuthError> {
        let (sender, mut receiver) = mpsc::channel(1);
        let state: Arc<str> = state.into();
        let mut accepting = JoinSet::new();
        for listener in self.listeners {
            accepting.spawn(accept_connections(listener, Arc::clone(&state), sender.clone()));
        }
        drop(sender);
        receiver.recv().await.unwrap_or_else(|| Err(AuthError::cancelled("the port was closed")))
    }
}

/// Serves each connection in a task: a silent one must not delay the one with the code.
async fn accept_connections(listener: TcpListener, state: Arc<str>, sender: ResultSender) {
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
        let serving = serve(stream, Arc::clone(&state), sender.clone());
        connections.spawn(tokio::time::timeout(CONNECTION_TIMEOUT, serving));
        // Serve this connection before accepting more, which may close it.
        tokio::task::yield_now().await;
    }
}

async fn serve(mut stream: TcpStream, state: Arc<str>, sender: ResultSender) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MAX_HEAD_BYTES {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let query = std::str::from_utf8(line).ok().and_then(redirect_query);
    // Any page in the browser can request this address. Without the state, the request must not end the sign-in.
    if query.is_some_and(|query| value_of(query, "state").as_deref() != Some(&state)) {
        let text = "Close this window, and open only the address that the program shows.";
        return respond(&mut stream, "400 Bad Request", "This is another sign-in", text).await;
    }
    // Only the first redirect gets the permit to send a result.
    let (Some(query), Ok(permit)) = (query, sender.try_reserve()) else {
        return respond(&mut stream, "404 Not Found", "There is nothing here", "Go back to the program.").await;
    };
    let result = code_of(query);
    let (status, title, text) = match &result {
        Ok(_) => ("200 OK", "You are signed in", "Close this window and go back to the program."),
        Err(_) => ("400 Bad Request", "The sign-in failed", "Close this window. The program shows the reason."),
    };
    let responded = respond(&mut stream, status, title, text).await;
    // Send the result last: the receiver closes this connection.
    permit.send(result);
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
