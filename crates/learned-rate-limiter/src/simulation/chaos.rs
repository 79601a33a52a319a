//! Random outcomes, and services that change their limit.

use std::collections::VecDeque;
use std::time::Duration;

use super::server::{Limit, Response, Server};
use super::{Admission, Decision, Learner, Random, Settings};
use crate::Rate;

/// The learner never asks to wait for the past, for more than a day, or for the outcome of no call.
#[test]
fn survives_random_outcomes() {
    for seed in 0..200 {
        let mut random = Random(seed);
        let per_second = (seed % 3 == 0).then(|| random.between(0.0, 1e6));
        let burst = (seed % 2 == 0).then(|| random.between(-5.0, 1e6));
        let initial_rate = per_second.map(|per_second| Rate { per_second, burst });
        let mut learner = Learner::new(Settings { initial_rate, ..Settings::default() });
        let mut now = Duration::ZERO;
        let mut in_flight = Vec::new();
        for _ in 0..2_000 {
            match random.between(0.0, 10.0) as u32 {
                0 => now += Duration::from_secs_f64(random.between(0.0, 100.0)),
                1 | 2 => now += Duration::from_secs_f64(random.between(0.0, 0.05)),
                3..=7 => match learner.admit(now) {
                    Decision::Admit(admission) => in_flight.push(admission),
                    Decision::WaitUntil(until) => {
                        assert!(until > now && until < now + Duration::from_secs(86_401), "{until:?} at {now:?}");
                        now = until;
                    }
                    Decision::WaitForOutcome => assert!(!in_flight.is_empty(), "{learner:?}"),
                },
                _ => {}
            }
            if !in_flight.is_empty() && random.between(0.0, 1.0) < 0.6 {
                let call = in_flight.swap_remove(random.between(0.0, in_flight.len() as f64) as usize);
                match random.between(0.0, 20.0) as u32 {
                    0 => learner.unknown(call),
                    1 => learner.throttled(call, now, None),
                    2 => learner.throttled(call, now, Some(Duration::MAX)),
                    3 => learner.throttled(call, now, Some(Duration::ZERO)),
                    4 => learner.throttled(call, now, Some(Duration::from_secs_f64(random.between(0.0, 20.0)))),
                    _ => learner.answered(call),
                }
            }
            assert!(learner.in_flight() as usize == in_flight.len() && in_flight.len() <= 64);
            assert!(learner.rate().is_none_or(|rate| rate.per_second.is_finite() && rate.per_second > 0.0));
        }
    }
}

/// Sends all calls that it may between two times in seconds. Each response arrives after 20 ms. Returns the numbers of
/// answered and throttled calls.
fn drive(learner: &mut Learner, server: &mut Server, from: u64, to: u64) -> (u32, u32) {
    let (mut answered, mut throttled) = (0, 0);
    let mut in_flight: VecDeque<(Duration, Admission, Response)> = VecDeque::new();
    for now in (from * 1_000..to * 1_000).map(Duration::from_millis) {
        while let Some((arrival, admission, response)) = in_flight.pop_front() {
            if arrival > now {
                in_flight.push_front((arrival, admission, response));
                break;
            }
            match response {
                Response::Ok => {
                    learner.answered(admission);
                    answered += 1;
                }
                Response::TooManyRequests(retry_after) => {
                    learner.throttled(admission, now, retry_after.map(Duration::from_secs_f64));
                    throttled += 1;
                }
            }
        }
        while let Decision::Admit(admission) = learner.admit(now) {
            let response = server.call(now.as_secs_f64());
            in_flight.push_back((now + Duration::from_millis(20), admission, response));
        }
    }
    for (_, admission, _) in in_flight {
        learner.unknown(admission);
    }
    (answered, throttled)
}

#[test]
fn follows_a_changed_rate() {
    let limit = |rate| Limit::Bucket { rate, burst: rate, counts_throttled: true };
    let mut learner = Learner::new(Settings::default());
    let mut server = Server::new(limit(50.0), true);
    for (from, rate) in [(0, 50.0), (300, 20.0), (600, 50.0), (1_200, 500.0)] {
        server.change(limit(rate));
        drive(&mut learner, &mut server, from, from + 200);
        let (answered, throttled) = drive(&mut learner, &mut server, from + 200, from + 300);
        println!("{rate}/s: {answered} answered and {throttled} throttled in 100 s, learned {:?}", learner.rate());
        // A lower rate is found at once, a higher one within minutes: only trying shows it.
        assert!(f64::from(answered) > 80.0 * rate || rate == 500.0, "{answered}");
        assert!(throttled * 100 <= answered, "{throttled} of {answered}");
    }
}

#[test]
fn keeps_its_estimate_in_idle_times() {
    for (burst, counts_throttled) in [(50.0, false), (50.0, true), (5.0, true)] {
        let mut learner = Learner::new(Settings::default());
        let mut server = Server::new(Limit::Bucket { rate: 50.0, burst, counts_throttled }, true);
        let (mut answered, mut throttled) = (0, 0);
        for work in 0..20 {
            let (more_answered, more_throttled) = drive(&mut learner, &mut server, work * 100, work * 100 + 20);
            (answered, throttled) = (answered + more_answered, throttled + more_throttled);
        }
        println!("burst {burst}: {answered} answered, {throttled} throttled, learned {:?}", learner.rate());
        assert!(answered > 19_000 && throttled * 100 <= answered, "{answered} {throttled}");
    }
}
