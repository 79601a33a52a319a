//! The page, as HTML.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, FixedOffset, Utc};
use partner_center_budgets::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sha2::{Digest, Sha256};

use super::customer::{Customer, Status, ranks};
use super::escape::Text;
use super::totals::totals;
use crate::output::{exact, rounded};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Columns of the customers' table: head, class, and which order a first click asks for.
const HEADS: [(&str, &str, &str); 6] = [
    ("Customer", "", "ascending"),
    ("Budget", "n", "descending"),
    ("Cost so far", "n", "descending"),
    ("Currency", "c", "ascending"),
    ("Used", "n", "descending"),
    ("Status", "", "descending"),
];

pub(super) struct Page {
    written: DateTime<Utc>,
    partner: Option<String>,
    near: Decimal,
    /// When the newest figures were renewed.
    renewed: Option<DateTime<FixedOffset>>,
    /// By share used, the highest first.
    customers: Vec<Customer>,
}

impl Page {
    pub(super) fn new(
        written: DateTime<Utc>,
        partner: Option<String>,
        near: Decimal,
        renewed: Option<DateTime<FixedOffset>>,
        mut customers: Vec<Customer>,
    ) -> Self {
        customers.sort_by(|one, other| (other.rank(), &one.name, &one.id).cmp(&(one.rank(), &other.name, &other.id)));
        Self { written, partner, near, renewed, customers }
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (style, hash) = (style(), |text: &str| STANDARD.encode(Sha256::digest(text)));
        let written = self.written.format("%Y-%m-%d %H:%M UTC");
        let about = self.partner.as_ref().map(|name| format!("{}, ", Text(name))).unwrap_or_default();
        let renewed = self.renewed.map(|moment| moment.to_utc().format(", figures of %Y-%m-%d").to_string());
        let renewed = renewed.unwrap_or_default();
        // Nothing may be loaded, and nothing run that is not ours: not even what a hole in the escaping would let in.
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
             script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>Azure budgets, {written}</title>\n<style>{style}</style>\n</head>\n<body>\n\
             <h1>Azure budgets of customers</h1>\n<p class=\"about\">{about}<time datetime=\"{}\">{written}</time>{renewed}</p>\n",
            hash(&style),
            hash(SCRIPT),
            self.written.format("%Y-%m-%dT%H:%M:%SZ"),
        )?;
        let near = exact(self.near);
        let unknown = match self.has_unknown_trends() {
            true => "Trend unknown: the cost or the billing period is not known. ",
            false => "",
        };
        writeln!(
            f,
            "<p class=\"note\">Near: {} % of the budget or more. Over: 100 % or more. Trending over: will reach the budget before \
             the customer's billing period ends, at the current rate (from the fifth day of the period). {unknown}Costs are \
             estimates of the current period, without taxes and credits. Customers without any Azure usage in it are not in \
             this list.</p>",
            near.trim_end_matches('0').trim_end_matches('.'),
        )?;
        self.totals(f)?;
        self.tools(f)?;
        self.table(f)?;
        write!(f, "<script>{SCRIPT}</script>\n</body>\n</html>\n")
    }
}

impl Page {
    fn has_unknown_trends(&self) -> bool {
        self.customers.iter().any(|customer| customer.is(Status::TrendUnknown))
    }

    fn totals(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<div class=\"wide\" role=\"region\" aria-label=\"Totals by currency\" tabindex=\"0\">\n<table id=\"totals\">\n\
             <caption>Totals by currency</caption>\n<thead><tr><th scope=\"col\">Currency</th>",
        )?;
        for head in ["Customers", "Budget", "Cost so far", "Over", "Near", "Trending over", "Usage, no budget"] {
            write!(f, "<th scope=\"col\" class=\"n\">{head}</th>")?;
        }
        // Without it, a 0 under "Trending over" would claim too much.
        let has_unknown_trends = self.has_unknown_trends();
        if has_unknown_trends {
            f.write_str("<th scope=\"col\" class=\"n\">Trend unknown</th>")?;
        }
        f.write_str("</tr></thead>\n<tbody>\n")?;
        for (currency, total) in totals(&self.customers) {
            let sum = |sum: Option<Decimal>, write: fn(Decimal) -> String| {
                sum.map_or_else(|| "too many digits".to_owned(), write)
            };
            write!(
                f,
                "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>",
                Text(if currency.is_empty() { "unknown" } else { currency }),
                total.customers,
                sum(total.budget, exact),
                sum(total.cost, rounded),
                total.over,
                total.near,
                total.trending,
                total.without_budget
            )?;
            if has_unknown_trends {
                write!(f, "<td class=\"n\">{}</td>", total.trend_unknown)?;
            }
            f.write_str("</tr>\n")?;
        }
        f.write_str(
            "</tbody>\n</table>\n</div>\n<p class=\"note\">Amounts are not converted. For legacy offers the service tells \
             a locale such as en-GB in place of a currency.</p>\n",
        )
    }

    fn tools(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<div class=\"tools\" role=\"search\">\n<label>Search by name or id\
             <input type=\"search\" id=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>\n\
             <label>Status<select id=\"status\"><option value=\"\">all</option>",
        )?;
        for status in Status::ALL {
            write!(f, "<option value=\"{}\">{}</option>", status.class(), status.words())?;
        }
        f.write_str("</select></label>\n<label>Currency<select id=\"currency\"><option value=\"\">all</option>")?;
        for currency in totals(&self.customers).into_keys().filter(|currency| !currency.is_empty()) {
            write!(f, "<option>{}</option>", Text(currency))?;
        }
        let count = self.customers.len();
        write!(
            f,
            "</select></label>\n</div>\n<p id=\"count\" role=\"status\" aria-live=\"polite\">{count} customers</p>\n"
        )
    }

    fn table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<table id=\"customers\" role=\"table\">\n<caption>Customers</caption>\n<colgroup><col>")?;
        f.write_str(
            "<col><col><col><col><col></colgroup>\n<thead role=\"rowgroup\"><tr role=\"row\" aria-rowindex=\"1\">",
        )?;
        for (head, class, first) in HEADS {
            let sorted = if head == "Used" { " aria-sort=\"descending\"" } else { "" };
            write!(
                f,
                "<th scope=\"col\" role=\"columnheader\" class=\"{class}\" data-first=\"{first}\"{sorted}>{head}</th>"
            )?;
        }
        f.write_str("</tr></thead>\n<tbody role=\"rowgroup\">\n")?;
        let column = |value: fn(&Customer) -> Option<Decimal>| self.customers.iter().map(value).collect::<Vec<_>>();
        let (budgets, costs) = (column(|one| one.budget), column(|one| one.cost));
        let useds: Vec<_> = self.customers.iter().map(Customer::rank).collect();
        let places = budgets.iter().flatten().map(|budget| behind_point(&exact(*budget))).max().unwrap_or_default();
        let ranks = [ranks(&budgets), ranks(&costs), ranks(&useds)];
        for (row, customer) in self.customers.iter().enumerate() {
            let [budget, cost, used] =
                [0, 1, 2].map(|of| ranks[of][row].map(|rank| rank.to_string()).unwrap_or_default());
            let worst = customer.statuses.iter().map(|status| 9 - *status as usize).max().unwrap_or_default();
            let classes: Vec<_> = customer.statuses.iter().map(|status| status.class()).collect();
            let words: Vec<_> = customer.statuses.iter().map(|status| status.words()).collect();
            write!(
                f,
                "<tr class=\"{}\" data-k=\",{budget},{cost},,{used},{worst}\"><th scope=\"row\"><b>{}</b><code>{}</code></th>",
                classes.join(" "),
                Text(&customer.name),
                Text(&customer.id),
            )?;
            write!(f, "<td class=\"n\" data-l=\"Budget\">{}</td>", amount(customer.budget.map(exact), places))?;
            let exactly = customer.cost.map(|cost| format!(" title=\"{cost}\"")).unwrap_or_default();
            write!(
                f,
                "<td class=\"n\" data-l=\"Cost so far\"{exactly}>{}</td>",
                amount(customer.cost.map(rounded), 2)
            )?;
            write!(f, "<td class=\"c\">{}</td>", Text(&customer.currency))?;
            match customer.share.and_then(|share| share.percent) {
                Some(percent) => write!(f, "<td class=\"n u w{}\">{} %</td>", width(percent), rounded(percent))?,
                None => f.write_str("<td class=\"n u\"></td>")?,
            }
            writeln!(f, "<td class=\"s\">{}</td></tr>", words.join(", "))?;
        }
        f.write_str("</tbody>\n</table>\n<div id=\"end\"></div>\n")
    }
}

/// The style sheet with a class for each length of a bar. Styles within elements would need a weaker policy.
fn style() -> String {
    let widths: String = (0..=100).map(|width| format!(".w{width}{{--w:{width}%}}")).collect();
    format!("{STYLE}{widths}\n")
}

fn width(percent: Decimal) -> u32 {
    let percent = rust_decimal::Decimal::from(percent);
    // The least share is seen, and the bar is full from 100 on, and only then.
    let most = if percent < 100.into() { 99 } else { 100 };
    percent.ceil().clamp(0.into(), most.into()).to_u32().unwrap_or_default()
}

fn behind_point(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// A number, filled up with spaces as wide as a digit, so that flush right puts the points below each other.
fn amount(number: Option<String>, places: usize) -> String {
    match number {
        Some(number) => {
            let missing = places.saturating_sub(behind_point(&number));
            number + &"\u{2007}".repeat(missing)
        }
        None => "–".to_owned(),
    }
}
