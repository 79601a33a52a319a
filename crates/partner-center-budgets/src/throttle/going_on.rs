//! A limiter that goes on where another one stopped, in made-up time.

use std::time::Duration;

use super::limiter::{Admit, Limiter};
use super::settings::{Known, Settings};

const KNOWN: Known = Known { per_second: 50.0, burst: 50.0, evidence: 60.0 };
const START: Duration = Duration::from_secs(7);

/// How many calls it lets through within so many milliseconds from the start on, each answered at once.
fn let_through(limiter: &mut Limiter, milliseconds: u32) -> usize {
    let mut count = 0;
    for passed in 0..milliseconds {
        let now = START + Duration::from_millis(passed.into());
        while let Admit::Send(ticket) = limiter.admit(now) {
            limiter.answered(ticket, now);
            count += 1;
        }
    }
    count
}

fn going_on(known: Known, idle: Duration) -> Limiter {
    let mut limiter = Limiter::new(Settings::default());
    limiter.go_on(known, idle, START);
    limiter
}

#[test]
fn a_bucket_that_may_be_empty_is_not_emptied() {
    // 50 calls flow in within a second, and one or two are there because nobody was for a moment.
    let calls = let_through(&mut going_on(KNOWN, Duration::from_millis(20)), 1000);
    assert!((48..=52).contains(&calls), "{calls}");
}

#[test]
fn what_flowed_in_meanwhile_is_there_up_to_the_burst() {
    for idle in [2, 500] {
        let calls = let_through(&mut going_on(KNOWN, Duration::from_secs(idle)), 2000);
        assert!((130..=150).contains(&calls), "{idle}: {calls}");
    }
}

#[test]
fn little_evidence_is_no_more_than_it_was() {
    let rough = Known { evidence: 1.0, ..KNOWN };
    assert_eq!(going_on(rough, Duration::ZERO).known().map(|known| known.evidence), Some(1.0));
    let sure = Known { evidence: 1e9, ..KNOWN };
    assert_eq!(going_on(sure, Duration::ZERO).known().map(|known| known.evidence), Some(60.0));
    // A rough rate is one to try out.
    let calls = |known| let_through(&mut going_on(known, Duration::ZERO), 5000);
    assert!(calls(rough) > calls(sure) + 5);
}

#[test]
fn what_makes_no_sense_does_no_harm() {
    for known in [Known { per_second: 1e300, burst: 1e-300, evidence: 0.0 }, Known { per_second: 1e-300, ..KNOWN }] {
        let mut limiter = going_on(known, Duration::MAX);
        let Admit::Send(ticket) = limiter.admit(START) else { panic!("{limiter:?}") };
        limiter.refused(ticket, START, Some(Duration::from_secs(1)));
        assert!(matches!(limiter.admit(START), Admit::Wait(_)));
    }
}

#[test]
fn what_was_remembered_is_kept() {
    let settings = Settings { remembered_rate: Some(5.0), ..Settings::default() };
    let mut limiter = Limiter::new(settings);
    limiter.go_on(KNOWN, Duration::ZERO, START);
    assert_eq!(limiter.learned_rate(), Some(5.0));
}
