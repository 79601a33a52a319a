//! The costs of the last days as a small line.

use maud::{Markup, html};
use partner_center_budgets::Decimal;
use rust_decimal::Decimal as Number;
use rust_decimal::prelude::ToPrimitive;

/// The recorded costs of one customer.
pub(super) struct DailyCosts {
    /// The cost of each of the last days, the newest last; `None` where it is not known.
    pub(super) days: Vec<Option<Decimal>>,
    /// The cost per day of recent days.
    pub(super) pace: Option<Decimal>,
}

/// The height of the line in units of the drawing. One digit for each point keeps the file small.
const HEIGHT: i64 = 9;

/// A line with a point for each day, from zero to the highest cost. Unknown days are gaps. `None` without two known days.
pub(super) fn sparkline(days: &[Option<Decimal>]) -> Option<Markup> {
    let highest = days.iter().flatten().max().filter(|_| days.iter().flatten().count() > 1)?;
    let heights: Vec<_> = days.iter().map(|day| day.map(|cost| height(cost, *highest))).collect();
    let mut path = String::new();
    let mut day = 0;
    for known in heights.chunk_by(|one, next| one.is_some() == next.is_some()) {
        if let Some(first) = known[0] {
            path += &format!("M{day} {}", HEIGHT - first);
            lines(&known.iter().flatten().copied().collect::<Vec<_>>(), &mut path);
        }
        day += known.len();
    }
    Some(html! { svg aria-hidden="true" { path d=(path); } })
}

/// Relative lines, because they are shorter. Days in a row with the same step are one line.
fn lines(heights: &[i64], path: &mut String) {
    let mut command = 'l';
    let steps: Vec<_> = heights.windows(2).map(|pair| pair[0] - pair[1]).collect();
    for same in steps.chunk_by(|step, next| step == next) {
        let height: i64 = same.iter().sum();
        let separator = if height < 0 { "" } else { " " };
        path.push_str(&format!("{command}{}{separator}{height}", same.len()));
        command = ' ';
    }
}

/// Credits have the height of zero.
fn height(cost: Decimal, highest: Decimal) -> i64 {
    let share = Number::from(cost).checked_div(highest.into()).unwrap_or_default();
    (share * Number::from(HEIGHT)).round().to_i64().unwrap_or_default().clamp(0, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(days: &[&str]) -> Option<String> {
        let days: Vec<_> = days.iter().map(|cost| cost.parse().ok()).collect();
        let svg = sparkline(&days)?.into_string();
        Some(svg.split('"').nth(3).unwrap().to_owned())
    }

    #[test]
    fn the_highest_cost_is_at_the_top_and_unknown_days_are_gaps() {
        assert_eq!(path(&["0", "5", "10"]).as_deref(), Some("M0 9l1-4 1-5"));
        assert_eq!(path(&["0", "3", "6", "9", "6"]).as_deref(), Some("M0 9l3-9 1 3"));
        assert_eq!(path(&["1", "", "1", "1"]).as_deref(), Some("M0 0M2 0l1 0"));
        assert_eq!(path(&["-4", "2", "0.01", "0", "0", "1"]).as_deref(), Some("M0 9l1-9 1 9 2 0 1-4"));
        assert_eq!(path(&["0", "0"]).as_deref(), Some("M0 9l1 0"));
        assert_eq!((path(&["", "7"]), path(&[])), (None, None));
    }
}
