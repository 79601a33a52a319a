//! Amounts of money: exact, and with their digits kept as they were written.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// An amount, together with the JSON number that it is written as.
///
/// The text is kept because `300.000000` and `300` are the same amount, and a client that keeps digits must be
/// able to tell that the service does too.
#[derive(Debug, Clone)]
pub(crate) struct Money {
    literal: String,
    value: Decimal,
}

impl Money {
    /// Takes a JSON number that fits a decimal of 28 digits without rounding; anything else is none.
    pub(crate) fn from_json(json: &RawValue) -> Option<Self> {
        let literal = json.get();
        let value = match literal.split_once(['e', 'E']) {
            None => Decimal::from_str_exact(literal).ok()?,
            Some((digits, _)) => {
                // Only the exponent form rounds silently, so its digits are checked on their own.
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
        // The service writes a cost of nothing as 0, whatever the scale of the sum behind it.
        let literal = if value.is_zero() { "0".to_owned() } else { value.to_string() };
        Self { literal, value }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.literal.clone()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// How much of a budget is used, in percent with two places; 0 where there is no budget.
///
/// A budget of 0 gives 0 too, which is an assumption: what the service makes of it is not known.
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
    fn digits_come_back_as_they_were_written() {
        for literal in
            ["28.82860766744404945074", "300.000000", "0", "-5.10", "1e3", "2.5E-3", "0.0000000000000000000000000001"]
        {
            assert_eq!(serde_json::to_string(&money(literal).unwrap()).unwrap(), literal);
        }
        assert_eq!(serde_json::to_string(&Money::from(Decimal::new(0, 20))).unwrap(), "0");
    }

    #[test]
    fn what_a_decimal_cannot_hold_is_refused() {
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
    fn percent_is_that_of_the_published_samples() {
        assert_eq!(percent("27.23292827625710931604", "97"), "28.08");
        assert_eq!(percent("120.5682999999995904716", "20"), "602.84");
    }

    #[test]
    fn percent_rounds_half_away_from_zero() {
        assert_eq!(percent("0.10125", "1"), "10.13");
        assert_eq!(percent("0.10125", "-1"), "-10.13");
    }

    #[test]
    fn percent_of_no_budget_is_zero_and_a_tiny_budget_does_no_harm() {
        assert_eq!(percent_used(Decimal::TEN, None), Decimal::ZERO);
        assert_eq!(percent("10", "0.00"), "0");
        assert_eq!(percent("84000", "0.0000000000000000000000000001"), Decimal::MAX.to_string());
    }
}
