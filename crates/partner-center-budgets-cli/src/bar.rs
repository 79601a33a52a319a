//! Shares as bars.

use anstyle::{AnsiColor, Style};
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

/// The colour of a share of a budget in percent: over it, near it, or neither.
pub(crate) fn style(percent: Decimal) -> Style {
    let colour = match percent {
        percent if percent >= Number::ONE_HUNDRED.into() => AnsiColor::Red,
        percent if percent >= Number::from(80).into() => AnsiColor::Yellow,
        _ => AnsiColor::Green,
    };
    colour.on_default()
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

    #[test]
    fn the_colour_changes_at_80_and_100() {
        let colour = |percent: &str| style(percent.parse().unwrap()).get_fg_color();
        let of = |colour: AnsiColor| Some(colour.into());
        assert_eq!(colour("79.99"), of(AnsiColor::Green));
        assert_eq!((colour("80"), colour("99.99")), (of(AnsiColor::Yellow), of(AnsiColor::Yellow)));
        assert_eq!(colour("100"), of(AnsiColor::Red));
    }
}
