//! The used share of a budget.

use anstyle::{AnsiColor, Style};
use partner_center_budgets::{CustomerUsageRecord, Decimal};
use partner_center_budgets_fleet::BudgetStatus;
use rust_decimal::Decimal as Number;

/// The share of its budget that a customer has used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    /// In percent with two decimal places, rounded as the service does, but never up to a whole percent: a shown threshold
    /// must have been reached. `None` for a budget of zero, and for a share with too many digits.
    pub(crate) percent: Option<Decimal>,
    status: BudgetStatus,
    /// The sort key.
    pub(crate) rank: Rank,
}

/// Customers over their budget come last, and after them those with a budget of zero and a cost.
pub(crate) type Rank = (bool, bool, Decimal);

impl Share {
    /// `None` without a budget or a known cost, and if both are zero.
    pub(crate) fn of(record: &CustomerUsageRecord, status: BudgetStatus) -> Option<Self> {
        let is_over = record.is_over_budget()?;
        let (cost, budget) = (Number::from(record.total_cost?), Number::from(record.budget?));
        let rank = match cost.checked_div(budget) {
            Some(quotient) => (is_over, false, quotient.into()),
            None if is_over => (true, true, cost.into()),
            None => return None,
        };
        Some(Self { percent: rounded(record), status, rank })
    }

    /// Red for a customer over its budget, yellow near it, otherwise green.
    pub(crate) fn style(&self) -> Style {
        let colour = match self.status {
            BudgetStatus::Over => AnsiColor::Red,
            BudgetStatus::Near => AnsiColor::Yellow,
            _ => AnsiColor::Green,
        };
        colour.on_default()
    }
}

fn rounded(record: &CustomerUsageRecord) -> Option<Decimal> {
    let percent = record.percent_used()?;
    let number = Number::from(percent);
    // Thresholds are whole percents above zero. Negative costs and budgets reach none.
    let is_whole = number.fract().is_zero() && number > Number::ZERO;
    let is_too_high = is_whole && record.has_reached(percent) == Some(false);
    Some(if is_too_high { (number - Number::new(1, 2)).normalize().into() } else { percent })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use partner_center_budgets_fleet::{CustomerUsage, Thresholds};

    use super::*;

    fn share(cost: &str, budget: &str) -> Option<Share> {
        let mut record = CustomerUsageRecord::default();
        (record.total_cost, record.budget) = (cost.parse().ok(), budget.parse().ok());
        let assessment = CustomerUsage::new(record.clone()).assess(DateTime::default(), &Thresholds::default());
        Share::of(&record, assessment.status)
    }

    #[test]
    fn percent_is_never_rounded_up_to_a_whole_one() {
        for (cost, budget, percent) in [
            ("99.999", "100", "99.99"),
            ("99.99999999999999999999999999", "100", "99.99"),
            ("79.9999", "100", "79.99"),
            ("100", "100", "100"),
            ("0.00001", "100", "0"),
            ("0", "100", "0"),
            ("-3.333", "100", "-3.33"),
            ("27.23292827625710931604", "97", "28.08"),
            ("99.985", "100", "99.99"),
            ("56.25", "450", "12.5"),
        ] {
            let shown = share(cost, budget).unwrap().percent.unwrap();
            assert_eq!(shown.to_string(), percent, "{cost} of {budget}");
        }
        assert!(share("1", "0").unwrap().percent.is_none());
        assert!(share("0", "0").is_none() && share("1", "").is_none() && share("", "1").is_none());
    }

    #[test]
    fn colour_and_order_use_the_exact_share() {
        let costs = ["-5", "0", "79.999", "80", "99.9985", "99.999", "99.99999999999999999999999999", "100", "100.001"];
        let shares = costs.map(|cost| share(cost, "100").unwrap());
        assert!(shares.iter().map(|share| share.rank).is_sorted());
        assert!(shares[8].rank < share("0.01", "0").unwrap().rank);
        let is = |share: &Share, colour: AnsiColor| share.style().get_fg_color() == Some(colour.into());
        assert!(shares[..3].iter().all(|share| is(share, AnsiColor::Green)));
        assert!(shares[3..7].iter().all(|share| is(share, AnsiColor::Yellow)));
        assert!(shares[7..].iter().all(|share| is(share, AnsiColor::Red)));
    }
}
