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
    println!("{}\ncounter-examples", figures.summary());
    for (count, case, judgement) in oracle::counterexamples(&figures) {
        println!("{}  {count} pairs of this kind", oracle::describe(&case, &judgement));
    }
}
