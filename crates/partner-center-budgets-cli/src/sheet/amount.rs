//! The amount of a cell.

use std::collections::BTreeMap;

use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::Target;

use super::notation::{DecimalMark, Notation, is_plain};
use super::number::{self, Meaning};
use crate::output::number::exact;

/// The target budget of a cell, or the problem of the cell and how to write it.
pub(super) fn parse(cell: &str, notation: Notation) -> Result<Target, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(Target::Leave);
    }
    if cell.eq_ignore_ascii_case("none") {
        return Ok(Target::Clear);
    }
    if is_plain(cell, notation.mark) {
        if !notation.is_certain() && is_ambiguous(cell, notation.mark) {
            return Err(ambiguous(cell, &suggestions(cell, notation), notation.delimiter));
        }
        // The only possible error is too many digits.
        let number = cell.replace(notation.mark.character(), ".");
        return number.parse::<Decimal>().map(Target::Set).map_err(|error| error.to_string());
    }
    Err(describe_problem(cell, notation))
}

/// Whether the cell is wrong with either decimal mark.
pub(super) fn has_no_meaning(cell: &str) -> bool {
    let cell = cell.trim();
    !cell.is_empty() && !cell.eq_ignore_ascii_case("none") && number::meanings(cell).is_empty()
}

/// The number for a sheet that is read back without an option: all digits, at least two decimal places, and never three that
/// could be thousands.
pub(crate) fn write(number: Decimal, mark: DecimalMark) -> String {
    padded(&exact(number).replace('.', &mark.character().to_string()), mark)
}

/// Whether the mark of a plain number may also separate thousands.
fn is_ambiguous(cell: &str, mark: DecimalMark) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    digits
        .split_once(mark.character())
        .is_some_and(|(whole, fraction)| fraction.len() == 3 && matches!(whole.len(), 1..=3) && whole != "0")
}

/// The number, with one more zero if its three decimal places could be thousands.
fn padded(text: &str, mark: DecimalMark) -> String {
    if is_ambiguous(text, mark) { format!("{text}0") } else { text.to_owned() }
}

fn describe_problem(cell: &str, notation: Notation) -> String {
    let mark = notation.mark.character();
    if let Some(rest) = cell.strip_prefix('\'').filter(|rest| !rest.is_empty() && parse(rest, notation).is_ok()) {
        return format!("`{cell:.40}` is text with an apostrophe in front; write `{rest}`");
    }
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    if is_number(cell) && cell.matches('.').count() < 2 && cell.bytes().any(|byte| byte.is_ascii_digit()) && mark == '.'
    {
        // The minus or the point is misplaced.
        if let Err(error) = cell.parse::<Decimal>() {
            return error.to_string();
        }
    }
    match suggestions(cell, notation).as_slice() {
        [] => {
            let (name, example) = if mark == ',' { ("comma", "2500,50") } else { ("point", "2500.50") };
            format!(
                "`{cell:.40}` is not an amount; write digits with at most one {name}, such as {example}, or `none` for no budget"
            )
        }
        [one] => format!("`{cell:.40}` is not a plain number; write `{one}`"),
        all => ambiguous(cell, all, b','),
    }
}

fn ambiguous(cell: &str, all: &[String], delimiter: u8) -> String {
    let sheet = match delimiter {
        b';' => " in a sheet with semicolons",
        b'\t' => " in a sheet with tabs",
        _ => "",
    };
    let all: Vec<_> = all.iter().map(|one| format!("`{one}`")).collect();
    format!("`{cell:.40}` can mean several amounts{sheet}; write {}", all.join(" or "))
}

/// Every number that the cell can mean, in this sheet's notation. They appear in messages only and are never sent.
///
/// A single suggestion is certain. The list is empty if no reading is certain: a suggestion must not change an amount.
fn suggestions(cell: &str, notation: Notation) -> Vec<String> {
    let mark = notation.mark.character();
    let is_possible = |meaning: &Meaning| !notation.is_chosen || meaning.decimal_mark().is_none_or(|own| own == mark);
    // Whole numbers first, without duplicates.
    let texts: BTreeMap<_, _> = number::meanings(cell)
        .into_iter()
        .filter(is_possible)
        .map(|meaning| {
            (meaning.text.contains('.'), padded(&meaning.text.replace('.', &mark.to_string()), notation.mark))
        })
        .filter(|(_, text)| text.replace(mark, ".").parse::<Decimal>().is_ok())
        .collect();
    texts.into_values().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sheet::notation::{Choice, Evidence};

    const POINT: Notation = Notation { mark: DecimalMark::Point, is_chosen: true, delimiter: b';' };
    const COMMA: Notation = Notation { mark: DecimalMark::Comma, ..POINT };
    const FOUND_POINT: Notation = Notation { is_chosen: false, ..POINT };
    const FOUND_COMMA: Notation = Notation { is_chosen: false, ..COMMA };
    const WITH_COMMAS: Notation = Notation { delimiter: b',', ..FOUND_POINT };

    fn set(text: &str) -> Result<Target, String> {
        Ok(Target::Set(text.parse().unwrap()))
    }

    #[test]
    fn reads_plain_numbers_none_and_empty_cells() {
        assert_eq!(parse(" 2500.50 ", POINT), set("2500.50"));
        assert_eq!(parse("0", POINT), set("0"));
        assert_eq!(parse("28.82860766744404945074", POINT), set("28.82860766744404945074"));
        assert_eq!(parse("NONE", POINT), Ok(Target::Clear));
        assert_eq!(parse("  ", COMMA), Ok(Target::Leave));
        assert_eq!(parse("-2500,50", FOUND_COMMA), set("-2500.50"));
        assert_eq!(parse("1,234", COMMA), set("1.234"));
    }

    #[test]
    fn suggests_a_number_only_if_it_is_certain() {
        for (cell, right) in [
            ("1,234.56", "write `1234.56`"),
            ("1.234,56", "write `1234.56`"),
            ("1234,5", "write `1234.5`"),
            ("1,234", "write `1234` or `1.2340`"),
            ("1,234,567", "write `1234567`"),
            ("1.234.567", "write `1234567`"),
            ("1'234.50", "write `1234.50`"),
            ("1\u{a0}234,50", "write `1234.50`"),
            ("€ 100", "write `100`"),
            ("-€100", "write `-100`"),
            ("€-100", "write `-100`"),
            ("$1,000.00", "write `1000.00`"),
            ("100 EUR", "write `100`"),
            ("-1,5", "write `-1.5`"),
            ("12,-", "write `12`"),
            ("1.000,-", "write `1000`"),
            ("1'000.--", "write `1000`"),
            ("\u{2212}5", "write `-5`"),
            ("€ 1.000", "write `1000` or `1.0000`"),
            ("'12", "write `12`"),
            ("1-2", "not a decimal number"),
            ("12345678901234567890123456789012", "at most 28 digits"),
        ] {
            for notation in [FOUND_POINT, WITH_COMMAS] {
                let message = parse(cell, notation).unwrap_err();
                assert!(
                    message.ends_with(right) || message.contains(right) && !right.starts_with("write"),
                    "{cell}: {message}"
                );
            }
        }
    }

    #[test]
    fn a_cell_has_no_meaning_if_no_mark_makes_it_a_number() {
        for cell in ["80k", " 1.2.3 ", "n/a", "-"] {
            assert!(has_no_meaning(cell), "{cell}");
        }
        for cell in ["", "  ", " None ", "12", "1.234,50", "€ 5"] {
            assert!(!has_no_meaning(cell), "{cell}");
        }
    }

    /// A suggestion must not drop signs, factors, comparisons and groups of other sizes.
    #[test]
    fn suggests_nothing_if_no_reading_is_certain() {
        for cell in [
            "80,00-",
            "80-",
            "–5",
            "- 5",
            "+5",
            "--5",
            "80k",
            "80 K",
            "1,5 Mio",
            "5 Tsd",
            "5 TSD",
            "2 Mrd.",
            "3M",
            "80.50.",
            "12,345,67",
            "12,34,567",
            "1.23.456",
            "1 23 456",
            "≤80",
            ">80",
            "<= 80",
            "~80",
            "≈ 80",
            "ca. 80",
            "80 CR",
            "80 DR",
            "80 H",
            "80 S",
            "(80)",
            "80 %",
            "80‰",
            "80 ¢",
            "80 ct",
            "½",
            "80½",
            "80²",
            "1e5",
            "2x80",
            "80/2",
            "80*",
            "80?",
            "#80",
            "80-90",
            "80 / month",
            "80 p.a.",
            "1.2.3,4,5",
            "1,2.3,4",
            "1'23.5",
            "0,123,456",
            "€ 80 EUR",
            "n/a",
            "€",
            "1.000,-5",
            "1.000.-",
            "80,-,-",
            "'",
            "'80k",
            "８０",
            "٨٠",
        ] {
            for notation in [POINT, COMMA, FOUND_POINT, FOUND_COMMA, WITH_COMMAS] {
                let message = parse(cell, notation).unwrap_err();
                assert!(!message.contains("write `") && message.contains("write digits"), "{cell}: {message}");
            }
        }
    }

    #[test]
    fn every_certain_suggestion_is_accepted_as_the_same_number() {
        for notation in [POINT, COMMA, FOUND_POINT, FOUND_COMMA, WITH_COMMAS] {
            for (cell, number) in [("€ 1.234,50", "1234.5"), ("1'000.--", "1000"), ("\u{2212}1 234 567", "-1234567")]
            {
                for suggestion in suggestions(cell, notation) {
                    assert_eq!(parse(&suggestion, notation), set(number), "{cell}");
                }
            }
        }
    }

    #[test]
    fn refuses_three_digits_that_may_be_thousands() {
        for (cell, texts) in [("1.234", "`1234` or `1.2340`"), ("-12.345", "`-12345` or `-12.3450`")] {
            assert!(parse(cell, POINT).is_ok() && parse(cell, WITH_COMMAS).is_ok());
            for (delimiter, sheet) in [(b';', "semicolons"), (b'\t', "tabs")] {
                let message = parse(cell, Notation { delimiter, ..FOUND_POINT }).unwrap_err();
                let right = format!("`{cell}` can mean several amounts in a sheet with {sheet}; write {texts}");
                assert_eq!(message, right);
            }
        }
        for (cell, text) in [("1,234", "`1234` or `1,2340`"), ("1.234", "`1234` or `1,2340`")] {
            assert!(parse(cell, FOUND_COMMA).unwrap_err().ends_with(text), "{cell}");
        }
        // With the option, only one reading is left.
        assert!(parse("1.234", COMMA).unwrap_err().ends_with("is not a plain number; write `1234`"));
        assert!(parse("1,234", POINT).unwrap_err().ends_with("is not a plain number; write `1234`"));
        for cell in ["1.23", "1,234,567"] {
            assert!(parse(cell, COMMA).unwrap_err().contains("at most one comma, such as 2500,50"), "{cell}");
        }
        assert!(parse("1.234.567", POINT).unwrap_err().contains("at most one point, such as 2500.50"));
        for cell in ["1.2340", "1234.567", "0.125", "1.23", "1234"] {
            assert_eq!(parse(cell, FOUND_POINT), set(cell));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_written_number_is_read_back_without_an_option(
            mantissa in prop_oneof![any::<i32>().prop_map(i128::from), -(10_i128.pow(28))..10_i128.pow(28)],
            scale in 0_u32..=28,
        ) {
            let number = Decimal::from(rust_decimal::Decimal::from_i128_with_scale(mantissa, scale));
            for (mark, delimiter) in
                [(DecimalMark::Point, b','), (DecimalMark::Point, b';'), (DecimalMark::Comma, b';'), (DecimalMark::Comma, b'\t')]
            {
                let cell = write(number, mark);
                let mut evidence = Evidence::default();
                evidence.add(&cell, || (1, 1));
                let notation = evidence.notation(delimiter, Choice { option: "--decimal", mark: None });
                prop_assert_eq!(parse(&cell, notation.unwrap()), Ok(Target::Set(number)), "{}", cell);
            }
        }
    }
}
