//! How values are written.

use std::io::{self, Write};

use partner_center_budgets::Decimal;
use rust_decimal::RoundingStrategy;
use serde::Serialize;

/// Writes `value` as one line of JSON.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout().lock(), "{}", serde_json::to_string(value)?)?)
}

/// All digits that matter, and at least two places.
pub(crate) fn exact(value: Decimal) -> String {
    let mut value = rust_decimal::Decimal::from(value).normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
}

/// Rounded to two places, half away from zero.
pub(crate) fn rounded(value: Decimal) -> String {
    let mut value =
        rust_decimal::Decimal::from(value).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    value.rescale(2);
    value.to_string()
}
