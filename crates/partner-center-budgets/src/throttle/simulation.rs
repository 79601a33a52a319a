//! Virtual callers, a virtual network and a virtual service: a limiter shows in milliseconds what it does in minutes.

mod chaos;
mod figures;
mod server;
mod tasks;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use self::server::{Limit, Reply, Server};
use super::limiter::{Admit, Limiter, Ticket};
use super::settings::Settings;

/// One job: so many calls, made by so many tasks.
#[derive(Debug, Clone, Copy)]
struct Job {
    calls: u32,
    concurrency: u32,
    /// The shortest and the longest latency, in seconds.
    latency: (f64, f64),
    limit: Limit,
    tells_retry_after: bool,
    seed: u64,
}

#[derive(Debug, Clone, Copy)]
struct Outcome {
    answered: u32,
    refused: u32,
    /// Of the calls that were on their way at the same time.
    most_in_flight: u32,
    seconds: f64,
    learned_rate: Option<f64>,
    learned_burst: Option<f64>,
}

impl Job {
    fn mean_latency(&self) -> f64 {
        (self.latency.0 + self.latency.1) / 2.0
    }

    /// The seconds that a client would take that knows all about the service.
    fn ideal(&self) -> f64 {
        let calls = f64::from(self.calls);
        let latency = self.mean_latency();
        let unlimited =
            |calls: f64| calls * latency / f64::from(self.concurrency.min(Settings::default().max_in_flight));
        latency
            + match self.limit {
                Limit::None => unlimited(calls),
                Limit::Bucket { rate, burst, .. } => unlimited(calls).max((calls - burst) / rate),
                Limit::Window { calls: each, seconds } => {
                    unlimited(calls).max((calls / f64::from(each)).ceil().mul_add(seconds, -seconds))
                }
            }
    }

    fn run(&self, settings: Settings) -> Outcome {
        Simulation::new(self, settings).run()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Ask,
    Arrives(usize),
    Returns(usize),
}

struct Simulation<'a> {
    job: &'a Job,
    limiter: Limiter,
    server: Server,
    random: Random,
    events: BinaryHeap<Reverse<(Duration, u64, Event)>>,
    sent: Vec<(Option<Ticket>, f64, Reply)>,
    in_flight: u32,
    asks_at: Option<Duration>,
    outcome: Outcome,
}

impl<'a> Simulation<'a> {
    fn new(job: &'a Job, settings: Settings) -> Self {
        let outcome = Outcome {
            answered: 0,
            refused: 0,
            most_in_flight: 0,
            seconds: 0.0,
            learned_rate: None,
            learned_burst: None,
        };
        Self {
            job,
            limiter: Limiter::new(settings),
            server: Server::new(job.limit, job.tells_retry_after),
            random: Random(job.seed),
            events: BinaryHeap::new(),
            sent: Vec::new(),
            in_flight: 0,
            asks_at: None,
            outcome,
        }
    }

    fn at(&mut self, time: Duration, event: Event) {
        // What was scheduled first comes first among events of the same time.
        let number = self.events.len() as u64 + self.sent.len() as u64;
        self.events.push(Reverse((time, number, event)));
    }

    fn run(mut self) -> Outcome {
        self.at(Duration::ZERO, Event::Ask);
        while let Some(Reverse((now, _, event))) = self.events.pop() {
            match event {
                Event::Ask => self.asks_at = None,
                Event::Arrives(call) => {
                    self.sent[call].2 = self.server.call(now.as_secs_f64());
                    self.at(now + Duration::from_secs_f64(self.sent[call].1), Event::Returns(call));
                }
                Event::Returns(call) => self.returns(call, now),
            }
            self.send(now);
            assert!(self.sent.len() < 40 * self.job.calls as usize, "hopeless: {:?}", self.job);
        }
        self.outcome.learned_rate = self.limiter.learned_rate();
        self.outcome.learned_burst = self.limiter.learned_burst();
        self.outcome
    }

    fn returns(&mut self, call: usize, now: Duration) {
        self.in_flight -= 1;
        let (ticket, _, reply) = &mut self.sent[call];
        let ticket = ticket.take().expect("each call returns once");
        match *reply {
            Reply::Answered => {
                self.limiter.answered(ticket, now);
                self.outcome.answered += 1;
                self.outcome.seconds = now.as_secs_f64();
            }
            Reply::Refused(after) => {
                self.limiter.refused(ticket, now, after.map(Duration::from_secs_f64));
                self.outcome.refused += 1;
            }
        }
    }

    fn send(&mut self, now: Duration) {
        while self.in_flight < self.job.concurrency.min(self.job.calls - self.outcome.answered) {
            match self.limiter.admit(now) {
                Admit::Send(ticket) => {
                    let (shortest, longest) = self.job.latency;
                    let there = self.random.between(shortest, longest) / 2.0;
                    let back = self.random.between(shortest, longest) / 2.0;
                    self.sent.push((Some(ticket), back, Reply::Answered));
                    self.in_flight += 1;
                    self.outcome.most_in_flight = self.outcome.most_in_flight.max(self.in_flight);
                    self.at(now + Duration::from_secs_f64(there), Event::Arrives(self.sent.len() - 1));
                }
                Admit::Full => return,
                Admit::Wait(until) => {
                    assert!(until > now, "waiting for what has passed");
                    if self.asks_at.is_none_or(|at| until < at) {
                        self.asks_at = Some(until);
                        self.at(until, Event::Ask);
                    }
                    return;
                }
            }
        }
    }
}

/// SplitMix64: the same numbers from the same seed everywhere.
struct Random(u64);

impl Random {
    fn between(&mut self, least: f64, most: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        least + (most - least) * ((mixed >> 11) as f64 / (1u64 << 53) as f64)
    }
}
