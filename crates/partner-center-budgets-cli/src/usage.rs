//! `pc-budgets usage`: what every customer has consumed, beside its budget.

mod line;
mod source;

use std::cmp::Reverse;

use anyhow::bail;
use clap::{Args, ValueEnum};
use partner_center_budgets::{Client, CustomerUsageRecord, Decimal};

use self::line::UsageLine;
use self::source::Source;
use crate::arguments::{Output, percent};
use crate::lists::none_found;
use crate::rows::{self, Rows};

/// Which customers, and in which order.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Only customers whose cost has reached this share of their budget, such as 80
    ///
    /// Compared exactly, without rounding: 100 is who is at or above its budget, and 0 who has a budget and a cost, be it 0.
    /// A budget of 0 has reached all shares with the first cost. Together with --no-budget it shows those whom either of the two is true for.
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    over: Option<Decimal>,
    /// Only customers without a budget
    #[arg(long)]
    no_budget: bool,
    /// What to sort by: figures from the highest on, whatever their currency; by customer without it
    #[arg(long, value_enum, value_name = "COLUMN")]
    sort: Option<Sort>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    Customer,
    Name,
    Budget,
    Cost,
    Used,
}

impl Filter {
    fn is_set(&self) -> bool {
        self.over.is_some() || self.no_budget
    }

    fn takes(&self, record: &CustomerUsageRecord) -> bool {
        let over = |percent| record.has_reached(percent) == Some(true);
        !self.is_set() || self.over.is_some_and(over) || self.no_budget && record.budget.is_none()
    }

    /// Whether customers without a record can be among those who are looked for: they have no cost.
    fn takes_unrecorded(&self) -> bool {
        self.over.is_none() || self.no_budget
    }
}

pub(crate) async fn run(client: &Client, output: Output, filter: &Filter) -> anyhow::Result<()> {
    let mut lines = Source::new(client, filter);
    let streaming = match filter.sort {
        None => Rows::streaming::<UsageLine>(output)?,
        Some(_) => None,
    };
    if let Some(mut rows) = streaming {
        while let Some(line) = rows.while_waiting(lines.next()).await?? {
            rows.write(&line)?;
        }
        rows.flush()?;
    } else {
        let mut all = Vec::new();
        while let Some(line) = lines.next().await? {
            all.push(line);
        }
        filter.sort.unwrap_or(Sort::Customer).apply(&mut all);
        match output {
            Output::Table => {
                let is_empty = all.is_empty();
                line::table(all).print()?;
                if is_empty && filter.is_set() && lines.unread() == 0 {
                    none_found("no customer is as --over or --no-budget ask for")?;
                }
            }
            _ => rows::all(output, &all)?,
        }
    }
    match lines.unread() {
        0 => Ok(()),
        count => bail!("{count} of the customers could not be read and are not in the list"),
    }
}

impl Sort {
    /// Lines that are equal stand by customer.
    fn apply(self, lines: &mut [UsageLine]) {
        let low = |text: &Option<String>| text.as_deref().map(str::to_lowercase);
        lines.sort_by_cached_key(|line| low(&line.customer));
        match self {
            Self::Customer => {}
            Self::Name => lines.sort_by_cached_key(|line| low(&line.name)),
            Self::Budget => lines.sort_by_key(|line| Reverse(line.amount)),
            Self::Cost => lines.sort_by_key(|line| Reverse(line.total_cost)),
            Self::Used => lines.sort_by_key(|line| Reverse(line.share.map(|share| share.rank))),
        }
    }
}
