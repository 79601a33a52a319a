//! Compares a cost with a budget.

use std::cmp::Ordering;

use rust_decimal::{Decimal as Number, RoundingStrategy};

use crate::Decimal;

/// Computes 100 × cost / budget as the service does: rounded to two decimal places, half away from zero.
///
/// `None` for a budget of zero, and if the result overflows.
pub(super) fn percent_used(cost: Option<Decimal>, budget: Option<Decimal>) -> Option<Decimal> {
    let (cost, budget): (Number, Number) = (cost?.into(), budget?.into());
    let hundred = Number::ONE_HUNDRED;
    let percent = match cost.checked_mul(hundred) {
        Some(cost) => cost.checked_div(budget)?,
        // The product overflows: divide first.
        None => cost.checked_div(budget)?.checked_mul(hundred)?,
    };
    let rounded = percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Some(rounded.normalize().into())
}

/// Whether `cost` is at least `percent` of `budget`: 100 × cost ≥ percent × budget, without rounding.
///
/// Any cost above zero reaches a budget of zero. A credit (a cost below zero) reaches nothing. `None` if the cost or the
/// budget is unknown.
///
/// ```
/// use partner_center_budgets::{Decimal, has_reached};
///
/// let (cost, budget): (Decimal, Decimal) = ("99.999".parse()?, 100.into());
/// assert_eq!(has_reached(Some(cost), Some(budget), 80.into()), Some(true));
/// assert_eq!(has_reached(Some(cost), Some(budget), 100.into()), Some(false));
/// assert_eq!(has_reached(Some(cost), None, 80.into()), None);
/// # Ok::<(), partner_center_budgets::ParseError>(())
/// ```
pub fn has_reached(cost: Option<Decimal>, budget: Option<Decimal>, percent: Decimal) -> Option<bool> {
    let (cost, budget, zero) = (cost?, budget?, Decimal::default());
    if budget == zero || cost < zero {
        return Some(cost > zero);
    }
    Some(compare_products([cost, Number::ONE_HUNDRED.into()], [budget, percent]).is_ge())
}

/// Compares two products of two factors each, exactly. The factors of `left` must not be below zero.
///
/// Multiplying two decimals would round the product to 28 digits. This function rounds only if the factors of a product
/// have more than 38 digits together.
///
/// ```
/// use partner_center_budgets::{Decimal, compare_products};
///
/// // Whether the cost of 10 days, projected to 30 days, reaches a budget of 97.
/// let (cost, budget): (Decimal, Decimal) = ("32.33333333333333333333333333".parse()?, 97.into());
/// assert!(compare_products([cost, 30.into()], [budget, 10.into()]).is_lt());
/// # Ok::<(), partner_center_budgets::ParseError>(())
/// ```
pub fn compare_products(left: [Decimal; 2], right: [Decimal; 2]) -> Ordering {
    let [left, right] = [left, right].map(|factors| factors.map(Number::from));
    let exact =
        |[one, other]: [Number; 2]| Some((one.mantissa().checked_mul(other.mantissa())?, one.scale() + other.scale()));
    // Most products fit with their trailing zeros, whose removal takes longer than the multiplication.
    let product = |factors: [Number; 2]| exact(factors).or_else(|| exact(factors.map(|factor| factor.normalize())));
    let rounded = |[one, other]: [Number; 2]| one.checked_mul(other).unwrap_or(Number::MAX);
    let (Some((first, first_scale)), Some((second, second_scale))) = (product(left), product(right)) else {
        return rounded(left).cmp(&rounded(right));
    };
    if second <= 0 {
        return Ordering::Greater;
    }
    // If aligning the scales overflows, the number that overflowed is the larger.
    let scale = first_scale.max(second_scale);
    let aligned =
        |mantissa: i128, of: u32| 10_i128.checked_pow(scale - of).and_then(|power| mantissa.checked_mul(power));
    match (aligned(first, first_scale), aligned(second, second_scale)) {
        (Some(first), Some(second)) => first.cmp(&second),
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(cost: &str, budget: &str) -> Option<String> {
        let number = |text: &str| text.parse().ok();
        percent_used(number(cost), number(budget)).map(|percent| percent.to_string())
    }

    #[test]
    fn computes_the_percentages_of_the_published_samples() {
        assert_eq!(percent("27.23292827625710931604", "97").as_deref(), Some("28.08"));
        assert_eq!(percent("120.5682999999995904716", "20").as_deref(), Some("602.84"));
        assert_eq!(percent("56.25", "450").as_deref(), Some("12.5"));
    }

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(percent("0.00125", "1").as_deref(), Some("0.13"));
        assert_eq!(percent("-0.00125", "1").as_deref(), Some("-0.13"));
        assert_eq!(percent("0.00124", "1").as_deref(), Some("0.12"));
    }

    #[test]
    fn compares_without_rounding() {
        let reached = |cost: &str, budget: &str, percent: &str| {
            has_reached(cost.parse().ok(), budget.parse().ok(), percent.parse().unwrap())
        };
        assert_eq!(percent("99.999", "100").as_deref(), Some("100"));
        assert_eq!(reached("99.999", "100", "100"), Some(false));
        assert_eq!(reached("100", "100.00", "100"), Some(true));
        assert_eq!(reached("0", "100", "0"), Some(true), "no cost is 0 percent of a budget");
        assert_eq!((reached("0", "0", "0"), reached("0.01", "0", "1000")), (Some(false), Some(true)));
        assert_eq!((reached("-1", "100", "0"), reached("1", "-5", "100")), (Some(false), Some(true)), "a credit");
        assert_eq!((reached("", "1", "0"), reached("1", "", "0")), (None, None));
    }

    #[test]
    fn unknown_amounts_and_overflow_are_none() {
        assert_eq!(percent("1", ""), None, "no budget");
        assert_eq!(percent("", "1"), None, "no cost");
        assert_eq!(percent("1", "0"), None);
        let largest = "79228162514264337593543950335";
        assert_eq!(percent(largest, largest).as_deref(), Some("100"));
        assert_eq!(percent(largest, "0.01"), None);
        let over =
            |cost: &str, budget: &str| has_reached(cost.parse().ok(), budget.parse().ok(), Number::ONE_HUNDRED.into());
        assert_eq!(over("97.01", "97"), Some(true));
        assert_eq!(over("97.00", "97"), Some(true), "over from exactly 100 percent");
        assert_eq!(over("96.99999999999999999999999999", "97"), Some(false));
        assert_eq!((over("0.01", "0"), over("0", "0")), (Some(true), Some(false)));
        assert_eq!((over("-1", "-5"), over("1", "-5")), (Some(false), Some(true)));
        assert_eq!(over("1", ""), None);
    }
}
