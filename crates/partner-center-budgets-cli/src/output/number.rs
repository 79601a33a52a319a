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

/// Rounded to two decimal places, half away from zero.
pub(crate) fn rounded(value: Decimal) -> String {
    to_cents(value).with_min_places(2).to_string()
}

/// The number rounded to two decimal places, half away from zero. Projections are estimates, so more digits say nothing.
pub(crate) fn to_cents(value: Decimal) -> Decimal {
    rust_decimal::Decimal::from(value).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).into()
}
