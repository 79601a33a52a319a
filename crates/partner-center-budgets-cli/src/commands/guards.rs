//! Limits of the changes that a command makes. Some are on by default, because a wrong sheet should change nothing.

use std::collections::BTreeSet;
use std::str::FromStr;

use partner_center_budgets::{Decimal, ParseError};
use partner_center_budgets_fleet::{Entry, Plan};
use rust_decimal::Decimal as Number;

use super::plan::entries::listing;
use crate::error::{CliError, Exit};
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::values::{percent, whole_number};

/// The default of `--max-share`, in percent.
const DEFAULT_SHARE: i64 = 30;
/// A sheet with fewer rows is exempt from the default of `--max-share`: of a handful of customers, one is a large share.
const MIN_ROWS: usize = 10;
/// The default of `--max-factor`.
const DEFAULT_FACTOR: i64 = 10;

/// The limits of `apply`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct GuardOptions {
    /// Send nothing if more than PERCENT of the partner's customers would change [default: 30]
    ///
    /// All customers in the partner's list count. If it cannot be read, those of the sheet do. A sheet of fewer than ten rows
    /// has no default.
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    max_share: Option<Decimal>,
    /// Send nothing if any budget would become more than FACTOR times larger or smaller; `none` allows it [default: 10]
    ///
    /// A change to or from a budget of 0 exceeds every factor. A first budget and a cleared one have no factor.
    #[arg(long, value_name = "FACTOR")]
    max_factor: Option<MaxFactor>,
    /// Allow budgets below 0
    #[arg(long)]
    allow_negative: bool,
    /// Send nothing if any budget would change by more than PERCENT
    ///
    /// Off by default. Compared with the budget at planning time. A first budget is always allowed, because there is nothing
    /// to compare with. A change of a budget of 0 never is. Clearing a budget is a change of 100 percent.
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    max_change: Option<Decimal>,
    /// Send nothing if there are more than N changes
    #[arg(long, value_name = "N", value_parser = whole_number, allow_hyphen_values = true)]
    limit: Option<usize>,
}

/// The value of `--max-factor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MaxFactor {
    Factor(Decimal),
    Unlimited,
}

impl FromStr for MaxFactor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::Unlimited);
        }
        let factor: Decimal = text.parse().map_err(|error: ParseError| error.to_string())?;
        match factor < Number::ONE.into() {
            true => Err("a factor is at least 1, such as 10; write `none` for no limit".to_owned()),
            false => Ok(Self::Factor(factor)),
        }
    }
}

/// A limit that a plan exceeds.
struct Violation<'a> {
    why: String,
    /// The option that allows it.
    next: &'static str,
    /// The changes that exceed the limit.
    changes: Vec<&'a Entry>,
    /// Whether the limit is about these changes in particular, rather than about their number.
    is_specific: bool,
}

impl GuardOptions {
    /// Refuses a plan that exceeds a limit. `is_resumed`: the defaults do not apply, because an earlier run has checked the
    /// plan of its journal, with its own options.
    pub(crate) fn ensure_allowed(&self, file: &str, plan: &Plan, is_resumed: bool) -> Result<(), CliError> {
        let violations = self.violations(plan, !is_resumed);
        if violations.is_empty() {
            return Ok(());
        }
        let why = violations.iter().map(|violation| violation.why.as_str()).collect::<Vec<_>>().join("; ");
        let error = CliError::new(Exit::Usage, "nothing was sent").why(why);
        let error = violations.iter().fold(error, |error, violation| error.next(violation.next));
        // Twenty changes of many would hide the one with a wrong amount.
        let has_specific = violations.iter().any(|violation| violation.is_specific);
        let listed = violations.iter().filter(|violation| violation.is_specific || !has_specific);
        let mut seen = BTreeSet::new();
        let changes = listed.flat_map(|violation| &violation.changes).copied();
        let changes: Vec<_> = changes.filter(|change| seen.insert(change.customer)).collect();
        Err(error.items(listing(file, changes)))
    }

    /// Says which default limits `apply` will enforce for a plan.
    pub(crate) fn warn_of_defaults(plan: &Plan) {
        for violation in Self::default().violations(plan, true) {
            notice(format_args!("warning: `apply` refuses this by default: {}; {}", violation.why, violation.next));
        }
    }

    fn violations<'a>(&self, plan: &'a Plan, has_defaults: bool) -> Vec<Violation<'a>> {
        let default = |value: i64| has_defaults.then(|| Decimal::from(Number::from(value)));
        let has_share_default = plan.totals().rows >= MIN_ROWS;
        let share = self.max_share.or(default(DEFAULT_SHARE).filter(|_| has_share_default));
        let factor = match self.max_factor {
            Some(MaxFactor::Unlimited) => None,
            Some(MaxFactor::Factor(factor)) => Some(factor),
            None => default(DEFAULT_FACTOR),
        };
        [
            (!self.allow_negative && has_defaults).then(|| below_zero(plan)),
            factor.map(|factor| above_factor(plan, factor)),
            self.max_change.map(|percent| above_change(plan, percent)),
            self.limit.map(|limit| above_limit(plan, limit)),
            share.and_then(|share| above_share(plan, share)),
        ]
        .into_iter()
        .flatten()
        .filter(|violation| !violation.changes.is_empty())
        .collect()
    }
}

fn below_zero(plan: &Plan) -> Violation<'_> {
    let changes = specific(plan, |change| change.to.is_some_and(is_negative));
    Violation {
        why: format!("budgets below 0: {}", changes.len()),
        next: "check these amounts, or allow them with --allow-negative",
        changes,
        is_specific: true,
    }
}

fn above_factor(plan: &Plan, factor: Decimal) -> Violation<'_> {
    let changes = specific(plan, |change| exceeds_factor(change.from, change.to, factor));
    Violation {
        why: format!("budgets that would change by more than a factor of {factor}: {}", changes.len()),
        next: "check these amounts, or allow more with --max-factor FACTOR, and any change with --max-factor none",
        changes,
        is_specific: true,
    }
}

fn above_change(plan: &Plan, percent: Decimal) -> Violation<'_> {
    let changes = specific(plan, |change| exceeds_percent(change, percent));
    Violation {
        why: format!("budgets that would change by more than {percent} percent: {}", changes.len()),
        next: "check these amounts, or allow more with --max-change",
        changes,
        is_specific: true,
    }
}

/// Lists the changes above the limit.
fn above_limit(plan: &Plan, limit: usize) -> Violation<'_> {
    Violation {
        why: format!("changes: {}, and --limit allows {limit}", plan.changes().count()),
        next: "check the sheet, or allow more with --limit",
        changes: plan.changes().skip(limit).collect(),
        is_specific: false,
    }
}

fn above_share(plan: &Plan, percent: Decimal) -> Option<Violation<'_>> {
    let (changes, customers) = (plan.changes().count(), plan.customer_count());
    let share = Number::from(changes) * Number::ONE_HUNDRED;
    let allowed = Number::from(customers).checked_mul(percent.into())?;
    let share_shown = (share / Number::from(customers.max(1))).round_dp(1).normalize();
    (share > allowed).then(|| Violation {
        why: format!(
            "{changes} of {} would change, that is {share_shown} percent, and {percent} are allowed",
            quantity(customers, "customer")
        ),
        next: "check the sheet, or allow more with --max-share PERCENT",
        changes: plan.changes().collect(),
        is_specific: false,
    })
}

fn specific(plan: &Plan, exceeds: impl Fn(&Entry) -> bool) -> Vec<&Entry> {
    plan.changes().filter(|change| exceeds(change)).collect()
}

pub(crate) fn is_negative(amount: Decimal) -> bool {
    amount < Decimal::default()
}

/// Whether a budget grows or shrinks by more than the default factor.
pub(crate) fn exceeds_default_factor(from: Option<Decimal>, to: Option<Decimal>) -> bool {
    exceeds_factor(from, to, Number::from(DEFAULT_FACTOR).into())
}

/// Whether a budget grows or shrinks by more than `factor`.
fn exceeds_factor(from: Option<Decimal>, to: Option<Decimal>, factor: Decimal) -> bool {
    // A first budget has nothing to compare with. A misplaced decimal point cannot clear a budget, because that takes a
    // word in the sheet.
    let Some((from, to)) = from.zip(to) else { return false };
    let (from, to) = (Number::from(from).abs(), Number::from(to).abs());
    let (smaller, larger) = (from.min(to), from.max(to));
    // If the product overflows, it is larger than every amount.
    smaller.checked_mul(factor.into()).is_some_and(|allowed| larger > allowed)
}

/// Whether a budget changes by more than `percent` percent, or has too many digits to compare.
fn exceeds_percent(change: &Entry, percent: Decimal) -> bool {
    let Some(from) = change.from else { return false };
    let (from, to): (Number, Number) = (from.into(), change.to.unwrap_or_default().into());
    let difference = to.checked_sub(from).and_then(|difference| difference.abs().checked_mul(Number::ONE_HUNDRED));
    let allowed = from.abs().checked_mul(percent.into());
    difference.zip(allowed).is_none_or(|(difference, allowed)| difference > allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Option<Decimal> {
        (text != "none").then(|| text.parse().unwrap())
    }

    #[test]
    fn factor_counts_in_both_directions_and_from_zero() {
        for (from, to, is_exceeded) in [
            ("97", "970", false),
            ("97", "970.01", true),
            ("970", "97", false),
            ("970.1", "97", true),
            ("100", "0", true),
            ("0", "0.01", true),
            ("0", "0", false),
            ("none", "1000000", false),
            ("1000000", "none", false),
            ("-10", "100", false),
            ("-10", "101", true),
            ("79228162514264337593543950335", "1", true),
            ("79228162514264337593543950335", "79228162514264337593543950334", false),
        ] {
            assert_eq!(exceeds_default_factor(amount(from), amount(to)), is_exceeded, "{from} -> {to}");
        }
    }

    #[test]
    fn reads_factors() {
        assert_eq!("None".parse(), Ok(MaxFactor::Unlimited));
        assert_eq!("2.5".parse(), Ok(MaxFactor::Factor("2.5".parse().unwrap())));
        for text in ["0.5", "-2", "x", ""] {
            assert!(text.parse::<MaxFactor>().is_err(), "{text}");
        }
    }
}
