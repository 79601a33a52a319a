//! A cost beside a budget.

use rust_decimal::RoundingStrategy;

use crate::Decimal;

/// Computed as the service does it: 100 × cost / budget, with two places, half away from zero.
///
/// A budget of zero has no share that could be used. Neither has a quotient with more digits than a decimal holds.
pub(super) fn percent_used(cost: Option<Decimal>, budget: Option<Decimal>) -> Option<Decimal> {
    let (cost, budget): (rust_decimal::Decimal, rust_decimal::Decimal) = (cost?.into(), budget?.into());
    let hundred = rust_decimal::Decimal::ONE_HUNDRED;
    let percent = match cost.checked_mul(hundred) {
        Some(cost) => cost.checked_div(budget)?,
        // Such a cost has no room for two more digits, so the division goes first.
        None => cost.checked_div(budget)?.checked_mul(hundred)?,
    };
    let rounded = percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Some(rounded.normalize().into())
}

pub(super) fn is_over_budget(cost: Option<Decimal>, budget: Option<Decimal>) -> Option<bool> {
    Some(cost? > budget?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(cost: &str, budget: &str) -> Option<String> {
        let number = |text: &str| text.parse().ok();
        percent_used(number(cost), number(budget)).map(|percent| percent.to_string())
    }

    #[test]
    fn percent_is_that_of_the_published_samples() {
        assert_eq!(percent("27.23292827625710931604", "97").as_deref(), Some("28.08"));
        assert_eq!(percent("120.5682999999995904716", "20").as_deref(), Some("602.84"));
        assert_eq!(percent("56.25", "450").as_deref(), Some("12.5"));
    }

    #[test]
    fn percent_rounds_half_away_from_zero() {
        assert_eq!(percent("0.00125", "1").as_deref(), Some("0.13"));
        assert_eq!(percent("-0.00125", "1").as_deref(), Some("-0.13"));
        assert_eq!(percent("0.00124", "1").as_deref(), Some("0.12"));
    }

    #[test]
    fn what_cannot_be_said_is_none() {
        assert_eq!(percent("1", ""), None, "no budget");
        assert_eq!(percent("", "1"), None, "no cost");
        assert_eq!(percent("1", "0"), None);
        let largest = "79228162514264337593543950335";
        assert_eq!(percent(largest, largest).as_deref(), Some("100"));
        assert_eq!(percent(largest, "0.01"), None);
        let over = |cost: &str, budget: &str| is_over_budget(cost.parse().ok(), budget.parse().ok());
        assert_eq!(over("97.01", "97"), Some(true));
        assert_eq!(over("97.00", "97"), Some(false), "a budget that is used up is not exceeded");
        assert_eq!(over("0.01", "0"), Some(true));
        assert_eq!(over("1", ""), None);
    }
}
