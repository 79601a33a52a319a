//! A learner that resumes where another one stopped.

use std::time::Duration;

use crate::learner::{Decision, Learner};
use crate::{LearnedRate, Rate, Settings};

const LEARNED: LearnedRate = LearnedRate { per_second: 50.0, burst: 50.0, evidence: 60.0 };
const START: Duration = Duration::from_secs(7);

/// The number of calls that are admitted within some milliseconds from the start. Each is answered at once.
fn admitted(learner: &mut Learner, milliseconds: u32) -> usize {
    let mut count = 0;
    for passed in 0..milliseconds {
        let now = START + Duration::from_millis(passed.into());
        while let Decision::Admit(admission) = learner.admit(now) {
            learner.answered(admission);
            count += 1;
        }
    }
    count
}

fn resumed(learned: LearnedRate, idle: Duration) -> Learner {
    let mut learner = Learner::new(Settings::default());
    learner.resume_with(learned, idle, START);
    learner
}

#[test]
fn expects_an_empty_bucket_after_a_short_pause() {
    // 50 tokens flow in within a second, and one or two were left by the pause.
    let calls = admitted(&mut resumed(LEARNED, Duration::from_millis(20)), 1000);
    assert!((48..=52).contains(&calls), "{calls}");
}

#[test]
fn uses_the_tokens_of_the_pause_up_to_the_burst() {
    for idle in [2, 500] {
        let calls = admitted(&mut resumed(LEARNED, Duration::from_secs(idle)), 2000);
        assert!((130..=150).contains(&calls), "{idle}: {calls}");
    }
}

#[test]
fn keeps_the_evidence_up_to_the_maximum() {
    let with_evidence = |evidence| LearnedRate { evidence, ..LEARNED };
    for (evidence, expected) in [(1.0, 1.0), (1e9, 60.0)] {
        let learned = resumed(with_evidence(evidence), Duration::ZERO).learned();
        assert_eq!(learned.map(|learned| learned.evidence), Some(expected));
    }
    // A rough rate grows faster.
    let calls = |evidence| admitted(&mut resumed(with_evidence(evidence), Duration::ZERO), 5000);
    assert!(calls(1.0) > calls(60.0) + 5);
}

#[test]
fn survives_a_senseless_rate() {
    for learned in
        [LearnedRate { per_second: 1e300, burst: 1e-300, evidence: 0.0 }, LearnedRate { per_second: 1e-300, ..LEARNED }]
    {
        let mut learner = resumed(learned, Duration::MAX);
        let Decision::Admit(admission) = learner.admit(START) else { panic!("{learner:?}") };
        learner.throttled(admission, START, Some(Duration::from_secs(1)));
        assert!(matches!(learner.admit(START), Decision::WaitUntil(_)));
    }
}

#[test]
fn prefers_an_initial_rate() {
    let mut learner = Learner::new(Settings::default().initial_rate(Rate::per_second(5.0)));
    learner.resume_with(LEARNED, Duration::ZERO, START);
    assert_eq!(learner.rate().map(|rate| rate.per_second), Some(5.0));
}
