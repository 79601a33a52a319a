//! Tables for people.

use std::io::{self, Write};

/// How the cells of a column stand below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Texts: by their beginning.
    Left,
    /// Numbers: by their decimal point.
    Point,
}

/// A table with `N` columns.
pub(crate) struct Table<const N: usize> {
    heads: [(&'static str, Align); N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(heads: [(&'static str, Align); N]) -> Self {
        Self { heads, rows: Vec::new() }
    }

    /// Adds a row. Control characters become spaces: texts from outside must not steer the terminal.
    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| cell.replace(char::is_control, " ")));
    }

    /// Writes the table to standard output.
    pub(crate) fn print(self) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for line in self.lines() {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }

    fn lines(mut self) -> Vec<String> {
        for column in 0..N {
            if self.heads[column].1 == Align::Point {
                self.align_points(column);
            }
        }
        let heads = self.heads.map(|(head, _)| head.to_owned());
        let rows = || std::iter::once(&heads).chain(&self.rows);
        let widths: [usize; N] =
            std::array::from_fn(|column| rows().map(|row| width(&row[column])).max().unwrap_or_default());
        let line = |row: &[String; N]| {
            let cells: Vec<_> = (0..N).map(|column| pad(&row[column], widths[column], self.heads[column].1)).collect();
            cells.join("  ").trim_end().to_owned()
        };
        rows().map(line).collect()
    }

    /// Fills up what stands behind the point, so that flush right puts the points below each other.
    fn align_points(&mut self, column: usize) {
        let behind = |cell: &str| cell.find('.').map_or(0, |point| cell.len() - point);
        let longest = self.rows.iter().map(|row| behind(&row[column])).max().unwrap_or_default();
        for row in &mut self.rows {
            let missing = longest - behind(&row[column]);
            row[column].push_str(&" ".repeat(missing));
        }
    }
}

/// Width in characters.
fn width(cell: &str) -> usize {
    cell.chars().count()
}

fn pad(cell: &str, width: usize, align: Align) -> String {
    match align {
        Align::Left => format!("{cell:<width$}"),
        Align::Point => format!("{cell:>width$}"),
    }
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
        assert_eq!(table.lines(), expected);
    }
}
