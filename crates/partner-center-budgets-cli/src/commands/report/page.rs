//! The HTML page.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use partner_center_budgets::Decimal;
use sha2::{Digest, Sha256};

use super::customer::ReportedCustomer;
use super::overview::Overview;
use super::table::{bar_widths, customers_table};
use super::totals::Totals;
use crate::output::sanitize::sanitized;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) struct Page {
    pub(super) written: DateTime<Utc>,
    pub(super) partner: Option<String>,
    pub(super) near: Decimal,
    pub(super) customers: Vec<ReportedCustomer>,
}

impl Page {
    pub(super) fn into_html(mut self) -> String {
        let rank = |customer: &ReportedCustomer| customer.usage.share.map(|share| share.rank);
        self.customers
            .sort_by(|one, other| (rank(other), one.name(), one.id()).cmp(&(rank(one), other.name(), other.id())));
        let style = format!("{STYLE}{}\n", bar_widths());
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        // Forbid to load anything, and to run anything else: escaping is not the only protection.
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            hash(&style),
            hash(SCRIPT)
        );
        let overview = Overview::new(self.written, self.partner.as_deref(), self.near, &self.customers);
        let page = html! {
            (DOCTYPE) "\n"
            html lang="en" { "\n"
                head { "\n"
                    meta charset="utf-8"; "\n"
                    meta http-equiv="Content-Security-Policy" content=(policy); "\n"
                    meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                    meta name="referrer" content="no-referrer"; "\n"
                    title {
                        (overview.headline()) " – " @if let Some(partner) = &self.partner { (sanitized(partner)) ", " }
                        (self.written.format("%Y-%m-%d"))
                    } "\n"
                    style { (PreEscaped(&style)) } "\n"
                } "\n"
                body { "\n"
                    main { "\n" (self.content(&overview)) "\n" } "\n"
                    @if !self.customers.is_empty() { script { (PreEscaped(SCRIPT)) } "\n" }
                } "\n"
            } "\n"
        };
        page.into_string()
    }

    fn content(&self, overview: &Overview<'_>) -> Markup {
        let totals = Totals::of(&self.customers);
        html! {
            (overview.to_html()) "\n"
            @if self.customers.is_empty() {
                p { "A customer appears here about a day after its first usage. Customers and their budgets: " code { "pc-budgets export" } "." }
            } @else {
                (totals.to_html()) "\n"
                (overview.explanation()) "\n"
                (customers_table(&self.customers, &totals))
            }
        }
    }
}
