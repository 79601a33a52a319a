//! The crate that generated code and its consumers use in the test `rust_effects`, compiled once for all cases.

use std::fmt::Write;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// The client's decimal number, which generated code uses.
pub use partner_center_budgets::Decimal;

/// The inner value of generated clients: returns the response that was set, and records requests.
#[derive(Clone, Debug, Default)]
pub struct Call(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answer: http::Response<String>,
    sent: String,
}

impl Call {
    fn state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets the response of the next calls.
    pub fn answer(&self, status: u16, body: &str) {
        let mut answer = http::Response::new(body.to_owned());
        *answer.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        self.state(|state| state.answer = answer);
    }

    /// The requests since the last call of this method.
    pub fn sent(&self) -> String {
        self.state(|state| std::mem::take(&mut state.sent))
    }

    /// Replaces the network. Without a socket, because a request is complete here and does not change later.
    pub fn exchange(&self, request: &reqwest::Request, operation: &str, needs_user: &[&str]) -> reqwest::Response {
        let mut headers: Vec<_> = request.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        // The client's hook removes this header: the service does not use the version of the document.
        headers.retain(|header| !header.starts_with("api-version:"));
        headers.sort();
        let body = request.body().and_then(reqwest::Body::as_bytes).map(String::from_utf8_lossy);
        // The client's hook decides in the same way which token to use.
        let token = if needs_user.contains(&operation) { "user" } else { "app" };
        self.state(|state| {
            let (method, url) = (request.method(), request.url());
            // Writing to a string cannot fail.
            let _ = write!(state.sent, "{method} {url} as {token} {headers:?} {body:?}");
            state.answer.clone().into()
        })
    }
}

/// The result of a future that never waits.
///
/// # Panics
///
/// If the future waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits"),
    }
}
