//! Tables for people. On a terminal they fit its width and show the used share of a budget as a coloured bar.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::sanitize::sanitized;
use super::share::Share;
use super::terminal::stdout_width;
use super::{bar, markdown, truncate};

/// How a column aligns and shortens its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Text, aligned left and never shortened.
    Left,
    /// As `Left`, in a column that is left out if all its cells are empty.
    Optional,
    /// As `Left`, in a column that is left out if the terminal is too narrow for all others.
    Expendable,
    /// Ids, aligned left. They lose their middle if truncated texts alone do not make the table narrow enough.
    Id,
    /// Text, aligned left and truncated on a narrow terminal.
    Truncated,
    /// Numbers, aligned at the decimal point, in a column that is left out if no row has a text for it.
    Decimal,
}

/// The width that a truncated text keeps.
const MIN_WIDTH: usize = 8;
/// Columns of a bar.
const BAR_WIDTH: usize = 10;

/// A table.
pub(crate) struct Table {
    headers: Vec<(&'static str, Align)>,
    rows: Vec<TableRow>,
    leaves_out_expendable: bool,
}

struct TableRow {
    /// One for each header.
    cells: Vec<String>,
    /// The used share of a budget, which the last column shows.
    share: Option<Share>,
}

impl Table {
    pub(crate) fn new(headers: impl IntoIterator<Item = (&'static str, Align)>) -> Self {
        Self { headers: headers.into_iter().collect(), rows: Vec::new(), leaves_out_expendable: false }
    }

    /// Adds a row with one cell for each header. Control characters are shown by number.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.row_with_share(cells, None);
    }

    /// Adds a row whose last cell shows the used share of a budget.
    pub(crate) fn row_with_share(&mut self, cells: impl IntoIterator<Item = String>, share: Option<Share>) {
        let cells = cells.into_iter().map(|cell| sanitized(&cell).into_owned()).collect();
        self.rows.push(TableRow { cells, share });
    }

    /// Writes the table to standard output.
    pub(crate) fn print(self) -> io::Result<()> {
        // Removes the colours if standard output is not a terminal, and with NO_COLOR.
        let mut out = io::BufWriter::new(anstream::stdout().lock());
        for line in self.lines(stdout_width()) {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }

    /// Writes the table to standard output as Markdown.
    pub(crate) fn print_markdown(self) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let is_shown = |column: &usize| {
            let can_be_empty = !matches!(self.headers[*column].1, Align::Optional | Align::Decimal);
            can_be_empty || self.rows.is_empty() || self.rows.iter().any(|row| !row.cells[*column].is_empty())
        };
        let columns: Vec<usize> = (0..self.headers.len()).filter(is_shown).collect();
        writeln!(out, "{}", markdown::row(columns.iter().map(|column| self.headers[*column].0)))?;
        writeln!(out, "{}", markdown::rule(columns.iter().map(|column| self.headers[*column].1 == Align::Decimal)))?;
        for row in &self.rows {
            writeln!(out, "{}", markdown::row(columns.iter().map(|column| &row.cells[*column])))?;
        }
        out.flush()
    }

    /// `width` is that of the terminal. Without one, nothing is shortened and there are no bars.
    fn lines(mut self, width: Option<usize>) -> Vec<String> {
        for column in self.columns(Align::Decimal) {
            self.align_points(column);
        }
        let available = width.unwrap_or(usize::MAX);
        let mut widths = self.fit(available);
        for shorten in [truncate::id_middle, truncate::id_to_last_group] {
            if line_width(&widths) > available {
                self.shorten_ids(shorten);
                widths = self.fit(available);
            }
        }
        if line_width(&widths) > available {
            self.leaves_out_expendable = true;
            widths = self.fit(available);
        }
        let headers = self.headers.iter().map(|(header, _)| (*header).to_owned()).collect();
        let headers = TableRow { cells: headers, share: None };
        let has_bars = width.is_some() && line_width(&widths) + 2 + BAR_WIDTH <= available;
        let line = |row: &TableRow| {
            let columns = (0..widths.len()).filter(|column| widths[*column] > 0);
            let mut cells: Vec<_> =
                columns.map(|column| pad(&row.cells[column], widths[column], self.headers[column].1)).collect();
            let last = cells.pop().unwrap_or_default();
            let share = row.share.filter(|_| width.is_some());
            let style = share.map_or(Style::new(), |share| share.style());
            let percent = share.and_then(|share| share.percent).filter(|_| has_bars);
            let bar = percent.map(|percent| format!("  {}", bar::of(percent, BAR_WIDTH))).unwrap_or_default();
            cells.push(format!("{style}{}{style:#}", format!("{last}{bar}").trim_end()));
            cells.join("  ").trim_end().to_owned()
        };
        std::iter::once(&headers).chain(&self.rows).map(line).collect()
    }

    /// The columns with this alignment.
    fn columns(&self, align: Align) -> Vec<usize> {
        (0..self.headers.len()).filter(|column| self.headers[*column].1 == align).collect()
    }

    /// The width of each column, 0 for one that is left out. Truncated columns get as narrow as necessary and possible.
    fn fit(&self, available: usize) -> Vec<usize> {
        let width = |(column, (header, align)): (usize, &(&str, Align))| {
            let longest = self.rows.iter().map(|row| row.cells[column].width()).max().unwrap_or_default();
            match align {
                Align::Optional if longest == 0 => 0,
                Align::Decimal if longest == 0 && !self.rows.is_empty() => 0,
                Align::Expendable if self.leaves_out_expendable => 0,
                _ => longest.max(header.width()),
            }
        };
        let mut widths: Vec<usize> = self.headers.iter().enumerate().map(width).collect();
        for column in self.columns(Align::Truncated) {
            let excess = line_width(&widths).saturating_sub(available);
            widths[column] = widths[column].saturating_sub(excess).max(widths[column].min(MIN_WIDTH));
        }
        widths
    }

    fn shorten_ids(&mut self, shorten: fn(&str) -> String) {
        for column in self.columns(Align::Id) {
            for row in &mut self.rows {
                row.cells[column] = shorten(&row.cells[column]);
            }
        }
    }

    /// Pads the fractions to the same length, so that aligning to the right also aligns the points.
    fn align_points(&mut self, column: usize) {
        let fraction = |cell: &str| cell.find('.').map_or(0, |point| cell.len() - point);
        let longest = self.rows.iter().map(|row| fraction(&row.cells[column])).max().unwrap_or_default();
        for row in &mut self.rows {
            let missing = longest - fraction(&row.cells[column]);
            row.cells[column].push_str(&" ".repeat(missing));
        }
    }
}

/// A cell of `width` columns of the terminal. Only a cell that cannot be truncated may be wider.
fn pad(cell: &str, width: usize, align: Align) -> String {
    let cell = if align == Align::Truncated { truncate::end(cell, width) } else { cell.to_owned() };
    let space = " ".repeat(width.saturating_sub(cell.width()));
    match align {
        Align::Left | Align::Optional | Align::Expendable | Align::Id | Align::Truncated => cell + &space,
        Align::Decimal => space + &cell,
    }
}

/// The width of a line, with two spaces between its columns.
fn line_width(widths: &[usize]) -> usize {
    let columns = widths.iter().filter(|width| **width > 0).count();
    widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use partner_center_budgets::CustomerUsageRecord;
    use partner_center_budgets_fleet::BudgetStatus;

    use super::*;

    #[test]
    fn aligns_numbers_at_the_decimal_point() {
        let mut table = Table::new([("name", Align::Left), ("cost", Align::Decimal)]);
        for (name, cost) in [("one", "97.00"), ("two", "-"), ("three", "1200.125")] {
            table.row([name.to_owned(), cost.to_owned()]);
        }
        let expected = ["name       cost", "one      97.00", "two       -", "three  1200.125"];
        assert_eq!(table.lines(None), expected);
    }

    fn companies() -> Table {
        let mut table = Table::new([("id", Align::Left), ("name", Align::Truncated), ("% used", Align::Decimal)]);
        let rows = [
            ("a-long-id", "A Company with a Name", "79.99", BudgetStatus::Ok),
            ("b", "東京電力会社", "550.02", BudgetStatus::Over),
            ("c", "", "-", BudgetStatus::TrendUnknown),
        ];
        for (id, name, used, status) in rows {
            let mut record = CustomerUsageRecord::default();
            (record.total_cost, record.budget) = (used.parse().ok(), "100".parse().ok());
            table.row_with_share([id, name, used].map(str::to_owned), Share::of(&record, status));
        }
        table
    }

    #[test]
    fn narrow_terminal_truncates_names_only() {
        let plain = |width| {
            let lines = companies().lines(width).into_iter();
            lines.map(|line| anstream::adapter::strip_str(&line).to_string()).collect::<Vec<_>>()
        };
        let whole = plain(None);
        assert_eq!(whole[1], "a-long-id  A Company with a Name   79.99");
        assert_eq!(plain(Some(40)), whole);
        assert_eq!(plain(Some(52))[2], "b          東京電力会社           550.02  ██████████");
        for width in 29..52 {
            let lines = plain(Some(width));
            let longest = lines.iter().map(|line| line.width()).max().unwrap();
            assert!(longest <= width, "{width}\n{}", lines.join("\n"));
        }
        assert_eq!(plain(Some(29))[1..3], ["a-long-id  A Company…   79.99", "b          東京電力…   550.02"]);
        assert_eq!(plain(Some(1))[1], plain(Some(27))[1], "the minimum width stays");
    }

    #[test]
    fn only_terminals_get_colours() {
        assert!(companies().lines(None).iter().all(|line| !line.contains('\x1b')));
        assert!(companies().lines(Some(80))[2].contains("\x1b[31m"));
    }

    #[test]
    fn ids_lose_their_middle_if_truncated_names_are_not_enough() {
        let lines = |width| {
            let headers = [
                ("id", Align::Id),
                ("name", Align::Truncated),
                ("currency", Align::Optional),
                ("cost", Align::Decimal),
            ];
            let mut table = Table::new(headers);
            table.row(["0a000000-0000-4000-8000-00000000000b", "A Company with a Name", "", "1.25"].map(str::to_owned));
            table.lines(Some(width)).swap_remove(1)
        };
        assert_eq!(lines(52), "0a000000-0000-4000-8000-00000000000b  A Compa…  1.25");
        assert_eq!(lines(51), "0a000000-…-00000000000b  A Company with a Na…  1.25");
        assert_eq!(lines(39), "0a000000-…-00000000000b  A Compa…  1.25");
        assert_eq!(lines(38), "…-00000000000b  A Company with …  1.25");
        assert_eq!(lines(1), "…-00000000000b  A Compa…  1.25", "the minimum width stays");
    }
}
