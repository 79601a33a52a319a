//! What the endpoints share: the world, the tokens, and the rules that can change while it runs.

use std::{
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Instant,
};

use crate::{
    Fault, Throttle,
    counters::Tally,
    endpoint::Endpoint,
    fault::{Plan, Strike},
    sign_in::Tokens,
    throttle::{Limits, Verdict},
    world::World,
};

/// The locks are held for the time of one look or one change, and never while anything waits.
pub(crate) struct Service {
    world: RwLock<World>,
    tokens: RwLock<Tokens>,
    plan: RwLock<Plan>,
    limits: RwLock<Limits>,
    pub(crate) tally: Tally,
    /// Where the sandbox listens.
    pub(crate) base_url: String,
    seed: u64,
    started: Instant,
}

impl Service {
    pub(crate) fn new(world: World, tokens: Tokens, seed: u64) -> Service {
        Service {
            base_url: world.origin().to_owned(),
            world: RwLock::new(world),
            tokens: RwLock::new(tokens),
            plan: RwLock::new(Plan::new(Vec::new(), seed)),
            limits: RwLock::default(),
            tally: Tally::default(),
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
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Plan::new(faults, self.seed);
    }

    pub(crate) fn set_throttles(&self, throttles: Vec<Throttle>) {
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = Limits::new(throttles);
    }

    pub(crate) fn strike(&self, endpoint: Endpoint, rejected: bool) -> Strike {
        self.plan.read().unwrap_or_else(PoisonError::into_inner).strike(endpoint, rejected)
    }

    pub(crate) fn throttle(&self, customer: Option<uuid::Uuid>) -> Verdict {
        let limits = self.limits.read().unwrap_or_else(PoisonError::into_inner);
        limits.check(customer, self.started.elapsed())
    }
}
