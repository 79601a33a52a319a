//! Tables for people. On a terminal they fit its width, and shares of budgets get a bar and a colour.

pub(crate) mod cut;

use std::io::{self, IsTerminal, Write};

use anstyle::Style;
use terminal_size::{Width, terminal_size};
use unicode_width::UnicodeWidthStr;

use crate::bar;
use crate::share::Share;
use crate::steering::harmless;

/// How the cells of a column stand below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Texts that are kept whole: by their beginning.
    Left,
    /// The same, in a column that is left out where no row has any.
    Known,
    /// Ids: by their beginning. They lose their middle where the terminal is narrower than cut texts can make up for.
    Id,
    /// Texts that may be cut where the terminal is narrow: by their beginning.
    Cut,
    /// Numbers: by their decimal point.
    Point,
}

/// What a text that may be cut keeps.
const SHORTEST: usize = 8;
/// Bars have so many columns.
const BAR: usize = 10;

/// A table with `N` columns.
pub(crate) struct Table<const N: usize> {
    heads: [(&'static str, Align); N],
    rows: Vec<Row<N>>,
}

struct Row<const N: usize> {
    cells: [String; N],
    /// What is used of a budget: the last column tells it.
    share: Option<Share>,
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(heads: [(&'static str, Align); N]) -> Self {
        Self { heads, rows: Vec::new() }
    }

    /// Adds a row. Texts from outside must not steer the terminal.
    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.row_used(cells, None);
    }

    /// Adds a row whose last cell says how much of a budget is used.
    pub(crate) fn row_used(&mut self, cells: [String; N], share: Option<Share>) {
        self.rows.push(Row { cells: cells.map(|cell| harmless(&cell).into_owned()), share });
    }

    /// Writes the table to standard output.
    pub(crate) fn print(self) -> io::Result<()> {
        let is_terminal = io::stdout().is_terminal();
        let width = is_terminal.then(terminal_size).flatten().map(|(Width(width), _)| usize::from(width));
        // Takes the colours out where nobody sees them, or nobody wants them.
        let mut out = io::BufWriter::new(anstream::stdout().lock());
        for line in self.lines(width) {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }

    /// `width` is that of the terminal; without one, nothing is cut and there are no bars.
    fn lines(mut self, width: Option<usize>) -> Vec<String> {
        for column in 0..N {
            if self.heads[column].1 == Align::Point {
                self.align_points(column);
            }
        }
        let available = width.unwrap_or(usize::MAX);
        let mut widths = self.fit(available);
        for shorten in [cut::middle, cut::end] {
            if taken(&widths) > available {
                self.shorten_ids(shorten);
                widths = self.fit(available);
            }
        }
        let heads = Row { cells: self.heads.map(|(head, _)| head.to_owned()), share: None };
        let has_bars = width.is_some() && taken(&widths) + 2 + BAR <= available;
        let line = |row: &Row<N>| {
            let columns = (0..N).filter(|column| widths[*column] > 0);
            let mut cells: Vec<_> =
                columns.map(|column| pad(&row.cells[column], widths[column], self.heads[column].1)).collect();
            let last = cells.pop().unwrap_or_default();
            let share = row.share.filter(|_| width.is_some());
            let style = share.map_or(Style::new(), |share| share.style());
            let percent = share.and_then(|share| share.percent).filter(|_| has_bars);
            let bar = percent.map(|percent| format!("  {}", bar::of(percent, BAR))).unwrap_or_default();
            cells.push(format!("{style}{}{style:#}", format!("{last}{bar}").trim_end()));
            cells.join("  ").trim_end().to_owned()
        };
        std::iter::once(&heads).chain(&self.rows).map(line).collect()
    }

    /// The width of each column; 0 for one that is left out. Names are cut as far as it takes and may be.
    fn fit(&self, available: usize) -> [usize; N] {
        let mut widths: [usize; N] = std::array::from_fn(|column| {
            let (head, align) = self.heads[column];
            let longest = self.rows.iter().map(|row| row.cells[column].width()).max().unwrap_or_default();
            if align == Align::Known && longest == 0 { 0 } else { longest.max(head.width()) }
        });
        for column in 0..N {
            if self.heads[column].1 == Align::Cut {
                let too_much = taken(&widths).saturating_sub(available);
                widths[column] = widths[column].saturating_sub(too_much).max(widths[column].min(SHORTEST));
            }
        }
        widths
    }

    fn shorten_ids(&mut self, shorten: fn(&str) -> String) {
        for column in (0..N).filter(|column| self.heads[*column].1 == Align::Id) {
            for row in &mut self.rows {
                row.cells[column] = shorten(&row.cells[column]);
            }
        }
    }

    /// Fills up what stands behind the point, so that flush right puts the points below each other.
    fn align_points(&mut self, column: usize) {
        let behind = |cell: &str| cell.find('.').map_or(0, |point| cell.len() - point);
        let longest = self.rows.iter().map(|row| behind(&row.cells[column])).max().unwrap_or_default();
        for row in &mut self.rows {
            let missing = longest - behind(&row.cells[column]);
            row.cells[column].push_str(&" ".repeat(missing));
        }
    }
}

/// A cell of exactly this many columns of the terminal, except that what may not be cut may be longer.
fn pad(cell: &str, width: usize, align: Align) -> String {
    let cell = if align == Align::Cut { cut::to(cell, width) } else { cell.to_owned() };
    let space = " ".repeat(width.saturating_sub(cell.width()));
    match align {
        Align::Left | Align::Known | Align::Id | Align::Cut => cell + &space,
        Align::Point => space + &cell,
    }
}

/// How wide a line is, with two spaces between its columns.
fn taken(widths: &[usize]) -> usize {
    let columns = widths.iter().filter(|width| **width > 0).count();
    widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use partner_center_budgets::CustomerUsageRecord;

    use super::*;

    #[test]
    fn points_stand_below_each_other() {
        let mut table = Table::new([("name", Align::Left), ("cost", Align::Point)]);
        for (name, cost) in [("one", "97.00"), ("two", "-"), ("three", "1200.125")] {
            table.row([name.to_owned(), cost.to_owned()]);
        }
        let expected = ["name       cost", "one      97.00", "two       -", "three  1200.125"];
        assert_eq!(table.lines(None), expected);
    }

    fn companies() -> Table<3> {
        let mut table = Table::new([("id", Align::Left), ("name", Align::Cut), ("% used", Align::Point)]);
        let rows = [("a-long-id", "A Company with a Name", "79.99"), ("b", "東京電力会社", "550.02"), ("c", "", "-")];
        for (id, name, used) in rows {
            let mut record = CustomerUsageRecord::default();
            (record.total_cost, record.budget) = (used.parse().ok(), "100".parse().ok());
            table.row_used([id, name, used].map(str::to_owned), Share::of(&record));
        }
        table
    }

    #[test]
    fn a_narrow_terminal_cuts_names_and_nothing_else() {
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
        assert_eq!(plain(Some(1))[1], plain(Some(27))[1], "what has to be readable stays");
    }

    #[test]
    fn colours_are_for_terminals() {
        assert!(companies().lines(None).iter().all(|line| !line.contains('\x1b')));
        assert!(companies().lines(Some(80))[2].contains("\x1b[31m"));
    }

    #[test]
    fn ids_lose_their_middle_where_cut_names_are_not_enough() {
        let lines = |width| {
            let heads = [("id", Align::Id), ("name", Align::Cut), ("currency", Align::Known), ("cost", Align::Point)];
            let mut table = Table::new(heads);
            table.row(["0a000000-0000-4000-8000-00000000000b", "A Company with a Name", "", "1.25"].map(str::to_owned));
            table.lines(Some(width)).swap_remove(1)
        };
        assert_eq!(lines(52), "0a000000-0000-4000-8000-00000000000b  A Compa…  1.25");
        assert_eq!(lines(51), "0a000000-…-00000000000b  A Company with a Na…  1.25");
        assert_eq!(lines(39), "0a000000-…-00000000000b  A Compa…  1.25");
        assert_eq!(lines(38), "…-00000000000b  A Company with …  1.25");
        assert_eq!(lines(1), "…-00000000000b  A Compa…  1.25", "what has to be readable stays");
    }
}
