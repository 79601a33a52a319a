//! A large sheet compared with a file.

use std::fmt::Write as _;
use std::fs;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, ensure};

use super::command::{pc_budgets, text};
use super::row::Row;
use crate::median::median;
use crate::release::Release;

const LINES: u32 = 100_000;
const ROUNDS: usize = 7;

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let (sheet, current) = (folder.path().join("sheet.csv"), folder.path().join("current.csv"));
    fs::write(&sheet, lines(|number| format!("{}.{:02}", number % 977, number % 100))?)?;
    // A tenth has no budget, and some have the desired budget already.
    fs::write(
        &current,
        lines(|number| match number % 10 {
            0 => "none".to_owned(),
            _ => format!("{}.{:02}", number % 911, number % 100),
        })?,
    )?;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (times, output) in times.iter_mut().zip(["table", "json"]) {
            let words = ["plan", text(&sheet), "--current", text(&current), "--output", output];
            let began = Instant::now();
            let status =
                pc_budgets(release, &words).stdout(Stdio::null()).status().context("`pc-budgets` cannot be run")?;
            times.push(began.elapsed().as_secs_f64());
            ensure!(status.success(), "`plan` failed");
        }
    }
    let [table, json] = times.map(median);
    Ok(vec![Row {
        what: "`plan FILE.csv --current FILE`, 100,000 lines, the whole process".to_owned(),
        goal: "at most 1 s",
        measured: format!("{table:.2} s as a table, {json:.2} s as JSON"),
    }])
}

/// A sheet in the form that `export` writes.
fn lines(amount: impl Fn(u32) -> String) -> anyhow::Result<String> {
    let mut text = "customer,name,amount\n".to_owned();
    for number in 1..=LINES {
        writeln!(text, "00000000-0000-0000-0000-{number:012x},Customer {number},{}", amount(number))?;
    }
    Ok(text)
}
