//! Percentages as bars.

use partner_center_budgets::Decimal;
use rust_decimal::Decimal as Number;
use rust_decimal::prelude::ToPrimitive;

/// A bar of `columns` columns for a percentage. It is full at 100 percent and above, never below.
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
    fn bar_is_full_only_from_100_percent() {
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
