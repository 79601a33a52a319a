//! The shared state of the endpoints: the world, the tokens, and the rules that can change at run time.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use crate::counters::LiveCounters;
use crate::endpoint::Endpoint;
use crate::fault::{Fault, FaultPlan, InjectedFault};
use crate::requests::RequestLog;
use crate::sign_in::Tokens;
use crate::throttle::{Decision, Limits, Throttle};
use crate::world::World;

/// Each lock is held for one read or one change, and never across an `await`.
pub(crate) struct Service {
    world: RwLock<World>,
    tokens: RwLock<Tokens>,
    plan: RwLock<FaultPlan>,
    limits: RwLock<Limits>,
    pub(crate) counters: LiveCounters,
    pub(crate) requests: RequestLog,
    /// The address of the sandbox.
    pub(crate) base_url: String,
    seed: u64,
    started: Instant,
}

impl Service {
    pub(crate) fn new(world: World, tokens: Tokens, seed: u64) -> Self {
        Self {
            base_url: world.origin().to_owned(),
            world: RwLock::new(world),
            tokens: RwLock::new(tokens),
            plan: RwLock::new(FaultPlan::new(Vec::new(), seed)),
            limits: RwLock::default(),
            counters: LiveCounters::default(),
            requests: RequestLog::default(),
            seed,
            started: Instant::now(),
        }
    }

    pub(crate) fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tokens(&self) -> RwLockReadGuard<'_, Tokens> {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tokens_mut(&self) -> RwLockWriteGuard<'_, Tokens> {
        self.tokens.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_faults(&self, faults: Vec<Fault>) {
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = FaultPlan::new(faults, self.seed);
    }

    pub(crate) fn set_throttles(&self, throttles: Vec<Throttle>) {
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = Limits::new(throttles);
    }

    pub(crate) fn select_fault(&self, endpoint: Endpoint, is_rejected: bool) -> InjectedFault {
        self.plan.read().unwrap_or_else(PoisonError::into_inner).select(endpoint, is_rejected)
    }

    pub(crate) fn throttle(&self, customer: Option<uuid::Uuid>) -> Decision {
        let limits = self.limits.read().unwrap_or_else(PoisonError::into_inner);
        limits.check(customer, self.started.elapsed())
    }
}
