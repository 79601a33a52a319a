//! Tables for people. On a terminal they fit its width, and shares of budgets get a bar and a colour.

use std::io::{self, IsTerminal, Write};

use anstyle::Style;
use partner_center_budgets::Decimal;
use terminal_size::{Width, terminal_size};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::bar;

/// How the cells of a column stand below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Texts that are kept whole, such as ids: by their beginning.
    Left,
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
    /// What is used of a budget, in percent: the last column tells it.
    used: Option<Decimal>,
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(heads: [(&'static str, Align); N]) -> Self {
        Self { heads, rows: Vec::new() }
    }

    /// Adds a row. Control characters become spaces: texts from outside must not steer the terminal.
    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.row_used(cells, None);
    }

    /// Adds a row whose last cell says how much of a budget is used, in percent.
    pub(crate) fn row_used(&mut self, cells: [String; N], used: Option<Decimal>) {
        self.rows.push(Row { cells: cells.map(|cell| cell.replace(char::is_control, " ")), used });
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
        let heads = Row { cells: self.heads.map(|(head, _)| head.to_owned()), used: None };
        let rows = || std::iter::once(&heads).chain(&self.rows);
        let mut widths: [usize; N] =
            std::array::from_fn(|column| rows().map(|row| row.cells[column].width()).max().unwrap_or_default());
        let taken = |widths: &[usize; N]| widths.iter().sum::<usize>() + 2 * (N - 1);
        let available = width.unwrap_or(usize::MAX);
        for column in 0..N {
            if self.heads[column].1 == Align::Cut {
                let too_much = taken(&widths).saturating_sub(available);
                widths[column] = widths[column].saturating_sub(too_much).max(widths[column].min(SHORTEST));
            }
        }
        let has_bars = width.is_some() && taken(&widths) + 2 + BAR <= available;
        let line = |row: &Row<N>| {
            let mut cells = (0..N).map(|column| pad(&row.cells[column], widths[column], self.heads[column].1));
            let (first, last) = (cells.by_ref().take(N - 1).collect::<Vec<_>>(), cells.next().unwrap_or_default());
            let style = row.used.filter(|_| width.is_some()).map_or(Style::new(), bar::style);
            let bar = row.used.filter(|_| has_bars).map(|used| format!("  {}", bar::of(used, BAR))).unwrap_or_default();
            let last = format!("{last}{bar}");
            let joined = [first.join("  "), format!("{style}{}{style:#}", last.trim_end())].join("  ");
            joined.trim_end().to_owned()
        };
        rows().map(line).collect()
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
    let cell = if align == Align::Cut { cut(cell, width) } else { cell.to_owned() };
    let space = " ".repeat(width.saturating_sub(cell.width()));
    match align {
        Align::Left | Align::Cut => cell + &space,
        Align::Point => space + &cell,
    }
}

fn cut(cell: &str, width: usize) -> String {
    if cell.width() <= width {
        return cell.to_owned();
    }
    let (mut kept, mut taken) = (String::new(), 1);
    for letter in cell.chars() {
        taken += letter.width().unwrap_or_default();
        if taken > width {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
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
            table.row_used([id, name, used].map(str::to_owned), used.parse().ok());
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
}
