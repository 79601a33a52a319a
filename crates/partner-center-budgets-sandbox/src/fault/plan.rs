//! Which faults strike which call.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use super::{Fault, What};
use crate::{endpoint::Endpoint, random::Random};

/// The rules in force, and how many calls each of them has seen.
#[derive(Debug)]
pub(crate) struct Plan {
    rules: Vec<(Fault, AtomicU64)>,
    seed: u64,
    /// Waits that were drawn so far.
    waits: AtomicU64,
}

/// What strikes one call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) latency: Duration,
    pub(crate) what: Option<What>,
}

impl Plan {
    pub(crate) fn new(faults: Vec<Fault>, seed: u64) -> Plan {
        let rules = faults.into_iter().map(|fault| (fault, AtomicU64::new(0))).collect();
        Plan { rules, seed, waits: AtomicU64::new(0) }
    }

    /// What strikes a call of an endpoint; where a throttle has rejected the call, only the latency.
    pub(crate) fn strike(&self, endpoint: Endpoint, rejected: bool) -> Strike {
        let mut strike = Strike::default();
        for (fault, seen) in &self.rules {
            let waits = matches!(fault.what, What::Latency(..));
            if !fault.place.holds(endpoint) || (rejected && !waits) {
                continue;
            }
            if !fault.often.holds(seen.fetch_add(1, Relaxed) + 1) {
                continue;
            }
            match &fault.what {
                What::Latency(from, to) => strike.latency += self.draw(*from, *to),
                what => {
                    strike.what = Some(what.clone());
                    break;
                }
            }
        }
        strike
    }

    fn draw(&self, from: Duration, to: Duration) -> Duration {
        let span = u64::try_from((to - from).as_micros()).unwrap_or(u64::MAX - 1);
        let mut random = Random::new(self.seed, self.waits.fetch_add(1, Relaxed));
        from + Duration::from_micros(random.between(0, span + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rules: &[&str]) -> Plan {
        Plan::new(rules.iter().map(|rule| rule.parse().unwrap()).collect(), 1)
    }

    fn struck(plan: &Plan, endpoint: Endpoint, calls: usize) -> Vec<bool> {
        (0..calls).map(|_| plan.strike(endpoint, false).what.is_some()).collect()
    }

    #[test]
    fn rules_strike_as_often_as_they_say() {
        let budget = Endpoint::GetUsageBudget;
        assert_eq!(struck(&plan(&["reset"]), budget, 3), [true, true, true]);
        assert_eq!(struck(&plan(&["reset:first=2"]), budget, 4), [true, true, false, false]);
        assert_eq!(struck(&plan(&["reset:every=2"]), budget, 4), [false, true, false, true]);
        assert_eq!(struck(&plan(&["reset:nth=3"]), budget, 4), [false, false, true, false]);
    }

    #[test]
    fn rules_strike_where_they_say() {
        for (rule, expected) in [("reset", [true; 3]), ("reset@api", [true, true, false])] {
            let plan = plan(&[rule]);
            let places = [Endpoint::GetUsageBudget, Endpoint::ListCustomers, Endpoint::Token];
            assert_eq!(places.map(|place| plan.strike(place, false).what.is_some()), expected, "{rule}");
        }
        let plan = plan(&["reset@token:first=1"]);
        assert_eq!(struck(&plan, Endpoint::GetUsageBudget, 2), [false, false]);
        assert_eq!(struck(&plan, Endpoint::Token, 2), [true, false]);
    }

    #[test]
    fn one_rule_keeps_the_call_and_the_next_one_waits() {
        let plan = plan(&["latency=1ms", "status=503:first=1", "reset:first=1"]);
        let strikes: Vec<Strike> = (0..3).map(|_| plan.strike(Endpoint::Token, false)).collect();
        assert!(matches!(strikes[0].what, Some(What::Status { .. })));
        assert_eq!(strikes[1].what, Some(What::Reset));
        assert_eq!(strikes[2].what, None);
        assert!(strikes.iter().all(|strike| strike.latency == Duration::from_millis(1)));
    }

    #[test]
    fn rejected_calls_are_late_and_nothing_else() {
        let plan = plan(&["latency=1ms", "reset:first=1"]);
        let latency = Duration::from_millis(1);
        assert_eq!(plan.strike(Endpoint::ListCustomers, true), Strike { latency, what: None });
        assert_eq!(plan.strike(Endpoint::ListCustomers, false), Strike { latency, what: Some(What::Reset) });
    }

    #[test]
    fn latency_stays_in_its_range_and_follows_the_seed() {
        let waits = |seed| {
            let plan = Plan::new(vec!["latency=20ms..50ms".parse().unwrap()], seed);
            (0..100).map(|_| plan.strike(Endpoint::Token, false).latency).collect::<Vec<_>>()
        };
        let range = Duration::from_millis(20)..=Duration::from_millis(50);
        assert!(waits(1).iter().all(|wait| range.contains(wait)));
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
    }
}
