//! The HTML page.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, FixedOffset, Utc};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::BudgetStatus;
use rust_decimal::prelude::ToPrimitive;
use sha2::{Digest, Sha256};

use super::customer::{ReportedCustomer, class, ranks, text};
use super::totals::totals;
use crate::commands::usage::columns::{self, Column, ColumnKind};
use crate::output::number::{exact, rounded};
use crate::output::sanitize::sanitized;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) struct Page {
    written: DateTime<Utc>,
    partner: Option<String>,
    near: Decimal,
    /// The date of the newest figures.
    updated: Option<DateTime<FixedOffset>>,
    /// Sorted by used share, the highest first.
    customers: Vec<ReportedCustomer>,
}

impl Page {
    pub(super) fn new(
        written: DateTime<Utc>,
        partner: Option<String>,
        near: Decimal,
        updated: Option<DateTime<FixedOffset>>,
        mut customers: Vec<ReportedCustomer>,
    ) -> Self {
        let rank = |customer: &ReportedCustomer| customer.usage.share.map(|share| share.rank);
        customers.sort_by(|one, other| (rank(other), one.name(), one.id()).cmp(&(rank(one), other.name(), other.id())));
        Self { written, partner, near, updated, customers }
    }

    pub(super) fn to_html(&self) -> String {
        let style = style();
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        // Forbid to load anything, and to run anything else: escaping is not the only protection.
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            hash(&style),
            hash(SCRIPT)
        );
        let written = self.written.format("%Y-%m-%d %H:%M UTC");
        let page = html! {
            (DOCTYPE) "\n"
            html lang="en" { "\n"
                head { "\n"
                    meta charset="utf-8"; "\n"
                    meta http-equiv="Content-Security-Policy" content=(policy); "\n"
                    meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                    meta name="referrer" content="no-referrer"; "\n"
                    title { "Azure budgets, " (written) } "\n"
                    style { (PreEscaped(&style)) } "\n"
                } "\n"
                body { "\n"
                    h1 { "Azure budgets of customers" } "\n"
                    p.about {
                        @if let Some(partner) = &self.partner { (sanitized(partner)) ", " }
                        time datetime=(self.written.format("%Y-%m-%dT%H:%M:%SZ")) { (written) }
                        @if let Some(updated) = self.updated { (updated.to_utc().format(", figures of %Y-%m-%d")) }
                    } "\n"
                    (self.note()) "\n"
                    (self.totals()) "\n"
                    (self.tools()) "\n"
                    (self.table()) "\n"
                    script { (PreEscaped(SCRIPT)) } "\n"
                } "\n"
            } "\n"
        };
        page.into_string()
    }

    fn note(&self) -> Markup {
        let near = exact(self.near);
        let near = near.trim_end_matches('0').trim_end_matches('.');
        html! {
            p.note {
                "Near: " (near) " % of the budget or more. Over: 100 % or more. Trending over: will reach the budget before \
                 the customer's billing period ends, at the current rate (from the fifth day of the period). "
                @if self.has_unknown_trends() { "Trend unknown: the cost or the billing period is not known. " }
                "Costs are estimates of the current period, without taxes and credits. Customers without Azure usage in it \
                 are not in this list."
            }
        }
    }

    fn has_unknown_trends(&self) -> bool {
        self.customers.iter().any(|customer| customer.is(BudgetStatus::TrendUnknown))
    }

    fn totals(&self) -> Markup {
        // Without this column, a 0 under "Trending over" would be misleading.
        let unknown_trends = self.has_unknown_trends().then_some("Trend unknown");
        let headers = ["Customers", "Budget", "Cost so far", "Over", "Near", "Trending over", "Usage, no budget"];
        let sum = |sum: Option<Decimal>, write: fn(Decimal) -> String| {
            sum.map_or_else(|| "too many digits".to_owned(), write)
        };
        html! {
            div.wide role="region" aria-label="Totals by currency" tabindex="0" { "\n"
                table #totals { "\n"
                    caption { "Totals by currency" } "\n"
                    thead {
                        tr {
                            th scope="col" { "Currency" }
                            @for header in headers.into_iter().chain(unknown_trends) { th scope="col" class="n" { (header) } }
                        }
                    } "\n"
                    tbody { "\n"
                        @for (currency, total) in totals(&self.customers) {
                            tr {
                                th scope="row" { (sanitized(if currency.is_empty() { "unknown" } else { currency })) }
                                td.n { (total.customers) }
                                td.n { (sum(total.budget, exact)) }
                                td.n { (sum(total.cost, rounded)) }
                                td.n { (total.over) }
                                td.n { (total.near) }
                                td.n { (total.trending) }
                                td.n { (total.without_budget) }
                                @if unknown_trends.is_some() { td.n { (total.trend_unknown) } }
                            } "\n"
                        }
                    } "\n"
                } "\n"
            } "\n"
            p.note {
                "Amounts are not converted. For legacy offers the service sends a locale (for example en-GB) instead of a \
                 currency."
            }
        }
    }

    fn tools(&self) -> Markup {
        let totals = totals(&self.customers);
        html! {
            div.tools role="search" { "\n"
                label {
                    "Search by name or id"
                    input type="search" id="search" autocomplete="off" spellcheck="false";
                } "\n"
                label {
                    "Status"
                    select #status {
                        option value="" { "all" }
                        @for status in BudgetStatus::ALL { option value=(class(status)) { (text(status)) } }
                    }
                } "\n"
                label {
                    "Currency"
                    select #currency {
                        option value="" { "all" }
                        @for currency in totals.into_keys().filter(|currency| !currency.is_empty()) {
                            option { (sanitized(currency)) }
                        }
                    }
                } "\n"
            } "\n"
            p #count role="status" aria-live="polite" { (self.customers.len()) " customers" }
        }
    }

    fn table(&self) -> Markup {
        let columns: Vec<_> =
            columns::reported().filter(|column| column.kind != ColumnKind::Name).map(ReportColumn::of).collect();
        let columns: Vec<_> = columns.into_iter().map(|column| column.with_ranks(&self.customers)).collect();
        html! {
            table #customers role="table" { "\n"
                caption { "Customers" } "\n"
                colgroup {
                    @for _ in &columns { col; }
                    col;
                } "\n"
                thead role="rowgroup" {
                    tr role="row" aria-rowindex="1" {
                        @for column in &columns { (column.header()) }
                        th scope="col" role="columnheader" class="" data-first="descending" { "Status" }
                    }
                } "\n"
                tbody role="rowgroup" { "\n"
                    @for (row, customer) in self.customers.iter().enumerate() {
                        tr class=(classes(customer)) data-k=(sort_keys(&columns, row, customer)) {
                            @for column in &columns { (column.cell(customer)) }
                            td.s { (texts(customer)) }
                        } "\n"
                    }
                } "\n"
            } "\n"
            div #end {}
        }
    }
}

/// A column of the customers' table.
struct ReportColumn {
    column: &'static Column,
    /// The rank of each row, by which the page sorts.
    ranks: Vec<Option<usize>>,
    /// The most decimal places of a cell.
    places: usize,
}

impl ReportColumn {
    fn of(column: &'static Column) -> Self {
        Self { column, ranks: Vec::new(), places: 0 }
    }

    fn with_ranks(self, customers: &[ReportedCustomer]) -> Self {
        let keys: Vec<_> = customers.iter().map(|customer| self.column.rank(&customer.usage)).collect();
        let numbers = customers.iter().filter_map(|customer| self.column.number(&customer.usage));
        let places = numbers.map(|number| decimal_places(&number)).max().unwrap_or_default();
        Self { ranks: ranks(&keys), places, ..self }
    }

    fn header(&self) -> Markup {
        let (class, first) = match self.column.kind {
            ColumnKind::ExactAmount | ColumnKind::RoundedAmount | ColumnKind::Percent => ("n", "descending"),
            ColumnKind::Currency | ColumnKind::Text | ColumnKind::Status => ("c", "ascending"),
            ColumnKind::Id | ColumnKind::Name => ("", "ascending"),
        };
        let sorted = (self.column.kind == ColumnKind::Percent).then_some("descending");
        html! {
            th scope="col" role="columnheader" class=(class) data-first=(first) aria-sort=[sorted] { (self.column.title) }
        }
    }

    fn cell(&self, customer: &ReportedCustomer) -> Markup {
        let (column, usage) = (self.column, &customer.usage);
        match column.kind {
            ColumnKind::Id | ColumnKind::Name => html! {
                th scope="row" { b { (sanitized(customer.name())) } code { (sanitized(customer.id())) } }
            },
            ColumnKind::ExactAmount => html! { td.n data-l=(column.title) { (self.number(customer)) } },
            // All digits on hover.
            ColumnKind::RoundedAmount => {
                html! { td.n data-l=(column.title) title=[usage.cost] { (self.number(customer)) } }
            }
            ColumnKind::Currency | ColumnKind::Text | ColumnKind::Status => {
                html! { td.c { (sanitized(usage.currency_or_locale())) } }
            }
            ColumnKind::Percent => match usage.share.and_then(|share| share.percent) {
                Some(percent) => html! { td class={ "n u w" (bar_width(percent)) } { (rounded(percent)) " %" } },
                None => html! { td class="n u" {} },
            },
        }
    }

    /// The number, padded with spaces of a digit's width: aligning to the right then also aligns the points.
    fn number(&self, customer: &ReportedCustomer) -> String {
        match self.column.number(&customer.usage) {
            Some(number) => {
                let missing = self.places.saturating_sub(decimal_places(&number));
                number + &"\u{2007}".repeat(missing)
            }
            None => "–".to_owned(),
        }
    }
}

fn classes(customer: &ReportedCustomer) -> String {
    customer.statuses.iter().map(|status| class(*status)).collect::<Vec<_>>().join(" ")
}

fn texts(customer: &ReportedCustomer) -> String {
    customer.statuses.iter().map(|status| text(*status)).collect::<Vec<_>>().join(", ")
}

/// The sort key of each column, empty for columns that the page sorts by their text.
fn sort_keys(columns: &[ReportColumn], row: usize, customer: &ReportedCustomer) -> String {
    let rank = |column: &ReportColumn| column.ranks[row].map(|rank| rank.to_string()).unwrap_or_default();
    let worst = customer.statuses.iter().map(|status| 9 - *status as usize).max().unwrap_or_default();
    columns.iter().map(rank).chain([worst.to_string()]).collect::<Vec<_>>().join(",")
}

/// The style sheet with one class for each length of a bar. Inline styles would need a weaker policy.
fn style() -> String {
    let widths: String = (0..=100).map(|width| format!(".w{width}{{--w:{width}%}}")).collect();
    format!("{STYLE}{widths}\n")
}

/// The length of a bar. The smallest share is visible, and the bar is full at 100 percent and above, never below.
fn bar_width(percent: Decimal) -> u32 {
    let percent = rust_decimal::Decimal::from(percent);
    let max = if percent < 100.into() { 99 } else { 100 };
    percent.ceil().clamp(0.into(), max.into()).to_u32().unwrap_or_default()
}

fn decimal_places(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}
