//! The log of the requests.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::Uri;

/// How many requests the log holds: a sandbox can run for days.
const MAX_REQUESTS: usize = 10_000;

/// A request that the sandbox received. `Display` prints it in one line, such as `GET /v1/customers?size=500 200`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method, such as `PATCH`.
    pub method: String,
    /// The path as it was sent, such as `/v1/customers`.
    pub path: String,
    /// The encoded query.
    pub query: Option<String>,
    /// Status of the response. `None` without one: the connection was reset, the client gave up, or the response is not
    /// ready yet.
    pub status: Option<u16>,
}

impl fmt::Display for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        if let Some(query) = &self.query {
            write!(f, "?{query}")?;
        }
        match self.status {
            Some(status) => write!(f, " {status}"),
            None => f.write_str(" no response"),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Log>);

#[derive(Debug, Default)]
struct Log {
    requests: VecDeque<ReceivedRequest>,
    /// The number of requests that were removed.
    removed: usize,
}

impl RequestLog {
    pub(crate) fn read(&self) -> Vec<ReceivedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    /// Adds a request, and returns its number.
    pub(crate) fn add(&self, method: &str, uri: &Uri) -> usize {
        let request = ReceivedRequest {
            method: method.to_owned(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            status: None,
        };
        let mut log = self.lock();
        if log.requests.len() == MAX_REQUESTS {
            log.requests.pop_front();
            log.removed += 1;
        }
        log.requests.push_back(request);
        log.removed + log.requests.len() - 1
    }

    pub(crate) fn set_status(&self, number: usize, status: u16) {
        let mut log = self.lock();
        let index = number.checked_sub(log.removed);
        if let Some(request) = index.and_then(|index| log.requests.get_mut(index)) {
            request.status = Some(status);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_latest_requests_with_their_own_status() {
        let log = RequestLog::default();
        for number in 0..MAX_REQUESTS + 3 {
            assert_eq!(log.add("GET", &format!("/{number}?a=b").parse().unwrap()), number);
        }
        log.set_status(0, 500);
        log.set_status(MAX_REQUESTS, 200);
        let requests = log.read();
        assert_eq!(requests.len(), MAX_REQUESTS);
        assert_eq!(requests[0].to_string(), "GET /3?a=b no response");
        assert_eq!(requests.iter().filter(|request| request.status.is_some()).count(), 1);
        assert_eq!(requests[MAX_REQUESTS - 3].to_string(), "GET /10000?a=b 200");
    }
}
