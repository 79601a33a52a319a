//! A service with a limit.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Response {
    Ok,
    /// Status 429, and Retry-After in seconds if the service sends it.
    TooManyRequests(Option<f64>),
}

/// The limit of a service. Rates are in calls per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    Bucket { rate: f64, burst: f64, counts_throttled: bool },
    Window { calls: u32, seconds: f64 },
    None,
}

#[derive(Debug, Clone)]
pub(super) struct Server {
    limit: Limit,
    sends_retry_after: bool,
    tokens: f64,
    used: u32,
    last_call: f64,
}

impl Server {
    pub(super) fn new(limit: Limit, sends_retry_after: bool) -> Self {
        let tokens = if let Limit::Bucket { burst, .. } = limit { burst } else { 0.0 };
        Self { limit, sends_retry_after, tokens, used: 0, last_call: 0.0 }
    }

    pub(super) fn change(&mut self, limit: Limit) {
        self.limit = limit;
    }

    /// Handles a call that arrives at `now`.
    pub(super) fn call(&mut self, now: f64) -> Response {
        let wait = match self.limit {
            Limit::None => return Response::Ok,
            Limit::Bucket { rate, burst, counts_throttled } => {
                self.tokens = burst.min(self.tokens + (now - self.last_call) * rate);
                self.last_call = now;
                let is_accepted = self.tokens >= 1.0;
                if is_accepted || counts_throttled {
                    self.tokens -= 1.0;
                }
                if is_accepted {
                    return Response::Ok;
                }
                (1.0 - self.tokens) / rate
            }
            Limit::Window { calls, seconds } => {
                if (now / seconds).floor() > (self.last_call / seconds).floor() {
                    self.used = 0;
                }
                self.last_call = now;
                if self.used < calls {
                    self.used += 1;
                    return Response::Ok;
                }
                ((now / seconds).floor() + 1.0) * seconds - now
            }
        };
        Response::TooManyRequests(self.sends_retry_after.then(|| wait.ceil().max(1.0)))
    }
}
