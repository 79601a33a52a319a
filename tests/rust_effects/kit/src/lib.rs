//! What generated code and its consumer are compiled against by the test `rust_effects`, once for all its cases.

use std::fmt::Write;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// The decimal number that generated code names: the client's own.
pub use partner_center_budgets::Decimal;

/// The inner value of generated clients: answers with what was set, and keeps what was sent.
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

    /// Sets what the next calls are answered with.
    pub fn answer(&self, status: u16, body: &str) {
        let mut answer = http::Response::new(body.to_owned());
        *answer.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        self.state(|state| state.answer = answer);
    }

    /// What was sent since this was last asked.
    pub fn sent(&self) -> String {
        self.state(|state| std::mem::take(&mut state.sent))
    }

    /// Stands for the network. No socket: a request is complete here, so nothing that is sent could differ later.
    pub fn exchange(&self, request: &reqwest::Request, operation: &str, needs_user: &[&str]) -> reqwest::Response {
        let mut headers: Vec<_> = request.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        // The client's own hook removes it: it is the version of the document, which means nothing to the service.
        headers.retain(|header| !header.starts_with("api-version:"));
        headers.sort();
        let body = request.body().and_then(reqwest::Body::as_bytes).map(String::from_utf8_lossy);
        // As the client's own hook asks before it takes a token.
        let token = if needs_user.contains(&operation) { "user" } else { "app" };
        self.state(|state| {
            let (method, url) = (request.method(), request.url());
            // Writing to a text cannot fail.
            let _ = write!(state.sent, "{method} {url} as {token} {headers:?} {body:?}");
            state.answer.clone().into()
        })
    }
}

/// The result of a future that never waits, as no call does here.
///
/// # Panics
///
/// Where it waits after all.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here has to wait"),
    }
}
