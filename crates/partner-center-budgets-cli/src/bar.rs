//! Shares as bars.

use partner_center_budgets::Decimal;
use rust_decimal::Decimal as Number;
use rust_decimal::prelude::ToPrimitive;

/// A bar of so many columns for a share in percent. It is full from 100 on, and only then.
pub(crate) fn of(percent: Decimal, columns: usize) -> String {
    let hundred = Number::ONE_HUNDRED;
    let share = Number::from(percent).clamp(Number::ZERO, hundred) * Number::from(columns) / hundred;
    let full = share.floor().to_usize().unwrap_or(columns);
    "█".repeat(full) + &"░".repeat(columns - full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_at_100_percent_and_not_before() {
        for (percent, expected) in [
            ("-5", "░░░░"),
            ("0", "░░░░"),
            ("24.999", "░░░░"),
            ("25", "█░░░"),
            ("99.999999999999999", "███░"),
            ("100", "████"),
            ("79228162514264337593543950335", "████"),
        ] {
            assert_eq!(of(percent.parse().unwrap(), 4), expected, "{percent}");
        }
    }
}
