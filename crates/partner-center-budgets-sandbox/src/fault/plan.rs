//! Selects the faults for each call.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::{Fault, FaultKind};
use crate::endpoint::Endpoint;
use crate::random::Random;

/// The active rules, each with the number of calls that it has seen.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    rules: Vec<(Fault, AtomicU64)>,
    seed: u64,
    /// How many latencies were drawn.
    latencies: AtomicU64,
}

/// The delay of a call, and the fault after it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct InjectedFault {
    pub(crate) latency: Duration,
    pub(crate) kind: Option<FaultKind>,
}

impl FaultPlan {
    pub(crate) fn new(faults: Vec<Fault>, seed: u64) -> Self {
        let rules = faults.into_iter().map(|fault| (fault, AtomicU64::new(0))).collect();
        Self { rules, seed, latencies: AtomicU64::new(0) }
    }

    /// Selects the fault for a call. A call that a throttle rejects gets latency only.
    pub(crate) fn select(&self, endpoint: Endpoint, is_rejected: bool) -> InjectedFault {
        let mut injected = InjectedFault::default();
        for (fault, seen) in &self.rules {
            let is_latency = matches!(fault.kind, FaultKind::Latency(..));
            if !fault.endpoints.matches(endpoint) || (is_rejected && !is_latency) {
                continue;
            }
            if !fault.trigger.matches(seen.fetch_add(1, Relaxed) + 1) {
                continue;
            }
            match &fault.kind {
                FaultKind::Latency(from, to) => injected.latency += self.draw_latency(*from, *to),
                kind => {
                    injected.kind = Some(kind.clone());
                    break;
                }
            }
        }
        injected
    }

    fn draw_latency(&self, from: Duration, to: Duration) -> Duration {
        let span = u64::try_from((to - from).as_micros()).unwrap_or(u64::MAX - 1);
        let mut random = Random::new(self.seed, self.latencies.fetch_add(1, Relaxed));
        from + Duration::from_micros(random.between(0, span + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(operation: &str) -> Endpoint {
        Endpoint::named(operation).unwrap()
    }

    fn plan(rules: &[&str]) -> FaultPlan {
        FaultPlan::new(rules.iter().map(|rule| rule.parse().unwrap()).collect(), 1)
    }

    fn has_faults(plan: &FaultPlan, endpoint: Endpoint, calls: usize) -> Vec<bool> {
        (0..calls).map(|_| plan.select(endpoint, false).kind.is_some()).collect()
    }

    #[test]
    fn triggers_select_calls_by_number() {
        let budget = endpoint("get_usage_budget");
        assert_eq!(has_faults(&plan(&["reset"]), budget, 3), [true, true, true]);
        assert_eq!(has_faults(&plan(&["reset:first=2"]), budget, 4), [true, true, false, false]);
        assert_eq!(has_faults(&plan(&["reset:every=2"]), budget, 4), [false, true, false, true]);
        assert_eq!(has_faults(&plan(&["reset:nth=3"]), budget, 4), [false, false, true, false]);
    }

    #[test]
    fn filters_select_calls_by_endpoint() {
        for (rule, expected) in [("reset", [true; 3]), ("reset@api", [true, true, false])] {
            let plan = plan(&[rule]);
            let endpoints = [endpoint("get_usage_budget"), endpoint("list_customers"), Endpoint::Token];
            assert_eq!(endpoints.map(|endpoint| plan.select(endpoint, false).kind.is_some()), expected, "{rule}");
        }
        let plan = plan(&["reset@token:first=1"]);
        assert_eq!(has_faults(&plan, endpoint("get_usage_budget"), 2), [false, false]);
        assert_eq!(has_faults(&plan, Endpoint::Token, 2), [true, false]);
    }

    #[test]
    fn the_first_matching_rule_wins_and_latency_adds_up() {
        let plan = plan(&["latency=1ms", "status=503:first=1", "reset:first=1"]);
        let injected: Vec<InjectedFault> = (0..3).map(|_| plan.select(Endpoint::Token, false)).collect();
        assert!(matches!(injected[0].kind, Some(FaultKind::Status { .. })));
        assert_eq!(injected[1].kind, Some(FaultKind::Reset));
        assert_eq!(injected[2].kind, None);
        assert!(injected.iter().all(|it| it.latency == Duration::from_millis(1)));
    }

    #[test]
    fn rejected_calls_get_latency_only() {
        let plan = plan(&["latency=1ms", "reset:first=1"]);
        let latency = Duration::from_millis(1);
        assert_eq!(plan.select(endpoint("list_customers"), true), InjectedFault { latency, kind: None });
        assert_eq!(
            plan.select(endpoint("list_customers"), false),
            InjectedFault { latency, kind: Some(FaultKind::Reset) }
        );
    }

    #[test]
    fn latency_is_in_its_range_and_follows_the_seed() {
        let latencies = |seed| {
            let plan = FaultPlan::new(vec!["latency=20ms..50ms".parse().unwrap()], seed);
            (0..100).map(|_| plan.select(Endpoint::Token, false).latency).collect::<Vec<_>>()
        };
        let range = Duration::from_millis(20)..=Duration::from_millis(50);
        assert!(latencies(1).iter().all(|wait| range.contains(wait)));
        assert_eq!(latencies(1), latencies(1));
        assert_ne!(latencies(1), latencies(2));
    }
}
