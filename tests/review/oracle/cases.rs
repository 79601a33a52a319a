//! The oracle on seeded pairs, and on counter-examples that it once found.

use super::{Verdict, counterexamples, run, yaml};

const PAIRS: usize = 300;

/// At most one false alarm in so many pairs.
const PAIRS_PER_FALSE_ALARM: usize = 100;

#[test]
fn values_confirm_the_verdicts_on_generated_pairs() {
    let figures = run(PAIRS, 7);
    let list = || {
        let line = |(_, case, judgement): &(usize, super::Case, super::Judgement)| {
            let [old, new] = case.sides.each_ref().map(yaml);
            format!("\n{:?} in a {:?}\n  old: {old}\n  new: {new}\n  {judgement:?}", judgement.verdict, case.direction)
        };
        counterexamples(&figures).iter().map(line).collect::<String>()
    };
    assert_eq!(figures.pairs, PAIRS);
    assert!(figures.count(Verdict::Breaking) > PAIRS / 10 && figures.count(Verdict::Safe) > PAIRS / 10, "{figures:?}");
    assert_eq!(figures.count(Verdict::Missed), 0, "{}", list());
    assert!(figures.count(Verdict::FalseAlarm) * PAIRS_PER_FALSE_ALARM <= PAIRS, "{}", list());
}
