//! Services and callers that make no sense, and a service that changes its mind.

use std::collections::VecDeque;
use std::time::Duration;

use super::server::{Limit, Reply, Server};
use super::{Admit, Limiter, Random, Settings, Ticket};

/// Whatever happens, the limiter goes on: it never asks to wait for what has passed, nor for more than a day.
#[test]
fn nothing_upsets_it() {
    for seed in 0..200 {
        let mut random = Random(seed);
        let remembered_rate = (seed % 3 == 0).then(|| random.between(0.0, 1e6));
        let remembered_burst = (seed % 2 == 0).then(|| random.between(-5.0, 1e6));
        let settings = Settings { remembered_rate, remembered_burst, ..Settings::default() };
        let mut limiter = Limiter::new(settings);
        let mut now = Duration::ZERO;
        let mut tickets = Vec::new();
        for _ in 0..2_000 {
            match random.between(0.0, 10.0) as u32 {
                0 => now += Duration::from_secs_f64(random.between(0.0, 100.0)),
                1 | 2 => now += Duration::from_secs_f64(random.between(0.0, 0.05)),
                3..=7 => match limiter.admit(now) {
                    Admit::Send(ticket) => tickets.push(ticket),
                    Admit::Wait(until) => {
                        assert!(until > now && until < now + Duration::from_secs(86_401), "{until:?} at {now:?}");
                        now = until;
                    }
                    Admit::Full => assert!(!tickets.is_empty(), "nothing is on its way, and nothing may be"),
                },
                _ => {}
            }
            if !tickets.is_empty() && random.between(0.0, 1.0) < 0.6 {
                let ticket = tickets.swap_remove(random.between(0.0, tickets.len() as f64) as usize);
                match random.between(0.0, 20.0) as u32 {
                    0 => limiter.failed(ticket, now),
                    1 => limiter.refused(ticket, now, None),
                    2 => limiter.refused(ticket, now, Some(Duration::MAX)),
                    3 => limiter.refused(ticket, now, Some(Duration::ZERO)),
                    4 => limiter.refused(ticket, now, Some(Duration::from_secs_f64(random.between(0.0, 20.0)))),
                    _ => limiter.answered(ticket, now),
                }
            }
            assert!(limiter.in_flight() as usize == tickets.len() && tickets.len() <= 64);
            assert!(limiter.learned_rate().is_none_or(|rate| rate.is_finite() && rate > 0.0));
        }
    }
}

/// Sends all that it may from `from` to `to`, with an answer after 20 ms, and counts the answered and refused calls.
fn drive(limiter: &mut Limiter, server: &mut Server, from: u64, to: u64) -> (u32, u32) {
    let (mut answered, mut refused) = (0, 0);
    let mut under_way: VecDeque<(Duration, Ticket, Reply)> = VecDeque::new();
    for now in (from * 1_000..to * 1_000).map(Duration::from_millis) {
        while under_way.front().is_some_and(|(back, ..)| *back <= now) {
            match under_way.pop_front() {
                Some((_, ticket, Reply::Answered)) => {
                    limiter.answered(ticket, now);
                    answered += 1;
                }
                Some((_, ticket, Reply::Refused(after))) => {
                    limiter.refused(ticket, now, after.map(Duration::from_secs_f64));
                    refused += 1;
                }
                None => {}
            }
        }
        while let Admit::Send(ticket) = limiter.admit(now) {
            under_way.push_back((now + Duration::from_millis(20), ticket, server.call(now.as_secs_f64())));
        }
    }
    // What is still on its way is nobody's outcome.
    for (back, ticket, _) in under_way {
        limiter.failed(ticket, back);
    }
    (answered, refused)
}

#[test]
fn a_changed_rate_is_followed() {
    let limit = |rate| Limit::Bucket { rate, burst: rate, refused_count: true };
    let mut limiter = Limiter::new(Settings::default());
    let mut server = Server::new(limit(50.0), true);
    for (from, rate) in [(0, 50.0), (300, 20.0), (600, 50.0), (1_200, 500.0)] {
        server.change(limit(rate));
        drive(&mut limiter, &mut server, from, from + 200);
        let (answered, refused) = drive(&mut limiter, &mut server, from + 200, from + 300);
        println!("{rate}/s: {answered} answered and {refused} refused in 100 s, learned {:?}", limiter.learned_rate());
        // A lower rate is found at once, a higher one within minutes: nothing tells of it but trying.
        assert!(f64::from(answered) > 80.0 * rate || rate == 500.0, "{answered}");
        assert!(refused * 100 <= answered, "{refused} of {answered}");
    }
}

#[test]
fn idle_times_do_not_spoil_the_estimate() {
    for (burst, refused_count) in [(50.0, false), (50.0, true), (5.0, true)] {
        let mut limiter = Limiter::new(Settings::default());
        let mut server = Server::new(Limit::Bucket { rate: 50.0, burst, refused_count }, true);
        let (mut answered, mut refused) = (0, 0);
        for work in 0..20 {
            let (more, worse) = drive(&mut limiter, &mut server, work * 100, work * 100 + 20);
            (answered, refused) = (answered + more, refused + worse);
        }
        println!(
            "burst {burst}: {answered} of 20,000 answered, {refused} refused, learned {:?}",
            limiter.learned_rate()
        );
        assert!(answered > 19_000 && refused * 100 <= answered, "{answered} {refused}");
    }
}
