//! The notation of a sheet's amounts. All amounts together decide it.

use super::number;
use super::problem::Position;

/// Which character separates the whole part of an amount from its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DecimalMark {
    /// As in 2500,50
    Comma,
    /// As in 2500.50
    Point,
}

impl DecimalMark {
    pub(super) fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }
}

/// Digits with at most one mark, and an optional minus before them.
pub(super) fn is_plain(cell: &str, mark: DecimalMark) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = digits.split_once(mark.character()).unwrap_or((digits, "0"));
    number::is_digits(whole) && number::is_digits(fraction)
}

/// How the amounts of one sheet are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notation {
    pub(super) mark: DecimalMark,
    /// Whether the user chose the mark.
    pub(super) is_chosen: bool,
    /// Separator of the columns.
    pub(super) delimiter: u8,
}

impl Notation {
    pub(super) fn of_chosen_point(delimiter: u8) -> Self {
        Self { mark: DecimalMark::Point, is_chosen: true, delimiter }
    }

    /// Whether three digits after the mark are a fraction.
    ///
    /// Spreadsheets write semicolons if the comma is the decimal mark, and tabs if cells are pasted. In such a sheet `1.234`
    /// may be thousands, and a budget of a thousandth of the intended one is a costly mistake.
    pub(super) fn is_certain(self) -> bool {
        self.is_chosen || self.mark == DecimalMark::Point && self.delimiter == b','
    }
}

/// The option that chooses the decimal mark of a file, and its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) option: &'static str,
    pub(crate) mark: Option<DecimalMark>,
}

/// The amounts that show which decimal mark a sheet uses, each with its position.
#[derive(Default)]
pub(super) struct Evidence {
    /// The first plain number with a decimal comma.
    plain_comma: Option<(String, Position)>,
    /// The first amount that can only have a decimal point.
    point: Option<(String, Position)>,
}

impl Evidence {
    /// `position` is only called if the cell is evidence: it scans the row.
    pub(super) fn add(&mut self, cell: &str, position: impl FnOnce() -> Position) {
        let cell = cell.trim();
        if let [meaning] = number::meanings(cell).as_slice() {
            match meaning.decimal_mark() {
                Some(',') if self.plain_comma.is_none() && is_plain(cell, DecimalMark::Comma) => {
                    self.plain_comma = Some((cell.to_owned(), position()));
                }
                Some('.') if self.point.is_none() => self.point = Some((cell.to_owned(), position())),
                _ => {}
            }
        }
    }

    /// The notation of the sheet; or a contradiction and its position.
    pub(super) fn notation(&self, delimiter: u8, choice: Choice) -> Result<Notation, (String, Position)> {
        let option = choice.option;
        let settle = format!("write all amounts with a decimal point, or choose with {option} comma or {option} point");
        let found = |mark| Ok(Notation { mark, is_chosen: false, delimiter });
        if let Some(mark) = choice.mark {
            return Ok(Notation { mark, is_chosen: true, delimiter });
        }
        match (&self.plain_comma, &self.point) {
            (None, _) => found(DecimalMark::Point),
            (Some((comma, position)), Some((point, (line, _)))) => Err((
                format!(
                    "`{comma:.40}` has a decimal comma, but `{point:.40}` on line {line} has a decimal point; {settle}"
                ),
                *position,
            )),
            (Some((comma, position)), None) if delimiter == b',' => Err((
                format!("`{comma:.40}` has a decimal comma, but commas also separate the columns; {settle}"),
                *position,
            )),
            (Some(_), None) => found(DecimalMark::Comma),
        }
    }

    /// The first amount with a decimal comma.
    pub(super) fn example(&self) -> Option<&str> {
        self.plain_comma.as_ref().map(|(cell, _)| cell.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_CHOICE: Choice = Choice { option: "--decimal", mark: None };

    /// The evidence of cells, one on each line.
    fn evidence(cells: &[&str]) -> Evidence {
        let mut evidence = Evidence::default();
        for (line, cell) in (2..).zip(cells) {
            evidence.add(cell, || (line, 3));
        }
        evidence
    }

    #[test]
    fn first_plain_number_with_a_comma_decides_the_mark() {
        let comma = evidence(&["100", "1.234,50", " 2,5 ", "3,75"]);
        assert_eq!(comma.example(), Some("2,5"));
        assert_eq!(comma.notation(b';', NO_CHOICE).unwrap().mark, DecimalMark::Comma);
        for cells in [&["1.234,50"][..], &["1,234", "1.234"], &["7.25"], &[]] {
            let point = evidence(cells);
            assert_eq!(point.example(), None, "{cells:?}");
            assert_eq!(point.notation(b';', NO_CHOICE).unwrap().mark, DecimalMark::Point, "{cells:?}");
        }
    }

    #[test]
    fn contradiction_names_the_first_amount_of_each_mark() {
        for (first_point, cells) in
            [("1,234,567", &["2,5", "1,234,567", "3,5", "7.25"][..]), ("7.25", &["2,5", "7.25", "1,234.5"])]
        {
            let (message, position) = evidence(cells).notation(b';', NO_CHOICE).unwrap_err();
            let right = format!("`2,5` has a decimal comma, but `{first_point}` on line 3 has a decimal point; ");
            assert!(message.starts_with(&right), "{message}");
            assert_eq!(position, (2, 3));
        }
    }

    #[test]
    fn comma_cannot_be_the_mark_if_it_separates_the_columns() {
        let (message, position) = evidence(&["100", "2,5"]).notation(b',', NO_CHOICE).unwrap_err();
        assert!(message.starts_with("`2,5` has a decimal comma, but commas also separate the columns; "), "{message}");
        assert_eq!(position, (3, 3));
    }
}
