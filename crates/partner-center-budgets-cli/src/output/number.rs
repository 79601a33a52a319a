//! Numbers as text.

use partner_center_budgets::Decimal;
use rust_decimal::RoundingStrategy;

/// A number of things, as in `1 change` and `2 changes`.
pub(crate) fn quantity(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// All significant digits, and at least two decimal places.
pub(crate) fn exact(value: Decimal) -> String {
    value.with_min_places(2).to_string()
}

/// All digits, without zeros at the end of the decimal places.
pub(crate) fn normalized(value: Decimal) -> String {
    rust_decimal::Decimal::from(value).normalize().to_string()
}

/// Rounded to two decimal places, half away from zero.
pub(crate) fn rounded(value: Decimal) -> String {
    to_cents(value).with_min_places(2).to_string()
}

/// The number rounded to two decimal places, half away from zero. Projections are estimates, so more digits say nothing.
pub(crate) fn to_cents(value: Decimal) -> Decimal {
    rust_decimal::Decimal::from(value).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).into()
}

/// Rounded to two decimal places, with a comma between groups of three digits: `1,101,499.07`.
pub(crate) fn grouped(value: Decimal) -> String {
    let text = rounded(value);
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    format!("{sign}{}.{places}", with_separators(digits))
}

/// A count with a comma between groups of three digits: `10,063`.
pub(crate) fn count(count: usize) -> String {
    with_separators(&count.to_string())
}

/// A number of things with separators, as in `1 customer` and `2,625 customers`.
pub(crate) fn count_of(things: usize, thing: &str) -> String {
    format!("{} {thing}{}", count(things), if things == 1 { "" } else { "s" })
}

fn with_separators(digits: &str) -> String {
    let separator = |position: usize| position > 0 && (digits.len() - position).is_multiple_of(3);
    let groups = digits.char_indices().flat_map(|(position, digit)| [separator(position).then_some(','), Some(digit)]);
    groups.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_in_groups_of_three() {
        for (amount, expected) in [
            ("1101499.072938", "1,101,499.07"),
            ("0", "0.00"),
            ("999.995", "1,000.00"),
            ("-1234.5", "-1,234.50"),
            ("-100", "-100.00"),
            ("0.004", "0.00"),
            ("123456", "123,456.00"),
        ] {
            assert_eq!(grouped(amount.parse().unwrap()), expected);
        }
        assert_eq!(
            [0, 12, 999, 1_000, 10_063, 1_000_000].map(count),
            ["0", "12", "999", "1,000", "10,063", "1,000,000"]
        );
    }
}
