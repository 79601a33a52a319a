//! A simulation of callers, network and service: minutes of the limiter in milliseconds.
//!
//! `cargo test -p learned-rate-limiter simulation -- --nocapture --test-threads 1` prints the figures.

mod chaos;
mod figures;
mod scenario;
mod server;
mod table;
mod tasks;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use self::server::{Limit, Response, Server};
use crate::learner::{Admission, Decision, Learner};
use crate::settings::{Rate, Settings};

/// A number of calls, made by a number of tasks.
#[derive(Debug, Clone, Copy)]
struct Job {
    calls: u32,
    tasks: u32,
    /// The shortest and the longest latency, in seconds.
    latency: (f64, f64),
    limit: Limit,
    sends_retry_after: bool,
    seed: u64,
}

#[derive(Debug, Clone, Copy)]
struct JobResult {
    answered: u32,
    throttled: u32,
    max_in_flight: u32,
    seconds: f64,
    learned: Option<Rate>,
}

impl Job {
    fn mean_latency(&self) -> f64 {
        (self.latency.0 + self.latency.1) / 2.0
    }

    /// The seconds that a client needs that knows the limit.
    fn ideal(&self) -> f64 {
        let calls = f64::from(self.calls);
        let latency = self.mean_latency();
        let unlimited = calls * latency / f64::from(self.tasks.min(Settings::default().max_in_flight));
        let limited = match self.limit {
            Limit::None => 0.0,
            Limit::Bucket { rate, burst, .. } => (calls - burst) / rate,
            Limit::Window { calls: each, seconds } => ((calls / f64::from(each)).ceil() - 1.0) * seconds,
        };
        latency + unlimited.max(limited)
    }

    fn run(&self, settings: Settings) -> JobResult {
        Simulation::new(self, settings).run()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Ask,
    RequestArrives(usize),
    ResponseArrives(usize),
}

struct SimulatedCall {
    admission: Option<Admission>,
    /// The latency of the response, in seconds.
    way_back: f64,
    response: Response,
}

struct Simulation<'a> {
    job: &'a Job,
    learner: Learner,
    server: Server,
    random: Random,
    events: BinaryHeap<Reverse<(Duration, u64, Event)>>,
    calls: Vec<SimulatedCall>,
    in_flight: u32,
    asks_at: Option<Duration>,
    result: JobResult,
}

impl<'a> Simulation<'a> {
    fn new(job: &'a Job, settings: Settings) -> Self {
        Self {
            job,
            learner: Learner::new(settings),
            server: Server::new(job.limit, job.sends_retry_after),
            random: Random(job.seed),
            events: BinaryHeap::new(),
            calls: Vec::new(),
            in_flight: 0,
            asks_at: None,
            result: JobResult { answered: 0, throttled: 0, max_in_flight: 0, seconds: 0.0, learned: None },
        }
    }

    fn schedule(&mut self, time: Duration, event: Event) {
        // Events of the same time happen in the order of scheduling.
        let number = self.events.len() as u64 + self.calls.len() as u64;
        self.events.push(Reverse((time, number, event)));
    }

    fn run(mut self) -> JobResult {
        self.schedule(Duration::ZERO, Event::Ask);
        while let Some(Reverse((now, _, event))) = self.events.pop() {
            match event {
                Event::Ask => self.asks_at = None,
                Event::RequestArrives(call) => {
                    self.calls[call].response = self.server.call(now.as_secs_f64());
                    let then = now + Duration::from_secs_f64(self.calls[call].way_back);
                    self.schedule(then, Event::ResponseArrives(call));
                }
                Event::ResponseArrives(call) => self.finish(call, now),
            }
            self.send(now);
            assert!(self.calls.len() < 40 * self.job.calls as usize, "no progress: {:?}", self.job);
        }
        self.result.learned = self.learner.rate();
        self.result
    }

    fn finish(&mut self, call: usize, now: Duration) {
        self.in_flight -= 1;
        let call = &mut self.calls[call];
        let admission = call.admission.take().expect("each call ends once");
        match call.response {
            Response::Ok => {
                self.learner.answered(admission);
                self.result.answered += 1;
                self.result.seconds = now.as_secs_f64();
            }
            Response::TooManyRequests(retry_after) => {
                self.learner.throttled(admission, now, retry_after.map(Duration::from_secs_f64));
                self.result.throttled += 1;
            }
        }
    }

    fn send(&mut self, now: Duration) {
        while self.in_flight < self.job.tasks.min(self.job.calls - self.result.answered) {
            match self.learner.admit(now) {
                Decision::Admit(admission) => {
                    let (shortest, longest) = self.job.latency;
                    let way_there = self.random.between(shortest, longest) / 2.0;
                    let way_back = self.random.between(shortest, longest) / 2.0;
                    self.calls.push(SimulatedCall { admission: Some(admission), way_back, response: Response::Ok });
                    self.in_flight += 1;
                    self.result.max_in_flight = self.result.max_in_flight.max(self.in_flight);
                    let then = now + Duration::from_secs_f64(way_there);
                    self.schedule(then, Event::RequestArrives(self.calls.len() - 1));
                }
                Decision::WaitForOutcome => return,
                Decision::WaitUntil(until) => {
                    assert!(until > now, "the learner asks to wait for the past");
                    if self.asks_at.is_none_or(|at| until < at) {
                        self.asks_at = Some(until);
                        self.schedule(until, Event::Ask);
                    }
                    return;
                }
            }
        }
    }
}

/// SplitMix64: the same numbers from the same seed on every machine.
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
