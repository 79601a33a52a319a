//! Budgets in a sheet: CSV as people have it.
//!
//! A sheet is read as a whole before anything else is done, and all that is wrong with it is told at once.

mod amount;
mod cells;
mod check;
mod company;
mod currency;
mod header;
mod name;
mod notation;
mod number;
mod problem;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};

use anyhow::Context;
use durable_files::NotText;
use partner_center_budgets::CustomerId;
use partner_center_budgets_fleet::{DesiredBudget, Target};

use crate::failure::Told;
use crate::output::notice;
pub(crate) use amount::written as amount_written;
use cells::Lines;
pub(crate) use company::KnownNames;
use currency::Stated;
pub(crate) use currency::code as currency_code;
use header::Columns;
pub(crate) use name::written as name_written;
pub(crate) use notation::{Choice, DecimalMark};
use notation::{Evidence, Notation};
use problem::Problems;

/// What a sheet says.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) wishes: Vec<DesiredBudget>,
    /// Names of customers, where the sheet has a column for them.
    pub(crate) names: Vec<StatedName>,
    /// Codes of currencies, where the sheet has a column for them.
    pub(crate) currencies: BTreeMap<CustomerId, Stated>,
}

/// The name that a row has for its customer.
#[derive(Debug)]
pub(crate) struct StatedName {
    pub(crate) customer: CustomerId,
    pub(crate) name: String,
    /// Line and column.
    place: (u64, usize),
}

/// A path as messages name it.
fn shown(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}

/// The text of a file, or of standard input for `-`.
pub(crate) fn text(path: &str) -> Result<String, Told> {
    let mut bytes = Vec::new();
    let read = match path {
        "-" => read_all(io::stdin().lock(), &mut bytes).context("standard input cannot be read"),
        path => std::fs::File::open(path)
            .and_then(|file| read_all(file, &mut bytes))
            .with_context(|| format!("{path} cannot be read")),
    };
    let told = |error: anyhow::Error| {
        let why = error.root_cause().to_string();
        Told::usage(Told::lines(error, why, "check the path and that you may read the file"))
    };
    read.map_err(told)?;
    let refused = |place, what: &str| {
        let mut problems = Problems::new(shown(path));
        problems.add(place, format!("{what} {REMEDY}"));
        problems.told()
    };
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(refused((1, 1), "the file is a workbook and no CSV;"));
    }
    let decoded = durable_files::decode(&bytes).map(std::borrow::Cow::into_owned);
    decoded.map_err(|error| refused((error.line, error.column), not_text(error.reason)))
}

/// The largest sheet, in bytes. One with a million rows takes a quarter of it.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// A shell passes the output of a command as a pipe, which ends; a device may not.
fn read_all(source: impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    source.take(MOST_BYTES + 1).read_to_end(bytes)?;
    match bytes.len() as u64 > MOST_BYTES {
        true => Err(io::Error::other(format!("it is longer than {MOST_BYTES} bytes"))),
        false => Ok(()),
    }
}

const REMEDY: &str = "save it in Excel as \"CSV UTF-8 (Comma delimited)\"";

fn not_text(reason: NotText) -> &'static str {
    match reason {
        NotText::LoneSurrogate => {
            "half a character (a lone surrogate of UTF-16), so that what was meant is not known; write it anew, or"
        }
        NotText::CutOff => {
            "the file is UTF-16 and ends within a character, so that it may be cut off; write it anew, or"
        }
        NotText::ZeroBytes => "the file has bytes of zero, as UTF-16 without a byte order mark has;",
        NotText::NotUtf8 => "the file is not UTF-8, as Excel's plain \"CSV\" is not;",
    }
}

/// Reads a sheet. `path` is for messages.
///
/// # Errors
///
/// All that is wrong with it, each with its place and how to write it.
pub(crate) fn read(path: &str, text: &str, choice: Choice) -> Result<Sheet, Told> {
    let mut problems = Problems::new(shown(path));
    // A shell that decodes what `export` writes keeps its mark as a character, and puts another mark before it.
    let mut lines = Lines::new(text.trim_start_matches('\u{feff}'));
    let Some(columns) = Columns::find(&mut lines, &mut problems) else { return Err(problems.told()) };
    let delimiter = columns.delimiter;
    // All amounts decide how each of them is read.
    let mut evidence = Evidence::default();
    lines.clone().each(delimiter, |row| {
        let cell = row.cells.get(columns.amount).copied().unwrap_or_default();
        evidence.add(cell, || row.place(columns.amount));
    });
    let notation = match evidence.notation(delimiter, choice) {
        Ok(notation) => Some(notation),
        Err((what, place)) => {
            problems.add(place, what);
            None
        }
    };
    let mut reading = Reading { columns, notation, problems, sheet: Sheet::default(), seen: HashMap::new() };
    lines.each(delimiter, |row| reading.row(&row));
    if reading.sheet.wishes.is_empty() && reading.problems.is_empty() {
        let what = "the sheet has no rows; write one for each customer below the names of the columns";
        reading.problems.add((1, 1), what.to_owned());
    }
    if !reading.problems.is_empty() {
        return Err(reading.problems.told());
    }
    if let (None, Some(example)) = (choice.mark, evidence.example()) {
        let (path, number) = (shown(path), example.replace(',', "."));
        notice(format_args!("note: the amounts of {path} have a decimal comma: {example} is read as {number}"));
    }
    Ok(reading.sheet)
}

struct Reading {
    columns: Columns,
    /// How amounts are written; `None` if they contradict each other, which is a problem already.
    notation: Option<Notation>,
    problems: Problems,
    sheet: Sheet,
    /// The first row of each customer.
    seen: HashMap<CustomerId, (u64, Target)>,
}

impl Reading {
    fn row(&mut self, row: &cells::Row<'_>) {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        if let Some(place) = row.broken_quote() {
            let what = "a quote that is not closed before the next cell; write quotes within a cell twice, or none";
            return self.problems.add(place, what.to_owned());
        }
        if let Some(at) = self.swallowed(row) {
            let what = "a quoted cell that has whole rows in it; close the quote on its line, or write no quote";
            return self.problems.add(row.place(at), what.to_owned());
        }
        let width = self.columns.width;
        if let Some(at) = (width..row.cells.len()).find(|at| !row.cells[*at].trim().is_empty()) {
            // A decimal comma in a sheet with commas looks like this, so nothing may be guessed.
            let what = format!(
                "{} cells, but the first line names {width}; write decimals with a point, and quote cells that contain `{}`",
                row.cells.len(),
                char::from(self.columns.delimiter)
            );
            return self.problems.add(row.place(at), what);
        }
        if row.cells.len() <= self.columns.customer.max(self.columns.amount) {
            let count = row.cells.len();
            let what = format!(
                "{count} of {width} cells, so the customer or the amount is missing; to leave a budget alone write the \
                 cell and keep it empty"
            );
            return self.problems.add(row.place(count.saturating_sub(1)), what);
        }
        let customer = self.customer(row);
        let want = self.want(row);
        let currency = self.currency(row);
        if let (Some(customer), Some(want)) = (customer, want) {
            self.add(row, customer, want);
            self.add_currency(customer, currency);
        }
    }

    /// A cell with line breaks is a note that somebody wrote, or all that stands between two stray quotes.
    fn swallowed(&self, row: &cells::Row<'_>) -> Option<usize> {
        let delimiter = char::from(self.columns.delimiter);
        let is_row = |line: &str| {
            let has_id = || line.split(delimiter).any(|cell| cell.trim().parse::<CustomerId>().is_ok());
            line.matches(delimiter).count() + 1 >= self.columns.width || has_id()
        };
        row.cells.iter().position(|cell| cell.split(['\r', '\n']).skip(1).any(is_row))
    }

    fn customer(&mut self, row: &cells::Row<'_>) -> Option<CustomerId> {
        let cell = row.cells[self.columns.customer].trim();
        let parsed = if cell.is_empty() { None } else { cell.parse().ok() };
        if parsed.is_none() {
            let what = match cell {
                "" => "no customer".to_owned(),
                cell => format!("`{cell:.60}` is not the id of a customer"),
            };
            let how = "write the GUID of its tenant, such as 11111111-1843-4b3b-872f-206e08a08e51";
            self.problems.add(row.place(self.columns.customer), format!("{what}; {how}"));
        }
        parsed
    }

    fn want(&mut self, row: &cells::Row<'_>) -> Option<Target> {
        let cell = row.cells[self.columns.amount];
        let notation = match self.notation {
            Some(notation) => notation,
            // Problems that exist in both notations can be reported.
            None if amount::has_no_meaning(cell) => Notation::of_chosen_point(self.columns.delimiter),
            None => return None,
        };
        match amount::want(cell, notation) {
            Ok(want) => Some(want),
            Err(what) => {
                self.problems.add(row.place(self.columns.amount), what);
                None
            }
        }
    }

    fn currency(&mut self, row: &cells::Row<'_>) -> Option<Stated> {
        let at = self.columns.currency?;
        // At the end of a row spreadsheets leave empty cells out.
        match currency::code(row.cells.get(at).copied().unwrap_or_default()) {
            Ok(code) => code.map(|code| Stated { code, place: row.place(at) }),
            Err(what) => {
                self.problems.add(row.place(at), what);
                None
            }
        }
    }

    fn add_currency(&mut self, customer: CustomerId, currency: Option<Stated>) {
        let Some(currency) = currency else { return };
        let place = currency.place;
        let first = self.sheet.currencies.entry(customer).or_insert(Stated { code: currency.code.clone(), place });
        if first.code != currency.code {
            let what = format!("customer {customer} has another currency on line {}; keep one", first.place.0);
            self.problems.add(place, what);
        }
    }

    fn add(&mut self, row: &cells::Row<'_>, customer: CustomerId, want: Target) {
        let (line, first) = *self.seen.entry(customer).or_insert((row.line, want));
        if first != want {
            let what = format!("customer {customer} has another amount on line {line}; keep one of both lines");
            return self.problems.add(row.place(self.columns.amount), what);
        }
        let name = self.columns.name.and_then(|at| Some((at, row.cells.get(at)?)));
        if let Some((at, name)) = name.filter(|(_, name)| !name.trim().is_empty()) {
            self.sheet.names.push(StatedName { customer, name: name::read(name), place: row.place(at) });
        }
        self.sheet.wishes.push(DesiredBudget { line: row.line, customer, target: want });
    }
}
