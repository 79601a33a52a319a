//! Counters of calls, sign-ins and writes.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use serde::Serialize;
use uuid::Uuid;

use crate::endpoint::Endpoint;
use crate::sign_in::Grant;
use crate::world::World;

/// The counts of a sandbox since its start.
///
/// `GET /_sandbox/counters` returns them as JSON, with names in camel case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Counters {
    /// Accepted connections.
    pub connections: u64,
    /// Calls of operations of the service, whatever their result.
    pub calls: u64,
    /// Calls that succeeded, including those whose response was corrupted by a fault.
    pub answered: u64,
    /// Calls that a rate limit rejected with status 429.
    pub rejected: u64,
    /// Calls that arrived before the end of the latest `Retry-After` of their rate limit, rejected or not.
    ///
    /// A client has early calls if others were in flight at a rejection, or if each of its tasks waits only for its own
    /// `Retry-After`.
    pub early: u64,
    /// Requests by endpoint: operation ids, `token`, `device_code`, `authorize` and `discovery`.
    pub requests: BTreeMap<&'static str, u64>,
    /// Successful PATCHes of a budget, by customer id; only customers with at least one.
    pub budget_writes: BTreeMap<Uuid, u64>,
    /// Successful sign-ins by grant: `client_credentials`, `refresh_token`, `authorization_code` and `device_code`.
    pub sign_ins: BTreeMap<&'static str, u64>,
    /// Issued refresh tokens.
    pub refresh_tokens_issued: u64,
    /// Uses of refresh tokens.
    pub refresh_tokens_redeemed: u64,
}

/// The live counters, without a lock: counting must not slow down a busy sandbox.
#[derive(Debug, Default)]
pub(crate) struct LiveCounters {
    pub(crate) connections: AtomicU64,
    pub(crate) answered: AtomicU64,
    pub(crate) rejected: AtomicU64,
    pub(crate) early: AtomicU64,
    pub(crate) refresh_tokens_issued: AtomicU64,
    requests: [AtomicU64; Endpoint::COUNT],
    sign_ins: [AtomicU64; Grant::ALL.len()],
}

pub(crate) fn increment(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

impl LiveCounters {
    pub(crate) fn request(&self, endpoint: Endpoint) {
        increment(&self.requests[endpoint.index()]);
    }

    pub(crate) fn sign_in(&self, grant: Grant) {
        increment(&self.sign_ins[grant as usize]);
    }

    pub(crate) fn read(&self, world: &World) -> Counters {
        let requests = || Endpoint::all().map(|endpoint| (endpoint, self.requests[endpoint.index()].load(Relaxed)));
        let sign_ins = || Grant::ALL.into_iter().map(|one| (one, self.sign_ins[one as usize].load(Relaxed)));
        let written = world.customers().iter().filter(|customer| customer.writes > 0);
        Counters {
            connections: self.connections.load(Relaxed),
            calls: requests().filter(|(one, _)| one.is_operation()).map(|(_, count)| count).sum(),
            answered: self.answered.load(Relaxed),
            rejected: self.rejected.load(Relaxed),
            early: self.early.load(Relaxed),
            requests: requests().map(|(one, count)| (one.name(), count)).collect(),
            budget_writes: written.map(|customer| (customer.id, customer.writes)).collect(),
            sign_ins: sign_ins().map(|(one, count)| (one.name(), count)).collect(),
            refresh_tokens_issued: self.refresh_tokens_issued.load(Relaxed),
            refresh_tokens_redeemed: self.sign_ins[Grant::RefreshToken as usize].load(Relaxed),
        }
    }
}
