//! Reading a sheet.

use std::collections::HashMap;

use partner_center_budgets::CustomerId;
use partner_center_budgets_fleet::{DesiredBudget, Target};

use super::cells::{Lines, SheetRow};
use super::contents::{Sheet, StatedName};
use super::currency::{self, StatedCurrency};
use super::header::Columns;
use super::notation::{Choice, Evidence, Notation};
use super::problem::{Problems, display_path};
use super::{amount, name};
use crate::error::CliError;
use crate::output::notice::notice;

/// Reads a sheet. `path` is for messages.
///
/// # Errors
///
/// Lists all problems of the sheet, each with its position and how to write the cell.
pub(crate) fn read(path: &str, text: &str, choice: Choice) -> Result<Sheet, CliError> {
    let mut problems = Problems::new(path);
    // A shell that redirects the output of `export` may add a second byte order mark.
    let mut lines = Lines::new(text.trim_start_matches('\u{feff}'));
    let Some(columns) = Columns::find(&mut lines, &mut problems) else { return Err(problems.into_error()) };
    let delimiter = columns.delimiter;
    // All amounts together decide how each of them is read.
    let mut evidence = Evidence::default();
    lines.clone().for_each(delimiter, |row| {
        let cell = row.cells.get(columns.amount).copied().unwrap_or_default();
        evidence.add(cell, || row.position(columns.amount));
    });
    let notation = match evidence.notation(delimiter, choice) {
        Ok(notation) => Some(notation),
        Err((what, position)) => {
            problems.add(position, &what);
            None
        }
    };
    let mut reader = Reader { columns, notation, problems, sheet: Sheet::default(), first_rows: HashMap::new() };
    lines.for_each(delimiter, |row| reader.row(&row));
    if reader.sheet.budgets.is_empty() && reader.problems.is_empty() {
        let what = "the sheet has no rows; write one for each customer below the names of the columns";
        reader.problems.add((1, 1), what);
    }
    if !reader.problems.is_empty() {
        return Err(reader.problems.into_error());
    }
    if let (None, Some(example)) = (choice.mark, evidence.example()) {
        let (path, number) = (display_path(path), example.replace(',', "."));
        notice(format_args!("note: the amounts of {path} have a decimal comma: {example} is read as {number}"));
    }
    Ok(reader.sheet)
}

struct Reader {
    columns: Columns,
    /// How amounts are written; `None` if they contradict each other, which is already a problem.
    notation: Option<Notation>,
    problems: Problems,
    sheet: Sheet,
    /// Line and target of the first row of each customer.
    first_rows: HashMap<CustomerId, (u64, Target)>,
}

impl Reader {
    fn row(&mut self, row: &SheetRow<'_>) {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        if let Some(position) = row.unclosed_quote() {
            let what = "unclosed quote; close it at the end of the cell, and write `\"\"` for a quote inside a cell";
            return self.problems.add(position, what);
        }
        if let Some(at) = self.cell_with_rows(row) {
            let what = "a quoted cell contains whole rows; close the quote on its line, or write no quote";
            return self.problems.add(row.position(at), what);
        }
        let width = self.columns.width;
        if let Some(at) = (width..row.cells.len()).find(|at| !row.cells[*at].trim().is_empty()) {
            // A decimal comma in a sheet with commas looks like this, so do not guess.
            let what = format!(
                "{} cells, but the first line names {width}; write decimals with a point, and quote cells that contain `{}`",
                row.cells.len(),
                char::from(self.columns.delimiter)
            );
            return self.problems.add(row.position(at), &what);
        }
        if row.cells.len() <= self.columns.customer.max(self.columns.amount) {
            let count = row.cells.len();
            let what = format!(
                "{count} of {width} cells, so the customer or the amount is missing; to leave a budget unchanged, write the \
                 cell and keep it empty"
            );
            return self.problems.add(row.position(count.saturating_sub(1)), &what);
        }
        let customer = self.customer(row);
        let target = self.target(row);
        let currency = self.currency(row);
        if let (Some(customer), Some(target)) = (customer, target) {
            self.add(row, customer, target);
            self.add_currency(customer, currency);
        }
    }

    /// The index of a cell with whole rows in it: a missing quote makes the csv crate read up to the next one. Other cells
    /// with line breaks are notes.
    fn cell_with_rows(&self, row: &SheetRow<'_>) -> Option<usize> {
        let delimiter = char::from(self.columns.delimiter);
        let is_row = |line: &str| {
            let has_id = || line.split(delimiter).any(|cell| cell.trim().parse::<CustomerId>().is_ok());
            line.matches(delimiter).count() + 1 >= self.columns.width || has_id()
        };
        row.cells.iter().position(|cell| cell.split(['\r', '\n']).skip(1).any(is_row))
    }

    fn customer(&mut self, row: &SheetRow<'_>) -> Option<CustomerId> {
        let cell = row.cells[self.columns.customer].trim();
        let parsed = if cell.is_empty() { None } else { cell.parse().ok() };
        if parsed.is_none() {
            let what = match cell {
                "" => "no customer".to_owned(),
                cell => format!("`{cell:.60}` is not a customer id"),
            };
            let how = "write the GUID of its tenant, such as 11111111-1843-4b3b-872f-206e08a08e51";
            self.problems.add(row.position(self.columns.customer), &format!("{what}; {how}"));
        }
        parsed
    }

    fn target(&mut self, row: &SheetRow<'_>) -> Option<Target> {
        let cell = row.cells[self.columns.amount];
        let notation = match self.notation {
            Some(notation) => notation,
            // Report cells that are wrong in both notations.
            None if amount::has_no_meaning(cell) => Notation::of_chosen_point(self.columns.delimiter),
            None => return None,
        };
        match amount::parse(cell, notation) {
            Ok(target) => Some(target),
            Err(what) => {
                self.problems.add(row.position(self.columns.amount), &what);
                None
            }
        }
    }

    fn currency(&mut self, row: &SheetRow<'_>) -> Option<StatedCurrency> {
        let at = self.columns.currency?;
        // Spreadsheets omit empty cells at the end of a row.
        match currency::parse_code(row.cells.get(at).copied().unwrap_or_default()) {
            Ok(code) => code.map(|code| StatedCurrency { code, position: row.position(at) }),
            Err(what) => {
                self.problems.add(row.position(at), &what);
                None
            }
        }
    }

    fn add_currency(&mut self, customer: CustomerId, currency: Option<StatedCurrency>) {
        let Some(StatedCurrency { code, position }) = currency else { return };
        let first = self.sheet.currencies.entry(customer);
        let first = first.or_insert_with(|| StatedCurrency { code: code.clone(), position });
        if first.code != code {
            let what = format!("customer {customer} has another currency on line {}; keep one", first.position.0);
            self.problems.add(position, &what);
        }
    }

    fn add(&mut self, row: &SheetRow<'_>, customer: CustomerId, target: Target) {
        let (line, first) = *self.first_rows.entry(customer).or_insert((row.line, target));
        if first != target {
            let what = format!("customer {customer} has another amount on line {line}; keep one of both lines");
            return self.problems.add(row.position(self.columns.amount), &what);
        }
        let name = self.columns.name.and_then(|at| Some((at, row.cells.get(at)?)));
        if let Some((at, name)) = name.filter(|(_, name)| !name.trim().is_empty()) {
            self.sheet.names.push(StatedName { customer, name: name::read(name), position: row.position(at) });
        }
        self.sheet.budgets.push(DesiredBudget { line: row.line, customer, target });
    }
}
