//! Rate limits. Their models take the time as an argument, so that tests need not wait.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::rule_syntax::{RuleError, duration, number, positive, settings, value};

/// A rate limit, parsed from text:
///
/// ```
/// use partner_center_budgets_sandbox::Throttle;
///
/// # fn main() -> Result<(), partner_center_budgets_sandbox::RuleError> {
/// let limit: Throttle = "bucket-counting-rejected:rate=50,burst=5,fault".parse()?;
/// # Ok(())
/// # }
/// ```
///
/// The grammar is `MODEL:SETTING[,SETTING …]`.
///
/// | model | settings | admits |
/// |---|---|---|
/// | `bucket` | `rate=50,burst=50` | `rate` calls per second on average and `burst` at once: a token bucket of size `burst`, full at first |
/// | `bucket-counting-rejected` | `rate=50,burst=50` | the same, but a rejected call empties the bucket, so that early calls extend the wait |
/// | `window` | `calls=500,per=10s` | `calls` per window, which begins with the first call after the previous window |
///
/// | setting of all models | meaning |
/// |---|---|
/// | `per-customer` | one limit per customer, and one for calls without a customer, instead of one for all calls |
/// | `gateway` | (default) the body of a 429 is that of the gateway: `{"statusCode":429,"message":"Rate limit is exceeded. Try again in N seconds."}` |
/// | `fault` | the body of a 429 has the shape of the service's errors, with code 429 |
/// | `no-retry-after` | no header `Retry-After` |
///
/// `Retry-After` and N are the whole seconds, at least 1, after which one call is admitted. The sign-in has no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttle {
    model: Model,
    per_customer: bool,
    body: Body,
    header: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Model {
    Bucket { rate: f64, burst: f64, counts_rejected: bool },
    Window { calls: u64, per: Duration },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Gateway,
    Fault,
}

/// The form of a rejection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) seconds: u64,
    pub(crate) body: Body,
    pub(crate) header: bool,
}

/// The decision of the limits about a call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) rejection: Option<Rejection>,
    /// Whether the call arrived before the end of an earlier rejection's `Retry-After`.
    pub(crate) early: bool,
}

/// The active limits and their state.
#[derive(Debug, Default)]
pub(crate) struct Limits(Vec<Limit>);

#[derive(Debug)]
struct Limit {
    throttle: Throttle,
    gauges: Mutex<HashMap<Option<Uuid>, Gauge>>,
}

impl Limits {
    pub(crate) fn new(throttles: Vec<Throttle>) -> Self {
        let limit = |throttle| Limit { throttle, gauges: Mutex::default() };
        Self(throttles.into_iter().map(limit).collect())
    }

    /// Counts a call at `now`. All limits must admit it; the first one that does not sends the rejection.
    pub(crate) fn check(&self, customer: Option<Uuid>, now: Duration) -> Decision {
        let mut decision = Decision { rejection: None, early: false };
        for Limit { throttle, gauges } in &self.0 {
            let scope = customer.filter(|_| throttle.per_customer);
            let mut gauges = gauges.lock().unwrap_or_else(PoisonError::into_inner);
            let gauge = gauges.entry(scope).or_insert_with(|| Gauge::new(throttle.model, now));
            decision.early |= gauge.closed_until.is_some_and(|until| now < until);
            if let Err(wait) = gauge.take(throttle.model, now) {
                let rejection = throttle.reject(wait);
                if rejection.announces() {
                    let until = now + Duration::from_secs(rejection.seconds);
                    gauge.closed_until = gauge.closed_until.max(Some(until));
                }
                decision.rejection = Some(rejection);
                break;
            }
        }
        decision
    }
}

impl Throttle {
    fn reject(&self, wait: Duration) -> Rejection {
        let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Rejection { seconds: whole.max(1), body: self.body, header: self.header }
    }
}

impl Rejection {
    /// Whether the rejection includes the wait: as a header, or in the message of the gateway.
    fn announces(self) -> bool {
        self.header || self.body == Body::Gateway
    }
}

/// The state of one limit.
#[derive(Debug)]
struct Gauge {
    /// Tokens in the bucket, or calls left in the window.
    left: f64,
    /// When the bucket was last filled, or the window began.
    since: Duration,
    closed_until: Option<Duration>,
}

impl Gauge {
    fn new(model: Model, now: Duration) -> Self {
        Self { left: model.capacity(), since: now, closed_until: None }
    }

    /// Takes one call, or returns the wait until one is available.
    fn take(&mut self, model: Model, now: Duration) -> Result<(), Duration> {
        // Threads may arrive in another order than they read the clock.
        let now = now.max(self.since);
        match model {
            Model::Bucket { rate, burst, .. } => {
                self.left = (self.left + (now - self.since).as_secs_f64() * rate).min(burst);
                self.since = now;
            }
            Model::Window { per, .. } if now - self.since >= per => {
                self.left = model.capacity();
                self.since = now;
            }
            Model::Window { .. } => {}
        }
        // Rounding may leave a bucket a trillionth of a token short at the announced time.
        if self.left >= 1.0 - 1e-9 {
            self.left -= 1.0;
            return Ok(());
        }
        match model {
            Model::Bucket { rate, counts_rejected, .. } => {
                if counts_rejected {
                    self.left = 0.0;
                }
                Err(Duration::try_from_secs_f64((1.0 - self.left) / rate).unwrap_or(MAX_WAIT).min(MAX_WAIT))
            }
            Model::Window { per, .. } => Err(per - (now - self.since)),
        }
    }
}

/// A year: long enough, and sums of it cannot overflow.
const MAX_WAIT: Duration = Duration::from_secs(365 * 24 * 3600);

impl Model {
    fn capacity(self) -> f64 {
        match self {
            Self::Bucket { burst, .. } => burst,
            Self::Window { calls, .. } => calls as f64,
        }
    }
}

impl FromStr for Throttle {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (name, rest) = text.split_once(':').unwrap_or((text, ""));
        let (mut rate, mut burst, mut calls, mut per) = (None, None, None, None);
        let (mut per_customer, mut body, mut header) = (false, Body::Gateway, true);
        for (setting, argument) in settings(rest).filter(|(setting, _)| !setting.is_empty()) {
            match setting {
                "rate" if name != "window" => rate = Some(positive(setting, value(setting, argument)?)?),
                "burst" if name != "window" => burst = Some(positive(setting, value(setting, argument)?)?),
                "calls" if name == "window" => calls = Some(number(setting, value(setting, argument)?)?),
                "per" if name == "window" => per = Some(duration(value(setting, argument)?)?),
                "per-customer" => per_customer = true,
                "gateway" => body = Body::Gateway,
                "fault" => body = Body::Fault,
                "no-retry-after" => header = false,
                _ => return Err(RuleError::new(format!("the throttle '{name}' has no setting '{setting}'"))),
            }
        }
        let model = match name {
            "bucket" | "bucket-counting-rejected" => {
                let rate = rate.ok_or_else(|| RuleError::new(format!("a {name} needs a rate: {name}:rate=50")))?;
                let burst = burst.unwrap_or(rate).max(1.0);
                Model::Bucket { rate, burst, counts_rejected: name == "bucket-counting-rejected" }
            }
            "window" => match (calls, per) {
                (Some(calls), Some(per)) if calls > 0 && !per.is_zero() && per <= MAX_WAIT => {
                    Model::Window { calls, per }
                }
                _ => return Err(RuleError::new("a window needs calls and a time: window:calls=500,per=10s")),
            },
            _ => {
                return Err(RuleError::new(format!(
                    "'{name}' is not a throttle; use bucket, bucket-counting-rejected or window"
                )));
            }
        };
        Ok(Self { model, per_customer, body, header })
    }
}

impl fmt::Display for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.model {
            Model::Bucket { rate, burst, counts_rejected } => {
                let name = if counts_rejected { "bucket-counting-rejected" } else { "bucket" };
                write!(f, "{name}:rate={rate},burst={burst}")?;
            }
            Model::Window { calls, per } => write!(f, "window:calls={calls},per={}s", per.as_secs_f64())?,
        }
        if self.per_customer {
            f.write_str(",per-customer")?;
        }
        if self.body == Body::Fault {
            f.write_str(",fault")?;
        }
        if !self.header {
            f.write_str(",no-retry-after")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
