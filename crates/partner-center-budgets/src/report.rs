//! What happened in a call, for support cases and measurements.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::CallIds;

/// What happened in one call.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CallReport {
    /// Operation of the OpenAPI document that was called.
    pub operation: &'static str,
    /// The ids that went out, the same for all tries.
    pub ids: CallIds,
    /// `MS-RequestId` as the service answered it, where it did.
    pub answered_request_id: Option<String>,
    /// `MS-CorrelationId` as the service answered it, where it did.
    pub answered_correlation_id: Option<String>,
    /// HTTP status of the last answer; `None` where none came.
    pub status: Option<u16>,
    /// How often the call was tried.
    pub tries: u32,
    /// How long the call took, waits included.
    pub took: Duration,
    /// Whether the token passed multi-factor authentication: the service's answer, where it was asked to tell.
    pub is_mfa_compliant: Option<bool>,
}

/// Collects the reports of all calls of one client and its clones: see [`Client::recorded`](crate::Client::recorded).
#[derive(Debug, Clone, Default)]
pub struct CallLog(Arc<Mutex<VecDeque<CallReport>>>);

impl CallLog {
    /// Takes the reports of the calls that ended since the last time, in the order of their ends: of the last 10,000, as
    /// a log that nobody reads must not grow for ever.
    pub fn take(&self) -> Vec<CallReport> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }

    pub(crate) fn add(&self, report: CallReport) {
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if reports.len() == 10_000 {
            reports.pop_front();
        }
        reports.push_back(report);
    }
}
