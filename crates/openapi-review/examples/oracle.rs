//! Judges random pairs of schemas by values, and prints the figures and the smallest counter-examples:
//! `cargo oracle [PAIRS] [SEED]`
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a tool for ourselves")]

use std::env;
use std::time::Instant;

#[path = "../../../tests/review/oracle/mod.rs"]
mod oracle;

fn main() {
    let number = |place: usize, default: u64| {
        env::args().nth(place).map_or(default, |text| text.replace(['_', ','], "").parse().expect("not a number"))
    };
    let pairs = usize::try_from(number(1, 100_000)).expect("too many pairs");
    let seed = number(2, 1);
    let start = Instant::now();
    let figures = oracle::run(pairs, seed);
    println!("{} pairs with seed {seed} in {:.1?}", figures.pairs, start.elapsed());
    for verdict in oracle::VERDICTS {
        let count = figures.count(verdict);
        println!("{count:8} {verdict:?} ({:.2} %)", 100.0 * count as f64 / figures.pairs as f64);
    }
    println!("\nrule: pairs with breaking findings, of these false alarms");
    for (rule, [all, wrong]) in &figures.rules {
        println!("{all:8} {wrong:6} {rule}");
    }
    println!("\ncounter-examples");
    for (count, case, judgement) in oracle::counterexamples(&figures) {
        println!("\n{:?} in a {:?}: {count} of this kind", judgement.verdict, case.direction);
        println!("  old: {}\n  new: {}", oracle::yaml(&case.sides[0]), oracle::yaml(&case.sides[1]));
        if let Some(witness) = &judgement.witness {
            println!("  refused: {witness}");
        }
        for (level, id, text) in &judgement.findings {
            println!("  {level:?} {id}: {text}");
        }
    }
}
