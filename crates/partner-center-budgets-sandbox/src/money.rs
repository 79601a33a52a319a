//! Exact amounts of money that keep their digits.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// An amount and its JSON number.
///
/// The text is stored because `300.000000` and `300` are equal, and clients test that the service preserves digits.
#[derive(Debug, Clone)]
pub(crate) struct Money {
    literal: String,
    value: Decimal,
}

impl Money {
    /// Parses a JSON number that fits a decimal of 28 digits without rounding.
    pub(crate) fn from_json(json: &RawValue) -> Option<Self> {
        let literal = json.get();
        let value = match literal.split_once(['e', 'E']) {
            None => Decimal::from_str_exact(literal).ok()?,
            Some((digits, _)) => {
                // Only the exponent form rounds silently, so check its digits separately.
                Decimal::from_str_exact(digits).ok()?;
                Decimal::from_scientific(literal).ok()?
            }
        };
        Some(Self { literal: literal.to_owned(), value })
    }

    pub(crate) fn value(&self) -> Decimal {
        self.value
    }
}

impl From<Decimal> for Money {
    fn from(value: Decimal) -> Self {
        // The service writes a zero cost as 0, whatever its scale.
        let literal = if value.is_zero() { "0".to_owned() } else { value.to_string() };
        Self { literal, value }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.literal.clone()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// The used share of a budget, in percent with two decimal places; 0 without a budget.
///
/// It is also 0 for a budget of 0, which is an assumption: the behaviour of the service is not known.
pub(crate) fn percent_used(total_cost: Decimal, budget: Option<&Money>) -> Decimal {
    let amount = budget.map_or(Decimal::ZERO, Money::value);
    if amount.is_zero() {
        return Decimal::ZERO;
    }
    let percent = (total_cost * Decimal::ONE_HUNDRED).checked_div(amount).unwrap_or(Decimal::MAX);
    percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(json: &str) -> Option<Money> {
        Money::from_json(&RawValue::from_string(json.to_owned()).unwrap())
    }

    fn percent(cost: &str, budget: &str) -> String {
        percent_used(cost.parse().unwrap(), money(budget).as_ref()).to_string()
    }

    #[test]
    fn amounts_keep_their_digits() {
        for literal in
            ["28.82860766744404945074", "300.000000", "0", "-5.10", "1e3", "2.5E-3", "0.0000000000000000000000000001"]
        {
            assert_eq!(serde_json::to_string(&money(literal).unwrap()).unwrap(), literal);
        }
        assert_eq!(serde_json::to_string(&Money::from(Decimal::new(0, 20))).unwrap(), "0");
    }

    #[test]
    fn rejects_numbers_that_a_decimal_cannot_hold() {
        for json in [
            "\"97\"",
            "true",
            "null",
            "[]",
            "{}",
            "1e29",
            "1e-29",
            "1e4000000000",
            "99999999999999999999999999999",
            "0.00000000000000000000000000001",
            "0.123456789012345678901234567891e5",
        ] {
            assert!(money(json).is_none(), "{json}");
        }
    }

    #[test]
    fn percent_matches_the_published_samples() {
        assert_eq!(percent("27.23292827625710931604", "97"), "28.08");
        assert_eq!(percent("120.5682999999995904716", "20"), "602.84");
    }

    #[test]
    fn percent_rounds_half_away_from_zero() {
        assert_eq!(percent("0.10125", "1"), "10.13");
        assert_eq!(percent("0.10125", "-1"), "-10.13");
    }

    #[test]
    fn percent_is_zero_without_a_budget_and_saturates_for_a_tiny_one() {
        assert_eq!(percent_used(Decimal::TEN, None), Decimal::ZERO);
        assert_eq!(percent("10", "0.00"), "0");
        assert_eq!(percent("84000", "0.0000000000000000000000000001"), Decimal::MAX.to_string());
    }
}
