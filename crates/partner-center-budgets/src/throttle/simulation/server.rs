//! Services that throttle, each in a way of its own.

/// What a service says to a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reply {
    Answered,
    /// Retry-After in seconds, where it was sent.
    Refused(Option<f64>),
}

/// The way in which a service limits its callers. Rates are in calls per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    Bucket { rate: f64, burst: f64, refused_count: bool },
    Window { calls: u32, seconds: f64 },
    None,
}

#[derive(Debug, Clone)]
pub(super) struct Server {
    limit: Limit,
    tells_retry_after: bool,
    tokens: f64,
    used: u32,
    at: f64,
}

impl Server {
    pub(super) fn new(limit: Limit, tells_retry_after: bool) -> Self {
        let tokens = if let Limit::Bucket { burst, .. } = limit { burst } else { 0.0 };
        Self { limit, tells_retry_after, tokens, used: 0, at: 0.0 }
    }

    /// Has another limit from now on.
    pub(super) fn change(&mut self, limit: Limit) {
        self.limit = limit;
    }

    /// A call that arrives at `now`.
    pub(super) fn call(&mut self, now: f64) -> Reply {
        let wait = match self.limit {
            Limit::None => return Reply::Answered,
            Limit::Bucket { rate, burst, refused_count } => {
                self.tokens = burst.min(self.tokens + (now - self.at) * rate);
                self.at = now;
                let enough = self.tokens >= 1.0;
                if enough || refused_count {
                    self.tokens -= 1.0;
                }
                if enough {
                    return Reply::Answered;
                }
                (1.0 - self.tokens) / rate
            }
            Limit::Window { calls, seconds } => {
                if (now / seconds).floor() > (self.at / seconds).floor() {
                    self.used = 0;
                }
                self.at = now;
                if self.used < calls {
                    self.used += 1;
                    return Reply::Answered;
                }
                ((now / seconds).floor() + 1.0) * seconds - now
            }
        };
        Reply::Refused(self.tells_retry_after.then(|| wait.ceil().max(1.0)))
    }
}
