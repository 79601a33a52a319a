//! The top of the page: the answer in one sentence, its date, and the number of customers with each status.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, TimeDelta, Utc};
use maud::{Markup, html};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::BudgetStatus;

use super::customer::{ReportedCustomer, class, text};
use crate::output::number::{count, count_of, normalized};
use crate::output::sanitize::sanitized;

/// Figures of this age are worth a note, because the service updates them about once a day.
const OLD: TimeDelta = TimeDelta::days(2);

pub(super) struct Overview<'a> {
    written: DateTime<Utc>,
    partner: Option<&'a str>,
    near: String,
    /// The date of the newest figures.
    updated: Option<DateTime<FixedOffset>>,
    old_customers: usize,
    counts: [usize; BudgetStatus::ALL.len()],
    customers: usize,
    spending_without_budget: usize,
    has_history: bool,
}

impl<'a> Overview<'a> {
    pub(super) fn new(
        written: DateTime<Utc>,
        partner: Option<&'a str>,
        near: Decimal,
        customers: &[ReportedCustomer],
    ) -> Self {
        let is_old = |customer: &&ReportedCustomer| customer.updated.is_some_and(|updated| age(written, updated) > OLD);
        Self {
            written,
            partner,
            near: normalized(near),
            updated: customers.iter().filter_map(|customer| customer.updated).max(),
            old_customers: customers.iter().filter(is_old).count(),
            counts: BudgetStatus::ALL.map(|status| customers.iter().filter(|customer| customer.is(status)).count()),
            customers: customers.len(),
            spending_without_budget: customers.iter().filter(|customer| customer.spends_without_budget()).count(),
            has_history: customers.iter().any(|customer| customer.history.is_some()),
        }
    }

    fn count(&self, status: BudgetStatus) -> usize {
        BudgetStatus::ALL.iter().zip(self.counts).filter(|(of, _)| **of == status).map(|(_, count)| count).sum()
    }

    /// The answer, such as `322 of 2,625 customers are over budget, 288 near, 180 will be`.
    pub(super) fn headline(&self) -> String {
        let [over, near, trending, none] =
            [BudgetStatus::Over, BudgetStatus::Near, BudgetStatus::TrendingOver, BudgetStatus::NoBudget]
                .map(|status| self.count(status));
        let customers = count(self.customers);
        match over {
            _ if self.customers == 0 => return "No customer has Azure usage in this period".to_owned(),
            _ if none == self.customers => return format!("No budgets: {} without one", count_of(none, "customer")),
            0 if near + trending == 0 => return "No customer is over or near its budget".to_owned(),
            _ => {}
        }
        let mut headline = match over {
            0 => "No customer is over budget".to_owned(),
            1 => format!("1 of {customers} customers is over budget"),
            _ => format!("{} of {customers} customers are over budget", count(over)),
        };
        if near > 0 {
            headline += &format!(", {} near", count(near));
        }
        if trending > 0 {
            headline += &format!(", {} will be", count(trending));
        }
        headline
    }

    pub(super) fn to_html(&self) -> Markup {
        html! {
            p.about { @if let Some(partner) = self.partner { b { (sanitized(partner)) } ": " } "Azure budgets of customers" } "\n"
            h1 { (self.headline()) } "\n"
            p.about {
                @if self.customers > 0 { (self.figures()) " " }
                "Written "
                time #written datetime=(self.written.format("%Y-%m-%dT%H:%M:%SZ")) { (self.written.format("%-d %B %Y, %H:%M UTC")) }
                "."
            } "\n"
            @if self.customers > 0 { (self.tiles()) "\n" }
        }
    }

    /// The date and age of the figures, and the billing period.
    fn figures(&self) -> Markup {
        let Some(updated) = self.updated else {
            return html! { "Microsoft sent no date of the figures." };
        };
        let updated = updated.to_utc();
        html! {
            "Figures of " (updated.format("%-d %B %Y, %H:%M UTC"))
            ", " (age_text(age(self.written, updated.into()))) " old"
            @if (1..self.customers).contains(&self.old_customers) {
                " (those of " (count_of(self.old_customers, "customer")) ": older than two days)"
            }
            ". "
            @if let Some((first, last)) = month(updated.date_naive()) {
                "Period: " (first.format("%-d")) " to " (last.format("%-d %B %Y")) "; legacy offers have their own."
            }
        }
    }

    /// The script makes each of them a button that filters the table.
    fn tiles(&self) -> Markup {
        html! {
            ul #tiles aria-label="Customers by status" { "\n"
                @for (status, customers) in BudgetStatus::ALL.into_iter().zip(self.counts) {
                    @if customers > 0 || status != BudgetStatus::TrendUnknown {
                        li class=(class(status)) {
                            b { (count(customers)) } " " span { (text(status)) } " " small { (self.meaning(status)) }
                        } "\n"
                    }
                }
            }
        }
    }

    fn meaning(&self, status: BudgetStatus) -> String {
        match status {
            BudgetStatus::Over => "100 % of the budget or more".to_owned(),
            BudgetStatus::Near => format!("{} % of the budget or more", self.near),
            BudgetStatus::TrendingOver => "will be over in this period".to_owned(),
            BudgetStatus::NoBudget => format!("{} of them with costs", count(self.spending_without_budget)),
            BudgetStatus::TrendUnknown => "cost or billing period is not known".to_owned(),
            _ => "within the budget".to_owned(),
        }
    }

    /// The rules behind the figures.
    pub(super) fn explanation(&self) -> Markup {
        html! {
            details.note {
                summary { "How to read this page" }
                ul {
                    li {
                        "“Trending over”: the cost will reach the budget before the customer's billing period ends, "
                        @if self.has_history { "at the pace of the last seven days if they were recorded, or else of the period." }
                        @else { "at the average pace of the period, from its fifth day on." }
                    }
                    @if self.has_history {
                        li { "“Last 30 days”: the average cost per day of the last seven days, and a line with the cost of each day." }
                    }
                    li { "Costs are Microsoft's estimates for the current period, without taxes and credits, updated about once a day." }
                    li { "Customers without Azure usage in this period are not listed." }
                    li { "Amounts are rounded to two decimal places. Point at an amount to see all digits; a copy has them, too." }
                    li { "Amounts are not converted. Each currency has its own totals." }
                }
            }
        }
    }
}

fn age(written: DateTime<Utc>, updated: DateTime<FixedOffset>) -> TimeDelta {
    (written - updated.to_utc()).max(TimeDelta::zero())
}

fn age_text(age: TimeDelta) -> String {
    match age.num_hours() {
        0 => "less than an hour".to_owned(),
        hours @ 1..48 => count_of(usize::try_from(hours).unwrap_or_default(), "hour"),
        _ => count_of(usize::try_from(age.num_days()).unwrap_or_default(), "day"),
    }
}

/// The first and the last day of a month.
fn month(day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let first = day.with_day(1)?;
    Some((first, first.checked_add_days(Days::new(u64::from(day.num_days_in_month()) - 1))?))
}
