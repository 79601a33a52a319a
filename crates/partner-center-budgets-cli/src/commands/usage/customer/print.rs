//! The formats of a customer's costs.

use std::io::{self, Write};

use chrono::{DateTime, FixedOffset};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::Pace;
use schemars::JsonSchema;
use serde::Serialize;

use super::breakdown::Breakdown;
use super::costs::Agreement;
use super::item::CostItem;
use super::options::By;
use crate::commands::usage::columns::{COLUMNS, SelectedRow, UsageRow};
use crate::output::format::OutputFormat;
use crate::output::markdown;
use crate::output::number::{exact, rounded, to_cents};
use crate::output::records;
use crate::output::sanitize::sanitized;
use crate::output::table::{Align, Table};

pub(super) fn print(breakdown: &Breakdown, format: OutputFormat) -> anyhow::Result<()> {
    match format {
        OutputFormat::Json => {
            let (row, columns) = (breakdown.row(), COLUMNS.iter().collect::<Vec<_>>());
            records::json(&BreakdownRecord::new(breakdown, SelectedRow { row: &row, columns: &columns }))
        }
        OutputFormat::Ndjson | OutputFormat::Csv => records::all(format, &breakdown.costs.items),
        OutputFormat::Table => {
            for line in breakdown.heading() {
                writeln!(io::stdout(), "{}", sanitized(&line))?;
            }
            writeln!(io::stdout())?;
            breakdown.table().print()?;
            writeln!(io::stdout(), "\n{}", breakdown.agreement())?;
            Ok(())
        }
        OutputFormat::Markdown => {
            let mut lines = breakdown.heading().into_iter().map(|line| markdown::escaped(&line));
            writeln!(io::stdout(), "## {}\n", lines.next().unwrap_or_default())?;
            for line in lines {
                writeln!(io::stdout(), "{line}  ")?;
            }
            writeln!(io::stdout())?;
            breakdown.table().print_markdown()?;
            writeln!(io::stdout(), "\n{}", markdown::escaped(&breakdown.agreement()))?;
            Ok(())
        }
    }
}

impl Breakdown {
    fn name(&self) -> Option<&str> {
        self.record.customer_name.as_deref().or(self.summary.customer_name.as_deref()).or(self.customer.name.as_deref())
    }

    fn row(&self) -> UsageRow {
        let mut row = UsageRow::new(self.record.clone(), &self.assessment);
        row.customer = Some(self.customer.id.to_string());
        row.name = self.name().map(str::to_owned);
        row
    }

    /// The lines above the table.
    fn heading(&self) -> Vec<String> {
        let row = self.row();
        let currency = row.currency_or_locale().to_owned();
        let amount = |value: Option<Decimal>, write: fn(Decimal) -> String| match value {
            Some(value) => format!("{} {currency}", write(value)).trim_end().to_owned(),
            None => "unknown".to_owned(),
        };
        let budget = row.budget.map_or_else(|| "none".to_owned(), |budget| amount(Some(budget), exact));
        let percent = row.share.and_then(|share| share.percent).map(|percent| format!(" ({} %)", rounded(percent)));
        let mut lines = vec![
            format!("{}  {}", self.name().unwrap_or("(no name)"), self.customer.id),
            format!(
                "budget {budget}, cost so far {}{}, status {}",
                amount(row.cost, rounded),
                percent.unwrap_or_default(),
                self.assessment.status
            ),
        ];
        if let Some(projection) = self.assessment.projection {
            let over = projection.over_on.map(|date| format!(", over the budget on {date}")).unwrap_or_default();
            let pace = match projection.pace {
                Pace::Recent(pace) => format!(", at the {} a day of the last seven days", rounded(pace)),
                _ => String::new(),
            };
            lines
                .push(format!("projected cost of the billing period {}{over}{pace}", amount(projection.cost, rounded)));
        }
        let date = |date: DateTime<FixedOffset>| date.date_naive().to_string();
        if let (Some(start), Some(end)) = (self.summary.billing_start, self.summary.billing_end) {
            lines.push(format!("billing period {} to {}", date(start), date(end)));
        }
        if let Some(updated) = self.summary.last_modified {
            lines.push(format!("figures of {}", date(updated)));
        }
        if let Some(subscription) = &self.subscription {
            let name = subscription.subscription_name.as_deref().unwrap_or("(no name)");
            lines.push(format!(
                "only the subscription {name}, cost so far {}",
                amount(subscription.total_cost, rounded)
            ));
        }
        lines.push(format!("{} from {}", self.by.items(), self.operations.join(" and ")));
        lines
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            ("item", Align::Truncated),
            ("category", Align::Optional),
            ("subcategory", Align::Optional),
            ("subscription", Align::Optional),
            ("id", if self.has_short_ids() { Align::Id } else { Align::Optional }),
            ("plan", Align::Optional),
            ("status", Align::Optional),
            ("quantity", Align::Decimal),
            ("unit", Align::Optional),
            ("cost", Align::Decimal),
            ("currency", Align::Left),
            ("% of cost", Align::Decimal),
        ]);
        for item in &self.costs.items {
            table.row(self.cells(item));
        }
        let count = self.costs.other_count();
        if count > 0 {
            let item = CostItem {
                item: Some(format!("{count} smaller {}", self.by.items())),
                total_cost: self.costs.other_total(),
                currency: self.costs.only_currency().map(str::to_owned),
                ..CostItem::default()
            };
            table.row(self.cells(&item));
        }
        for (currency, total) in self.costs.totals() {
            let item = CostItem {
                item: Some("total".to_owned()),
                total_cost: total,
                currency: Some(currency.to_owned()),
                ..CostItem::default()
            };
            table.row(self.cells(&item));
        }
        table
    }

    /// Whether people need the ids: those of subscriptions are for --subscription.
    fn has_short_ids(&self) -> bool {
        self.by == By::Subscription
    }

    fn cells(&self, item: &CostItem) -> [String; 12] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<Decimal>| number.map(rounded).unwrap_or_else(|| "-".to_owned());
        let share = item.total_cost.and_then(|cost| percent_of(cost, self.costs.recorded()?));
        let id = if self.has_short_ids() { text(&item.id) } else { String::new() };
        let quantity = item.quantity.map_or_else(String::new, |quantity| quantity.to_string());
        [
            text(&item.item),
            text(&item.category),
            text(&item.subcategory),
            text(&item.subscription),
            id,
            item.plan.unwrap_or_default().to_owned(),
            text(&item.status),
            quantity,
            text(&item.unit),
            number(item.total_cost),
            item.currency.clone().or_else(|| item.currency_locale.clone()).unwrap_or_default(),
            share.map_or_else(|| "-".to_owned(), rounded),
        ]
    }

    /// Whether the items make up the cost of the record.
    fn agreement(&self) -> String {
        let of = if self.subscription.is_some() { "the subscription" } else { "the customer" };
        match self.costs.agreement() {
            Agreement::Equal => format!("the total is the cost of {of}"),
            Agreement::Differs(difference) => {
                let word = if difference > Decimal::default() { "above" } else { "below" };
                let difference = exact(difference);
                format!("the total is {} {word} the cost of {of}", difference.trim_start_matches('-'))
            }
            Agreement::Unknown => format!("the total cannot be compared with the cost of {of}"),
        }
    }
}

/// `None` for a total of zero, and for shares with too many digits.
fn percent_of(cost: Decimal, total: Decimal) -> Option<Decimal> {
    let (cost, total) = (rust_decimal::Decimal::from(cost), rust_decimal::Decimal::from(total));
    let share = cost.checked_div(total)?.checked_mul(rust_decimal::Decimal::ONE_HUNDRED)?;
    Some(to_cents(share.into()))
}

/// The JSON of a customer's costs.
#[derive(Serialize, JsonSchema)]
pub(crate) struct BreakdownRecord<'a> {
    #[serde(flatten)]
    #[schemars(with = "UsageRow")]
    usage: SelectedRow<'a>,
    billing_start: Option<DateTime<FixedOffset>>,
    billing_end: Option<DateTime<FixedOffset>>,
    /// When the service last updated the figures.
    last_modified: Option<DateTime<FixedOffset>>,
    /// The id of the subscription that --subscription selected.
    subscription: Option<String>,
    /// The operations that had the items.
    operations: &'a [&'static str],
    /// The items, the largest cost first.
    items: &'a [CostItem],
    /// The number of items that --top left out.
    other_items: usize,
    /// The cost of all items; null if they have several currencies.
    items_total: Option<Decimal>,
    /// `items_total` minus the cost of the customer, or of the selected subscription; null if it is not known.
    difference: Option<Decimal>,
}

impl<'a> BreakdownRecord<'a> {
    fn new(breakdown: &'a Breakdown, usage: SelectedRow<'a>) -> Self {
        let Breakdown { summary, costs, .. } = breakdown;
        Self {
            usage,
            billing_start: summary.billing_start,
            billing_end: summary.billing_end,
            last_modified: summary.last_modified,
            subscription: breakdown.subscription.as_ref().and_then(|one| one.subscription_id).map(|id| id.to_string()),
            operations: &breakdown.operations,
            items: &costs.items,
            other_items: costs.other_count(),
            items_total: costs.total(),
            difference: match costs.agreement() {
                Agreement::Equal => Some(Decimal::default()),
                Agreement::Differs(difference) => Some(difference),
                Agreement::Unknown => None,
            },
        }
    }
}
