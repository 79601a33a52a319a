//! The loopback addresses to which the browser brings the authorization code.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use oauth2::url::form_urlencoded;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Sleep;

use super::AuthError;

/// One port of `127.0.0.1` and `::1`: which of them a browser takes for `localhost` depends on the system.
pub(super) struct Redirect {
    listeners: Vec<TcpListener>,
    port: u16,
}

/// Takes the outcome of the one redirect that is accepted.
type Accepts = Arc<Mutex<Option<oneshot::Sender<Result<SecretString, AuthError>>>>>;

/// No browser sends a longer head, and a code has some two thousand bytes.
const LONGEST_HEAD: usize = 32 * 1024;
/// Browsers open connections in advance, on which nothing ever comes.
const SILENCE: Duration = Duration::from_secs(30);
/// No browser opens as many connections. Above this number the oldest is closed, so that connections cannot use up the
/// file descriptors of the process.
const MOST_CONNECTIONS: usize = 64;
/// How long to wait after a connection could not be accepted.
const RECOVERY: Duration = Duration::from_millis(100);
/// How many ports to try until one is free on both addresses.
const PORTS: usize = 20;

impl Redirect {
    pub(super) async fn bind() -> Result<Self, AuthError> {
        let failed = |error: io::Error| {
            AuthError::new("no port of localhost could be opened for the browser", "sign in with a device code")
                .with_source(error)
        };
        for _ in 0..PORTS {
            if let Some(redirect) = Self::bind_one_port().await.map_err(failed)? {
                return Ok(redirect);
            }
        }
        Err(failed(ErrorKind::AddrInUse.into()))
    }

    /// `None` if another program listens on the same port of the other address: it could receive the code.
    async fn bind_one_port() -> io::Result<Option<Self>> {
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
                Err(error) if error.kind() == ErrorKind::AddrInUse => return Ok(None),
                Err(_) => {}
            }
        }
        Ok(Some(Self { listeners, port: address.port() }))
    }

    /// Entra ID accepts any port with this host name, and with the address only after the manifest was edited.
    pub(super) fn uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the redirect with this state. Dropping it closes the port and all connections.
    pub(super) async fn code(self, state: &str) -> Result<SecretString, AuthError> {
        let (sender, mut receiver) = oneshot::channel();
        let accepts = Arc::new(Mutex::new(Some(sender)));
        let state: Arc<str> = state.into();
        // One that stays silent must not hold up the one with the code, so each connection is a task.
        let mut connections = Connections::default();
        let mut recovery: Option<Pin<Box<Sleep>>> = None;
        std::future::poll_fn(|context| {
            if let Poll::Ready(outcome) = Pin::new(&mut receiver).poll(context) {
                let closed = |_| AuthError::new("the sign-in was given up", "the runtime is ending");
                return Poll::Ready(outcome.map_err(closed).and_then(|outcome| outcome));
            }
            connections.forget_ended(context);
            for _ in 0..MOST_CONNECTIONS / 2 {
                if let Some(wait) = &mut recovery {
                    if wait.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    recovery = None;
                }
                match self.poll_accept(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(stream)) => connections.add(serve(stream, Arc::clone(&accepts), Arc::clone(&state))),
                    // A connection was reset, or the process has no file descriptor left for now. Keep listening.
                    Poll::Ready(Err(_)) => recovery = Some(Box::pin(tokio::time::sleep(RECOVERY))),
                }
            }
            // Serve these connections before accepting more, which may close them.
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        for listener in &self.listeners {
            if let Poll::Ready(accepted) = listener.poll_accept(context) {
                return Poll::Ready(accepted.map(|(stream, _)| stream));
            }
        }
        Poll::Pending
    }
}

/// The connections that are open. Dropping it closes them.
#[derive(Default)]
struct Connections {
    tasks: JoinSet<()>,
    /// The oldest first.
    handles: VecDeque<AbortHandle>,
}

impl Connections {
    fn add(&mut self, serving: impl Future<Output = io::Result<()>> + Send + 'static) {
        self.handles.retain(|handle| !handle.is_finished());
        if self.handles.len() >= MOST_CONNECTIONS
            && let Some(oldest) = self.handles.pop_front()
        {
            oldest.abort();
        }
        let serving = async move { drop(tokio::time::timeout(SILENCE, serving).await) };
        self.handles.push_back(self.tasks.spawn(serving));
    }

    fn forget_ended(&mut self, context: &mut Context<'_>) {
        while let Poll::Ready(Some(_)) = self.tasks.poll_join_next(context) {}
    }
}

async fn serve(mut stream: TcpStream, accepts: Accepts, state: Arc<str>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let query = std::str::from_utf8(line).ok().and_then(redirect_query);
    // Any page that is open in the browser can ask for this address. Without the state it must not end the sign-in.
    if query.is_some_and(|query| value_of(query, "state").as_deref() != Some(&*state)) {
        let text = "Close this window, and open only the address that the program shows.";
        return answer(&mut stream, "400 Bad Request", "This is another sign-in", text).await;
    }
    let sender = query.and_then(|_| accepts.lock().unwrap_or_else(PoisonError::into_inner).take());
    let (Some(query), Some(sender)) = (query, sender) else {
        return answer(&mut stream, "404 Not Found", "There is nothing here", "Go back to the program.").await;
    };
    let outcome = code_of(query);
    let answered = match &outcome {
        Ok(_) => answer(&mut stream, "200 OK", "You are back", "Close this window and go back to the program.").await,
        Err(_) => {
            let text = "Close this window and go back to the program, which says why.";
            answer(&mut stream, "400 Bad Request", "The sign-in failed", text).await
        }
    };
    // The page is written first, because the connection ends with the wait. Nobody minds when the wait has ended before.
    drop(sender.send(outcome));
    answered
}

/// The query of a request for the redirect address. A browser asks for icons and other things too.
fn redirect_query(line: &str) -> Option<&str> {
    let target = line.strip_prefix("GET ")?.split(' ').next()?;
    let query = target.strip_prefix("/?")?;
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "state").then_some(query)
}

fn value_of(query: &str, wanted: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
    let first = values.next().map(|(_, value)| value.into_owned());
    // Who sends two wants one checked and the other used.
    first.filter(|_| values.next().is_none())
}

fn code_of(query: &str) -> Result<SecretString, AuthError> {
    if let Some(error) = value_of(query, "error") {
        return Err(AuthError::refused(&error, &value_of(query, "error_description").unwrap_or_default()));
    }
    let code = value_of(query, "code").filter(|code| !code.is_empty());
    let missing = || AuthError::new("the browser came back without a code", "start again");
    Ok(code.ok_or_else(missing)?.into())
}

async fn answer(stream: &mut TcpStream, status: &str, title: &str, text: &str) -> io::Result<()> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1><p>{text}</p>"
    );
    // The address holds the code: nothing may keep it or pass it on.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.as_bytes()).await?;
    stream.shutdown().await
}
