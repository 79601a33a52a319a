//! Amounts in cells.

use partner_center_budgets::Decimal;
use partner_center_budgets::fleet::Want;

/// Marks between thousands, other than point and comma: apostrophes and several spaces.
const MARKS: [char; 7] = ['\'', '’', '_', ' ', '\u{a0}', '\u{202f}', '\u{2009}'];

/// What a cell wants; or what is wrong with it and how to write it.
///
/// Spreadsheets write semicolons where the comma is the decimal point, and tabs wherever cells are pasted. There `1.234` may well be thousands, and a budget
/// of a thousandth is a costly misunderstanding.
pub(super) fn want(cell: &str, delimiter: u8) -> Result<Want, String> {
    if let (b';' | b'\t', Some((whole, digits))) = (delimiter, cell.trim().split_once('.')) {
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let whole = whole.trim_start_matches('-');
        if digits.len() == 3 && is_digits(digits) && is_digits(whole) && matches!(whole.len(), 1..=3) && whole != "0" {
            let cell = cell.trim();
            let between = if delimiter == b';' { "semicolons" } else { "tabs" };
            return Err(format!(
                "`{cell}` can mean several amounts in a sheet with {between}; write `{}` or `{cell}0`",
                cell.replace('.', "")
            ));
        }
    }
    plain(cell)
}

fn plain(cell: &str) -> Result<Want, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(Want::Leave);
    }
    if cell.eq_ignore_ascii_case("none") {
        return Ok(Want::Clear);
    }
    cell.parse::<Decimal>().map(Want::Set).map_err(|error| wrong(cell, &error))
}

fn wrong(cell: &str, error: &partner_center_budgets::Error) -> String {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    if cell.starts_with("'") && plain(&cell[1..]).is_ok() {
        return format!("`{cell}` is text with an apostrophe in front; write `{}`", &cell[1..]);
    }
    if is_digits(cell) && cell.matches('.').count() < 2 && cell.bytes().any(|byte| byte.is_ascii_digit()) {
        // Too many digits, or a minus or a point in a place of its own.
        return error.to_string();
    }
    match suggestions(cell).as_slice() {
        [] => format!(
            "`{cell:.40}` is not an amount; write digits with at most one point, such as 2500.50, or `none` for no budget"
        ),
        [one] => format!("`{cell:.40}` is not a plain number; write `{one}`"),
        all => {
            let all: Vec<_> = all.iter().map(|one| format!("`{one}`")).collect();
            format!("`{cell:.40}` can mean several amounts; write {}", all.join(" or "))
        }
    }
}

/// What was probably meant. Nothing is ever sent because of that.
fn suggestions(cell: &str) -> Vec<String> {
    let is_currency = |character: char| !character.is_ascii() && !character.is_alphanumeric() || character == '$';
    let bare = cell.trim_matches(|character: char| {
        character.is_whitespace() || is_currency(character) || character.is_ascii_alphabetic()
    });
    let bare = bare.trim_end_matches([',', '-', '–']).replace(MARKS, "").replace('−', "-");
    let digits = bare.strip_prefix('-').unwrap_or(&bare);
    let is_number = |character: char| character.is_ascii_digit() || character == ',' || character == '.';
    if !digits.contains(|character: char| character.is_ascii_digit()) || !digits.chars().all(is_number) {
        return Vec::new();
    }
    let point_only = |mark: char| {
        let other = if mark == '.' { ',' } else { '.' };
        bare.replace(other, "").replace(mark, ".")
    };
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let found = match (points, commas) {
        (0 | 1, 0) => vec![bare.clone()],
        // Three digits behind it may be thousands, or not.
        (0, 1) if digits.split(',').nth(1).is_some_and(|behind| behind.len() == 3) => {
            vec![bare.replace(',', ""), bare.replace(',', ".")]
        }
        (0, 1) => vec![bare.replace(',', ".")],
        (0, _) | (_, 0) => vec![bare.replace([',', '.'], "")],
        _ => vec![point_only(if digits.rfind('.') > digits.rfind(',') { '.' } else { ',' })],
    };
    found.into_iter().filter(|text| text.parse::<Decimal>().is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_what_is_written() {
        let set = |text: &str| Ok(Want::Set(text.parse().unwrap()));
        assert_eq!(want(" 2500.50 ", b','), set("2500.50"));
        assert_eq!(want("0", b','), set("0"));
        assert_eq!(want("28.82860766744404945074", b','), set("28.82860766744404945074"));
        assert_eq!(want("NONE", b','), Ok(Want::Clear));
        assert_eq!(want("  ", b','), Ok(Want::Leave));
    }

    #[test]
    fn other_ways_are_refused_with_the_right_one() {
        for (cell, right) in [
            ("1,234.56", "write `1234.56`"),
            ("1.234,56", "write `1234.56`"),
            ("1234,5", "write `1234.5`"),
            ("1,234", "write `1234` or `1.234`"),
            ("1,234,567", "write `1234567`"),
            ("1.234.567", "write `1234567`"),
            ("1'234.50", "write `1234.50`"),
            ("1\u{a0}234,50", "write `1234.50`"),
            ("€ 100", "write `100`"),
            ("$1,000.00", "write `1000.00`"),
            ("100 EUR", "write `100`"),
            ("-1,5", "write `-1.5`"),
            ("12,-", "write `12`"),
            ("1e5", "such as 2500.50"),
            ("12 %", "such as 2500.50"),
            ("(12)", "such as 2500.50"),
            ("n/a", "such as 2500.50"),
            ("1.2.3,4,5", "such as 2500.50"),
            ("'12", "write `12`"),
            ("1-2", "not a decimal number"),
            ("12345678901234567890123456789012", "at most 28 digits"),
        ] {
            let told = want(cell, b',').unwrap_err();
            assert!(told.contains(right), "{cell}: {told}");
        }
    }

    #[test]
    fn thousands_are_no_thousandths() {
        for cell in ["1.234", "-12.345", " 999.000 "] {
            assert!(want(cell, b',').is_ok());
            for delimiter in [b';', b'\t'] {
                assert!(want(cell, delimiter).unwrap_err().contains("can mean several amounts"), "{cell}");
            }
        }
        assert!(want("1.234", b';').unwrap_err().ends_with("write `1234` or `1.2340`"));
        for cell in ["1.2340", "1234.567", "0.125", "1.23", "1234"] {
            assert_eq!(want(cell, b';'), Ok(Want::Set(cell.parse().unwrap())));
        }
    }
}
