//! The line with the rate that a run has learned.
//!
//! It makes no change done or undone: a journal without it, or with one that is wrong, costs a few refused calls.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::line::moment;
use partner_center_budgets::Known;

/// Calls per second that a journal may ask for. A slower rate would stop the run: one call in 100 seconds is far below
/// any limit that a service with customers can have.
const SLOWEST: f64 = 0.01;
const FASTEST: f64 = 1e6;

/// What a run knew of the service's limit, from some moment on.
#[derive(Debug, Serialize, Deserialize)]
// What has other keys is a damaged line about a customer.
#[serde(deny_unknown_fields)]
pub(super) struct RateLine {
    pub(super) at: String,
    /// Null where a rate before this was taken back. The key is always there.
    #[serde(deserialize_with = "Option::deserialize")]
    rate: Option<Rate>,
    #[serde(skip_serializing, default, rename = "sum")]
    _sum: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    /// Calls per second.
    per_second: f64,
    /// Calls beyond that which the service takes at once.
    burst: f64,
    /// How long it was watched for that.
    evidence_seconds: f64,
}

impl RateLine {
    /// Of this moment.
    pub(super) fn now(known: Option<Known>) -> Self {
        let rate = |Known { per_second, burst, evidence }| Rate { per_second, burst, evidence_seconds: evidence };
        Self { at: moment(), rate: known.map(rate), _sum: String::new() }
    }

    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line: Self = serde_json::from_slice(line).ok()?;
        let makes_sense = |rate: &Rate| {
            (SLOWEST..=FASTEST).contains(&rate.per_second) && rate.burst > 0.0 && rate.evidence_seconds >= 0.0
        };
        line.rate.as_ref().is_none_or(makes_sense).then_some(line)
    }

    pub(super) fn known(self) -> Option<Known> {
        let Rate { per_second, burst, evidence_seconds } = self.rate?;
        Some(Known { per_second, burst, evidence: evidence_seconds })
    }
}

/// What the last run knew when it ended, however that happened.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    pub(crate) known: Option<Known>,
    /// Of the last whole line.
    pub(super) at: String,
}

impl Remembered {
    /// How long nothing was noted; `None` where nobody can tell. A clock that was set back counts as no time.
    pub(crate) fn idle(&self) -> Option<Duration> {
        let last = DateTime::parse_from_rfc3339(&self.at).ok()?;
        let passed = DateTime::<Utc>::from(SystemTime::now()).signed_duration_since(last);
        Some(passed.to_std().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_as_it_was() {
        let known = Known { per_second: 49.875, burst: 50.5, evidence: 60.0 };
        for known in [Some(known), None] {
            let text = serde_json::to_vec(&RateLine::now(known)).unwrap();
            assert_eq!(RateLine::read(&text).unwrap().known(), known);
        }
    }

    #[test]
    fn what_makes_no_sense_is_no_line() {
        let rate = |rate: &str| format!(r#"{{"at":"2026-11-21T10:00:00.000Z","rate":{rate}}}"#);
        let whole = rate(r#"{"per_second":50,"burst":5,"evidence_seconds":0}"#);
        assert!(RateLine::read(whole.as_bytes()).is_some());
        for text in [
            rate(r#"{"per_second":0,"burst":5,"evidence_seconds":9}"#),
            rate(r#"{"per_second":1e-9,"burst":5,"evidence_seconds":9}"#),
            rate(r#"{"per_second":1e999,"burst":5,"evidence_seconds":9}"#),
            rate(r#"{"per_second":50,"burst":-5,"evidence_seconds":9}"#),
            rate(r#"{"per_second":50,"burst":5}"#),
            rate(r#"{"per_second":50,"burst":5,"evidence_seconds":9,"customer":1}"#),
            r#"{"at":"2026-11-21T10:00:00.000Z"}"#.to_owned(),
            r#"{"at":"2026-11-21T10:00:00.000Z","customer":"x","rate":null}"#.to_owned(),
            whole[..whole.len() - 1].to_owned(),
        ] {
            assert!(RateLine::read(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn time_that_passed_is_told_where_it_can_be() {
        let idle = |at: &str| Remembered { known: None, at: at.to_owned() }.idle();
        assert_eq!(idle("2999-01-01T00:00:00.000Z"), Some(Duration::ZERO));
        assert!(idle("2020-01-01T00:00:00.000Z") > Some(Duration::from_secs(3600)));
        assert_eq!(idle("yesterday"), None);
    }
}
