//! How values are written.

use std::io::{self, Write};

use partner_center_budgets::Decimal;
pub(crate) use partner_center_budgets_fleet::counted;
use rust_decimal::RoundingStrategy;
use serde::Serialize;

use crate::arguments::Output;
use crate::failure::Told;
use crate::steering::{harmless_json, is_seen};

/// Prints a line about the run on standard error, with the control characters of names and paths shown by number.
pub(crate) fn notice(line: impl std::fmt::Display) {
    // A closed standard error must not stop the run.
    drop(writeln!(io::stderr(), "{}", printable_text::lines(&line.to_string())));
}

/// Writes `value` as one line of JSON.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut json = serde_json::to_string(value)?;
    if is_seen() {
        json = harmless_json(json);
    }
    Ok(writeln!(io::stdout().lock(), "{json}")?)
}

/// Refuses CSV for what is no list: a program that reads CSV must not get a table for people.
pub(crate) fn is_no_list(output: Output) -> Result<(), Told> {
    match output {
        Output::Table | Output::Json | Output::Ndjson => Ok(()),
        Output::Csv => Err(Told::usage(Told::lines(
            "this command has no result as CSV",
            "its result is no list of rows",
            "choose --output json; nothing was sent",
        ))),
    }
}

/// Refuses every format but the one for people, for commands that write something else than rows.
pub(crate) fn is_for_people(output: Output, command: &str, writes: &str) -> Result<(), Told> {
    if output == Output::Table {
        return Ok(());
    }
    Err(Told::usage(Told::lines(
        format_args!("`{command}` has no --output"),
        format_args!("it writes {writes}, whatever the format"),
        "leave out --output; nothing was sent",
    )))
}

/// All significant digits, and at least two places.
pub(crate) fn exact(value: Decimal) -> String {
    value.with_min_places(2).to_string()
}

/// Rounded to two places, half away from zero.
pub(crate) fn rounded(value: Decimal) -> String {
    let mut value =
        rust_decimal::Decimal::from(value).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    value.rescale(2);
    value.to_string()
}
