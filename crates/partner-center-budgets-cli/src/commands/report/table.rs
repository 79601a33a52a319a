//! The table of customers.

use maud::{Markup, PreEscaped, html};
use partner_center_budgets::{CustomerId, Decimal};
use partner_center_budgets_fleet::BudgetStatus;
use rust_decimal::prelude::ToPrimitive;

use super::customer::{ReportedCustomer, class, text};
use super::sparkline::{DailyCosts, sparkline};
use super::totals::{Totals, name};
use crate::output::number::{count_of, exact, grouped, rounded};
use crate::output::sanitize::sanitized;

/// Title, sort key for the script, and the order of the first click: figures from the highest, texts from A.
const COLUMNS: [(&str, &str, &str); 7] = [
    ("Customer", "name", "ascending"),
    ("Status", "status", "descending"),
    ("Used", "used", "descending"),
    ("Cost so far", "amount", "descending"),
    ("Budget", "amount", "descending"),
    ("Currency", "currency", "ascending"),
    ("Projected", "amount", "descending"),
];
const HISTORY: (&str, &str, &str) = ("Last 30 days", "amount", "descending");

/// The controls and the table. `customers` are sorted by used share, the highest first.
pub(super) fn customers_table(customers: &[ReportedCustomer], totals: &Totals<'_>) -> Markup {
    let history = customers.iter().any(|customer| customer.history.is_some()).then_some(HISTORY);
    let columns = || COLUMNS.into_iter().chain(history);
    html! {
        (tools(customers.len(), totals)) "\n"
        table #customers role="table" { "\n"
            caption { "Customers" } "\n"
            colgroup { @for _ in columns() { col; } } "\n"
            thead role="rowgroup" {
                tr role="row" aria-rowindex="1" {
                    @for (title, sort, first) in columns() {
                        th scope="col" role="columnheader" data-sort=(sort) data-first=(first)
                            aria-sort=[(sort == "used").then_some("descending")] { (title) }
                    }
                }
            } "\n"
            tbody role="rowgroup" { "\n" @for customer in customers { (row(customer, history.is_some())) "\n" } } "\n"
        } "\n"
        p #nothing hidden { "No customer matches. " } "\n"
        div #end {}
    }
}

fn tools(customers: usize, totals: &Totals<'_>) -> Markup {
    html! {
        div.tools role="search" { "\n"
            label {
                "Search by name or id"
                input type="search" id="search" autocomplete="off" spellcheck="false";
            } "\n"
            label hidden[totals.groups().nth(1).is_none()] {
                "Currency"
                select #currency {
                    option value="*" { "all" }
                    @for currency in totals.groups() { option value=(sanitized(currency)) { (name(currency)) } }
                }
            } "\n"
            p #count role="status" { (count_of(customers, "customer")) } "\n"
        }
    }
}

/// End tags of cells and rows are optional in HTML. Without them, a large report is a tenth smaller. Text cannot contain
/// them, because it is escaped.
fn row(customer: &ReportedCustomer, has_history: bool) -> Markup {
    let usage = &customer.usage;
    // A link to `#ID` leads to the customer. Other ids may contain spaces.
    let id = Some(customer.id()).filter(|id| id.parse::<CustomerId>().is_ok());
    let projected = usage.projection.and_then(|projection| projection.cost);
    let row = html! {
        tr class=(classes(customer)) id=[id] {
            th scope="row" { b { (sanitized(customer.name())) } code { (sanitized(customer.id())) } }
            td { (status(customer)) }
            (used(customer))
            (amount(usage.cost))
            (amount(usage.budget))
            td {
                (sanitized(customer.currency()))
                @if let (Some(locale), Some(_)) = (&usage.currency_locale, &customer.currency_code) {
                    " " small { "from locale " (sanitized(locale)) }
                }
            }
            td { @if let Some(projected) = projected { (grouped(projected)) } }
            @if has_history { td { @if let Some(history) = &customer.history { (last_days(history)) } } }
        }
    };
    PreEscaped(row.into_string().replace("</td>", "").replace("</th>", ""))
}

/// All digits on hover and in copies, if they differ.
fn amount(amount: Option<Decimal>) -> Markup {
    let Some(amount) = amount else { return html! { td {} } };
    let digits = exact(amount);
    html! { td title=[(digits != rounded(amount)).then_some(digits)] { (grouped(amount)) } }
}

/// The bar is full where the budget is zero: its share has no number.
fn used(customer: &ReportedCustomer) -> Markup {
    match customer.usage.share.map(|share| share.percent) {
        Some(Some(percent)) => html! { td class={ "w" (bar_width(percent)) } { (grouped(percent)) " %" } },
        Some(None) => html! { td.w100 { "over 100 %" } },
        None => html! { td {} },
    }
}

fn status(customer: &ReportedCustomer) -> Markup {
    let over_on = customer.usage.projection.and_then(|projection| projection.over_on);
    let texts: Vec<_> = customer.statuses.iter().map(|status| text(*status)).collect();
    html! {
        (texts.join(", "))
        @if let (Some(day), true) = (over_on, customer.is(BudgetStatus::TrendingOver)) { " " small { "on " (day.format("%-d %b")) } }
    }
}

fn last_days(history: &DailyCosts) -> Markup {
    html! {
        @if let Some(pace) = history.pace { (grouped(pace)) " " small { "a day" } }
        @if let Some(line) = sparkline(&history.days) { (line) }
    }
}

fn classes(customer: &ReportedCustomer) -> String {
    customer.statuses.iter().map(|status| class(*status)).collect::<Vec<_>>().join(" ")
}

/// The length of a bar. The smallest share is visible, and the bar is full at 100 percent and above, never below.
fn bar_width(percent: Decimal) -> u32 {
    let percent = rust_decimal::Decimal::from(percent);
    let max = if percent < 100.into() { 99 } else { 100 };
    percent.ceil().clamp(0.into(), max.into()).to_u32().unwrap_or_default()
}

/// A class for each length of a bar. Inline styles would need a weaker policy.
pub(super) fn bar_widths() -> String {
    (0..=100).map(|width| format!(".w{width}{{--w:{width}%}}")).collect()
}
