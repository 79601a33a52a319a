//! The lines after the header.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use partner_center_budgets::{CallIds, CustomerId, Decimal, Error, LearnedRate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::amount_text::AmountText;

/// A line after the header, as it is read. Each kind of record has a required key that the others do not have.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Record {
    Change(ChangeRecord),
    Rate(RateRecord),
    DamageAccepted(DamageAccepted),
}

/// What happened to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Event {
    /// The budget is about to be sent.
    Intent,
    /// The budget was sent and is as desired.
    Done,
    /// The budget was as desired before anything was sent.
    AlreadySet,
    /// The budget was not the one that the plan saw, so nothing was sent.
    Conflict,
    /// The budget could not be read, or the service rejected it.
    Failed,
    /// The budget may have been sent, and could not be read back.
    Unknown,
}

impl Event {
    /// Whether no later run has to do anything for the change.
    pub(crate) fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::AlreadySet)
    }

    /// Whether the budget may have been sent without a known outcome.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Self::Intent | Self::Unknown)
    }
}

/// A record about a change.
#[derive(Serialize, Deserialize)]
pub(crate) struct ChangeRecord {
    /// For people. The last record also dates the learned rate.
    pub(super) at: String,
    pub(super) customer: Uuid,
    pub(super) event: Event,
    /// For people: the amount to send in an intent, the amount found in a conflict. Null means no budget. Other
    /// events do not have the key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) amount: Option<Option<AmountText>>,
    /// The user or app that sends the budget, in an intent. Journals of older programs do not have it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) by: Option<String>,
    /// For people, as are the ids, which Microsoft's support asks for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) request_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) correlation_id: Option<Uuid>,
}

impl ChangeRecord {
    pub(crate) fn now(customer: CustomerId, event: Event) -> Self {
        Self {
            at: timestamp(),
            customer: customer.into(),
            event,
            amount: None,
            by: None,
            error: None,
            request_id: None,
            correlation_id: None,
        }
    }

    pub(crate) fn amount(self, amount: Option<Decimal>) -> Self {
        Self { amount: Some(amount.map(AmountText)), ..self }
    }

    pub(crate) fn by(self, actor: Option<&str>) -> Self {
        Self { by: actor.map(str::to_owned), ..self }
    }

    pub(crate) fn error(self, error: &Error) -> Self {
        Self { error: Some(error.to_string()), ..self.ids(error.ids()) }
    }

    /// The ids of the call that the event is about.
    pub(crate) fn ids(self, ids: Option<CallIds>) -> Self {
        Self { request_id: ids.map(|ids| ids.request), correlation_id: ids.map(|ids| ids.correlation), ..self }
    }
}

/// A record of the rate that the limiter has learned.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RateRecord {
    pub(super) at: String,
    /// Null if the limiter discarded an earlier rate. The key is required.
    #[serde(deserialize_with = "Option::deserialize")]
    rate: Option<RateFigures>,
}

#[derive(Debug, Serialize, Deserialize)]
struct RateFigures {
    /// Calls per second.
    per_second: f64,
    /// Calls that the service accepts at once.
    burst: f64,
    /// The time of observation behind the rate.
    evidence_seconds: f64,
}

/// The slowest rate that a run accepts from a journal. A slower one would stall the run, and no service with customers has
/// such a limit.
const MIN_RATE: f64 = 0.01;
const MAX_RATE: f64 = 1e6;

impl RateRecord {
    pub(super) fn now(rate: Option<LearnedRate>) -> Self {
        let figures =
            |LearnedRate { per_second, burst, evidence }| RateFigures { per_second, burst, evidence_seconds: evidence };
        Self { at: timestamp(), rate: rate.map(figures) }
    }

    /// Whether a run can use the figures. A record that it cannot use is ignored, which costs a few throttled calls.
    pub(super) fn is_plausible(&self) -> bool {
        self.rate.as_ref().is_none_or(|rate| {
            (MIN_RATE..=MAX_RATE).contains(&rate.per_second) && rate.burst > 0.0 && rate.evidence_seconds >= 0.0
        })
    }

    pub(super) fn rate(&self) -> Option<LearnedRate> {
        let RateFigures { per_second, burst, evidence_seconds } = self.rate.as_ref()?;
        Some(LearnedRate { per_second: *per_second, burst: *burst, evidence: *evidence_seconds })
    }
}

/// The damage of the lines before was accepted: from here on, every change that is not finished is read back.
#[derive(Serialize, Deserialize)]
pub(super) struct DamageAccepted {
    at: String,
    pub(super) damage_accepted: bool,
}

impl DamageAccepted {
    pub(super) fn now() -> Self {
        Self { at: timestamp(), damage_accepted: true }
    }
}

/// A record as JSON, to which the writer adds the checksum.
pub(super) fn to_json(record: &impl Serialize) -> Vec<u8> {
    // Records have only texts, finite numbers and ids, which can always be serialized.
    serde_json::to_vec(record).unwrap_or_default()
}

fn timestamp() -> String {
    DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Option<RateRecord> {
        match serde_json::from_slice(text).ok()? {
            Record::Rate(record) => Some(record),
            Record::Change(_) | Record::DamageAccepted(_) => None,
        }
    }

    #[test]
    fn reads_a_rate_as_it_was_written() {
        let rate = LearnedRate { per_second: 49.875, burst: 50.5, evidence: 60.0 };
        for rate in [Some(rate), None] {
            let text = serde_json::to_vec(&RateRecord::now(rate)).unwrap();
            assert_eq!(read(&text).unwrap().rate(), rate);
        }
    }

    #[test]
    fn ignores_rates_that_make_no_sense() {
        let record = |rate: &str| format!(r#"{{"at":"2026-11-21T10:00:00.000Z","rate":{rate}}}"#);
        let good = record(r#"{"per_second":50,"burst":5,"evidence_seconds":0}"#);
        assert!(read(good.as_bytes()).unwrap().is_plausible());
        for rate in [
            r#"{"per_second":0,"burst":5,"evidence_seconds":9}"#,
            r#"{"per_second":1e-9,"burst":5,"evidence_seconds":9}"#,
            r#"{"per_second":1e9,"burst":5,"evidence_seconds":9}"#,
            r#"{"per_second":50,"burst":0,"evidence_seconds":9}"#,
            r#"{"per_second":50,"burst":-5,"evidence_seconds":9}"#,
            r#"{"per_second":50,"burst":5,"evidence_seconds":-1}"#,
        ] {
            assert!(!read(record(rate).as_bytes()).unwrap().is_plausible(), "{rate}");
        }
        for text in [
            record(r#"{"per_second":1e999,"burst":5,"evidence_seconds":9}"#),
            record(r#"{"per_second":50,"burst":5}"#),
            r#"{"at":"2026-11-21T10:00:00.000Z"}"#.to_owned(),
            good[..good.len() - 1].to_owned(),
        ] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
